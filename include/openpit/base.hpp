/*
 * openpit/base.hpp: what all others stand on: version, statuses and the one exception, threads, clock.
 *
 * What holds for all of them is told in openpit.hpp.
 */
#ifndef OPENPIT_BASE_HPP
#define OPENPIT_BASE_HPP

#include "base.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace openpit {

// ---- Version --------------------------------------------------------------------------------------------------------

/// The version of the library that was loaded, such as "0.1.0".
inline std::string_view version() noexcept { return openpit_version_string(); }

// ---- Errors ---------------------------------------------------------------------------------------------------------

/// What a call came to. The sentence of each is in openpit.h and in Error::what().
enum class Status : openpit_status {
    // generated: statuses, by tools/generate.py
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
    OrderState = OPENPIT_STATUS_ORDER_STATE,
    ExceedsRemaining = OPENPIT_STATUS_EXCEEDS_REMAINING,
    NotHalted = OPENPIT_STATUS_NOT_HALTED,
    DuplicateOrder = OPENPIT_STATUS_DUPLICATE_ORDER,
    InsufficientCash = OPENPIT_STATUS_INSUFFICIENT_CASH,
    FillReused = OPENPIT_STATUS_FILL_REUSED,
    Contradiction = OPENPIT_STATUS_CONTRADICTION,
    // end of generated
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

/// Not for use outside these headers.
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

// ---- Threads --------------------------------------------------------------------------------------------------------

/// Which threads may use an engine, or a market-data service.
enum class SyncMode : openpit_sync_mode {
    None = OPENPIT_SYNC_NONE,       ///< One call at a time; the caller sees to it. No locks.
    Full = OPENPIT_SYNC_FULL,       ///< Any thread, any handle, any time.
    Account = OPENPIT_SYNC_ACCOUNT, ///< Any thread, as long as no two calls for the same account overlap.
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

    /// At a civil time, since 1970: engines with limits take the time of a driven clock for Unix time.
    explicit Clock(std::chrono::nanoseconds unix_time) {
        openpit_clock *clock = nullptr;
        detail::require(openpit_clock_create_at(detail::nanoseconds(unix_time, Status::InvalidArgument), &clock));
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

} // namespace openpit

#endif
