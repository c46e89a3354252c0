/*
 * openpit/records.h: orders, execution reports and account adjustments.
 *
 * What holds for all of them is told in openpit.h.
 */
#ifndef OPENPIT_RECORDS_H
#define OPENPIT_RECORDS_H

#include "names.h"
#include "numbers.h"

#ifdef __cplusplus
extern "C" {
#endif

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
    OPENPIT_ORDER_HAS_CLIENT_ORDER_ID = 1u << 5,
    OPENPIT_ORDER_HAS_REPLACES = 1u << 6,
    OPENPIT_ORDER_HAS_EXPIRE_AT = 1u << 7,
    OPENPIT_ORDER_HAS_DISPLAY_QUANTITY = 1u << 8,
    OPENPIT_ORDER_HAS_STOP_PRICE = 1u << 9,
    OPENPIT_ORDER_HAS_DECISION_PRICE = 1u << 10,
    OPENPIT_ORDER_POST_ONLY = 1u << 11,
    OPENPIT_ORDER_SHORT = 1u << 12, /* a sell without either is marked long */
    OPENPIT_ORDER_SHORT_EXEMPT = 1u << 13,
    OPENPIT_ORDER_ALL_FIELDS = (1u << 14) - 1
};

/** The longest client order id, in bytes, that outlives the call it came with. */
#define OPENPIT_ORDER_TEXT_LENGTH_MAX 64

/**
 * An order as a strategy asks for it. Plain data, read while a call lasts and never afterwards. What custom policies or a
 * request will read again is copied first, and the copy is what is checked; so are the texts.
 *
 * Texts have to be UTF-8 and may have any length and hold anything, because only those who look at them have rules for them.
 * A request keeps texts of up to OPENPIT_ORDER_TEXT_LENGTH_MAX bytes; a longer one is absent when it is executed.
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
    openpit_text client_order_id; /* the sender's own id of the order; borrowed for the call */
    openpit_text replaces;        /* the client order id of the order it takes the place of; borrowed for the call */
    openpit_decimal display_quantity;
    openpit_decimal stop_price;
    openpit_decimal decision_price; /* the price at which it was decided to trade */
    int64_t expire_at;              /* Unix nanoseconds */
    openpit_name strategy;          /* names: 0 is absent */
    openpit_name trader;
    openpit_name venue;
    openpit_name session;
    openpit_name clearing_account;
    openpit_name decision_maker;
    openpit_order_type order_type;
    openpit_time_in_force time_in_force;
    uint16_t reserved_tail_short;
    uint32_t reserved_tail_word;
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
    OPENPIT_REPORT_HAS_CLIENT_ORDER_ID = 1u << 7,
    OPENPIT_REPORT_HAS_ORDER_ID = 1u << 8,
    OPENPIT_REPORT_HAS_EXECUTION_ID = 1u << 9,
    OPENPIT_REPORT_ALL_FIELDS = (1u << 10) - 1
};

/**
 * What became of an order: a fill, a fee, a cancel, a profit or a loss. Plain data but for the borrowed lock and texts.
 *
 * client_order_id or order_id say whose report it is; one is enough. Texts have to be UTF-8, and are as free as an order's.
 */
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
    openpit_text client_order_id; /* that of the order; borrowed for the call */
    uint64_t order_id;            /* the engine's number of the order, which is its openpit_reservation */
    openpit_text execution_id;    /* the venue's id of what is reported; borrowed for the call */
    openpit_name strategy;        /* names: 0 is absent */
    openpit_name trader;
    openpit_name venue;
    openpit_report_event event;
    uint8_t reserved_tail_byte;
    uint16_t reserved_tail_short;
} openpit_report;

/** What an adjustment is about. */
typedef uint8_t openpit_adjustment_kind;
enum {
    OPENPIT_ADJUSTMENT_NONE = 0,
    OPENPIT_ADJUSTMENT_BALANCE = 1,     /* asset, average_entry_price, pnl or halt_reason */
    OPENPIT_ADJUSTMENT_POSITION = 2,    /* underlying, settlement, collateral, average_entry_price, mode, leverage */
    OPENPIT_ADJUSTMENT_ACCOUNT_PNL = 3, /* pnl or halt_reason */
    /* asset, and balance for what is paid in or out; spot funds ignore it */
    OPENPIT_ADJUSTMENT_EQUITY = 4,
    /* underlying, settlement, average_entry_price, strategy, trader, venue, and balance for the quantity; spot funds ignore it */
    OPENPIT_ADJUSTMENT_LEDGER_POSITION = 5
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
    openpit_name strategy; /* names: 0 is absent */
    openpit_name trader;
    openpit_name venue;
    uint32_t reserved_tail;
} openpit_adjustment;

#ifdef __cplusplus
}
#endif

#endif
