/*
 * openpit/gates.h: the gates of a risk service in front of venues: idempotency, static limits, exposure, losses, short sales.
 *
 * Gates judge orders of funds and of their strategies by envelopes, and remember all that takes: who holds and has ordered what,
 * which keys were used, what is halted and since which base, what was located, and which stops watch. They read no clock and call
 * nobody. Whoever uses them keeps the truth: he writes down what a call tells before he answers anybody, and loads it into new gates
 * after a restart.
 *
 * Ten lines that work:
 *
 *     openpit_gates *gates;
 *     openpit_gates_options options = {.struct_size = sizeof options};
 *     openpit_gates_order order = {.struct_size = sizeof order, .side = OPENPIT_SIDE_BUY, .type = OPENPIT_ORDER_TYPE_MARKET};
 *     openpit_gates_verdict verdict = {.struct_size = sizeof verdict};
 *     options.keys_max = 1000000, options.window = INT64_C(86400000000000);
 *     order.time_in_force = OPENPIT_TIME_IN_FORCE_DAY, order.quantity = openpit_decimal_from_int64(1);
 *     order.fund = OPENPIT_GATES_NOTHING, order.key = order.id = (openpit_text){"1", 1};
 *     openpit_gates_create(&options, &gates);
 *     openpit_gates_check(gates, &order, 1, &verdict);
 *     // verdict.code is OPENPIT_GATES_FUND_UNKNOWN
 *     openpit_gates_settle(gates, verdict.handle, OPENPIT_GATES_ANSWERED), openpit_gates_destroy(gates);
 *
 * Books are numbered: 0 is everybody, the firm; each fund has a number, and each strategy of a fund, of which one stands for orders
 * that name none. Instruments have numbers of their own. Brokers, classes, sectors, currencies and locates have those that you give
 * them. OPENPIT_GATES_NOTHING is a word that leads nowhere.
 *
 * The conventions are those of openpit.h. Gates are used by one thread at a time. A call that does not answer OPENPIT_STATUS_OK has
 * changed nothing. Times are nanoseconds since 1970, UTC. Quantities and prices are exact; values have 28 digits, and where one is
 * rounded it is against the order. A limit that is just met passes, a loss that is just reached halts. A list is written as far as
 * there is room, and `count` is how long it is.
 */
#ifndef OPENPIT_GATES_H
#define OPENPIT_GATES_H

#include "base.h"
#include "names.h"
#include "numbers.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The gates. */
typedef struct openpit_gates openpit_gates;

/** No such thing. */
#define OPENPIT_GATES_NOTHING UINT32_MAX

/** Where an order is refused. */
typedef uint8_t openpit_gates_gate;
enum {
    OPENPIT_GATES_GATE_NONE = 0,
    OPENPIT_GATES_GATE_IDEMPOTENCY = 1,
    OPENPIT_GATES_GATE_SCHEMA = 2, /* yours */
    OPENPIT_GATES_GATE_STATIC = 3,
    OPENPIT_GATES_GATE_POSITION = 4,
    OPENPIT_GATES_GATE_DRAWDOWN = 5,
    OPENPIT_GATES_GATE_SHORT = 6,
    OPENPIT_GATES_GATE_VETO = 7 /* yours */
};

