/*
 * openpit/simulation.h: matching in exact decimals, and simulations of an account that takes part.
 *
 * A matcher is the decimal door of the order book (openpit/book.h): it holds the books of several instruments, takes orders with
 * decimal prices and quantities, and trades them exactly or refuses them. Besides continuous trading it knows auctions, a dark
 * pool, pairs of instruments, and prices that orders move. A simulation lets events happen in the order of their times: orders,
 * cancels, changes, trades and marks, and keeps the account that they are about.
 *
 * Ten lines that work:
 *
 *     openpit_matcher *matcher;
 *     openpit_book_id book;
 *     openpit_matcher_order order = {.struct_size = sizeof order, .order = 1, .side = OPENPIT_SIDE_SELL};
 *     openpit_matcher_outcome outcome = {.struct_size = sizeof outcome};
 *     openpit_matcher_create(NULL, &matcher), openpit_matcher_add_book(matcher, &book);
 *     order.price = openpit_decimal_from_int64(100), order.quantity = openpit_decimal_from_int64(5);
 *     openpit_matcher_submit(matcher, book, &order, &outcome);
 *     order.order = 2, order.side = OPENPIT_SIDE_BUY;
 *     openpit_matcher_submit(matcher, book, &order, &outcome);
 *     // outcome.fill_count is 1: 2 took 5 from 1 at 100.
 *
 * The conventions are those of openpit.h. A matcher and the simulations on it are used by one thread at a time. Nothing is
 * random: the same calls lead to the same answers. A matcher that comes upon something that cannot be answers
 * OPENPIT_STATUS_INTERNAL from then on, and so do the simulations on it.
 *
 * Prices are above zero and have at most 17 digits, as the shortest text of any double does; quantities are above zero and have
 * at most 22 digits behind the point, and a side of a book holds up to 10^16. What does not fit is refused, and nothing has
 * changed. Sums that are read are rounded to 28 digits.
 */
#ifndef OPENPIT_SIMULATION_H
#define OPENPIT_SIMULATION_H

#include "base.h"
#include "book.h"
#include "names.h"
#include "numbers.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Matchers ------------------------------------------------------------------------------------------------ */

/** The books of several instruments, in exact decimals. */
typedef struct openpit_matcher openpit_matcher;

/** How orders move prices. */
typedef uint8_t openpit_impact_model;
enum {
    OPENPIT_IMPACT_NONE = 0,      /* they do not */
    OPENPIT_IMPACT_LINEAR = 1,    /* coefficient * quantity / depth */
    OPENPIT_IMPACT_POWER_LAW = 2, /* coefficient * (quantity / depth) ^ exponent */
    OPENPIT_IMPACT_CUSTOM = 3     /* as your function says */
};

/** What your own model is asked: an order is about to trade `quantity`. Nothing has changed yet. */
typedef struct openpit_impact_question {
    openpit_decimal quantity;
    uint64_t time; /* of the event of a simulation that this is about; 0 outside one */
    openpit_book_id book;
    openpit_side side;
    uint8_t reserved;
    uint16_t reserved_short;
} openpit_impact_question;

/** What it answers; zeros when it is called. */
typedef struct openpit_impact_answer {
    openpit_decimal instantaneous; /* what the order pays beyond the displayed price, or gets less */
    openpit_decimal permanent;     /* how far it moves all displayed prices: up when it buys, down when it sells */
} openpit_impact_answer;

/**
 * Your own model. It may read the matcher that calls it, and change nothing: what would, answers OPENPIT_STATUS_CALLBACK_FAILED.
 *
 * @return 0; anything else fails the call, and the order is not carried out.
 */
typedef int32_t (*openpit_impact_function)(void *user_data, const openpit_impact_question *question,
                                           openpit_impact_answer *answer);

/**
 * How a matcher is made. An order that would trade `quantity` makes a move of the model's size, where depth is what the first
 * `depth_levels` of the other side offer. The instantaneous part of it is added to the price of each of its trades, though never
 * beyond its limit; the rest moves all displayed prices, after the offset there is has lost the part that decays.
 *
 * What is displayed for an order that comes in is the limit it names, whatever the offset.
 */
