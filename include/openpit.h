/*
 * openpit.h: the C interface of OpenPit, an embeddable pre-trade risk engine.
 *
 * An order passes the engine before it reaches a venue. Cheap start-stage checks come first; an order that passes them
 * becomes a request. Executing the request runs the main-stage checks, which may reserve. Either somebody rejects, and
 * everything done so far is undone in reverse order, or the caller holds a reservation and finalises it exactly once:
 * commit when the venue took the order, roll back when it did not. Execution reports feed results back, and a control
 * that has seen enough blocks the account.
 *
 * Ten lines that work:
 *
 *     openpit_engine_builder *builder;
 *     openpit_engine *engine;
 *     openpit_reservation reservation;
 *     openpit_order order = {.struct_size = sizeof order};
 *     openpit_engine_builder_create(NULL, &builder);
 *     openpit_engine_builder_add_order_validation(builder, 0);
 *     openpit_engine_builder_build(builder, &engine, NULL);
 *     order.amount = openpit_decimal_from_int64(10), order.amount_kind = OPENPIT_AMOUNT_QUANTITY;
 *     if (openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation) == OPENPIT_STATUS_OK && reservation != 0)
 *         openpit_engine_commit(engine, reservation);
 *
 * Conventions
 * -----------
 * Results.    A function that can fail returns an openpit_status; its outputs are written only on OPENPIT_STATUS_OK, and
 *             where callbacks can fail on the two statuses that say so. A business reject is not a failure: the call is OK
 *             and the reservation (or request) it wrote is 0.
 * Callbacks.  A callback that fails is told by one of two statuses: OPENPIT_STATUS_CALLBACK_FAILED, the call came to nothing
 *             and may be made again; OPENPIT_STATUS_DONE_CALLBACK_FAILED, it was carried out and must not be. Functions that
 *             can answer either say so; no other can.
 * Errors.     Where more can be said than the status itself, the last parameter takes an optional openpit_error of the
 *             caller. There is no hidden per-thread state and no text to free.
 * Structs.    Set struct_size to sizeof the struct and clear the rest; reserved fields stay zero.
 * Versions.   A program and a library of one OPENPIT_ABI_VERSION work together, whichever is older. A struct that begins with
 *             struct_size may have new fields at its end in a later version, where zero means what was so before; any
 *             other struct stays as it is. What one side does not know is zero to the other: a field that the library
 *             does not know must be zero, else OPENPIT_STATUS_UNKNOWN_FIELD, and is zero in what it fills; a field that
 *             the program does not know is left out. struct_size itself stays as the program set it. The items of an array
 *             lie struct_size apart, and all have the same. What a hook is shown is as large as its struct_size says.
 * Ownership.  OPENPIT_OWN marks what the caller must end with the function named there. Everything else that is
 *             returned is borrowed, and its description says for how long. Every *_destroy takes NULL.
 * Text.       UTF-8 with a length and without a terminator; a pointer may be NULL when its length is 0.
 * Threads.    Chosen when an engine is made, see openpit_sync_mode. Functions that take no handle are safe from any thread.
 * Bad input.  NULL, a foreign number, an unknown code, a stale id: each is answered with a status. Nothing traps, nothing
 *             is changed, nothing is lost.
 * Undefined.  A pointer that leads to no memory, or to less than its type; a handle that was destroyed; overlapping calls that
 *             the threads of the handle forbid; a hook that is left other than by returning. Of these the library tells
 *             what it can tell at no cost: a handle that was destroyed, or is one of another kind, answers
 *             OPENPIT_STATUS_DESTROYED, counts nothing, and is not destroyed again, as long as its memory has not been used
 *             for something else. Do not build on it. A clock and market data that an engine keeps are told from the caller's
 *             handle, which is always found out.
 *
 * What this file does not mention is private.
 */
#ifndef OPENPIT_H
#define OPENPIT_H

#include <stddef.h>
#include <stdint.h>

/** Marks what the shared library exports; everything else in it is hidden. */
#if defined(__GNUC__)
#define OPENPIT_API __attribute__((visibility("default")))
#else
#define OPENPIT_API
#endif

/** Marks an output that the caller owns and must end. */
#define OPENPIT_OWN

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ------------------------------------------------------------------------------------------------- */

#define OPENPIT_VERSION_MAJOR 0
#define OPENPIT_VERSION_MINOR 1
#define OPENPIT_VERSION_PATCH 0

/** The ABI generation this header describes; the shared library carries it in its soname. */
#define OPENPIT_ABI_VERSION 0

/**
 * The version of the library that was loaded, such as "0.1.0".
 *
 * @return borrowed; valid as long as the library is loaded.
 */
OPENPIT_API const char *openpit_version_string(void);

/**
 * The ABI generation of the library that was loaded. Compare it with OPENPIT_ABI_VERSION, which is what the caller
 * was compiled against: a different number means that the two must not be used together.
 */
OPENPIT_API uint32_t openpit_abi_version(void);

/* ---- Status and errors --------------------------------------------------------------------------------------- */

/** What a call came to. 0 is success; every other number is one of the mistakes below. */
typedef uint32_t openpit_status;
enum {
    OPENPIT_STATUS_OK = 0,
    /* The call itself was wrong. */
    OPENPIT_STATUS_NULL_ARGUMENT = 1,
    OPENPIT_STATUS_STRUCT_SIZE = 2,       /* struct_size is that of no version, or differs within an array */
    OPENPIT_STATUS_INVALID_ARGUMENT = 3,  /* an unknown enum number, a field bit or reserved field that must be zero */
    OPENPIT_STATUS_NOT_FOUND = 4,         /* no such request, reservation, asset or index: never made, or long gone */
    OPENPIT_STATUS_ALREADY_FINALIZED = 5, /* the request was executed, or the reservation committed or rolled back */
    OPENPIT_STATUS_ENGINE_CLOSED = 6,
    OPENPIT_STATUS_BUILDER_CONSUMED = 7,
    OPENPIT_STATUS_LIMIT_REACHED = 8, /* memory or an id space has run out */
    OPENPIT_STATUS_BUFFER_TOO_SMALL = 9,
    OPENPIT_STATUS_CALLBACK_FAILED = 10, /* a callback of a custom policy failed; the call has come to nothing */
    OPENPIT_STATUS_INTERNAL = 11,        /* a broken invariant of the library; the check has failed closed */
    OPENPIT_STATUS_DONE_CALLBACK_FAILED =
        12,                            /* the call was carried out, although a callback of a custom policy failed */
    OPENPIT_STATUS_CONTEXT_ENDED = 13, /* the hook that the openpit_context was given to has ended */
    OPENPIT_STATUS_UNKNOWN_FIELD = 14, /* a struct of a later version sets what this library does not know */
    OPENPIT_STATUS_DESTROYED = 15,     /* the handle was destroyed, or leads to something else */
    /* Numbers. */
    OPENPIT_STATUS_INVALID_FORMAT = 20,
    OPENPIT_STATUS_INVALID_FLOAT = 21,   /* not finite, or too large */
    OPENPIT_STATUS_INVALID_DECIMAL = 22, /* an openpit_decimal with a scale above 28 or a sign other than 0 and 1 */
    OPENPIT_STATUS_NEGATIVE_VALUE = 23,  /* a negative value where the kind has no sign */
    OPENPIT_STATUS_ARITHMETIC_OVERFLOW = 24,
    OPENPIT_STATUS_ARITHMETIC_UNDERFLOW = 25, /* a subtraction below zero where the kind has no sign */
    OPENPIT_STATUS_DIVISION_BY_ZERO = 26,
    OPENPIT_STATUS_INVALID_PRICE = 27, /* a price of zero where one divides by it */
    OPENPIT_STATUS_INVALID_LEVERAGE = 28,
    /* Names. */
    OPENPIT_STATUS_INVALID_UTF8 = 40,
    OPENPIT_STATUS_EMPTY_NAME = 41, /* empty, or nothing but white space */
    OPENPIT_STATUS_NAME_TOO_LONG = 42,
    /* Configuration. */
    OPENPIT_STATUS_NO_POLICIES = 60,
    OPENPIT_STATUS_DUPLICATE_POLICY_NAME = 61,
    OPENPIT_STATUS_DUPLICATE_POLICY_GROUP = 62,
    OPENPIT_STATUS_NO_BARRIERS = 63,
    OPENPIT_STATUS_NO_BOUNDS = 64,
    OPENPIT_STATUS_INVALID_WINDOW = 65,
    OPENPIT_STATUS_UNKNOWN_POLICY = 66,
    OPENPIT_STATUS_POLICY_TYPE_MISMATCH = 67,
    OPENPIT_STATUS_INVALID_SLIPPAGE = 68,
    OPENPIT_STATUS_SYNC_MODE_MISMATCH = 69, /* market data of a single thread in an engine of several */
    /* Accounts. */
    OPENPIT_STATUS_RESERVED_GROUP = 80, /* the default group, where only a named group will do */
    OPENPIT_STATUS_ALREADY_GROUPED = 81,
    OPENPIT_STATUS_OTHER_GROUP = 82, /* the account belongs to another group than the one named */
    OPENPIT_STATUS_NO_GROUP = 83,    /* the account belongs to no group */
    OPENPIT_STATUS_ACCOUNT_NOT_BLOCKED = 84,
    OPENPIT_STATUS_GROUP_NOT_BLOCKED = 85,
    OPENPIT_STATUS_ASSERTION_PENDING = 86, /* a batch that is still running has asserted the account's P&L */
    /* Market data and reference book. */
    OPENPIT_STATUS_UNKNOWN_INSTRUMENT = 100,
    OPENPIT_STATUS_QUOTE_UNAVAILABLE = 101, /* nobody pushed a quote to the places where the reader looks */
    OPENPIT_STATUS_QUOTE_EXPIRED = 102,
    OPENPIT_STATUS_GROUP_NEEDED = 103, /* the answer depends on the reader's group, which was not told */
    OPENPIT_STATUS_NO_TARGETS = 104,
    OPENPIT_STATUS_INSTRUMENT_REGISTERED = 105,
    OPENPIT_STATUS_INSTRUMENT_ID_TAKEN = 106
};

