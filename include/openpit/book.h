/*
 * openpit/book.h: order books, for the rehearsal of strategies.
 *
 * A venue holds the books of several instruments. A book matches orders by price and then by time, on whole numbers: prices
 * in ticks, of either sign, quantities in lots. Everything that happens to a book is a message, messages come in arrays, and
 * what becomes of them is written as reports into memory of the caller.
 *
 * Ten lines that work:
 *
 *     openpit_venue *venue;
 *     openpit_book_id book;
 *     openpit_book_message orders[2] = {{.struct_size = sizeof *orders, .kind = OPENPIT_BOOK_NEW}};
 *     openpit_book_report reports[16];
 *     size_t taken, written;
 *     openpit_venue_create(&venue), openpit_venue_add_book(venue, NULL, &book);
 *     orders[0].order = 1, orders[0].side = OPENPIT_SIDE_SELL, orders[0].price = 100, orders[0].quantity = 5;
 *     orders[1] = orders[0], orders[1].order = 2, orders[1].side = OPENPIT_SIDE_BUY;
 *     openpit_venue_apply(venue, orders, 2, reports, 16, &taken, &written);
 *     // reports: 1 is accepted, 2 is accepted, 2 trades 5 with 1 at 100.
 *
 * The conventions are those of openpit.h. A venue is used by one thread at a time.
 *
 * A message is applied to its end before the next begins, the stops it wakes included. Nothing is random: the same messages
 * lead to the same reports, to the byte.
 */
#ifndef OPENPIT_BOOK_H
#define OPENPIT_BOOK_H

#include "base.h"
#include "names.h"
#include "numbers.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Venues and books ---------------------------------------------------------------------------------------- */

/** The books of several instruments, which know nothing of each other. */
typedef struct openpit_venue openpit_venue;

/** Which book of a venue; they are numbered from 0 as they are added. */
typedef uint32_t openpit_book_id;

/** What a modification does to an order's place in its queue. */
typedef uint8_t openpit_book_modify_mode;
enum {
    OPENPIT_BOOK_MODIFY_KEEPS_PLACE = 0, /* the same price and no more quantity keep the place; else a new arrival */
    OPENPIT_BOOK_MODIFY_LOSES_PLACE = 1  /* every modification is a new arrival */
};

/** How a book is made. */
typedef struct openpit_book_options {
    uint32_t struct_size;
    openpit_book_modify_mode modify_mode;
    uint8_t counts_positions; /* 1: positions of owners are counted, which reduce-only orders need */
    uint16_t reserved_short;
    uint32_t order_capacity; /* room that is made at once, so that so many orders never wait for memory */
    uint32_t order_max;      /* how many orders may rest and wait; 0: as many as can be numbered */
    uint64_t memory_max;     /* how much memory the book may take, in bytes; 0: as much as there is */
    uint64_t reserved[3];
} openpit_book_options;

/** Makes a venue without books. OPENPIT_STATUS_LIMIT_REACHED when memory has run out. */
OPENPIT_API openpit_status openpit_venue_create(OPENPIT_OWN openpit_venue **venue);

/** Ends the venue and its books; takes NULL. */
OPENPIT_API void openpit_venue_destroy(openpit_venue *venue);

/**
 * Adds a book.
 *
 * @param options  optional; read during the call.
 * @return OPENPIT_STATUS_LIMIT_REACHED when memory is refused; the venue is as it was.
 */
OPENPIT_API openpit_status openpit_venue_add_book(openpit_venue *venue, const openpit_book_options *options,
                                                  openpit_book_id *book);

/* ---- Messages ------------------------------------------------------------------------------------------------ */

