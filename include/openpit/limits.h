/*
 * openpit/limits.h: limits: what they bound and for whom, how they are added, what they know, and what they say.
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
#include "market.h"

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

/* ---- Scopes -------------------------------------------------------------------------------------------------- */

/**
 * Which orders a limit looks at, and per what it counts.
 *
 * `keys` has a bit for each key there is, 1u << OPENPIT_SCOPE_KEY_*; without any the limit is for the firm. `each` has the bits
 * of those that stand for each value by itself, such as every account; the values of all others are in the fields of their
 * names. In what the library tells, fields of keys that are not there are 0.
 */
typedef struct openpit_scope {
    uint16_t keys;
    uint16_t each;
    openpit_account_group_id group;
    openpit_account_id account;
    openpit_name strategy;
    openpit_name trader;
    openpit_name session;
    openpit_name venue;
    openpit_asset instrument_underlying; /* an instrument is a pair, and has both ... */
    openpit_asset instrument_settlement;
    openpit_asset underlying; /* ... while these are keys of their own */
    openpit_asset settlement;
    openpit_name class_kind; /* such as sector; always there with the key */
    openpit_name class_name; /* such as tech */
} openpit_scope;

/* ---- Limits -------------------------------------------------------------------------------------------------- */

/** Where a number comes from that the engine does not make itself. */
typedef uint8_t openpit_source;
enum {
    OPENPIT_SOURCE_LAST = 1, /* the first eight have the numbers of OPENPIT_PARAMETER_REFERENCE_* */
    OPENPIT_SOURCE_CLOSE = 2,
    OPENPIT_SOURCE_THEORETICAL = 3,
    OPENPIT_SOURCE_MARK = 4, /* of a quote, as the next four */
    OPENPIT_SOURCE_BID = 5,
    OPENPIT_SOURCE_ASK = 6,
    OPENPIT_SOURCE_MID = 7,
    OPENPIT_SOURCE_TOUCH = 8, /* the ask for a buy, the bid for a sell */
    OPENPIT_SOURCE_BAND_LOW = 9,
    OPENPIT_SOURCE_BAND_HIGH = 10,
    OPENPIT_SOURCE_ADV = 11,
    OPENPIT_SOURCE_MARKET_VOLUME = 12,
    OPENPIT_SOURCE_BID_DEPTH = 13,
    OPENPIT_SOURCE_ASK_DEPTH = 14,
    OPENPIT_SOURCE_BORROW_FEE = 15,
    OPENPIT_SOURCE_SSR = 16,
    OPENPIT_SOURCE_HALTED = 17,
    OPENPIT_SOURCE_PHASE = 18,
    OPENPIT_SOURCE_VAR = 19,
    OPENPIT_SOURCE_MARGIN_REQUIRED = 20,
    OPENPIT_SOURCE_FIGURE = 21 /* x.<name>, the user's own */
};

/** What happens before a bound is reached: at a fraction of it. */
typedef struct openpit_limit_stage {
    openpit_decimal at;
    openpit_limit_action action; /* notify, throttle or reduce_only */
    uint8_t reserved[7];
} openpit_limit_stage;

/** Something that the limits of single metrics say besides. */
typedef struct openpit_limit_argument {
    openpit_limit_parameter parameter;
    uint8_t reserved[3];
    openpit_name name; /* of OPENPIT_PARAMETER_INPUT, without the x. in front; else 0 */
    openpit_decimal value;
} openpit_limit_argument;

/** How old an input may become: at this age it is stale. */
typedef struct openpit_max_age {
    openpit_source source;
    uint8_t reserved[7];
    uint64_t nanoseconds; /* not 0 */
} openpit_max_age;

/** Which parts of an openpit_limit, or of an openpit_limit_status, are set. */
enum {
    OPENPIT_LIMIT_HAS_LOWER = 1u << 0,
    OPENPIT_LIMIT_HAS_UPPER = 1u << 1,
    OPENPIT_LIMIT_HAS_EFFECTIVE_FROM = 1u << 2,
    OPENPIT_LIMIT_HAS_EFFECTIVE_UNTIL = 1u << 3,
    OPENPIT_LIMIT_ALL_FIELDS = (1u << 4) - 1
};