/** The status as a word, such as "NULL_ARGUMENT"; "UNKNOWN" for a number that is none. Borrowed for ever. */
OPENPIT_API const char *openpit_status_name(openpit_status status);

/** The status as a sentence, such as "a required pointer is NULL". Borrowed for ever. */
OPENPIT_API const char *openpit_status_message(openpit_status status);

/** Why a number's text was refused; the cause of an openpit_error with OPENPIT_STATUS_INVALID_FORMAT. */
enum {
    OPENPIT_PARSE_CAUSE_NONE = 0,
    OPENPIT_PARSE_CAUSE_CHARACTER = 1, /* a character that is no part of a number, or no digit at all */
    OPENPIT_PARSE_CAUSE_DIGITS = 2,    /* more digits before the point than fit */
    OPENPIT_PARSE_CAUSE_SCALE = 3,     /* an exponent below -28 ... */
    OPENPIT_PARSE_CAUSE_MAGNITUDE = 4  /* ... or one that lifts the number out of range */
};

#define OPENPIT_ERROR_MESSAGE_CAPACITY 472

/**
 * What a failed call has to say. The caller owns it, sets struct_size, and passes it where a call takes one. It is
 * written whenever that call fails and left alone when it succeeds.
 */
typedef struct openpit_error {
    uint32_t struct_size;
    openpit_status status;
    uint32_t cause;         /* OPENPIT_PARSE_CAUSE_*, or 0 */
    uint32_t account_group; /* the group concerned, or 0 */
    uint64_t account;       /* the account concerned, or 0 */
    uint64_t value;         /* the number concerned, or 0 */
    uint32_t message_length;
    uint32_t reserved;
    char message[OPENPIT_ERROR_MESSAGE_CAPACITY]; /* UTF-8, ends in 0, cut at a character's edge when too long */
} openpit_error;

/** Borrowed UTF-8 text without a terminator. */
typedef struct openpit_text {
    const char *data;
    size_t length;
} openpit_text;

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

/* ---- Names and ids ------------------------------------------------------------------------------------------- */

/**
 * A name of an asset, interned: equal names have equal ids in one process. 0 is no asset. Orders, reports, adjustments and
 * settings that name an asset nobody interned are refused with OPENPIT_STATUS_NOT_FOUND.
 *
 * Names are compared byte for byte and kept until the process ends. Interning hashes text; do it when an instrument is
 * made, not on every order.
 */
typedef uint32_t openpit_asset;

/** The longest asset or policy name, in bytes. */
#define OPENPIT_NAME_LENGTH_MAX 65536

/** The id of the asset with this name; one is made when the name is new. */
OPENPIT_API openpit_status openpit_asset_intern(openpit_text name, openpit_asset *asset);
/** The name of `asset`; borrowed for ever. */
OPENPIT_API openpit_status openpit_asset_name(openpit_asset asset, openpit_text *name);

/** An account. Any number is one. */
typedef uint64_t openpit_account_id;
/** A group of accounts. 0 is the default group, to which every account without a group belongs. */
typedef uint32_t openpit_account_group_id;
#define OPENPIT_DEFAULT_ACCOUNT_GROUP 0u

/** The account a text stands for: FNV-1a over its bytes, 64 bits. Refuses blank text. */
OPENPIT_API openpit_status openpit_account_id_from_text(openpit_text text, openpit_account_id *account);
/** The group a text stands for: FNV-1a over its bytes, 32 bits, never 0. Refuses blank text. */
OPENPIT_API openpit_status openpit_account_group_id_from_text(openpit_text text, openpit_account_group_id *group);

/** Which policy a lock price or an outcome belongs to. 0 may be shared; any other number names one policy. */
typedef uint16_t openpit_policy_group_id;

/** Which way an order or a trade goes. */
typedef uint8_t openpit_side;
enum { OPENPIT_SIDE_NONE = 0, OPENPIT_SIDE_BUY = 1, OPENPIT_SIDE_SELL = 2 };

/** Which of the two positions of a hedged account is meant. */
typedef uint8_t openpit_position_side;
enum { OPENPIT_POSITION_SIDE_NONE = 0, OPENPIT_POSITION_SIDE_LONG = 1, OPENPIT_POSITION_SIDE_SHORT = 2 };

/** Whether a trade opens or closes a position. */
typedef uint8_t openpit_position_effect;
enum { OPENPIT_POSITION_EFFECT_NONE = 0, OPENPIT_POSITION_EFFECT_OPEN = 1, OPENPIT_POSITION_EFFECT_CLOSE = 2 };

/** Whether an account has one position in an instrument or one a side. */
typedef uint8_t openpit_position_mode;
enum { OPENPIT_POSITION_MODE_NONE = 0, OPENPIT_POSITION_MODE_NETTING = 1, OPENPIT_POSITION_MODE_HEDGED = 2 };

/** Why a P&L ledger stopped computing. */
typedef uint8_t openpit_halt_reason;
enum {
    OPENPIT_HALT_NONE = 0,
    OPENPIT_HALT_MISSING_FX = 1,
    OPENPIT_HALT_MISSING_ACCOUNT_CURRENCY = 2,
    OPENPIT_HALT_MISSING_INITIAL_PNL = 3,
    OPENPIT_HALT_MISSING_COST_BASIS = 4,
    OPENPIT_HALT_ARITHMETIC_OVERFLOW = 5
};

/* ---- Orders, reports, adjustments ---------------------------------------------------------------------------- */

/** What an order's amount counts. */
typedef uint8_t openpit_amount_kind;
enum { OPENPIT_AMOUNT_NONE = 0, OPENPIT_AMOUNT_QUANTITY = 1, OPENPIT_AMOUNT_VOLUME = 2 };

/** Which optional fields of an openpit_order are set. A field whose bit is clear is absent, whatever it holds. */
enum {
    OPENPIT_ORDER_HAS_ACCOUNT = 1u << 0,
    OPENPIT_ORDER_HAS_PRICE = 1u << 1, /* without it: a market order */
    OPENPIT_ORDER_REDUCE_ONLY = 1u << 2,
    OPENPIT_ORDER_CLOSE_POSITION = 1u << 3,
    OPENPIT_ORDER_AUTO_BORROW = 1u << 4,
    OPENPIT_ORDER_ALL_FIELDS = (1u << 5) - 1
};

/**
 * An order as a strategy asks for it. Plain data, read while a call lasts and never afterwards. What custom policies or a
 * request will read again is copied first, and the copy is what is checked.
 */
typedef struct openpit_order {
    uint32_t struct_size;
    uint32_t fields; /* OPENPIT_ORDER_* bits */
    openpit_account_id account;
    openpit_asset underlying; /* both assets 0: no instrument */
    openpit_asset settlement;
    openpit_decimal amount;
    openpit_decimal price;
    openpit_amount_kind amount_kind; /* OPENPIT_AMOUNT_NONE: no amount */
    openpit_side side;
    openpit_position_side position_side;
    uint8_t reserved_byte;
    uint16_t leverage; /* tenths; 0: absent */
    uint16_t reserved_short;
    openpit_asset collateral; /* 0: absent */
    uint32_t reserved_word;
    void *user_data; /* passed through to custom policies */
    uint64_t reserved[2];
} openpit_order;

/** The price one policy's reservation was made at; a report brings it back. */
typedef struct openpit_lock_entry {
    openpit_decimal price;
    openpit_policy_group_id policy_group;
    uint16_t reserved_short;
    uint32_t reserved_word;
} openpit_lock_entry;

/** Which optional fields of an openpit_report are set. */
enum {
    OPENPIT_REPORT_HAS_ACCOUNT = 1u << 0,
    OPENPIT_REPORT_HAS_FINANCIAL_IMPACT = 1u << 1, /* pnl and fee */
    OPENPIT_REPORT_HAS_TRADE = 1u << 2,            /* trade_price and trade_quantity */
    OPENPIT_REPORT_HAS_FILL_FEE = 1u << 3,         /* fill_fee and fill_fee_asset */
    OPENPIT_REPORT_HAS_LEAVES_QUANTITY = 1u << 4,
    OPENPIT_REPORT_HAS_FINALITY = 1u << 5, /* is_final */
    OPENPIT_REPORT_HAS_LOCK = 1u << 6,     /* lock, which may be empty */
    OPENPIT_REPORT_ALL_FIELDS = (1u << 7) - 1
};

/** What became of an order: a fill, a fee, a cancel, a profit or a loss. Plain data but for the borrowed lock. */
typedef struct openpit_report {
    uint32_t struct_size;
    uint32_t fields; /* OPENPIT_REPORT_HAS_* bits */
    openpit_account_id account;
    openpit_asset underlying; /* both assets 0: no instrument */
    openpit_asset settlement;
    openpit_decimal pnl;
    openpit_decimal fee; /* cost positive */
    openpit_decimal trade_price;
    openpit_decimal trade_quantity;
    openpit_decimal fill_fee; /* cost positive */
    openpit_decimal leaves_quantity;
    openpit_asset fill_fee_asset;
    openpit_side side;
    openpit_position_effect position_effect;
    openpit_position_side position_side;
    uint8_t is_final;               /* 0 or 1 */
    const openpit_lock_entry *lock; /* borrowed for the call */
    size_t lock_count;
    void *user_data; /* passed through to custom policies */
    uint64_t reserved[2];
} openpit_report;

/** What an adjustment is about. */
typedef uint8_t openpit_adjustment_kind;
enum {
    OPENPIT_ADJUSTMENT_NONE = 0,
    OPENPIT_ADJUSTMENT_BALANCE = 1,    /* asset, average_entry_price, pnl or halt_reason */
    OPENPIT_ADJUSTMENT_POSITION = 2,   /* underlying, settlement, collateral, average_entry_price, mode, leverage */
    OPENPIT_ADJUSTMENT_ACCOUNT_PNL = 3 /* pnl or halt_reason */
};