/** Why an order is refused. */
typedef uint16_t openpit_gates_code;
enum {
    OPENPIT_GATES_NONE = 0,            /* nobody refuses it */
    OPENPIT_GATES_KEY_REUSED = 1,      /* its key is that of another order */
    OPENPIT_GATES_ORDER_ID_REUSED = 2, /* its id is that of an order under another key */
    OPENPIT_GATES_STORE_FULL = 3,      /* no more keys are remembered */
    OPENPIT_GATES_FUND_UNKNOWN = 4,
    OPENPIT_GATES_ENVELOPE_MISSING = 5,
    OPENPIT_GATES_UNKNOWN_INSTRUMENT = 6,
    OPENPIT_GATES_BROKER_NOT_ALLOWED = 7,
    OPENPIT_GATES_ORDER_TYPE_NOT_ALLOWED = 8,
    OPENPIT_GATES_ASSET_CLASS_NOT_ALLOWED = 9,
    OPENPIT_GATES_SYMBOL_RESTRICTED = 10,
    OPENPIT_GATES_QUOTE_MISSING = 11,
    OPENPIT_GATES_QUOTE_STALE = 12,
    OPENPIT_GATES_FX_RATE_MISSING = 13,
    OPENPIT_GATES_MAX_ORDER_QUANTITY = 14,
    OPENPIT_GATES_MAX_ORDER_NOTIONAL = 15,
    OPENPIT_GATES_PRICE_COLLAR = 16,
    OPENPIT_GATES_NAV_MISSING = 17,
    OPENPIT_GATES_NAV_STALE = 18,
    OPENPIT_GATES_NAV_NOT_POSITIVE = 19,
    OPENPIT_GATES_EXPOSURE_UNAVAILABLE = 20, /* something that is held or ordered cannot be valued */
    OPENPIT_GATES_MAX_POSITION = 21,
    OPENPIT_GATES_MAX_GROSS = 22,
    OPENPIT_GATES_MAX_NET = 23,
    OPENPIT_GATES_MAX_SECTOR = 24,
    OPENPIT_GATES_MAX_ASSET_CLASS = 25,
    OPENPIT_GATES_HALTED_DAILY_LOSS = 26,
    OPENPIT_GATES_HALTED_WEEKLY_LOSS = 27,
    OPENPIT_GATES_HALTED_MONTHLY_LOSS = 28,
    OPENPIT_GATES_HALTED_MANUAL = 29,
    OPENPIT_GATES_HALTED_RECONCILIATION = 30,
    OPENPIT_GATES_SHORTING_DISABLED = 31,
    OPENPIT_GATES_BORROW_FEE_UNKNOWN = 32,
    OPENPIT_GATES_BORROW_FEE_STALE = 33,
    OPENPIT_GATES_BORROW_FEE_EXCEEDED = 34,
    OPENPIT_GATES_NOT_BORROWABLE = 35,
    OPENPIT_GATES_LOCATE_REQUIRED = 36,
    OPENPIT_GATES_LOCATE_EXPIRED = 37,
    OPENPIT_GATES_LOCATE_INSUFFICIENT = 38,
    OPENPIT_GATES_MAX_SHORT = 39,
    OPENPIT_GATES_GATE_ERROR = 40 /* a number does not fit */
};

/** What a limit or a halt is about. */
typedef uint8_t openpit_gates_scope;
enum {
    OPENPIT_GATES_SCOPE_NONE = 0,
    OPENPIT_GATES_SCOPE_FIRM = 1,
    OPENPIT_GATES_SCOPE_FUND = 2,
    OPENPIT_GATES_SCOPE_STRATEGY = 3
};

/* ---- Gates, funds, instruments ------------------------------------------------------------------------------- */

/** How gates are made. Ages are inclusive, and in nanoseconds. */
typedef struct openpit_gates_options {
    uint32_t struct_size;
    uint32_t reserved;
    int64_t mark_age; /* of the quotes of what is held */
    int64_t nav_age;
    int64_t borrow_age;
    int64_t window;      /* how long a key is remembered */
    uint64_t keys_max;   /* how many are */
    uint64_t last_order; /* numbers that were given before: the next ones follow */
    uint64_t last_halt;
    uint64_t last_stop;
} openpit_gates_options;

/** Makes gates that know nobody. */
OPENPIT_API openpit_status openpit_gates_create(const openpit_gates_options *options,
                                                OPENPIT_OWN openpit_gates **gates);

/** Ends gates and all they remember. NULL is nothing. */
OPENPIT_API void openpit_gates_destroy(openpit_gates *gates);

/** Adds a fund and tells its number. It may be halted, but orders are unknown to it until it is registered. */
OPENPIT_API openpit_status openpit_gates_add_fund(openpit_gates *gates, uint32_t *number);

/** Registers a fund, or says another currency of it. */
OPENPIT_API openpit_status openpit_gates_register_fund(openpit_gates *gates, uint32_t fund, uint32_t currency);

/** Adds a strategy of a fund and tells the number of its book. */
OPENPIT_API openpit_status openpit_gates_add_strategy(openpit_gates *gates, uint32_t fund, uint32_t *number);

/** Adds an instrument of which nothing is known but that it can be held, and tells its number. */
OPENPIT_API openpit_status openpit_gates_add_instrument(openpit_gates *gates, uint32_t *number);

