/*
 * openpit/limits.h: the words of limits: metrics, what a limit is for, what a breach does.
 *
 * What holds for all of them is told in openpit.h.
 *
 * A metric is a number the engine can compute for an order or a book. A limit bounds one metric for one scope: the firm, or
 * each account, or one account in one instrument. Bounds are inclusive. All limits that apply to an order are judged, and the
 * tightest wins. What each metric is, which bounds and scopes it can have, and what a breach of it is rejected with, is
 * listed in docs/metrics.md.
 */
#ifndef OPENPIT_LIMITS_H
#define OPENPIT_LIMITS_H

#include "engine.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Metrics ------------------------------------------------------------------------------------------------- */

/* generated: metrics, by tools/generate.py */
/** A number the engine can compute for an order or a book. */
typedef uint8_t openpit_metric;
enum {
    OPENPIT_METRIC_ORDER_QUANTITY = 1,             /* quantity */
    OPENPIT_METRIC_ORDER_NOTIONAL = 2,             /* value of the order */
    OPENPIT_METRIC_PRICE_TICK = 3,                 /* price and stop price are whole multiples of the tick */
    OPENPIT_METRIC_QUANTITY_STEP = 4,              /* quantity is a whole multiple of the lot, or closes all */
    OPENPIT_METRIC_PRICE_COLLAR = 5,               /* distance of the price from a reference, as a fraction of it */
    OPENPIT_METRIC_PRICE_COLLAR_ABSOLUTE = 6,      /* distance of the price from a reference */
    OPENPIT_METRIC_PRICE_BAND = 7,                 /* the price lies within the exchange's band */
    OPENPIT_METRIC_MARKET_ORDER_SPREAD = 8,        /* spread that an order without a price would meet, over the mid */
    OPENPIT_METRIC_DECISION_DRIFT = 9,             /* what the market moved against the order since the decision */
    OPENPIT_METRIC_ORDER_ADV_RATIO = 10,           /* quantity as a share of the average daily volume */
    OPENPIT_METRIC_ORDER_DEPTH_RATIO = 11,         /* quantity as a share of what is on display */
    OPENPIT_METRIC_CLIENT_ORDER_ID = 12,           /* a client order id is used once */
    OPENPIT_METRIC_DUPLICATE_ORDERS = 13,          /* orders that are alike */
    OPENPIT_METRIC_MESSAGE_RATE = 14,              /* messages */
    OPENPIT_METRIC_REPEATED_EXECUTIONS = 15,       /* orders accepted, or fills, since somebody looked */
    OPENPIT_METRIC_REJECT_RATE = 16,               /* orders rejected */
    OPENPIT_METRIC_ORDER_TO_TRADE = 17,            /* messages a trade */
    OPENPIT_METRIC_WORKING_ORDERS = 18,            /* working orders */
    OPENPIT_METRIC_WORKING_NOTIONAL = 19,          /* notional of working orders */
    OPENPIT_METRIC_POSITION_NET = 20,              /* net position with open orders, the worse side */
    OPENPIT_METRIC_POSITION_LONG = 21,             /* long positions with open buys */
    OPENPIT_METRIC_POSITION_SHORT = 22,            /* short positions with open sells */
    OPENPIT_METRIC_POSITION_COUNT = 23,            /* positions held or worked on */
    OPENPIT_METRIC_POSITION_HELD = 24,             /* what is held, by fills alone */
    OPENPIT_METRIC_GROSS_EXPOSURE = 25,            /* gross exposure */
    OPENPIT_METRIC_NET_EXPOSURE = 26,              /* net exposure, the worse side */
    OPENPIT_METRIC_LONG_EXPOSURE = 27,             /* long exposure */
    OPENPIT_METRIC_SHORT_EXPOSURE = 28,            /* short exposure */
    OPENPIT_METRIC_LEVERAGE = 29,                  /* gross exposure over equity */
    OPENPIT_METRIC_CONCENTRATION = 30,             /* gross exposure to one thing over equity or over all */
    OPENPIT_METRIC_CREDIT = 31,                    /* what positions cost and open orders may cost */
    OPENPIT_METRIC_INITIAL_MARGIN_EXCESS = 32,     /* equity less the margin that is required */
    OPENPIT_METRIC_MAINTENANCE_MARGIN_EXCESS = 33, /* equity less the maintenance margin */
    OPENPIT_METRIC_ACCUMULATED_NOTIONAL = 34,      /* notional traded and open */
    OPENPIT_METRIC_ACCUMULATED_QUANTITY = 35,      /* quantity traded and open */
    OPENPIT_METRIC_PARTICIPATION = 36,             /* quantity filled and open as a share of the market's volume */
    OPENPIT_METRIC_REALIZED_PNL = 37,              /* P&L realised, fees taken off */
    OPENPIT_METRIC_REALIZED_PNL_RATIO = 38,        /* that over the equity the period started with */
    OPENPIT_METRIC_TOTAL_PNL = 39,                 /* P&L realised, and the change of what is not */
    OPENPIT_METRIC_TOTAL_PNL_RATIO = 40,           /* that over the equity the period started with */
    OPENPIT_METRIC_UNREALIZED_PNL = 41,            /* P&L of what is held */
    OPENPIT_METRIC_DRAWDOWN = 42,                  /* peak of the equity less the equity */
    OPENPIT_METRIC_DRAWDOWN_RATIO = 43,            /* that over the peak */
    OPENPIT_METRIC_EQUITY = 44,                    /* equity */
    OPENPIT_METRIC_VALUE_AT_RISK = 45,             /* the value at risk that somebody computes */
    OPENPIT_METRIC_SUPPLIED_FIGURE = 46,           /* a figure that somebody computes */
    OPENPIT_METRIC_SELF_TRADE = 47,                /* no own order rests where this one would meet it */
    OPENPIT_METRIC_SHORT_MARKING = 48,             /* what can leave the account short is marked so, nothing else */
    OPENPIT_METRIC_SHORT_LOCATE = 49,              /* what a short sale needs is located */
    OPENPIT_METRIC_BORROW_FEE = 50,                /* yearly fee of what a short sale borrows */
    OPENPIT_METRIC_SHORT_PRICE_TEST = 51           /* while shorts are restricted their price is above the bid */
};
/* end of generated */