/** How an adjustment changes one amount. */
typedef uint8_t openpit_change;
enum { OPENPIT_CHANGE_NONE = 0, OPENPIT_CHANGE_DELTA = 1, OPENPIT_CHANGE_ABSOLUTE = 2 };

/** Which optional fields of an openpit_adjustment are set. */
enum {
    OPENPIT_ADJUSTMENT_HAS_AVERAGE_ENTRY_PRICE = 1u << 0,
    OPENPIT_ADJUSTMENT_HAS_PNL = 1u << 1, /* pnl; a halt_reason other than 0 takes its place */
    OPENPIT_ADJUSTMENT_HAS_BALANCE_LOWER = 1u << 2,
    OPENPIT_ADJUSTMENT_HAS_BALANCE_UPPER = 1u << 3,
    OPENPIT_ADJUSTMENT_HAS_HELD_LOWER = 1u << 4,
    OPENPIT_ADJUSTMENT_HAS_HELD_UPPER = 1u << 5,
    OPENPIT_ADJUSTMENT_HAS_INCOMING_LOWER = 1u << 6,
    OPENPIT_ADJUSTMENT_HAS_INCOMING_UPPER = 1u << 7,
    OPENPIT_ADJUSTMENT_ALL_FIELDS = (1u << 8) - 1
};

/** A correction of what the engine believes an account holds. Bounds are inclusive and apply to the adjusted amount. */
typedef struct openpit_adjustment {
    uint32_t struct_size;
    uint32_t fields; /* OPENPIT_ADJUSTMENT_HAS_* bits */
    openpit_adjustment_kind kind;
    openpit_change balance_change;
    openpit_change held_change;
    openpit_change incoming_change;
    openpit_halt_reason halt_reason;
    openpit_position_mode mode;
    uint16_t leverage; /* tenths; 0: absent */
    openpit_asset asset;
    openpit_asset underlying;
    openpit_asset settlement;
    openpit_asset collateral;
    openpit_decimal average_entry_price;
    openpit_decimal pnl;
    openpit_decimal balance;
    openpit_decimal held;
    openpit_decimal incoming;
    openpit_decimal balance_lower;
    openpit_decimal balance_upper;
    openpit_decimal held_lower;
    openpit_decimal held_upper;
    openpit_decimal incoming_lower;
    openpit_decimal incoming_upper;
    void *user_data; /* passed through to custom policies */
    uint64_t reserved[2];
} openpit_adjustment;

/* ---- Results ------------------------------------------------------------------------------------------------- */

/** Why somebody said no. */
typedef uint16_t openpit_reject_code;
enum {
    OPENPIT_REJECT_MISSING_REQUIRED_FIELD = 1,
    OPENPIT_REJECT_INVALID_FIELD_FORMAT = 2,
    OPENPIT_REJECT_INVALID_FIELD_VALUE = 3,
    OPENPIT_REJECT_UNSUPPORTED_ORDER_TYPE = 4,
    OPENPIT_REJECT_UNSUPPORTED_TIME_IN_FORCE = 5,
    OPENPIT_REJECT_UNSUPPORTED_ORDER_ATTRIBUTE = 6,
    OPENPIT_REJECT_DUPLICATE_CLIENT_ORDER_ID = 7,
    OPENPIT_REJECT_TOO_LATE_TO_ENTER = 8,
    OPENPIT_REJECT_EXCHANGE_CLOSED = 9,
    OPENPIT_REJECT_UNKNOWN_INSTRUMENT = 10,
    OPENPIT_REJECT_UNKNOWN_ACCOUNT = 11,
    OPENPIT_REJECT_UNKNOWN_VENUE = 12,
    OPENPIT_REJECT_UNKNOWN_CLEARING_ACCOUNT = 13,
    OPENPIT_REJECT_UNKNOWN_COLLATERAL_ASSET = 14,
    OPENPIT_REJECT_INSUFFICIENT_FUNDS = 15,
    OPENPIT_REJECT_INSUFFICIENT_MARGIN = 16,
    OPENPIT_REJECT_INSUFFICIENT_POSITION = 17,
    OPENPIT_REJECT_CREDIT_LIMIT_EXCEEDED = 18,
    OPENPIT_REJECT_RISK_LIMIT_EXCEEDED = 19,
    OPENPIT_REJECT_ORDER_EXCEEDS_LIMIT = 20,
    OPENPIT_REJECT_ORDER_QTY_EXCEEDS_LIMIT = 21,
    OPENPIT_REJECT_ORDER_NOTIONAL_EXCEEDS_LIMIT = 22,
    OPENPIT_REJECT_POSITION_LIMIT_EXCEEDED = 23,
    OPENPIT_REJECT_CONCENTRATION_LIMIT_EXCEEDED = 24,
    OPENPIT_REJECT_LEVERAGE_LIMIT_EXCEEDED = 25,
    OPENPIT_REJECT_RATE_LIMIT_EXCEEDED = 26,
    OPENPIT_REJECT_PNL_KILL_SWITCH_TRIGGERED = 27,
    OPENPIT_REJECT_ACCOUNT_BLOCKED = 28,
    OPENPIT_REJECT_ACCOUNT_NOT_AUTHORIZED = 29,
    OPENPIT_REJECT_COMPLIANCE_RESTRICTION = 30,
    OPENPIT_REJECT_INSTRUMENT_RESTRICTED = 31,
    OPENPIT_REJECT_JURISDICTION_RESTRICTION = 32,
    OPENPIT_REJECT_WASH_TRADE_PREVENTION = 33,
    OPENPIT_REJECT_SELF_MATCH_PREVENTION = 34,
    OPENPIT_REJECT_SHORT_SALE_RESTRICTION = 35,
    OPENPIT_REJECT_RISK_CONFIGURATION_MISSING = 36,
    OPENPIT_REJECT_REFERENCE_DATA_UNAVAILABLE = 37,
    OPENPIT_REJECT_ORDER_VALUE_CALCULATION_FAILED = 38,
    OPENPIT_REJECT_SYSTEM_UNAVAILABLE = 39,
    OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE = 40,
    OPENPIT_REJECT_ACCOUNT_ADJUSTMENT_BOUNDS_EXCEEDED = 41,
    OPENPIT_REJECT_ARITHMETIC_OVERFLOW = 42,
    OPENPIT_REJECT_CUSTOM = 254, /* the caller's own; user_data says which */
    OPENPIT_REJECT_OTHER = 255
};

/** The code's name, such as "OrderQtyExceedsLimit"; NULL for a number that is none. Borrowed for ever. */
OPENPIT_API const char *openpit_reject_code_name(openpit_reject_code code);
/** What the code means, in a sentence; NULL for a number that is none. Borrowed for ever. */
OPENPIT_API const char *openpit_reject_code_message(openpit_reject_code code);

/** 1 for a code that says that a control could not come to a verdict, rather than what its verdict was; else 0. */
OPENPIT_API int openpit_reject_code_is_evaluation_failure(openpit_reject_code code);

/** What a reject stops: the order, or the account, which then stays blocked until somebody unblocks it. */
typedef uint8_t openpit_reject_scope;
enum { OPENPIT_SCOPE_ORDER = 1, OPENPIT_SCOPE_ACCOUNT = 2 };

/** One reject, or one block of an account. */
typedef struct openpit_reject {
    uint32_t struct_size;
    openpit_reject_code code;
    openpit_reject_scope scope;
    uint8_t reserved;
    uint64_t user_data;  /* 0 unless a custom policy set it */
    openpit_text policy; /* the policy's name, or "Engine" */
    openpit_text reason;
    openpit_text details;
} openpit_reject;

/** Which parts of an openpit_outcome are set. */
enum {
    OPENPIT_OUTCOME_HAS_BALANCE = 1u << 0,
    OPENPIT_OUTCOME_HAS_HELD = 1u << 1,
    OPENPIT_OUTCOME_HAS_INCOMING = 1u << 2,
    OPENPIT_OUTCOME_HAS_REALIZED_PNL = 1u << 3, /* realized_pnl; a halt_reason other than 0 takes its place */
    OPENPIT_OUTCOME_HAS_AVERAGE_ENTRY_PRICE = 1u << 4,
    OPENPIT_OUTCOME_ALL_FIELDS = (1u << 5) - 1
};

/** A change and what it led to. */
typedef struct openpit_amount_change {
    openpit_decimal delta;
    openpit_decimal absolute;
} openpit_amount_change;

/** What happened to one asset of the account. */
typedef struct openpit_outcome {
    uint32_t struct_size;
    uint32_t fields; /* OPENPIT_OUTCOME_HAS_* bits */
    openpit_asset asset;
    openpit_policy_group_id policy_group;
    openpit_halt_reason halt_reason;
    uint8_t reserved;
    openpit_amount_change balance;
    openpit_amount_change held;
    openpit_amount_change incoming;
    openpit_amount_change realized_pnl;
    openpit_decimal average_entry_price;
} openpit_outcome;

/** What happened to the account's own P&L. */
typedef struct openpit_account_pnl {
    uint32_t struct_size;
    openpit_policy_group_id policy_group;
    openpit_halt_reason halt_reason; /* other than 0: the ledger stopped, and pnl is not set */
    uint8_t reserved;
    openpit_account_id account;
    openpit_amount_change pnl;
} openpit_account_pnl;

/**
 * Holds what a call has to say beyond yes and no. The caller owns it and passes it again and again; each call that
 * takes one clears it first, and keeps its memory, so steady use allocates nothing. One thread at a time.
 *
 * Counts and items may be read until the next call that takes it. Texts are made when they are read, and are borrowed
 * until then too.
 */
typedef struct openpit_result openpit_result;

/** Makes an empty result. */
OPENPIT_API openpit_status openpit_result_create(OPENPIT_OWN openpit_result **result); /* openpit_result_destroy */
OPENPIT_API void openpit_result_destroy(openpit_result *result);
OPENPIT_API void openpit_result_clear(openpit_result *result);