enum { OPENPIT_GATES_NEEDS_BORROW = 1 << 0 };

/** What an instrument is. */
typedef struct openpit_gates_terms {
    uint32_t struct_size;
    uint32_t asset_class;
    uint32_t sector;
    uint32_t currency;
    uint32_t flags; /* OPENPIT_GATES_NEEDS_BORROW: to sell it short somebody has to lend it */
    uint32_t reserved;
    int64_t quote_age;          /* how old a quote may be that an order is judged by */
    openpit_decimal multiplier; /* above 0 */
} openpit_gates_terms;

/** Says what an instrument is, or is from now on. */
OPENPIT_API openpit_status openpit_gates_register_instrument(openpit_gates *gates, uint32_t instrument,
                                                             const openpit_gates_terms *terms);

/* ---- Envelopes ----------------------------------------------------------------------------------------------- */

/** A limit of its own for one sector or class. */
typedef struct openpit_gates_share {
    uint32_t number;
    uint32_t reserved;
    openpit_decimal share;
} openpit_gates_share;

enum {
    OPENPIT_GATES_HAS_ORDER_NOTIONAL = 1 << 0,
    OPENPIT_GATES_HAS_ORDER_QUANTITY = 1 << 1,
    OPENPIT_GATES_HAS_PRICE_COLLAR = 1 << 2,
    OPENPIT_GATES_HAS_POSITION = 1 << 3,
    OPENPIT_GATES_HAS_GROSS = 1 << 4,
    OPENPIT_GATES_HAS_NET = 1 << 5,
    OPENPIT_GATES_HAS_SECTOR = 1 << 6,
    OPENPIT_GATES_HAS_ASSET_CLASS = 1 << 7,
    OPENPIT_GATES_HAS_DAILY_LOSS = 1 << 8,
    OPENPIT_GATES_HAS_WEEKLY_LOSS = 1 << 9,
    OPENPIT_GATES_HAS_MONTHLY_LOSS = 1 << 10,
    OPENPIT_GATES_HAS_BORROW_FEE = 1 << 11,
    OPENPIT_GATES_HAS_SHORT = 1 << 12,
    OPENPIT_GATES_HAS_STOP = 1 << 13,
    OPENPIT_GATES_HAS_OWN_POSITION = 1 << 14,
    OPENPIT_GATES_HAS_OWN_GROSS = 1 << 15,
    OPENPIT_GATES_HAS_OWN_NET = 1 << 16,
    OPENPIT_GATES_HAS_CLASSES = 1 << 17 /* only those in `classes` may be traded */
};

enum {
    OPENPIT_GATES_ENABLES_SHORTING = 1 << 0,
    OPENPIT_GATES_REQUIRES_LOCATE = 1 << 1,
    OPENPIT_GATES_TRAILS_STOPS = 1 << 2
};

/** What an envelope says, merged: what it does not say is not asked, but without a notional no order passes. */
typedef struct openpit_gates_limits {
    uint32_t struct_size;
    uint32_t fields;     /* OPENPIT_GATES_HAS_* */
    uint8_t order_types; /* 1u << OPENPIT_ORDER_TYPE_* of those that are allowed */
    uint8_t flags;       /* OPENPIT_GATES_ENABLES_SHORTING, _REQUIRES_LOCATE, _TRAILS_STOPS */
    uint16_t reserved;
    uint32_t reserved_word;
    openpit_decimal order_notional;
    openpit_decimal order_quantity;
    openpit_decimal price_collar; /* a share of the mark; all below, but the fee, are shares of the net asset value */
    openpit_decimal position;     /* of a fund also where its strategies have envelopes */
    openpit_decimal gross;
    openpit_decimal net;
    openpit_decimal sector;
    openpit_decimal asset_class;
    openpit_decimal daily_loss; /* above 0 */
    openpit_decimal weekly_loss;
    openpit_decimal monthly_loss;
    openpit_decimal borrow_fee;
    openpit_decimal short_share;
    openpit_decimal stop;         /* above 0 and below 1: how far from its entry a stop is */
    openpit_decimal own_position; /* of a strategy: for what it holds itself */
    openpit_decimal own_gross;
    openpit_decimal own_net;
    const uint32_t *brokers; /* allowed; these lists rise */
    size_t broker_count;
    const uint32_t *classes; /* allowed, with OPENPIT_GATES_HAS_CLASSES */
    size_t class_count;
    const uint32_t *restricted; /* instruments */
    size_t restricted_count;
    const openpit_gates_share *sectors; /* instead of `sector` */
    size_t sector_count;
    const openpit_gates_share *own_classes; /* instead of `asset_class` */
    size_t own_class_count;
} openpit_gates_limits;

