// Every function of the sections "Status and errors" and "Numbers".
#include <math.h>
#include <openpit.h>

#include "check.h"

static openpit_text text(const char *string) { return (openpit_text){string, strlen(string)}; }

static openpit_decimal number(const char *string) {
    openpit_decimal value = {0};
    check_equal(openpit_decimal_parse(OPENPIT_KIND_PRICE, text(string), &value, NULL), OPENPIT_STATUS_OK);
    return value;
}

// The text of a number; valid until the next call but three.
static const char *spelt(openpit_decimal value) {
    static char buffers[4][OPENPIT_DECIMAL_TEXT_CAPACITY + 1];
    static unsigned next;
    char *buffer = buffers[next++ % 4];
    size_t length = 0;
    check_equal(openpit_decimal_format(value, buffer, OPENPIT_DECIMAL_TEXT_CAPACITY, &length), OPENPIT_STATUS_OK);
    buffer[length] = 0;
    return buffer;
}

#define LARGEST "79228162514264337593543950335"

// Three ways in which a decimal from outside can be wrong.
static const openpit_decimal wrong[] = {{.low = 1, .scale = 29}, {.low = 1, .negative = 2}, {.low = 1, .reserved = 1}};
enum { wrong_count = sizeof wrong / sizeof wrong[0] };

static const uint32_t kinds_without_sign[] = {OPENPIT_KIND_QUANTITY, OPENPIT_KIND_VOLUME, OPENPIT_KIND_NOTIONAL};

typedef openpit_status operation(openpit_kind, openpit_decimal, openpit_decimal, openpit_decimal *);
static operation *const operations[] = {openpit_decimal_add, openpit_decimal_subtract, openpit_decimal_multiply,
                                        openpit_decimal_divide, openpit_decimal_remainder};

static void test_status(void) {
    test("a status has a name and a message, also when it is none") {
        check_text(openpit_status_name(OPENPIT_STATUS_OK), "OK");
        check_text(openpit_status_name(OPENPIT_STATUS_NULL_ARGUMENT), "NULL_ARGUMENT");
        check_text(openpit_status_name(OPENPIT_STATUS_GROUP_NOT_BLOCKED), "GROUP_NOT_BLOCKED");
        check_text(openpit_status_message(OPENPIT_STATUS_NULL_ARGUMENT), "a required pointer is NULL");
        check_text(openpit_status_name(OPENPIT_STATUS_CALLBACK_FAILED), "CALLBACK_FAILED");
        check_text(openpit_status_name(OPENPIT_STATUS_DONE_CALLBACK_FAILED), "DONE_CALLBACK_FAILED");
        check_text(openpit_status_name(OPENPIT_STATUS_CONTEXT_ENDED), "CONTEXT_ENDED");
        check_text(openpit_status_name(19), "UNKNOWN");
        check_text(openpit_status_name(UINT32_MAX), "UNKNOWN");
        check(strlen(openpit_status_message(UINT32_MAX)) > 0);
    }
}