/** Rejects in the order of policies, then in the order each policy gave them. */
OPENPIT_API size_t openpit_result_reject_count(const openpit_result *result);
OPENPIT_API openpit_status openpit_result_reject(openpit_result *result, size_t index, openpit_reject *reject);

/**
 * Blocks a report, an adjustment or a configuration asked for. A dry run puts the block here that a real call would have
 * made of its rejects.
 */
OPENPIT_API size_t openpit_result_block_count(const openpit_result *result);
OPENPIT_API openpit_status openpit_result_block(openpit_result *result, size_t index, openpit_reject *block);
/** The account of a block that a change of barriers led to; OPENPIT_STATUS_NOT_FOUND where the call named the account. */
OPENPIT_API openpit_status openpit_result_block_account(openpit_result *result, size_t index,
                                                        openpit_account_id *account);

/** What happened to the assets of the account, in the order of policies. */
OPENPIT_API size_t openpit_result_outcome_count(const openpit_result *result);
OPENPIT_API openpit_status openpit_result_outcome(const openpit_result *result, size_t index, openpit_outcome *outcome);

/** What happened to the account's own P&L, in the order of policies. */
OPENPIT_API size_t openpit_result_account_pnl_count(const openpit_result *result);
OPENPIT_API openpit_status openpit_result_account_pnl(const openpit_result *result, size_t index,
                                                      openpit_account_pnl *pnl);

/** Lock prices: those of group 0 first, then group by group as each was first used. */
OPENPIT_API size_t openpit_result_lock_count(const openpit_result *result);
OPENPIT_API openpit_status openpit_result_lock_entry(const openpit_result *result, size_t index,
                                                     openpit_lock_entry *entry);

/* ---- Clock --------------------------------------------------------------------------------------------------- */

/**
 * A clock the caller drives, for tests, backtests and replay. Time never goes backwards and starts at 0.
 *
 * Reference-counted: an engine made with it keeps it alive. Safe from any thread.
 */
typedef struct openpit_clock openpit_clock;

/** Makes a clock that stands at 0. */
OPENPIT_API openpit_status openpit_clock_create(OPENPIT_OWN openpit_clock **clock); /* openpit_clock_destroy */
OPENPIT_API void openpit_clock_destroy(openpit_clock *clock);
OPENPIT_API openpit_status openpit_clock_advance(openpit_clock *clock, uint64_t nanoseconds);
/** Moves the clock to `nanoseconds`; OPENPIT_STATUS_INVALID_ARGUMENT, and no change, when that is in its past. */
OPENPIT_API openpit_status openpit_clock_set(openpit_clock *clock, uint64_t nanoseconds);
OPENPIT_API uint64_t openpit_clock_now(const openpit_clock *clock);

/* ---- Building an engine -------------------------------------------------------------------------------------- */

/** Which threads may use an engine. */
typedef uint32_t openpit_sync_mode;
enum {
    /** One call at a time; the caller sees to it. No locks. */
    OPENPIT_SYNC_NONE = 0,
    /** Any thread, any handle, any time. */
    OPENPIT_SYNC_FULL = 1,
    /** Any thread, as long as no two calls for the same account overlap. */
    OPENPIT_SYNC_ACCOUNT = 2
};

/** Which release of the reference interface an engine answers as, where releases differ; docs/compatibility.md lists it. */
typedef uint32_t openpit_compatibility;
enum { OPENPIT_COMPATIBILITY_0_7 = 0, OPENPIT_COMPATIBILITY_0_10 = 10 };

/** How an engine is made. NULL in its place means: no synchronisation, the system's monotonic clock, answers as of 0.7. */
typedef struct openpit_engine_options {
    uint32_t struct_size;
    openpit_sync_mode sync_mode;
    openpit_clock *clock; /* NULL: the system's monotonic clock */
    openpit_compatibility compatibility;
    uint32_t reserved_word;
    uint64_t reserved[3];
} openpit_engine_options;

/** Collects policies. The order in which they are added is the order in which they run. One thread at a time. */
typedef struct openpit_engine_builder openpit_engine_builder;
/** Checks orders. Threads as its openpit_sync_mode says. */
typedef struct openpit_engine openpit_engine;

/** Makes a builder without policies. `options` may be NULL and is read now. */
OPENPIT_API openpit_status openpit_engine_builder_create(const openpit_engine_options *options,
                                                         OPENPIT_OWN openpit_engine_builder **builder);
/** Takes NULL. Policies that did not reach an engine are destroyed with it; to use or destroy it again is undefined. */
OPENPIT_API void openpit_engine_builder_destroy(openpit_engine_builder *builder);

/**
 * Makes the engine. The builder is spent even when this fails; it must still be destroyed.
 *
 * Fails without policies, with two policies of one name, or with two policies of one group other than 0.
 */
OPENPIT_API openpit_status openpit_engine_builder_build(openpit_engine_builder *builder,
                                                        OPENPIT_OWN openpit_engine **engine, openpit_error *error);

/**
 * Gives one reference back; openpit_engine_builder_build made the first. With the last one the engine closes: its
 * policies are destroyed, open requests can no longer be executed, and open reservations can still be finalised. Its
 * memory goes with the last open request, reservation or weak reference; after that every use of the handle is undefined, its
 * ids included. Takes NULL.
 */
OPENPIT_API void openpit_engine_destroy(openpit_engine *engine);
/** Adds a reference that openpit_engine_destroy gives back. */
OPENPIT_API openpit_status openpit_engine_retain(openpit_engine *engine);
/** Keeps the handle valid without keeping the engine open; calls then answer OPENPIT_STATUS_ENGINE_CLOSED. */
OPENPIT_API openpit_status openpit_engine_retain_weak(openpit_engine *engine);
OPENPIT_API void openpit_engine_release_weak(openpit_engine *engine);

/* ---- The way of an order ------------------------------------------------------------------------------------- */

/*
 * Requests and reservations are ids; 0 is none, and no id is 0. An id means something to the engine that handed it out only,
 * and once it is spent it never means anything again: OPENPIT_STATUS_ALREADY_FINALIZED. One that the engine never handed out,
 * such as another engine's, is OPENPIT_STATUS_NOT_FOUND. Store ids as they are; they are no use to another process. Bit 63 is
 * set; bits 0 to 25 are a place in the engine and bits 26 to 62 count how often the place was used, both mixed with a number
 * of the engine's own. So about 67 million requests and reservations can be open in one engine, one more is answered with
 * OPENPIT_STATUS_LIMIT_REACHED, and a place that was used 2^37 times is put away for good.
 */

/** An order that passed the start stage and waits to be executed, once. */
typedef uint64_t openpit_request;
/** What an accepted order holds until it is committed or rolled back, once. */
typedef uint64_t openpit_reservation;

/**
 * Runs the start-stage checks of one order.
 *
 * @param order    borrowed for the call; the request has a copy.
 * @param result   optional; receives the rejects.
 * @param request  an id the caller must execute or drop, or 0 when the order was rejected.
 * @return OPENPIT_STATUS_OK for an accepted and for a rejected order alike.
 */
OPENPIT_API openpit_status openpit_engine_start_pre_trade(openpit_engine *engine, const openpit_order *order,
                                                          openpit_result *result, openpit_request *request);

/**
 * Runs the main-stage checks of a request and, when every control accepts it, reserves its effects. The request is spent,
 * whatever comes of it; on an engine that has closed it is rejected with OPENPIT_REJECT_SYSTEM_UNAVAILABLE.
 *
 * @param result       optional; receives the rejects, or the lock prices and outcomes of the reservation.
 * @param reservation  an id the caller must commit, roll back or drop, or 0 when the order was rejected.
 * @return OPENPIT_STATUS_CALLBACK_FAILED, in an engine of OPENPIT_COMPATIBILITY_0_10, when the order was rejected and a
 *         rollback callback failed. `result` and `reservation` are as for any rejected order.
 */
OPENPIT_API openpit_status openpit_engine_execute_request(openpit_engine *engine, openpit_request request,
                                                          openpit_result *result, openpit_reservation *reservation);

/** Forgets a request that was not executed. An id that is unknown or spent is ignored. */
OPENPIT_API void openpit_engine_drop_request(openpit_engine *engine, openpit_request request);

/** Both stages in one call. Statuses as for openpit_engine_execute_request. */
OPENPIT_API openpit_status openpit_engine_execute_pre_trade(openpit_engine *engine, const openpit_order *order,
                                                            openpit_result *result, openpit_reservation *reservation);

/*
 * Each of the two finalises the reservation. In an engine of OPENPIT_COMPATIBILITY_0_10 it answers
 * OPENPIT_STATUS_DONE_CALLBACK_FAILED when a callback failed: the reservation is finalised all the same, the other callbacks
 * have run, and every account is blocked until openpit_engine_unblock_all.
 */

/** Keeps what was reserved. Callbacks run in the order the mutations were registered. */
OPENPIT_API openpit_status openpit_engine_commit(openpit_engine *engine, openpit_reservation reservation);
/** Gives back what was reserved. Callbacks run in reverse order. */
OPENPIT_API openpit_status openpit_engine_rollback(openpit_engine *engine, openpit_reservation reservation);
/** Rolls back when the reservation is still open; an id that is unknown or finalised is ignored. Callbacks that fail block. */
OPENPIT_API void openpit_engine_drop_reservation(openpit_engine *engine, openpit_reservation reservation);

/** Reads the lock prices and outcomes of an open reservation into `result`. */
OPENPIT_API openpit_status openpit_engine_read_reservation(openpit_engine *engine, openpit_reservation reservation,
                                                           openpit_result *result);

/**
 * Records an order that is live elsewhere already. Every check runs and counts it, funds are set aside as far as they go
 * and further, and rejects are ignored but for the blocks they ask for. Only a check that could not come to a verdict, see
 * openpit_reject_code_is_evaluation_failure, undoes everything.
 *
 * @param result              optional; receives the rejects; or lock prices, outcomes, and the block this order led to.
 * @param reservation         an id to commit, roll back or drop, or 0 when the order was not recorded.
 * @param is_account_blocked  1 when the account is blocked after the call, whoever blocked it, recorded or not.
 * @return OPENPIT_STATUS_CALLBACK_FAILED, in an engine of OPENPIT_COMPATIBILITY_0_10, when the order was not recorded and a
 *         rollback callback failed. All outputs are written.
 */