/**
 * Puts an envelope in force, all of it from the next order on; NULL: there is none. Orders of a strategy without one are judged by
 * its fund's. Stops of the book move where that brings them nearer to the market: openpit_gates_take_stop tells.
 */
OPENPIT_API openpit_status openpit_gates_set_limits(openpit_gates *gates, uint32_t book,
                                                    const openpit_gates_limits *limits);

/* ---- Feeds --------------------------------------------------------------------------------------------------- */

/** Tells a price, above 0; the last one told counts. Costs what its holders cost. */
OPENPIT_API openpit_status openpit_gates_quote(openpit_gates *gates, uint32_t instrument, openpit_decimal last,
                                               int64_t time);

/** Tells what one currency is worth in another; above 0. */
OPENPIT_API openpit_status openpit_gates_rate(openpit_gates *gates, uint32_t from, uint32_t into, openpit_decimal rate);

/** Tells what borrowing costs a year, and how much there is; NULL: as much as anybody wants. */
OPENPIT_API openpit_status openpit_gates_borrow(openpit_gates *gates, uint32_t instrument, openpit_decimal fee,
                                                const openpit_decimal *available, int64_t time);

/** Adds what somebody will lend a fund until a time. `locate` is not 0 and new to the fund, else OPENPIT_STATUS_INVALID_ARGUMENT. */
OPENPIT_API openpit_status openpit_gates_add_locate(openpit_gates *gates, uint32_t locate, openpit_decimal quantity,
                                                    uint32_t fund, uint32_t instrument, int64_t expires);

/** What there still is of a locate, taken by open orders or not. */
OPENPIT_API openpit_status openpit_gates_locate_left(const openpit_gates *gates, uint32_t locate, uint32_t fund,
                                                     openpit_decimal *left);

/* ---- Orders -------------------------------------------------------------------------------------------------- */

enum { OPENPIT_GATES_HAS_LIMIT_PRICE = 1 << 0, OPENPIT_GATES_HAS_STOP_PRICE = 1 << 1 };

/** An order. Its words are compared with those of another one under its key; the numbers are what they lead to. */
typedef struct openpit_gates_order {
    uint32_t struct_size;
    uint32_t fund;
    uint32_t strategy;
    uint32_t instrument;
    uint32_t broker;
    uint32_t locate; /* 0: it names none */
    openpit_side side;
    openpit_order_type type;
    openpit_time_in_force time_in_force;
    uint8_t purpose;          /* yours */
    uint32_t fields;          /* OPENPIT_GATES_HAS_LIMIT_PRICE, _HAS_STOP_PRICE */
    openpit_decimal quantity; /* above 0, and so are the prices */
    openpit_decimal limit_price;
    openpit_decimal stop_price;
    openpit_text key; /* unique in the fund */
    openpit_text id;  /* unique in all funds */
    openpit_text fund_name;
    openpit_text symbol;
    openpit_text broker_name;
    openpit_text strategy_name;
    openpit_text locate_name;
} openpit_gates_order;

enum {
    OPENPIT_GATES_CHANGED_SYMBOL = 1 << 0,
    OPENPIT_GATES_CHANGED_SIDE = 1 << 1,
    OPENPIT_GATES_CHANGED_QUANTITY = 1 << 2,
    OPENPIT_GATES_CHANGED_BROKER = 1 << 3,
    OPENPIT_GATES_CHANGED_STRATEGY = 1 << 4,
    OPENPIT_GATES_CHANGED_TYPE = 1 << 5,
    OPENPIT_GATES_CHANGED_LIMIT_PRICE = 1 << 6,
    OPENPIT_GATES_CHANGED_STOP_PRICE = 1 << 7,
    OPENPIT_GATES_CHANGED_TIME_IN_FORCE = 1 << 8,
    OPENPIT_GATES_CHANGED_LOCATE = 1 << 9,
    OPENPIT_GATES_CHANGED_PURPOSE = 1 << 10
};