typedef struct openpit_matcher_options {
    uint32_t struct_size;
    openpit_impact_model impact_model;
    uint8_t reserved;
    uint16_t reserved_short;
    uint32_t depth_levels; /* at least 1 where there is a model */
    uint32_t reserved_word;
    openpit_decimal coefficient;         /* price units; not negative */
    openpit_decimal instantaneous_ratio; /* 0 to 1 */
    openpit_decimal permanent_decay;     /* 0 to 1: the part of the offset that an order which trades lets go */
    double exponent;                     /* above 0, at most 2; of OPENPIT_IMPACT_POWER_LAW */
    openpit_impact_function function;    /* of OPENPIT_IMPACT_CUSTOM */
    void *user_data;                     /* handed to the function */
} openpit_matcher_options;

/**
 * Makes a matcher without books.
 *
 * @param options  optional; read during the call. Without them orders do not move prices.
 * @return OPENPIT_STATUS_INVALID_ARGUMENT for numbers that no model can have; OPENPIT_STATUS_LIMIT_REACHED when memory has run
 *         out.
 */
OPENPIT_API openpit_status openpit_matcher_create(const openpit_matcher_options *options,
                                                  OPENPIT_OWN openpit_matcher **matcher);

/** Ends the matcher and its books; takes NULL. Simulations on it have to end first. */
OPENPIT_API void openpit_matcher_destroy(openpit_matcher *matcher);

/** Says anew how orders move prices. The offset and what was counted stay. */
OPENPIT_API openpit_status openpit_matcher_set_impact(openpit_matcher *matcher, const openpit_matcher_options *options);

/** Adds a book; they are numbered from 0. OPENPIT_STATUS_LIMIT_REACHED when memory is refused. */
OPENPIT_API openpit_status openpit_matcher_add_book(openpit_matcher *matcher, openpit_book_id *book);

/* ---- Orders -------------------------------------------------------------------------------------------------- */

/** Where an order goes. */
typedef uint8_t openpit_matcher_pool;
enum {
    OPENPIT_POOL_CONTINUOUS = 0, /* it trades at once, and its rest shows */
    OPENPIT_POOL_AUCTION = 1,    /* it waits for openpit_matcher_run_auction */
    OPENPIT_POOL_DARK = 2 /* it meets nobody but orders of this pool, and never shows; it has to be a limit order */
};

/** Whose order it is, for the account of a simulation. */
typedef uint8_t openpit_order_owner;
enum {
    OPENPIT_OWNER_UNSAID = 0,  /* the account's when it takes, the market's when it rests */
    OPENPIT_OWNER_ACCOUNT = 1, /* the account's */
    OPENPIT_OWNER_MARKET = 2   /* the market's */
};

/** A new order. */
typedef struct openpit_matcher_order {
    uint32_t struct_size;
    openpit_side side;
    openpit_book_order_type type;             /* OPENPIT_BOOK_LIMIT or OPENPIT_BOOK_MARKET */
    openpit_book_time_in_force time_in_force; /* any but OPENPIT_BOOK_GTD */
    openpit_matcher_pool pool;
    openpit_order_owner owner;
    uint8_t reserved;
    uint16_t reserved_short;
    uint32_t reserved_word;
    uint64_t order; /* your number, below 2^63 - 1; while it rests or waits no other order of the book may have it */
    openpit_decimal price; /* of a limit order */
    openpit_decimal quantity;
} openpit_matcher_order;

