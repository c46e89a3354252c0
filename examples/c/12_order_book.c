// An order book: what a venue would do with the orders of a strategy.
//
// Some orders rest, one crosses them and trades at their prices, one takes what there is at once and leaves nothing behind,
// and one is cancelled too late. Everything a book does it reports, and at the end it is asked what shows.
#include <inttypes.h>
#include <openpit/book.h>
#include <stdio.h>
#include <stdlib.h>

static void must(openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return;
    fprintf(stderr, "%s\n", openpit_status_message(status));
    exit(1);
}

static void show(const openpit_book_report *report) {
    printf("  %" PRIu64, report->order);
    switch (report->kind) {
    case OPENPIT_BOOK_ACCEPTED:
        printf(" is in: %s %" PRIu64 " at %" PRId64, report->side == OPENPIT_SIDE_BUY ? "buy" : "sell",
               report->quantity, report->price);
        break;
    case OPENPIT_BOOK_TRADE:
        printf(" trades %" PRIu64 " with %" PRIu64 " at %" PRId64 ", %" PRIu64 " to go", report->quantity,
               report->maker, report->price, report->remaining);
        break;
    case OPENPIT_BOOK_CANCELLED:
        printf(" is cancelled with %" PRIu64 " untraded%s", report->quantity,
               report->reason == OPENPIT_BOOK_REASON_IMMEDIATE ? ", because it must not rest" : "");
        break;
    case OPENPIT_BOOK_CANCEL_REFUSED:
        printf(" cannot be cancelled%s",
               report->reason == OPENPIT_BOOK_REASON_UNKNOWN_ORDER ? ": it does not rest any more" : "");
        break;
    default:
        fprintf(stderr, "that was not to happen\n");
        exit(1);
    }
    printf("\n");
}

typedef struct story {
    openpit_venue *venue;
    openpit_book_id book;
    uint64_t last_order;
} story;

static openpit_book_message order(story *story, openpit_side side, uint64_t quantity, int64_t price) {
    return (openpit_book_message){.struct_size = sizeof(openpit_book_message),
                                  .book = story->book,
                                  .kind = OPENPIT_BOOK_NEW,
                                  .side = side,
                                  .order = ++story->last_order,
                                  .price = price,
                                  .quantity = quantity};
}

static openpit_book_message cancel(const story *story, uint64_t number) {
    return (openpit_book_message){
        .struct_size = sizeof(openpit_book_message), .book = story->book, .kind = OPENPIT_BOOK_CANCEL, .order = number};
}

// There is room for a few reports only, so there may have to be several calls.
static void apply(const story *story, const char *what, const openpit_book_message *messages, size_t count) {
    openpit_book_report reports[OPENPIT_BOOK_REPORT_CAPACITY_MIN];
    openpit_status status;
    printf("%s\n", what);
    do {
        size_t taken, written;
        status = openpit_venue_apply(story->venue, messages, count, reports, sizeof reports / sizeof *reports, &taken,
                                     &written);
        if (status != OPENPIT_STATUS_BUFFER_TOO_SMALL) must(status);
        messages += taken, count -= taken;
        for (size_t index = 0; index < written; index++) show(&reports[index]);
    } while (status == OPENPIT_STATUS_BUFFER_TOO_SMALL);
}

static void show_depth(const story *story) {
    const struct {
        openpit_side side;
        const char *name;
    } sides[] = {{OPENPIT_SIDE_SELL, "for sale"}, {OPENPIT_SIDE_BUY, "wanted"}};
    printf("what shows\n");
    for (size_t side = 0; side < 2; side++) {
        openpit_book_level levels[5];
        size_t count;
        printf("  %s\n", sides[side].name);
        must(openpit_venue_depth(story->venue, story->book, sides[side].side, 0, levels, 5, &count));
        for (size_t index = 0; index < count; index++) {
            printf("    %" PRIu64 " at %" PRId64 ", orders: %" PRIu64 "\n", levels[index].quantity, levels[index].price,
                   levels[index].order_count);
        }
    }
    openpit_book_summary summary = {.struct_size = sizeof summary};
    must(openpit_venue_summary(story->venue, story->book, &summary));
    if (summary.has_traded) printf("  last trade at %" PRId64 "\n", summary.last_price);
}

int main(void) {
    story story = {.last_order = 0};
    must(openpit_venue_create(&story.venue));
    must(openpit_venue_add_book(story.venue, NULL, &story.book));

    // One after the other, because a list does not say which of its items is made first.
    openpit_book_message messages[5];
    messages[0] = order(&story, OPENPIT_SIDE_SELL, 5, 101);
    messages[1] = order(&story, OPENPIT_SIDE_SELL, 10, 102);
    messages[2] = order(&story, OPENPIT_SIDE_SELL, 4, 102);
    messages[3] = order(&story, OPENPIT_SIDE_BUY, 8, 99);
    messages[4] = order(&story, OPENPIT_SIDE_BUY, 6, 98);
    apply(&story, "orders come in, and nobody wants what others have", messages, 5);

    messages[0] = order(&story, OPENPIT_SIDE_BUY, 9, 102);
    apply(&story, "somebody would pay 102 for 9, and pays what those ask who were there before", messages, 1);

    messages[0] = order(&story, OPENPIT_SIDE_SELL, 20, 99);
    messages[0].time_in_force = OPENPIT_BOOK_IOC;
    apply(&story, "somebody sells 20 for 99 or more, at once", messages, 1);

    messages[0] = cancel(&story, 1);
    messages[1] = cancel(&story, 2);
    apply(&story, "the first two orders are cancelled", messages, 2);
    show_depth(&story);

    openpit_venue_destroy(story.venue);
    return 0;
}