enum {
    OPENPIT_GATES_IS_REPLAY = 1 << 0,   /* the same order has been here: answer it as `number` was answered */
    OPENPIT_GATES_IS_PENDING = 1 << 1,  /* but that one has not been settled */
    OPENPIT_GATES_IS_REDUCING = 1 << 2, /* opposite to the position, and not more than no other order closes */
    OPENPIT_GATES_HAS_NUMBERS = 1 << 3  /* limit, observed and headroom say something */
};

/** What the gates say to an order. */
typedef struct openpit_gates_verdict {
    uint32_t struct_size;
    openpit_gates_code code;
    openpit_gates_gate gate;
    openpit_gates_scope scope;
    uint16_t changed; /* OPENPIT_GATES_CHANGED_* against the first order under its key */
    uint16_t flags;
    uint32_t reserved;
    uint64_t
        number; /* rises by one with each order that has a verdict of gates 3 to 6; of the first one under a known key */
    uint64_t handle; /* for openpit_gates_settle */
    uint64_t halt;   /* the one that refuses it */
    openpit_decimal limit;
    openpit_decimal observed;
    openpit_decimal headroom;       /* what would have passed, not below 0 */
    openpit_decimal short_quantity; /* how much of it is sold and not owned */
} openpit_gates_verdict;

/**
 * Judges an order by the gates 1 and 3 to 6, up to the first that refuses it. One that passes is open from here on: what it may
 * do counts. One that reached gate 3 is pending until it is settled. Losses it brings to light halt: openpit_gates_take_halt.
 */
OPENPIT_API openpit_status openpit_gates_check(openpit_gates *gates, const openpit_gates_order *order, int64_t now,
                                               openpit_gates_verdict *verdict);

/** The verdicts of the gates 1, 3, 4, 5 and 6, each as if the others passed. Nothing changes. `verdicts` has room for five. */
OPENPIT_API openpit_status openpit_gates_explain(openpit_gates *gates, const openpit_gates_order *order, int64_t now,
                                                 openpit_gates_verdict *verdicts);

/** What became of an order that is pending. */
typedef uint8_t openpit_gates_settlement;
enum {
    OPENPIT_GATES_ANSWERED = 0, /* its verdict was written down and told */
    OPENPIT_GATES_REFUSED = 1,  /* somebody else refused it: it is not open */
    OPENPIT_GATES_FORGOTTEN = 2 /* nothing was told: it has never been here */
};

/** Settles an order that is pending, once. */
OPENPIT_API openpit_status openpit_gates_settle(openpit_gates *gates, uint64_t handle,
                                                openpit_gates_settlement settlement);

/** Ends an open order and tells its number. OPENPIT_STATUS_NOT_FOUND for one that is not open. */
OPENPIT_API openpit_status openpit_gates_close(openpit_gates *gates, openpit_text id, uint64_t *number);

/** An open order and what is left of it. */
typedef struct openpit_gates_open_order {
    uint64_t number;
    openpit_decimal open;
} openpit_gates_open_order;

/** The open orders of a fund, the oldest first. */
OPENPIT_API openpit_status openpit_gates_open_orders(const openpit_gates *gates, uint32_t fund,
                                                     openpit_gates_open_order *orders, size_t capacity, size_t *count);

/** What an open order has taken of a locate. */
typedef struct openpit_gates_hold {
    uint32_t locate;
    uint32_t reserved;
    openpit_decimal quantity;
} openpit_gates_hold;

/** What an open order has taken of locates and not used. */
OPENPIT_API openpit_status openpit_gates_holds(const openpit_gates *gates, openpit_text id, openpit_gates_hold *holds,
                                               size_t capacity, size_t *count);

/* ---- Positions ----------------------------------------------------------------------------------------------- */

/** What was traded. */
typedef struct openpit_gates_fill {
    uint32_t struct_size;
    uint32_t fund;
    uint32_t strategy; /* OPENPIT_GATES_NOTHING: that of its order */
    uint32_t instrument;
    uint32_t broker; /* or OPENPIT_GATES_NOTHING */
    openpit_side side;
    uint8_t reserved;
    uint16_t reserved_short;
    openpit_decimal quantity; /* above 0 */
    openpit_decimal price;
    openpit_text order; /* need not be known */
    openpit_text id;    /* unique among all fills */
} openpit_gates_fill;

