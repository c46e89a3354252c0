/*
 * openpit.hpp: the C++17 face of openpit.h. Header only; link with libopenpit.
 *
 *     using namespace openpit;
 *     const Instrument aapl("AAPL", "USD");
 *     Engine engine = EngineBuilder()
 *                         .add(OrderValidation())
 *                         .add(OrderSizeLimit().broker({Quantity(500), Volume(100'000)}))
 *                         .build();
 *     Order order = Order().account(AccountId(7)).instrument(aapl).side(Side::Buy).quantity(Quantity(10)).price(Price("185.50"));
 *     if (auto decision = engine.execute_pre_trade(order))
 *         decision->commit(); // the venue took it; without this the reservation is rolled back
 *     else
 *         for (const Reject &reject : decision.rejects()) std::cerr << reject << '\n';
 *
 * Everything here is an owner, a value, or the one exception.
 *
 * Owners   Engine, EngineBuilder, Reservation, Request, Result, Clock, MarketData and ReferenceBook end in their destructor
 *          what openpit.h hands out.
 *          They move and do not copy. An open Reservation rolls back, an unused Request is dropped.
 * Values   Numbers, names, ids, orders and reports are the C structs with types and operators around them, nothing more:
 *          sizeof(Order) == sizeof(openpit_order).
 * Views    rejects(), accounts(), raw() and the like lend what their owner keeps, so they are for owners that have a name: of
 *          a temporary they do not compile. What was moved from lends nothing: it throws wherever it is taken.
 * Error    A mistake (a malformed number, a barrier without a window, an engine without policies) throws Error. A business
 *          reject is not a mistake: it comes back as a value.
 *
 * Threads are those of openpit.h: an Engine and a MarketData as their SyncMode says, a ReferenceBook any, every other owner
 * one thread at a time. Calls that take a Result reuse its memory; use these where an allocation would hurt. The meaning of
 * each check is told in openpit.h.
 */
#ifndef OPENPIT_HPP
#define OPENPIT_HPP

#include <openpit.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace openpit {

// ---- Version --------------------------------------------------------------------------------------------------------

/// The version of the library that was loaded, such as "0.1.0".
inline std::string_view version() noexcept { return openpit_version_string(); }

// ---- Errors ---------------------------------------------------------------------------------------------------------

/// What a call came to. The sentence of each is in openpit.h and in Error::what().
enum class Status : openpit_status {
    Ok = OPENPIT_STATUS_OK,
    NullArgument = OPENPIT_STATUS_NULL_ARGUMENT,
    StructSize = OPENPIT_STATUS_STRUCT_SIZE,
    InvalidArgument = OPENPIT_STATUS_INVALID_ARGUMENT,
    NotFound = OPENPIT_STATUS_NOT_FOUND,
    AlreadyFinalized = OPENPIT_STATUS_ALREADY_FINALIZED,
    EngineClosed = OPENPIT_STATUS_ENGINE_CLOSED,
    BuilderConsumed = OPENPIT_STATUS_BUILDER_CONSUMED,
    LimitReached = OPENPIT_STATUS_LIMIT_REACHED,
    BufferTooSmall = OPENPIT_STATUS_BUFFER_TOO_SMALL,
    CallbackFailed = OPENPIT_STATUS_CALLBACK_FAILED,
    Internal = OPENPIT_STATUS_INTERNAL,
    DoneCallbackFailed = OPENPIT_STATUS_DONE_CALLBACK_FAILED,
    ContextEnded = OPENPIT_STATUS_CONTEXT_ENDED,
    UnknownField = OPENPIT_STATUS_UNKNOWN_FIELD,
    Destroyed = OPENPIT_STATUS_DESTROYED,
    InvalidFormat = OPENPIT_STATUS_INVALID_FORMAT,
    InvalidFloat = OPENPIT_STATUS_INVALID_FLOAT,
    InvalidDecimal = OPENPIT_STATUS_INVALID_DECIMAL,
    NegativeValue = OPENPIT_STATUS_NEGATIVE_VALUE,
    ArithmeticOverflow = OPENPIT_STATUS_ARITHMETIC_OVERFLOW,
    ArithmeticUnderflow = OPENPIT_STATUS_ARITHMETIC_UNDERFLOW,
    DivisionByZero = OPENPIT_STATUS_DIVISION_BY_ZERO,
    InvalidPrice = OPENPIT_STATUS_INVALID_PRICE,
    InvalidLeverage = OPENPIT_STATUS_INVALID_LEVERAGE,
    InvalidUtf8 = OPENPIT_STATUS_INVALID_UTF8,
    EmptyName = OPENPIT_STATUS_EMPTY_NAME,
    NameTooLong = OPENPIT_STATUS_NAME_TOO_LONG,
    NoPolicies = OPENPIT_STATUS_NO_POLICIES,
    DuplicatePolicyName = OPENPIT_STATUS_DUPLICATE_POLICY_NAME,
    DuplicatePolicyGroup = OPENPIT_STATUS_DUPLICATE_POLICY_GROUP,
    NoBarriers = OPENPIT_STATUS_NO_BARRIERS,
    NoBounds = OPENPIT_STATUS_NO_BOUNDS,
    InvalidWindow = OPENPIT_STATUS_INVALID_WINDOW,
    UnknownPolicy = OPENPIT_STATUS_UNKNOWN_POLICY,
    PolicyTypeMismatch = OPENPIT_STATUS_POLICY_TYPE_MISMATCH,
    InvalidSlippage = OPENPIT_STATUS_INVALID_SLIPPAGE,
    SyncModeMismatch = OPENPIT_STATUS_SYNC_MODE_MISMATCH,
    ReservedGroup = OPENPIT_STATUS_RESERVED_GROUP,
    AlreadyGrouped = OPENPIT_STATUS_ALREADY_GROUPED,
    OtherGroup = OPENPIT_STATUS_OTHER_GROUP,
    NoGroup = OPENPIT_STATUS_NO_GROUP,
    AccountNotBlocked = OPENPIT_STATUS_ACCOUNT_NOT_BLOCKED,
    GroupNotBlocked = OPENPIT_STATUS_GROUP_NOT_BLOCKED,
    AssertionPending = OPENPIT_STATUS_ASSERTION_PENDING,
    UnknownInstrument = OPENPIT_STATUS_UNKNOWN_INSTRUMENT,
    QuoteUnavailable = OPENPIT_STATUS_QUOTE_UNAVAILABLE,
    QuoteExpired = OPENPIT_STATUS_QUOTE_EXPIRED,
    GroupNeeded = OPENPIT_STATUS_GROUP_NEEDED,
    NoTargets = OPENPIT_STATUS_NO_TARGETS,
    InstrumentRegistered = OPENPIT_STATUS_INSTRUMENT_REGISTERED,
    InstrumentIdTaken = OPENPIT_STATUS_INSTRUMENT_ID_TAKEN,
};

/// The status as a word, such as "NULL_ARGUMENT".
inline std::string to_string(Status status) { return openpit_status_name(static_cast<openpit_status>(status)); }

/// A mistake in use or configuration. what() is one sentence.
class Error : public std::runtime_error {
public:
    explicit Error(Status status)
        : std::runtime_error(openpit_status_message(static_cast<openpit_status>(status))), status_(status) {}

    Error(Status status, const char *message) : std::runtime_error(message), status_(status) {}

    explicit Error(const openpit_error &error)
        : std::runtime_error(std::string(error.message, error.message_length)),
          status_(static_cast<Status>(error.status)), cause_(error.cause), group_(error.account_group),
          account_(error.account), value_(error.value) {}

    Status status() const noexcept { return status_; }
    /// Why a number's text was refused, OPENPIT_PARSE_CAUSE_*, or 0.
    std::uint32_t cause() const noexcept { return cause_; }
    /// The account, the group and the number the mistake is about; 0 where it is about none.
    std::uint64_t account() const noexcept { return account_; }
    std::uint32_t account_group() const noexcept { return group_; }
    std::uint64_t value() const noexcept { return value_; }

private:
    Status status_;
    std::uint32_t cause_ = 0;
    std::uint32_t group_ = 0;
    std::uint64_t account_ = 0;
    std::uint64_t value_ = 0;
};

/// Not for use outside this header.
namespace detail {

inline void require(openpit_status status) {
    if (status != OPENPIT_STATUS_OK) throw Error(static_cast<Status>(status));
}

/// For calls whose last parameter takes an openpit_error.
template <class Call> void require_with_error(Call &&call) {
    openpit_error error;
    error.struct_size = sizeof error;
    if (call(&error) != OPENPIT_STATUS_OK) throw Error(error);
}

inline openpit_text text(std::string_view text) noexcept { return {text.data(), text.size()}; }
inline std::string_view view(const openpit_text &text) noexcept { return {text.data, text.length}; }

/// A C struct, cleared, with its struct_size set.
template <class Struct> Struct sized() noexcept {
    Struct value{};
    value.struct_size = sizeof value;
    return value;
}

/// A copy of a struct the library wrote, which may be of another version: what it lacks is zero. Without a size it is one of
/// this header's.
template <class Struct> Struct sized(const Struct &given) noexcept {
    Struct value{};
    const std::size_t size = given.struct_size;
    std::memcpy(&value, &given, size == 0 || size > sizeof value ? sizeof value : size);
    value.struct_size = sizeof value;
    return value;
}

template <class Fields> void set_bit(Fields &fields, std::uint32_t bit, bool on = true) noexcept {
    fields = static_cast<Fields>(on ? fields | bit : fields & ~bit);
}

/// Marks a number that comes from the library and has been checked there.
struct Checked {};

inline std::uint64_t nanoseconds(std::chrono::nanoseconds duration, Status mistake) {
    if (duration.count() < 0) throw Error(mistake);
    return static_cast<std::uint64_t>(duration.count());
}

/// A value that knows when it was moved from. What is left of one looks like nothing, and nothing means something in many
/// places: the system's clock, no market data, no limits. So whoever asks for it then is told.
template <class Value> class Kept {
public:
    Kept() = default;
    explicit Kept(Value value) noexcept : value_(std::move(value)) {}
    Kept(const Kept &) = default;
    Kept &operator=(const Kept &) = default;
    Kept(Kept &&other) noexcept
        : value_(std::move(other.value_)), was_moved_from_(std::exchange(other.was_moved_from_, true)) {}
    Kept &operator=(Kept &&other) noexcept {
        value_ = std::move(other.value_);
        was_moved_from_ = std::exchange(other.was_moved_from_, true);
        return *this;
    }
    ~Kept() = default;

    const Value &get() const {
        if (was_moved_from_) throw Error(Status::Destroyed, "the object was moved from");
        return value_;
    }
    Value &get() { return const_cast<Value &>(std::as_const(*this).get()); }

private:
    Value value_{};
    bool was_moved_from_ = false;
};

/// An owned C handle.
template <class Handle, void (*Destroy)(Handle *)> class Owned {
public:
    Owned() = default;
    explicit Owned(Handle *handle) noexcept : pointer_(Pointer(handle)) {}

    /// Throws when the owner was moved from.
    Handle *get() const { return pointer_.get().get(); }

private:
    struct Destroyer {
        void operator()(Handle *handle) const noexcept { Destroy(handle); }
    };
    using Pointer = std::unique_ptr<Handle, Destroyer>;

    Kept<Pointer> pointer_;
};

} // namespace detail

// ---- Numbers --------------------------------------------------------------------------------------------------------

/// What a number means. The kind decides whether it may be negative, and names it in messages.
enum class Kind : openpit_kind {
    Quantity = OPENPIT_KIND_QUANTITY,
    Volume = OPENPIT_KIND_VOLUME,
    Notional = OPENPIT_KIND_NOTIONAL,
    Price = OPENPIT_KIND_PRICE,
    Pnl = OPENPIT_KIND_PNL,
    Fee = OPENPIT_KIND_FEE,
    CashFlow = OPENPIT_KIND_CASH_FLOW,
    PositionSize = OPENPIT_KIND_POSITION_SIZE,
};

/// How rounding to fewer digits chooses.
enum class Rounding : openpit_rounding {
    NearestEven = OPENPIT_ROUNDING_NEAREST_EVEN,
    HalfAway = OPENPIT_ROUNDING_HALF_AWAY,
    Up = OPENPIT_ROUNDING_UP,
    Down = OPENPIT_ROUNDING_DOWN,
};

namespace detail {

template <class Integer>
using WhenInteger = std::enable_if_t<std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>>;

template <class Integer> openpit_decimal decimal(Integer value) noexcept {
    if constexpr (std::is_signed_v<Integer>) {
        return openpit_decimal_from_int64(value);
    } else {
        return openpit_decimal_from_uint64(value);
    }
}

inline std::string to_string(const openpit_decimal &value) {
    char buffer[OPENPIT_DECIMAL_TEXT_CAPACITY];
    std::size_t length = 0;
    require(openpit_decimal_format(value, buffer, sizeof buffer, &length));
    return std::string(buffer, length);
}

} // namespace detail

/// What a number is multiplied or divided by: a plain integer, double or exact decimal.
class Scalar {
public:
    template <class Integer, class = detail::WhenInteger<Integer>>
    Scalar(Integer value) noexcept : raw_(detail::decimal(value)) {}
    /// The decimal nearest to `value` at fifteen to sixteen significant digits. Throws when it is not finite or too large.
    Scalar(double value) { detail::require(openpit_decimal_from_double_rounded(OPENPIT_KIND_PNL, value, &raw_)); }
    explicit Scalar(const openpit_decimal &value) noexcept : raw_(value) {}

    openpit_decimal raw() const noexcept { return raw_; }

private:
    openpit_decimal raw_;
};

/**
 * An exact decimal number with a meaning: up to 28 digits after the point, 96 bits of magnitude.
 *
 * Numbers of one kind add, subtract and compare; a scalar multiplies, divides or takes the remainder. Different kinds do not
 * mix, except in the formulas below. A result that does not fit, or is negative where the kind has no sign, throws Error.
 * The scale is data: 1.50 and 1.5 are equal, hash alike and print differently.
 */
template <Kind K> class Number {
public:
    static constexpr Kind kind = K;
    static constexpr bool is_signed = K != Kind::Quantity && K != Kind::Volume && K != Kind::Notional;

    /// Zero.
    constexpr Number() noexcept : raw_{} {}
    template <class Integer, class = detail::WhenInteger<Integer>>
    explicit Number(Integer value) : Number(detail::decimal(value)) {}
    /// The number whose text is the shortest one that reads back as `value`: 0.1 is 0.1.
    explicit Number(double value) : raw_{} {
        detail::require_with_error(
            [&](openpit_error *error) { return openpit_decimal_from_double(raw_kind, value, &raw_, error); });
    }
    /// "185.50", "1_000", "1e-3"; see openpit_decimal_parse.
    explicit Number(std::string_view text) : raw_{} {
        detail::require_with_error(
            [&](openpit_error *error) { return openpit_decimal_parse(raw_kind, detail::text(text), &raw_, error); });
    }
    explicit Number(const openpit_decimal &raw) : raw_(raw) {
        detail::require(openpit_decimal_validate(raw_kind, raw));
    }
    constexpr Number(detail::Checked, const openpit_decimal &raw) noexcept : raw_(raw) {}

    /// The number nearest to `value` at fifteen to sixteen significant digits: 0.1 + 0.2 is 0.3.
    static Number rounded(double value) {
        Number result;
        detail::require(openpit_decimal_from_double_rounded(raw_kind, value, &result.raw_));
        return result;
    }

    /// At most `scale` digits after the point; never adds digits.
    Number round(std::uint32_t scale, Rounding rounding = Rounding::NearestEven) const {
        Number result;
        detail::require(
            openpit_decimal_round(raw_kind, raw_, scale, static_cast<openpit_rounding>(rounding), &result.raw_));
        return result;
    }

    /// The nearest double.
    double to_double() const noexcept { return openpit_decimal_to_double(raw_); }
    /// The C value.
    openpit_decimal raw() const noexcept { return raw_; }

    friend Number operator+(const Number &left, const Number &right) {
        return left.combine(openpit_decimal_add, right.raw_);
    }
    friend Number operator-(const Number &left, const Number &right) {
        return left.combine(openpit_decimal_subtract, right.raw_);
    }
    friend Number operator*(const Number &left, const Scalar &scalar) {
        return left.combine(openpit_decimal_multiply, scalar.raw());
    }
    friend Number operator*(const Scalar &scalar, const Number &right) { return right * scalar; }
    friend Number operator/(const Number &left, const Scalar &scalar) {
        return left.combine(openpit_decimal_divide, scalar.raw());
    }
    /// The remainder of a division that truncates: it has the sign of `left`.
    friend Number operator%(const Number &left, const Scalar &scalar) {
        return left.combine(openpit_decimal_remainder, scalar.raw());
    }
    Number &operator+=(const Number &right) { return *this = *this + right; }
    Number &operator-=(const Number &right) { return *this = *this - right; }
    Number &operator*=(const Scalar &scalar) { return *this = *this * scalar; }
    Number &operator/=(const Scalar &scalar) { return *this = *this / scalar; }
    Number &operator%=(const Scalar &scalar) { return *this = *this % scalar; }

    /// Only kinds that have a sign can be negated.
    template <Kind Same = K, class = std::enable_if_t<Number<Same>::is_signed>> Number operator-() const {
        Number result;
        detail::require(openpit_decimal_negate(raw_kind, raw_, &result.raw_));
        return result;
    }

    friend bool operator==(const Number &left, const Number &right) noexcept { return left.compare(right) == 0; }
    friend bool operator!=(const Number &left, const Number &right) noexcept { return left.compare(right) != 0; }
    friend bool operator<(const Number &left, const Number &right) noexcept { return left.compare(right) < 0; }
    friend bool operator<=(const Number &left, const Number &right) noexcept { return left.compare(right) <= 0; }
    friend bool operator>(const Number &left, const Number &right) noexcept { return left.compare(right) > 0; }
    friend bool operator>=(const Number &left, const Number &right) noexcept { return left.compare(right) >= 0; }

    /// Exactly `scale` digits after the point, never an exponent.
    friend std::string to_string(const Number &number) { return detail::to_string(number.raw_); }
    friend std::ostream &operator<<(std::ostream &stream, const Number &number) { return stream << to_string(number); }

private:
    static constexpr openpit_kind raw_kind = static_cast<openpit_kind>(K);
    using Operation = openpit_status (*)(openpit_kind, openpit_decimal, openpit_decimal, openpit_decimal *);

    Number combine(Operation operation, const openpit_decimal &right) const {
        Number result;
        detail::require(operation(raw_kind, raw_, right, &result.raw_));
        return result;
    }
    int compare(const Number &other) const noexcept { return openpit_decimal_compare(raw_, other.raw_); }

    openpit_decimal raw_;
};