/** Why a matcher refuses. */
typedef uint8_t openpit_matcher_reason;
enum {
    OPENPIT_MATCHER_REASON_NONE = 0,
    OPENPIT_MATCHER_REASON_INVALID_PRICE = 1,      /* not above zero */
    OPENPIT_MATCHER_REASON_PRICE_DIGITS = 2,       /* more than 17 digits */
    OPENPIT_MATCHER_REASON_INVALID_QUANTITY = 3,   /* not above zero, or beyond what a pair may trade */
    OPENPIT_MATCHER_REASON_QUANTITY_DIGITS = 4,    /* digits beyond the 22nd behind the point */
    OPENPIT_MATCHER_REASON_QUANTITY_TOO_LARGE = 5, /* more than a side of a book can hold */
    OPENPIT_MATCHER_REASON_DUPLICATE_ORDER = 6,    /* an order of that number rests or waits */
    OPENPIT_MATCHER_REASON_UNKNOWN_ORDER = 7,      /* no order of that number rests */
    OPENPIT_MATCHER_REASON_BELOW_FILLED = 8,       /* a new total below what has traded */
    OPENPIT_MATCHER_REASON_LIMIT_REQUIRED = 9,     /* a dark order without a limit */
    OPENPIT_MATCHER_REASON_NOT_EXECUTABLE = 10,    /* a pair that cannot trade completely on both legs */
    OPENPIT_MATCHER_REASON_CROSSED = 11            /* a restored order that would trade */
};

/** What became of an order. */
typedef struct openpit_matcher_outcome {
    uint32_t struct_size;
    openpit_matcher_reason reason; /* when it is not NONE, the order was refused and nothing has changed */
    uint8_t is_filled;             /* 1: nothing is left of it */
    uint8_t is_resting;            /* 1: it rests or waits */
    uint8_t reserved;
    openpit_decimal remaining; /* what did not trade, whether it rests or was cancelled */
    uint64_t fill_count;       /* how many trades there are to read */
} openpit_matcher_outcome;

/**
 * Takes a new order in: price-time priority, at the price of whoever rested, moved by impact where there is a model.
 *
 * @param outcome  written when the status is OPENPIT_STATUS_OK, for an order that was refused too.
 * @return OPENPIT_STATUS_NOT_FOUND for a book there is not; OPENPIT_STATUS_CALLBACK_FAILED when your model has failed;
 *         OPENPIT_STATUS_ARITHMETIC_OVERFLOW when its moves no longer fit in a decimal; OPENPIT_STATUS_LIMIT_REACHED when memory
 *         is refused. Nothing has changed then.
 */
OPENPIT_API openpit_status openpit_matcher_submit(openpit_matcher *matcher, openpit_book_id book,
                                                  const openpit_matcher_order *order, openpit_matcher_outcome *outcome);

/**
 * Changes an order of the continuous pool. The same price and no more quantity keep its place; anything else is a new arrival,
 * which trades when it crosses.
 *
 * @param price     optional: the new limit.
 * @param quantity  optional: the new total, what has traded included; exactly that much ends the order. One of both is needed.
 * @return as openpit_matcher_submit.
 */
OPENPIT_API openpit_status openpit_matcher_modify(openpit_matcher *matcher, openpit_book_id book, uint64_t order,
                                                  const openpit_decimal *price, const openpit_decimal *quantity,
                                                  openpit_matcher_outcome *outcome);

/** Ends an order of any pool, however many there are, in the same time. OPENPIT_STATUS_NOT_FOUND when there is none. */
OPENPIT_API openpit_status openpit_matcher_cancel(openpit_matcher *matcher, openpit_book_id book, uint64_t order);

/** Ends all orders, of all books, that are good for a day; `ended` tells how many. */
OPENPIT_API openpit_status openpit_matcher_expire_day(openpit_matcher *matcher, uint64_t *ended);

/** A trade. */
typedef struct openpit_matcher_fill {
    uint64_t id; /* from 0 without gaps: of a book, or of the dark pools of all books */
    uint64_t taker;
    uint64_t maker;
    openpit_decimal price;
    openpit_decimal quantity;
    openpit_side taker_side;
    uint8_t reserved;
    uint16_t reserved_short;
    uint32_t reserved_word;
} openpit_matcher_fill;

/**
 * The trades of the last openpit_matcher_submit, _modify, _run_auction or _trade_pair, in the order in which they were made.
 *
 * @param skip   how many to pass over first.
 * @param fills  room for `capacity` of them; may be NULL when that is 0.
 * @param count  how many were written.
 */
