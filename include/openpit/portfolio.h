/*
 * openpit/portfolio.h: a portfolio that somebody states, and limits that judge orders by it, without an engine.
 *
 * What holds for all of them is told in openpit.h. For one thread at a time.
 *
 *     openpit_portfolio_order order = {.struct_size = sizeof order, .side = OPENPIT_SIDE_BUY};
 *     openpit_portfolio_verdict verdict = {.struct_size = sizeof verdict};
 *     openpit_portfolio_create(&portfolio);
 *     openpit_portfolio_limits_create(limits, count, &judge, NULL);
 *     openpit_portfolio_add_cash(portfolio, openpit_decimal_from_int64(100000), NULL);
 *     order.place = OPENPIT_PORTFOLIO_NO_PLACE, order.fields = OPENPIT_PORTFOLIO_ORDER_HAS_PRICE;
 *     order.quantity = openpit_decimal_from_int64(10), order.price = openpit_decimal_from_int64(185);
 *     openpit_portfolio_limits_judge(judge, portfolio, &order, &verdict);
 *
 * The limits are those of limits.h, and so are bounds, families and actions. The book is another one: a stated portfolio has no
 * working orders, so an order is judged by what would be held once it is filled, whether it raises that or not; orders that reduce
 * a position pass all limits but those of single orders and a halt; and the first limit that refuses an order ends the matter.
 */
#ifndef OPENPIT_PORTFOLIO_H
#define OPENPIT_PORTFOLIO_H

#include "limits.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Portfolios ---------------------------------------------------------------------------------------------- */

/** Cash and positions of one account, at marks, all in one currency. */
typedef struct openpit_portfolio openpit_portfolio;

/** Makes an empty portfolio, to be ended by openpit_portfolio_destroy. OPENPIT_STATUS_LIMIT_REACHED when memory has run out. */
OPENPIT_API openpit_status openpit_portfolio_create(OPENPIT_OWN openpit_portfolio **portfolio);
/** Takes NULL. */
OPENPIT_API void openpit_portfolio_destroy(openpit_portfolio *portfolio);

/** Forgets what is held, and keeps the memory. */
OPENPIT_API openpit_status openpit_portfolio_clear(openpit_portfolio *portfolio);

/**
 * Adds cash, which may be owed.
 *
 * @param rate  optional: what one unit of its currency is worth; 1 for that of the portfolio. Cash of which no rate is known
 *              counts for nothing, and with such a debt nobody knows what the portfolio is worth.
 * @return OPENPIT_STATUS_ARITHMETIC_OVERFLOW, and no change, when a sum does not fit.
 */
OPENPIT_API openpit_status openpit_portfolio_add_cash(openpit_portfolio *portfolio, openpit_decimal amount,
                                                      const openpit_decimal *rate);

/**
 * Adds a position. One that is flat tells what an order without a price is valued at.
 *
 * @param quantity       signed.
 * @param average_price  what a unit was bought or sold at.
 * @param mark           what a unit is worth.
 * @param place          its number, which goes up from 0.
 * @return OPENPIT_STATUS_ARITHMETIC_OVERFLOW, and no change, when a sum does not fit.
 */
OPENPIT_API openpit_status openpit_portfolio_add_position(openpit_portfolio *portfolio, openpit_decimal quantity,
                                                          openpit_decimal average_price, openpit_decimal mark,
                                                          uint64_t *place);

/** Says what a unit of a position is worth from now on. OPENPIT_STATUS_NOT_FOUND for a place without one. */
OPENPIT_API openpit_status openpit_portfolio_mark(openpit_portfolio *portfolio, uint64_t place, openpit_decimal price);

/**
 * A trade: cash goes one way and units the other, and the price is the new mark. What is added moves the average price, what is
 * taken away does not, and what goes on through zero has the price of the trade.
 *
 * @param quantity  above 0.
 * @param fee       what it costs besides; below 0 it is a rebate.
 */
OPENPIT_API openpit_status openpit_portfolio_fill(openpit_portfolio *portfolio, uint64_t place, openpit_side side,
                                                  openpit_decimal quantity, openpit_decimal price, openpit_decimal fee);

