/*
 * openpit/trading.h: the life of orders, and a desk that holds orders, positions, money and risk of one account.
 *
 * A desk decides and remembers. A command looks at what it is asked, records what it decided as events, and lets each of them
 * happen; nothing changes but by an event, so the same events in another desk lead to the same state. It calls nobody: whoever
 * uses it keeps its events, sends its orders, and tells it what became of them. A paper broker is somebody to send them to.
 *
 * Ten lines that work:
 *
 *     openpit_desk *desk;
 *     openpit_desk_options options = {.struct_size = sizeof options, .capital = openpit_decimal_from_int64(100000)};
 *     openpit_desk_instrument terms = {.struct_size = sizeof terms};
 *     openpit_desk_request request = {.struct_size = sizeof request, .side = OPENPIT_DESK_BUY};
 *     openpit_desk_verdict verdict = {.struct_size = sizeof verdict};
 *     uint32_t es;
 *     uint64_t order;
 *     options.position_share = options.drawdown_share = options.daily_loss_share = openpit_decimal_from_int64(1);
 *     terms.multiplier = terms.step = terms.minimum = terms.margin_rate = request.strength = openpit_decimal_from_int64(1);
 *     openpit_desk_create(&options, &desk), openpit_desk_add_instrument(desk, &terms, &es);
 *     openpit_desk_begin(desk, 1, 20514), openpit_desk_mark(desk, es, openpit_decimal_from_int64(100), 1);
 *     openpit_desk_check(desk, &request, NULL, &verdict), openpit_desk_create_order(desk, &request, &verdict, &order);
 *     // verdict.quantity is 1000, and openpit_desk_take_events hands over what happened.
 *
 * The conventions are those of openpit.h. A desk and a paper broker are used by one thread at a time, and nothing in them is
 * random but what the seed of a paper broker decides. Sums and products are exact or refused as OPENPIT_STATUS_ARITHMETIC_OVERFLOW;
 * averages, the cost that a reduction takes out, and ratios that are shown have ten places, half to even. A call that does not
 * answer OPENPIT_STATUS_OK has changed nothing. Times are nanoseconds since 1970, UTC; a day is a number that rises from day to day.
 */
#ifndef OPENPIT_TRADING_H
#define OPENPIT_TRADING_H

#include "base.h"
#include "engine.h"
#include "numbers.h"
#include "records.h"
#include "results.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- The life of an order ------------------------------------------------------------------------------------ */

/** Where an order stands. */
typedef uint8_t openpit_order_state;
enum {
    OPENPIT_ORDER_CREATED = 0,   /* made, and nothing else */
    OPENPIT_ORDER_PENDING = 1,   /* looked at, and about to be sent */
    OPENPIT_ORDER_SUBMITTED = 2, /* sent; nothing has been heard */
    OPENPIT_ORDER_UNKNOWN = 3,   /* sent, and the answer is lost */
    OPENPIT_ORDER_WORKING = 4,   /* the venue has it */
    OPENPIT_ORDER_PARTIALLY_FILLED = 5,
    OPENPIT_ORDER_FILLED = 6,
    OPENPIT_ORDER_CANCELLED = 7,
    OPENPIT_ORDER_REJECTED = 8,
    OPENPIT_ORDER_EXPIRED = 9,
    OPENPIT_ORDER_CLOSED = 10 /* what it opened is closed, or it was never sent */
};

/** The same in eight words: what is unknown or works is submitted, and what has expired is cancelled. */
typedef uint8_t openpit_order_stage;
enum {
    OPENPIT_STAGE_CREATED = 0,
    OPENPIT_STAGE_PENDING = 1,
    OPENPIT_STAGE_SUBMITTED = 2,
    OPENPIT_STAGE_PARTIALLY_FILLED = 3,
    OPENPIT_STAGE_FILLED = 4,
    OPENPIT_STAGE_CANCELLED = 5,
    OPENPIT_STAGE_REJECTED = 6,
    OPENPIT_STAGE_CLOSED = 7
};

/** What can happen to an order. */
typedef uint8_t openpit_order_event;
enum {
    OPENPIT_ORDER_EVENT_ACCEPTED = 0,
    OPENPIT_ORDER_EVENT_SUBMITTED = 1,
    OPENPIT_ORDER_EVENT_ACKNOWLEDGED = 2,
    OPENPIT_ORDER_EVENT_LOST = 3, /* the answer to what was sent */
    OPENPIT_ORDER_EVENT_FILLED = 4,
    OPENPIT_ORDER_EVENT_BUSTED = 5, /* a fill is taken back */
    OPENPIT_ORDER_EVENT_CANCEL_REQUESTED = 6,
    OPENPIT_ORDER_EVENT_CANCEL_REJECTED = 7,
    OPENPIT_ORDER_EVENT_CANCELLED = 8, /* whether anybody asked for it or not */
    OPENPIT_ORDER_EVENT_REPLACE_REQUESTED = 9,
    OPENPIT_ORDER_EVENT_REPLACE_REJECTED = 10,
    OPENPIT_ORDER_EVENT_REPLACED = 11,
    OPENPIT_ORDER_EVENT_REJECTED = 12,
    OPENPIT_ORDER_EVENT_EXPIRED = 13,
    OPENPIT_ORDER_EVENT_CLOSED = 14
};

/** What has to be done when something happened to an order. */
enum {
    OPENPIT_ORDER_EFFECT_REFUSED = 1 << 0, /* it cannot happen in that state; nothing has changed */
    OPENPIT_ORDER_EFFECT_SEND = 1 << 1,
    OPENPIT_ORDER_EFFECT_SEND_CANCEL = 1 << 2,
    OPENPIT_ORDER_EFFECT_SEND_REPLACE = 1 << 3,
    OPENPIT_ORDER_EFFECT_SETTLE = 1 << 4,    /* position and cash follow */
    OPENPIT_ORDER_EFFECT_RELEASE = 1 << 5,   /* what was reserved for what is left is free again */
    OPENPIT_ORDER_EFFECT_RESIZE = 1 << 6,    /* another amount has to be reserved */
    OPENPIT_ORDER_EFFECT_LATE = 1 << 7,      /* a fill of an order that was over */
    OPENPIT_ORDER_EFFECT_OVERFILLED = 1 << 8 /* more has traded than was ordered */
};

/** An order's life, as you keep it. One that has just been made is zeros and a quantity. */
typedef struct openpit_order_life {
    uint32_t struct_size;
    openpit_order_state state;
    uint8_t reserved;
    uint16_t reserved_short;
    uint32_t pending_cancels; /* requests that wait for an answer */
    uint32_t pending_replaces;
    uint32_t fill_count;
    uint32_t reserved_word;
    openpit_decimal quantity; /* not negative */
    openpit_decimal filled;
    openpit_decimal traded; /* the sum of price * quantity */
} openpit_order_life;

/** What there is to say of it. */
typedef struct openpit_order_life_view {
    uint32_t struct_size;
    openpit_order_stage stage;
    uint8_t is_terminal; /* 1: no further fill is expected */
    uint8_t has_average;
    uint8_t reserved;
    openpit_decimal remaining;
    openpit_decimal average; /* to ten places */
    openpit_decimal ratio;   /* filled / quantity, to ten places, at most 1; 0 of an order of nothing */
} openpit_order_life_view;

/**
 * Lets something happen to an order.
 *
 * @param quantity  of a fill or of one that is taken back; the new total of a replacement; else nothing.
 * @param price     of a fill or of one that is taken back; else nothing.
 * @param effects   OPENPIT_ORDER_EFFECT_*; what cannot happen is OPENPIT_ORDER_EFFECT_REFUSED, and is no failure of the call.
 * @return OPENPIT_STATUS_INVALID_ARGUMENT for a quantity that is none, and for a life that nobody can have had.
 */
