/*
 * openpit/ledger.h: what an engine knows of accounts: groups, blocks, currencies, and what they hold.
 *
 * What holds for all of them is told in openpit.h.
 */
#ifndef OPENPIT_LEDGER_H
#define OPENPIT_LEDGER_H

#include "engine.h"
#include "market.h"

#ifdef __cplusplus
extern "C" {
#endif

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

/* ---- Holdings ------------------------------------------------------------------------------------------------ */

/*
 * An engine with spot funds keeps a ledger of what every account has of every asset and what it earned; any other keeps one when
 * its builder is told to. A report settles there once, before any policy hears of it; adjustments correct it, and are refused
 * under the name "Engine" where no spot funds are.
 *
 * Without spot funds nothing is set aside: orders leave the ledger alone, and a fill moves what was traded and its fee from and
 * to what is free, whatever locks the report has. What it leads to is told under policy group 0, before what policies tell.
 */

/**
 * Has the engine keep a ledger, with spot funds or without. It is no policy: an engine still needs one.
 *
 * @param market_data  optional; the quotes that P&L is converted by into the currency of its account, in place of those given
 *                     before. The engine keeps it alive. One that was made for a single thread serves a single-threaded engine
 *                     only: OPENPIT_STATUS_SYNC_MODE_MISMATCH.
 */
OPENPIT_API openpit_status openpit_engine_builder_keep_ledger(openpit_engine_builder *builder,
                                                              openpit_market_data *market_data, openpit_error *error);

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

/** Reads what an account has of an asset: zeros where nothing is known. OPENPIT_STATUS_NOT_FOUND without a ledger. */
OPENPIT_API openpit_status openpit_engine_read_holding(openpit_engine *engine, openpit_account_id account,
                                                       openpit_asset asset, openpit_holding *holding);
/** Reads the P&L of an account: `pnl`, or the reason why there is none. OPENPIT_STATUS_NOT_FOUND without a ledger. */
OPENPIT_API openpit_status openpit_engine_read_spot_funds_account_pnl(openpit_engine *engine,
                                                                      openpit_account_id account, openpit_decimal *pnl,
                                                                      openpit_halt_reason *halt);

#ifdef __cplusplus
}
#endif

#endif