/** What a portfolio comes to. */
typedef struct openpit_portfolio_view {
    uint32_t struct_size;
    uint8_t is_known;     /* 0: there are debts in currencies of which no rate is known, and equity is without them */
    uint8_t has_leverage; /* 0: there is exposure, and no equity to divide it by */
    uint16_t reserved;
    openpit_decimal cash;
    openpit_decimal equity;   /* cash and all positions, shorts below zero */
    openpit_decimal gross;    /* all positions without their signs */
    openpit_decimal leverage; /* gross over equity */
    uint64_t position_count;  /* flat ones included */
} openpit_portfolio_view;

/** Tells what the portfolio comes to. */
OPENPIT_API openpit_status openpit_portfolio_read(const openpit_portfolio *portfolio, openpit_portfolio_view *view);

/** A position as it stands. */
typedef struct openpit_portfolio_position {
    uint32_t struct_size;
    uint8_t has_share; /* 0: there is no equity to divide by */
    uint8_t reserved;
    uint16_t reserved_short;
    openpit_decimal quantity;
    openpit_decimal average_price;
    openpit_decimal mark;
    openpit_decimal value; /* quantity times mark */
    openpit_decimal share; /* the value without its sign, over equity */
} openpit_portfolio_position;

/** Tells how a position stands. OPENPIT_STATUS_NOT_FOUND for a place without one. */
OPENPIT_API openpit_status openpit_portfolio_read_position(const openpit_portfolio *portfolio, uint64_t place,
                                                           openpit_portfolio_position *position);

/* ---- Limits of a portfolio ----------------------------------------------------------------------------------- */

/**
 * Limits of one account, with what they remember: the highest equity they saw, the P&L of the day, and whether it has latched.
 */
typedef struct openpit_portfolio_limits openpit_portfolio_limits;

/**
 * Makes limits that judge portfolios, in the order of the array. Metrics can be order_quantity, order_notional, position_net,
 * equity, gross_exposure, leverage, concentration (of equity), drawdown_ratio and, once, realized_pnl. A record says bounds, flags,
 * an action and a release, and nothing else; whatever its scope, it is about one account, and each of its positions.
 *
 * A limit with OPENPIT_LIMIT_ACTION_NOTIFY lets the order pass, and the verdict tells of it. One of realized_pnl latches when it is
 * breached: then it refuses every order, or with OPENPIT_LIMIT_ACTION_REDUCE_ONLY those that do not reduce, until a P&L within
 * its bound comes `release_after` nanoseconds later or after that. One that breaches it then latches anew.
 *
 * OPENPIT_STATUS_INVALID_ARGUMENT for a limit that cannot be; error->value is its place in the array.
 */
OPENPIT_API openpit_status openpit_portfolio_limits_create(const openpit_limit *limits, size_t count,
                                                           OPENPIT_OWN openpit_portfolio_limits **portfolio_limits,
                                                           openpit_error *error);
/** Takes NULL. */
OPENPIT_API void openpit_portfolio_limits_destroy(openpit_portfolio_limits *limits);

/** The place of what is not held yet. */
#define OPENPIT_PORTFOLIO_NO_PLACE UINT64_MAX

/** Which parts of an openpit_portfolio_order are set. */
enum { OPENPIT_PORTFOLIO_ORDER_HAS_PRICE = 1u << 0, OPENPIT_PORTFOLIO_ORDER_ALL_FIELDS = (1u << 1) - 1 };

/** An order that limits are asked about. */
typedef struct openpit_portfolio_order {
    uint32_t struct_size;
    uint8_t fields; /* OPENPIT_PORTFOLIO_ORDER_HAS_* */
    openpit_side side;
    uint16_t reserved;
    uint64_t place;           /* of the position it is for, or OPENPIT_PORTFOLIO_NO_PLACE */
    openpit_decimal quantity; /* above 0 */
    openpit_decimal
        price; /* what it is valued at; else at the mark of its position, and with neither it has no value */
} openpit_portfolio_order;

/** Which parts of an openpit_portfolio_breach are set. */
enum {
    OPENPIT_PORTFOLIO_BREACH_HAS_VALUE = 1u << 0, /* else a number is missing, or cannot be computed */
    OPENPIT_PORTFOLIO_BREACH_HAS_BOUND = 1u << 1  /* else it is no bound that was passed */
};

