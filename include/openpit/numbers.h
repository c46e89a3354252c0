/*
 * openpit/numbers.h: exact decimal numbers, their arithmetic, and the formulas between kinds.
 *
 * What holds for all of them is told in openpit.h.
 */
#ifndef OPENPIT_NUMBERS_H
#define OPENPIT_NUMBERS_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Numbers ------------------------------------------------------------------------------------------------- */

/**
 * An exact decimal number: (-1)^negative * (high * 2^64 + low) * 10^-scale, scale 0 to 28.
 *
 * The scale is data: 1.50 and 1.5 are equal and print differently. A zero may be negative; it equals zero.
 */
typedef struct openpit_decimal {
    uint64_t low;
    uint32_t high;
    uint8_t scale;
    uint8_t negative; /* 0 or 1 */
    uint16_t reserved;
} openpit_decimal;

/** What a number means. The kind decides whether it may be negative, and names it in messages. */
typedef uint32_t openpit_kind;
enum {
    OPENPIT_KIND_QUANTITY = 0,     /* instrument units; never negative */
    OPENPIT_KIND_VOLUME = 1,       /* settlement currency; never negative */
    OPENPIT_KIND_NOTIONAL = 2,     /* exposure in settlement currency; never negative */
    OPENPIT_KIND_PRICE = 3,        /* per unit; any sign */
    OPENPIT_KIND_PNL = 4,          /* profit positive, loss negative */
    OPENPIT_KIND_FEE = 5,          /* cost positive, rebate negative */
    OPENPIT_KIND_CASH_FLOW = 6,    /* inflow positive, outflow negative */
    OPENPIT_KIND_POSITION_SIZE = 7 /* long positive, short negative */
};

/** How rounding to fewer digits chooses. */
typedef uint32_t openpit_rounding;
enum {
    OPENPIT_ROUNDING_NEAREST_EVEN = 0, /* an exact half goes to the even digit */
    OPENPIT_ROUNDING_HALF_AWAY = 1,    /* an exact half goes away from zero */
    OPENPIT_ROUNDING_UP = 2,           /* towards plus infinity */
    OPENPIT_ROUNDING_DOWN = 3          /* towards minus infinity */
};

/** The longest text openpit_decimal_format writes, in bytes. */
#define OPENPIT_DECIMAL_TEXT_CAPACITY 32

/** The kind's name, such as "Price"; NULL for a number that is no kind. Borrowed for ever. */
OPENPIT_API const char *openpit_kind_name(openpit_kind kind);

/** The whole number `value`; every 64-bit number is a decimal. */
OPENPIT_API openpit_decimal openpit_decimal_from_int64(int64_t value);
OPENPIT_API openpit_decimal openpit_decimal_from_uint64(uint64_t value);

/**
 * Reads a number: optional sign, digits with at most one point, `_` between digits, optional exponent. Digits beyond 28
 * places are rounded half away from zero. White space, "nan" and "inf" are refused.
 */
OPENPIT_API openpit_status openpit_decimal_parse(openpit_kind kind, openpit_text text, openpit_decimal *value,
                                                 openpit_error *error);

/** The number whose text is the shortest one that reads back as `value`: 0.1 becomes 0.1. */
OPENPIT_API openpit_status openpit_decimal_from_double(openpit_kind kind, double value, openpit_decimal *result,
                                                       openpit_error *error);

/** The number nearest to `value` at fifteen to sixteen significant digits: 0.1 + 0.2 becomes 0.3. */
OPENPIT_API openpit_status openpit_decimal_from_double_rounded(openpit_kind kind, double value,
                                                               openpit_decimal *result);

/** Writes the number's text, exactly `scale` digits after the point, without a terminator. */
OPENPIT_API openpit_status openpit_decimal_format(openpit_decimal value, char *buffer, size_t capacity, size_t *length);

/** The nearest double; NaN for an invalid decimal. */
OPENPIT_API double openpit_decimal_to_double(openpit_decimal value);