OPENPIT_API openpit_status openpit_engine_apply_drop_copy(openpit_engine *engine, const openpit_order *order,
                                                          openpit_result *result, openpit_reservation *reservation,
                                                          uint8_t *is_account_blocked);

/*
 * Dry runs give the verdict a real call would give now and change nothing. `result` receives the rejects, the block a real
 * call would have made, and the lock prices and outcomes of the accepting policies; `passed` is 1 or 0.
 */
OPENPIT_API openpit_status openpit_engine_start_pre_trade_dry_run(openpit_engine *engine, const openpit_order *order,
                                                                  openpit_result *result, uint8_t *passed);
OPENPIT_API openpit_status openpit_engine_execute_pre_trade_dry_run(openpit_engine *engine, const openpit_order *order,
                                                                    openpit_result *result, uint8_t *passed);

/**
 * Feeds one execution report back. Every policy sees it, blocked account or not. The first block asked for is recorded for
 * the report's account; for a report without an account it blocks every account.
 *
 * @param result  optional; receives blocks, outcomes and account P&Ls, and a reject for each hook that failed.
 * @return OPENPIT_STATUS_DONE_CALLBACK_FAILED when a hook failed. The report has been applied all the same, by every other
 *         policy, and `result` is written: do not send it again.
 */
OPENPIT_API openpit_status openpit_engine_apply_execution_report(openpit_engine *engine, const openpit_report *report,
                                                                 openpit_result *result);

/**
 * Applies a batch of adjustments to one account, all or none.
 *
 * @param adjustments   borrowed; each is checked before the first is applied.
 * @param result        optional; receives outcomes and blocks, or the rejects; a hook that failed is told as a reject.
 * @param failed_index  written whatever the status is: the adjustment that was rejected, whose hook failed or that is
 *                      malformed, or `count` when no single one is to blame, as when all were applied.
 * @return OPENPIT_STATUS_CALLBACK_FAILED when a hook failed, and the batch is undone; in an engine of
 *         OPENPIT_COMPATIBILITY_0_10 also when it was rejected and a rollback callback failed.
 *         OPENPIT_STATUS_DONE_CALLBACK_FAILED, in such an engine, when a commit callback failed: the batch is applied.
 */
OPENPIT_API openpit_status openpit_engine_apply_account_adjustment(openpit_engine *engine, openpit_account_id account,
                                                                   const openpit_adjustment *adjustments, size_t count,
                                                                   openpit_result *result, size_t *failed_index);

/* ---- Accounts ------------------------------------------------------------------------------------------------ */

/*
 * An account is in at most one group. A block is answered to every order of the account, or of every account of the group,
 * until it is lifted; the first cause wins. These functions keep working on a closed engine that is kept by a weak reference.
 */

/** Adds all accounts to the group, or none. */
OPENPIT_API openpit_status openpit_engine_register_group(openpit_engine *engine, const openpit_account_id *accounts,
                                                         size_t count, openpit_account_group_id group,
                                                         openpit_error *error);
/** Removes all accounts from the group, or none. */
OPENPIT_API openpit_status openpit_engine_unregister_group(openpit_engine *engine, const openpit_account_id *accounts,
                                                           size_t count, openpit_account_group_id group,
                                                           openpit_error *error);
/** The account's group, or 0. */
OPENPIT_API openpit_status openpit_engine_group_of(openpit_engine *engine, openpit_account_id account,
                                                   openpit_account_group_id *group);

/** Blocks the account with the operator's reason. An account that is blocked already keeps its cause. */
OPENPIT_API openpit_status openpit_engine_block_account(openpit_engine *engine, openpit_account_id account,
                                                        openpit_text reason);
/** Blocks the account with a cause of any policy; scope is ignored. */
OPENPIT_API openpit_status openpit_engine_block_account_with_cause(openpit_engine *engine, openpit_account_id account,
                                                                   const openpit_reject *cause);
/** Lifts the account's own block, whoever placed it. Nothing happens without one. */
OPENPIT_API openpit_status openpit_engine_unblock_account(openpit_engine *engine, openpit_account_id account);
/** Puts the operator's reason in place of the account's cause. */
OPENPIT_API openpit_status openpit_engine_replace_block_reason(openpit_engine *engine, openpit_account_id account,
                                                               openpit_text reason, openpit_error *error);

/* The same for a group, the default group excepted. A block of a group is told to accounts that join it later, too. */
OPENPIT_API openpit_status openpit_engine_block_group(openpit_engine *engine, openpit_account_group_id group,
                                                      openpit_text reason, openpit_error *error);
OPENPIT_API openpit_status openpit_engine_unblock_group(openpit_engine *engine, openpit_account_group_id group,
                                                        openpit_error *error);
OPENPIT_API openpit_status openpit_engine_replace_group_block_reason(openpit_engine *engine,
                                                                     openpit_account_group_id group,
                                                                     openpit_text reason, openpit_error *error);

/** Lifts the block of every account that a report without an account, or a failed mutation, left behind. Others stay. */
OPENPIT_API openpit_status openpit_engine_unblock_all(openpit_engine *engine);

/** The block an order of this account would meet now, as the only block in `result`; none when there is none. */
OPENPIT_API openpit_status openpit_engine_read_account_block(openpit_engine *engine, openpit_account_id account,
                                                             openpit_result *result);

/** Currencies. The account's own comes first, then its group's, then that of the default group. Asset 0 clears. */
OPENPIT_API openpit_status openpit_engine_set_account_currency(openpit_engine *engine, openpit_account_id account,
                                                               openpit_asset currency);
OPENPIT_API openpit_status openpit_engine_set_group_currency(openpit_engine *engine, openpit_account_group_id group,
                                                             openpit_asset currency);
/** The currency that applies to the account, or 0. */
OPENPIT_API openpit_status openpit_engine_account_currency(openpit_engine *engine, openpit_account_id account,
                                                           openpit_asset *currency);

/* ---- Market data --------------------------------------------------------------------------------------------- */

/**
 * Quotes, and how old they may become. Feeds push them, policies and you read them. An engine made with the service keeps
 * it alive, and one service may serve several engines.
 *
 * Threads: with OPENPIT_SYNC_FULL or OPENPIT_SYNC_ACCOUNT any thread may do anything: a reader never waits, it sees a push
 * to several places in all of them or in none, and writers take turns. With OPENPIT_SYNC_NONE calls must not overlap.
 */
typedef struct openpit_market_data openpit_market_data;

/** The number an instrument is registered under, the same in market data and reference book if you say so. */
typedef uint64_t openpit_instrument_id;

/** How old a quote may become, in nanoseconds: at this age it has expired. The longest finite time is 2^64 - 3. */
typedef uint64_t openpit_quote_ttl;
#define OPENPIT_QUOTE_TTL_INFINITE UINT64_MAX

/** How a service is made. NULL in its place means: any thread, the system's monotonic clock, quotes never expire. */
typedef struct openpit_market_data_options {
    uint32_t struct_size;
    openpit_sync_mode sync_mode;
    openpit_clock *clock;          /* NULL: the system's monotonic clock */
    openpit_quote_ttl default_ttl; /* where no other one is set */
    uint64_t reserved[4];
} openpit_market_data_options;

/** Makes a service without instruments. `options` may be NULL and is read now. */
OPENPIT_API openpit_status
openpit_market_data_create(const openpit_market_data_options *options,
                           OPENPIT_OWN openpit_market_data **service); /* openpit_market_data_destroy */
/** Gives the caller's reference back. Engines made with the service keep theirs. */
OPENPIT_API void openpit_market_data_destroy(openpit_market_data *service);

/* Instruments. Automatic ids start at 0 and skip those taken; nothing is ever unregistered. */

/**
 * Registers underlying/settlement under the next automatic id.
 *
 * @param ttl  the instrument's own TTL; NULL for none.
 * @return OPENPIT_STATUS_INSTRUMENT_REGISTERED when the instrument is known already.
 */
OPENPIT_API openpit_status openpit_market_data_register(openpit_market_data *service, openpit_asset underlying,
                                                        openpit_asset settlement, const openpit_quote_ttl *ttl,
                                                        openpit_instrument_id *instrument);
/** Registers it under `instrument`; OPENPIT_STATUS_INSTRUMENT_ID_TAKEN when another one has that id. */
OPENPIT_API openpit_status openpit_market_data_register_as(openpit_market_data *service, openpit_asset underlying,
                                                           openpit_asset settlement, openpit_instrument_id instrument,
                                                           const openpit_quote_ttl *ttl);
/** The id of a registered instrument, else OPENPIT_STATUS_UNKNOWN_INSTRUMENT. The swapped pair is another instrument. */
OPENPIT_API openpit_status openpit_market_data_resolve(const openpit_market_data *service, openpit_asset underlying,
                                                       openpit_asset settlement, openpit_instrument_id *instrument);

/* Pushing. A push makes the whole quote young again, also when it fills in some of its prices only. */

enum {
    OPENPIT_QUOTE_HAS_MARK = 1u << 0,
    OPENPIT_QUOTE_HAS_BID = 1u << 1,
    OPENPIT_QUOTE_HAS_ASK = 1u << 2,
    OPENPIT_QUOTE_ALL_FIELDS = (1u << 3) - 1
};

/** What an instrument is worth, as far as somebody said. Any sign; a crossed book is a book. */
typedef struct openpit_quote {
    uint32_t struct_size;
    uint32_t fields; /* OPENPIT_QUOTE_HAS_* bits; none at all is a quote too */
    openpit_decimal mark;
    openpit_decimal bid;
    openpit_decimal ask;
} openpit_quote;

/** What becomes of the prices that a pushed quote does not have. */
typedef uint32_t openpit_quote_update;
enum {
    OPENPIT_QUOTE_REPLACE = 0, /* they are gone */
    OPENPIT_QUOTE_PATCH = 1    /* they keep their value */
};