OPENPIT_API openpit_status openpit_matcher_fills(const openpit_matcher *matcher, size_t skip,
                                                 openpit_matcher_fill *fills, size_t capacity, size_t *count);

/* ---- Auctions ------------------------------------------------------------------------------------------------ */

/** What came of an auction. */
typedef struct openpit_auction_outcome {
    uint32_t struct_size;
    uint32_t reserved;
    openpit_decimal price;   /* 0 when nothing traded */
    openpit_decimal volume;  /* what each side traded */
    uint64_t fill_count;     /* how many trades there are to read */
    uint64_t unfilled_count; /* how many orders were not completely filled */
} openpit_auction_outcome;

/**
 * Lets the orders that wait in a book trade at one price.
 *
 * It is the limit of one of them at which most trades; of several, the one where demand and supply differ least; of several, the
 * highest when all of them leave demand, the lowest when all leave supply, else the middle of both. Market orders come first, then
 * better limits, then who came first. A fill-or-kill order that would not trade completely is cancelled, the latest first, and
 * the price is looked for again. Then limit orders that can rest wait for the next auction and all others are cancelled; when
 * nothing trades, all wait on.
 */
OPENPIT_API openpit_status openpit_matcher_run_auction(openpit_matcher *matcher, openpit_book_id book,
                                                       openpit_auction_outcome *outcome);

/** The orders of the last auction that were not completely filled, buys first. As openpit_matcher_fills. */
OPENPIT_API openpit_status openpit_matcher_unfilled(const openpit_matcher *matcher, size_t skip, uint64_t *orders,
                                                    size_t capacity, size_t *count);

/* ---- Pairs --------------------------------------------------------------------------------------------------- */

/** Two books of which one of the first should be worth `ratio` of the second. */
typedef struct openpit_matcher_pair {
    openpit_book_id leg1;
    openpit_book_id leg2;
    openpit_decimal ratio;        /* above zero */
    openpit_decimal quantity_max; /* of the first leg; above zero */
} openpit_matcher_pair;

enum {
    OPENPIT_PAIR_HAS_MID1 = 1u << 0,    /* the first leg has a bid and an ask */
    OPENPIT_PAIR_HAS_MID2 = 1u << 1,    /* so has the second */
    OPENPIT_PAIR_HAS_IMPLIED = 1u << 2, /* the implied ratio is known */
};

/** What a pair is worth just now. */
typedef struct openpit_pair_view {
    uint32_t struct_size;
    uint8_t fields;         /* OPENPIT_PAIR_HAS_MID1 and so on */
    openpit_side direction; /* what to do with the first leg to earn the executable profit; 0: nothing */
    uint16_t reserved;
    openpit_decimal mid1;
    openpit_decimal mid2;
    openpit_decimal implied_ratio;     /* mid1 / mid2 */
    openpit_decimal deviation;         /* |implied - ratio| / ratio */
    openpit_decimal estimated_profit;  /* |implied - ratio| * quantity_max */
    openpit_decimal executable_profit; /* at the best prices; not below 0 */
} openpit_pair_view;

/** Compares the books of a pair with its ratio. OPENPIT_STATUS_INVALID_ARGUMENT for a pair that cannot be. */
OPENPIT_API openpit_status openpit_matcher_view_pair(const openpit_matcher *matcher, const openpit_matcher_pair *pair,
                                                     openpit_pair_view *view);

/**
 * Trades `quantity` of the first leg on `side`, and `quantity * ratio` of the second on the other, both completely or none. The
 * trades of the first leg come first; the taker of all of them is order 2^63 - 1.
 *
 * @param outcome  as of openpit_matcher_submit; OPENPIT_MATCHER_REASON_NOT_EXECUTABLE when a leg cannot trade completely.
 */
OPENPIT_API openpit_status openpit_matcher_trade_pair(openpit_matcher *matcher, const openpit_matcher_pair *pair,
                                                      openpit_decimal quantity, openpit_side side,
                                                      openpit_matcher_outcome *outcome);

