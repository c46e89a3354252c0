/*
 * openpit/states.h: what may be traded: states of keys, how they end, and what the engine wants of the venue because of them.
 *
 * What holds for all of them is told in openpit.h. A key is an openpit_scope each of whose keys has a value: the account 7, or a
 * strategy in an instrument; without any it is the firm. The most severe state that matches an order counts.
 */
#ifndef OPENPIT_STATES_H
#define OPENPIT_STATES_H

#include "limits.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- States -------------------------------------------------------------------------------------------------- */

/**
 * Sets the state of a key by hand: OPENPIT_TRADING_STATE_REDUCING or OPENPIT_TRADING_STATE_HALTED, which wants its working orders
 * cancelled. The first cause of a state is kept unless the new one is more severe. OPENPIT_STATUS_NOT_FOUND for an engine without
 * limits, as from every function here.
 */
OPENPIT_API openpit_status openpit_engine_set_state(openpit_engine *engine, const openpit_scope *key,
                                                    openpit_trading_state state);
/** Writes the most severe state that every order with these values meets, a block of its account or group included. */
OPENPIT_API openpit_status openpit_engine_read_state(openpit_engine *engine, const openpit_scope *key,
                                                     openpit_trading_state *state);

/** What a release came to. */
typedef struct openpit_release_answer {
    uint32_t struct_size;
    openpit_trading_state was;
    openpit_trading_state now;
    uint8_t is_refused; /* 1: a limit asks for a role that was not named, and nothing was changed */
    uint8_t reserved;
} openpit_release_answer;

/** Is told what had caused a state: the name of a limit, or of who else did. The text is borrowed for ever. */
typedef void openpit_cause_visitor(void *user_data, openpit_text cause);

/**
 * Ends the states of exactly this key, and a block of exactly this account or group. With `limit` only what that limit has caused;
 * `role` is what a limit may ask for; both may be 0. `visit` is told each cause after the release, and may be NULL.
 */
OPENPIT_API openpit_status openpit_engine_release(openpit_engine *engine, const openpit_scope *key, openpit_name role,
                                                  openpit_name limit, openpit_release_answer *answer,
                                                  openpit_cause_visitor *visit, void *user_data);

/** What a person may set to where it is. */
typedef uint8_t openpit_rebased_part;
enum {
    OPENPIT_REBASED_PEAK = 1, /* the highest equity that drawdowns look back at */
    OPENPIT_REBASED_DAY = 2,  /* what the day, the week or the month began with */
    OPENPIT_REBASED_WEEK = 3,
    OPENPIT_REBASED_MONTH = 4
};

/**
 * Sets a baseline of an account, in every limit that is about it, to its present value: what was lost before is not counted any
 * more. States that were latched stay until they are released. OPENPIT_STATUS_INVALID_ARGUMENT for another part.
 */
OPENPIT_API openpit_status openpit_engine_rebase(openpit_engine *engine, openpit_account_id account,
                                                 openpit_rebased_part part);

/* ---- Intents ------------------------------------------------------------------------------------------------- */

/** What is wanted of the venue. */
typedef uint8_t openpit_intent_kind;
enum {
    OPENPIT_INTENT_CANCEL = 1,
    OPENPIT_INTENT_REDUCE = 2 /* by a quantity */
};

/** Something that the engine wants of the venue for an order that works. */
typedef struct openpit_cancel_intent {
    uint32_t struct_size;
    openpit_intent_kind kind;
    openpit_side side;
    uint8_t reserved;
    uint8_t client_order_id_length; /* 0: the order has none */
    char client_order_id[OPENPIT_ORDER_TEXT_LENGTH_MAX];
    uint64_t order_id;
    openpit_account_id account;
    openpit_asset underlying;
    openpit_asset settlement;
    openpit_decimal quantity; /* what is open, or what is to be taken off */
    int64_t time;             /* Unix nanoseconds */
    openpit_text cause;       /* the name of a limit, or of who else wants it; borrowed for ever */
} openpit_cancel_intent;

/** Takes the oldest intent that nobody took yet; OPENPIT_STATUS_NOT_FOUND when there is none. None is ever dropped. */
OPENPIT_API openpit_status openpit_engine_next_intent(openpit_engine *engine, openpit_cancel_intent *intent);

/** Is shown what is valid until it returns. It must not call the engine. */
typedef void openpit_intent_visitor(void *user_data, const openpit_cancel_intent *intent);