using Quantity = Number<Kind::Quantity>;         ///< Instrument units; never negative.
using Volume = Number<Kind::Volume>;             ///< Settlement currency; never negative.
using Notional = Number<Kind::Notional>;         ///< Exposure in settlement currency; never negative.
using Price = Number<Kind::Price>;               ///< Per unit; any sign.
using Pnl = Number<Kind::Pnl>;                   ///< Profit positive, loss negative.
using Fee = Number<Kind::Fee>;                   ///< Cost positive, rebate negative.
using CashFlow = Number<Kind::CashFlow>;         ///< Inflow positive, outflow negative.
using PositionSize = Number<Kind::PositionSize>; ///< Long positive, short negative.

/// A multiplier from 1 to 3000 with one fractional digit.
class Leverage {
public:
    template <class Integer, class = detail::WhenInteger<Integer>> explicit Leverage(Integer multiplier) {
        if constexpr (std::is_signed_v<Integer>) {
            if (multiplier < 0) throw Error(Status::InvalidLeverage);
        }
        detail::require(openpit_leverage_from_integer(static_cast<std::uint64_t>(multiplier), &tenths_));
    }
    /// Throws unless `multiplier` is within 1e-9 of a tenth.
    explicit Leverage(double multiplier) { detail::require(openpit_leverage_from_double(multiplier, &tenths_)); }
    Leverage(detail::Checked, std::uint16_t tenths) noexcept : tenths_(tenths) {}

    double to_double() const noexcept { return tenths_ / 10.0; }
    /// The multiplier in tenths, as the C structs hold it.
    std::uint16_t raw() const noexcept { return tenths_; }

    friend bool operator==(Leverage left, Leverage right) noexcept { return left.tenths_ == right.tenths_; }
    friend bool operator!=(Leverage left, Leverage right) noexcept { return left.tenths_ != right.tenths_; }
    /// "10" or "2.5".
    friend std::string to_string(Leverage leverage) {
        std::string text = std::to_string(leverage.tenths_ / 10);
        return leverage.tenths_ % 10 == 0 ? text : text + '.' + std::to_string(leverage.tenths_ % 10);
    }
    friend std::ostream &operator<<(std::ostream &stream, Leverage leverage) { return stream << to_string(leverage); }

private:
    std::uint16_t tenths_ = 0;
};

// ---- Names and ids --------------------------------------------------------------------------------------------------

/// A name of an asset, interned: as cheap to copy and compare as a number. Make it once, not on every order.
class Asset {
public:
    explicit Asset(std::string_view name) { detail::require(openpit_asset_intern(detail::text(name), &id_)); }
    Asset(detail::Checked, openpit_asset id) noexcept : id_(id) {}

    /// Valid as long as the library is loaded.
    std::string_view name() const {
        openpit_text name;
        detail::require(openpit_asset_name(id_, &name));
        return detail::view(name);
    }
    openpit_asset raw() const noexcept { return id_; }

    friend bool operator==(Asset left, Asset right) noexcept { return left.id_ == right.id_; }
    friend bool operator!=(Asset left, Asset right) noexcept { return left.id_ != right.id_; }
    friend std::ostream &operator<<(std::ostream &stream, Asset asset) { return stream << asset.name(); }

private:
    openpit_asset id_ = 0;
};

/// What is traded, and what it is paid in.
struct Instrument {
    Asset underlying;
    Asset settlement;

    Instrument(Asset underlying_asset, Asset settlement_asset) noexcept
        : underlying(underlying_asset), settlement(settlement_asset) {}
    Instrument(std::string_view underlying_name, std::string_view settlement_name)
        : underlying(underlying_name), settlement(settlement_name) {}

    friend bool operator==(Instrument left, Instrument right) noexcept {
        return left.underlying == right.underlying && left.settlement == right.settlement;
    }
    friend bool operator!=(Instrument left, Instrument right) noexcept { return !(left == right); }
    /// "AAPL/USD".
    friend std::ostream &operator<<(std::ostream &stream, Instrument instrument) {
        return stream << instrument.underlying << '/' << instrument.settlement;
    }
};

/// An account. Any number is one.
class AccountId {
public:
    explicit constexpr AccountId(std::uint64_t id) noexcept : id_(id) {}
    /// The account a text stands for, by its 64-bit hash.
    explicit AccountId(std::string_view text) {
        detail::require(openpit_account_id_from_text(detail::text(text), &id_));
    }

    constexpr std::uint64_t raw() const noexcept { return id_; }

    friend constexpr bool operator==(AccountId left, AccountId right) noexcept { return left.id_ == right.id_; }
    friend constexpr bool operator!=(AccountId left, AccountId right) noexcept { return left.id_ != right.id_; }
    friend std::ostream &operator<<(std::ostream &stream, AccountId account) { return stream << account.id_; }

private:
    openpit_account_id id_ = 0;
};

/// A group of accounts.
class AccountGroupId {
public:
    /// The default group, to which every account without a group belongs.
    constexpr AccountGroupId() noexcept = default;
    explicit constexpr AccountGroupId(std::uint32_t id) noexcept : id_(id) {}
    /// The group a text stands for, by its 32-bit hash.
    explicit AccountGroupId(std::string_view text) {
        detail::require(openpit_account_group_id_from_text(detail::text(text), &id_));
    }

    constexpr std::uint32_t raw() const noexcept { return id_; }

    friend constexpr bool operator==(AccountGroupId left, AccountGroupId right) noexcept {
        return left.id_ == right.id_;
    }
    friend constexpr bool operator!=(AccountGroupId left, AccountGroupId right) noexcept { return !(left == right); }
    friend std::ostream &operator<<(std::ostream &stream, AccountGroupId group) { return stream << group.id_; }

private:
    openpit_account_group_id id_ = OPENPIT_DEFAULT_ACCOUNT_GROUP;
};

/// Which policy a lock price or an outcome belongs to. 0 may be shared; any other number names one policy.
using PolicyGroupId = openpit_policy_group_id;

enum class Side : openpit_side { None = OPENPIT_SIDE_NONE, Buy = OPENPIT_SIDE_BUY, Sell = OPENPIT_SIDE_SELL };

/// Which of the two positions of a hedged account is meant.
enum class PositionSide : openpit_position_side {
    None = OPENPIT_POSITION_SIDE_NONE,
    Long = OPENPIT_POSITION_SIDE_LONG,
    Short = OPENPIT_POSITION_SIDE_SHORT,
};

/// Whether a trade opens or closes a position.
enum class PositionEffect : openpit_position_effect {
    None = OPENPIT_POSITION_EFFECT_NONE,
    Open = OPENPIT_POSITION_EFFECT_OPEN,
    Close = OPENPIT_POSITION_EFFECT_CLOSE,
};

/// Whether an account has one position in an instrument or one a side.
enum class PositionMode : openpit_position_mode {
    None = OPENPIT_POSITION_MODE_NONE,
    Netting = OPENPIT_POSITION_MODE_NETTING,
    Hedged = OPENPIT_POSITION_MODE_HEDGED,
};

/// Why a P&L ledger stopped computing.
enum class HaltReason : openpit_halt_reason {
    None = OPENPIT_HALT_NONE,
    MissingFx = OPENPIT_HALT_MISSING_FX,
    MissingAccountCurrency = OPENPIT_HALT_MISSING_ACCOUNT_CURRENCY,
    MissingInitialPnl = OPENPIT_HALT_MISSING_INITIAL_PNL,
    MissingCostBasis = OPENPIT_HALT_MISSING_COST_BASIS,
    ArithmeticOverflow = OPENPIT_HALT_ARITHMETIC_OVERFLOW,
};

/// Buy becomes sell and sell becomes buy.
constexpr Side opposite(Side side) noexcept {
    return side == Side::Buy ? Side::Sell : side == Side::Sell ? Side::Buy : Side::None;
}
/// Long becomes short and short becomes long.
constexpr PositionSide opposite(PositionSide side) noexcept {
    return side == PositionSide::Long    ? PositionSide::Short
           : side == PositionSide::Short ? PositionSide::Long
                                         : PositionSide::None;
}

// ---- Formulas between kinds -----------------------------------------------------------------------------------------

/// |price| * quantity.
inline Volume calculate_volume(const Price &price, const Quantity &quantity) {
    openpit_decimal volume;
    detail::require(openpit_calculate_volume(price.raw(), quantity.raw(), &volume));
    return Volume(detail::Checked(), volume);
}
/// volume / |price|. Throws for a price of zero.
inline Quantity calculate_quantity(const Volume &volume, const Price &price) {
    openpit_decimal quantity;
    detail::require(openpit_calculate_quantity(volume.raw(), price.raw(), &quantity));
    return Quantity(detail::Checked(), quantity);
}
/// price * quantity with the price's sign.
inline PositionSize calculate_position_size(const Price &price, const Quantity &quantity) {
    openpit_decimal size;
    detail::require(openpit_calculate_position_size(price.raw(), quantity.raw(), &size));
    return PositionSize(detail::Checked(), size);
}
/// notional / leverage.
inline Notional calculate_margin(const Notional &notional, Leverage leverage) {
    openpit_decimal margin;
    detail::require(openpit_calculate_margin(notional.raw(), leverage.raw(), &margin));
    return Notional(detail::Checked(), margin);
}

/// The same amount under another name.
inline Notional to_notional(const Volume &volume) noexcept { return Notional(detail::Checked(), volume.raw()); }
inline Volume to_volume(const Notional &notional) noexcept { return Volume(detail::Checked(), notional.raw()); }
inline CashFlow to_cash_flow(const Pnl &pnl) noexcept { return CashFlow(detail::Checked(), pnl.raw()); }
inline CashFlow to_inflow(const Volume &volume) noexcept { return CashFlow(detail::Checked(), volume.raw()); }
inline PositionSize to_position_size(const Quantity &size) noexcept { return {detail::Checked(), size.raw()}; }
inline PositionSize to_position_size(const Volume &size) noexcept { return {detail::Checked(), size.raw()}; }
inline PositionSize to_position_size(const Pnl &size) noexcept { return {detail::Checked(), size.raw()}; }

/// The same amount with the other sign: a cost is a loss, an outflow, a smaller position.
inline Pnl to_pnl(const Fee &fee) noexcept { return Pnl(detail::Checked(), openpit_decimal_flip(fee.raw())); }
inline CashFlow to_cash_flow(const Fee &fee) noexcept { return {detail::Checked(), openpit_decimal_flip(fee.raw())}; }
inline CashFlow to_outflow(const Volume &volume) noexcept {
    return CashFlow(detail::Checked(), openpit_decimal_flip(volume.raw()));
}
inline PositionSize to_position_size(const Fee &fee) noexcept {
    return PositionSize(detail::Checked(), openpit_decimal_flip(fee.raw()));
}

/// What a fill does to a position: bought is positive, sold is negative.
inline PositionSize to_position_size(const Quantity &quantity, Side side) noexcept {
    return PositionSize(detail::Checked(), side == Side::Sell ? openpit_decimal_flip(quantity.raw()) : quantity.raw());
}
/// How much the position holds, whichever way.
inline Quantity to_quantity(const PositionSize &position) noexcept {
    return Quantity(detail::Checked(), openpit_decimal_magnitude(position.raw()));
}

// ---- Orders ---------------------------------------------------------------------------------------------------------

namespace detail {

template <class Value> std::optional<Value> number(bool present, const openpit_decimal &raw) noexcept {
    if (!present) return std::nullopt;
    return Value(Checked(), raw);
}
inline std::optional<Asset> asset(openpit_asset id) noexcept {
    if (id == 0) return std::nullopt;
    return Asset(Checked(), id);
}
inline std::optional<Instrument> instrument(openpit_asset underlying, openpit_asset settlement) noexcept {
    if (underlying == 0 || settlement == 0) return std::nullopt;
    return Instrument(Asset(Checked(), underlying), Asset(Checked(), settlement));
}
inline std::optional<Leverage> leverage(std::uint16_t tenths) noexcept {
    if (tenths == 0) return std::nullopt;
    return Leverage(Checked(), tenths);
}

} // namespace detail

/// An order as a strategy asks for it. What is not set is absent; an order without a price is a market order.
class Order {
public:
    Order() noexcept : raw_(detail::sized<openpit_order>()) {}
    explicit Order(const openpit_order &raw) noexcept : raw_(detail::sized(raw)) {}

    Order &account(AccountId account) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_HAS_ACCOUNT);
        raw_.account = account.raw();
        return *this;
    }
    Order &instrument(Instrument instrument) noexcept {
        raw_.underlying = instrument.underlying.raw();
        raw_.settlement = instrument.settlement.raw();
        return *this;
    }
    Order &side(Side side) noexcept {
        raw_.side = static_cast<openpit_side>(side);
        return *this;
    }
    /// So many units. Takes the place of a volume.
    Order &quantity(const Quantity &quantity) noexcept {
        raw_.amount = quantity.raw();
        raw_.amount_kind = OPENPIT_AMOUNT_QUANTITY;
        return *this;
    }
    /// Units for so much settlement currency. Takes the place of a quantity.
    Order &volume(const Volume &volume) noexcept {
        raw_.amount = volume.raw();
        raw_.amount_kind = OPENPIT_AMOUNT_VOLUME;
        return *this;
    }
    Order &price(const Price &price) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_HAS_PRICE);
        raw_.price = price.raw();
        return *this;
    }
    Order &position_side(PositionSide side) noexcept {
        raw_.position_side = static_cast<openpit_position_side>(side);
        return *this;
    }
    Order &reduce_only(bool on = true) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_REDUCE_ONLY, on);
        return *this;
    }
    Order &close_position(bool on = true) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_CLOSE_POSITION, on);
        return *this;
    }
    Order &auto_borrow(bool on = true) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_AUTO_BORROW, on);
        return *this;
    }
    Order &leverage(Leverage leverage) noexcept {
        raw_.leverage = leverage.raw();
        return *this;
    }
    Order &collateral(Asset asset) noexcept {
        raw_.collateral = asset.raw();
        return *this;
    }
    /// Passed through to custom policies.
    Order &user_data(void *data) noexcept {
        raw_.user_data = data;
        return *this;
    }

    std::optional<AccountId> account() const noexcept {
        if (!has(OPENPIT_ORDER_HAS_ACCOUNT)) return std::nullopt;
        return AccountId(raw_.account);
    }
    std::optional<Instrument> instrument() const noexcept {
        return detail::instrument(raw_.underlying, raw_.settlement);
    }
    Side side() const noexcept { return static_cast<Side>(raw_.side); }
    std::optional<Quantity> quantity() const noexcept {
        return detail::number<Quantity>(raw_.amount_kind == OPENPIT_AMOUNT_QUANTITY, raw_.amount);
    }
    std::optional<Volume> volume() const noexcept {
        return detail::number<Volume>(raw_.amount_kind == OPENPIT_AMOUNT_VOLUME, raw_.amount);
    }
    std::optional<Price> price() const noexcept {
        return detail::number<Price>(has(OPENPIT_ORDER_HAS_PRICE), raw_.price);
    }
    PositionSide position_side() const noexcept { return static_cast<PositionSide>(raw_.position_side); }
    bool reduce_only() const noexcept { return has(OPENPIT_ORDER_REDUCE_ONLY); }
    bool close_position() const noexcept { return has(OPENPIT_ORDER_CLOSE_POSITION); }
    bool auto_borrow() const noexcept { return has(OPENPIT_ORDER_AUTO_BORROW); }
    std::optional<Leverage> leverage() const noexcept { return detail::leverage(raw_.leverage); }
    std::optional<Asset> collateral() const noexcept { return detail::asset(raw_.collateral); }
    void *user_data() const noexcept { return raw_.user_data; }

    const openpit_order &raw() const & noexcept { return raw_; }
    const openpit_order &raw() const && = delete;