/** What came of it. */
typedef struct openpit_gates_fill_outcome {
    uint32_t struct_size;
    uint32_t strategy;    /* the book that it went to */
    uint64_t number;      /* of its order; 0: that was not open */
    openpit_decimal open; /* what is left of that */
    openpit_decimal short_left;
    uint32_t is_known; /* 1: it was booked before, and nothing has happened */
    uint32_t reserved;
} openpit_gates_fill_outcome;

/** Books a fill: position, average price, what is open of its order, and the stop that watches; see openpit_gates_take_stop. */
OPENPIT_API openpit_status openpit_gates_book_fill(openpit_gates *gates, const openpit_gates_fill *fill, int64_t now,
                                                   openpit_gates_fill_outcome *outcome);

/** Loads the id of a fill that was booked. */
OPENPIT_API openpit_status openpit_gates_load_fill(openpit_gates *gates, openpit_text id);

/** Sets what a strategy holds; NULL: nobody knows what it cost. No stop follows. */
OPENPIT_API openpit_status openpit_gates_set_position(openpit_gates *gates, uint32_t strategy, uint32_t instrument,
                                                      openpit_decimal quantity, const openpit_decimal *average,
                                                      uint32_t broker);

/** Sets the average price of what all strategies of a fund hold together. */
OPENPIT_API openpit_status openpit_gates_set_average(openpit_gates *gates, uint32_t fund, uint32_t instrument,
                                                     const openpit_decimal *average);

enum { OPENPIT_GATES_HAS_AVERAGE = 1 << 0 };

/** What is held and ordered. */
typedef struct openpit_gates_position {
    uint32_t book;
    uint32_t instrument;
    uint32_t broker; /* of the last fill, or OPENPIT_GATES_NOTHING */
    uint32_t fields; /* OPENPIT_GATES_HAS_AVERAGE */
    uint64_t stop;   /* that watches it, or 0 */
    openpit_decimal quantity;
    openpit_decimal average;
    openpit_decimal buys;
    openpit_decimal sells;
} openpit_gates_position;

/** What a fund or a strategy holds of an instrument. OPENPIT_STATUS_NOT_FOUND where there never was anything. */
OPENPIT_API openpit_status openpit_gates_position_of(const openpit_gates *gates, uint32_t book, uint32_t instrument,
                                                     openpit_gates_position *position);

/** All that a fund or a strategy holds, has ordered, or once had. */
OPENPIT_API openpit_status openpit_gates_positions(const openpit_gates *gates, uint32_t book,
                                                   openpit_gates_position *positions, size_t capacity, size_t *count);

/** What so much of an instrument is worth to a fund. OPENPIT_STATUS_NOT_FOUND where nobody can say. */
OPENPIT_API openpit_status openpit_gates_worth(const openpit_gates *gates, openpit_decimal quantity,
                                               uint32_t instrument, uint32_t fund, openpit_decimal *worth);

/** Instruments that a book holds or has ordered, and that cannot be valued. */
OPENPIT_API openpit_status openpit_gates_unvalued(const openpit_gates *gates, uint32_t book, int64_t now,
                                                  uint32_t *instruments, size_t capacity, size_t *count);

/** What a book comes to, in the worst case of its open orders. OPENPIT_STATUS_ARITHMETIC_OVERFLOW where that fits in no number. */
OPENPIT_API openpit_status openpit_gates_exposure(const openpit_gates *gates, uint32_t book, openpit_decimal *gross,
                                                  openpit_decimal *net);

/* ---- Losses and halts ---------------------------------------------------------------------------------------- */

/** Why somebody is halted; the first three are numbered as the periods are. */
typedef uint8_t openpit_gates_severity;
enum {
    OPENPIT_GATES_DAILY_LOSS = 0,
    OPENPIT_GATES_WEEKLY_LOSS = 1,
    OPENPIT_GATES_MONTHLY_LOSS = 2,
    OPENPIT_GATES_MANUAL = 3,
    OPENPIT_GATES_RECONCILIATION = 4,
    OPENPIT_GATES_ALL_SEVERITIES = 255 /* for openpit_gates_resume */
};