/** What a limit is, if it is. */
enum {
    OPENPIT_LIMIT_UNLIMITED = 1u << 0, /* measured and shown, never breached */
    OPENPIT_LIMIT_HARD = 1u << 1,      /* no override passes it */
    OPENPIT_LIMIT_PASSES_WITHOUT_DATA = 1u
                                        << 2, /* an order passes it without the data it needs, and an event says so */
    OPENPIT_LIMIT_STRICT = 1u << 3,           /* a value at a bound breaches it, for systems whose rule that is */
    OPENPIT_LIMIT_ALL_FLAGS = (1u << 4) - 1
};

#define OPENPIT_LIMIT_STAGE_COUNT_MAX 4

/** One record that bounds one metric for one scope. Metric and name are needed; a field that is 0 means what it says here. */
typedef struct openpit_limit {
    uint32_t struct_size;
    uint32_t fields; /* OPENPIT_LIMIT_HAS_* */
    uint32_t flags;  /* OPENPIT_LIMIT_UNLIMITED ... */
    openpit_metric metric;
    openpit_limit_action action;   /* 0: reject */
    openpit_limit_period period;   /* 0: none */
    openpit_limit_release release; /* 0: manual */
    openpit_scope scope;
    openpit_decimal lower; /* bounds are inclusive, unless the limit is strict */
    openpit_decimal upper;
    openpit_name name;           /* what its rejects are signed with; no other limit and no policy has it */
    openpit_asset currency;      /* the unit of a metric of money; 0: that of the account or group, or of the order */
    uint64_t window_nanoseconds; /* 0: none */
    openpit_limit_stage stages[OPENPIT_LIMIT_STAGE_COUNT_MAX]; /* ascending */
    uint32_t stage_count;
    uint32_t confirm;           /* observations in a row that must see a breach before it latches; 0: one */
    openpit_decimal hysteresis; /* how far below a stage or bound the utilization must fall for it to be left */
    uint64_t throttle_upper;    /* how many orders pass a throttle ... */
    uint64_t throttle_window;   /* ... in so many nanoseconds */
    uint64_t release_after;     /* nanoseconds, with OPENPIT_LIMIT_RELEASE_AFTER */
    openpit_name release_role;  /* what a release has to name; 0: nothing */
    uint8_t only_sides;         /* which orders it looks at: bits 1u << OPENPIT_SIDE_*; 0: all of them, and so below */
    uint8_t only_order_types;
    uint8_t only_times_in_force;
    uint8_t only_phases;
    int64_t effective_from;  /* Unix nanoseconds: it exists from then on ... */
    int64_t effective_until; /* ... and before then */
    const openpit_limit_argument *parameters;
    size_t parameter_count;
    const openpit_max_age *max_ages; /* inputs that are not named may be as old as they like */
    size_t max_age_count;
} openpit_limit;

/** The metric's id, such as "order_quantity"; NULL for a number that is none. Borrowed for ever. */
OPENPIT_API const char *openpit_metric_name(openpit_metric metric);

/**
 * Adds limits behind those there are. An engine with limits checks the form of every order before anybody looks at it, and
 * needs no policy. All of them are added, or none.
 *
 * OPENPIT_STATUS_INVALID_ARGUMENT for a limit that cannot be, such as one without a bound, and for a metric that this
 * version of the library does not judge yet; error->value is its place in the array. OPENPIT_STATUS_NOT_FOUND for a name
 * that nobody interned.
 */
OPENPIT_API openpit_status openpit_engine_builder_add_limits(openpit_engine_builder *builder,
                                                             const openpit_limit *limits, size_t count,
                                                             openpit_error *error);

/* ---- What limits know ---------------------------------------------------------------------------------------- */

