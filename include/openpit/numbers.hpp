/*
 * openpit/numbers.hpp: exact decimal numbers, their arithmetic, and the formulas between kinds.
 *
 * What holds for all of them is told in openpit.hpp.
 */
#ifndef OPENPIT_NUMBERS_HPP
#define OPENPIT_NUMBERS_HPP

#include "base.hpp"
#include "numbers.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>

namespace openpit {

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
using LimitNumber = PositionSize;                ///< What a metric of a limit measures; any sign.

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

namespace detail {

template <class Value> std::optional<Value> number(bool present, const openpit_decimal &raw) noexcept {
    if (!present) return std::nullopt;
    return Value(Checked(), raw);
}
inline std::optional<Leverage> leverage(std::uint16_t tenths) noexcept {
    if (tenths == 0) return std::nullopt;
    return Leverage(Checked(), tenths);
}

} // namespace detail

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

} // namespace openpit

// ---- Hashes ---------------------------------------------------------------------------------------------------------

/// Equal numbers have equal hashes, whatever their scale.
template <openpit::Kind K> struct std::hash<openpit::Number<K>> {
    std::size_t operator()(const openpit::Number<K> &number) const noexcept {
        return static_cast<std::size_t>(openpit_decimal_hash(number.raw()));
    }
};

#endif