private:
    bool has(std::uint32_t bit) const noexcept { return (raw_.fields & bit) != 0; }

    openpit_order raw_;
};
static_assert(sizeof(Order) == sizeof(openpit_order));

// ---- Locks ----------------------------------------------------------------------------------------------------------

/// The price one policy's reservation was made at.
struct LockEntry {
    PolicyGroupId policy_group = 0;
    Price price;

    friend bool operator==(const LockEntry &left, const LockEntry &right) noexcept {
        return left.policy_group == right.policy_group && left.price == right.price;
    }
    friend bool operator!=(const LockEntry &left, const LockEntry &right) noexcept { return !(left == right); }
};

/// How a lock is written.
enum class LockFormat : openpit_lock_format {
    Json = OPENPIT_LOCK_JSON,
    Msgpack = OPENPIT_LOCK_MSGPACK,
    Cbor = OPENPIT_LOCK_CBOR,
};

/// The lock prices of a reservation, kept with the order until its reports bring them back.
class Lock {
public:
    Lock() = default;
    Lock(std::initializer_list<LockEntry> entries) {
        for (const LockEntry &entry : entries) add(entry);
    }

    Lock &add(const LockEntry &entry) {
        openpit_lock_entry raw{};
        raw.price = entry.price.raw();
        raw.policy_group = entry.policy_group;
        entries_.get().push_back(raw);
        return *this;
    }

    std::size_t size() const { return entries_.get().size(); }
    bool empty() const { return entries_.get().empty(); }
    LockEntry operator[](std::size_t index) const {
        const openpit_lock_entry &raw = entries_.get().at(index);
        return {raw.policy_group, Price(detail::Checked(), raw.price)};
    }
    const std::vector<openpit_lock_entry> &raw() const & { return entries_.get(); }
    const std::vector<openpit_lock_entry> &raw() const && = delete;

    /// The lock as bytes for the wire; text when the format is JSON.
    std::string encode(LockFormat format) const {
        std::size_t length = 0;
        const openpit_status status = encode_into(format, nullptr, 0, &length);
        if (status != OPENPIT_STATUS_BUFFER_TOO_SMALL) detail::require(status);
        std::string bytes(length, '\0');
        detail::require(encode_into(format, bytes.data(), bytes.size(), &length));
        return bytes;
    }
    /// Reads what encode wrote, group 0 first.
    static Lock decode(LockFormat format, std::string_view bytes) {
        Lock lock;
        std::size_t count = 0;
        openpit_error error;
        error.struct_size = sizeof error;
        const openpit_status status = lock.decode_from(format, bytes, &count, &error);
        if (status == OPENPIT_STATUS_OK) return lock;
        if (status != OPENPIT_STATUS_BUFFER_TOO_SMALL) throw Error(error);
        lock.entries_.get().resize(count);
        if (lock.decode_from(format, bytes, &count, &error) != OPENPIT_STATUS_OK) throw Error(error);
        return lock;
    }

    friend bool operator==(const Lock &left, const Lock &right) {
        if (left.size() != right.size()) return false;
        for (std::size_t index = 0; index < left.size(); ++index) {
            if (left[index] != right[index]) return false;
        }
        return true;
    }
    friend bool operator!=(const Lock &left, const Lock &right) { return !(left == right); }

private:
    openpit_status encode_into(LockFormat format, char *buffer, std::size_t capacity, std::size_t *length) const {
        return openpit_lock_encode(static_cast<openpit_lock_format>(format), raw().data(), raw().size(),
                                   reinterpret_cast<std::uint8_t *>(buffer), capacity, length);
    }
    openpit_status decode_from(LockFormat format, std::string_view bytes, std::size_t *count, openpit_error *error) {
        return openpit_lock_decode(static_cast<openpit_lock_format>(format),
                                   reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size(),
                                   entries_.get().data(), entries_.get().size(), count, error);
    }

    detail::Kept<std::vector<openpit_lock_entry>> entries_;
};

// ---- Reports --------------------------------------------------------------------------------------------------------

/// A fill: at which price, and how much.
struct Trade {
    Price price;
    Quantity quantity;
};

/// An amount and the asset it is paid in.
struct MonetaryAmount {
    Fee amount;
    Asset currency;
};

/// What became of an order: a fill, a fee, a cancel, a profit or a loss. What is not set is absent.
class ExecutionReport {
public:
    ExecutionReport() noexcept : raw_(detail::sized<openpit_report>()) {}
    explicit ExecutionReport(const openpit_report &raw) noexcept : raw_(detail::sized(raw)) {}

    ExecutionReport &account(AccountId account) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_ACCOUNT);
        raw_.account = account.raw();
        return *this;
    }
    ExecutionReport &instrument(Instrument instrument) noexcept {
        raw_.underlying = instrument.underlying.raw();
        raw_.settlement = instrument.settlement.raw();
        return *this;
    }
    ExecutionReport &side(Side side) noexcept {
        raw_.side = static_cast<openpit_side>(side);
        return *this;
    }
    /// Realised profit or loss, and the fee that comes off it.
    ExecutionReport &financial_impact(const Pnl &pnl, const Fee &fee) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_FINANCIAL_IMPACT);
        raw_.pnl = pnl.raw();
        raw_.fee = fee.raw();
        return *this;
    }
    ExecutionReport &trade(const Trade &trade) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_TRADE);
        raw_.trade_price = trade.price.raw();
        raw_.trade_quantity = trade.quantity.raw();
        return *this;
    }
    ExecutionReport &fill_fee(const MonetaryAmount &fee) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_FILL_FEE);
        raw_.fill_fee = fee.amount.raw();
        raw_.fill_fee_asset = fee.currency.raw();
        return *this;
    }
    ExecutionReport &leaves_quantity(const Quantity &quantity) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_LEAVES_QUANTITY);
        raw_.leaves_quantity = quantity.raw();
        return *this;
    }
    ExecutionReport &is_final(bool on) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_FINALITY);
        raw_.is_final = on;
        return *this;
    }
    /// The lock of the order's reservation. Borrowed: `lock` has to outlive the report's use.
    ExecutionReport &lock(const Lock &lock) {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_LOCK);
        raw_.lock = lock.raw().data();
        raw_.lock_count = lock.size();
        return *this;
    }
    ExecutionReport &lock(const Lock &&) = delete;
    ExecutionReport &position_effect(PositionEffect effect) noexcept {
        raw_.position_effect = static_cast<openpit_position_effect>(effect);
        return *this;
    }
    ExecutionReport &position_side(PositionSide side) noexcept {
        raw_.position_side = static_cast<openpit_position_side>(side);
        return *this;
    }
    /// Passed through to custom policies.
    ExecutionReport &user_data(void *data) noexcept {
        raw_.user_data = data;
        return *this;
    }

    std::optional<AccountId> account() const noexcept {
        if (!has(OPENPIT_REPORT_HAS_ACCOUNT)) return std::nullopt;
        return AccountId(raw_.account);
    }
    std::optional<Instrument> instrument() const noexcept {
        return detail::instrument(raw_.underlying, raw_.settlement);
    }
    Side side() const noexcept { return static_cast<Side>(raw_.side); }
    /// pnl and fee come together.
    std::optional<Pnl> pnl() const noexcept {
        return detail::number<Pnl>(has(OPENPIT_REPORT_HAS_FINANCIAL_IMPACT), raw_.pnl);
    }
    std::optional<Fee> fee() const noexcept {
        return detail::number<Fee>(has(OPENPIT_REPORT_HAS_FINANCIAL_IMPACT), raw_.fee);
    }
    std::optional<Trade> trade() const noexcept {
        if (!has(OPENPIT_REPORT_HAS_TRADE)) return std::nullopt;
        return Trade{Price(detail::Checked(), raw_.trade_price), Quantity(detail::Checked(), raw_.trade_quantity)};
    }
    std::optional<MonetaryAmount> fill_fee() const noexcept {
        if (!has(OPENPIT_REPORT_HAS_FILL_FEE)) return std::nullopt;
        return MonetaryAmount{Fee(detail::Checked(), raw_.fill_fee), Asset(detail::Checked(), raw_.fill_fee_asset)};
    }
    std::optional<Quantity> leaves_quantity() const noexcept {
        return detail::number<Quantity>(has(OPENPIT_REPORT_HAS_LEAVES_QUANTITY), raw_.leaves_quantity);
    }
    std::optional<bool> is_final() const noexcept {
        if (!has(OPENPIT_REPORT_HAS_FINALITY)) return std::nullopt;
        return raw_.is_final != 0;
    }
    /// A copy of the lock.
    std::optional<Lock> lock() const {
        if (!has(OPENPIT_REPORT_HAS_LOCK)) return std::nullopt;
        Lock lock;
        for (std::size_t index = 0; index < raw_.lock_count; ++index) {
            const openpit_lock_entry &entry = raw_.lock[index];
            lock.add({entry.policy_group, Price(detail::Checked(), entry.price)});
        }
        return lock;
    }
    PositionEffect position_effect() const noexcept { return static_cast<PositionEffect>(raw_.position_effect); }
    PositionSide position_side() const noexcept { return static_cast<PositionSide>(raw_.position_side); }
    void *user_data() const noexcept { return raw_.user_data; }

    const openpit_report &raw() const & noexcept { return raw_; }
    const openpit_report &raw() const && = delete;

private:
    bool has(std::uint32_t bit) const noexcept { return (raw_.fields & bit) != 0; }

    openpit_report raw_;
};
static_assert(sizeof(ExecutionReport) == sizeof(openpit_report));

// ---- Adjustments ----------------------------------------------------------------------------------------------------

/// How an adjustment changes one amount: by so much, or to so much.
class AdjustmentAmount {
public:
    static AdjustmentAmount delta(const PositionSize &value) noexcept { return {OPENPIT_CHANGE_DELTA, value}; }
    static AdjustmentAmount absolute(const PositionSize &value) noexcept { return {OPENPIT_CHANGE_ABSOLUTE, value}; }

    bool is_delta() const noexcept { return change_ == OPENPIT_CHANGE_DELTA; }
    PositionSize value() const noexcept { return value_; }

    friend bool operator==(const AdjustmentAmount &left, const AdjustmentAmount &right) noexcept {
        return left.change_ == right.change_ && left.value_ == right.value_;
    }
    friend bool operator!=(const AdjustmentAmount &left, const AdjustmentAmount &right) noexcept {
        return !(left == right);
    }

private:
    friend class Adjustment;
    AdjustmentAmount(openpit_change change, const PositionSize &value) noexcept : change_(change), value_(value) {}

    openpit_change change_;
    PositionSize value_;
};

/// The amounts between which an adjusted amount must end up, both inclusive; without one, anything goes on that side.
struct AdjustmentBounds {
    std::optional<PositionSize> lower;
    std::optional<PositionSize> upper;

    friend bool operator==(const AdjustmentBounds &left, const AdjustmentBounds &right) noexcept {
        return left.lower == right.lower && left.upper == right.upper;
    }
    friend bool operator!=(const AdjustmentBounds &left, const AdjustmentBounds &right) noexcept {
        return !(left == right);
    }
};

/// What an adjustment is about.
enum class AdjustmentKind : openpit_adjustment_kind {
    None = OPENPIT_ADJUSTMENT_NONE,
    Balance = OPENPIT_ADJUSTMENT_BALANCE,
    Position = OPENPIT_ADJUSTMENT_POSITION,
    AccountPnl = OPENPIT_ADJUSTMENT_ACCOUNT_PNL,
};

/// A correction of what the engine believes an account holds.
class Adjustment {
public:
    Adjustment() noexcept : raw_(detail::sized<openpit_adjustment>()) {}
    explicit Adjustment(const openpit_adjustment &raw) noexcept : raw_(detail::sized(raw)) {}

    /// Of what the account holds of an asset.
    static Adjustment of_balance(Asset asset) noexcept {
        Adjustment adjustment(AdjustmentKind::Balance);
        adjustment.raw_.asset = asset.raw();
        return adjustment;
    }
    /// Of a position in an instrument.
    static Adjustment of_position(Instrument instrument, Asset collateral, const Price &average_entry_price,
                                  PositionMode mode) noexcept {
        Adjustment adjustment(AdjustmentKind::Position);
        adjustment.raw_.underlying = instrument.underlying.raw();
        adjustment.raw_.settlement = instrument.settlement.raw();
        adjustment.raw_.collateral = collateral.raw();
        adjustment.raw_.mode = static_cast<openpit_position_mode>(mode);
        return adjustment.average_entry_price(average_entry_price);
    }
    /// Of the account's own P&L; set it with realized_pnl.
    static Adjustment of_account_pnl() noexcept { return Adjustment(AdjustmentKind::AccountPnl); }

    Adjustment &balance(const AdjustmentAmount &amount) noexcept {
        return change(raw_.balance_change, raw_.balance, amount);
    }
    Adjustment &held(const AdjustmentAmount &amount) noexcept { return change(raw_.held_change, raw_.held, amount); }
    Adjustment &incoming(const AdjustmentAmount &amount) noexcept {
        return change(raw_.incoming_change, raw_.incoming, amount);
    }
    Adjustment &balance_bounds(const AdjustmentBounds &bounds) noexcept {
        bound(OPENPIT_ADJUSTMENT_HAS_BALANCE_LOWER, raw_.balance_lower, bounds.lower);
        return bound(OPENPIT_ADJUSTMENT_HAS_BALANCE_UPPER, raw_.balance_upper, bounds.upper);
    }
    Adjustment &held_bounds(const AdjustmentBounds &bounds) noexcept {
        bound(OPENPIT_ADJUSTMENT_HAS_HELD_LOWER, raw_.held_lower, bounds.lower);
        return bound(OPENPIT_ADJUSTMENT_HAS_HELD_UPPER, raw_.held_upper, bounds.upper);
    }
    Adjustment &incoming_bounds(const AdjustmentBounds &bounds) noexcept {
        bound(OPENPIT_ADJUSTMENT_HAS_INCOMING_LOWER, raw_.incoming_lower, bounds.lower);
        return bound(OPENPIT_ADJUSTMENT_HAS_INCOMING_UPPER, raw_.incoming_upper, bounds.upper);
    }
    Adjustment &average_entry_price(const Price &price) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ADJUSTMENT_HAS_AVERAGE_ENTRY_PRICE);
        raw_.average_entry_price = price.raw();
        return *this;
    }
    /// Takes the place of a halt reason.
    Adjustment &realized_pnl(const Pnl &pnl) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ADJUSTMENT_HAS_PNL);
        raw_.pnl = pnl.raw();
        raw_.halt_reason = OPENPIT_HALT_NONE;
        return *this;
    }
    /// The ledger is stopped. Takes the place of a P&L.
    Adjustment &realized_pnl(HaltReason reason) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ADJUSTMENT_HAS_PNL);
        raw_.pnl = openpit_decimal{};
        raw_.halt_reason = static_cast<openpit_halt_reason>(reason);
        return *this;
    }
    Adjustment &leverage(Leverage leverage) noexcept {
        raw_.leverage = leverage.raw();
        return *this;
    }
    /// Passed through to custom policies.
    Adjustment &user_data(void *data) noexcept {
        raw_.user_data = data;
        return *this;
    }

    AdjustmentKind kind() const noexcept { return static_cast<AdjustmentKind>(raw_.kind); }
    std::optional<Asset> asset() const noexcept { return detail::asset(raw_.asset); }
    std::optional<Instrument> instrument() const noexcept {
        return detail::instrument(raw_.underlying, raw_.settlement);
    }
    std::optional<Asset> collateral() const noexcept { return detail::asset(raw_.collateral); }
    PositionMode mode() const noexcept { return static_cast<PositionMode>(raw_.mode); }
    std::optional<AdjustmentAmount> balance() const noexcept { return amount(raw_.balance_change, raw_.balance); }
    std::optional<AdjustmentAmount> held() const noexcept { return amount(raw_.held_change, raw_.held); }
    std::optional<AdjustmentAmount> incoming() const noexcept { return amount(raw_.incoming_change, raw_.incoming); }
    AdjustmentBounds balance_bounds() const noexcept {
        return {limit(OPENPIT_ADJUSTMENT_HAS_BALANCE_LOWER, raw_.balance_lower),
                limit(OPENPIT_ADJUSTMENT_HAS_BALANCE_UPPER, raw_.balance_upper)};
    }
    AdjustmentBounds held_bounds() const noexcept {
        return {limit(OPENPIT_ADJUSTMENT_HAS_HELD_LOWER, raw_.held_lower),
                limit(OPENPIT_ADJUSTMENT_HAS_HELD_UPPER, raw_.held_upper)};
    }
    AdjustmentBounds incoming_bounds() const noexcept {
        return {limit(OPENPIT_ADJUSTMENT_HAS_INCOMING_LOWER, raw_.incoming_lower),
                limit(OPENPIT_ADJUSTMENT_HAS_INCOMING_UPPER, raw_.incoming_upper)};
    }
    std::optional<Price> average_entry_price() const noexcept {
        return detail::number<Price>(has(OPENPIT_ADJUSTMENT_HAS_AVERAGE_ENTRY_PRICE), raw_.average_entry_price);
    }
    std::optional<Pnl> realized_pnl() const noexcept {
        return detail::number<Pnl>(has(OPENPIT_ADJUSTMENT_HAS_PNL) && raw_.halt_reason == OPENPIT_HALT_NONE, raw_.pnl);
    }
    HaltReason halt_reason() const noexcept { return static_cast<HaltReason>(raw_.halt_reason); }
    std::optional<Leverage> leverage() const noexcept { return detail::leverage(raw_.leverage); }
    void *user_data() const noexcept { return raw_.user_data; }

    const openpit_adjustment &raw() const & noexcept { return raw_; }
    const openpit_adjustment &raw() const && = delete;