/* ---- Reading ------------------------------------------------------------------------------------------------- */

/* All of it answers OPENPIT_STATUS_NOT_FOUND for a book the matcher does not have. */

/** What shows at one price. */
typedef struct openpit_matcher_level {
    openpit_decimal price;
    openpit_decimal quantity;
    uint64_t order_count;
} openpit_matcher_level;

/** The levels of a side, best first. As openpit_venue_depth. */
OPENPIT_API openpit_status openpit_matcher_depth(const openpit_matcher *matcher, openpit_book_id book,
                                                 openpit_side side, size_t skip, openpit_matcher_level *levels,
                                                 size_t capacity, size_t *count);

/** What shows at one displayed price of a side: nothing, where nobody is. */
OPENPIT_API openpit_status openpit_matcher_level_at(const openpit_matcher *matcher, openpit_book_id book,
                                                    openpit_side side, openpit_decimal price,
                                                    openpit_matcher_level *level);

/** An order that rests or waits. */
typedef struct openpit_matcher_resting {
    uint64_t order;
    openpit_decimal price;    /* as it is displayed; 0 for a market order that waits */
    openpit_decimal quantity; /* what it came with ... */
    openpit_decimal filled;   /* ... and what of it has traded */
    uint64_t arrival;         /* of the auction pool: which place it had among those that came */
    openpit_side side;
    openpit_book_order_type type;
    openpit_book_time_in_force time_in_force;
    openpit_matcher_pool pool;
    uint32_t reserved;
} openpit_matcher_resting;

/**
 * Reads an order. OPENPIT_STATUS_NOT_FOUND when none of that number rests or waits.
 *
 * @param ahead  optional: how many are ahead of it at its price. Counts them, so it takes time in proportion.
 */
OPENPIT_API openpit_status openpit_matcher_order_at(const openpit_matcher *matcher, openpit_book_id book,
                                                    uint64_t order, openpit_matcher_resting *found, uint64_t *ahead);

/**
 * The orders of a pool: bids best first, then asks best first; at a price, and of those that wait on a side at a price, oldest
 * first.
 *
 * @param orders  room for `capacity` of them; may be NULL when that is 0.
 * @param count   how many there are, whether or not there was room for them.
 */
OPENPIT_API openpit_status openpit_matcher_orders(const openpit_matcher *matcher, openpit_book_id book,
                                                  openpit_matcher_pool pool, openpit_matcher_resting *orders,
                                                  size_t capacity, size_t *count);

/** A book in a few numbers. */
typedef struct openpit_matcher_summary {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t resting_count;   /* orders of the continuous pool, ... */
    uint64_t waiting_count;   /* ... of the auction pool, ... */
    uint64_t dark_count;      /* ... and of the dark pool */
    uint64_t fill_count;      /* trades that were not dark ... */
    uint64_t traded_orders;   /* ... and how many different orders they were of */
    openpit_decimal volume;   /* the sum of their quantities */
    openpit_decimal turnover; /* the sum of price * quantity */
} openpit_matcher_summary;

/** Reads the summary of a book. */
OPENPIT_API openpit_status openpit_matcher_summary_of(const openpit_matcher *matcher, openpit_book_id book,
                                                      openpit_matcher_summary *summary);

/** Counts over all books. */
typedef struct openpit_matcher_totals {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t auction_fills;
    uint64_t dark_fills;
    uint64_t pair_fills;
    uint64_t time;               /* of the last event of a simulation; 0 without one */
    openpit_decimal pair_profit; /* sales less purchases */
} openpit_matcher_totals;

/** Reads the counts over all books. */
OPENPIT_API openpit_status openpit_matcher_totals_of(const openpit_matcher *matcher, openpit_matcher_totals *totals);

