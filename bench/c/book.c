// How long an order book takes for a message, its reports included, in nanoseconds. Run with `make bench`.
//
// The stream is made before it is timed: half of the messages are new orders, 15 % of them immediate-or-cancel; of those that
// rest about 95 % are cancelled, and 20 % are modified on the way. Regimes differ in how the price moves.
#include <openpit/book.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timing.h"

#define MESSAGES 2000000u
#define BATCH 64u
#define REPORTS 256u
#define PASSES 5
#define RESTING 1000u // how many orders the stream keeps in the book, besides those that were there before

typedef struct regime {
    const char *title;
    /// Where the price is after a fraction of the stream, from 0 to 1, without its random walk.
    double (*drift)(double when);
    /// Once in so many messages the price takes a random step of a tick.
    unsigned walk;
} regime;

/// Where `when` is in the cycle it falls into, from 0 to 1.
static double in_cycle(double when, double cycles) { return when * cycles - (double)(uint64_t)(when * cycles); }

/// Up and down again, as often and as far as it says.
static double swing(double when, double cycles, double ticks) {
    const double place = in_cycle(when, cycles);
    return ticks * (place < 0.5 ? place * 4 - 1 : 3 - place * 4);
}

static double stays(double when) { return 0 * when; }
static double swings(double when) { return swing(when, 20, 200); }
static double swings_far(double when) { return swing(when, 100, 2000); }

/// Four times, 20,000 ticks down in a tenth of the time that it takes to come back.
static double crashes(double when) {
    const double place = in_cycle(when, 4);
    if (place < 0.5) return 0;
    return place < 0.55 ? (0.5 - place) * 400000 : (place - 1) * 20000 / 0.45;
}

static const regime regimes[] = {
    {"static", stays, 0},         {"normal", stays, 10},
    {"swinging", swings, 10},     {"swinging far and fast", swings_far, 10},
    {"flash crash", crashes, 10},
};

static uint64_t seed = 20261128;

static uint64_t dice(void) {
    uint64_t mixed = seed += 0x9E3779B97F4A7C15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBu;
    return mixed ^ (mixed >> 31);
}

static uint64_t below(uint64_t bound) { return dice() % bound; }

static void require(openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return;
    fprintf(stderr, "%s\n", openpit_status_message(status));
    exit(1);
}

static void *allocate(size_t count, size_t size) {
    void *memory = calloc(count, size);
    if (memory == NULL) exit(1);
    return memory;
}

// ---- The stream

/// Which orders are there, so that messages are about them. Orders are numbered from 1.
typedef struct population {
    uint32_t *alive;
    uint32_t count;
    uint32_t *place; // of each order in `alive`, plus 1
    uint32_t last;
    /// Of each order: which book it is in.
    uint32_t *book;
} population;

typedef struct statistics {
    uint64_t orders, rested, immediate, cancels, modifications, trades, finished;
} statistics;

static population everybody;
static statistics seen;

static void is_born(uint32_t order, uint32_t book) {
    everybody.alive[everybody.count] = order;
    everybody.place[order] = ++everybody.count;
    everybody.book[order] = book;
}

static void is_gone(uint32_t order) {
    const uint32_t place = everybody.place[order];
    if (place == 0) return;
    const uint32_t last = everybody.alive[--everybody.count];
    everybody.alive[place - 1] = last;
    everybody.place[last] = place;
    everybody.place[order] = 0;
}

static void note(const openpit_book_report *report) {
    switch (report->kind) {
    case OPENPIT_BOOK_ACCEPTED:
        is_born((uint32_t)report->order, report->book);
        break;
    case OPENPIT_BOOK_TRADE:
        seen.trades++;
        if (report->remaining == 0) is_gone((uint32_t)report->order);
        if (report->maker_remaining == 0) {
            is_gone((uint32_t)report->maker);
            seen.finished++;
        }
        break;
    case OPENPIT_BOOK_CANCELLED:
        is_gone((uint32_t)report->order);
        break;
    default:
        break;
    }
}

/// How far from the touch an order is placed: most are near.
static int64_t distance(void) {
    const uint64_t bits = dice();
    return (int64_t)(bits & 3) + (int64_t)((bits >> 8) & 7) * (int64_t)((bits >> 16) & 3);
}

