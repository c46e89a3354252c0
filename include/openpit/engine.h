/*
 * openpit/engine.h: how an engine is made, and the way of an order through it.
 *
 * What holds for all of them is told in openpit.h.
 */
#ifndef OPENPIT_ENGINE_H
#define OPENPIT_ENGINE_H

#include "results.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Building an engine -------------------------------------------------------------------------------------- */

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
    /*
     * How much the engine keeps at most. 0 is the default, and more than there can be is as many as there can be. What is more is
     * refused, with OPENPIT_STATUS_LIMIT_REACHED or, where an order is judged, OPENPIT_REJECT_SYSTEM_UNAVAILABLE, before
     * anything changes.
     */
    uint64_t account_max; /* accounts that have a place, which is for the engine's life; by default 16,777,216 */
    uint64_t open_max;    /* requests and reservations open at a time; by default 1,048,576, at most 67,107,840 */
    uint64_t name_max;    /* names of custom policies; by default 65,536 */
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
 * of the engine's own. So no more than 67,107,840 requests and reservations can be open in one engine, whatever its options say.
 * One more than may be open is answered with OPENPIT_STATUS_LIMIT_REACHED, and a place that was used 2^37 times is put away for
 * good.
 */

/** An order that passed the start stage and waits to be executed, once. */
typedef uint64_t openpit_request;
/**
 * What an accepted order holds until it is committed or rolled back, once. The id is also the engine's number of the order, by
 * which reports name it afterwards (order_id): no two orders of an engine ever have the same one.
 */
typedef uint64_t openpit_reservation;

/**
 * Runs the start-stage checks of one order.
 *
 * @param order    borrowed for the call; the request has a copy, with texts of up to OPENPIT_ORDER_TEXT_LENGTH_MAX bytes.
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

#ifdef __cplusplus
}
#endif

#endif