private:
    explicit Adjustment(AdjustmentKind kind) noexcept : Adjustment() {
        raw_.kind = static_cast<openpit_adjustment_kind>(kind);
    }
    bool has(std::uint32_t bit) const noexcept { return (raw_.fields & bit) != 0; }

    Adjustment &change(openpit_change &change, openpit_decimal &field, const AdjustmentAmount &amount) noexcept {
        change = amount.change_;
        field = amount.value_.raw();
        return *this;
    }
    static std::optional<AdjustmentAmount> amount(openpit_change change, const openpit_decimal &field) noexcept {
        if (change == OPENPIT_CHANGE_NONE) return std::nullopt;
        return AdjustmentAmount(change, PositionSize(detail::Checked(), field));
    }
    Adjustment &bound(std::uint32_t bit, openpit_decimal &field, const std::optional<PositionSize> &limit) noexcept {
        detail::set_bit(raw_.fields, bit, limit.has_value());
        field = limit.value_or(PositionSize()).raw();
        return *this;
    }
    std::optional<PositionSize> limit(std::uint32_t bit, const openpit_decimal &field) const noexcept {
        return detail::number<PositionSize>(has(bit), field);
    }

    openpit_adjustment raw_;
};
static_assert(sizeof(Adjustment) == sizeof(openpit_adjustment));

// ---- Results --------------------------------------------------------------------------------------------------------

/// Why somebody said no. What each means is told by message().
enum class RejectCode : openpit_reject_code {
    MissingRequiredField = OPENPIT_REJECT_MISSING_REQUIRED_FIELD,
    InvalidFieldFormat = OPENPIT_REJECT_INVALID_FIELD_FORMAT,
    InvalidFieldValue = OPENPIT_REJECT_INVALID_FIELD_VALUE,
    UnsupportedOrderType = OPENPIT_REJECT_UNSUPPORTED_ORDER_TYPE,
    UnsupportedTimeInForce = OPENPIT_REJECT_UNSUPPORTED_TIME_IN_FORCE,
    UnsupportedOrderAttribute = OPENPIT_REJECT_UNSUPPORTED_ORDER_ATTRIBUTE,
    DuplicateClientOrderId = OPENPIT_REJECT_DUPLICATE_CLIENT_ORDER_ID,
    TooLateToEnter = OPENPIT_REJECT_TOO_LATE_TO_ENTER,
    ExchangeClosed = OPENPIT_REJECT_EXCHANGE_CLOSED,
    UnknownInstrument = OPENPIT_REJECT_UNKNOWN_INSTRUMENT,
    UnknownAccount = OPENPIT_REJECT_UNKNOWN_ACCOUNT,
    UnknownVenue = OPENPIT_REJECT_UNKNOWN_VENUE,
    UnknownClearingAccount = OPENPIT_REJECT_UNKNOWN_CLEARING_ACCOUNT,
    UnknownCollateralAsset = OPENPIT_REJECT_UNKNOWN_COLLATERAL_ASSET,
    InsufficientFunds = OPENPIT_REJECT_INSUFFICIENT_FUNDS,
    InsufficientMargin = OPENPIT_REJECT_INSUFFICIENT_MARGIN,
    InsufficientPosition = OPENPIT_REJECT_INSUFFICIENT_POSITION,
    CreditLimitExceeded = OPENPIT_REJECT_CREDIT_LIMIT_EXCEEDED,
    RiskLimitExceeded = OPENPIT_REJECT_RISK_LIMIT_EXCEEDED,
    OrderExceedsLimit = OPENPIT_REJECT_ORDER_EXCEEDS_LIMIT,
    OrderQtyExceedsLimit = OPENPIT_REJECT_ORDER_QTY_EXCEEDS_LIMIT,
    OrderNotionalExceedsLimit = OPENPIT_REJECT_ORDER_NOTIONAL_EXCEEDS_LIMIT,
    PositionLimitExceeded = OPENPIT_REJECT_POSITION_LIMIT_EXCEEDED,
    ConcentrationLimitExceeded = OPENPIT_REJECT_CONCENTRATION_LIMIT_EXCEEDED,
    LeverageLimitExceeded = OPENPIT_REJECT_LEVERAGE_LIMIT_EXCEEDED,
    RateLimitExceeded = OPENPIT_REJECT_RATE_LIMIT_EXCEEDED,
    PnlKillSwitchTriggered = OPENPIT_REJECT_PNL_KILL_SWITCH_TRIGGERED,
    AccountBlocked = OPENPIT_REJECT_ACCOUNT_BLOCKED,
    AccountNotAuthorized = OPENPIT_REJECT_ACCOUNT_NOT_AUTHORIZED,
    ComplianceRestriction = OPENPIT_REJECT_COMPLIANCE_RESTRICTION,
    InstrumentRestricted = OPENPIT_REJECT_INSTRUMENT_RESTRICTED,
    JurisdictionRestriction = OPENPIT_REJECT_JURISDICTION_RESTRICTION,
    WashTradePrevention = OPENPIT_REJECT_WASH_TRADE_PREVENTION,
    SelfMatchPrevention = OPENPIT_REJECT_SELF_MATCH_PREVENTION,
    ShortSaleRestriction = OPENPIT_REJECT_SHORT_SALE_RESTRICTION,
    RiskConfigurationMissing = OPENPIT_REJECT_RISK_CONFIGURATION_MISSING,
    ReferenceDataUnavailable = OPENPIT_REJECT_REFERENCE_DATA_UNAVAILABLE,
    OrderValueCalculationFailed = OPENPIT_REJECT_ORDER_VALUE_CALCULATION_FAILED,
    SystemUnavailable = OPENPIT_REJECT_SYSTEM_UNAVAILABLE,
    MarkPriceUnavailable = OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE,
    AccountAdjustmentBoundsExceeded = OPENPIT_REJECT_ACCOUNT_ADJUSTMENT_BOUNDS_EXCEEDED,
    ArithmeticOverflow = OPENPIT_REJECT_ARITHMETIC_OVERFLOW,
    Custom = OPENPIT_REJECT_CUSTOM,
    Other = OPENPIT_REJECT_OTHER,
};

/// The code's name, such as "OrderQtyExceedsLimit"; a code of a later library is "Other".
inline std::string to_string(RejectCode code) {
    const char *name = openpit_reject_code_name(static_cast<openpit_reject_code>(code));
    return name == nullptr ? openpit_reject_code_name(OPENPIT_REJECT_OTHER) : name;
}
/// What the code means, in a sentence.
inline std::string message(RejectCode code) {
    const char *text = openpit_reject_code_message(static_cast<openpit_reject_code>(code));
    return text == nullptr ? openpit_reject_code_message(OPENPIT_REJECT_OTHER) : text;
}
inline std::ostream &operator<<(std::ostream &stream, RejectCode code) { return stream << to_string(code); }

/// What a reject stops: the order, or the account, which then stays blocked until somebody unblocks it.
enum class RejectScope : openpit_reject_scope { Order = OPENPIT_SCOPE_ORDER, Account = OPENPIT_SCOPE_ACCOUNT };

/**
 * One reject, or one block of an account.
 *
 * Texts are borrowed. Those of a reject that was read from a Result are valid until the result is used again; a reject that
 * you make must not outlive the texts you gave it, and everything that takes one copies them.
 */
class Reject {
public:
    Reject(RejectCode code, RejectScope scope, std::string_view reason, std::string_view details,
           std::uint64_t user_data = 0) noexcept
        : raw_(detail::sized<openpit_reject>()) {
        raw_.code = static_cast<openpit_reject_code>(code);
        raw_.scope = static_cast<openpit_reject_scope>(scope);
        raw_.reason = detail::text(reason);
        raw_.details = detail::text(details);
        raw_.user_data = user_data;
    }
    explicit Reject(const openpit_reject &raw) noexcept : raw_(detail::sized(raw)) {}

    /// Whose block it is. The policy of a reject is filled in by the engine.
    Reject &policy(std::string_view name) noexcept {
        raw_.policy = detail::text(name);
        return *this;
    }

    RejectCode code() const noexcept { return static_cast<RejectCode>(raw_.code); }
    RejectScope scope() const noexcept { return static_cast<RejectScope>(raw_.scope); }
    /// The policy's name, or "Engine".
    std::string_view policy() const noexcept { return detail::view(raw_.policy); }
    std::string_view reason() const noexcept { return detail::view(raw_.reason); }
    std::string_view details() const noexcept { return detail::view(raw_.details); }
    /// 0 unless a custom policy set it.
    std::uint64_t user_data() const noexcept { return raw_.user_data; }

    const openpit_reject &raw() const & noexcept { return raw_; }
    const openpit_reject &raw() const && = delete;

    /// "OrderSizeLimitPolicy: order quantity exceeded (requested 501, max allowed: 500)".
    friend std::ostream &operator<<(std::ostream &stream, const Reject &reject) {
        return stream << reject.policy() << ": " << reject.reason() << " (" << reject.details() << ')';
    }

private:
    openpit_reject raw_;
};

/// A change and what it led to.
template <class Value> struct Changed {
    Value delta;
    Value absolute;

    friend bool operator==(const Changed &left, const Changed &right) noexcept {
        return left.delta == right.delta && left.absolute == right.absolute;
    }
    friend bool operator!=(const Changed &left, const Changed &right) noexcept { return !(left == right); }
};

namespace detail {

template <class Value> openpit_amount_change raw(const Changed<Value> &change) noexcept {
    return {change.delta.raw(), change.absolute.raw()};
}
template <class Value> std::optional<Changed<Value>> changed(bool present, const openpit_amount_change &raw) noexcept {
    if (!present) return std::nullopt;
    return Changed<Value>{Value(Checked(), raw.delta), Value(Checked(), raw.absolute)};
}

} // namespace detail

/// What happened to one asset of the account. What is not set did not change.
class Outcome {
public:
    explicit Outcome(Asset asset) noexcept : raw_(detail::sized<openpit_outcome>()) { raw_.asset = asset.raw(); }
    explicit Outcome(const openpit_outcome &raw) noexcept : raw_(detail::sized(raw)) {}

    /// Read in report hooks; elsewhere an outcome belongs to the group of the policy that publishes it.
    Outcome &policy_group(PolicyGroupId group) noexcept {
        raw_.policy_group = group;
        return *this;
    }
    Outcome &balance(const Changed<PositionSize> &change) noexcept {
        return set(OPENPIT_OUTCOME_HAS_BALANCE, raw_.balance, detail::raw(change));
    }
    Outcome &held(const Changed<PositionSize> &change) noexcept {
        return set(OPENPIT_OUTCOME_HAS_HELD, raw_.held, detail::raw(change));
    }
    Outcome &incoming(const Changed<PositionSize> &change) noexcept {
        return set(OPENPIT_OUTCOME_HAS_INCOMING, raw_.incoming, detail::raw(change));
    }
    /// Takes the place of a halt reason.
    Outcome &realized_pnl(const Changed<Pnl> &change) noexcept {
        raw_.halt_reason = OPENPIT_HALT_NONE;
        return set(OPENPIT_OUTCOME_HAS_REALIZED_PNL, raw_.realized_pnl, detail::raw(change));
    }
    /// The ledger stopped. Takes the place of a P&L.
    Outcome &realized_pnl(HaltReason reason) noexcept {
        raw_.halt_reason = static_cast<openpit_halt_reason>(reason);
        return set(OPENPIT_OUTCOME_HAS_REALIZED_PNL, raw_.realized_pnl, openpit_amount_change{});
    }
    Outcome &average_entry_price(const Price &price) noexcept {
        return set(OPENPIT_OUTCOME_HAS_AVERAGE_ENTRY_PRICE, raw_.average_entry_price, price.raw());
    }

    std::optional<Asset> asset() const noexcept { return detail::asset(raw_.asset); }
    PolicyGroupId policy_group() const noexcept { return raw_.policy_group; }
    std::optional<Changed<PositionSize>> balance() const noexcept {
        return detail::changed<PositionSize>(has(OPENPIT_OUTCOME_HAS_BALANCE), raw_.balance);
    }
    std::optional<Changed<PositionSize>> held() const noexcept {
        return detail::changed<PositionSize>(has(OPENPIT_OUTCOME_HAS_HELD), raw_.held);
    }
    std::optional<Changed<PositionSize>> incoming() const noexcept {
        return detail::changed<PositionSize>(has(OPENPIT_OUTCOME_HAS_INCOMING), raw_.incoming);
    }
    std::optional<Changed<Pnl>> realized_pnl() const noexcept {
        return detail::changed<Pnl>(has(OPENPIT_OUTCOME_HAS_REALIZED_PNL) && raw_.halt_reason == OPENPIT_HALT_NONE,
                                    raw_.realized_pnl);
    }
    HaltReason halt_reason() const noexcept { return static_cast<HaltReason>(raw_.halt_reason); }
    std::optional<Price> average_entry_price() const noexcept {
        return detail::number<Price>(has(OPENPIT_OUTCOME_HAS_AVERAGE_ENTRY_PRICE), raw_.average_entry_price);
    }

    const openpit_outcome &raw() const & noexcept { return raw_; }
    const openpit_outcome &raw() const && = delete;

private:
    bool has(std::uint32_t bit) const noexcept { return (raw_.fields & bit) != 0; }
    template <class Field> Outcome &set(std::uint32_t bit, Field &field, const Field &value) noexcept {
        detail::set_bit(raw_.fields, bit);
        field = value;
        return *this;
    }

    openpit_outcome raw_;
};
static_assert(sizeof(Outcome) == sizeof(openpit_outcome));

/// What happened to an account's own P&L: it changed, or its ledger stopped.
class AccountPnl {
public:
    AccountPnl(AccountId account, const Changed<Pnl> &change) noexcept : AccountPnl(account) {
        raw_.pnl = detail::raw(change);
    }
    AccountPnl(AccountId account, HaltReason reason) noexcept : AccountPnl(account) {
        raw_.halt_reason = static_cast<openpit_halt_reason>(reason);
    }
    explicit AccountPnl(const openpit_account_pnl &raw) noexcept : raw_(detail::sized(raw)) {}

    AccountPnl &policy_group(PolicyGroupId group) noexcept {
        raw_.policy_group = group;
        return *this;
    }

    AccountId account() const noexcept { return AccountId(raw_.account); }
    PolicyGroupId policy_group() const noexcept { return raw_.policy_group; }
    std::optional<Changed<Pnl>> pnl() const noexcept {
        return detail::changed<Pnl>(raw_.halt_reason == OPENPIT_HALT_NONE, raw_.pnl);
    }
    HaltReason halt_reason() const noexcept { return static_cast<HaltReason>(raw_.halt_reason); }

    const openpit_account_pnl &raw() const & noexcept { return raw_; }
    const openpit_account_pnl &raw() const && = delete;

private:
    explicit AccountPnl(AccountId account) noexcept : raw_(detail::sized<openpit_account_pnl>()) {
        raw_.account = account.raw();
    }

    openpit_account_pnl raw_;
};
static_assert(sizeof(AccountPnl) == sizeof(openpit_account_pnl));

