/*
 * openpit/custom.h: policies of your own.
 *
 * What holds for all of them is told in openpit.h.
 */
#ifndef OPENPIT_CUSTOM_H
#define OPENPIT_CUSTOM_H

#include "engine.h"

#ifdef __cplusplus
extern "C" {
#endif

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

#ifdef __cplusplus
}
#endif

#endif