/* ---- Words of limits ----------------------------------------------------------------------------------------- */

/* generated: words, by tools/generate.py */
/** What a breach does. */
typedef uint8_t openpit_limit_action;
enum {
    OPENPIT_LIMIT_ACTION_NOTIFY = 1, /* the order passes, and an event says so */
    OPENPIT_LIMIT_ACTION_REJECT = 2,
    OPENPIT_LIMIT_ACTION_THROTTLE = 3,      /* the order passes while few do */
    OPENPIT_LIMIT_ACTION_BLOCK_ACCOUNT = 4, /* of the order or report */
    OPENPIT_LIMIT_ACTION_REDUCE_ONLY = 5,   /* latched: only orders that reduce pass */
    OPENPIT_LIMIT_ACTION_HALT = 6           /* latched: no order passes, and working ones are to be cancelled */
};

/** What a limit may be for, in canonical order. */
typedef uint8_t openpit_scope_key;
enum {
    OPENPIT_SCOPE_KEY_ACCOUNT = 1,
    OPENPIT_SCOPE_KEY_GROUP = 2,
    OPENPIT_SCOPE_KEY_STRATEGY = 3,
    OPENPIT_SCOPE_KEY_TRADER = 4,
    OPENPIT_SCOPE_KEY_SESSION = 5,
    OPENPIT_SCOPE_KEY_VENUE = 6,
    OPENPIT_SCOPE_KEY_INSTRUMENT = 7,
    OPENPIT_SCOPE_KEY_UNDERLYING = 8,
    OPENPIT_SCOPE_KEY_SETTLEMENT = 9,
    OPENPIT_SCOPE_KEY_CLASS = 10
};

/** A time that begins with a roll of the calendar. */
typedef uint8_t openpit_limit_period;
enum {
    OPENPIT_LIMIT_PERIOD_DAY = 1,
    OPENPIT_LIMIT_PERIOD_WEEK = 2,
    OPENPIT_LIMIT_PERIOD_MONTH = 3,
    OPENPIT_LIMIT_PERIOD_ALL = 4 /* never rolls */
};