/// The items of one kind in a Result. Valid until the result is used again.
template <class Item> class ResultItems {
public:
    using Read = Item (*)(openpit_result *, std::size_t);

    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Item;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = Item;

        iterator(const ResultItems &items, std::size_t index) noexcept : items_(items), index_(index) {}
        Item operator*() const { return items_[index_]; }
        iterator &operator++() noexcept {
            ++index_;
            return *this;
        }
        iterator operator++(int) noexcept {
            iterator before = *this;
            ++index_;
            return before;
        }
        friend bool operator==(const iterator &left, const iterator &right) noexcept {
            return left.index_ == right.index_;
        }
        friend bool operator!=(const iterator &left, const iterator &right) noexcept { return !(left == right); }

    private:
        ResultItems items_;
        std::size_t index_;
    };

    ResultItems(openpit_result *result, std::size_t size, Read read) noexcept
        : result_(result), size_(size), read_(read) {}

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    /// Throws for an index that is not below size().
    Item operator[](std::size_t index) const { return read_(result_, index); }
    iterator begin() const noexcept { return {*this, 0}; }
    iterator end() const noexcept { return {*this, size_}; }

private:
    openpit_result *result_;
    std::size_t size_;
    Read read_;
};

/**
 * Holds what a call has to say beyond yes and no.
 *
 * Pass one again and again: each call clears it first and keeps its memory, so steady use allocates nothing. What was read
 * from it is valid until then. One thread at a time, reading included.
 */
class Result {
public:
    Result() {
        openpit_result *result = nullptr;
        detail::require(openpit_result_create(&result));
        handle_ = detail::Owned<openpit_result, openpit_result_destroy>(result);
    }

    void clear() { openpit_result_clear(raw()); }

    /// Rejects in the order of policies, then in the order each policy gave them.
    ResultItems<Reject> rejects() const && = delete;
    ResultItems<Reject> rejects() const & {
        return {raw(), openpit_result_reject_count(raw()), [](openpit_result *result, std::size_t index) {
                    auto reject = detail::sized<openpit_reject>();
                    detail::require(openpit_result_reject(result, index, &reject));
                    return Reject(reject);
                }};
    }
    /// Blocks a report, an adjustment or a configuration asked for, or that a dry run would have made.
    ResultItems<Reject> blocks() const && = delete;
    ResultItems<Reject> blocks() const & {
        return {raw(), openpit_result_block_count(raw()), [](openpit_result *result, std::size_t index) {
                    auto block = detail::sized<openpit_reject>();
                    detail::require(openpit_result_block(result, index, &block));
                    return Reject(block);
                }};
    }
    /// The account of a block that a change of barriers led to. Throws where the call named the account.
    AccountId block_account(std::size_t index) const {
        openpit_account_id account = 0;
        detail::require(openpit_result_block_account(raw(), index, &account));
        return AccountId(account);
    }
    ResultItems<Outcome> outcomes() const && = delete;
    ResultItems<Outcome> outcomes() const & {
        return {raw(), openpit_result_outcome_count(raw()), [](openpit_result *result, std::size_t index) {
                    auto outcome = detail::sized<openpit_outcome>();
                    detail::require(openpit_result_outcome(result, index, &outcome));
                    return Outcome(outcome);
                }};
    }
    ResultItems<AccountPnl> account_pnls() const && = delete;
    ResultItems<AccountPnl> account_pnls() const & {
        return {raw(), openpit_result_account_pnl_count(raw()), [](openpit_result *result, std::size_t index) {
                    auto pnl = detail::sized<openpit_account_pnl>();
                    detail::require(openpit_result_account_pnl(result, index, &pnl));
                    return AccountPnl(pnl);
                }};
    }
    /// A copy of the lock prices: those of group 0 first, then group by group as each was first used.
    Lock lock() const {
        Lock lock;
        const std::size_t count = openpit_result_lock_count(raw());
        for (std::size_t index = 0; index < count; ++index) {
            openpit_lock_entry entry{};
            detail::require(openpit_result_lock_entry(raw(), index, &entry));
            lock.add({entry.policy_group, Price(detail::Checked(), entry.price)});
        }
        return lock;
    }

    openpit_result *raw() const & { return handle_.get(); }
    openpit_result *raw() const && = delete;

private:
    detail::Owned<openpit_result, openpit_result_destroy> handle_;
};

// ---- Clock ----------------------------------------------------------------------------------------------------------

/// A clock the caller drives, for tests, backtests and replay. Starts at 0; an engine made with it keeps it alive.
class Clock {
public:
    Clock() {
        openpit_clock *clock = nullptr;
        detail::require(openpit_clock_create(&clock));
        handle_ = detail::Owned<openpit_clock, openpit_clock_destroy>(clock);
    }

    void advance(std::chrono::nanoseconds duration) {
        detail::require(openpit_clock_advance(raw(), detail::nanoseconds(duration, Status::InvalidArgument)));
    }
    /// Throws for a time in the clock's past.
    void set(std::chrono::nanoseconds time) {
        detail::require(openpit_clock_set(raw(), detail::nanoseconds(time, Status::InvalidArgument)));
    }
    std::chrono::nanoseconds now() const {
        return std::chrono::nanoseconds(static_cast<std::int64_t>(openpit_clock_now(raw())));
    }

    openpit_clock *raw() const & { return handle_.get(); }
    openpit_clock *raw() const && = delete;

private:
    detail::Owned<openpit_clock, openpit_clock_destroy> handle_;
};

// ---- Market data ----------------------------------------------------------------------------------------------------

/// Which threads may use an engine, or a market-data service.
enum class SyncMode : openpit_sync_mode {
    None = OPENPIT_SYNC_NONE,       ///< One call at a time; the caller sees to it. No locks.
    Full = OPENPIT_SYNC_FULL,       ///< Any thread, any handle, any time.
    Account = OPENPIT_SYNC_ACCOUNT, ///< Any thread, as long as no two calls for the same account overlap.
};

/// Which release of the reference interface an engine answers as, where releases differ.
enum class Compatibility : openpit_compatibility {
    V0_7 = OPENPIT_COMPATIBILITY_0_7,
    V0_10 = OPENPIT_COMPATIBILITY_0_10,
};

/// The number an instrument is registered under.
class InstrumentId {
public:
    explicit constexpr InstrumentId(std::uint64_t id) noexcept : id_(id) {}

    constexpr std::uint64_t raw() const noexcept { return id_; }

    friend constexpr bool operator==(InstrumentId left, InstrumentId right) noexcept { return left.id_ == right.id_; }
    friend constexpr bool operator!=(InstrumentId left, InstrumentId right) noexcept { return !(left == right); }
    friend std::ostream &operator<<(std::ostream &stream, InstrumentId instrument) { return stream << instrument.id_; }

private:
    openpit_instrument_id id_;
};

namespace detail {

/// The id a look-up wrote, if it found one. A reference, because the look-up is the other argument.
inline std::optional<InstrumentId> resolved(openpit_status status, const openpit_instrument_id &id) {
    if (status == OPENPIT_STATUS_UNKNOWN_INSTRUMENT) return std::nullopt;
    require(status);
    return InstrumentId(id);
}

} // namespace detail

/// What an instrument is worth, as far as somebody said. Any sign; a crossed book is a book.
class Quote {
public:
    Quote() noexcept : raw_(detail::sized<openpit_quote>()) {}

    Quote &mark(const Price &price) noexcept { return set(OPENPIT_QUOTE_HAS_MARK, raw_.mark, price); }
    Quote &bid(const Price &price) noexcept { return set(OPENPIT_QUOTE_HAS_BID, raw_.bid, price); }
    Quote &ask(const Price &price) noexcept { return set(OPENPIT_QUOTE_HAS_ASK, raw_.ask, price); }

    std::optional<Price> mark() const noexcept { return get(OPENPIT_QUOTE_HAS_MARK, raw_.mark); }
    std::optional<Price> bid() const noexcept { return get(OPENPIT_QUOTE_HAS_BID, raw_.bid); }
    std::optional<Price> ask() const noexcept { return get(OPENPIT_QUOTE_HAS_ASK, raw_.ask); }

    const openpit_quote &raw() const & noexcept { return raw_; }
    openpit_quote &raw() & noexcept { return raw_; }
    const openpit_quote &raw() const && = delete;

private:
    Quote &set(std::uint32_t bit, openpit_decimal &place, const Price &price) noexcept {
        detail::set_bit(raw_.fields, bit);
        place = price.raw();
        return *this;
    }
    std::optional<Price> get(std::uint32_t bit, const openpit_decimal &place) const noexcept {
        return detail::number<Price>((raw_.fields & bit) != 0, place);
    }

    openpit_quote raw_;
};
static_assert(sizeof(Quote) == sizeof(openpit_quote));

/// What becomes of the prices that a pushed quote does not have.
enum class QuoteUpdate : openpit_quote_update {
    Replace = OPENPIT_QUOTE_REPLACE, ///< They are gone.
    Patch = OPENPIT_QUOTE_PATCH,     ///< They keep their value.
};

/// Where a reader looks for a quote. The search ends at the first place that has one, whatever it lacks or its age.
enum class QuoteResolution : openpit_quote_resolution {
    AccountOnly = OPENPIT_QUOTE_ACCOUNT_ONLY,
    AccountThenGroup = OPENPIT_QUOTE_ACCOUNT_THEN_GROUP,
    AccountThenGroupThenDefault = OPENPIT_QUOTE_ACCOUNT_THEN_GROUP_THEN_DEFAULT,
};

/// How old a quote may become: at this age it has expired.
class QuoteTtl {
public:
    static constexpr QuoteTtl infinite() noexcept { return QuoteTtl(OPENPIT_QUOTE_TTL_INFINITE); }
    /// Throws for a negative duration.
    static QuoteTtl within(std::chrono::nanoseconds duration) {
        return QuoteTtl(detail::nanoseconds(duration, Status::InvalidArgument));
    }

    constexpr openpit_quote_ttl raw() const noexcept { return nanoseconds_; }

private:
    explicit constexpr QuoteTtl(openpit_quote_ttl nanoseconds) noexcept : nanoseconds_(nanoseconds) {}

    openpit_quote_ttl nanoseconds_;
};

/// Where a TTL applies. For each reader the most particular one counts, see openpit_ttl_scope.
class TtlScope {
public:
    TtlScope(AccountId account) noexcept : TtlScope(OPENPIT_TTL_ACCOUNT) { raw_.account = account.raw(); }
    TtlScope(AccountGroupId group) noexcept : TtlScope(OPENPIT_TTL_GROUP) { raw_.group = group.raw(); }
    TtlScope(InstrumentId instrument) noexcept : TtlScope(OPENPIT_TTL_INSTRUMENT) {
        raw_.instrument = instrument.raw();
    }
    TtlScope(InstrumentId instrument, AccountId account) noexcept : TtlScope(OPENPIT_TTL_INSTRUMENT_ACCOUNT) {
        raw_.instrument = instrument.raw();
        raw_.account = account.raw();
    }
    TtlScope(InstrumentId instrument, AccountGroupId group) noexcept : TtlScope(OPENPIT_TTL_INSTRUMENT_GROUP) {
        raw_.instrument = instrument.raw();
        raw_.group = group.raw();
    }

    const openpit_ttl_scope &raw() const & noexcept { return raw_; }
    const openpit_ttl_scope &raw() const && = delete;

private:
    explicit TtlScope(openpit_ttl_axis axis) noexcept { raw_.axis = axis; }

    openpit_ttl_scope raw_{};
};

/// Who reads a quote: an account, and its group if it has one.
class QuoteReader {
public:
    QuoteReader(AccountId account) noexcept {
        raw_.account = account.raw();
        raw_.group_state = OPENPIT_READER_GROUP_NONE;
    }
    QuoteReader(AccountId account, AccountGroupId group) noexcept {
        raw_.account = account.raw();
        raw_.group = group.raw();
        raw_.group_state = OPENPIT_READER_GROUP_KNOWN;
    }

    const openpit_quote_reader &raw() const & noexcept { return raw_; }
    const openpit_quote_reader &raw() const && = delete;

private:
    openpit_quote_reader raw_{};
};

/**
 * What a reader is told. True with a quote to use; otherwise status() is UnknownInstrument, QuoteUnavailable or
 * QuoteExpired, and none of these is a price to trade at.
 */
class QuoteAnswer {
public:
    QuoteAnswer(Status status, const Quote &quote) noexcept : status_(status), quote_(quote) {}

    explicit operator bool() const noexcept { return status_ == Status::Ok; }
    Status status() const noexcept { return status_; }
    /// Only where there is a quote to use: a temporary was not asked whether there is one.
    const Quote &operator*() const & noexcept { return quote_; }
    const Quote &operator*() const && = delete;
    const Quote *operator->() const & noexcept { return &quote_; }
    const Quote *operator->() const && = delete;
    /// The quote that is too old.
    std::optional<Quote> expired() const noexcept {
        if (status_ != Status::QuoteExpired) return std::nullopt;
        return quote_;
    }

private:
    Status status_;
    Quote quote_;
};

/// Quotes, and how old they may become. Engines made with it keep it alive. Threads are those of its SyncMode.
class MarketData {
public:
    /// With the system's monotonic clock.
    explicit MarketData(QuoteTtl default_ttl = QuoteTtl::infinite(), SyncMode sync_mode = SyncMode::Full)
        : MarketData(default_ttl, sync_mode, nullptr) {}
    MarketData(QuoteTtl default_ttl, SyncMode sync_mode, const Clock &clock)
        : MarketData(default_ttl, sync_mode, clock.raw()) {}

    /// Under the next automatic id; throws for an instrument that is registered.
    InstrumentId register_instrument(Instrument instrument, std::optional<QuoteTtl> ttl = std::nullopt) {
        openpit_instrument_id id = 0;
        const openpit_quote_ttl raw_ttl = ttl ? ttl->raw() : 0;
        detail::require(openpit_market_data_register(raw(), instrument.underlying.raw(), instrument.settlement.raw(),
                                                     ttl ? &raw_ttl : nullptr, &id));
        return InstrumentId(id);
    }
    /// Under this id; throws also for an id that is taken.
    void register_instrument_as(Instrument instrument, InstrumentId id, std::optional<QuoteTtl> ttl = std::nullopt) {
        const openpit_quote_ttl raw_ttl = ttl ? ttl->raw() : 0;
        detail::require(openpit_market_data_register_as(raw(), instrument.underlying.raw(), instrument.settlement.raw(),
                                                        id.raw(), ttl ? &raw_ttl : nullptr));
    }
    std::optional<InstrumentId> resolve(Instrument instrument) const {
        openpit_instrument_id id = 0;
        return detail::resolved(
            openpit_market_data_resolve(raw(), instrument.underlying.raw(), instrument.settlement.raw(), &id), id);
    }

    /// For everybody who has no quote of their own. `source_age` is how old the quote was on arrival.
    void push(InstrumentId instrument, const Quote &quote, QuoteUpdate update = QuoteUpdate::Replace,
              std::chrono::nanoseconds source_age = {}) {
        detail::require(openpit_market_data_push(raw(), instrument.raw(), &quote.raw(),
                                                 static_cast<openpit_quote_update>(update), source_age.count()));
    }
    /// The same by name; registers an instrument that is new.
    InstrumentId push(Instrument instrument, const Quote &quote, QuoteUpdate update = QuoteUpdate::Replace,
                      std::chrono::nanoseconds source_age = {}) {
        openpit_instrument_id id = 0;
        detail::require(openpit_market_data_push_by_name(
            raw(), instrument.underlying.raw(), instrument.settlement.raw(), &quote.raw(),
            static_cast<openpit_quote_update>(update), source_age.count(), &id));
        return InstrumentId(id);
    }
    /// For these accounts and groups, all at once; the default group stands for everybody.
    void push_for(InstrumentId instrument, const Quote &quote, const std::vector<AccountId> &accounts,
                  const std::vector<AccountGroupId> &groups, QuoteUpdate update = QuoteUpdate::Replace,
                  std::chrono::nanoseconds source_age = {}) {
        std::vector<openpit_account_id> raw_accounts;
        for (AccountId account : accounts) raw_accounts.push_back(account.raw());
        std::vector<openpit_account_group_id> raw_groups;
        for (AccountGroupId group : groups) raw_groups.push_back(group.raw());
        detail::require(openpit_market_data_push_for(
            raw(), instrument.raw(), &quote.raw(), static_cast<openpit_quote_update>(update), source_age.count(),
            raw_accounts.data(), raw_accounts.size(), raw_groups.data(), raw_groups.size()));
    }
    /// Forgets the instrument's quotes; its id and its TTLs stay.
    void clear(InstrumentId instrument) { detail::require(openpit_market_data_clear(raw(), instrument.raw())); }