/** How the limits of an engine value what has no price, and what they keep. A field that is 0 means what it says here. */
typedef struct openpit_limit_options {
    uint32_t struct_size;
    /* Lists that are complete, so that what is on none of them is rejected: bits 1u << OPENPIT_KNOWN_*; 0: none. */
    uint32_t known;
    /* Sources of a price, 4 bits each (OPENPIT_SOURCE_LAST ... OPENPIT_SOURCE_TOUCH), the first lowest; the first fresh one
       counts: of an order without a price (0: touch, mark, last), and of what is held (0: mark, mid, last, close). */
    uint32_t order_chain;
    uint32_t position_chain;
    openpit_decimal order_slippage; /* how far an order without a price may slip: 0.01 is 1 % */
    uint64_t order_max_age;         /* nanoseconds; 0: as old as it likes */
    uint64_t position_max_age;
    uint64_t retention;                /* how many execution ids of an account are remembered; 0: 100,000 */
    uint64_t event_capacity;           /* how many events wait to be taken; 0: 65,536 */
    openpit_limit_action unknown_fill; /* of an account with a fill of no order; 0: notify */
    uint8_t ignores_position_side;     /* 1: orders may say which position they are about, which means nothing here */
    uint8_t has_default_equity;        /* 1: default_equity says something */
    uint8_t reserved[5];
    /* Of accounts of which nobody says it: */
    openpit_asset default_currency; /* 0: none */
    uint32_t default_calendar;      /* of openpit_engine_builder_add_calendar; 0: days begin at 00:00 UTC */
    openpit_decimal default_equity; /* what they have at the start, in their currency */
} openpit_limit_options;

/** Sets the options of the limits, all at once. */
OPENPIT_API openpit_status openpit_engine_builder_set_limit_options(openpit_engine_builder *builder,
                                                                    const openpit_limit_options *options);

/** A step of prices, from an absolute price on. */
typedef struct openpit_tick {
    openpit_decimal from; /* 0 in the first of a table, ascending */
    openpit_decimal step; /* above 0 */
} openpit_tick;

/** What an instrument is among others, such as technology among sectors. */
typedef struct openpit_instrument_class {
    openpit_name kind;
    openpit_name name;
} openpit_instrument_class;

/** Which parts of an openpit_instrument_description are set. */
enum {
    OPENPIT_INSTRUMENT_HAS_MULTIPLIER = 1u << 0, /* else 1 */
    OPENPIT_INSTRUMENT_HAS_LOT = 1u << 1,
    OPENPIT_INSTRUMENT_HAS_MARGIN_LONG = 1u << 2,
    OPENPIT_INSTRUMENT_HAS_MARGIN_SHORT = 1u << 3,
    OPENPIT_INSTRUMENT_HAS_MAINTENANCE_LONG = 1u << 4,
    OPENPIT_INSTRUMENT_HAS_MAINTENANCE_SHORT = 1u << 5,
    OPENPIT_INSTRUMENT_EASY_TO_BORROW = 1u << 6,
    OPENPIT_INSTRUMENT_ALL_FIELDS = (1u << 7) - 1
};

/** What limits know of an instrument. */
typedef struct openpit_instrument_description {
    uint32_t struct_size;
    uint32_t fields; /* OPENPIT_INSTRUMENT_* */
    openpit_asset underlying;
    openpit_asset settlement;
    openpit_decimal multiplier;  /* above 0 */
    openpit_decimal lot;         /* above 0 */
    openpit_decimal margin_long; /* rates of the market value, not below 0 */
    openpit_decimal margin_short;
    openpit_decimal maintenance_long;
    openpit_decimal maintenance_short;
    const openpit_tick *ticks;
    size_t tick_count;
    const openpit_instrument_class *classes; /* one a kind */
    size_t class_count;
    const openpit_name *jurisdictions; /* whose accounts may trade it; without any all may */
    size_t jurisdiction_count;
    uint32_t calendar; /* of openpit_engine_builder_add_calendar; 0: that of the venue */
    uint32_t reserved;
} openpit_instrument_description;

/** Says what is known of an instrument, which is on the list of known instruments from then on. The last word counts. */
OPENPIT_API openpit_status openpit_engine_builder_describe_instrument(
    openpit_engine_builder *builder, const openpit_instrument_description *description);

/** Which parts of an openpit_account_description are set. */
enum {
    OPENPIT_ACCOUNT_HAS_EQUITY = 1u << 0,
    OPENPIT_ACCOUNT_HAS_GROUP = 1u << 1, /* else its group is told to the engine, by openpit_engine_register_group */
    OPENPIT_ACCOUNT_ALL_FIELDS = (1u << 2) - 1
};