/** What orders have done to prices. */
typedef struct openpit_impact_state {
    uint32_t struct_size;
    uint32_t reserved;
    openpit_decimal offset;        /* what all displayed prices have moved by */
    openpit_decimal instantaneous; /* the sum of instantaneous moves times quantities ... */
    openpit_decimal permanent;     /* ... and of permanent ones */
    uint64_t submitted_orders;
    uint64_t filled_orders; /* those that traded */
    uint64_t fills;
} openpit_impact_state;

/** Reads what orders have done to prices. */
OPENPIT_API openpit_status openpit_matcher_impact(const openpit_matcher *matcher, openpit_impact_state *state);

/** Puts prices back where the books have them, and begins to count anew. */
OPENPIT_API openpit_status openpit_matcher_reset_impact(openpit_matcher *matcher);

/* ---- Restoring ----------------------------------------------------------------------------------------------- */

/**
 * Lets an order rest or wait as openpit_matcher_orders told it, without being matched. Those of one price are to be given oldest
 * first, and those that wait by their arrival.
 *
 * @param reason  why it was refused, or OPENPIT_MATCHER_REASON_NONE: _CROSSED when it would trade.
 */
OPENPIT_API openpit_status openpit_matcher_restore_order(openpit_matcher *matcher, openpit_book_id book,
                                                         const openpit_matcher_resting *order,
                                                         openpit_matcher_reason *reason);

/** Takes over what had been counted of a book: all but its numbers of orders that rest and wait. */
OPENPIT_API openpit_status openpit_matcher_restore_summary(openpit_matcher *matcher, openpit_book_id book,
                                                           const openpit_matcher_summary *summary);

/** Takes over what had been counted of all books. */
OPENPIT_API openpit_status openpit_matcher_restore_totals(openpit_matcher *matcher,
                                                          const openpit_matcher_totals *totals);

/* ---- Simulations --------------------------------------------------------------------------------------------- */

/** Events, the matcher they act on, and the account that takes part. */
typedef struct openpit_simulation openpit_simulation;

/** An instrument of a simulation; they are numbered from 0 as they are added. */
typedef uint32_t openpit_simulation_instrument;

/** What says that no book trades an instrument, so that its orders are rejected. */
#define OPENPIT_SIMULATION_NO_BOOK UINT32_MAX

/**
 * Makes a simulation without events.
 *
 * @param matcher   has to live longer than the simulation.
 * @param cash      what the account begins with.
 * @param fee_rate  what part of price * quantity each trade of the account costs.
 */
OPENPIT_API openpit_status openpit_simulation_create(openpit_matcher *matcher, openpit_decimal cash,
                                                     openpit_decimal fee_rate,
                                                     OPENPIT_OWN openpit_simulation **simulation);

/** Ends a simulation; takes NULL. */
OPENPIT_API void openpit_simulation_destroy(openpit_simulation *simulation);

/** Adds an instrument that a book trades. Several may share a book. */
OPENPIT_API openpit_status openpit_simulation_add_instrument(openpit_simulation *simulation, openpit_book_id book,
                                                             openpit_simulation_instrument *instrument);

/** Says which book trades an instrument from now on. */
OPENPIT_API openpit_status openpit_simulation_set_book(openpit_simulation *simulation,
                                                       openpit_simulation_instrument instrument, openpit_book_id book);

/** What happens. */
typedef uint8_t openpit_simulation_event_kind;
enum {
    OPENPIT_SIMULATION_SUBMITTED = 1, /* the order is sent; one that neither trades nor rests counts as rejected */
    OPENPIT_SIMULATION_CANCELLED = 2, /* the order of that number is to end, in whatever book */
    OPENPIT_SIMULATION_MODIFIED = 3,  /* the order of that number is to have another price, total, or both */
    OPENPIT_SIMULATION_FILL = 4,      /* a trade that was made elsewhere */
    OPENPIT_SIMULATION_MARK = 5       /* the instrument is worth the price from now on */
};