/**
 * Pushes a quote for everybody who has no quote of their own.
 *
 * @param source_age  nanoseconds the quote was old on arrival; a negative age counts as 0.
 * @return OPENPIT_STATUS_UNKNOWN_INSTRUMENT for an id that was not registered.
 */
OPENPIT_API openpit_status openpit_market_data_push(openpit_market_data *service, openpit_instrument_id instrument,
                                                    const openpit_quote *quote, openpit_quote_update update,
                                                    int64_t source_age);
/** The same, found by name; registers the instrument when it is new. `instrument` may be NULL. */
OPENPIT_API openpit_status openpit_market_data_push_by_name(openpit_market_data *service, openpit_asset underlying,
                                                            openpit_asset settlement, const openpit_quote *quote,
                                                            openpit_quote_update update, int64_t source_age,
                                                            openpit_instrument_id *instrument);
/**
 * Pushes a quote for the accounts and groups named; the default group stands for everybody. OPENPIT_STATUS_NO_TARGETS,
 * whatever the instrument, when nobody is named.
 */
OPENPIT_API openpit_status openpit_market_data_push_for(openpit_market_data *service, openpit_instrument_id instrument,
                                                        const openpit_quote *quote, openpit_quote_update update,
                                                        int64_t source_age, const openpit_account_id *accounts,
                                                        size_t account_count, const openpit_account_group_id *groups,
                                                        size_t group_count);
/** Forgets the instrument's quotes, whoever they are for. Its id and its TTLs stay. An unknown id is ignored. */
OPENPIT_API openpit_status openpit_market_data_clear(openpit_market_data *service, openpit_instrument_id instrument);

/* Reading. */

/** Where a reader looks for a quote. The search ends at the first place that has one, whatever it lacks or its age. */
typedef uint32_t openpit_quote_resolution;
enum {
    OPENPIT_QUOTE_ACCOUNT_ONLY = 0,
    OPENPIT_QUOTE_ACCOUNT_THEN_GROUP = 1,
    OPENPIT_QUOTE_ACCOUNT_THEN_GROUP_THEN_DEFAULT = 2
};

/** Whether a reader's group is known. */
typedef uint32_t openpit_reader_group;
enum {
    OPENPIT_READER_GROUP_NONE = 0,
    OPENPIT_READER_GROUP_KNOWN = 1,
    /** Where it costs something to find out: answers OPENPIT_STATUS_GROUP_NEEDED when it matters; then ask again. */
    OPENPIT_READER_GROUP_UNKNOWN = 2
};

/** Who reads. */
typedef struct openpit_quote_reader {
    openpit_account_id account;
    openpit_account_group_id group;   /* with OPENPIT_READER_GROUP_KNOWN; the default group is a group here */
    openpit_reader_group group_state; /* OPENPIT_READER_GROUP_* */
} openpit_quote_reader;

/**
 * Reads a quote. No lock, no allocation.
 *
 * @param quote  set struct_size first. Written on OPENPIT_STATUS_OK, and with the old quote on
 *               OPENPIT_STATUS_QUOTE_EXPIRED.
 * @return OPENPIT_STATUS_UNKNOWN_INSTRUMENT, OPENPIT_STATUS_QUOTE_UNAVAILABLE and OPENPIT_STATUS_QUOTE_EXPIRED are three
 *         different answers, and none of them is a price to trade at.
 */
OPENPIT_API openpit_status openpit_market_data_get(const openpit_market_data *service, openpit_instrument_id instrument,
                                                   openpit_quote_reader reader, openpit_quote_resolution resolution,
                                                   openpit_quote *quote);

/* TTLs. */

/** What a TTL is set for. */
typedef uint32_t openpit_ttl_axis;
enum {
    OPENPIT_TTL_ACCOUNT = 0,
    OPENPIT_TTL_GROUP = 1,
    OPENPIT_TTL_INSTRUMENT = 2,
    OPENPIT_TTL_INSTRUMENT_ACCOUNT = 3,
    OPENPIT_TTL_INSTRUMENT_GROUP = 4
};

/**
 * Where a TTL applies. For each reader the first one that is set counts: instrument and account, instrument and group,
 * instrument and default group, account, group, default group, instrument, the service's own.
 */
typedef struct openpit_ttl_scope {
    openpit_ttl_axis axis;
    openpit_account_group_id group;   /* for the axes with a group */
    openpit_account_id account;       /* for the axes with an account */
    openpit_instrument_id instrument; /* for the axes with an instrument */
} openpit_ttl_scope;

/** Sets a TTL, also for the quotes there are. */
OPENPIT_API openpit_status openpit_market_data_set_ttl(openpit_market_data *service, openpit_ttl_scope scope,
                                                       openpit_quote_ttl ttl);
/** Clears a TTL; there need not be one. */
OPENPIT_API openpit_status openpit_market_data_clear_ttl(openpit_market_data *service, openpit_ttl_scope scope);

/* ---- Reference book ------------------------------------------------------------------------------------------ */

/** What is known about instruments for good: when they settle. Kept for the caller; no check reads it. Safe from any thread. */
typedef struct openpit_reference_book openpit_reference_book;

/** Makes a book without instruments. */
OPENPIT_API openpit_status
openpit_reference_book_create(OPENPIT_OWN openpit_reference_book **book); /* openpit_reference_book_destroy */
OPENPIT_API void openpit_reference_book_destroy(openpit_reference_book *book);

/** Registers underlying/settlement as market data does, in a registry of its own. */
OPENPIT_API openpit_status openpit_reference_book_register(openpit_reference_book *book, openpit_asset underlying,
                                                           openpit_asset settlement, openpit_instrument_id *instrument);
OPENPIT_API openpit_status openpit_reference_book_register_as(openpit_reference_book *book, openpit_asset underlying,
                                                              openpit_asset settlement,
                                                              openpit_instrument_id instrument);
OPENPIT_API openpit_status openpit_reference_book_resolve(const openpit_reference_book *book, openpit_asset underlying,
                                                          openpit_asset settlement, openpit_instrument_id *instrument);

/** What a settlement lag counts. */
typedef uint32_t openpit_settlement_unit;
enum { OPENPIT_SETTLEMENT_BUSINESS_DAYS = 0, OPENPIT_SETTLEMENT_CALENDAR_DAYS = 1 };

/** How long after the trade something is due: T+count. */
typedef struct openpit_settlement_lag {
    uint64_t count;
    openpit_settlement_unit unit;
    uint32_t reserved;
} openpit_settlement_lag;

/** When the two sides of a trade are due. */
typedef struct openpit_settlement_scheme {
    openpit_settlement_lag delivery;
    openpit_settlement_lag payment;
} openpit_settlement_scheme;

/** Sets when an instrument settles; OPENPIT_STATUS_UNKNOWN_INSTRUMENT for an id that was not registered. */
OPENPIT_API openpit_status openpit_reference_book_set_settlement_scheme(openpit_reference_book *book,
                                                                        openpit_instrument_id instrument,
                                                                        const openpit_settlement_scheme *scheme);
/** Clears it; there need not be one. */
OPENPIT_API openpit_status openpit_reference_book_clear_settlement_scheme(openpit_reference_book *book,
                                                                          openpit_instrument_id instrument);
/** When an instrument settles; OPENPIT_STATUS_NOT_FOUND when nobody said, which means at once. */
OPENPIT_API openpit_status openpit_reference_book_settlement_scheme(const openpit_reference_book *book,
                                                                    openpit_instrument_id instrument,
                                                                    openpit_settlement_scheme *scheme);

/* ---- Built-in policies --------------------------------------------------------------------------------------- */

/** Order validation, "OrderValidationPolicy": an amount is present and not zero. */
OPENPIT_API openpit_status openpit_engine_builder_add_order_validation(openpit_engine_builder *builder,
                                                                       openpit_policy_group_id policy_group);

/** What a barrier is keyed by. Barriers have no struct_size and never change: what they lack would come as another record. */
typedef uint8_t openpit_axis;
enum {
    OPENPIT_AXIS_BROKER = 0,
    OPENPIT_AXIS_ASSET = 1,        /* settlement asset */
    OPENPIT_AXIS_ACCOUNT = 2,      /* rate limit only */
    OPENPIT_AXIS_ACCOUNT_ASSET = 3 /* account and settlement asset */
};

/**
 * At most max_orders in any window. Broker and asset barriers count in windows that open with the first order after the last
 * one ended, and reject the order. Account barriers slide, and block the account, or in an engine that answers as 0.10 reject
 * the order.
 */
typedef struct openpit_rate_limit_barrier {
    openpit_axis axis;
    uint8_t reserved[3];
    openpit_asset asset;        /* for the axes with an asset */
    openpit_account_id account; /* for the axes with an account */
    uint64_t max_orders;
    uint64_t window_nanoseconds; /* above 0 */
} openpit_rate_limit_barrier;

/**
 * Rate limit, "RateLimitPolicy". Of barriers with the same key the last one counts; at least one is needed, except in an engine
 * that answers as 0.10.
 */
OPENPIT_API openpit_status openpit_engine_builder_add_rate_limit(openpit_engine_builder *builder,
                                                                 openpit_policy_group_id policy_group,
                                                                 const openpit_rate_limit_barrier *barriers,
                                                                 size_t count, openpit_error *error);

enum {
    OPENPIT_SIZE_HAS_QUANTITY = 1u << 0, /* max_quantity */
    OPENPIT_SIZE_HAS_NOTIONAL = 1u << 1, /* max_notional */
    /** Matches the quantity cap by underlying and the notional cap by settlement asset, and rejects the order only. */
    OPENPIT_SIZE_PER_METRIC = 1u << 2
};

/**
 * The largest order; limits are inclusive, and at least one of the two is needed. Unless OPENPIT_SIZE_PER_METRIC says
 * otherwise, the asset is the settlement asset, an account-and-asset barrier takes the place of the asset barrier as a whole
 * and blocks the account: in every engine, whichever release it answers as. The broker barrier applies besides.
 */