    /// No lock, no allocation.
    QuoteAnswer get(InstrumentId instrument, const QuoteReader &reader,
                    QuoteResolution resolution = QuoteResolution::AccountThenGroupThenDefault) const {
        Quote quote;
        const openpit_status status = openpit_market_data_get(
            raw(), instrument.raw(), reader.raw(), static_cast<openpit_quote_resolution>(resolution), &quote.raw());
        switch (status) {
        case OPENPIT_STATUS_UNKNOWN_INSTRUMENT:
        case OPENPIT_STATUS_QUOTE_UNAVAILABLE:
        case OPENPIT_STATUS_QUOTE_EXPIRED:
            break;
        default:
            detail::require(status);
        }
        return QuoteAnswer(static_cast<Status>(status), quote);
    }

    /// Also for the quotes there are.
    void set_ttl(const TtlScope &scope, QuoteTtl ttl) {
        detail::require(openpit_market_data_set_ttl(raw(), scope.raw(), ttl.raw()));
    }
    void clear_ttl(const TtlScope &scope) { detail::require(openpit_market_data_clear_ttl(raw(), scope.raw())); }

    openpit_market_data *raw() const & { return handle_.get(); }
    openpit_market_data *raw() const && = delete;

private:
    MarketData(QuoteTtl default_ttl, SyncMode sync_mode, openpit_clock *clock) {
        auto options = detail::sized<openpit_market_data_options>();
        options.sync_mode = static_cast<openpit_sync_mode>(sync_mode);
        options.clock = clock;
        options.default_ttl = default_ttl.raw();
        openpit_market_data *service = nullptr;
        detail::require(openpit_market_data_create(&options, &service));
        handle_ = detail::Owned<openpit_market_data, openpit_market_data_destroy>(service);
    }

    detail::Owned<openpit_market_data, openpit_market_data_destroy> handle_;
};

// ---- Reference book -------------------------------------------------------------------------------------------------

/// What a settlement lag counts.
enum class SettlementUnit : openpit_settlement_unit {
    BusinessDays = OPENPIT_SETTLEMENT_BUSINESS_DAYS,
    CalendarDays = OPENPIT_SETTLEMENT_CALENDAR_DAYS,
};

/// How long after the trade something is due: T+count.
struct SettlementLag {
    std::uint64_t count = 0;
    SettlementUnit unit = SettlementUnit::BusinessDays;

    friend bool operator==(const SettlementLag &left, const SettlementLag &right) noexcept {
        return left.count == right.count && left.unit == right.unit;
    }
    friend bool operator!=(const SettlementLag &left, const SettlementLag &right) noexcept { return !(left == right); }
};

/// When the two sides of a trade are due.
struct SettlementScheme {
    SettlementLag delivery;
    SettlementLag payment;

    friend bool operator==(const SettlementScheme &left, const SettlementScheme &right) noexcept {
        return left.delivery == right.delivery && left.payment == right.payment;
    }
    friend bool operator!=(const SettlementScheme &left, const SettlementScheme &right) noexcept {
        return !(left == right);
    }
};

/// What is known about instruments for good. Kept for you: no check reads it. Safe from any thread.
class ReferenceBook {
public:
    ReferenceBook() {
        openpit_reference_book *book = nullptr;
        detail::require(openpit_reference_book_create(&book));
        handle_ = detail::Owned<openpit_reference_book, openpit_reference_book_destroy>(book);
    }

    /// Under the next automatic id; throws for an instrument that is registered.
    InstrumentId register_instrument(Instrument instrument) {
        openpit_instrument_id id = 0;
        detail::require(
            openpit_reference_book_register(raw(), instrument.underlying.raw(), instrument.settlement.raw(), &id));
        return InstrumentId(id);
    }
    /// Under this id; throws also for an id that is taken.
    void register_instrument_as(Instrument instrument, InstrumentId id) {
        detail::require(openpit_reference_book_register_as(raw(), instrument.underlying.raw(),
                                                           instrument.settlement.raw(), id.raw()));
    }
    std::optional<InstrumentId> resolve(Instrument instrument) const {
        openpit_instrument_id id = 0;
        return detail::resolved(
            openpit_reference_book_resolve(raw(), instrument.underlying.raw(), instrument.settlement.raw(), &id), id);
    }

    void set_settlement_scheme(InstrumentId instrument, const SettlementScheme &scheme) {
        const openpit_settlement_scheme raw_scheme{raw_lag(scheme.delivery), raw_lag(scheme.payment)};
        detail::require(openpit_reference_book_set_settlement_scheme(raw(), instrument.raw(), &raw_scheme));
    }
    void clear_settlement_scheme(InstrumentId instrument) {
        detail::require(openpit_reference_book_clear_settlement_scheme(raw(), instrument.raw()));
    }
    /// None when nobody said, which means at once.
    std::optional<SettlementScheme> settlement_scheme(InstrumentId instrument) const {
        openpit_settlement_scheme scheme{};
        const openpit_status status = openpit_reference_book_settlement_scheme(raw(), instrument.raw(), &scheme);
        if (status == OPENPIT_STATUS_NOT_FOUND) return std::nullopt;
        detail::require(status);
        return SettlementScheme{lag(scheme.delivery), lag(scheme.payment)};
    }

    openpit_reference_book *raw() const & { return handle_.get(); }
    openpit_reference_book *raw() const && = delete;

private:
    static openpit_settlement_lag raw_lag(const SettlementLag &lag) noexcept {
        return {lag.count, static_cast<openpit_settlement_unit>(lag.unit), 0};
    }
    static SettlementLag lag(const openpit_settlement_lag &lag) noexcept {
        return {lag.count, static_cast<SettlementUnit>(lag.unit)};
    }

    detail::Owned<openpit_reference_book, openpit_reference_book_destroy> handle_;
};

// ---- Requests and reservations --------------------------------------------------------------------------------------

/**
 * What an accepted order holds, until it is committed or rolled back, once. Destroyed while open, it rolls back.
 *
 * True while open. A reservation may outlive its engine.
 */
class [[nodiscard]] Reservation {
public:
    /// None, as for a rejected order.
    Reservation() noexcept = default;
    /// Takes over what a call gave out; an id of 0 is none.
    Reservation(openpit_engine *engine, openpit_reservation id) noexcept
        : engine_(id == 0 ? nullptr : engine), id_(id) {}
    Reservation(Reservation &&other) noexcept
        : engine_(std::exchange(other.engine_, nullptr)), id_(std::exchange(other.id_, 0)) {}
    Reservation &operator=(Reservation &&other) noexcept {
        Reservation taken(std::move(other));
        std::swap(engine_, taken.engine_);
        std::swap(id_, taken.id_);
        return *this;
    }
    ~Reservation() {
        if (id_ != 0) openpit_engine_drop_reservation(engine_, id_);
    }

    explicit operator bool() const noexcept { return id_ != 0; }

    /// Keeps what was reserved: the venue took the order. Throws when this is not open.
    void commit() { detail::require(openpit_engine_commit(engine_, take())); }
    /// Gives back what was reserved: the venue did not take the order. Throws when this is not open.
    void rollback() { detail::require(openpit_engine_rollback(engine_, take())); }

    /// Reads the lock prices and outcomes. Throws when this is not open.
    void read(Result &result) const {
        detail::require(openpit_engine_read_reservation(engine_, open_id(), result.raw()));
    }

private:
    openpit_reservation open_id() const {
        if (id_ == 0) throw Error(engine_ == nullptr ? Status::NotFound : Status::AlreadyFinalized);
        return id_;
    }
    openpit_reservation take() {
        open_id();
        return std::exchange(id_, 0);
    }

    openpit_engine *engine_ = nullptr;
    openpit_reservation id_ = 0;
};

/// A yes or no. On yes it holds what was granted, on no the rejects say why.
template <class Granted> class [[nodiscard]] Decision {
public:
    Decision(Granted granted, Result result) noexcept : granted_(std::move(granted)), result_(std::move(result)) {}

    explicit operator bool() const noexcept { return static_cast<bool>(granted_); }
    /// Not of a temporary, which was not asked whether it is a yes.
    Granted &operator*() & noexcept { return granted_; }
    Granted &operator*() const && = delete;
    Granted *operator->() & noexcept { return &granted_; }
    Granted *operator->() const && = delete;

    /// Borrowed from this decision.
    ResultItems<Reject> rejects() const & { return result_.rejects(); }
    ResultItems<Reject> rejects() const && = delete;
    const Result &result() const & noexcept { return result_; }
    const Result &result() const && = delete;

private:
    Granted granted_;
    Result result_;
};

/// An order that passed the start stage and waits to be executed, once. Destroyed before that, it is forgotten.
class [[nodiscard]] Request {
public:
    /// None, as for a rejected order.
    Request() noexcept = default;
    /// Takes over what a call gave out; an id of 0 is none.
    Request(openpit_engine *engine, openpit_request id) noexcept : engine_(id == 0 ? nullptr : engine), id_(id) {}
    Request(Request &&other) noexcept
        : engine_(std::exchange(other.engine_, nullptr)), id_(std::exchange(other.id_, 0)) {}
    Request &operator=(Request &&other) noexcept {
        Request taken(std::move(other));
        std::swap(engine_, taken.engine_);
        std::swap(id_, taken.id_);
        return *this;
    }
    ~Request() {
        if (id_ != 0) openpit_engine_drop_request(engine_, id_);
    }

    explicit operator bool() const noexcept { return id_ != 0; }

    /// Runs the main-stage checks; the request is spent whatever comes of it. Throws when it was spent before.
    Decision<Reservation> execute() {
        Result result;
        Reservation reservation = execute(result);
        return {std::move(reservation), std::move(result)};
    }
    /// The same into a result of the caller's. The reservation is empty when the order was rejected.
    Reservation execute(Result &result) {
        if (id_ == 0) throw Error(engine_ == nullptr ? Status::NotFound : Status::AlreadyFinalized);
        openpit_reservation reservation = 0;
        detail::require(openpit_engine_execute_request(engine_, std::exchange(id_, 0), result.raw(), &reservation));
        return {engine_, reservation};
    }

private:
    openpit_engine *engine_ = nullptr;
    openpit_request id_ = 0;
};

/// The verdict a real call would give now.
class [[nodiscard]] DryRun {
public:
    DryRun(bool passed, Result result) noexcept : passed_(passed), result_(std::move(result)) {}

    explicit operator bool() const noexcept { return passed_; }
    ResultItems<Reject> rejects() const & { return result_.rejects(); }
    ResultItems<Reject> rejects() const && = delete;
    /// Also has the block a real call would have made, and the lock prices and outcomes of the accepting policies.
    const Result &result() const & noexcept { return result_; }
    const Result &result() const && = delete;

private:
    bool passed_;
    Result result_;
};

/// What became of a batch of adjustments: all applied, or none because of one.
class [[nodiscard]] AdjustmentDecision {
public:
    AdjustmentDecision(std::optional<std::size_t> failed_index, Result result) noexcept
        : failed_index_(failed_index), result_(std::move(result)) {}

    explicit operator bool() const noexcept { return !failed_index_; }
    /// The adjustment that was rejected.
    std::optional<std::size_t> failed_index() const noexcept { return failed_index_; }
    ResultItems<Reject> rejects() const & { return result_.rejects(); }
    ResultItems<Reject> rejects() const && = delete;
    const Result &result() const & noexcept { return result_; }
    const Result &result() const && = delete;

private:
    std::optional<std::size_t> failed_index_;
    Result result_;
};

// ---- Built-in policies ----------------------------------------------------------------------------------------------

/// What a barrier is keyed by.
enum class Axis : openpit_axis {
    Broker = OPENPIT_AXIS_BROKER,
    Asset = OPENPIT_AXIS_ASSET,
    Account = OPENPIT_AXIS_ACCOUNT,
    AccountAsset = OPENPIT_AXIS_ACCOUNT_ASSET,
};

/// An amount is present and not zero.
struct OrderValidation {
    static constexpr std::string_view name = "OrderValidationPolicy";

    PolicyGroupId policy_group = 0;
};

namespace detail {

/// The barriers of one policy. Given to a builder they are what it starts with; given to Engine::configure they take the
/// place of all barriers on the axes they name.
template <class Policy, class Barrier> class Barriers {
public:
    /// Only builders read it.
    Policy &policy_group(PolicyGroupId group) noexcept {
        group_ = group;
        return self();
    }
    /// Names an axis without a barrier: configuring then empties it.
    Policy &clear(Axis axis) noexcept {
        axes_ |= 1u << static_cast<unsigned>(axis);
        return self();
    }

    PolicyGroupId policy_group() const noexcept { return group_; }
    /// A bit, 1 << Axis, for each axis named.
    std::uint32_t axes() const noexcept { return axes_; }
    const std::vector<Barrier> &barriers() const & { return barriers_.get(); }
    const std::vector<Barrier> &barriers() const && = delete;

protected:
    Policy &add(Axis axis, std::optional<AccountId> account, std::optional<Asset> asset, Barrier barrier) {
        barrier.axis = static_cast<openpit_axis>(axis);
        if (account) barrier.account = account->raw();
        if (asset) barrier.asset = asset->raw();
        barriers_.get().push_back(barrier);
        return clear(axis);
    }

private:
    friend Policy;
    Barriers() = default;

    Policy &self() noexcept { return static_cast<Policy &>(*this); }

    Kept<std::vector<Barrier>> barriers_;
    std::uint32_t axes_ = 0;
    PolicyGroupId group_ = 0;
};

} // namespace detail

/// At most so many orders in any window.
struct OrderRate {
    std::uint64_t max_orders;
    std::chrono::nanoseconds window;
};

/// Rate limit. Broker and asset barriers reject the order; account barriers block the account, or in an engine that answers as
/// 0.10 reject the order. All that match apply.
class RateLimit : public detail::Barriers<RateLimit, openpit_rate_limit_barrier> {
public:
    static constexpr std::string_view name = "RateLimitPolicy";

    RateLimit &broker(OrderRate rate) { return add(Axis::Broker, {}, {}, barrier(rate)); }
    RateLimit &asset(Asset settlement, OrderRate rate) { return add(Axis::Asset, {}, settlement, barrier(rate)); }
    RateLimit &account(AccountId account, OrderRate rate) { return add(Axis::Account, account, {}, barrier(rate)); }
    RateLimit &account_asset(AccountId account, Asset settlement, OrderRate rate) {
        return add(Axis::AccountAsset, account, settlement, barrier(rate));
    }

private:
    static openpit_rate_limit_barrier barrier(OrderRate rate) {
        openpit_rate_limit_barrier barrier{};
        barrier.max_orders = rate.max_orders;
        barrier.window_nanoseconds = detail::nanoseconds(rate.window, Status::InvalidWindow);
        return barrier;
    }
};

/// The largest order. Both limits are inclusive, and at least one is needed.
struct OrderSize {
    std::optional<Quantity> max_quantity = {};
    std::optional<Volume> max_notional = {};
    /// The barrier's asset is the underlying for the quantity and the settlement asset for the notional, and no account is
    /// blocked. Otherwise it is the settlement asset for both, in every engine, whichever release it answers as.
    bool per_metric = false;
};

/// Order size. An account-and-asset barrier takes the place of the asset barrier and blocks the account; the broker barrier
/// applies besides.
class OrderSizeLimit : public detail::Barriers<OrderSizeLimit, openpit_order_size_barrier> {
public:
    static constexpr std::string_view name = "OrderSizeLimitPolicy";

    OrderSizeLimit &broker(const OrderSize &size) { return add(Axis::Broker, {}, {}, barrier(size)); }
    OrderSizeLimit &asset(Asset settlement, const OrderSize &size) {
        return add(Axis::Asset, {}, settlement, barrier(size));
    }
    OrderSizeLimit &account_asset(AccountId account, Asset settlement, const OrderSize &size) {
        return add(Axis::AccountAsset, account, settlement, barrier(size));
    }

private:
    static openpit_order_size_barrier barrier(const OrderSize &size) noexcept {
        openpit_order_size_barrier barrier{};
        detail::set_bit(barrier.fields, OPENPIT_SIZE_HAS_QUANTITY, size.max_quantity.has_value());
        detail::set_bit(barrier.fields, OPENPIT_SIZE_HAS_NOTIONAL, size.max_notional.has_value());
        detail::set_bit(barrier.fields, OPENPIT_SIZE_PER_METRIC, size.per_metric);
        barrier.max_quantity = size.max_quantity.value_or(Quantity()).raw();
        barrier.max_notional = size.max_notional.value_or(Volume()).raw();
        return barrier;
    }
};

/// How far a realised P&L may go, both bounds inclusive; one is needed.
struct PnlBounds {
    std::optional<Pnl> lower = {};
    std::optional<Pnl> upper = {};
};

/// P&L kill switch: blocks an account whose realised P&L in a settlement asset leaves its bounds. All that match apply.
class PnlKillSwitch : public detail::Barriers<PnlKillSwitch, openpit_pnl_barrier> {
public:
    static constexpr std::string_view name = "PnlBoundsKillSwitchPolicy";