OPENPIT_API openpit_status openpit_order_life_happen(openpit_order_life *life, openpit_order_event event,
                                                     openpit_decimal quantity, openpit_decimal price,
                                                     uint32_t *effects);

/** Moves an order to a stage as its owner says, if the table of its life has a step there; else OPENPIT_STATUS_ORDER_STATE. */
OPENPIT_API openpit_status openpit_order_life_move(openpit_order_life *life, openpit_order_stage stage);

/** Reads what there is to say of an order's life. */
OPENPIT_API openpit_status openpit_order_life_view_of(const openpit_order_life *life, openpit_order_life_view *view);

/** 1 when the table of an order's life has a step from one stage to the other, else 0. */
OPENPIT_API int openpit_order_stage_allows(openpit_order_stage from, openpit_order_stage to);

/* ---- Words of desks ------------------------------------------------------------------------------------------ */

/** Which way an order goes, or a signal. A position that was bought is OPENPIT_DESK_BUY. */
typedef uint8_t openpit_desk_side;
enum {
    OPENPIT_DESK_BUY = 1,
    OPENPIT_DESK_SELL = 2,
    OPENPIT_DESK_FLAT = 3 /* no position: of signals only */
};

/** What an order waits for. */
typedef uint8_t openpit_desk_order_type;
enum { OPENPIT_DESK_MARKET = 0, OPENPIT_DESK_LIMIT = 1, OPENPIT_DESK_STOP = 2, OPENPIT_DESK_STOP_LIMIT = 3 };

/** How long it waits. */
typedef uint8_t openpit_desk_time_in_force;
enum { OPENPIT_DESK_DAY = 0, OPENPIT_DESK_GTC = 1, OPENPIT_DESK_IOC = 2, OPENPIT_DESK_FOK = 3 };

/** What a signal against a position does. */
typedef uint8_t openpit_desk_opposite;
enum {
    OPENPIT_DESK_CLOSES = 0,  /* it closes all of it, whatever its strength */
    OPENPIT_DESK_REDUCES = 1, /* it reduces it, as its strength says, to nothing at most */
    OPENPIT_DESK_FLIPS = 2    /* it closes it, and opens on the other side as its strength says */
};

/** Why something is so. */
typedef uint16_t openpit_desk_reason;
enum {
    OPENPIT_DESK_REASON_NONE = 0,
    OPENPIT_DESK_REASON_UNKNOWN_SYMBOL = 1, /* a strict desk, and an instrument that nobody listed */
    OPENPIT_DESK_REASON_NO_PRICE = 2,
    OPENPIT_DESK_REASON_INVALID_PRICE = 3, /* nothing opens at a price that is not above 0 */
    OPENPIT_DESK_REASON_DRAWDOWN_HALT = 4,
    OPENPIT_DESK_REASON_DAILY_LOSS_HALT = 5,
    OPENPIT_DESK_REASON_MANUAL_HALT = 6,
    OPENPIT_DESK_REASON_MAX_POSITIONS = 7,
    OPENPIT_DESK_REASON_INVALID_QUANTITY = 8,
    OPENPIT_DESK_REASON_MAX_POSITION_SIZE = 9,
    OPENPIT_DESK_REASON_SIZE_TOO_SMALL = 10,
    OPENPIT_DESK_REASON_FLIP_NOT_ALLOWED = 11,
    OPENPIT_DESK_REASON_STORE_FAILED = 12,    /* events could not be kept */
    OPENPIT_DESK_REASON_GIVEN = 13,           /* as the caller says, in words of the caller's */
    OPENPIT_DESK_REASON_DAY_EXPIRED = 14,     /* of an order that was good for a day */
    OPENPIT_DESK_REASON_POSITION_CLOSED = 15, /* of an order that opened what is closed now */
    OPENPIT_DESK_REASON_LATE = 16,            /* a fill of an order that is over */
    OPENPIT_DESK_REASON_UNKNOWN_ORDER = 17,
    OPENPIT_DESK_REASON_OVERFILL = 18, /* a fill of more than was left */
    OPENPIT_DESK_REASON_CORRELATED_EXPOSURE = 19,
    OPENPIT_DESK_REASON_CORRELATION_UNAVAILABLE = 20
};

/** What halts orders that open. Kinds of halts are told as a list in a word: two bits each, the first one lowest. */
typedef uint8_t openpit_desk_halt;
enum { OPENPIT_DESK_HALT_DRAWDOWN = 1, OPENPIT_DESK_HALT_DAILY_LOSS = 2, OPENPIT_DESK_HALT_MANUAL = 3 };

/** What a record has to say besides its other fields. */
enum {
    OPENPIT_DESK_HAS_PRICE = 1 << 0,
    OPENPIT_DESK_HAS_QUANTITY = 1 << 1,
    OPENPIT_DESK_HAS_LIMIT_PRICE = 1 << 2,
    OPENPIT_DESK_HAS_STOP_PRICE = 1 << 3,
    OPENPIT_DESK_IS_REDUCING = 1 << 4,
    OPENPIT_DESK_HAS_OBSERVED = 1 << 5, /* observed and limit */
    OPENPIT_DESK_HAS_HEADROOM = 1 << 6,
    OPENPIT_DESK_HAS_CORRELATION = 1 << 7,
    OPENPIT_DESK_HAS_AVERAGE = 1 << 8,
    OPENPIT_DESK_HAS_MARK = 1 << 9,
    OPENPIT_DESK_HAS_MAXIMUM = 1 << 10,
    OPENPIT_DESK_HAS_TICK = 1 << 11,
    OPENPIT_DESK_IS_LISTED = 1 << 12
};

/* ---- Desks --------------------------------------------------------------------------------------------------- */

/** Orders, positions, money and risk of one account. */
typedef struct openpit_desk openpit_desk;

enum {
    OPENPIT_DESK_STRICT = 1 << 0, /* instruments that are not listed are refused */
    OPENPIT_DESK_BARE = 1 << 1    /* it keeps orders, or positions, on their own: it has no beginning and no days */
};

/** How a desk is made. Shares are parts of one. */
typedef struct openpit_desk_options {
    uint32_t struct_size;
    uint32_t flags; /* OPENPIT_DESK_STRICT and so on */
    openpit_decimal capital;
    openpit_decimal position_share;   /* above 0: of the equity, the most that one position may be worth */
    openpit_decimal drawdown_share;   /* above 0, at most 1: a fall from the peak by more than that halts */
    openpit_decimal daily_loss_share; /* above 0, at most 1: a loss of that since the day began halts until it ends */
    double correlation_max;           /* above 0, at most 1; not 0, or there is no such warning */
    int64_t correlation_interval;     /* of the samples of prices, in nanoseconds; 0: a minute */
    uint32_t positions_max;           /* 0: no limit */
    uint32_t confirmations;           /* how many observations in a row make a halt; 0: 1 */
    uint32_t correlation_lookback;    /* how many returns are looked at; 0: 20 */
    uint32_t correlation_minimum;     /* how few tell nothing; 0: 10 */
    openpit_desk_opposite opposite;
    uint8_t reserved;
    uint16_t reserved_short;
    uint32_t reserved_word;
} openpit_desk_options;

/** Makes a desk. OPENPIT_STATUS_LIMIT_REACHED when memory is refused. */
OPENPIT_API openpit_status openpit_desk_create(const openpit_desk_options *options, OPENPIT_OWN openpit_desk **desk);

/** Ends a desk; takes NULL. */
OPENPIT_API void openpit_desk_destroy(openpit_desk *desk);