/** How a latch ends. */
typedef uint8_t openpit_limit_release;
enum {
    OPENPIT_LIMIT_RELEASE_MANUAL = 1,      /* when somebody releases it */
    OPENPIT_LIMIT_RELEASE_AUTO = 2,        /* when the breach is left */
    OPENPIT_LIMIT_RELEASE_NEXT_PERIOD = 3, /* at the next roll */
    OPENPIT_LIMIT_RELEASE_AFTER = 4        /* some time after it latched, once the value is inside */
};

/** What may be traded; the most severe that matches an order counts. */
typedef uint8_t openpit_trading_state;
enum {
    OPENPIT_TRADING_STATE_ACTIVE = 1,
    OPENPIT_TRADING_STATE_REDUCING = 2, /* only orders that reduce pass */
    OPENPIT_TRADING_STATE_HALTED = 3    /* no order passes */
};

/** Where in its day a market is. */
typedef uint8_t openpit_phase;
enum {
    OPENPIT_PHASE_CLOSED = 1,
    OPENPIT_PHASE_PRE = 2,
    OPENPIT_PHASE_AUCTION = 3,
    OPENPIT_PHASE_CONTINUOUS = 4,
    OPENPIT_PHASE_POST = 5,
    OPENPIT_PHASE_HALT = 6
};

/** What a permission is about; a row gives one reject, for the first of them. */
typedef uint8_t openpit_aspect;
enum {
    OPENPIT_ASPECT_INSTRUMENTS = 1,
    OPENPIT_ASPECT_CLASSES = 2,
    OPENPIT_ASPECT_ORDER_TYPES = 3,
    OPENPIT_ASPECT_TIME_IN_FORCE = 4,
    OPENPIT_ASPECT_ATTRIBUTES = 5,
    OPENPIT_ASPECT_STRATEGIES = 6,
    OPENPIT_ASPECT_TRADERS = 7,
    OPENPIT_ASPECT_VENUES = 8,
    OPENPIT_ASPECT_SIDES = 9,
    OPENPIT_ASPECT_SHORT = 10
};

/** What an order may ask for besides, and a permission may deny. */
typedef uint8_t openpit_attribute;
enum {
    OPENPIT_ATTRIBUTE_POST_ONLY = 1,
    OPENPIT_ATTRIBUTE_DISPLAY_QUANTITY = 2,
    OPENPIT_ATTRIBUTE_REDUCE_ONLY = 3,
    OPENPIT_ATTRIBUTE_CLOSE_POSITION = 4,
    OPENPIT_ATTRIBUTE_AUTO_BORROW = 5
};

/** Lists that may be complete, in the order in which they are asked. */
typedef uint8_t openpit_known;
enum {
    OPENPIT_KNOWN_ACCOUNTS = 1,
    OPENPIT_KNOWN_INSTRUMENTS = 2,
    OPENPIT_KNOWN_VENUES = 3,
    OPENPIT_KNOWN_CLEARING_ACCOUNTS = 4,
    OPENPIT_KNOWN_ASSETS = 5,
    OPENPIT_KNOWN_STRATEGIES = 6,
    OPENPIT_KNOWN_TRADERS = 7
};

/** Numbers from outside, each with a time. */
typedef uint8_t openpit_input;
enum {
    OPENPIT_INPUT_LAST = 1,
    OPENPIT_INPUT_CLOSE = 2,
    OPENPIT_INPUT_THEORETICAL = 3,
    OPENPIT_INPUT_BAND_LOW = 4,
    OPENPIT_INPUT_BAND_HIGH = 5,
    OPENPIT_INPUT_ADV = 6,              /* units a day */
    OPENPIT_INPUT_MARKET_VOLUME = 7,    /* units so far today */
    OPENPIT_INPUT_BID_DEPTH = 8,        /* units on display */
    OPENPIT_INPUT_ASK_DEPTH = 9,        /* units on display */
    OPENPIT_INPUT_BORROW_FEE = 10,      /* a yearly ratio */
    OPENPIT_INPUT_SSR = 11,             /* 0 or 1 */
    OPENPIT_INPUT_HALTED = 12,          /* 0 or 1; also of a venue */
    OPENPIT_INPUT_PHASE = 13,           /* of an instrument or venue: one of OPENPIT_PHASE_* */
    OPENPIT_INPUT_VAR = 14,             /* of an account, a group or all */
    OPENPIT_INPUT_MARGIN_REQUIRED = 15, /* of an account */
    OPENPIT_INPUT_FIGURE = 16           /* x.<name>, the user's own */
};