/** What a message asks for. */
typedef uint8_t openpit_book_message_kind;
enum {
    OPENPIT_BOOK_NEW = 1,    /* a new order */
    OPENPIT_BOOK_CANCEL = 2, /* the end of one order; takes the same time however many there are */
    OPENPIT_BOOK_MODIFY = 3, /* another price, quantity or trigger; see OPENPIT_BOOK_SETS_* */
    OPENPIT_BOOK_CANCEL_ALL =
        4,                   /* the end of all orders: of one owner or, with 0, everybody; of a side or, with 0, both */
    OPENPIT_BOOK_EXPIRE = 5, /* the end of all orders with a date whose expiry is at most that of the message */
    OPENPIT_BOOK_END_DAY = 6, /* the end of all orders that are good for a day */
    OPENPIT_BOOK_HALT = 7,    /* from now on orders can be cancelled and nothing else */
    OPENPIT_BOOK_RESUME = 8   /* the end of a halt */
};

/** What an order does about price. */
typedef uint8_t openpit_book_order_type;
enum {
    OPENPIT_BOOK_LIMIT = 0,     /* trades at its price or better */
    OPENPIT_BOOK_MARKET = 1,    /* trades at any price and never rests, whatever its time in force */
    OPENPIT_BOOK_STOP = 2,      /* waits for a trade at its trigger or beyond, then is a market order */
    OPENPIT_BOOK_STOP_LIMIT = 3 /* waits for a trade at its trigger or beyond, then is a limit order */
};

/** How long an order lives. A stop must be of a kind that can rest: it waits first. */
typedef uint8_t openpit_book_time_in_force;
enum {
    OPENPIT_BOOK_GTC = 0, /* until it is cancelled */
    OPENPIT_BOOK_GFD = 1, /* until OPENPIT_BOOK_END_DAY */
    OPENPIT_BOOK_GTD = 2, /* until its expiry */
    OPENPIT_BOOK_IOC = 3, /* what does not trade at once is cancelled */
    OPENPIT_BOOK_FOK = 4  /* trades completely at once or not at all */
};

/** What an order does when it meets one of its own owner; the arriving order decides. Owner 0 never meets itself. */
typedef uint8_t openpit_book_self_trade;
enum {
    OPENPIT_BOOK_SELF_TRADE_ALLOW = 0,         /* they trade */
    OPENPIT_BOOK_SELF_TRADE_CANCEL_NEWEST = 1, /* the rest of the arriving order is cancelled */
    OPENPIT_BOOK_SELF_TRADE_CANCEL_OLDEST = 2, /* the resting order is cancelled, and the arriving one goes on */
    OPENPIT_BOOK_SELF_TRADE_CANCEL_BOTH = 3,   /* both are cancelled */
    OPENPIT_BOOK_SELF_TRADE_DECREMENT = 4      /* both become smaller by what they would have traded */
};

enum {
    OPENPIT_BOOK_POST_ONLY = 1u << 0,     /* the new order is refused when it would trade at once */
    OPENPIT_BOOK_REDUCE_ONLY = 1u << 1,   /* the new order never trades more than its owner's position the other way */
    OPENPIT_BOOK_SETS_PRICE = 1u << 2,    /* a modification sets the price ... */
    OPENPIT_BOOK_SETS_QUANTITY = 1u << 3, /* ... the quantity: the new total, what has traded included ... */
    OPENPIT_BOOK_SETS_TRIGGER = 1u << 4   /* ... the trigger of a stop that waits */
};

/** What a book is told. One record for every kind; what a kind does not read is ignored. */
typedef struct openpit_book_message {
    uint32_t struct_size;
    openpit_book_id book;
    openpit_book_message_kind kind;
    openpit_side side;
    openpit_book_order_type type;
    openpit_book_time_in_force time_in_force;
    openpit_book_self_trade self_trade;
    uint8_t reserved;
    uint16_t flags;    /* OPENPIT_BOOK_POST_ONLY and so on */
    uint64_t sequence; /* your number for the message; every report it leads to repeats it */
    uint64_t order;    /* your number for the order; while it rests or waits no other order of the book may have it */
    uint64_t owner;    /* whose order it is; 0 is nobody in particular */
    int64_t price;     /* the limit, in ticks */
    uint64_t quantity; /* in lots */
    uint64_t display;  /* an iceberg: how much shows at a time; 0: all of it */
    int64_t trigger;   /* of a stop */
    uint64_t expiry;   /* of OPENPIT_BOOK_GTD and OPENPIT_BOOK_EXPIRE, in whatever unit you count time */
} openpit_book_message;