/** What an instrument is, as far as money depends on it. */
typedef struct openpit_desk_instrument {
    uint32_t struct_size;
    uint16_t fields; /* OPENPIT_DESK_HAS_MAXIMUM, _HAS_TICK, _IS_LISTED */
    uint16_t reserved;
    openpit_decimal multiplier;  /* above 0: enters every amount of money */
    openpit_decimal step;        /* above 0: quantities are multiples of it */
    openpit_decimal minimum;     /* above 0 */
    openpit_decimal maximum;     /* not below the minimum */
    openpit_decimal tick;        /* above 0 */
    openpit_decimal margin_rate; /* above 0, at most 1: the part of its worth that a position ties up */
} openpit_desk_instrument;

/** Adds an instrument; they are numbered from 0. OPENPIT_STATUS_INVALID_ARGUMENT for one that cannot be. */
OPENPIT_API openpit_status openpit_desk_add_instrument(openpit_desk *desk, const openpit_desk_instrument *instrument,
                                                       uint32_t *number);

/**
 * Begins a command: sets the time of what it will record, which never runs back. A desk that has not begun does so, and a later
 * day than the last one begins: it ends a halt for daily loss, and orders that are good for a day.
 */
OPENPIT_API openpit_status openpit_desk_begin(openpit_desk *desk, int64_t time, int32_t day);

/** The same where a day begins because somebody says so. With `expires` orders that are good for a day end. */
OPENPIT_API openpit_status openpit_desk_begin_day(openpit_desk *desk, int64_t time, int32_t day, int expires);

/** What somebody wants to do. */
typedef struct openpit_desk_request {
    uint32_t struct_size;
    uint32_t instrument;
    openpit_desk_side side;
    openpit_desk_order_type type;
    openpit_desk_time_in_force time_in_force;
    uint8_t reserved;
    uint16_t fields; /* OPENPIT_DESK_HAS_QUANTITY, _HAS_LIMIT_PRICE, _HAS_STOP_PRICE */
    uint16_t reserved_short;
    uint64_t signal;          /* the number that openpit_desk_receive gave, or 0 */
    openpit_decimal strength; /* 0 to 1: the part of position_share that is wanted */
    openpit_decimal quantity; /* is checked, and never changed */
    openpit_decimal limit_price;
    openpit_decimal stop_price;
} openpit_desk_request;

/** Records that a signal came, and tells its number. */
OPENPIT_API openpit_status openpit_desk_receive(openpit_desk *desk, const openpit_desk_request *request,
                                                uint64_t *signal);

/** Records that nothing comes of a signal. */
OPENPIT_API openpit_status openpit_desk_ignore(openpit_desk *desk, uint64_t signal, uint32_t instrument);

/**
 * Says what an instrument is worth from now on; what that makes of the equity may halt the desk.
 *
 * @param source  a number of yours, which the event tells.
 */
OPENPIT_API openpit_status openpit_desk_mark(openpit_desk *desk, uint32_t instrument, openpit_decimal price,
                                             uint8_t source);

/** What an order is judged by, where you say so yourself. */
typedef struct openpit_desk_situation {
    uint32_t struct_size;
    uint16_t fields; /* OPENPIT_DESK_HAS_PRICE */
    uint16_t reserved;
    uint32_t positions; /* instruments that are held or about to be */
    uint32_t reserved_word;
    openpit_decimal equity;
    openpit_decimal price;
    openpit_decimal position; /* below 0 when short */
    openpit_decimal ordered;  /* what is left of open orders of the same side */
} openpit_desk_situation;

/** What came of looking at a request. */
typedef struct openpit_desk_verdict {
    uint32_t struct_size;
    openpit_desk_reason reason; /* OPENPIT_DESK_REASON_NONE: nothing is against it */
    uint16_t fields;            /* OPENPIT_DESK_HAS_PRICE, _IS_REDUCING, _HAS_OBSERVED, _HAS_HEADROOM */
    openpit_desk_side side;     /* OPENPIT_DESK_FLAT: there is nothing to close */
    uint8_t reserved;
    uint16_t reserved_short;
    uint32_t reserved_word;
    openpit_decimal quantity; /* 0 when it was refused before there was a size */
    openpit_decimal price;
    openpit_decimal equity;
    openpit_decimal observed;
    openpit_decimal limit;
    openpit_decimal headroom; /* the largest quantity that would have passed */
} openpit_desk_verdict;

/**
 * Looks at a request: what reduces a position passes; what opens one is checked, in this order, for an instrument that is not
 * listed, events that could not be kept, the price, halts, drawdown, daily loss, the number of positions, and its size. What it
 * finds of drawdown and daily loss halts the desk; nothing else changes.
 *
 * @param situation  optional: what to judge by, instead of what the desk has.
 */
OPENPIT_API openpit_status openpit_desk_check(openpit_desk *desk, const openpit_desk_request *request,
                                              const openpit_desk_situation *situation, openpit_desk_verdict *verdict);

/**
 * Makes an order of a verdict, which you may have changed to refuse it. One that is refused is rejected at once; one that opens
 * is compared with each position, and a warning recorded of those whose prices moved as its own did.
 */
OPENPIT_API openpit_status openpit_desk_create_order(openpit_desk *desk, const openpit_desk_request *request,
                                                     const openpit_desk_verdict *verdict, uint64_t *order);

/** What is recorded. */
typedef uint8_t openpit_desk_event_kind;
enum {
    OPENPIT_DESK_STARTED = 1,         /* equity: the capital */
    OPENPIT_DESK_DAY_STARTED = 2,     /* day, equity */
    OPENPIT_DESK_SIGNAL_RECEIVED = 3, /* signal, instrument, side, type, strength, quantity */
    OPENPIT_DESK_SIGNAL_IGNORED = 4,  /* signal, instrument */
    OPENPIT_DESK_PRICE_UPDATED = 5,   /* instrument, price; side: the source */
    OPENPIT_DESK_ORDER_CREATED = 6, /* order, signal, instrument, side, type, time_in_force, quantity, prices, equity */
    OPENPIT_DESK_ORDER_SUBMITTED = 7, /* order */
    OPENPIT_DESK_ORDER_PARTIALLY_FILLED =
        8,                             /* order, fill, instrument, side, quantity, price, expected_price, slippage,
                                                slippage_bps, commission; filled, remaining and average of the order */
    OPENPIT_DESK_ORDER_FILLED = 9,     /* the same */
    OPENPIT_DESK_ORDER_CANCELLED = 10, /* order, reason */
    OPENPIT_DESK_ORDER_REJECTED = 11,  /* order, reason, observed, limit, headroom */
    OPENPIT_DESK_ORDER_CLOSED = 12,    /* order, reason */
    OPENPIT_DESK_CANCEL_REJECTED = 13, /* order */
    OPENPIT_DESK_BROKER_FAILED = 14,   /* order */
    OPENPIT_DESK_UNEXPECTED_FILL = 15, /* order or 0, fill, instrument, side, quantity, price, commission, reason */
    OPENPIT_DESK_POSITION_OPENED = 16, /* order, instrument, side, quantity, price, multiplier */
    OPENPIT_DESK_POSITION_UPDATED =
        17, /* order, instrument, side, quantity, price: the average, cost; realized: of this fill */
    OPENPIT_DESK_POSITION_CLOSED =
        18,                   /* order, instrument, side, quantity, price: the average, limit_price: that of the fill,
                                           realized and commission of its whole life, seconds */
    OPENPIT_DESK_WARNED = 19, /* order, reason, instrument, other, correlation, samples */
    OPENPIT_DESK_HALTED = 20, /* halt, reason, observed, limit */
    OPENPIT_DESK_RESUMED = 21 /* halt: a list of kinds, equity */
};

