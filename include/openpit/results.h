/*
 * openpit/results.h: what a call has to say: rejects, blocks, outcomes, account P&Ls, lock prices.
 *
 * What holds for all of them is told in openpit.h.
 */
#ifndef OPENPIT_RESULTS_H
#define OPENPIT_RESULTS_H

#include "records.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Results ------------------------------------------------------------------------------------------------- */

/** Why somebody said no. */
typedef uint16_t openpit_reject_code;
enum {
    /* generated: reject codes, by tools/generate.py */
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
    /* end of generated */
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

/** Which numbers of an openpit_reject are set. */
enum {
    OPENPIT_REJECT_HAS_VALUE = 1u << 0,
    OPENPIT_REJECT_HAS_LIMIT = 1u << 1,
    OPENPIT_REJECT_HAS_RETRY_AFTER = 1u << 2
};

/** Which bound of a limit was passed. */
typedef uint8_t openpit_bound;
enum { OPENPIT_BOUND_NONE = 0, OPENPIT_BOUND_LOWER = 1, OPENPIT_BOUND_UPPER = 2 };

/**
 * One reject, or one block of an account. The fields behind the texts are what limits say; in a reject that is given to the
 * library they are not looked at.
 */
typedef struct openpit_reject {
    uint32_t struct_size;
    openpit_reject_code code;
    openpit_reject_scope scope;
    uint8_t reserved;
    uint64_t user_data;  /* 0 unless a custom policy set it */
    openpit_text policy; /* the policy's name, or "Engine" */
    openpit_text reason;
    openpit_text details;
    uint8_t metric;      /* OPENPIT_METRIC_*, or 0 */
    openpit_bound bound; /* the one that was passed */
    uint16_t fields;     /* OPENPIT_REJECT_HAS_* */
    uint32_t reserved_tail;
    openpit_decimal value;
    openpit_decimal limit;
    uint64_t retry_after; /* nanoseconds until the same order would pass */
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

#ifdef __cplusplus
}
#endif

#endif