typedef struct openpit_order_size_barrier {
    openpit_axis axis; /* not OPENPIT_AXIS_ACCOUNT */
    uint8_t fields;    /* OPENPIT_SIZE_* bits */
    uint8_t reserved[2];
    openpit_asset asset;
    openpit_account_id account;
    openpit_decimal max_quantity;
    openpit_decimal max_notional;
} openpit_order_size_barrier;

/** Order size, "OrderSizeLimitPolicy". At least one barrier is needed, except in an engine that answers as 0.10. */
OPENPIT_API openpit_status openpit_engine_builder_add_order_size_limit(openpit_engine_builder *builder,
                                                                       openpit_policy_group_id policy_group,
                                                                       const openpit_order_size_barrier *barriers,
                                                                       size_t count, openpit_error *error);

enum {
    OPENPIT_PNL_HAS_LOWER = 1u << 0,
    OPENPIT_PNL_HAS_UPPER = 1u << 1,
    OPENPIT_PNL_HAS_INITIAL = 1u << 2 /* when the engine is built, and for account barriers only */
};

/** How far an account's realised P&L in one settlement asset may go. Both bounds are inclusive; one is needed. */
typedef struct openpit_pnl_barrier {
    openpit_axis axis; /* OPENPIT_AXIS_BROKER: each account by itself; OPENPIT_AXIS_ACCOUNT_ASSET: this account */
    uint8_t fields;    /* OPENPIT_PNL_HAS_* bits */
    uint8_t reserved[2];
    openpit_asset asset; /* always needed */
    openpit_account_id account;
    openpit_decimal lower;
    openpit_decimal upper;
    openpit_decimal initial;
} openpit_pnl_barrier;

/** P&L kill switch, "PnlBoundsKillSwitchPolicy". At least one barrier is needed. */
OPENPIT_API openpit_status openpit_engine_builder_add_pnl_kill_switch(openpit_engine_builder *builder,
                                                                      openpit_policy_group_id policy_group,
                                                                      const openpit_pnl_barrier *barriers, size_t count,
                                                                      openpit_error *error);

/*
 * Reconfiguration. `axes` has a bit, 1 << OPENPIT_AXIS_*, for each axis to replace; the barriers given take the place of all
 * barriers of these axes, and an axis without any is emptied. All or nothing, effective for the next order. After each axis
 * in turn (broker, asset, account, account and asset) at least one barrier must be left somewhere.
 */

OPENPIT_API openpit_status openpit_engine_configure_rate_limit(openpit_engine *engine, openpit_text policy,
                                                               uint32_t axes,
                                                               const openpit_rate_limit_barrier *barriers, size_t count,
                                                               openpit_error *error);
OPENPIT_API openpit_status openpit_engine_configure_order_size_limit(openpit_engine *engine, openpit_text policy,
                                                                     uint32_t axes,
                                                                     const openpit_order_size_barrier *barriers,
                                                                     size_t count, openpit_error *error);
OPENPIT_API openpit_status openpit_engine_configure_pnl_kill_switch(openpit_engine *engine, openpit_text policy,
                                                                    uint32_t axes, const openpit_pnl_barrier *barriers,
                                                                    size_t count, openpit_error *error);
/** Sets the kill switch's total of one account in one settlement asset. Nothing is checked before the next order or report. */
OPENPIT_API openpit_status openpit_engine_set_account_pnl(openpit_engine *engine, openpit_text policy,
                                                          openpit_account_id account, openpit_asset settlement,
                                                          openpit_decimal pnl, openpit_error *error);

/* ---- Spot funds ---------------------------------------------------------------------------------------------- */

/*
 * Spot funds, "SpotFundsPolicy", know what every account holds. An order that is accepted has its funds set aside at its
 * price, which the reservation carries as a lock price; reports settle what was filled and release what was left, and they
 * keep the realised P&L of every position and of the account. Holdings begin with adjustments.
 *
 * Without market data there are limit orders only, and P&L is kept for accounts whose currency is the asset of settlement.
 */

/** What an order meets when the funds are short. */
typedef uint8_t openpit_limit_mode;
enum {
    OPENPIT_LIMIT_MODE_NONE = 0,
    OPENPIT_LIMIT_MODE_ENFORCE = 1,   /* it is rejected */
    OPENPIT_LIMIT_MODE_TRACK_ONLY = 2 /* it is counted all the same, and the balance goes below zero */
};

/** Which price of a quote a market order is reserved at. */
typedef uint8_t openpit_pricing_source;
enum {
    OPENPIT_PRICING_SOURCE_NONE = 0,
    OPENPIT_PRICING_SOURCE_MARK = 1,
    OPENPIT_PRICING_SOURCE_BOOK_TOP = 2 /* the ask for a buy, the bid for a sell */
};

/** Whom a setting is for. The account's own comes first, then that of the group it was put in, then the common one. */
typedef uint8_t openpit_target;
enum { OPENPIT_TARGET_ALL = 0, OPENPIT_TARGET_GROUP = 1, OPENPIT_TARGET_ACCOUNT = 2 };

/** How far from the quote a market order of one instrument is reserved. */
typedef struct openpit_slippage_override {
    openpit_instrument_id instrument;
    openpit_account_id account;             /* with OPENPIT_TARGET_ACCOUNT */
    openpit_account_group_id account_group; /* with OPENPIT_TARGET_GROUP */
    openpit_target target;
    uint8_t is_removed; /* 1: takes the override back */
    uint16_t slippage;  /* basis points, at most 10000 */
} openpit_slippage_override;

/** The limit mode of one account or group. */
typedef struct openpit_limit_mode_pin {
    openpit_account_id account;             /* with OPENPIT_TARGET_ACCOUNT */
    openpit_account_group_id account_group; /* with OPENPIT_TARGET_GROUP */
    openpit_target target;                  /* not OPENPIT_TARGET_ALL */
    openpit_limit_mode mode;                /* OPENPIT_LIMIT_MODE_NONE takes the pin back */
    uint16_t reserved;
} openpit_limit_mode_pin;

/** How large a position may become in either direction, when all open orders are filled. Judges new orders only. */
typedef struct openpit_position_limit {
    openpit_account_id account;
    openpit_asset asset;
    uint8_t is_removed; /* 1: takes the limit back */
    uint8_t reserved[3];
    openpit_decimal limit; /* not negative */
} openpit_position_limit;

enum {
    OPENPIT_SPOT_FUNDS_HAS_SLIPPAGE = 1u << 0, /* slippage */
    OPENPIT_SPOT_FUNDS_ALL_FIELDS = (1u << 1) - 1
};

/** Settings of spot funds. What is absent, and every key that is not named, stays as it is; of equal keys the last counts. */
typedef struct openpit_spot_funds_settings {
    uint32_t struct_size;
    uint32_t fields;                       /* OPENPIT_SPOT_FUNDS_HAS_* bits */
    uint16_t slippage;                     /* basis points, at most 10000; 0 at first */
    openpit_pricing_source pricing_source; /* OPENPIT_PRICING_SOURCE_NONE: as it is; the mark at first */
    openpit_limit_mode limit_mode;         /* OPENPIT_LIMIT_MODE_NONE: as it is; enforced at first */
    uint32_t reserved_word;
    const openpit_slippage_override *overrides;
    size_t override_count;
    const openpit_limit_mode_pin *limit_mode_pins;
    size_t limit_mode_pin_count;
    const openpit_position_limit *position_limits;
    size_t position_limit_count;
    uint64_t reserved[4];
} openpit_spot_funds_settings;

enum { OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER = 1u << 0, OPENPIT_SPOT_FUNDS_BARRIER_HAS_UPPER = 1u << 1 };

/** How far the P&L of an account may go before the account is blocked. Both bounds are inclusive; one is needed. */
typedef struct openpit_spot_funds_barrier {
    openpit_account_id account;             /* with OPENPIT_TARGET_ACCOUNT */
    openpit_account_group_id account_group; /* with OPENPIT_TARGET_GROUP */
    openpit_target target;
    uint8_t fields; /* OPENPIT_SPOT_FUNDS_BARRIER_HAS_* bits */
    uint16_t reserved;
    /**
     * 0: any. Otherwise the barrier judges accounts in this currency, or in none; the barrier of an account that is in
     * another one blocks it, that of a group and the common one are passed over.
     */
    openpit_asset currency;
    uint32_t reserved_word;
    openpit_decimal lower;
    openpit_decimal upper;
} openpit_spot_funds_barrier;

/**
 * Adds spot funds; one policy of an engine can be that.
 *
 * @param market_data  optional; the engine keeps it alive. One that was made for a single thread serves a single-threaded
 *                     engine only: OPENPIT_STATUS_SYNC_MODE_MISMATCH.
 * @param settings     optional.
 */
OPENPIT_API openpit_status openpit_engine_builder_add_spot_funds(openpit_engine_builder *builder,
                                                                 openpit_policy_group_id policy_group,
                                                                 openpit_market_data *market_data,
                                                                 const openpit_spot_funds_settings *settings,
                                                                 const openpit_spot_funds_barrier *barriers,
                                                                 size_t barrier_count, openpit_error *error);

/** Changes settings; all or nothing, effective for the next order. */
OPENPIT_API openpit_status openpit_engine_configure_spot_funds(openpit_engine *engine, openpit_text policy,
                                                               const openpit_spot_funds_settings *settings,
                                                               openpit_error *error);
/**
 * Replaces barriers; all or nothing. `targets` has a bit, 1 << OPENPIT_TARGET_*, for each kind to replace, and a kind that
 * no barrier is given for is emptied. The next order or report of an account is judged by the new barriers. An engine of
 * OPENPIT_COMPATIBILITY_0_10 judges at once every account whose barrier has become another one, here and when groups change.
 *
 * @param result  optional; receives the new blocks this led to, see openpit_result_block_account.
 */
OPENPIT_API openpit_status openpit_engine_configure_spot_funds_barriers(openpit_engine *engine, openpit_text policy,
                                                                        uint32_t targets,
                                                                        const openpit_spot_funds_barrier *barriers,
                                                                        size_t count, openpit_result *result,
                                                                        openpit_error *error);