/** Something that happened. What a kind does not tell is zero. */
typedef struct openpit_desk_event {
    uint32_t struct_size;
    uint32_t instrument;
    openpit_desk_event_kind kind;
    openpit_desk_side side;
    openpit_desk_order_type type;
    openpit_desk_time_in_force time_in_force;
    openpit_desk_reason reason;
    uint16_t fields;   /* OPENPIT_DESK_HAS_PRICE and so on */
    uint64_t sequence; /* from 1 without gaps */
    int64_t time;
    uint64_t order;  /* from 1 without gaps */
    uint64_t signal; /* likewise */
    uint64_t fill;   /* your number of it */
    int32_t day;
    uint32_t halt;
    uint32_t other; /* the instrument that a warning compares with */
    uint32_t samples;
    double correlation; /* to six places */
    openpit_decimal seconds;
    openpit_decimal quantity;
    openpit_decimal price;
    openpit_decimal limit_price;
    openpit_decimal stop_price;
    openpit_decimal expected_price;
    openpit_decimal slippage; /* how much worse the price is than the expected one */
    openpit_decimal slippage_bps;
    openpit_decimal strength;
    openpit_decimal commission;
    openpit_decimal filled;
    openpit_decimal remaining;
    openpit_decimal average;
    openpit_decimal equity;
    openpit_decimal realized;
    openpit_decimal cost;
    openpit_decimal multiplier;
    openpit_decimal observed;
    openpit_decimal limit;
    openpit_decimal headroom;
} openpit_desk_event;

/**
 * Moves an order on: records `kind`, which is OPENPIT_DESK_ORDER_SUBMITTED, _CANCELLED, _REJECTED or _CLOSED.
 *
 * @return OPENPIT_STATUS_ORDER_STATE where its state does not allow that; OPENPIT_STATUS_NOT_FOUND for an order there is not.
 */
OPENPIT_API openpit_status openpit_desk_move_order(openpit_desk *desk, uint64_t order, openpit_desk_event_kind kind,
                                                   openpit_desk_reason reason);

/** A trade. */
typedef struct openpit_desk_fill {
    uint32_t struct_size;
    uint32_t instrument;
    uint64_t order;  /* 0: nobody knows */
    uint64_t number; /* yours; a number comes to something only once. 0: it has none */
    openpit_desk_side side;
    uint8_t
        is_strict; /* 1: only what the order has room for; else more, and what comes late, is booked as unexpected */
    uint16_t reserved;
    uint32_t reserved_word;
    openpit_decimal quantity;
    openpit_decimal price;
    openpit_decimal expected_price;
    openpit_decimal commission;
} openpit_desk_fill;

/**
 * Books a trade: the order, the position and the money follow. A position that ends takes the filled orders that opened it along.
 *
 * @param is_new  optional: 0 for a trade whose number is known, which comes to nothing.
 * @return of a strict one OPENPIT_STATUS_ORDER_STATE, OPENPIT_STATUS_NOT_FOUND or OPENPIT_STATUS_EXCEEDS_REMAINING.
 */
OPENPIT_API openpit_status openpit_desk_book(openpit_desk *desk, const openpit_desk_fill *fill, int *is_new);

/** Records OPENPIT_DESK_CANCEL_REJECTED, _BROKER_FAILED or _WARNED, which change nothing. */
OPENPIT_API openpit_status openpit_desk_note(openpit_desk *desk, const openpit_desk_event *event);

/** What somebody decides about a desk. */
typedef uint8_t openpit_desk_action;
enum {
    OPENPIT_DESK_ACTION_HALT = 1,
    OPENPIT_DESK_ACTION_RESUME = 2,     /* ends every halt; peak and daily base are the equity there is. _NOT_HALTED */
    OPENPIT_DESK_ACTION_LOSE_STORE = 3, /* nothing opens any more, because events cannot be kept */
    OPENPIT_DESK_ACTION_RESET_DAY = 4,  /* the daily figures begin anew, of a desk that only observes */
    OPENPIT_DESK_ACTION_SETTLE = 5 /* a position follows the last fill, where replayed events ended before it did */
};

/** Carries out what somebody decides. OPENPIT_STATUS_NOT_HALTED when there is nothing to resume. */
OPENPIT_API openpit_status openpit_desk_act(openpit_desk *desk, openpit_desk_action action);

/** Tells a desk that keeps no money what the account is worth. */
OPENPIT_API openpit_status openpit_desk_observe(openpit_desk *desk, openpit_decimal equity);

/** How the prices of two instruments moved together. */
typedef struct openpit_desk_correlation {
    uint32_t struct_size;
    openpit_desk_reason reason; /* _CORRELATED_EXPOSURE, _CORRELATION_UNAVAILABLE or _NONE */
    uint16_t reserved;
    uint32_t samples; /* how many returns there were */
    uint32_t reserved_word;
    double coefficient; /* Pearson's, to six places; 0 when it is not known */
} openpit_desk_correlation;

/** Compares an order of an instrument with the position in another. */
OPENPIT_API openpit_status openpit_desk_correlate(const openpit_desk *desk, uint32_t instrument, openpit_desk_side side,
                                                  uint32_t other, openpit_desk_correlation *correlation);

/**
 * Hands over events that nobody has taken yet, oldest first, and forgets them.
 *
 * @param events  room for `capacity` of them, each with its struct_size set.
 * @param count   how many were written.
 */
OPENPIT_API openpit_status openpit_desk_take_events(openpit_desk *desk, openpit_desk_event *events, size_t capacity,
                                                    size_t *count);

/** Lets an event happen that another desk recorded. OPENPIT_STATUS_INVALID_ARGUMENT for one that is not the next. */
OPENPIT_API openpit_status openpit_desk_replay(openpit_desk *desk, const openpit_desk_event *event);

/* ---- Reading desks ------------------------------------------------------------------------------------------- */

/** An order. */
typedef struct openpit_desk_order {
    uint32_t struct_size;
    uint32_t instrument;
    openpit_order_stage stage;
    openpit_desk_side side;
    openpit_desk_order_type type;
    openpit_desk_time_in_force time_in_force;
    uint16_t fields; /* OPENPIT_DESK_HAS_PRICE, _HAS_LIMIT_PRICE, _HAS_STOP_PRICE, _HAS_AVERAGE, _IS_REDUCING */
    uint16_t reserved;
    uint32_t fill_count;
    uint32_t reserved_word;
    uint64_t signal;
    int64_t created;
    int64_t updated;
    openpit_decimal quantity;
    openpit_decimal filled;
    openpit_decimal remaining;
    openpit_decimal average;
    openpit_decimal ratio;
    openpit_decimal price; /* when it was made */
    openpit_decimal limit_price;
    openpit_decimal stop_price;
} openpit_desk_order;

/** Reads an order. OPENPIT_STATUS_NOT_FOUND when there is none of that number. */
OPENPIT_API openpit_status openpit_desk_order_of(const openpit_desk *desk, uint64_t number, openpit_desk_order *order);

/**
 * The numbers of an instrument's open orders, oldest first.
 *
 * @param numbers  room for `capacity` of them; may be NULL when that is 0.
 * @param count    how many there are, whether or not there was room for them.
 */
OPENPIT_API openpit_status openpit_desk_open_orders(const openpit_desk *desk, uint32_t instrument, uint64_t *numbers,
                                                    size_t capacity, size_t *count);

/** What is held of an instrument. */
typedef struct openpit_desk_position {
    uint32_t struct_size;
    openpit_desk_side side; /* 0: nothing is */
    uint8_t reserved;
    uint16_t fields; /* OPENPIT_DESK_HAS_MARK: the price is one that was told, not that of a fill */
    int64_t opened;
    int64_t updated;
    openpit_decimal quantity; /* not below 0 */
    openpit_decimal cost;     /* the sum of price * quantity of what is held */
    openpit_decimal entry_price;
    openpit_decimal price;
    openpit_decimal multiplier;
    openpit_decimal unrealized;
    openpit_decimal realized; /* of its present life, before commissions */
    openpit_decimal commission;
    openpit_decimal total;    /* realized and unrealized */
    openpit_decimal net;      /* total less commission */
    openpit_decimal returned; /* unrealized / what it cost, to ten places */
    openpit_decimal worth;    /* |price * quantity * multiplier| */
} openpit_desk_position;