/** What limits know of an account. */
typedef struct openpit_account_description {
    uint32_t struct_size;
    uint32_t fields; /* OPENPIT_ACCOUNT_HAS_* */
    openpit_account_id account;
    openpit_asset currency;         /* in which limits without one of their own measure money; 0: nobody said */
    openpit_name jurisdiction;      /* 0: none */
    openpit_name wash_group;        /* 0: its own */
    uint32_t calendar;              /* of openpit_engine_builder_add_calendar; 0: that of its group */
    openpit_decimal equity;         /* what it has at the start, in its currency */
    openpit_account_group_id group; /* the one that it is in from then on; 0: none */
    uint32_t reserved;
} openpit_account_description;

/** Says what is known of an account, which is on the list of known accounts from then on. The last word counts. */
OPENPIT_API openpit_status openpit_engine_builder_describe_account(openpit_engine_builder *builder,
                                                                   const openpit_account_description *description);

/** What limits know of a group of accounts. */
typedef struct openpit_group_description {
    uint32_t struct_size;
    openpit_account_group_id group;
    openpit_asset currency; /* of its accounts that have none, and of limits of the group; 0: none */
    uint32_t calendar;      /* the same; 0: none */
} openpit_group_description;

/** Says what is known of a group of accounts. The last word counts. Who is in it is told to the engine, by openpit_engine_register_group. */
OPENPIT_API openpit_status openpit_engine_builder_describe_group(openpit_engine_builder *builder,
                                                                 const openpit_group_description *description);

/** Puts a name on a list of known names: not those of accounts and instruments, which are described. */
OPENPIT_API openpit_status openpit_engine_builder_list_name(openpit_engine_builder *builder, openpit_known list,
                                                            openpit_name name);

/**
 * The quotes that limits read. The engine keeps the service alive. OPENPIT_STATUS_SYNC_MODE_MISMATCH for quotes of a single
 * thread in an engine of several.
 */
OPENPIT_API openpit_status openpit_engine_builder_use_market_data(openpit_engine_builder *builder,
                                                                  openpit_market_data *service);

/* ---- Inputs -------------------------------------------------------------------------------------------------- */

/** What an input is about. */
typedef uint8_t openpit_input_target;
enum {
    OPENPIT_INPUT_OF_FIRM = 0,
    OPENPIT_INPUT_OF_ACCOUNT = 1,
    OPENPIT_INPUT_OF_GROUP = 2,
    OPENPIT_INPUT_OF_INSTRUMENT = 3,
    OPENPIT_INPUT_OF_VENUE = 4
};

/** Which number from outside is meant. What does not belong to its target is 0. */
typedef struct openpit_input_key {
    uint32_t struct_size;
    openpit_input input;
    openpit_input_target target;
    uint16_t reserved;
    openpit_name figure; /* of OPENPIT_INPUT_FIGURE: its name without the x. in front; else 0 */
    openpit_account_group_id group;
    openpit_account_id account;
    openpit_asset underlying;
    openpit_asset settlement;
    openpit_name venue;
    uint32_t reserved_word;
} openpit_input_key;

/**
 * Gives a number from outside, which was `age` nanoseconds old when it arrived. OPENPIT_STATUS_INVALID_ARGUMENT for an input that
 * this target does not have, and for a value that it cannot have: a phase is one of OPENPIT_PHASE_*, ssr and halted are 0 or 1.
 * OPENPIT_STATUS_NOT_FOUND for an engine without limits.
 */
OPENPIT_API openpit_status openpit_engine_set_input(openpit_engine *engine, const openpit_input_key *key,
                                                    openpit_decimal value, uint64_t age);
/** Takes it back: it is missing from then on. */
OPENPIT_API openpit_status openpit_engine_clear_input(openpit_engine *engine, const openpit_input_key *key);

/* ---- Limits and how much of them is used --------------------------------------------------------------------- */

/** What there is to say about a limit in force beside its bounds. In openpit_limit_status.fields, with OPENPIT_LIMIT_HAS_*. */
enum {
    OPENPIT_LIMIT_STATUS_HAS_USED = 1u << 8,
    OPENPIT_LIMIT_STATUS_HAS_USED_LOW = 1u << 9,
    OPENPIT_LIMIT_STATUS_HAS_HEADROOM = 1u << 10,
    OPENPIT_LIMIT_STATUS_HAS_UTILIZATION = 1u << 11,
    OPENPIT_LIMIT_STATUS_HAS_STAGE = 1u << 12,   /* the highest stage that was entered */
    OPENPIT_LIMIT_STATUS_IS_BREACHED = 1u << 13, /* a bound is passed */
    OPENPIT_LIMIT_STATUS_IS_UNLIMITED = 1u << 14
};