    /// For each account by itself.
    PnlKillSwitch &broker(Asset settlement, const PnlBounds &bounds) {
        return add(Axis::Broker, {}, settlement, barrier(bounds, {}));
    }
    /// For this account. `initial` is where its P&L starts; only builders take one.
    PnlKillSwitch &account_asset(AccountId account, Asset settlement, const PnlBounds &bounds,
                                 const std::optional<Pnl> &initial = {}) {
        return add(Axis::AccountAsset, account, settlement, barrier(bounds, initial));
    }

private:
    static openpit_pnl_barrier barrier(const PnlBounds &bounds, const std::optional<Pnl> &initial) noexcept {
        openpit_pnl_barrier barrier{};
        detail::set_bit(barrier.fields, OPENPIT_PNL_HAS_LOWER, bounds.lower.has_value());
        detail::set_bit(barrier.fields, OPENPIT_PNL_HAS_UPPER, bounds.upper.has_value());
        detail::set_bit(barrier.fields, OPENPIT_PNL_HAS_INITIAL, initial.has_value());
        barrier.lower = bounds.lower.value_or(Pnl()).raw();
        barrier.upper = bounds.upper.value_or(Pnl()).raw();
        barrier.initial = initial.value_or(Pnl()).raw();
        return barrier;
    }
};

// ---- Spot funds -----------------------------------------------------------------------------------------------------

/// What an order meets when the funds are short: a reject, or a balance below zero.
enum class LimitMode : openpit_limit_mode {
    Enforce = OPENPIT_LIMIT_MODE_ENFORCE,
    TrackOnly = OPENPIT_LIMIT_MODE_TRACK_ONLY,
};

/// Which price of a quote a market order is reserved at. The top of the book is the ask for a buy, the bid for a sell.
enum class PricingSource : openpit_pricing_source {
    Mark = OPENPIT_PRICING_SOURCE_MARK,
    BookTop = OPENPIT_PRICING_SOURCE_BOOK_TOP,
};

/// Whom a setting is for: everybody, a group, or an account. The account's own comes first, then that of its group.
class Target {
public:
    Target() noexcept = default;
    Target(AccountGroupId group) noexcept : kind_(OPENPIT_TARGET_GROUP), group_(group.raw()) {}
    Target(AccountId account) noexcept : kind_(OPENPIT_TARGET_ACCOUNT), account_(account.raw()) {}

    openpit_target kind() const noexcept { return kind_; }
    template <class Struct> Struct raw() const noexcept {
        Struct raw{};
        raw.target = kind_;
        raw.account = account_;
        raw.account_group = group_;
        return raw;
    }

private:
    openpit_target kind_ = OPENPIT_TARGET_ALL;
    openpit_account_group_id group_ = 0;
    openpit_account_id account_ = 0;
};

/// Settings of spot funds. What is not set, and every key that is not named, stays as it is.
class SpotFundsSettings {
public:
    SpotFundsSettings &slippage(std::uint16_t basis_points) noexcept {
        raw_.fields |= OPENPIT_SPOT_FUNDS_HAS_SLIPPAGE;
        raw_.slippage = basis_points;
        return *this;
    }
    SpotFundsSettings &pricing_source(PricingSource source) noexcept {
        raw_.pricing_source = static_cast<openpit_pricing_source>(source);
        return *this;
    }
    SpotFundsSettings &limit_mode(LimitMode mode) noexcept {
        raw_.limit_mode = static_cast<openpit_limit_mode>(mode);
        return *this;
    }
    /// The mode of one account or group; none takes it back.
    SpotFundsSettings &limit_mode(Target target, std::optional<LimitMode> mode) {
        auto pin = target.raw<openpit_limit_mode_pin>();
        if (mode) pin.mode = static_cast<openpit_limit_mode>(*mode);
        lists_.get().pins.push_back(pin);
        return *this;
    }
    /// The slippage of one instrument, for everybody or somebody; none takes it back.
    SpotFundsSettings &slippage(InstrumentId instrument, Target target, std::optional<std::uint16_t> basis_points) {
        auto override = target.raw<openpit_slippage_override>();
        override.instrument = instrument.raw();
        override.is_removed = basis_points ? 0 : 1;
        override.slippage = basis_points.value_or(0);
        lists_.get().overrides.push_back(override);
        return *this;
    }
    /// How large a position may become in either direction; none takes the limit back.
    SpotFundsSettings &position_limit(AccountId account, Asset asset, const std::optional<Quantity> &limit) {
        openpit_position_limit raw{};
        raw.account = account.raw();
        raw.asset = asset.raw();
        raw.is_removed = limit ? 0 : 1;
        raw.limit = limit.value_or(Quantity()).raw();
        lists_.get().limits.push_back(raw);
        return *this;
    }

    /// Borrowed from these settings.
    openpit_spot_funds_settings raw() const & {
        const Lists &lists = lists_.get();
        openpit_spot_funds_settings raw = raw_;
        raw.overrides = lists.overrides.data();
        raw.override_count = lists.overrides.size();
        raw.limit_mode_pins = lists.pins.data();
        raw.limit_mode_pin_count = lists.pins.size();
        raw.position_limits = lists.limits.data();
        raw.position_limit_count = lists.limits.size();
        return raw;
    }
    openpit_spot_funds_settings raw() const && = delete;

private:
    struct Lists {
        std::vector<openpit_slippage_override> overrides;
        std::vector<openpit_limit_mode_pin> pins;
        std::vector<openpit_position_limit> limits;
    };

    openpit_spot_funds_settings raw_ = detail::sized<openpit_spot_funds_settings>();
    detail::Kept<Lists> lists_;
};

/// How far the P&L of accounts may go. Given to Engine::configure they take the place of all barriers for the kinds of
/// targets they name.
class SpotFundsBarriers {
public:
    /// With a currency the barrier judges accounts in that currency, or in none.
    SpotFundsBarriers &add(Target target, const PnlBounds &bounds, std::optional<Asset> currency = {}) {
        auto barrier = target.raw<openpit_spot_funds_barrier>();
        detail::set_bit(barrier.fields, OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER, bounds.lower.has_value());
        detail::set_bit(barrier.fields, OPENPIT_SPOT_FUNDS_BARRIER_HAS_UPPER, bounds.upper.has_value());
        barrier.lower = bounds.lower.value_or(Pnl()).raw();
        barrier.upper = bounds.upper.value_or(Pnl()).raw();
        if (currency) barrier.currency = currency->raw();
        barriers_.get().push_back(barrier);
        return clear(target);
    }
    /// Names a kind of target without a barrier: configuring then empties it.
    SpotFundsBarriers &clear(Target target) noexcept {
        targets_ |= 1u << target.kind();
        return *this;
    }

    std::uint32_t targets() const noexcept { return targets_; }
    const std::vector<openpit_spot_funds_barrier> &raw() const & { return barriers_.get(); }
    const std::vector<openpit_spot_funds_barrier> &raw() const && = delete;

private:
    detail::Kept<std::vector<openpit_spot_funds_barrier>> barriers_;
    std::uint32_t targets_ = 0;
};

/// Spot funds: sets funds aside for orders, settles reports, keeps the realised P&L of positions and accounts.
struct SpotFunds {
    static constexpr std::string_view name = "SpotFundsPolicy";

    SpotFundsSettings settings = {};
    SpotFundsBarriers barriers = {};
    /// Without market data there are limit orders only. The engine keeps them alive.
    const MarketData *market_data = nullptr;
    PolicyGroupId policy_group = 0;
};

/// What an account has of one asset.
class Holding {
public:
    explicit Holding(const openpit_holding &raw) noexcept : raw_(raw) {}

    /// Free to be used.
    PositionSize balance() const noexcept { return {detail::Checked(), raw_.balance}; }
    /// Set aside by open orders.
    PositionSize held() const noexcept { return {detail::Checked(), raw_.held}; }
    /// What open orders will bring in; never spendable.
    PositionSize incoming() const noexcept { return {detail::Checked(), raw_.incoming}; }
    /// In the account's currency, like the P&L.
    std::optional<Price> average_entry_price() const noexcept {
        return detail::number<Price>((raw_.fields & OPENPIT_HOLDING_HAS_AVERAGE_ENTRY_PRICE) != 0,
                                     raw_.average_entry_price);
    }
    std::optional<Pnl> realized_pnl() const noexcept {
        const bool is_kept = (raw_.fields & OPENPIT_HOLDING_HAS_REALIZED_PNL) != 0;
        return detail::number<Pnl>(is_kept && raw_.halt_reason == OPENPIT_HALT_NONE, raw_.realized_pnl);
    }
    /// Why there is no P&L, when it has stopped.
    HaltReason halt_reason() const noexcept { return static_cast<HaltReason>(raw_.halt_reason); }

private:
    openpit_holding raw_;
};

/// An order that was recorded although no check had let it through; empty when a check came to no verdict.
struct [[nodiscard]] DropCopy {
    Reservation reservation;
    /// By this order or before.
    bool is_account_blocked;
};

// ---- Engine ---------------------------------------------------------------------------------------------------------

/**
 * Groups, blocks and currencies of an engine's accounts. Borrowed from the engine.
 *
 * An account is in at most one group. A block is answered to every order of the account, or of every account of the group,
 * until it is lifted; the first cause wins.
 */
class Accounts {
public:
    explicit Accounts(openpit_engine *engine) noexcept : engine_(engine) {}

    /// Adds all accounts to the group, or none.
    void register_group(const std::vector<AccountId> &accounts, AccountGroupId group) {
        const std::vector<openpit_account_id> ids = raw_ids(accounts);
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_register_group(engine_, ids.data(), ids.size(), group.raw(), error);
        });
    }
    /// Removes all accounts from the group, or none.
    void unregister_group(const std::vector<AccountId> &accounts, AccountGroupId group) {
        const std::vector<openpit_account_id> ids = raw_ids(accounts);
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_unregister_group(engine_, ids.data(), ids.size(), group.raw(), error);
        });
    }
    /// The account's group, or the default group.
    AccountGroupId group_of(AccountId account) const {
        openpit_account_group_id group = 0;
        detail::require(openpit_engine_group_of(engine_, account.raw(), &group));
        return AccountGroupId(group);
    }

    /// An account that is blocked already keeps its cause.
    void block(AccountId account, std::string_view reason) {
        detail::require(openpit_engine_block_account(engine_, account.raw(), detail::text(reason)));
    }
    /// Blocks with a cause of any policy; its scope is ignored.
    void block(AccountId account, const Reject &cause) {
        detail::require(openpit_engine_block_account_with_cause(engine_, account.raw(), &cause.raw()));
    }
    /// Lifts the account's own block, whoever placed it.
    void unblock(AccountId account) { detail::require(openpit_engine_unblock_account(engine_, account.raw())); }
    /// Throws for an account that is not blocked.
    void replace_block_reason(AccountId account, std::string_view reason) {
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_replace_block_reason(engine_, account.raw(), detail::text(reason), error);
        });
    }
    void block_group(AccountGroupId group, std::string_view reason) {
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_block_group(engine_, group.raw(), detail::text(reason), error);
        });
    }
    void unblock_group(AccountGroupId group) {
        detail::require_with_error(
            [&](openpit_error *error) { return openpit_engine_unblock_group(engine_, group.raw(), error); });
    }
    /// Throws for a group that is not blocked.
    void replace_group_block_reason(AccountGroupId group, std::string_view reason) {
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_replace_group_block_reason(engine_, group.raw(), detail::text(reason), error);
        });
    }
    /// Lifts the block of every account that a report without an account, or a failed mutation, left behind. Others stay.
    void unblock_all() { detail::require(openpit_engine_unblock_all(engine_)); }

    /// Whether an order of this account would meet a block now; the block is then the only one in `result`.
    bool read_block(AccountId account, Result &result) const {
        detail::require(openpit_engine_read_account_block(engine_, account.raw(), result.raw()));
        return !result.blocks().empty();
    }
    bool is_blocked(AccountId account) const {
        Result result;
        return read_block(account, result);
    }

    /// The account's own currency comes first, then its group's, then that of the default group. None clears.
    void set_currency(AccountId account, std::optional<Asset> currency) {
        detail::require(openpit_engine_set_account_currency(engine_, account.raw(), raw_id(currency)));
    }
    void set_group_currency(AccountGroupId group, std::optional<Asset> currency) {
        detail::require(openpit_engine_set_group_currency(engine_, group.raw(), raw_id(currency)));
    }
    /// The currency that applies to the account.
    std::optional<Asset> currency(AccountId account) const {
        openpit_asset currency = 0;
        detail::require(openpit_engine_account_currency(engine_, account.raw(), &currency));
        return detail::asset(currency);
    }

private:
    static std::vector<openpit_account_id> raw_ids(const std::vector<AccountId> &accounts) {
        std::vector<openpit_account_id> ids;
        ids.reserve(accounts.size());
        for (const AccountId account : accounts) ids.push_back(account.raw());
        return ids;
    }
    static openpit_asset raw_id(std::optional<Asset> asset) noexcept { return asset ? asset->raw() : 0; }

    openpit_engine *engine_;
};

/**
 * Checks orders. Made by an EngineBuilder; threads as its SyncMode says.
 *
 * Each check comes twice: one form returns all there is to say, the other writes it to a Result of the caller's and allocates
 * nothing.
 */
class Engine {
public:
    explicit Engine(openpit_engine *owned) noexcept : handle_(owned) {}

    /// One more owner of the same engine; the last one closes it.
    Engine share() const {
        detail::require(openpit_engine_retain(raw()));
        return Engine(raw());
    }

    /// Start stage and main stage in one call.
    Decision<Reservation> execute_pre_trade(const Order &order) {
        Result result;
        Reservation reservation = execute_pre_trade(order, result);
        return {std::move(reservation), std::move(result)};
    }
    /// The reservation is empty when the order was rejected.
    Reservation execute_pre_trade(const Order &order, Result &result) {
        openpit_reservation reservation = 0;
        detail::require(openpit_engine_execute_pre_trade(raw(), &order.raw(), result.raw(), &reservation));
        return {raw(), reservation};
    }

    /// The start stage alone; the request it grants runs the main stage.
    Decision<Request> start_pre_trade(const Order &order) {
        Result result;
        Request request = start_pre_trade(order, result);
        return {std::move(request), std::move(result)};
    }
    /// The request is empty when the order was rejected.
    Request start_pre_trade(const Order &order, Result &result) {
        openpit_request request = 0;
        detail::require(openpit_engine_start_pre_trade(raw(), &order.raw(), result.raw(), &request));
        return {raw(), request};
    }

    /// Dry runs give the verdict a real call would give now and change nothing.
    DryRun execute_pre_trade_dry_run(const Order &order) {
        Result result;
        const bool passed = execute_pre_trade_dry_run(order, result);
        return {passed, std::move(result)};
    }
    bool execute_pre_trade_dry_run(const Order &order, Result &result) {
        std::uint8_t passed = 0;
        detail::require(openpit_engine_execute_pre_trade_dry_run(raw(), &order.raw(), result.raw(), &passed));
        return passed != 0;
    }
    DryRun start_pre_trade_dry_run(const Order &order) {
        Result result;
        const bool passed = start_pre_trade_dry_run(order, result);
        return {passed, std::move(result)};
    }
    bool start_pre_trade_dry_run(const Order &order, Result &result) {
        std::uint8_t passed = 0;
        detail::require(openpit_engine_start_pre_trade_dry_run(raw(), &order.raw(), result.raw(), &passed));
        return passed != 0;
    }

    /// Feeds one report back. The result has blocks, outcomes and account P&Ls.
    Result apply_execution_report(const ExecutionReport &report) {
        Result result;
        apply_execution_report(report, result);
        return result;
    }
    void apply_execution_report(const ExecutionReport &report, Result &result) {
        detail::require(openpit_engine_apply_execution_report(raw(), &report.raw(), result.raw()));
    }

    /// Applies a batch of adjustments to one account, all or none.
    AdjustmentDecision apply_account_adjustment(AccountId account, const std::vector<Adjustment> &adjustments) {
        std::vector<openpit_adjustment> items;
        items.reserve(adjustments.size());
        for (const Adjustment &adjustment : adjustments) items.push_back(adjustment.raw());

        Result result;
        std::size_t failed_index = 0;
        detail::require(openpit_engine_apply_account_adjustment(raw(), account.raw(), items.data(), items.size(),
                                                                result.raw(), &failed_index));
        if (failed_index == items.size()) return {std::nullopt, std::move(result)};
        return {failed_index, std::move(result)};
    }

    /// Records an order that is live elsewhere already; rejects are ignored but for the blocks they ask for.
    DropCopy apply_drop_copy(const Order &order, Result &result) {
        openpit_reservation reservation = 0;
        std::uint8_t is_blocked = 0;
        detail::require(openpit_engine_apply_drop_copy(raw(), &order.raw(), result.raw(), &reservation, &is_blocked));
        return {Reservation(raw(), reservation), is_blocked != 0};
    }