/** Reads what is held of an instrument. */
OPENPIT_API openpit_status openpit_desk_position_of(const openpit_desk *desk, uint32_t instrument,
                                                    openpit_desk_position *position);

/** Completes a position of your own: total, net, returned and worth from what is said before them. */
OPENPIT_API openpit_status openpit_desk_complete_position(openpit_desk_position *position);

/** How much worse a trade was than expected, in price and in ten-thousandths of it, and what it was worth. */
OPENPIT_API openpit_status openpit_desk_weigh_fill(const openpit_desk_fill *fill, openpit_decimal multiplier,
                                                   openpit_decimal *slippage, openpit_decimal *slippage_bps,
                                                   openpit_decimal *worth);

enum {
    OPENPIT_DESK_HAS_BEGUN = 1 << 0,
    OPENPIT_DESK_HAS_PEAK = 1 << 1, /* equity was observed */
    OPENPIT_DESK_IS_STORE_LOST = 1 << 2
};

/** A desk in a few numbers. */
typedef struct openpit_desk_summary {
    uint32_t struct_size;
    uint32_t flags; /* OPENPIT_DESK_HAS_BEGUN and so on */
    uint64_t sequence;
    int64_t time; /* of the last event */
    uint64_t orders;
    uint64_t open_orders;
    uint64_t signals;
    uint64_t fills;
    int32_t day;
    uint32_t halts; /* a list of kinds */
    uint32_t positions;
    uint32_t instruments;
    openpit_decimal capital;
    openpit_decimal cash;
    openpit_decimal equity; /* cash and unrealized */
    openpit_decimal realized;
    openpit_decimal unrealized;
    openpit_decimal total;
    openpit_decimal commissions;
    openpit_decimal peak;
    openpit_decimal day_start;
    openpit_decimal drawdown; /* how far below the peak, as a part of it */
    openpit_decimal day_gain; /* equity less day_start */
} openpit_desk_summary;

/** Reads a desk. */
OPENPIT_API openpit_status openpit_desk_summary_of(const openpit_desk *desk, openpit_desk_summary *summary);

enum { OPENPIT_DESK_HAS_PROFIT_FACTOR = 1 << 0, OPENPIT_DESK_HAS_SHARPE = 1 << 1 };

/** How a desk has traded. A trade is a position from its opening to its end, net of commissions. */
typedef struct openpit_desk_performance {
    uint32_t struct_size;
    uint32_t flags; /* OPENPIT_DESK_HAS_PROFIT_FACTOR, _HAS_SHARPE */
    uint64_t trades;
    uint64_t wins;
    uint64_t losses;
    openpit_decimal net;
    openpit_decimal average_win;
    openpit_decimal average_loss;
    openpit_decimal average_trade;
    openpit_decimal largest_win;
    openpit_decimal largest_loss;
    double win_rate;
    double profit_factor; /* what was won / what was lost */
    double drawdown;      /* the largest fall from a peak of the equity, as a part of it */
    double sharpe;        /* of the returns from day to day, for a year of 252 */
} openpit_desk_performance;

/** Reads how a desk has traded. It looks at every day, so it takes time in proportion. */
OPENPIT_API openpit_status openpit_desk_performance_of(const openpit_desk *desk, openpit_desk_performance *performance);

/* ---- Ids and amounts ----------------------------------------------------------------------------------------- */

/** A UUID: its first eight bytes, the first one highest, and the others. */
typedef struct openpit_uuid {
    uint64_t high;
    uint64_t low;
} openpit_uuid;

/** A new one, of version 7: none that this process makes later is smaller. */
OPENPIT_API openpit_status openpit_uuid_make(openpit_uuid *id);

/** Reads 36 characters in either case, in braces or not. OPENPIT_STATUS_INVALID_FORMAT for anything else. */
OPENPIT_API openpit_status openpit_uuid_parse(openpit_text text, openpit_uuid *id);

/** Writes 36 characters in lower case, without a terminator. */
OPENPIT_API openpit_status openpit_uuid_format(openpit_uuid id, char *buffer, size_t capacity);

/**
 * Reads a number as wallets and order managers mean it: blanks around it, a sign, digits, a point, an exponent. Its scale is kept,
 * digits that do not fit are rounded half to even.
 *
 * @return OPENPIT_STATUS_INVALID_FORMAT for what is none, OPENPIT_STATUS_ARITHMETIC_OVERFLOW for one that is too large.
 */
OPENPIT_API openpit_status openpit_amount_parse(openpit_text text, openpit_decimal *amount);

/* ---- Wallets -------------------------------------------------------------------------------------------------- */

/**
 * Cash by currency and positions by symbol. Arithmetic keeps the scale that it has on paper, and rounds half to even what has more
 * digits than fit: 100000 less 50000 times 0.6 is 70000.0. A position keeps its average; a reduction leaves it as it is.
 */
typedef struct openpit_wallet openpit_wallet;

/** What there is to say of an order or a wallet when nothing came of a call. Borrowed texts are those of the call. */
typedef struct openpit_order_problem {
    uint32_t struct_size;
    uint8_t from; /* openpit_order_phase: where the order is */
    uint8_t to;   /* and where it was to go */
    uint16_t reserved;
    openpit_uuid existing; /* the order that has the key */
    openpit_decimal need;  /* of a currency, or what was filled */
    openpit_decimal have;  /* of it, or what is left of the order */
    openpit_text name;     /* the currency, or the key */
} openpit_order_problem;

/**
 * Makes a wallet.
 *
 * @param quote_currency  what is paid for a symbol that names nothing behind a `-`, a `/` or a `_`.
 */
OPENPIT_API openpit_status openpit_wallet_create(openpit_text quote_currency, OPENPIT_OWN openpit_wallet **wallet);

/** Ends a wallet; takes NULL. */
OPENPIT_API void openpit_wallet_destroy(openpit_wallet *wallet);

/** Adds money, which is not below 0. */
OPENPIT_API openpit_status openpit_wallet_deposit(openpit_wallet *wallet, openpit_text currency,
                                                  openpit_decimal amount);

/** Takes money. OPENPIT_STATUS_INSUFFICIENT_CASH for more than there is. `problem` may be NULL. */
OPENPIT_API openpit_status openpit_wallet_withdraw(openpit_wallet *wallet, openpit_text currency,
                                                   openpit_decimal amount, openpit_order_problem *problem);

/** A trade of an order, or of a wallet alone. */
typedef struct openpit_order_fill {
    uint32_t struct_size;
    uint32_t reserved;
    openpit_text id; /* of an order's: not empty; the same one again comes to nothing */
    openpit_text symbol;
    openpit_decimal quantity;  /* of a wallet: below 0 when it sells; of an order that sells either sign means that */
    openpit_decimal price;     /* not below 0 */
    openpit_decimal fee;       /* below 0: a rebate */
    openpit_text fee_currency; /* data NULL: what is paid for the symbol */
    int64_t time;              /* nanoseconds since 1970, UTC */
    uint64_t sequence;         /* written: how many fills were booked before, and 1 */
} openpit_order_fill;

/** Books a trade. OPENPIT_STATUS_INSUFFICIENT_CASH, _ARITHMETIC_OVERFLOW or _INVALID_ARGUMENT. `problem` may be NULL. */
OPENPIT_API openpit_status openpit_wallet_fill(openpit_wallet *wallet, const openpit_order_fill *fill,
                                               openpit_order_problem *problem);

