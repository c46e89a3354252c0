/*
 * openpit/names.h: assets, accounts, groups, and the words that orders and reports are made of.
 *
 * What holds for all of them is told in openpit.h.
 */
#ifndef OPENPIT_NAMES_H
#define OPENPIT_NAMES_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

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

/**
 * A name of a strategy, a trader, a venue, a session, a clearing account or a decision maker: interned as an asset's, in the
 * same table and with the same rules. 0 is none.
 */
typedef openpit_asset openpit_name;

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

/** How an order is to be priced. */
typedef uint8_t openpit_order_type;
enum {
    OPENPIT_ORDER_TYPE_NONE = 0, /* not said: limit with a price, else market */
    OPENPIT_ORDER_TYPE_LIMIT = 1,
    OPENPIT_ORDER_TYPE_MARKET = 2,
    OPENPIT_ORDER_TYPE_STOP = 3,
    OPENPIT_ORDER_TYPE_STOP_LIMIT = 4
};

/** How long an order stands. */
typedef uint8_t openpit_time_in_force;
enum {
    OPENPIT_TIME_IN_FORCE_NONE = 0, /* not said */
    OPENPIT_TIME_IN_FORCE_DAY = 1,
    OPENPIT_TIME_IN_FORCE_GTC = 2, /* until it is cancelled */
    OPENPIT_TIME_IN_FORCE_IOC = 3, /* what is not filled at once is cancelled */
    OPENPIT_TIME_IN_FORCE_FOK = 4, /* filled whole at once, or not at all */
    OPENPIT_TIME_IN_FORCE_GTD = 5, /* until expire_at */
    OPENPIT_TIME_IN_FORCE_AT_OPEN = 6,
    OPENPIT_TIME_IN_FORCE_AT_CLOSE = 7
};

/** What a report says became of its order. */
typedef uint8_t openpit_report_event;
enum {
    OPENPIT_EVENT_NONE = 0, /* not said: fill with a trade, else done if final, else accepted */
    OPENPIT_EVENT_ACCEPTED = 1,
    OPENPIT_EVENT_REJECTED = 2,
    OPENPIT_EVENT_REPLACED = 3,
    OPENPIT_EVENT_REPLACE_REJECTED = 4,
    OPENPIT_EVENT_CANCELLED = 5,
    OPENPIT_EVENT_EXPIRED = 6,
    OPENPIT_EVENT_DONE = 7,
    OPENPIT_EVENT_FILL = 8,
    OPENPIT_EVENT_RESTATED = 9,
    OPENPIT_EVENT_TRADE_CANCEL = 10
};

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

#ifdef __cplusplus
}
#endif

#endif