/** OPENPIT_STATUS_OK when `value` is a valid decimal and its sign suits the kind. */
OPENPIT_API openpit_status openpit_decimal_validate(openpit_kind kind, openpit_decimal value);

/** -1, 0 or 1 as `left` is smaller than, equal to or greater than `right`, by value. Both must be valid. */
OPENPIT_API int openpit_decimal_compare(openpit_decimal left, openpit_decimal right);

/** Equal for equal values, whatever their scale; the same in every process. */
OPENPIT_API uint64_t openpit_decimal_hash(openpit_decimal value);

/* Arithmetic. Exact where the result fits, half-even at the last place where it does not. The result must suit the kind. */

OPENPIT_API openpit_status openpit_decimal_add(openpit_kind kind, openpit_decimal left, openpit_decimal right,
                                               openpit_decimal *result);
OPENPIT_API openpit_status openpit_decimal_subtract(openpit_kind kind, openpit_decimal left, openpit_decimal right,
                                                    openpit_decimal *result);
OPENPIT_API openpit_status openpit_decimal_multiply(openpit_kind kind, openpit_decimal left, openpit_decimal scalar,
                                                    openpit_decimal *result);
OPENPIT_API openpit_status openpit_decimal_divide(openpit_kind kind, openpit_decimal left, openpit_decimal scalar,
                                                  openpit_decimal *result);
/** The remainder of a division that truncates: it has the sign of `left`. */
OPENPIT_API openpit_status openpit_decimal_remainder(openpit_kind kind, openpit_decimal left, openpit_decimal scalar,
                                                     openpit_decimal *result);
OPENPIT_API openpit_status openpit_decimal_negate(openpit_kind kind, openpit_decimal value, openpit_decimal *result);
/** Rounds to at most `scale` digits after the point; never adds digits. */
OPENPIT_API openpit_status openpit_decimal_round(openpit_kind kind, openpit_decimal value, uint32_t scale,
                                                 openpit_rounding rounding, openpit_decimal *result);

/* Formulas between kinds. */

/** |price| * quantity. */
OPENPIT_API openpit_status openpit_calculate_volume(openpit_decimal price, openpit_decimal quantity,
                                                    openpit_decimal *volume);
/** volume / |price|; OPENPIT_STATUS_INVALID_PRICE for a price of zero. */
OPENPIT_API openpit_status openpit_calculate_quantity(openpit_decimal volume, openpit_decimal price,
                                                      openpit_decimal *quantity);
/** price * quantity with the price's sign. */
OPENPIT_API openpit_status openpit_calculate_position_size(openpit_decimal price, openpit_decimal quantity,
                                                           openpit_decimal *position_size);
/** notional / leverage. */
OPENPIT_API openpit_status openpit_calculate_margin(openpit_decimal notional, uint16_t leverage,
                                                    openpit_decimal *margin);
/** The same digits with the other sign, a zero included: what turns a fee into a P&L, or a volume into an outflow. */
OPENPIT_API openpit_decimal openpit_decimal_flip(openpit_decimal value);
OPENPIT_API openpit_decimal openpit_decimal_magnitude(openpit_decimal value);

/*
 * Leverage is a multiplier with one fractional digit, held in tenths: 10 is 1x, 30000 is 3000x. 0 means absent.
 */
#define OPENPIT_LEVERAGE_MIN 10
#define OPENPIT_LEVERAGE_MAX 30000

/** A whole multiplier, 1 to 3000; OPENPIT_STATUS_ARITHMETIC_OVERFLOW from 6554 on, where its tenths do not fit. */
OPENPIT_API openpit_status openpit_leverage_from_integer(uint64_t multiplier, uint16_t *leverage);
/** A multiplier within 1e-9 of a tenth. */
OPENPIT_API openpit_status openpit_leverage_from_double(double multiplier, uint16_t *leverage);

#ifdef __cplusplus
}
#endif

#endif