/** What there is of a currency. */
typedef struct openpit_wallet_cash {
    openpit_text currency; /* valid as long as the wallet */
    openpit_decimal amount;
} openpit_wallet_cash;

/** What is held of a symbol. */
typedef struct openpit_wallet_position {
    openpit_text symbol;      /* valid as long as the wallet */
    openpit_decimal quantity; /* below 0 when short */
    openpit_decimal average;
    openpit_decimal realized; /* before fees */
    int64_t updated;
} openpit_wallet_position;

/**
 * Every currency that there ever was some of, in order of appearance.
 *
 * @param cash   room for `capacity` of them; may be NULL when that is 0.
 * @param count  how many there are, whether or not there was room for them.
 */
OPENPIT_API openpit_status openpit_wallet_cash_list(const openpit_wallet *wallet, openpit_wallet_cash *cash,
                                                    size_t capacity, size_t *count);

/** Every symbol that was ever traded, likewise. */
OPENPIT_API openpit_status openpit_wallet_position_list(const openpit_wallet *wallet,
                                                        openpit_wallet_position *positions, size_t capacity,
                                                        size_t *count);

/** Puts cash, or a position, where there is none yet, as somebody kept it. OPENPIT_STATUS_CONTRADICTION where there is some. */
OPENPIT_API openpit_status openpit_wallet_restore_cash(openpit_wallet *wallet, const openpit_wallet_cash *cash);
OPENPIT_API openpit_status openpit_wallet_restore_position(openpit_wallet *wallet,
                                                           const openpit_wallet_position *position);

/* ---- Order managers -------------------------------------------------------------------------------------------- */

/**
 * Orders by their ids: each submitted once, moved along the table of an order's life, and filled into a wallet. Looking for a key
 * and claiming it are one step, so of many who submit it one succeeds, and it names that order for the manager's life.
 */
typedef struct openpit_orders openpit_orders;

/** The life of an order in eight other words: the venue has acknowledged it before it fills, and expiring is no cancelling. */
typedef uint8_t openpit_order_phase;
enum {
    OPENPIT_PHASE_NEW = 0,
    OPENPIT_PHASE_SUBMITTED = 1,
    OPENPIT_PHASE_ACKNOWLEDGED = 2,
    OPENPIT_PHASE_PARTIALLY_FILLED = 3,
    OPENPIT_PHASE_FILLED = 4,
    OPENPIT_PHASE_CANCELLED = 5,
    OPENPIT_PHASE_REJECTED = 6,
    OPENPIT_PHASE_EXPIRED = 7
};

/** 1 when an order can go from one to the other in a step, else 0. Only submitting one leads from _NEW to _SUBMITTED. */
OPENPIT_API int openpit_order_phase_allows(openpit_order_phase from, openpit_order_phase to);

enum {
    OPENPIT_ORDERS_OVERFILL = 1 << 0,         /* more may trade than was ordered */
    OPENPIT_ORDERS_SHARED = 1 << 1,           /* several threads may use it, and the wallet through it */
    OPENPIT_ORDERS_HAS_HISTORY_LIMIT = 1 << 2 /* of orders that have ended, those that ended first are forgotten */
};

/** How an order manager is made. */
typedef struct openpit_orders_options {
    uint32_t struct_size;
    uint32_t flags; /* OPENPIT_ORDERS_* */
    uint64_t history_limit;
} openpit_orders_options;

/** Makes an order manager. OPENPIT_STATUS_LIMIT_REACHED when memory is refused. */
OPENPIT_API openpit_status openpit_orders_create(const openpit_orders_options *options,
                                                 OPENPIT_OWN openpit_orders **orders);

/** Ends a manager; takes NULL. */
OPENPIT_API void openpit_orders_destroy(openpit_orders *orders);

/** An order that was made. */
typedef struct openpit_new_order {
    uint32_t struct_size;
    openpit_desk_side side;
    openpit_desk_order_type type;
    uint16_t reserved;
    openpit_uuid id;
    openpit_decimal quantity; /* above 0 */
    openpit_decimal price;    /* above 0, or 0 of a market order */
    openpit_text symbol;
    openpit_text key; /* names the submission; empty: nothing does */
    int64_t time;
} openpit_new_order;

/**
 * Takes an order in, which is submitted then. OPENPIT_STATUS_DUPLICATE_ORDER when its id or its key was submitted before, and
 * `problem`, which may be NULL, tells the order that has it. A key is not used up by what else fails.
 */
OPENPIT_API openpit_status openpit_orders_submit(openpit_orders *orders, const openpit_new_order *order,
                                                 openpit_order_problem *problem);

/** Takes back the last `count` orders that were submitted and are active, as if they never had been. */
OPENPIT_API openpit_status openpit_orders_take_back(openpit_orders *orders, size_t count);

enum { OPENPIT_ORDER_HAS_FILLED = 1 << 0, OPENPIT_ORDER_HAS_AVERAGE = 1 << 1, OPENPIT_ORDER_HAS_REASON = 1 << 2 };

/** What an order is said to have become. */
typedef struct openpit_order_update {
    uint32_t struct_size;
    openpit_order_phase phase;
    uint8_t fields; /* OPENPIT_ORDER_HAS_* */
    uint16_t reserved;
    openpit_decimal filled;  /* of _PARTIALLY_FILLED and _FILLED always */
    openpit_decimal average; /* likewise */
    openpit_text reason;     /* of _REJECTED always */
    int64_t time;
} openpit_order_update;

/**
 * Lets an order become what somebody says. It does not touch a wallet: only fills do.
 *
 * @return OPENPIT_STATUS_ORDER_STATE where there is no such step, or where it says less than is known to have traded;
 *     OPENPIT_STATUS_NOT_FOUND for an order there is not.
 */
OPENPIT_API openpit_status openpit_orders_update(openpit_orders *orders, openpit_uuid id,
                                                 const openpit_order_update *update, openpit_order_problem *problem);

/**
 * Books a fill of an order into a wallet: both or neither.
 *
 * @param is_new  optional: 0 for a fill that is known and says the same, which comes to nothing.
 * @return OPENPIT_STATUS_ORDER_STATE, _NOT_FOUND, _EXCEEDS_REMAINING, _INSUFFICIENT_CASH, _FILL_REUSED, or what
 *     openpit_wallet_fill answers.
 */
OPENPIT_API openpit_status openpit_orders_fill(openpit_orders *orders, openpit_wallet *wallet, openpit_uuid id,
                                               const openpit_order_fill *fill, int *is_new,
                                               openpit_order_problem *problem);

/** An order. Texts are valid until the manager changes. */
typedef struct openpit_order_record {
    uint32_t struct_size;
    openpit_order_phase phase;
    openpit_desk_side side;
    openpit_desk_order_type type;
    uint8_t fields; /* OPENPIT_ORDER_HAS_* */
    openpit_uuid id;
    openpit_decimal quantity;
    openpit_decimal price;
    openpit_decimal filled;  /* as the last fill or update says */
    openpit_decimal average; /* likewise */
    openpit_decimal known;   /* how much has traded, whether or not anybody says so */
    int64_t created;
    int64_t updated;
    uint64_t fill_count;
    openpit_text symbol;
    openpit_text key;
    openpit_text reason;
} openpit_order_record;

/** Reads an order. OPENPIT_STATUS_NOT_FOUND for one that is not there, or forgotten. */
OPENPIT_API openpit_status openpit_orders_find(const openpit_orders *orders, openpit_uuid id,
                                               openpit_order_record *record);

/** The fills of an order, oldest first, from the `skip`-th on; texts are valid until the manager changes. */
OPENPIT_API openpit_status openpit_orders_fills(const openpit_orders *orders, openpit_uuid id, size_t skip,
                                                openpit_order_fill *fills, size_t capacity, size_t *count);