static void test_parse(void) {
    openpit_decimal value = {0};
    openpit_error error = {.struct_size = sizeof error};

    test("a number keeps the digits it is written with") {
        check_text(spelt(number("1.50")), "1.50");
        check_text(spelt(number("-1_000.5e-3")), "-1.0005");
        check_text(spelt(number("-" LARGEST)), "-" LARGEST);
        check_text(spelt(number("1e-28")), "0.0000000000000000000000000001");
    }
    test("a refused text is quoted under the name of its kind, with the cause") {
        static const struct {
            const char *text, *message;
            uint32_t cause;
            uint64_t value;
        } refused[] = {
            {"", "invalid format for Price: ''", OPENPIT_PARSE_CAUSE_CHARACTER, 0},
            {" 1", "invalid format for Price: ' 1'", OPENPIT_PARSE_CAUSE_CHARACTER, 0},
            {"nan", "invalid format for Price: 'nan'", OPENPIT_PARSE_CAUSE_CHARACTER, 0},
            {"79228162514264337593543950336", "invalid format for Price: '79228162514264337593543950336'",
             OPENPIT_PARSE_CAUSE_DIGITS, 0},
            {"1e-29", "invalid format for Price: '1e-29'", OPENPIT_PARSE_CAUSE_SCALE, 29},
            {"8e28", "invalid format for Price: '8e28'", OPENPIT_PARSE_CAUSE_MAGNITUDE, 0},
        };
        for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
            check_equal(openpit_decimal_parse(OPENPIT_KIND_PRICE, text(refused[i].text), &value, &error),
                        OPENPIT_STATUS_INVALID_FORMAT);
            check_equal(error.status, OPENPIT_STATUS_INVALID_FORMAT);
            check_text(error.message, refused[i].message);
            check_equal(error.message_length, strlen(refused[i].message));
            check_equal(error.cause, refused[i].cause);
            check_equal(error.value, refused[i].value);
        }
    }
    test("a negative number is refused where the kind has no sign") {
        static const char *const messages[] = {"value must be non-negative for Quantity",
                                               "value must be non-negative for Volume",
                                               "value must be non-negative for Notional"};
        for (size_t i = 0; i < 3; i++) {
            check_equal(openpit_decimal_parse(kinds_without_sign[i], text("-1"), &value, &error),
                        OPENPIT_STATUS_NEGATIVE_VALUE);
            check_text(error.message, messages[i]);
            check_equal(openpit_decimal_parse(kinds_without_sign[i], text("-0"), &value, NULL), OPENPIT_STATUS_OK);
        }
    }
    test("a message that is too long is cut at the edge of a character") {
        char text_of_euros[3002];
        for (size_t start = 0; start < 3; start++) {
            // None to two ASCII characters in front move the edge.
            memset(text_of_euros, 'x', start);
            for (size_t i = start; i < sizeof text_of_euros; i++) text_of_euros[i] = "\xE2\x82\xAC"[(i - start) % 3];
            check_equal(
                openpit_decimal_parse(OPENPIT_KIND_FEE, (openpit_text){text_of_euros, start + 2997}, &value, &error),
                OPENPIT_STATUS_INVALID_FORMAT);
            check(error.message_length < OPENPIT_ERROR_MESSAGE_CAPACITY);
            check(error.message_length + 3 >= OPENPIT_ERROR_MESSAGE_CAPACITY);
            check_equal(strlen(error.message), error.message_length);
            check(memcmp(error.message + error.message_length - 3, "\xE2\x82\xAC", 3) == 0);
        }
    }
    test("a mistake in the call is told from a bad text") {
        value = number("7");
        check_equal(openpit_decimal_parse(8, text("1"), &value, &error), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_decimal_parse(UINT32_MAX, text("1"), &value, NULL), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_decimal_parse(OPENPIT_KIND_FEE, text("1"), NULL, &error), OPENPIT_STATUS_NULL_ARGUMENT);
        check_text(error.message, openpit_status_message(OPENPIT_STATUS_NULL_ARGUMENT));
        check_equal(openpit_decimal_parse(OPENPIT_KIND_FEE, (openpit_text){NULL, 1}, &value, NULL),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_decimal_parse(OPENPIT_KIND_FEE, (openpit_text){NULL, 0}, &value, NULL),
                    OPENPIT_STATUS_INVALID_FORMAT);
        check_equal(openpit_decimal_parse(OPENPIT_KIND_FEE, (openpit_text){"1", SIZE_MAX}, &value, NULL),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_decimal_parse(OPENPIT_KIND_FEE, text("1\xFF"), &value, NULL), OPENPIT_STATUS_INVALID_UTF8);
        check_text(spelt(value), "7");
    }
    test("an error struct of a size that never was is refused and left alone") {
        openpit_error small = {.struct_size = sizeof small - 1, .status = 99};
        check_equal(openpit_decimal_parse(OPENPIT_KIND_FEE, text("1"), &value, &small), OPENPIT_STATUS_STRUCT_SIZE);
        check_equal(small.status, 99);
    }
    test("success leaves the error alone") {
        error.status = 99;
        check_equal(openpit_decimal_parse(OPENPIT_KIND_FEE, text("1"), &value, &error), OPENPIT_STATUS_OK);
        check_equal(error.status, 99);
    }
}