/* ---- Reports ------------------------------------------------------------------------------------------------- */

/** What a report says. */
typedef uint8_t openpit_book_report_kind;
enum {
    OPENPIT_BOOK_ACCEPTED = 1,        /* the order is in, with its price and quantity */
    OPENPIT_BOOK_TRADE = 2,           /* order and maker traded the quantity at the maker's price */
    OPENPIT_BOOK_CANCELLED = 3,       /* the order is gone with the quantity untraded, for the reason */
    OPENPIT_BOOK_MODIFIED = 4,        /* the order has this price and this total; nothing remaining: it is done */
    OPENPIT_BOOK_TRIGGERED = 5,       /* a stop has seen its trigger, the price, and enters the market */
    OPENPIT_BOOK_REPLENISHED = 6,     /* an iceberg shows another quantity, at the end of its queue */
    OPENPIT_BOOK_REDUCED = 7,         /* the order became smaller by the quantity instead of trading with its owner */
    OPENPIT_BOOK_REJECTED = 8,        /* the new order was refused, for the reason */
    OPENPIT_BOOK_CANCEL_REFUSED = 9,  /* there was nothing to cancel */
    OPENPIT_BOOK_MODIFY_REFUSED = 10, /* the modification was refused, for the reason; the order is as it was */
    OPENPIT_BOOK_SWEPT =
        11, /* a message about many orders has ended the quantity of them, or was refused for the reason */
    OPENPIT_BOOK_HALTED = 12, /* the book is halted */
    OPENPIT_BOOK_RESUMED = 13 /* the book trades */
};

/** Why. When several hold, a new order is refused for the first of 22, 23, 25, 21, 6, 29, 5, 24, 27 and 9. */
typedef uint8_t openpit_book_reason;
enum {
    OPENPIT_BOOK_REASON_NONE = 0,
    OPENPIT_BOOK_REASON_REQUESTED = 1,          /* its sender asked for it */
    OPENPIT_BOOK_REASON_IMMEDIATE = 2,          /* what an order that never rests could not trade */
    OPENPIT_BOOK_REASON_UNFILLABLE = 3,         /* a fill-or-kill order that could not trade completely */
    OPENPIT_BOOK_REASON_SELF_TRADE = 4,         /* it met an order of its own owner */
    OPENPIT_BOOK_REASON_REDUCE_ONLY = 5,        /* it would not have reduced its owner's position */
    OPENPIT_BOOK_REASON_EXPIRED = 6,            /* its time has come, or had come before it arrived */
    OPENPIT_BOOK_REASON_END_OF_DAY = 7,         /* the day is over */
    OPENPIT_BOOK_REASON_CANCEL_ALL = 8,         /* a message about many orders */
    OPENPIT_BOOK_REASON_LIMIT_REACHED = 9,      /* memory, or the number of orders the book was made for, has run out */
    OPENPIT_BOOK_REASON_UNKNOWN_ORDER = 20,     /* no order of that number rests or waits: it never did, or is done */
    OPENPIT_BOOK_REASON_DUPLICATE_ORDER = 21,   /* an order of that number rests or waits */
    OPENPIT_BOOK_REASON_INVALID_MESSAGE = 22,   /* a number or a combination without a meaning */
    OPENPIT_BOOK_REASON_INVALID_QUANTITY = 23,  /* a quantity of nothing, or a display larger than the quantity */
    OPENPIT_BOOK_REASON_WOULD_TRADE = 24,       /* a post-only order that would have traded */
    OPENPIT_BOOK_REASON_HALTED = 25,            /* the book is halted */
    OPENPIT_BOOK_REASON_BELOW_FILLED = 26,      /* a new total below what has traded */
    OPENPIT_BOOK_REASON_QUANTITY_OVERFLOW = 27, /* the side would hold more than 64 bits can count */
    OPENPIT_BOOK_REASON_UNKNOWN_BOOK = 28,      /* the venue has no such book */
    OPENPIT_BOOK_REASON_NO_POSITIONS = 29       /* a reduce-only order in a book that counts no positions */
};