/** Which orders, and which ids. */
typedef uint8_t openpit_orders_kind;
enum {
    OPENPIT_ORDERS_ACTIVE = 0,   /* oldest first */
    OPENPIT_ORDERS_ENDED = 1,    /* those first that ended first */
    OPENPIT_ORDERS_FORGOTTEN = 2 /* ids that are still taken */
};

/** An order's id, and of one that is forgotten its key. */
typedef struct openpit_order_name {
    openpit_uuid id;
    openpit_text key; /* valid until the manager changes */
} openpit_order_name;

/** The ids of orders. `count` is how many there are, whether or not there was room for them. */
OPENPIT_API openpit_status openpit_orders_list(const openpit_orders *orders, openpit_orders_kind kind,
                                               openpit_order_name *names, size_t capacity, size_t *count);

/** Puts an order in, the last of its kind, as somebody kept it: the fields of a record but `known` and `fill_count`. */
OPENPIT_API openpit_status openpit_orders_restore(openpit_orders *orders, const openpit_order_record *record);

/** Puts a fill to its order, with its sequence. */
OPENPIT_API openpit_status openpit_orders_restore_fill(openpit_orders *orders, openpit_uuid id,
                                                       const openpit_order_fill *fill);

/** Claims the id and the key of an order that was forgotten. */
OPENPIT_API openpit_status openpit_orders_restore_name(openpit_orders *orders, const openpit_order_name *name);

/**
 * Whether what was restored goes together: each order with its fills, and unless something is forgotten each position with the fills
 * of its symbol. OPENPIT_STATUS_CONTRADICTION where it does not.
 */
OPENPIT_API openpit_status openpit_orders_verify(const openpit_orders *orders, const openpit_wallet *wallet);

/* ---- Orders joined with an engine ------------------------------------------------------------------------------ */

/**
 * Orders joined with an engine: one call checks an order, reserves what it needs, records it, and says that it is to be sent. What
 * the venue answers settles engine and order together, so that nobody has to remember to commit, to roll back or to report:
 *
 *     openpit_router_submit(router, &order, 0, result, &routed);
 *     if (routed.verdict == OPENPIT_ROUTE_SEND) { ... send it ... }
 *     openpit_router_apply(router, &(openpit_route_event){.struct_size = sizeof(openpit_route_event), .order = routed.order,
 *                          .event = OPENPIT_ORDER_EVENT_ACKNOWLEDGED}, result, &routed);
 *
 * | event | engine |
 * |---|---|
 * | acknowledged | the reservation is committed |
 * | filled | committed if need be, and the trade is reported; what no reservation is left for is recorded as a drop copy first |
 * | rejected, cancelled, expired | rolled back, or what is left is given back by a report that is final |
 * | lost | nothing: what was sent may work at the venue, and keeps its reservation |
 *
 * A client order id is taken at most once, race-free, in its account.
 */
typedef struct openpit_router openpit_router;

enum {
    OPENPIT_ROUTER_SHARED = 1 << 0,        /* several threads may use it; its engine has to be made for them, too */
    OPENPIT_ROUTER_FORGETS = 1 << 1,       /* client order ids beyond the capacity take the place of the oldest */
    OPENPIT_ROUTER_USED_BY_REJECT = 1 << 2 /* an order that a control rejects uses its client order id up */
};

/** How a router is made. */
typedef struct openpit_router_options {
    uint32_t struct_size;
    uint32_t flags;       /* OPENPIT_ROUTER_* */
    uint32_t id_capacity; /* how many client order ids are known at most; 0: as many as there are */
    uint32_t reserved;
    int64_t id_window; /* how long one is known, in nanoseconds; 0: for ever */
} openpit_router_options;

/** Makes a router of an engine, which stays open as long as the router is there. */
OPENPIT_API openpit_status openpit_router_create(openpit_engine *engine, const openpit_router_options *options,
                                                 OPENPIT_OWN openpit_router **router);

/** Ends a router; takes NULL. What is reserved stays so, for whoever has the ids of the reservations. */
OPENPIT_API void openpit_router_destroy(openpit_router *router);

/** What came of a call. */
typedef uint8_t openpit_route_verdict;
enum {
    OPENPIT_ROUTE_SEND = 1,      /* it is checked, reserved and recorded: send it now */
    OPENPIT_ROUTE_REJECTED = 2,  /* a control refuses it, and nothing is recorded */
    OPENPIT_ROUTE_DUPLICATE = 3, /* its client order id is known: `order` has it */
    OPENPIT_ROUTE_SETTLED = 4,   /* it happened, and the engine knows */
    OPENPIT_ROUTE_KNOWN = 5      /* the execution is known already, and came to nothing */
};

/** What came of a call, and of which order. */
typedef struct openpit_routed {
    uint32_t struct_size;
    uint32_t effects; /* OPENPIT_ORDER_EFFECT_* */
    openpit_route_verdict verdict;
    openpit_order_state state;
    uint16_t reserved_short;
    uint32_t reserved;
    uint64_t order; /* its number, from 1; 0: there is none, or it is forgotten */
} openpit_routed;

/**
 * Checks an order, and reserves and records it when every control accepts it. It has an account, an instrument, a side, a quantity
 * and a client order id.
 *
 * @param now     in nanoseconds, never less than before; only looked at where ids are known for a while.
 * @param result  optional; receives the rejects, or the lock prices and outcomes of the reservation.
 * @return OPENPIT_STATUS_OK for an accepted, a rejected and a known order alike; OPENPIT_STATUS_LIMIT_REACHED where no room is left
 *     for another client order id.
 */
OPENPIT_API openpit_status openpit_router_submit(openpit_router *router, const openpit_order *order, int64_t now,
                                                 openpit_result *result, openpit_routed *routed);

/** What a venue says of an order. */
typedef struct openpit_route_event {
    uint32_t struct_size;
    openpit_order_event event; /* of those above, and OPENPIT_ORDER_EVENT_CANCEL_REQUESTED and _CANCEL_REJECTED */
    uint8_t has_pnl;           /* 1: of a fill, its profit or loss is said, which controls of P&L ask for */
    uint16_t reserved_short;
    uint64_t order;
    openpit_text execution_id; /* of a fill: an id comes to something once in its order; empty: it has none */
    openpit_decimal quantity;  /* of a fill */
    openpit_decimal price;     /* of a fill */
    openpit_decimal fee;       /* of a fill, where fee_asset is not 0: cost positive */
    openpit_decimal pnl;       /* of a fill, before its fee */
    openpit_asset fee_asset;
    uint32_t reserved_word;
} openpit_route_event;

/**
 * Lets something happen to an order, and to what the engine keeps for it.
 *
 * @param result  optional; as of openpit_engine_apply_execution_report.
 * @return OPENPIT_STATUS_ORDER_STATE where it cannot happen, and nothing has; OPENPIT_STATUS_INVALID_ARGUMENT for events that are
 *     none of a router's; OPENPIT_STATUS_DONE_CALLBACK_FAILED when it happened although a hook failed.
 */
OPENPIT_API openpit_status openpit_router_apply(openpit_router *router, const openpit_route_event *event,
                                                openpit_result *result, openpit_routed *routed);

/** An order of a router. */
typedef struct openpit_routed_order {
    uint32_t struct_size;
    openpit_order_state state;
    uint8_t is_reserved; /* 1: its reservation is still to be committed or rolled back */
    openpit_side side;
    uint8_t reserved;
    openpit_account_id account;
    openpit_asset underlying;
    openpit_asset settlement;
    openpit_reservation reservation; /* the engine's number of the order */
    uint32_t pending_cancels;
    uint32_t fill_count;
    openpit_decimal quantity;
    openpit_decimal filled;
    openpit_decimal remaining;    /* what is left to trade; 0 of an order that is over */
    openpit_text client_order_id; /* valid until the router changes; empty when it is forgotten */
} openpit_routed_order;