/** Shows every intent whose order has not ended to `visit`, taken or not, oldest first. */
OPENPIT_API openpit_status openpit_engine_read_pending_cancels(openpit_engine *engine, openpit_intent_visitor *visit,
                                                               void *user_data);

/* ---- Lists and cancels --------------------------------------------------------------------------------------- */

#define OPENPIT_LIST_COUNT_MAX 64

/**
 * Runs both stages of orders that are sent together, 1 to OPENPIT_LIST_COUNT_MAX, in turn: each sees those before it as working.
 * When one is rejected all are undone, but for what was counted; then `reservation` is 0.
 *
 * @param results   one for each order, or NULL
 * @param order_ids room for what reports name the orders by, one each, or NULL
 * @param looked_at how many orders were looked at: up to the first that was rejected
 */
OPENPIT_API openpit_status openpit_engine_execute_list(openpit_engine *engine, const openpit_order *const *orders,
                                                       size_t count, openpit_result *const *results,
                                                       uint64_t *order_ids, openpit_reservation *reservation,
                                                       size_t *looked_at);

/** Whether an order was answered again as it was before, by a limit of client order ids that says so: 1 or 0. */
OPENPIT_API uint8_t openpit_result_is_repeated(const openpit_result *result);

/** A cancel that is about to be sent, and what is said of the order it is for. What is not said is 0. */
typedef struct openpit_cancel {
    uint32_t struct_size;
    uint32_t reserved;
    openpit_account_id account;
    openpit_text client_order_id;
    uint64_t order_id; /* the engine's number of the order */
    openpit_asset underlying;
    openpit_asset settlement;
    openpit_name strategy;
    openpit_name trader;
    openpit_name session;
    openpit_name venue;
} openpit_cancel;

/** Counts a cancel, and writes to `passed` whether it may be sent: 1, or 0 with the rejects in `result`, which may be NULL. */
OPENPIT_API openpit_status openpit_engine_check_cancel(openpit_engine *engine, const openpit_cancel *cancel,
                                                       openpit_result *result, uint8_t *passed);

/* ---- Sessions, locates and overrides --------------------------------------------------------------------------- */

/** Hears of a session. OPENPIT_STATUS_NOT_FOUND for one that the engine was not told of. */
OPENPIT_API openpit_status openpit_engine_heartbeat(openpit_engine *engine, openpit_name session);
/** Takes notice of what time has brought, as every other call does: sessions that fell silent, and what has ended. */
OPENPIT_API openpit_status openpit_engine_tick(openpit_engine *engine);

/** A quantity that somebody will lend to an account that sells short. */
typedef struct openpit_locate {
    uint32_t struct_size;
    openpit_name id; /* used once by each account */
    openpit_account_id account;
    openpit_asset underlying;
    openpit_asset settlement;
    openpit_decimal quantity; /* above 0 */
    int64_t expires;          /* Unix nanoseconds; INT64_MAX: never */
} openpit_locate;

/** Adds a locate. OPENPIT_STATUS_INVALID_ARGUMENT for an id that the account has used, and a quantity that is not above 0. */
OPENPIT_API openpit_status openpit_engine_add_locate(openpit_engine *engine, const openpit_locate *locate);

/** Why nothing was granted. In openpit_error.cause. */
enum {
    OPENPIT_GRANT_CAUSE_TOO_FEW_ACTORS = 1, /* two different ones are needed */
    OPENPIT_GRANT_CAUSE_LIMIT_UNKNOWN = 2,
    OPENPIT_GRANT_CAUSE_LIMIT_IS_HARD = 3,
    OPENPIT_GRANT_CAUSE_ORDER_ID = 4, /* it is no client order id */
    OPENPIT_GRANT_CAUSE_HAS_EXPIRED = 5
};

/** Lets one order of an account pass some limits. */
typedef struct openpit_grant {
    uint32_t struct_size;
    uint32_t reserved;
    openpit_account_id account;
    openpit_text client_order_id;
    const openpit_name *limits;
    size_t limit_count;
    const openpit_name *actors; /* who has decided so */
    size_t actor_count;
    int64_t expires; /* Unix nanoseconds */
} openpit_grant;

/**
 * Lets an order pass: these limits judge it without refusing it. Used or expired the grant is gone. OPENPIT_STATUS_INVALID_ARGUMENT
 * when it cannot be; error->cause is one of OPENPIT_GRANT_CAUSE_*.
 */
OPENPIT_API openpit_status openpit_engine_grant(openpit_engine *engine, const openpit_grant *grant,
                                                openpit_error *error);

#ifdef __cplusplus
}
#endif

#endif