static void test_doubles(void) {
    openpit_decimal value = {0};
    openpit_error error = {.struct_size = sizeof error};

    test("a double becomes the number of its shortest text") {
        check_equal(openpit_decimal_from_double(OPENPIT_KIND_PRICE, 0.1 + 0.2, &value, NULL), OPENPIT_STATUS_OK);
        check_text(spelt(value), "0.30000000000000004");
        check_equal(openpit_decimal_from_double(OPENPIT_KIND_PRICE, -0.0, &value, NULL), OPENPIT_STATUS_OK);
        check_text(spelt(value), "0");
    }
    test("a double that is no number is spelt out") {
        check_equal(openpit_decimal_from_double(OPENPIT_KIND_PRICE, NAN, &value, &error), OPENPIT_STATUS_INVALID_FLOAT);
        check_text(error.message, "invalid format for Price: 'NaN'");
        check_equal(openpit_decimal_from_double(OPENPIT_KIND_PNL, -INFINITY, &value, &error),
                    OPENPIT_STATUS_INVALID_FLOAT);
        check_text(error.message, "invalid format for Pnl: '-inf'");
        check_equal(openpit_decimal_from_double(OPENPIT_KIND_PRICE, 1e29, &value, &error),
                    OPENPIT_STATUS_INVALID_FLOAT);
        check_text(error.message, "invalid format for Price: '100000000000000000000000000000'");
        check_equal(openpit_decimal_from_double(OPENPIT_KIND_VOLUME, -0.5, &value, &error),
                    OPENPIT_STATUS_NEGATIVE_VALUE);
        check_text(error.message, "value must be non-negative for Volume");
        check_equal(openpit_decimal_from_double(8, 1, &value, &error), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_decimal_from_double(0, 1, NULL, &error), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    test("a double can be rounded to what it was meant to be") {
        check_equal(openpit_decimal_from_double_rounded(OPENPIT_KIND_PRICE, 0.1 + 0.2, &value), OPENPIT_STATUS_OK);
        check_text(spelt(value), "0.3");
        check_equal(openpit_decimal_from_double_rounded(OPENPIT_KIND_QUANTITY, -1e-30, &value), OPENPIT_STATUS_OK);
        check_text(spelt(value), "-0");
        check_equal(openpit_decimal_from_double_rounded(OPENPIT_KIND_PRICE, NAN, &value), OPENPIT_STATUS_INVALID_FLOAT);
        check_equal(openpit_decimal_from_double_rounded(OPENPIT_KIND_PRICE, INFINITY, &value),
                    OPENPIT_STATUS_INVALID_FLOAT);
        check_equal(openpit_decimal_from_double_rounded(OPENPIT_KIND_PRICE, 1e29, &value),
                    OPENPIT_STATUS_INVALID_FLOAT);
        check_equal(openpit_decimal_from_double_rounded(OPENPIT_KIND_QUANTITY, -1.5, &value),
                    OPENPIT_STATUS_NEGATIVE_VALUE);
        check_equal(openpit_decimal_from_double_rounded(8, 1, &value), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_decimal_from_double_rounded(0, 1, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    test("a number becomes the nearest double") {
        check(openpit_decimal_to_double(number("0.1")) == 0.1);
        check(openpit_decimal_to_double(number("-12345.678")) == -12345.678);
        for (size_t i = 0; i < wrong_count; i++) check(isnan(openpit_decimal_to_double(wrong[i])));
    }
}

static void test_values(void) {
    test("integers become numbers without a digit behind the point") {
        check_text(spelt(openpit_decimal_from_int64(INT64_MIN)), "-9223372036854775808");
        check_text(spelt(openpit_decimal_from_int64(0)), "0");
        check_text(spelt(openpit_decimal_from_uint64(UINT64_MAX)), "18446744073709551615");
    }
    test("a kind has a name") {
        check_text(openpit_kind_name(OPENPIT_KIND_QUANTITY), "Quantity");
        check_text(openpit_kind_name(OPENPIT_KIND_POSITION_SIZE), "PositionSize");
        check(openpit_kind_name(8) == NULL);
    }
    test("a text that does not fit is not written") {
        char buffer[8] = "abcdefg";
        size_t length = 77;
        check_equal(openpit_decimal_format(number("-1.50"), buffer, 4, &length), OPENPIT_STATUS_BUFFER_TOO_SMALL);
        check_equal(length, 77);
        check_text(buffer, "abcdefg");
        check_equal(openpit_decimal_format(number("-1.50"), buffer, 5, &length), OPENPIT_STATUS_OK);
        check_equal(length, 5);
        check_text(buffer, "-1.50fg");
        check_equal(openpit_decimal_format(number("1"), buffer, SIZE_MAX, &length), OPENPIT_STATUS_OK);
        check_equal(openpit_decimal_format(number("1"), NULL, 8, &length), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_decimal_format(number("1"), buffer, 8, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_decimal_format(wrong[0], buffer, 8, &length), OPENPIT_STATUS_INVALID_DECIMAL);
    }
    test("the longest text fits in the capacity the header names") {
        char buffer[OPENPIT_DECIMAL_TEXT_CAPACITY];
        size_t length;
        openpit_decimal longest = {.low = UINT64_MAX, .high = UINT32_MAX, .scale = 28, .negative = 1};
        check_equal(openpit_decimal_format(longest, buffer, sizeof buffer, &length), OPENPIT_STATUS_OK);
        check_equal(length, 31);
    }
    test("a valid number suits its kind") {
        check_equal(openpit_decimal_validate(OPENPIT_KIND_PRICE, number("-1")), OPENPIT_STATUS_OK);
        check_equal(openpit_decimal_validate(OPENPIT_KIND_QUANTITY, number("-1")), OPENPIT_STATUS_NEGATIVE_VALUE);
        check_equal(openpit_decimal_validate(OPENPIT_KIND_QUANTITY, (openpit_decimal){.negative = 1}),
                    OPENPIT_STATUS_OK);
        check_equal(openpit_decimal_validate(8, number("1")), OPENPIT_STATUS_INVALID_ARGUMENT);
        for (size_t i = 0; i < wrong_count; i++)
            check_equal(openpit_decimal_validate(OPENPIT_KIND_PRICE, wrong[i]), OPENPIT_STATUS_INVALID_DECIMAL);
        check_equal(openpit_decimal_validate(OPENPIT_KIND_PRICE, (openpit_decimal){.scale = 28}), OPENPIT_STATUS_OK);
    }
    test("numbers are compared and hashed by value") {
        check_equal(openpit_decimal_compare(number("1.5"), number("1.50")), 0);
        check_equal(openpit_decimal_compare(number("-2"), number("1")), -1);
        check_equal(openpit_decimal_compare(number("2"), number("1.99")), 1);
        check_equal(openpit_decimal_compare(wrong[0], number("1")), 0);
        check(openpit_decimal_hash(number("1.5")) == openpit_decimal_hash(number("1.50")));
        check(openpit_decimal_hash(number("0.00")) == openpit_decimal_hash((openpit_decimal){.negative = 1}));
        check(openpit_decimal_hash(number("1.5")) != openpit_decimal_hash(number("-1.5")));
        check_equal(openpit_decimal_hash(wrong[0]), 0);
    }
    test("flipping keeps the digits, a zero included") {
        check_text(spelt(openpit_decimal_flip(number("3.180"))), "-3.180");
        check_text(spelt(openpit_decimal_flip(number("0.00"))), "-0.00");
        check_text(spelt(openpit_decimal_magnitude(number("-3.180"))), "3.180");
        check_equal(openpit_decimal_flip(wrong[0]).scale, 29);
        check_equal(openpit_decimal_magnitude(wrong[1]).negative, 2);
    }
}

static void test_arithmetic(void) {
    openpit_decimal result = {0};

    test("each operation computes") {
        static const char *const expected[] = {"9.5", "5.5", "15.0", "3.750", "1.5"};
        for (size_t i = 0; i < 5; i++) {
            check_equal(operations[i](OPENPIT_KIND_PRICE, number("7.5"), number("2"), &result), OPENPIT_STATUS_OK);
            check_text(spelt(result), expected[i]);
        }
    }
    test("each operation refuses bad arguments and leaves its result alone") {
        result = number("7");
        for (size_t i = 0; i < 5; i++) {
            openpit_decimal one = number("1");
            check_equal(operations[i](8, one, one, &result), OPENPIT_STATUS_INVALID_ARGUMENT);
            check_equal(operations[i](OPENPIT_KIND_PRICE, one, one, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
            for (size_t j = 0; j < wrong_count; j++) {
                check_equal(operations[i](OPENPIT_KIND_PRICE, wrong[j], one, &result), OPENPIT_STATUS_INVALID_DECIMAL);
                check_equal(operations[i](OPENPIT_KIND_PRICE, one, wrong[j], &result), OPENPIT_STATUS_INVALID_DECIMAL);
            }
            check_equal(operations[i](OPENPIT_KIND_QUANTITY, one, number("-1"), &result),
                        OPENPIT_STATUS_NEGATIVE_VALUE);
            check_equal(operations[i](OPENPIT_KIND_QUANTITY, number("-1"), one, &result),
                        OPENPIT_STATUS_NEGATIVE_VALUE);
        }
        check_text(spelt(result), "7");
    }
    test("each operation that can overflow says so, for every kind") {
        for (openpit_kind kind = 0; kind < 8; kind++) {
            check_equal(openpit_decimal_add(kind, number(LARGEST), number("1"), &result),
                        OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
            check_equal(openpit_decimal_multiply(kind, number(LARGEST), number("2"), &result),
                        OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
            check_equal(openpit_decimal_divide(kind, number(LARGEST), number("0.1"), &result),
                        OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
        }
        check_equal(openpit_decimal_subtract(OPENPIT_KIND_PNL, number("-" LARGEST), number("1"), &result),
                    OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
    }
    test("a subtraction below zero underflows where the kind has no sign") {
        for (size_t i = 0; i < 3; i++) {
            check_equal(openpit_decimal_subtract(kinds_without_sign[i], number("5"), number("7"), &result),
                        OPENPIT_STATUS_ARITHMETIC_UNDERFLOW);
            check_equal(openpit_decimal_subtract(kinds_without_sign[i], number("5"), number("5"), &result),
                        OPENPIT_STATUS_OK);
        }
    }
    test("dividing by zero has a status of its own") {
        check_equal(openpit_decimal_divide(OPENPIT_KIND_PRICE, number("1"), number("0.00"), &result),
                    OPENPIT_STATUS_DIVISION_BY_ZERO);
        check_equal(
            openpit_decimal_remainder(OPENPIT_KIND_QUANTITY, number("1"), (openpit_decimal){.negative = 1}, &result),
            OPENPIT_STATUS_DIVISION_BY_ZERO);
    }
    test("negating keeps the scale and suits the kind") {
        check_equal(openpit_decimal_negate(OPENPIT_KIND_PRICE, number("1.50"), &result), OPENPIT_STATUS_OK);
        check_text(spelt(result), "-1.50");
        check_equal(openpit_decimal_negate(OPENPIT_KIND_VOLUME, number("1"), &result), OPENPIT_STATUS_NEGATIVE_VALUE);
        check_equal(openpit_decimal_negate(8, number("1"), &result), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_decimal_negate(OPENPIT_KIND_PRICE, wrong[0], &result), OPENPIT_STATUS_INVALID_DECIMAL);
        check_equal(openpit_decimal_negate(OPENPIT_KIND_PRICE, number("1"), NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    test("rounding chooses as it is told") {
        static const char *const expected[] = {"-2", "-3", "-2", "-3"};
        for (openpit_rounding rounding = 0; rounding < 4; rounding++) {
            check_equal(openpit_decimal_round(OPENPIT_KIND_PRICE, number("-2.5"), 0, rounding, &result),
                        OPENPIT_STATUS_OK);
            check_text(spelt(result), expected[rounding]);
        }
        check_equal(openpit_decimal_round(OPENPIT_KIND_PRICE, number("1.25"), UINT32_MAX, 0, &result),
                    OPENPIT_STATUS_OK);
        check_text(spelt(result), "1.25");
        check_equal(openpit_decimal_round(OPENPIT_KIND_QUANTITY, number("-0.4"), 0, OPENPIT_ROUNDING_UP, &result),
                    OPENPIT_STATUS_OK);
        check_equal(openpit_decimal_round(OPENPIT_KIND_QUANTITY, number("-0.4"), 0, OPENPIT_ROUNDING_DOWN, &result),
                    OPENPIT_STATUS_NEGATIVE_VALUE);
        check_equal(openpit_decimal_round(OPENPIT_KIND_PRICE, number("1"), 0, 4, &result),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_decimal_round(OPENPIT_KIND_PRICE, number("1"), 0, 256, &result),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_decimal_round(8, number("1"), 0, 0, &result), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_decimal_round(OPENPIT_KIND_PRICE, wrong[0], 0, 0, &result), OPENPIT_STATUS_INVALID_DECIMAL);
        check_equal(openpit_decimal_round(OPENPIT_KIND_PRICE, number("1"), 0, 0, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    }
}

static void test_formulas(void) {
    openpit_decimal result = {0};

    test("a volume is the size of the price times the quantity") {
        check_equal(openpit_calculate_volume(number("-100"), number("8.0"), &result), OPENPIT_STATUS_OK);
        check_text(spelt(result), "800.0");
        check_equal(openpit_calculate_volume(number("1"), number("-8"), &result), OPENPIT_STATUS_NEGATIVE_VALUE);
        check_equal(openpit_calculate_volume(number(LARGEST), number("2"), &result),
                    OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
        check_equal(openpit_calculate_volume(wrong[0], number("8"), &result), OPENPIT_STATUS_INVALID_DECIMAL);
        check_equal(openpit_calculate_volume(number("8"), wrong[1], &result), OPENPIT_STATUS_INVALID_DECIMAL);
        check_equal(openpit_calculate_volume(number("1"), number("8"), NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    test("a quantity is the volume by the size of the price") {
        check_equal(openpit_calculate_quantity(number("100"), number("-8"), &result), OPENPIT_STATUS_OK);
        check_text(spelt(result), "12.50");
        check_equal(openpit_calculate_quantity(number("0"), number("0.00"), &result), OPENPIT_STATUS_INVALID_PRICE);
        check_equal(openpit_calculate_quantity(number("-1"), number("1"), &result), OPENPIT_STATUS_NEGATIVE_VALUE);
        check_equal(openpit_calculate_quantity(number(LARGEST), number("0.1"), &result),
                    OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
        check_equal(openpit_calculate_quantity(wrong[0], number("8"), &result), OPENPIT_STATUS_INVALID_DECIMAL);
        check_equal(openpit_calculate_quantity(number("8"), wrong[2], &result), OPENPIT_STATUS_INVALID_DECIMAL);
        check_equal(openpit_calculate_quantity(number("1"), number("8"), NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    test("a position size keeps the sign of the price") {
        check_equal(openpit_calculate_position_size(number("-50"), number("3"), &result), OPENPIT_STATUS_OK);
        check_text(spelt(result), "-150");
        check_equal(openpit_calculate_position_size(number("1"), number("-3"), &result), OPENPIT_STATUS_NEGATIVE_VALUE);
        check_equal(openpit_calculate_position_size(number(LARGEST), number("2"), &result),
                    OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
        check_equal(openpit_calculate_position_size(wrong[0], number("3"), &result), OPENPIT_STATUS_INVALID_DECIMAL);
        check_equal(openpit_calculate_position_size(number("1"), wrong[0], &result), OPENPIT_STATUS_INVALID_DECIMAL);
        check_equal(openpit_calculate_position_size(number("1"), number("3"), NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    test("a margin is the notional by the leverage") {
        check_equal(openpit_calculate_margin(number("1000"), 1005, &result), OPENPIT_STATUS_OK);
        check_text(spelt(result), "9.95024875621890547263681592");
        check_equal(openpit_calculate_margin(number("1000"), 9, &result), OPENPIT_STATUS_INVALID_LEVERAGE);
        check_equal(openpit_calculate_margin(number("1000"), 30001, &result), OPENPIT_STATUS_INVALID_LEVERAGE);
        check_equal(openpit_calculate_margin(number("-1"), 10, &result), OPENPIT_STATUS_NEGATIVE_VALUE);
        check_equal(openpit_calculate_margin(number("7922816251426433759354395034"), 10, &result),
                    OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
        check_equal(openpit_calculate_margin(wrong[0], 10, &result), OPENPIT_STATUS_INVALID_DECIMAL);
        check_equal(openpit_calculate_margin(number("1000"), 10, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    test("leverage is counted in tenths") {
        uint16_t leverage = 0;
        check_equal(openpit_leverage_from_integer(3000, &leverage), OPENPIT_STATUS_OK);
        check_equal(leverage, OPENPIT_LEVERAGE_MAX);
        check_equal(openpit_leverage_from_integer(0, &leverage), OPENPIT_STATUS_INVALID_LEVERAGE);
        check_equal(openpit_leverage_from_integer(3001, &leverage), OPENPIT_STATUS_INVALID_LEVERAGE);
        check_equal(openpit_leverage_from_integer(6554, &leverage), OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
        check_equal(openpit_leverage_from_integer(UINT64_MAX, &leverage), OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
        check_equal(openpit_leverage_from_integer(1, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_leverage_from_double(10.1, &leverage), OPENPIT_STATUS_OK);
        check_equal(leverage, 101);
        check_equal(openpit_leverage_from_double(10.15, &leverage), OPENPIT_STATUS_INVALID_LEVERAGE);
        check_equal(openpit_leverage_from_double(NAN, &leverage), OPENPIT_STATUS_INVALID_LEVERAGE);
        check_equal(openpit_leverage_from_double(INFINITY, &leverage), OPENPIT_STATUS_INVALID_LEVERAGE);
        check_equal(openpit_leverage_from_double(1, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(leverage, 101);
    }
}

int main(void) {
    test_status();
    test_parse();
    test_doubles();
    test_values();
    test_arithmetic();
    test_formulas();
    return report();
}