/** Reads an order. OPENPIT_STATUS_NOT_FOUND when there is none of that number. */
OPENPIT_API openpit_status openpit_router_order(const openpit_router *router, uint64_t number,
                                                openpit_routed_order *order);

/** The number of an order by its client order id. OPENPIT_STATUS_NOT_FOUND when nobody has it, or it is forgotten. */
OPENPIT_API openpit_status openpit_router_find(const openpit_router *router, openpit_account_id account,
                                               openpit_text client_order_id, uint64_t *number);

/**
 * The numbers of open orders, oldest first.
 *
 * @param numbers   room for `capacity` of them; may be NULL when that is 0.
 * @param count     how many there are, whether or not there was room for them.
 * @param reserved  optional: how many of their reservations wait to be committed or rolled back.
 */
OPENPIT_API openpit_status openpit_router_open(const openpit_router *router, uint64_t *numbers, size_t capacity,
                                               size_t *count, size_t *reserved);

/* ---- Paper brokers ------------------------------------------------------------------------------------------- */

/** A broker that trades at the prices it is told, with an account of its own. */
typedef struct openpit_paper_broker openpit_paper_broker;

enum {
    OPENPIT_PAPER_HAS_FILL_MAX = 1 << 0,
    OPENPIT_PAPER_NO_SHORTS = 1 << 1, /* an order that would open or add to a short position is refused */
    OPENPIT_PAPER_IS_LISTED = 1 << 2, /* of an order: its instrument is one that is traded here */
    OPENPIT_PAPER_IS_OPEN = 1 << 3    /* of an order or a price: its market is open */
};

/** How it behaves. */
typedef struct openpit_paper_options {
    uint32_t struct_size;
    uint32_t flags; /* OPENPIT_PAPER_HAS_FILL_MAX, _NO_SHORTS */
    uint64_t seed;  /* decides what it draws */
    openpit_decimal capital;
    openpit_decimal slippage_bps;      /* ten-thousandths of the price, against the trader */
    openpit_decimal per_order;         /* commission with the first fill of an order, ... */
    openpit_decimal per_unit;          /* ... for each unit, ... */
    openpit_decimal share;             /* ... as a part of what was traded is worth, ... */
    openpit_decimal minimum;           /* ... and the least that the first fill of an order pays */
    openpit_decimal rejection_rate;    /* 0 to 1 */
    openpit_decimal partial_fill_rate; /* 0 to 1: how often the first fill is only a part, from 0.3 to 0.7 */
    openpit_decimal fill_max;          /* the most of an order that fills at one price */
} openpit_paper_options;

/** Makes a paper broker. OPENPIT_STATUS_LIMIT_REACHED when memory is refused. */
OPENPIT_API openpit_status openpit_paper_create(const openpit_paper_options *options,
                                                OPENPIT_OWN openpit_paper_broker **broker);

/** Ends a paper broker; takes NULL. */
OPENPIT_API void openpit_paper_destroy(openpit_paper_broker *broker);

/** Adds an instrument; they are numbered from 0. */
OPENPIT_API openpit_status openpit_paper_add_instrument(openpit_paper_broker *broker,
                                                        const openpit_desk_instrument *instrument, uint32_t *number);

/** Opens or closes the market of an instrument, or, for UINT32_MAX, all of them. */
OPENPIT_API openpit_status openpit_paper_set_open(openpit_paper_broker *broker, uint32_t instrument, int is_open);

/** Why it refuses. */
typedef uint8_t openpit_paper_refusal;
enum {
    OPENPIT_PAPER_REFUSED_NOT = 0,
    OPENPIT_PAPER_REFUSED_SYMBOL = 1,
    OPENPIT_PAPER_REFUSED_MARKET_CLOSED = 2,
    OPENPIT_PAPER_REFUSED_SIMULATED = 3,
    OPENPIT_PAPER_REFUSED_SHORT = 4,
    OPENPIT_PAPER_REFUSED_MARGIN = 5
};

/** An order. */
typedef struct openpit_paper_order {
    uint32_t struct_size;
    uint32_t instrument;
    uint64_t number; /* yours; no two that rest have the same */
    openpit_desk_side side;
    openpit_desk_order_type type;
    openpit_desk_time_in_force time_in_force;
    uint8_t flags; /* OPENPIT_PAPER_IS_LISTED, _IS_OPEN */
    uint32_t reserved;
    openpit_decimal quantity;
    openpit_decimal filled; /* of one that is restored */
    openpit_decimal price;  /* of its instrument just now */
    openpit_decimal limit_price;
    openpit_decimal stop_price;
} openpit_paper_order;

/**
 * Takes an order in. It is refused for its instrument, its market, by a draw, for being short, or for want of margin; else it
 * fills as far as it can, and what is left rests, unless it is IOC or FOK.
 */
OPENPIT_API openpit_status openpit_paper_submit(openpit_paper_broker *broker, const openpit_paper_order *order,
                                                openpit_paper_refusal *refusal);

/** Tells a price. Orders that rest and can fill do, in order of submission, where the market is open. */
OPENPIT_API openpit_status openpit_paper_tell(openpit_paper_broker *broker, uint32_t instrument, openpit_decimal price,
                                              int is_open);

/** Withdraws an order that rests. OPENPIT_STATUS_NOT_FOUND when there is none. */
OPENPIT_API openpit_status openpit_paper_cancel(openpit_paper_broker *broker, uint64_t number);

/** A trade with a paper broker. */
typedef struct openpit_paper_fill {
    uint64_t number; /* from 1 without gaps */
    uint64_t order;
    uint32_t instrument;
    openpit_desk_side side;
    uint8_t reserved;
    uint16_t reserved_short;
    openpit_decimal quantity;
    openpit_decimal price;
    openpit_decimal expected_price;
    openpit_decimal commission;
    openpit_decimal multiplier;
} openpit_paper_fill;

/**
 * The trades of the last openpit_paper_submit or openpit_paper_tell.
 *
 * @param skip   how many to pass over first.
 * @param fills  room for `capacity` of them; may be NULL when that is 0.
 * @param count  how many were written.
 */
OPENPIT_API openpit_status openpit_paper_fills(const openpit_paper_broker *broker, size_t skip,
                                               openpit_paper_fill *fills, size_t capacity, size_t *count);

/** The account of a paper broker. */
typedef struct openpit_paper_account {
    uint32_t struct_size;
    uint32_t reserved;
    uint64_t fills;
    openpit_decimal capital;
    openpit_decimal cash;
    openpit_decimal equity;
    openpit_decimal realized;
    openpit_decimal commissions;
    openpit_decimal margin_used;     /* what positions tie up */
    openpit_decimal reserved_margin; /* what orders that rest would */
    openpit_decimal buying_power;    /* equity less both */
    openpit_decimal returned;        /* (equity - capital) / capital, to ten places */
} openpit_paper_account;

/** Reads the account. */
OPENPIT_API openpit_status openpit_paper_account_of(const openpit_paper_broker *broker, openpit_paper_account *account);

/** Begins anew with capital, cash, realized, commissions and fills of `account`. Its instruments stay. */
OPENPIT_API openpit_status openpit_paper_restore(openpit_paper_broker *broker, const openpit_paper_account *account);

/** Takes a position over, and the last price: side, quantity, cost, and the price where OPENPIT_DESK_HAS_MARK is set. */
OPENPIT_API openpit_status openpit_paper_restore_position(openpit_paper_broker *broker, uint32_t instrument,
                                                          const openpit_desk_position *position);

/** Takes an order over that rests. */
OPENPIT_API openpit_status openpit_paper_restore_order(openpit_paper_broker *broker, const openpit_paper_order *order);

#ifdef __cplusplus
}
#endif

#endif