/**
 * Asserts the P&L of an account: `pnl`, or none for the reason `halt`, when that is not 0. The account is judged at once.
 *
 * @param result  optional; receives the block that the P&L led to.
 * @return OPENPIT_STATUS_ASSERTION_PENDING while a batch of adjustments runs that asserts the same P&L.
 */
OPENPIT_API openpit_status openpit_engine_set_spot_funds_account_pnl(openpit_engine *engine, openpit_text policy,
                                                                     openpit_account_id account, openpit_decimal pnl,
                                                                     openpit_halt_reason halt, openpit_result *result,
                                                                     openpit_error *error);

enum {
    OPENPIT_HOLDING_HAS_AVERAGE_ENTRY_PRICE = 1u << 0,
    OPENPIT_HOLDING_HAS_REALIZED_PNL = 1u << 1 /* realized_pnl; a halt_reason other than 0 takes its place */
};

/** What an account has of one asset. */
typedef struct openpit_holding {
    uint32_t struct_size;
    uint16_t fields; /* OPENPIT_HOLDING_HAS_* bits */
    openpit_halt_reason halt_reason;
    uint8_t reserved;
    openpit_decimal balance;             /* free to be used */
    openpit_decimal held;                /* set aside by open orders */
    openpit_decimal incoming;            /* what open orders will bring in; never spendable */
    openpit_decimal average_entry_price; /* in the account's currency, like the P&L */
    openpit_decimal realized_pnl;
} openpit_holding;

/** Reads what an account has of an asset: zeros where nothing is known. OPENPIT_STATUS_NOT_FOUND without spot funds. */
OPENPIT_API openpit_status openpit_engine_read_holding(openpit_engine *engine, openpit_account_id account,
                                                       openpit_asset asset, openpit_holding *holding);
/** Reads the P&L of an account: `pnl`, or the reason why there is none. OPENPIT_STATUS_NOT_FOUND without spot funds. */
OPENPIT_API openpit_status openpit_engine_read_spot_funds_account_pnl(openpit_engine *engine,
                                                                      openpit_account_id account, openpit_decimal *pnl,
                                                                      openpit_halt_reason *halt);

/* ---- Custom policies ----------------------------------------------------------------------------------------- */

/**
 * What a hook may say and ask while it runs; one thread. It is no address, and it means nothing to any later hook: whoever
 * keeps it is answered OPENPIT_STATUS_CONTEXT_ENDED, even when the engine is gone.
 *
 * A hook fails closed. When the engine cannot take what it says, because a text is not UTF-8, a scope was not set, or the
 * stage does not allow it, then the call answers with a status and the hook has failed, whatever it returns.
 */
typedef struct openpit_context openpit_context;

/**
 * A control of your own: a table of functions. A function left NULL accepts. Each returns 0, or anything else to say that it
 * failed. A failed check rejects the order with OPENPIT_REJECT_SYSTEM_UNAVAILABLE, whose details say what was wrong; a failed
 * adjustment hook undoes its batch, which answers OPENPIT_STATUS_CALLBACK_FAILED; a failed report hook makes the report
 * answer OPENPIT_STATUS_DONE_CALLBACK_FAILED. No lock is held while a hook runs: it may call the engine.
 *
 * Orders, reports and adjustments are shown as copies, valid while the hook runs.
 *
 * From the first hook of an order on, in the start stage or in the main one, the account's group is fixed until the order is
 * reserved or rejected, for all policies: limit modes, slippages, quotes and barriers of spot funds included. A report fixes
 * it likewise, and so does a batch of adjustments. Without a hook the group counts as it is when somebody asks. Blocks and
 * currencies always count as they are.
 *
 * A hook has to return, and so has the callback of a mutation. An exception, longjmp, pthread_exit or pthread_cancel that leaves
 * one takes the call away unfinished: what it had done is neither kept nor undone, and the engine's memory never goes.
 * Where threads are cancelled, disable that around calls (pthread_setcancelstate). Hooks of openpit.hpp are noexcept, so there
 * a cancelled thread ends the process.
 */
typedef struct openpit_policy {
    uint32_t struct_size;
    openpit_policy_group_id policy_group;
    uint16_t reserved;
    openpit_text name; /* copied; unique in an engine */
    void *user_data;
    /** Start stage. May reject. */
    int (*check_pre_trade_start)(void *user_data, openpit_context *context, const openpit_order *order);
    /** Main stage. May reject, register mutations, publish outcomes and lock prices. */
    int (*perform_pre_trade_check)(void *user_data, openpit_context *context, const openpit_order *order);
    /** May ask for blocks and publish outcomes and account P&Ls. */
    int (*apply_execution_report)(void *user_data, openpit_context *context, const openpit_report *report);
    /** May reject, register mutations, ask for blocks and publish outcomes. */
    int (*apply_account_adjustment)(void *user_data, openpit_context *context, openpit_account_id account,
                                    const openpit_adjustment *adjustment);
    /** The checks in a dry run; when NULL the ordinary ones run, and their mutations are forgotten. */
    int (*check_pre_trade_start_dry_run)(void *user_data, openpit_context *context, const openpit_order *order);
    int (*perform_pre_trade_check_dry_run)(void *user_data, openpit_context *context, const openpit_order *order);
    /** Called once, when neither engine nor builder needs the policy any more. */
    void (*destroy)(void *user_data);
    uint64_t reserved_tail[4];
} openpit_policy;

/**
 * Something to do when the order is kept, and something to do when it is undone. Exactly one of the two runs, once. It returns
 * 0, or anything else to say that it failed: nobody minds in an engine of OPENPIT_COMPATIBILITY_0_7, while in a later one the
 * other callbacks still run, the call tells it by one of the two statuses for that, and every account is blocked until
 * openpit_engine_unblock_all.
 */
typedef struct openpit_mutation {
    uint32_t struct_size;
    uint32_t reserved;
    void *user_data;
    int (*commit)(void *user_data);
    int (*rollback)(void *user_data);
    /** Called once at the end, after commit or rollback, and also when a dry run forgets the mutation. */
    void (*release)(void *user_data);
} openpit_mutation;

/**
 * Adds a policy. The table is copied. On success user_data belongs to the builder, then to the engine, until destroy; on
 * failure it stays with the caller.
 */
OPENPIT_API openpit_status openpit_engine_builder_add_policy(openpit_engine_builder *builder,
                                                             const openpit_policy *policy);

/** Says no. Texts are copied, and `policy` is filled in by the engine. Checks and adjustment hooks only. */
OPENPIT_API openpit_status openpit_context_reject(openpit_context *context, const openpit_reject *reject);
/** Takes `mutation` over on success. Main checks and adjustment hooks only, and start checks of a drop copy. */
OPENPIT_API openpit_status openpit_context_add_mutation(openpit_context *context, const openpit_mutation *mutation);
/** Adds a lock price under the policy's group. Main checks only; forgotten when the hook rejects. */
OPENPIT_API openpit_status openpit_context_add_lock_price(openpit_context *context, openpit_decimal price);
/** Publishes an outcome. Its policy_group is read in report hooks; elsewhere it is the policy's own. */
OPENPIT_API openpit_status openpit_context_add_outcome(openpit_context *context, const openpit_outcome *outcome);
/** Publishes an account P&L. Report hooks only. */
OPENPIT_API openpit_status openpit_context_add_account_pnl(openpit_context *context, const openpit_account_pnl *pnl);
/** Asks for a block, to be recorded when the call is done. Its texts and policy are copied. Report and adjustment hooks only. */
OPENPIT_API openpit_status openpit_context_add_block(openpit_context *context, const openpit_reject *block);
/**
 * Blocks the account of this call at once and for good, whatever becomes of the call. Does nothing in a dry run.
 * OPENPIT_STATUS_NOT_FOUND, and the hook has failed, when the call has no account.
 */
OPENPIT_API openpit_status openpit_context_block_account(openpit_context *context, const openpit_reject *cause);
/** The account of this call; OPENPIT_STATUS_NOT_FOUND, which is no failure of the hook, when it has none. */
OPENPIT_API openpit_status openpit_context_account(const openpit_context *context, openpit_account_id *account);
/** The account's group as it was when the first hook of the call (or the request) was about to run, or 0. */
OPENPIT_API openpit_status openpit_context_account_group(openpit_context *context, openpit_account_group_id *group);
/** 1 in a dry run, else 0; 0 also when the hook has ended. */
OPENPIT_API int openpit_context_is_dry_run(const openpit_context *context);
/** 1 while a drop copy is recorded, else 0. Start checks too may then register mutations. */
OPENPIT_API int openpit_context_is_drop_copy(const openpit_context *context);
/** The engine that is calling; borrowed for the hook's duration. NULL when the hook has ended. */
OPENPIT_API openpit_engine *openpit_context_engine(const openpit_context *context);

/* ---- Locks on the wire --------------------------------------------------------------------------------------- */

/** How a lock is written. */
typedef uint32_t openpit_lock_format;
enum { OPENPIT_LOCK_JSON = 0, OPENPIT_LOCK_MSGPACK = 1, OPENPIT_LOCK_CBOR = 2 };

/**
 * Writes lock entries: an array whose first item lists the prices of group 0, and whose further items are a group id and its
 * prices. Writes `length` also on OPENPIT_STATUS_BUFFER_TOO_SMALL, so that the caller can come again.
 */
OPENPIT_API openpit_status openpit_lock_encode(openpit_lock_format format, const openpit_lock_entry *entries,
                                               size_t count, uint8_t *buffer, size_t capacity, size_t *length);
/** Reads what openpit_lock_encode wrote, group 0 first. Writes `count` also on OPENPIT_STATUS_BUFFER_TOO_SMALL. */
OPENPIT_API openpit_status openpit_lock_decode(openpit_lock_format format, const uint8_t *data, size_t length,
                                               openpit_lock_entry *entries, size_t capacity, size_t *count,
                                               openpit_error *error);

#ifdef __cplusplus
}
#endif

#endif