/** A limit in force for one key, and how much of it is used. */
typedef struct openpit_limit_status {
    uint32_t struct_size; /* of what the library knows */
    uint32_t fields;
    openpit_metric metric;
    openpit_limit_action action;
    openpit_limit_period period;
    openpit_trading_state state; /* what it has latched for this key */
    openpit_name name;
    openpit_scope scope; /* with the values of the key */
    openpit_decimal lower;
    openpit_decimal upper;
    openpit_decimal used; /* the value now; with two sides, that which is compared with the upper bound */
    openpit_decimal used_low;
    openpit_decimal headroom;    /* to the nearer bound; below 0 when that is passed */
    openpit_decimal utilization; /* of the bound; the larger of both */
    openpit_decimal stage;
    openpit_asset currency;
    uint32_t reserved;
    uint64_t window_nanoseconds;
    int64_t effective_from;
    int64_t effective_until;
} openpit_limit_status;

/** Is shown what is valid until it returns. It must not call the engine. */
typedef void openpit_limit_visitor(void *user_data, const openpit_limit_status *status);

/**
 * Shows every limit in force to `visit`, in the order in which they were added: one that stands for each key once for each key
 * that was seen, and once as it stands when none was. An engine without limits shows nothing.
 */
OPENPIT_API openpit_status openpit_engine_read_limits(openpit_engine *engine, openpit_limit_visitor *visit,
                                                      void *user_data);

/* ---- Why ----------------------------------------------------------------------------------------------------- */

/** What a limit makes of an order. */
typedef uint8_t openpit_look_verdict;
enum {
    OPENPIT_LOOK_PASS = 1,
    OPENPIT_LOOK_WARN = 2, /* passes, and enters a stage */
    OPENPIT_LOOK_REJECT = 3,
    OPENPIT_LOOK_OVERRIDDEN = 4, /* would be rejected, but an override passes it */
    OPENPIT_LOOK_SKIP = 5        /* not judged; openpit_look_why says why */
};

/** Why a limit did not judge an order, or judged it without its data. */
typedef uint8_t openpit_look_why;
enum {
    OPENPIT_LOOK_WHY_NONE = 0,
    OPENPIT_LOOK_WHY_MISSING = 1,     /* it passes without the data that the limit needs */
    OPENPIT_LOOK_WHY_SHADOWED = 2,    /* a limit with a closer scope stands in its place */
    OPENPIT_LOOK_WHY_FILTERED = 3,    /* it is not about such orders */
    OPENPIT_LOOK_WHY_NO_PRICE = 4,    /* the order has none */
    OPENPIT_LOOK_WHY_WRONG_SIDE = 5,  /* it is about the other side */
    OPENPIT_LOOK_WHY_NOT_SHORT = 6,   /* the order cannot leave the account short */
    OPENPIT_LOOK_WHY_REDUCING = 7,    /* the order reduces the position */
    OPENPIT_LOOK_WHY_NOT_RAISING = 8, /* the order does not raise the value */
    OPENPIT_LOOK_WHY_TOO_FEW = 9      /* too few messages to judge by */
};

/** Whether a number from outside could be used. */
typedef uint8_t openpit_input_status;
enum { OPENPIT_INPUT_FRESH = 1, OPENPIT_INPUT_STALE = 2, OPENPIT_INPUT_MISSING = 3 };

/** A source that a limit asked. */
typedef struct openpit_input_use {
    openpit_source source;
    openpit_input_status status;
    uint16_t reserved;
    openpit_name figure;   /* of OPENPIT_SOURCE_FIGURE: its name; else 0 */
    openpit_decimal value; /* 0 when it is missing, as its age */
    uint64_t age;          /* nanoseconds */
} openpit_input_use;

/** Which parts of an openpit_look are set. */
enum {
    OPENPIT_LOOK_HAS_LOWER = 1u << 0,
    OPENPIT_LOOK_HAS_UPPER = 1u << 1,
    OPENPIT_LOOK_HAS_USED = 1u << 2,
    OPENPIT_LOOK_HAS_ASKED = 1u << 3,
    OPENPIT_LOOK_HAS_VALUE = 1u << 4,
    OPENPIT_LOOK_HAS_HEADROOM = 1u << 5,
    OPENPIT_LOOK_HAS_UTILIZATION = 1u << 6
};

