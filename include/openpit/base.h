/*
 * openpit/base.h: what all others stand on: version, statuses and errors, threads, clock.
 *
 * What holds for all of them is told in openpit.h.
 */
#ifndef OPENPIT_BASE_H
#define OPENPIT_BASE_H

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
    /* generated: statuses, by tools/generate.py */
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
    OPENPIT_STATUS_CALLBACK_FAILED = 10,      /* a callback of a custom policy failed; the call has come to nothing */
    OPENPIT_STATUS_INTERNAL = 11,             /* a broken invariant of the library; the check has failed closed */
    OPENPIT_STATUS_DONE_CALLBACK_FAILED = 12, /* it was carried out, although a callback of a custom policy failed */
    OPENPIT_STATUS_CONTEXT_ENDED = 13,        /* the hook that the openpit_context was given to has ended */
    OPENPIT_STATUS_UNKNOWN_FIELD = 14,        /* a struct of a later version sets what this library does not know */
    OPENPIT_STATUS_DESTROYED = 15,            /* the handle was destroyed, or leads to something else */
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
    OPENPIT_STATUS_INSTRUMENT_ID_TAKEN = 106,
    /* Trading. */
    OPENPIT_STATUS_ORDER_STATE = 120,
    OPENPIT_STATUS_EXCEEDS_REMAINING = 121,
    OPENPIT_STATUS_NOT_HALTED = 122,
    OPENPIT_STATUS_DUPLICATE_ORDER = 123,
    OPENPIT_STATUS_INSUFFICIENT_CASH = 124,
    OPENPIT_STATUS_FILL_REUSED = 125,
    OPENPIT_STATUS_CONTRADICTION = 126
    /* end of generated */
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

/* ---- Threads ------------------------------------------------------------------------------------------------- */

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

/* ---- Clock --------------------------------------------------------------------------------------------------- */

/**
 * A clock the caller drives, for tests, backtests and replay. Time never goes backwards and starts at 0.
 *
 * Reference-counted: an engine made with it keeps it alive. Safe from any thread.
 */
typedef struct openpit_clock openpit_clock;

/** Makes a clock that stands at 0. */
OPENPIT_API openpit_status openpit_clock_create(OPENPIT_OWN openpit_clock **clock); /* openpit_clock_destroy */
/** The same, at a civil time, for engines with limits: they take a driven clock for one of Unix time. */
OPENPIT_API openpit_status openpit_clock_create_at(uint64_t unix_nanoseconds,
                                                   OPENPIT_OWN openpit_clock **clock); /* openpit_clock_destroy */
OPENPIT_API void openpit_clock_destroy(openpit_clock *clock);
OPENPIT_API openpit_status openpit_clock_advance(openpit_clock *clock, uint64_t nanoseconds);
/** Moves the clock to `nanoseconds`; OPENPIT_STATUS_INVALID_ARGUMENT, and no change, when that is in its past. */
OPENPIT_API openpit_status openpit_clock_set(openpit_clock *clock, uint64_t nanoseconds);
OPENPIT_API uint64_t openpit_clock_now(const openpit_clock *clock);

#ifdef __cplusplus
}
#endif

#endif