/**
 * Notes the net asset value of a fund or a strategy, and halts what has lost too much.
 *
 * @param starts  when the day, the week and the month of that moment began. A later one begins a period, whose base is the last value.
 */
OPENPIT_API openpit_status openpit_gates_note_value(openpit_gates *gates, uint32_t book, openpit_decimal nav,
                                                    int64_t now, const int64_t starts[3]);

/** Notes money that came in or, below 0, went out, which is no gain and no loss. Before the first value it is part of that. */
OPENPIT_API openpit_status openpit_gates_note_flow(openpit_gates *gates, uint32_t book, openpit_decimal amount,
                                                   const int64_t starts[3]);

enum { OPENPIT_GATES_HAS_NAV = 1 << 0 };

/** What is remembered of a net asset value. */
typedef struct openpit_gates_value {
    uint32_t struct_size;
    uint32_t fields; /* OPENPIT_GATES_HAS_NAV */
    int64_t time;
    openpit_decimal nav;
    int64_t starts[3];
    openpit_decimal bases[3];
    openpit_decimal flows[3];
} openpit_gates_value;

/** Reads it. */
OPENPIT_API openpit_status openpit_gates_value_of(const openpit_gates *gates, uint32_t book,
                                                  openpit_gates_value *value);

/** Loads it, of one that has a value. */
OPENPIT_API openpit_status openpit_gates_load_value(openpit_gates *gates, uint32_t book,
                                                    const openpit_gates_value *value);

/** Halts a fund, a strategy, or with book 0 everybody, and tells the number of the halt; 0: one like it stands. */
OPENPIT_API openpit_status openpit_gates_halt(openpit_gates *gates, uint32_t book, openpit_gates_severity severity,
                                              int64_t now, uint64_t *number);

/** Loads a halt that stands. */
OPENPIT_API openpit_status openpit_gates_load_halt(openpit_gates *gates, uint32_t book, openpit_gates_severity severity,
                                                   uint64_t number);

enum {
    OPENPIT_GATES_REBASES = 1 << 0, /* losses that still stand count from the present value on */
    OPENPIT_GATES_IS_TRIAL = 1 << 1 /* nothing is lifted, only told what would be */
};

/**
 * Lifts halts of a book, all or those of one severity, and tells which: 1u << OPENPIT_GATES_*_LOSS and so on.
 *
 * @return OPENPIT_STATUS_NOT_HALTED where there is none; OPENPIT_STATUS_ORDER_STATE where a loss still stands and nobody rebases,
 *         or where there is nothing left to begin anew with.
 */
OPENPIT_API openpit_status openpit_gates_resume(openpit_gates *gates, uint32_t book, openpit_gates_severity severity,
                                                uint32_t flags, uint8_t *lifted);

/** A halt that came into force. */
typedef struct openpit_gates_raised_halt {
    uint32_t struct_size;
    uint32_t book;
    uint64_t number;
    int64_t time;
    openpit_gates_severity severity;
    uint8_t reserved;
    uint16_t reserved_short;
    uint32_t reserved_word;
    openpit_decimal share; /* what was gained, as a share of the base: of a loss below 0 */
    openpit_decimal limit;
    openpit_decimal base;
    openpit_decimal nav;
} openpit_gates_raised_halt;

/** Takes the oldest halt that has not been taken. OPENPIT_STATUS_NOT_FOUND when there is none. */
OPENPIT_API openpit_status openpit_gates_take_halt(openpit_gates *gates, openpit_gates_raised_halt *halt);

/* ---- Stops --------------------------------------------------------------------------------------------------- */

/** Where a stop stands. */
typedef uint8_t openpit_gates_stop_state;
enum {
    OPENPIT_GATES_STOP_ARMED = 1,
    OPENPIT_GATES_STOP_TRIGGERED = 2,
    OPENPIT_GATES_STOP_SENT = 3,
    OPENPIT_GATES_STOP_CLOSED = 4,
    OPENPIT_GATES_STOP_CANCELLED = 5
};