/** What a limit has to say. */
typedef struct openpit_portfolio_breach {
    uint32_t limit; /* its place among the limits */
    openpit_metric metric;
    openpit_limit_action action;
    uint8_t fields; /* OPENPIT_PORTFOLIO_BREACH_HAS_* */
    uint8_t bound;  /* 1 the lower, 2 the upper one */
    uint64_t place; /* of the position it is about, or OPENPIT_PORTFOLIO_NO_PLACE */
    openpit_decimal value;
} openpit_portfolio_breach;

/** What limits make of an order. */
typedef struct openpit_portfolio_verdict {
    uint32_t struct_size;
    uint8_t is_accepted;
    uint8_t has_notice;  /* 1: notice is the first limit that lets the order pass and has something to say */
    uint8_t has_value;   /* 0: nobody knows a price for the order */
    uint8_t is_reducing; /* 1: it takes from its position, and does not go on through zero */
    openpit_portfolio_breach reject; /* of an order that is not accepted */
    openpit_portfolio_breach notice;
    openpit_decimal value; /* what the order is worth */
} openpit_portfolio_verdict;

/**
 * Judges an order by a portfolio, which changes nothing but the highest equity that was seen.
 *
 * @return OPENPIT_STATUS_ARITHMETIC_OVERFLOW when a number does not fit; OPENPIT_STATUS_NOT_FOUND for a place without a position;
 *         OPENPIT_STATUS_INVALID_ARGUMENT for a quantity that is not above 0.
 */
OPENPIT_API openpit_status openpit_portfolio_limits_judge(openpit_portfolio_limits *limits,
                                                          const openpit_portfolio *portfolio,
                                                          const openpit_portfolio_order *order,
                                                          openpit_portfolio_verdict *verdict);

/**
 * Tells what of a portfolio breaches its limits as it stands: in the order of the limits, and of one those of single positions in
 * theirs.
 *
 * @param capacity  how many fit; `count` is how many there are, which may be more.
 */
OPENPIT_API openpit_status openpit_portfolio_limits_review(openpit_portfolio_limits *limits,
                                                           const openpit_portfolio *portfolio,
                                                           openpit_portfolio_breach *breaches, size_t capacity,
                                                           size_t *count);

/** Adds to the P&L of the day. `now` is in Unix nanoseconds. */
OPENPIT_API openpit_status openpit_portfolio_limits_add_pnl(openpit_portfolio_limits *limits, openpit_decimal amount,
                                                            int64_t now);
/** Says what the P&L of the day is. */
OPENPIT_API openpit_status openpit_portfolio_limits_set_pnl(openpit_portfolio_limits *limits, openpit_decimal total,
                                                            int64_t now);
/** A new day: no P&L, and nothing latched. The highest equity stays. */
OPENPIT_API openpit_status openpit_portfolio_limits_reset_day(openpit_portfolio_limits *limits);
/** Sets the highest equity, after a deposit or a withdrawal; NULL forgets it. OPENPIT_STATUS_INVALID_ARGUMENT unless it is above 0. */
OPENPIT_API openpit_status openpit_portfolio_limits_set_peak(openpit_portfolio_limits *limits,
                                                             const openpit_decimal *peak);

/** What limits of a portfolio remember. */
typedef struct openpit_portfolio_limits_view {
    uint32_t struct_size;
    uint8_t has_peak;
    uint8_t has_drawdown; /* 0: no portfolio was shown, or there is no peak */
    uint8_t is_latched;
    uint8_t reserved;
    openpit_decimal peak;
    openpit_decimal drawdown; /* how far equity is below the peak, as a share of it */
    openpit_decimal pnl;      /* of the day */
    int64_t latched_since;    /* Unix nanoseconds */
    int64_t latched_until;    /* from when on a P&L within its bound ends it */
} openpit_portfolio_limits_view;

/** Reads them. A portfolio, which is optional, is looked at first: what it is worth may be the highest equity. */
OPENPIT_API openpit_status openpit_portfolio_limits_read(openpit_portfolio_limits *limits,
                                                         const openpit_portfolio *portfolio,
                                                         openpit_portfolio_limits_view *view);

#ifdef __cplusplus
}
#endif

#endif