static openpit_book_message make(int64_t middle, uint32_t books, uint32_t resting, uint64_t number) {
    openpit_book_message message = {.struct_size = sizeof message, .sequence = number};
    const uint64_t choice = below(1000);
    if (everybody.count > 0 && choice >= 500 && everybody.count > resting / 2) {
        const bool cancels = choice < 910 || everybody.count > resting * 2;
        message.kind = cancels ? OPENPIT_BOOK_CANCEL : OPENPIT_BOOK_MODIFY;
        message.order = everybody.alive[below(everybody.count)];
        message.book = everybody.book[message.order];
        message.flags = below(2) ? OPENPIT_BOOK_SETS_QUANTITY : OPENPIT_BOOK_SETS_PRICE | OPENPIT_BOOK_SETS_QUANTITY;
        message.quantity = 1 + below(100);
        message.price = middle - 1 - distance();
        if (cancels) seen.cancels++;
        if (!cancels) seen.modifications++;
        return message;
    }
    message.kind = OPENPIT_BOOK_NEW;
    message.book = (uint32_t)below(books);
    message.order = ++everybody.last;
    message.side = 1 + (openpit_side)below(2);
    const int64_t away = message.side == OPENPIT_SIDE_BUY ? -1 : 1;
    seen.orders++;
    if (below(100) < 15) {
        message.time_in_force = OPENPIT_BOOK_IOC;
        message.price = middle - away * 2;
        message.quantity = 1 + below(16);
        seen.immediate++;
    } else {
        message.price = middle + away * (1 + distance());
        message.quantity = 1 + below(100);
        seen.rested++;
    }
    return message;
}

/// A modification keeps to the side of its order: its price is turned around for a sell.
static void turn_around(openpit_venue *venue, openpit_book_message *message, int64_t middle) {
    openpit_book_order order = {.struct_size = sizeof order};
    if (message->kind != OPENPIT_BOOK_MODIFY) return;
    if (openpit_venue_order(venue, message->book, message->order, &order) != OPENPIT_STATUS_OK) return;
    if (order.side == OPENPIT_SIDE_SELL) message->price = 2 * middle - message->price;
    message->quantity += order.filled;
}

/// Applies one message and tells `use` of what became of it.
static void apply(openpit_venue *venue, const openpit_book_message *message, void (*use)(const openpit_book_report *)) {
    openpit_book_report reports[REPORTS];
    size_t taken, written, given = 0;
    openpit_status status;
    do {
        status = openpit_venue_apply(venue, message + given, 1 - given, reports, REPORTS, &taken, &written);
        given += taken;
        for (size_t index = 0; index < written; index++) use(&reports[index]);
    } while (status == OPENPIT_STATUS_BUFFER_TOO_SMALL);
    require(status);
}

static openpit_venue *make_venue(uint32_t books) {
    openpit_venue *venue;
    openpit_book_id book;
    require(openpit_venue_create(&venue));
    for (uint32_t index = 0; index < books; index++) require(openpit_venue_add_book(venue, NULL, &book));
    return venue;
}

/// Orders that are there before the stream begins: `count` of them, evenly on both sides, far enough to be left alone, or
/// among the others when the stream is to meet them.
static size_t fill(openpit_book_message *messages, uint32_t count, uint32_t books, bool is_met) {
    for (uint32_t index = 0; index < count; index++) {
        const bool buys = index % 2 == 0;
        const int64_t away = is_met ? 1 + (int64_t)below(1000) : 30000 + (int64_t)below(20000);
        messages[index] = (openpit_book_message){.struct_size = sizeof *messages,
                                                 .kind = OPENPIT_BOOK_NEW,
                                                 .book = index % books,
                                                 .order = ++everybody.last,
                                                 .side = buys ? OPENPIT_SIDE_BUY : OPENPIT_SIDE_SELL,
                                                 .price = 100000 + (buys ? -away : away),
                                                 .quantity = 1 + below(100)};
    }
    return count;
}

static openpit_book_message *before; // what is in the books when the stream begins
static openpit_book_message *stream;

static void forget(const openpit_book_report *report) { (void)report; }

/// Makes a stream. `resting` is how many orders it is about at a time: those of `filled` too when it meets them.
static void prepare(const regime *how, uint32_t filled, uint32_t books, bool is_met) {
    int64_t walked = 0;
    everybody.count = everybody.last = 0;
    memset(&seen, 0, sizeof seen);
    memset(everybody.place, 0, (MESSAGES + 1000001u) * sizeof *everybody.place);
    openpit_venue *venue = make_venue(books);
    fill(before, filled, books, is_met);
    for (uint32_t index = 0; index < filled; index++) apply(venue, &before[index], is_met ? note : forget);
    const uint32_t resting = is_met ? filled : RESTING > books * 100u ? RESTING : books * 100u;
    for (uint32_t index = 0; index < MESSAGES; index++) {
        if (how->walk != 0 && below(how->walk) == 0) walked += below(2) ? 1 : -1;
        const int64_t middle = 100000 + walked + (int64_t)how->drift((double)index / MESSAGES);
        stream[index] = make(middle, books, resting, index);
        turn_around(venue, &stream[index], middle);
        apply(venue, &stream[index], note);
    }
    openpit_venue_destroy(venue);
}