    /// What spot funds know of an account and an asset: zeros where nothing is known. Throws without spot funds.
    Holding holding(AccountId account, Asset asset) const {
        auto holding = detail::sized<openpit_holding>();
        detail::require(openpit_engine_read_holding(raw(), account.raw(), asset.raw(), &holding));
        return Holding(holding);
    }
    /// The account's P&L; none when it has stopped. Throws without spot funds.
    std::optional<Pnl> spot_funds_account_pnl(AccountId account) const {
        openpit_decimal pnl{};
        openpit_halt_reason halt = OPENPIT_HALT_NONE;
        detail::require(openpit_engine_read_spot_funds_account_pnl(raw(), account.raw(), &pnl, &halt));
        return detail::number<Pnl>(halt == OPENPIT_HALT_NONE, pnl);
    }

    /// Borrowed from this engine.
    Accounts accounts() & { return Accounts(raw()); }
    Accounts accounts() && = delete;

    /// For the next order on. All or nothing.
    void configure(const SpotFundsSettings &settings) {
        const openpit_spot_funds_settings native = settings.raw();
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_configure_spot_funds(raw(), detail::text(SpotFunds::name), &native, error);
        });
    }
    /// An engine of Compatibility::V0_10 judges the accounts at once: the result has the new blocks this led to.
    Result configure(const SpotFundsBarriers &barriers) {
        Result result;
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_configure_spot_funds_barriers(raw(), detail::text(SpotFunds::name),
                                                                barriers.targets(), barriers.raw().data(),
                                                                barriers.raw().size(), result.raw(), error);
        });
        return result;
    }
    /// Asserts an account's P&L, which is judged at once: the result has the block it led to.
    Result set_spot_funds_account_pnl(AccountId account, const Pnl &pnl) {
        return set_spot_funds_account_pnl(account, pnl, HaltReason::None);
    }
    /// Says why an account has no P&L.
    Result set_spot_funds_account_pnl(AccountId account, HaltReason reason) {
        return set_spot_funds_account_pnl(account, Pnl(), reason);
    }

    /// The barriers take the place of all barriers on the axes they name, for the next order on. All or nothing.
    void configure(const RateLimit &limit) { configure_with(openpit_engine_configure_rate_limit, limit); }
    void configure(const OrderSizeLimit &limit) { configure_with(openpit_engine_configure_order_size_limit, limit); }
    void configure(const PnlKillSwitch &limit) { configure_with(openpit_engine_configure_pnl_kill_switch, limit); }
    /// Sets the kill switch's total. Nothing is checked before the next order or report.
    void set_account_pnl(AccountId account, Asset settlement, const Pnl &pnl) {
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_set_account_pnl(raw(), detail::text(PnlKillSwitch::name), account.raw(),
                                                  settlement.raw(), pnl.raw(), error);
        });
    }

    openpit_engine *raw() const & { return handle_.get(); }
    openpit_engine *raw() const && = delete;

private:
    Result set_spot_funds_account_pnl(AccountId account, const Pnl &pnl, HaltReason reason) {
        Result result;
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_set_spot_funds_account_pnl(raw(), detail::text(SpotFunds::name), account.raw(),
                                                             pnl.raw(), static_cast<openpit_halt_reason>(reason),
                                                             result.raw(), error);
        });
        return result;
    }

    template <class Call, class Policy> void configure_with(Call call, const Policy &policy) {
        const auto &barriers = policy.barriers();
        detail::require_with_error([&](openpit_error *error) {
            return call(raw(), detail::text(Policy::name), policy.axes(), barriers.data(), barriers.size(), error);
        });
    }

    detail::Owned<openpit_engine, openpit_engine_destroy> handle_;
};

// ---- Custom policies ------------------------------------------------------------------------------------------------

namespace detail {

/// Runs a callback: 0 when it returned, 1 when it threw.
template <class Callback> int has_thrown(Callback &callback) noexcept {
    try {
        callback();
        return 0;
    } catch (...) {
        return 1;
    }
}

} // namespace detail

/// What a hook may say and ask. Lives as long as the hook runs.
class Context {
public:
    Context(openpit_context *context, std::string_view policy) noexcept : context_(context), policy_(policy) {}
    Context(const Context &) = delete;
    Context &operator=(const Context &) = delete;

    /// Says no. Checks and adjustment hooks only.
    void reject(const Reject &reject) { detail::require(openpit_context_reject(context_, &reject.raw())); }

    /**
     * Something to do when the order is kept, and something to do when it is undone: exactly one of the two runs, once. One
     * that may throw is taken note of by engines of Compatibility::V0_10 only: they block every account. Main checks and
     * adjustment hooks only, and start checks of a drop copy.
     */
    template <class Commit, class Rollback> void add_mutation(Commit commit, Rollback rollback) {
        static_assert(std::is_invocable_v<Commit &>, "commit must be callable");
        static_assert(std::is_invocable_v<Rollback &>, "rollback must be callable");
        struct Actions {
            Commit commit;
            Rollback rollback;
        };
        auto actions = std::make_unique<Actions>(Actions{std::move(commit), std::move(rollback)});
        auto mutation = detail::sized<openpit_mutation>();
        mutation.user_data = actions.get();
        mutation.commit = [](void *user_data) { return detail::has_thrown(static_cast<Actions *>(user_data)->commit); };
        mutation.rollback = [](void *user_data) {
            return detail::has_thrown(static_cast<Actions *>(user_data)->rollback);
        };
        mutation.release = [](void *user_data) { delete static_cast<Actions *>(user_data); };
        detail::require(openpit_context_add_mutation(context_, &mutation));
        static_cast<void>(actions.release());
    }

    /// Adds a lock price under the policy's group. Main checks only.
    void add_lock_price(const Price &price) { detail::require(openpit_context_add_lock_price(context_, price.raw())); }
    /// Publishes what happened to an asset. Not in start checks.
    void add_outcome(const Outcome &outcome) { detail::require(openpit_context_add_outcome(context_, &outcome.raw())); }
    /// Report hooks only.
    void add_account_pnl(const AccountPnl &pnl) {
        detail::require(openpit_context_add_account_pnl(context_, &pnl.raw()));
    }
    /// Asks for a block, to be recorded when the call is done. Report and adjustment hooks only.
    /// Names this policy unless the block names one.
    void add_block(const Reject &block) {
        const Reject named_block = named(block);
        detail::require(openpit_context_add_block(context_, &named_block.raw()));
    }
    /// Blocks the account of this call at once and for good, whatever becomes of the call. Does nothing in a dry run.
    /// Names this policy unless the cause names one.
    void block_account(const Reject &cause) {
        const Reject named_cause = named(cause);
        detail::require(openpit_context_block_account(context_, &named_cause.raw()));
    }

    /// The account of this call, if it has one.
    std::optional<AccountId> account() const {
        openpit_account_id account = 0;
        const openpit_status status = openpit_context_account(context_, &account);
        if (status == OPENPIT_STATUS_NOT_FOUND) return std::nullopt;
        detail::require(status);
        return AccountId(account);
    }
    /// The account's group as it was when the call, or the request, first asked.
    AccountGroupId account_group() const {
        openpit_account_group_id group = 0;
        detail::require(openpit_context_account_group(context_, &group));
        return AccountGroupId(group);
    }
    bool is_dry_run() const noexcept { return openpit_context_is_dry_run(context_) != 0; }
    /// The engine that is calling. A hook may use it.
    Engine engine() const {
        openpit_engine *engine = openpit_context_engine(context_);
        detail::require(openpit_engine_retain(engine));
        return Engine(engine);
    }

private:
    Reject named(Reject reject) const noexcept { return reject.policy().empty() ? reject.policy(policy_) : reject; }

    openpit_context *context_;
    std::string_view policy_;
};

/**
 * A control of your own: derive, override the hooks you need, and add it to a builder.
 *
 * A hook that throws has failed, and so has one whose Context throws, though it catches that. A failed check rejects the order
 * with RejectCode::SystemUnavailable; a failed adjustment hook undoes its batch, whose call throws Error with
 * Status::CallbackFailed; a failed report hook makes its call throw with Status::DoneCallbackFailed when the report has been
 * applied: a Result that was passed is written, and the report must not be sent again. No lock is held while a hook runs, so
 * it may call the engine. An engine used by several threads calls its policies from these threads. Cancelling a thread in
 * a hook, or ending it there, ends the process.
 */
class Policy {
public:
    /// `name` has to be unique in an engine.
    explicit Policy(std::string name, PolicyGroupId policy_group = 0)
        : name_(std::move(name)), policy_group_(policy_group) {}
    Policy(const Policy &) = delete;
    Policy &operator=(const Policy &) = delete;
    virtual ~Policy() = default;

    const std::string &name() const & noexcept { return name_; }
    const std::string &name() const && = delete;
    PolicyGroupId policy_group() const noexcept { return policy_group_; }

    /// Start stage. May reject.
    virtual void check_pre_trade_start(Context &, const Order &) {}
    /// Main stage. May reject, register mutations, publish outcomes and lock prices.
    virtual void perform_pre_trade_check(Context &, const Order &) {}
    /// May ask for blocks and publish outcomes and account P&Ls.
    virtual void apply_execution_report(Context &, const ExecutionReport &) {}
    /// May reject, register mutations, ask for blocks and publish outcomes.
    virtual void apply_account_adjustment(Context &, AccountId, const Adjustment &) {}
    /// The checks in a dry run. Override them when the ordinary ones change something of their own.
    virtual void check_pre_trade_start_dry_run(Context &context, const Order &order) {
        check_pre_trade_start(context, order);
    }
    virtual void perform_pre_trade_check_dry_run(Context &context, const Order &order) {
        perform_pre_trade_check(context, order);
    }
    /// Called with what a hook threw, before the hook counts as failed: the place to log it.
    virtual void hook_failed(std::exception_ptr) noexcept {}

private:
    std::string name_;
    PolicyGroupId policy_group_;
};

namespace detail {

/// The way from the C table of functions to the virtual ones. Exceptions end here.
class PolicyTable {
public:
    static openpit_policy make(std::shared_ptr<Policy> *holder) noexcept {
        auto table = sized<openpit_policy>();
        table.policy_group = (*holder)->policy_group();
        table.name = text((*holder)->name());
        table.user_data = holder;
        table.check_pre_trade_start = check<&Policy::check_pre_trade_start>;
        table.perform_pre_trade_check = check<&Policy::perform_pre_trade_check>;
        table.check_pre_trade_start_dry_run = check<&Policy::check_pre_trade_start_dry_run>;
        table.perform_pre_trade_check_dry_run = check<&Policy::perform_pre_trade_check_dry_run>;
        table.apply_execution_report = [](void *holder_data, openpit_context *context, const openpit_report *report) {
            return call(holder_data, context, [&](Policy &policy, Context &hook_context) {
                policy.apply_execution_report(hook_context, ExecutionReport(*report));
            });
        };
        table.apply_account_adjustment = [](void *holder_data, openpit_context *context, openpit_account_id account,
                                            const openpit_adjustment *adjustment) {
            return call(holder_data, context, [&](Policy &policy, Context &hook_context) {
                policy.apply_account_adjustment(hook_context, AccountId(account), Adjustment(*adjustment));
            });
        };
        table.destroy = [](void *holder_data) { delete static_cast<std::shared_ptr<Policy> *>(holder_data); };
        return table;
    }

private:
    template <void (Policy::*Hook)(Context &, const Order &)>
    static int check(void *holder_data, openpit_context *context, const openpit_order *order) noexcept {
        return call(holder_data, context,
                    [&](Policy &policy, Context &hook_context) { (policy.*Hook)(hook_context, Order(*order)); });
    }

    template <class Hook> static int call(void *holder_data, openpit_context *context, Hook hook) noexcept {
        Policy &policy = **static_cast<std::shared_ptr<Policy> *>(holder_data);
        try {
            Context hook_context(context, policy.name());
            hook(policy, hook_context);
            return 0;
        } catch (...) {
            policy.hook_failed(std::current_exception());
            return 1;
        }
    }
};

} // namespace detail

// ---- Building an engine ---------------------------------------------------------------------------------------------

/// Collects policies and makes one engine. The order in which they are added is the order in which they run.
class EngineBuilder {
public:
    /// With the system's monotonic clock.
    explicit EngineBuilder(SyncMode sync_mode = SyncMode::None, Compatibility compatibility = Compatibility::V0_7)
        : EngineBuilder(sync_mode, nullptr, compatibility) {}
    EngineBuilder(SyncMode sync_mode, const Clock &clock, Compatibility compatibility = Compatibility::V0_7)
        : EngineBuilder(sync_mode, clock.raw(), compatibility) {}

    EngineBuilder &add(const OrderValidation &validation) {
        detail::require(openpit_engine_builder_add_order_validation(raw(), validation.policy_group));
        return *this;
    }
    EngineBuilder &add(const RateLimit &limit) { return add_with(openpit_engine_builder_add_rate_limit, limit); }
    EngineBuilder &add(const OrderSizeLimit &limit) {
        return add_with(openpit_engine_builder_add_order_size_limit, limit);
    }
    EngineBuilder &add(const PnlKillSwitch &limit) {
        return add_with(openpit_engine_builder_add_pnl_kill_switch, limit);
    }
    /// One of them in an engine.
    EngineBuilder &add(const SpotFunds &funds) {
        const openpit_spot_funds_settings settings = funds.settings.raw();
        const auto &barriers = funds.barriers.raw();
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_builder_add_spot_funds(
                raw(), funds.policy_group, funds.market_data == nullptr ? nullptr : funds.market_data->raw(), &settings,
                barriers.data(), barriers.size(), error);
        });
        return *this;
    }
    /// Takes a std::unique_ptr too. A shared policy may be added to several engines.
    EngineBuilder &add(std::shared_ptr<Policy> policy) {
        if (policy == nullptr) throw Error(Status::NullArgument);
        auto holder = std::make_unique<std::shared_ptr<Policy>>(std::move(policy));
        const openpit_policy table = detail::PolicyTable::make(holder.get());
        detail::require(openpit_engine_builder_add_policy(raw(), &table));
        static_cast<void>(holder.release());
        return *this;
    }

    /// Once: the builder is spent even when this throws. Throws without policies, and for two of one name or one group.
    Engine build() {
        openpit_engine *engine = nullptr;
        detail::require_with_error(
            [&](openpit_error *error) { return openpit_engine_builder_build(raw(), &engine, error); });
        return Engine(engine);
    }

    openpit_engine_builder *raw() const & { return handle_.get(); }
    openpit_engine_builder *raw() const && = delete;

private:
    EngineBuilder(SyncMode sync_mode, openpit_clock *clock, Compatibility compatibility) {
        auto options = detail::sized<openpit_engine_options>();
        options.sync_mode = static_cast<openpit_sync_mode>(sync_mode);
        options.clock = clock;
        options.compatibility = static_cast<openpit_compatibility>(compatibility);
        openpit_engine_builder *builder = nullptr;
        detail::require(openpit_engine_builder_create(&options, &builder));
        handle_ = detail::Owned<openpit_engine_builder, openpit_engine_builder_destroy>(builder);
    }

    template <class Add, class Barriers> EngineBuilder &add_with(Add add_policy, const Barriers &policy) {
        const auto &barriers = policy.barriers();
        detail::require_with_error([&](openpit_error *error) {
            return add_policy(raw(), policy.policy_group(), barriers.data(), barriers.size(), error);
        });
        return *this;
    }

    detail::Owned<openpit_engine_builder, openpit_engine_builder_destroy> handle_;
};

} // namespace openpit

// ---- Hashes ---------------------------------------------------------------------------------------------------------

/// Equal numbers have equal hashes, whatever their scale.
template <openpit::Kind K> struct std::hash<openpit::Number<K>> {
    std::size_t operator()(const openpit::Number<K> &number) const noexcept {
        return static_cast<std::size_t>(openpit_decimal_hash(number.raw()));
    }
};
template <> struct std::hash<openpit::Asset> {
    std::size_t operator()(openpit::Asset asset) const noexcept { return std::hash<std::uint32_t>()(asset.raw()); }
};
template <> struct std::hash<openpit::Instrument> {
    std::size_t operator()(openpit::Instrument instrument) const noexcept {
        const std::uint64_t both =
            static_cast<std::uint64_t>(instrument.underlying.raw()) << 32 | instrument.settlement.raw();
        return std::hash<std::uint64_t>()(both);
    }
};
template <> struct std::hash<openpit::InstrumentId> {
    std::size_t operator()(openpit::InstrumentId instrument) const noexcept {
        return std::hash<std::uint64_t>()(instrument.raw());
    }
};
template <> struct std::hash<openpit::AccountId> {
    std::size_t operator()(openpit::AccountId account) const noexcept {
        return std::hash<std::uint64_t>()(account.raw());
    }
};
template <> struct std::hash<openpit::AccountGroupId> {
    std::size_t operator()(openpit::AccountGroupId group) const noexcept {
        return std::hash<std::uint32_t>()(group.raw());
    }
};

#endif