/** How one limit looks at an order. */
typedef struct openpit_look {
    uint32_t struct_size; /* of what the library knows */
    uint32_t fields;      /* OPENPIT_LOOK_HAS_* */
    openpit_metric metric;
    openpit_look_verdict verdict;
    openpit_look_why why;
    uint8_t reserved;
    openpit_name name;
    openpit_scope scope; /* with the values of the order */
    openpit_decimal lower;
    openpit_decimal upper;
    openpit_decimal used;  /* without the order */
    openpit_decimal asked; /* what the order adds */
    openpit_decimal value; /* what is compared with the bounds */
    openpit_decimal headroom;
    openpit_decimal utilization;
    const openpit_input_use *inputs; /* in the order in which they were asked */
    size_t input_count;
    openpit_reject_code code; /* of a reject, else 0 */
    uint16_t reserved_short;
    uint32_t reserved_word;
} openpit_look;

/** Is shown what is valid until it returns. It must not call the engine. */
typedef void openpit_look_visitor(void *user_data, const openpit_look *look);

/** What an order would meet. */
typedef struct openpit_explanation {
    uint32_t struct_size;
    uint8_t passes;              /* 1 when it would pass, else 0 */
    openpit_trading_state state; /* the most severe that matches the order */
    uint16_t reserved;
    int64_t time; /* Unix nanoseconds: when that was so */
} openpit_explanation;

/**
 * Tells what openpit_engine_execute_pre_trade would answer now, without any effect: the verdict, its rejects in `result`, which
 * may be NULL, and how every limit that matches looks at the order, in the order in which they are asked. `visit` may be NULL.
 */
OPENPIT_API openpit_status openpit_engine_explain(openpit_engine *engine, const openpit_order *order,
                                                  openpit_result *result, openpit_explanation *explanation,
                                                  openpit_look_visitor *visit, void *user_data);

/* ---- Changes ------------------------------------------------------------------------------------------------- */

/** Which parts of an openpit_limit_change are set, and what it does. */
enum {
    OPENPIT_LIMIT_CHANGE_HAS_EFFECTIVE_FROM = 1u << 0,
    OPENPIT_LIMIT_CHANGE_HAS_REVERT_AT = 1u << 1,
    OPENPIT_LIMIT_CHANGE_REPLACES_ALL = 1u << 2,         /* limits that are not set go */
    OPENPIT_LIMIT_CHANGE_REPLACES_PERMISSIONS = 1u << 3, /* permissions that are not set go */
    OPENPIT_LIMIT_CHANGE_SETS_REQUIRED = 1u << 4,        /* `required` takes the place of what is required */
    OPENPIT_LIMIT_CHANGE_ALL_FIELDS = (1u << 5) - 1
};

/** A metric of which every order needs a limit: one in a scope that has these keys, or with 0 in any scope. */
typedef struct openpit_requirement {
    openpit_metric metric;
    uint8_t reserved;
    uint16_t keys; /* bits 1u << OPENPIT_SCOPE_KEY_* */
} openpit_requirement;

struct openpit_permission; /* openpit/rules.h */

/** What is to become of the limits of an engine, of its permissions, and of the metrics it requires a limit of. */
typedef struct openpit_limit_change {
    uint32_t struct_size;
    uint32_t fields;          /* OPENPIT_LIMIT_CHANGE_* */
    const openpit_limit *set; /* each takes the place of the limit of its name, or comes behind all */
    size_t set_count;
    const openpit_name *removed; /* names of limits that go */
    size_t removed_count;
    int64_t effective_from; /* Unix nanoseconds; the first call at or after it makes the change */
    int64_t revert_at;      /* each limit becomes what it was, unless somebody changed it since; so do the others */
    const struct openpit_permission *permissions; /* each takes the place of that of its name, or comes behind all */
    size_t permission_count;
    const openpit_name *removed_permissions;
    size_t removed_permission_count;
    const openpit_requirement *required;
    size_t required_count;
    /*
     * A builder that was told what is known of the world from now on, and nothing else: calendars and those of venues, instruments, groups,
     * accounts, sessions, listed names and the options of limits (of which retention and event_capacity stay as they are). It takes the place
     * of all that was told before; instruments and accounts of which it was not told stay as they are, without a calendar. The change is made at
     * once, for good, and spends the builder. NULL: nothing is told.
     */
    openpit_engine_builder *described;
} openpit_limit_change;