/** What an engine tells besides its answers. */
typedef uint8_t openpit_event_kind;
enum {
    OPENPIT_EVENT_KIND_WARN = 1,  /* a stage was entered */
    OPENPIT_EVENT_KIND_CLEAR = 2, /* a stage was left */
    OPENPIT_EVENT_KIND_BREACH = 3,
    OPENPIT_EVENT_KIND_STATE = 4,
    OPENPIT_EVENT_KIND_RELEASE = 5,
    OPENPIT_EVENT_KIND_ROLL = 6,
    OPENPIT_EVENT_KIND_MISSING = 7, /* what a limit needs is not there, and the order passed */
    OPENPIT_EVENT_KIND_OVERRIDE = 8,
    OPENPIT_EVENT_KIND_CHANGE = 9,
    OPENPIT_EVENT_KIND_OVERFILL = 10,
    OPENPIT_EVENT_KIND_LATE_FILL = 11,
    OPENPIT_EVENT_KIND_UNKNOWN_FILL = 12,
    OPENPIT_EVENT_KIND_DUPLICATE_EXECUTION = 13,
    OPENPIT_EVENT_KIND_RESTATED = 14,
    OPENPIT_EVENT_KIND_REBASE = 15,
    OPENPIT_EVENT_KIND_LOCATE_EXPIRED = 16,
    OPENPIT_EVENT_KIND_HEARTBEAT_LOST = 17,
    OPENPIT_EVENT_KIND_CALENDAR = 18 /* a calendar ends in 30 days */
};
/* end of generated */

/* ---- Parameters ---------------------------------------------------------------------------------------------- */

/*
 * What the limits of single metrics say besides is a list of pairs, a parameter and its value. Of a choice the value is one
 * of the numbers below, of a set the bits of all that are in it, of a chain 4 bits a number with the first lowest.
 */

/* generated: parameters, by tools/generate.py */
/** What the limits of single metrics say besides. */
typedef uint8_t openpit_limit_parameter;
enum {
    OPENPIT_PARAMETER_REFERENCE = 1,         /* where the reference price comes from: the first that is fresh */
    OPENPIT_PARAMETER_SIDE = 2,              /* aggressive: buys above and sells below only */
    OPENPIT_PARAMETER_CAPACITY = 3,          /* how many ids of an account are kept */
    OPENPIT_PARAMETER_ON_REPEAT = 4,         /* answer: the same order gets the same answer again */
    OPENPIT_PARAMETER_FIELDS = 5,            /* what makes two orders alike */
    OPENPIT_PARAMETER_KINDS = 6,             /* which messages count */
    OPENPIT_PARAMETER_ALGORITHM = 7,         /* token_bucket: refilled continuously, upper a window */
    OPENPIT_PARAMETER_BURST = 8,             /* how many tokens there are at most; upper unless said */
    OPENPIT_PARAMETER_COUNT_MESSAGES = 9,    /* passed: what the limit refuses does not count */
    OPENPIT_PARAMETER_CANCEL_RESERVE = 10,   /* what is kept for cancels */
    OPENPIT_PARAMETER_COUNT_EXECUTIONS = 11, /* what counts */
    OPENPIT_PARAMETER_OF_REJECTS = 12,       /* whose rejects count */
    OPENPIT_PARAMETER_PER = 13,              /* what the messages are divided by */
    OPENPIT_PARAMETER_MIN_COUNT = 14,        /* below so many messages nothing is judged */
    OPENPIT_PARAMETER_OF_TOTAL = 15,         /* what the exposure is divided by */
    OPENPIT_PARAMETER_MODEL = 16,            /* supplied: the requirement is an input */
    OPENPIT_PARAMETER_MIN_VOLUME = 17,       /* the least market volume that is reckoned with */
    OPENPIT_PARAMETER_OWNER = 18,            /* whose orders may not meet */
    OPENPIT_PARAMETER_MODE = 19,             /* what happens to two orders that would meet */
    OPENPIT_PARAMETER_INPUT = 20             /* which figure: x. and a name */
};