/** A stop. */
typedef struct openpit_gates_stop {
    uint32_t struct_size;
    uint32_t book; /* a strategy's */
    uint32_t instrument;
    openpit_gates_stop_state state;
    uint8_t is_short;
    uint16_t reserved;
    uint64_t number;
    uint32_t confirmations; /* looks in a row that found it crossed */
    uint32_t attempts;      /* the number of the attempt to close: 0 before the first */
    int64_t armed_at;
    int64_t triggered_at;
    openpit_decimal quantity;
    openpit_decimal entry;
    openpit_decimal price;
    openpit_decimal best; /* price since it was armed */
    openpit_decimal trigger_price;
} openpit_gates_stop;

/** Takes the oldest change of a stop that has not been taken. OPENPIT_STATUS_NOT_FOUND when there is none. */
OPENPIT_API openpit_status openpit_gates_take_stop(openpit_gates *gates, openpit_gates_stop *stop);

/** Loads a stop. Of one that is over only the number is remembered. */
OPENPIT_API openpit_status openpit_gates_load_stop(openpit_gates *gates, const openpit_gates_stop *stop);

/** Looks at a price that is fresh: an armed stop is triggered when so many looks in a row found it crossed, or trails. */
OPENPIT_API openpit_status openpit_gates_observe_stop(openpit_gates *gates, uint64_t stop, openpit_decimal last,
                                                      uint32_t confirmations, int64_t now);

/** There was nothing to look at: looks in a row begin anew. */
OPENPIT_API openpit_status openpit_gates_miss_stop(openpit_gates *gates, uint64_t stop);

/** What happened to a stop's closing order. */
typedef uint8_t openpit_gates_stop_event;
enum {
    OPENPIT_GATES_STOP_ORDER_SENT = 1,
    OPENPIT_GATES_STOP_ORDER_REFUSED = 2, /* the next attempt has another number */
    OPENPIT_GATES_STOP_ORDER_OVER = 3,    /* the stop arms again, or is sent anew */
    OPENPIT_GATES_STOP_UNWANTED = 4,
    OPENPIT_GATES_STOP_POSITION_GONE = 5
};

/** Tells it. What is told of an attempt that is not the last is past, and changes nothing. */
OPENPIT_API openpit_status openpit_gates_tell_stop(openpit_gates *gates, uint64_t stop, openpit_gates_stop_event event,
                                                   uint32_t attempt);

/** What was found wrong with the stop of a position. */
typedef struct openpit_gates_swept {
    uint8_t kind; /* OPENPIT_GATES_SWEPT_* */
    uint8_t reserved;
    uint16_t reserved_short;
    uint32_t book;
    uint32_t instrument;
    uint32_t reserved_word;
    uint64_t stop; /* 0 where none could be armed */
} openpit_gates_swept;
enum {
    OPENPIT_GATES_SWEPT_ARMED = 1,
    OPENPIT_GATES_SWEPT_CANCELLED = 2,
    OPENPIT_GATES_SWEPT_RESIZED = 3,
    OPENPIT_GATES_SWEPT_FAILED = 4 /* nobody knows a price */
};

/** Gives every position one stop of its quantity, ends those that watch nothing, and tells how much it did. */
OPENPIT_API openpit_status openpit_gates_sweep(openpit_gates *gates, int64_t now, size_t *count);

/** What the last sweep did. */
OPENPIT_API openpit_status openpit_gates_swept_stops(const openpit_gates *gates, openpit_gates_swept *swept,
                                                     size_t capacity, size_t *count);

/* ---- Loading ------------------------------------------------------------------------------------------------- */

/** Loads a key that was used at a time, the oldest first. */
OPENPIT_API openpit_status openpit_gates_load_key(openpit_gates *gates, const openpit_gates_order *order,
                                                  uint64_t number, int64_t time);

/** Loads an order that is open, how much of it still is, how much of that is short, and what it has taken of locates. */
OPENPIT_API openpit_status openpit_gates_load_order(openpit_gates *gates, const openpit_gates_order *order,
                                                    uint64_t number, openpit_decimal open, openpit_decimal short_left,
                                                    const openpit_gates_hold *holds, size_t hold_count);

/** How many keys are remembered. */
OPENPIT_API openpit_status openpit_gates_key_count(const openpit_gates *gates, uint64_t *count);

#ifdef __cplusplus
}
#endif

#endif
