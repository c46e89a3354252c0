/*
 * openpit/controls.h: the built-in policies, and how they are configured.
 *
 * What holds for all of them is told in openpit.h.
 */
#ifndef OPENPIT_CONTROLS_H
#define OPENPIT_CONTROLS_H

#include "engine.h"
#include "market.h"

#ifdef __cplusplus
extern "C" {
#endif

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

#ifdef __cplusplus
}
#endif

#endif