/** Where the reference price comes from: the first that is fresh. */
enum {
    OPENPIT_PARAMETER_REFERENCE_LAST = 1,
    OPENPIT_PARAMETER_REFERENCE_CLOSE = 2,
    OPENPIT_PARAMETER_REFERENCE_THEORETICAL = 3,
    OPENPIT_PARAMETER_REFERENCE_MARK = 4,
    OPENPIT_PARAMETER_REFERENCE_BID = 5,
    OPENPIT_PARAMETER_REFERENCE_ASK = 6,
    OPENPIT_PARAMETER_REFERENCE_MID = 7,
    OPENPIT_PARAMETER_REFERENCE_TOUCH = 8
};

/** Aggressive: buys above and sells below only. */
enum { OPENPIT_PARAMETER_SIDE_BOTH = 1, OPENPIT_PARAMETER_SIDE_AGGRESSIVE = 2 };

/** Answer: the same order gets the same answer again. */
enum { OPENPIT_PARAMETER_ON_REPEAT_REJECT = 1, OPENPIT_PARAMETER_ON_REPEAT_ANSWER = 2 };

/** What makes two orders alike. */
enum {
    OPENPIT_PARAMETER_FIELDS_ACCOUNT = 1u << 0,
    OPENPIT_PARAMETER_FIELDS_INSTRUMENT = 1u << 1,
    OPENPIT_PARAMETER_FIELDS_SIDE = 1u << 2,
    OPENPIT_PARAMETER_FIELDS_QUANTITY = 1u << 3,
    OPENPIT_PARAMETER_FIELDS_PRICE = 1u << 4,
    OPENPIT_PARAMETER_FIELDS_STRATEGY = 1u << 5,
    OPENPIT_PARAMETER_FIELDS_TRADER = 1u << 6,
    OPENPIT_PARAMETER_FIELDS_VENUE = 1u << 7,
    OPENPIT_PARAMETER_FIELDS_ORDER_TYPE = 1u << 8
};

/** Which messages count. */
enum {
    OPENPIT_PARAMETER_KINDS_NEW = 1u << 0,
    OPENPIT_PARAMETER_KINDS_REPLACE = 1u << 1,
    OPENPIT_PARAMETER_KINDS_CANCEL = 1u << 2
};

/** Token_bucket: refilled continuously, upper a window. */
enum { OPENPIT_PARAMETER_ALGORITHM_SLIDING = 1, OPENPIT_PARAMETER_ALGORITHM_TOKEN_BUCKET = 2 };

/** Passed: what the limit refuses does not count. */
enum { OPENPIT_PARAMETER_COUNT_MESSAGES_ALL = 1, OPENPIT_PARAMETER_COUNT_MESSAGES_PASSED = 2 };

/** What counts. */
enum { OPENPIT_PARAMETER_COUNT_EXECUTIONS_ORDERS = 1, OPENPIT_PARAMETER_COUNT_EXECUTIONS_FILLS = 2 };

/** Whose rejects count. */
enum { OPENPIT_PARAMETER_OF_REJECTS_ENGINE = 1u << 0, OPENPIT_PARAMETER_OF_REJECTS_VENUE = 1u << 1 };

/** What the messages are divided by. */
enum { OPENPIT_PARAMETER_PER_TRADES = 1, OPENPIT_PARAMETER_PER_NEW = 2 };

/** What the exposure is divided by. */
enum { OPENPIT_PARAMETER_OF_TOTAL_EQUITY = 1, OPENPIT_PARAMETER_OF_TOTAL_GROSS = 2 };

/** Supplied: the requirement is an input. */
enum { OPENPIT_PARAMETER_MODEL_RATE = 1, OPENPIT_PARAMETER_MODEL_SUPPLIED = 2 };

/** Whose orders may not meet. */
enum {
    OPENPIT_PARAMETER_OWNER_ACCOUNT = 1,
    OPENPIT_PARAMETER_OWNER_GROUP = 2,
    OPENPIT_PARAMETER_OWNER_TRADER = 3,
    OPENPIT_PARAMETER_OWNER_WASH_GROUP = 4
};

/** What happens to two orders that would meet. */
enum {
    OPENPIT_PARAMETER_MODE_CANCEL_NEWEST = 1,
    OPENPIT_PARAMETER_MODE_CANCEL_OLDEST = 2,
    OPENPIT_PARAMETER_MODE_CANCEL_BOTH = 3,
    OPENPIT_PARAMETER_MODE_DECREMENT = 4
};
/* end of generated */

#ifdef __cplusplus
}
#endif

#endif