/**
 * What became of a message. An order that is gone says so exactly once: a report of it has nothing remaining, or it is
 * cancelled. What is accepted and not gone when its message is done rests, or waits.
 */
typedef struct openpit_book_report {
    openpit_book_report_kind kind;
    openpit_book_reason reason;
    openpit_side side; /* of the order; in a trade, of the aggressor; 0 when no order is known */
    uint8_t reserved;
    openpit_book_id book;
    uint64_t sequence;        /* of the message that led to this; in a trade, of the one that brought the aggressor */
    uint64_t order;           /* the order concerned; in a trade, the aggressor */
    uint64_t maker;           /* in a trade, the order that rested */
    int64_t price;            /* the limit; a stop's trigger; in a trade, the maker's price */
    uint64_t quantity;        /* how much the report is about */
    uint64_t remaining;       /* what is left of the order, shown or not */
    uint64_t maker_remaining; /* what is left of the maker, shown or not */
} openpit_book_report;

/** The smallest room for reports: no step of a book writes more. */
#define OPENPIT_BOOK_REPORT_CAPACITY_MIN 4

/**
 * Applies messages in order and writes what becomes of them.
 *
 * When the room for reports ends in the middle, the call stops there, in the middle of a message if need be, and the next call
 * goes on. So a program asks until it is told that all is done:
 *
 *     do {
 *         status = openpit_venue_apply(venue, messages, count, reports, capacity, &taken, &written);
 *         messages += taken, count -= taken;
 *         use(reports, written);
 *     } while (status == OPENPIT_STATUS_BUFFER_TOO_SMALL);
 *
 * @param messages  borrowed for the call; each as large as the first says it is.
 * @param capacity  at least OPENPIT_BOOK_REPORT_CAPACITY_MIN.
 * @param taken     how many messages must not be given again; written whenever `written` is.
 * @param written   how many reports there are; written also on OPENPIT_STATUS_BUFFER_TOO_SMALL, _STRUCT_SIZE and
 *                  _UNKNOWN_FIELD about a message: then all before that message is done.
 * @return OPENPIT_STATUS_BUFFER_TOO_SMALL when there is more to do; OPENPIT_STATUS_STRUCT_SIZE or
 *         OPENPIT_STATUS_UNKNOWN_FIELD for the message after those taken, when its size or what it says beyond what this
 *         library knows is not understood; OPENPIT_STATUS_INTERNAL for the message after those taken, or for the one under
 *         way, when its book comes upon something that cannot be: nothing is written of that message, and none is taken for that
 *         book any more. What a message itself gets wrong is a report, not a status.
 */
OPENPIT_API openpit_status openpit_venue_apply(openpit_venue *venue, const openpit_book_message *messages, size_t count,
                                               openpit_book_report *reports, size_t capacity, size_t *taken,
                                               size_t *written);

/* ---- Reading ------------------------------------------------------------------------------------------------- */

/* All of it answers OPENPIT_STATUS_NOT_FOUND for a book the venue does not have, and OPENPIT_STATUS_INTERNAL for one that has come
 * upon something that cannot be. */

/** What shows at one price. */
typedef struct openpit_book_level {
    int64_t price;
    uint64_t quantity;
    uint64_t order_count;
} openpit_book_level;

/*
 * The readings of a side take OPENPIT_SIDE_BUY or OPENPIT_SIDE_SELL; OPENPIT_SIDE_NONE, and any other number, is answered with
 * OPENPIT_STATUS_INVALID_ARGUMENT.
 */