enum {
    OPENPIT_SIMULATION_SETS_PRICE = 1u << 0,    /* a modification sets the price ... */
    OPENPIT_SIMULATION_SETS_QUANTITY = 1u << 1, /* ... the quantity, the new total */
    OPENPIT_SIMULATION_IS_OWN = 1u << 2,        /* the account took part in a trade elsewhere, on the order's side */
    OPENPIT_SIMULATION_NO_INSTRUMENT = 1u << 3  /* a trade elsewhere does not say what of, and is only counted */
};

/** An event. */
typedef struct openpit_simulation_event {
    uint32_t struct_size;
    openpit_simulation_event_kind kind;
    uint8_t flags; /* OPENPIT_SIMULATION_SETS_PRICE and so on */
    openpit_side side;
    openpit_book_order_type type;
    openpit_book_time_in_force time_in_force;
    openpit_matcher_pool pool;
    openpit_order_owner owner;
    uint8_t reserved;
    openpit_simulation_instrument instrument; /* of all but cancels and modifications, which know their order */
    uint64_t time;                            /* nanoseconds since 1970, UTC */
    uint64_t order;
    openpit_decimal price;
    openpit_decimal quantity;
} openpit_simulation_event;

/**
 * Adds an event to those that are to happen: in the order of their times, and of one time in the order in which they came.
 *
 * What an order itself gets wrong shows when it happens. OPENPIT_STATUS_INVALID_ARGUMENT for an event that is older than the last
 * one that happened; OPENPIT_STATUS_NOT_FOUND for an instrument there is not.
 */
OPENPIT_API openpit_status openpit_simulation_push(openpit_simulation *simulation,
                                                   const openpit_simulation_event *event);

/**
 * Lets up to `most` events happen. Before the first event of a later day, UTC, orders that are good for a day end.
 *
 * @param done  optional: how many happened; written always.
 * @return OPENPIT_STATUS_CALLBACK_FAILED or OPENPIT_STATUS_LIMIT_REACHED: the next event has not happened, and comes next again.
 *         OPENPIT_STATUS_ARITHMETIC_OVERFLOW: the account no longer fits in decimals, and the simulation has come to its end.
 */
OPENPIT_API openpit_status openpit_simulation_run(openpit_simulation *simulation, size_t most, size_t *done);

/** What came of a simulation so far. */
typedef struct openpit_simulation_result {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t events;
    uint64_t accepted;
    uint64_t rejected;
    uint64_t fills;
    uint64_t cancelled; /* events, those included that found nothing to cancel ... */
    uint64_t modified;
    uint64_t cancel_misses; /* ... and how many those were */
    uint64_t modify_misses;
    uint64_t pending;         /* events that are still to happen */
    uint64_t time;            /* of the last event; 0 before the first */
    openpit_decimal cash;     /* what the account began with */
    openpit_decimal worth;    /* cash, and what positions are worth at the last trade or mark of their instrument */
    openpit_decimal pnl;      /* worth less what it began with */
    openpit_decimal pnl_peak; /* the highest so far; not below 0 */
    openpit_decimal drawdown; /* the largest step down from the highest worth so far */
    openpit_decimal realized; /* by weighted average, without fees */
    openpit_decimal fees;
} openpit_simulation_result;

/** Reads what came of a simulation so far. */
OPENPIT_API openpit_status openpit_simulation_result_of(const openpit_simulation *simulation,
                                                        openpit_simulation_result *result);

/** What the account has of an instrument, net. OPENPIT_STATUS_NOT_FOUND for an instrument there is not. */
OPENPIT_API openpit_status openpit_simulation_position(const openpit_simulation *simulation,
                                                       openpit_simulation_instrument instrument,
                                                       openpit_decimal *quantity);

/** What the account was worth after an event. */
typedef struct openpit_simulation_point {
    uint64_t time;
    openpit_decimal worth;
} openpit_simulation_point;

/** What the account was worth after each event. As openpit_matcher_fills. */
OPENPIT_API openpit_status openpit_simulation_curve(const openpit_simulation *simulation, size_t skip,
                                                    openpit_simulation_point *points, size_t capacity, size_t *count);

#ifdef __cplusplus
}
#endif

#endif