// ---- Timing

static uint64_t report_count;

/// Applies messages in batches, and writes down how long each batch took.
static void run_batches(openpit_venue *venue, const openpit_book_message *messages, size_t count, size_t size,
                        uint64_t *samples) {
    static openpit_book_report reports[REPORTS];
    for (size_t batch = 0; batch * size < count; batch++) {
        const openpit_book_message *next = messages + batch * size;
        size_t left = size < count - batch * size ? size : count - batch * size, taken, written;
        const uint64_t start = now();
        while (openpit_venue_apply(venue, next, left, reports, REPORTS, &taken, &written) ==
               OPENPIT_STATUS_BUFFER_TOO_SMALL) {
            next += taken, left -= taken, report_count += written;
        }
        const uint64_t end = now();
        report_count += written;
        if (samples != NULL) samples[batch] = end - start;
    }
}

static uint64_t *samples;

typedef struct timing {
    double median, late;
} timing;

/// The median and the 99th percentile, in nanoseconds a message, of the second half of the stream, when all books are warm,
/// and of the quietest of several passes.
static timing measure(uint32_t filled, uint32_t books, size_t size) {
    timing best = {0, 0};
    const size_t batches = MESSAGES / 2 / size;
    for (int pass = 0; pass < PASSES; pass++) {
        openpit_venue *venue = make_venue(books);
        run_batches(venue, before, filled, BATCH, NULL);
        report_count = 0;
        run_batches(venue, stream, MESSAGES, size, samples);
        openpit_venue_destroy(venue);
        memmove(samples, samples + batches, batches * sizeof *samples);
        qsort(samples, batches, sizeof *samples, by_size);
        const size_t middle = batches / 2, last = batches - batches / 100;
        const double median = (double)samples[middle] / (double)size;
        if (pass > 0 && median >= best.median) continue;
        best = (timing){median, (double)samples[last] / (double)size};
    }
    return best;
}

static void print(const char *title, timing batches, timing singles) {
    printf("%-46s %8.1f %8.1f %8.1f %8.1f\n", title, batches.median, batches.late, singles.median, singles.late);
    fflush(stdout);
}

static void measure_and_print(const char *title, const regime *how, uint32_t filled, uint32_t books, bool is_met) {
    prepare(how, filled, books, is_met);
    const timing batches = measure(filled, books, BATCH);
    print(title, batches, measure(filled, books, 1));
}

int main(void) {
    before = allocate(1000000, sizeof *before);
    stream = allocate(MESSAGES, sizeof *stream);
    samples = allocate(MESSAGES, sizeof *samples);
    everybody.alive = allocate(MESSAGES + 1000001u, sizeof *everybody.alive);
    everybody.place = allocate(MESSAGES + 1000001u, sizeof *everybody.place);
    everybody.book = allocate(MESSAGES + 1000001u, sizeof *everybody.book);

    printf("\n%u messages a line; nanoseconds a message, reports included\n\n", MESSAGES);
    printf("%-46s %17s %17s\n", "", "in batches of 64", "one a call");
    printf("%-46s %8s %8s %8s %8s\n", "stream", "median", "p99", "median", "p99");
    for (size_t index = 0; index < sizeof regimes / sizeof *regimes; index++) {
        measure_and_print(regimes[index].title, &regimes[index], 0, 1, false);
        if (index > 0) continue;
        printf("    %.0f %% of new orders immediate; of resting ones %.0f %% cancelled, %.0f %% modified, %.1f %% "
               "traded away\n",
               100.0 * (double)seen.immediate / (double)seen.orders, 100.0 * (double)seen.cancels / (double)seen.rested,
               100.0 * (double)seen.modifications / (double)seen.rested,
               100.0 * (double)seen.finished / (double)seen.rested);
        printf("    %.2f reports a message\n", (double)report_count / MESSAGES);
    }
    measure_and_print("static, 1,000,000 more orders in the book", &regimes[0], 1000000, 1, false);
    measure_and_print("static, messages about any of 1,000 orders", &regimes[0], 1000, 1, true);
    measure_and_print("static, messages about any of 1,000,000 orders", &regimes[0], 1000000, 1, true);
    measure_and_print("static, 1,000 books", &regimes[0], 0, 1000, false);
    return 0;
}