/** The best level of a side. OPENPIT_STATUS_NOT_FOUND when the side is empty. */
OPENPIT_API openpit_status openpit_venue_best(const openpit_venue *venue, openpit_book_id book, openpit_side side,
                                              openpit_book_level *level);

/**
 * The levels of a side, best first.
 *
 * @param skip      how many levels to pass over first.
 * @param levels    room for `capacity` of them; may be NULL when that is 0.
 * @param count     how many were written.
 */
OPENPIT_API openpit_status openpit_venue_depth(const openpit_venue *venue, openpit_book_id book, openpit_side side,
                                               size_t skip, openpit_book_level *levels, size_t capacity, size_t *count);

/** What shows at one price of a side: nothing, where nobody is. */
OPENPIT_API openpit_status openpit_venue_level(const openpit_venue *venue, openpit_book_id book, openpit_side side,
                                               int64_t price, openpit_book_level *level);

/** An order that rests or waits. */
typedef struct openpit_book_order {
    uint32_t struct_size;
    openpit_side side;
    openpit_book_order_type type; /* a stop is one as long as it waits, then a limit order */
    openpit_book_time_in_force time_in_force;
    openpit_book_self_trade self_trade;
    uint64_t order;
    uint64_t owner;
    int64_t price;
    uint64_t filled;    /* what has traded */
    uint64_t remaining; /* what has not, shown or not ... */
    uint64_t visible;   /* ... and how much of it shows */
    uint64_t display;   /* how much an iceberg shows at a time; 0: all of it */
    int64_t trigger;    /* of a stop */
    uint64_t expiry;    /* of OPENPIT_BOOK_GTD */
    uint16_t flags;     /* OPENPIT_BOOK_POST_ONLY, OPENPIT_BOOK_REDUCE_ONLY */
    uint16_t reserved_short;
    uint32_t reserved_word;
    uint64_t reserved[2];
} openpit_book_order;

/** Reads an order. OPENPIT_STATUS_NOT_FOUND when none of that number rests or waits. */
OPENPIT_API openpit_status openpit_venue_order(const openpit_venue *venue, openpit_book_id book, uint64_t order,
                                               openpit_book_order *found);

/** How many orders are ahead of that one in its queue. Counts them, so it takes time in proportion. */
OPENPIT_API openpit_status openpit_venue_orders_ahead(const openpit_venue *venue, openpit_book_id book, uint64_t order,
                                                      uint64_t *ahead);

/** A book in a few numbers. */
typedef struct openpit_book_summary {
    uint32_t struct_size;
    uint8_t is_halted;
    uint8_t has_traded; /* 1: last_price is that of the last trade */
    uint16_t reserved_short;
    int64_t last_price;
    uint64_t trade_count;   /* since the book was added */
    uint64_t resting_count; /* orders that rest */
    uint64_t waiting_count; /* stops that wait */
    uint64_t buy_quantity;  /* everything that rests of a side, shown or not */
    uint64_t sell_quantity;
    uint64_t reserved[2];
} openpit_book_summary;

/** Reads the summary of a book. */
OPENPIT_API openpit_status openpit_venue_summary(const openpit_venue *venue, openpit_book_id book,
                                                 openpit_book_summary *summary);

/**
 * What an owner has bought and sold in a book, net; 0 for an owner without trades, the nearest number when 64 bits are too few.
 * OPENPIT_STATUS_INVALID_ARGUMENT when the book counts no positions.
 */
OPENPIT_API openpit_status openpit_venue_position(const openpit_venue *venue, openpit_book_id book, uint64_t owner,
                                                  int64_t *position);
/**
 * Sets what an owner has. Owner 0 has nothing: OPENPIT_STATUS_INVALID_ARGUMENT, as above. OPENPIT_STATUS_LIMIT_REACHED when
 * memory is refused.
 */
OPENPIT_API openpit_status openpit_venue_set_position(openpit_venue *venue, openpit_book_id book, uint64_t owner,
                                                      int64_t position);

#ifdef __cplusplus
}
#endif

#endif