/** What became of a change. */
typedef struct openpit_limit_change_answer {
    uint32_t struct_size;
    uint8_t is_applied; /* 0: it waits for its time */
    uint8_t reserved[3];
    uint64_t number;
} openpit_limit_change_answer;

/**
 * Changes limits, permissions and what is required while the engine runs: no order sees half of it. A row whose measure and key stay keeps its counts, positions,
 * peaks and latches, and the new bound is judged at once. States that a removed limit has latched stand until they are released.
 * Nothing changes when it fails; the statuses are those of openpit_engine_builder_add_limits, and OPENPIT_STATUS_NOT_FOUND for an
 * engine without limits. OPENPIT_STATUS_INVALID_ARGUMENT also for a builder that was told of policies or limits, and when the multiplier
 * of an instrument that somebody holds would change, or the currency of an account that has begun, or what it began with.
 */
OPENPIT_API openpit_status openpit_engine_change_limits(openpit_engine *engine, const openpit_limit_change *change,
                                                        openpit_limit_change_answer *answer, openpit_error *error);

/** Something that waits for its time. */
typedef struct openpit_pending_change {
    uint32_t struct_size; /* of what the library knows */
    uint8_t is_revert;    /* 1: the change of this number is taken back */
    uint8_t reserved[3];
    uint64_t number;
    int64_t at; /* Unix nanoseconds */
} openpit_pending_change;

/** Is shown what is valid until it returns. It must not call the engine. */
typedef void openpit_pending_change_visitor(void *user_data, const openpit_pending_change *change);

/** Shows what waits to `visit`, in the order of the times. What was due until now has happened. */
OPENPIT_API openpit_status openpit_engine_read_pending_changes(openpit_engine *engine,
                                                               openpit_pending_change_visitor *visit, void *user_data);

/**
 * Says what is known of an account from now on, which may be a new one. Its currency has to stay, and what it had
 * at the start. OPENPIT_STATUS_NOT_FOUND for an engine without limits.
 */
OPENPIT_API openpit_status openpit_engine_set_account(openpit_engine *engine,
                                                      const openpit_account_description *description);

/** Whether somebody holds an instrument, or works on it: then its multiplier cannot change. Writes 1 or 0. */
OPENPIT_API openpit_status openpit_engine_has_position(openpit_engine *engine, openpit_asset underlying,
                                                       openpit_asset settlement, uint8_t *has_position);

/* ---- Events -------------------------------------------------------------------------------------------------- */

/** Which parts of an openpit_limit_event are set. */
enum {
    OPENPIT_LIMIT_EVENT_HAS_VALUE = 1u << 0,
    OPENPIT_LIMIT_EVENT_HAS_LIMIT = 1u << 1,
    OPENPIT_LIMIT_EVENT_HAS_SHARE = 1u << 2
};

/** Something that happened beside the answers of calls. */
typedef struct openpit_limit_event {
    uint32_t struct_size;
    uint32_t fields; /* OPENPIT_LIMIT_EVENT_HAS_* */
    openpit_event_kind kind;
    openpit_metric metric;       /* 0: it concerns no limit */
    openpit_trading_state state; /* the one that is told; 0: none */
    uint8_t reserved;
    openpit_name name; /* of the limit it is about, or what else has a name; 0: none */
    uint64_t sequence; /* from 1; a number that is left out is an event that found no room */
    int64_t time;      /* Unix nanoseconds */
    openpit_scope scope;
    openpit_decimal value;
    openpit_decimal limit;
    openpit_decimal share; /* the stage that was entered or left */
    openpit_name what;     /* another name that is told; 0: none */
    uint32_t reserved_word;
} openpit_limit_event;

/** Takes the oldest event out; OPENPIT_STATUS_NOT_FOUND when there is none. */
OPENPIT_API openpit_status openpit_engine_next_event(openpit_engine *engine, openpit_limit_event *event);
/** How many events found no room. */
OPENPIT_API openpit_status openpit_engine_events_dropped(openpit_engine *engine, uint64_t *count);

#ifdef __cplusplus
}
#endif

#endif
