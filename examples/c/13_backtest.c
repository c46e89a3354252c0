// A backtest in C: somebody sells, we buy, the price falls, and we see what that was worth.
//
// Events are pushed in any order and happen by their times. The account is kept to the last digit.
#include <openpit/simulation.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void must(openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return;
    fprintf(stderr, "%s\n", openpit_status_message(status));
    exit(1);
}

static openpit_decimal number(int64_t digits, uint8_t scale) {
    openpit_decimal value = openpit_decimal_from_int64(digits);
    value.scale = scale;
    return value;
}

static void print(const char *what, openpit_decimal value) {
    char text[OPENPIT_DECIMAL_TEXT_CAPACITY];
    size_t length;
    must(openpit_decimal_format(value, text, sizeof text, &length));
    printf("%s %.*s\n", what, (int)length, text);
}

int main(void) {
    openpit_matcher *matcher;
    openpit_simulation *simulation;
    openpit_book_id book;
    openpit_simulation_instrument bitcoin;
    openpit_simulation_result result = {.struct_size = sizeof result};
    must(openpit_matcher_create(NULL, &matcher));
    must(openpit_matcher_add_book(matcher, &book));
    must(openpit_simulation_create(matcher, number(1000, 0), number(1, 3), &simulation));
    must(openpit_simulation_add_instrument(simulation, book, &bitcoin));

    const openpit_simulation_event events[] = {
        {.struct_size = sizeof *events,
         .kind = OPENPIT_SIMULATION_MARK,
         .instrument = bitcoin,
         .time = 3,
         .price = number(95, 0)},
        {.struct_size = sizeof *events,
         .kind = OPENPIT_SIMULATION_SUBMITTED,
         .instrument = bitcoin,
         .time = 1,
         .order = 1,
         .side = OPENPIT_SIDE_SELL,
         .price = number(1001, 1),
         .quantity = number(2, 1)},
        {.struct_size = sizeof *events,
         .kind = OPENPIT_SIMULATION_SUBMITTED,
         .instrument = bitcoin,
         .time = 2,
         .order = 2,
         .side = OPENPIT_SIDE_BUY,
         .type = OPENPIT_BOOK_MARKET,
         .quantity = number(3, 1)},
    };
    for (size_t index = 0; index < sizeof events / sizeof *events; index++) {
        must(openpit_simulation_push(simulation, &events[index]));
    }
    must(openpit_simulation_run(simulation, SIZE_MAX, NULL));
    must(openpit_simulation_result_of(simulation, &result));
    printf("%d events, %d trades\n", (int)result.events, (int)result.fills);
    print("worth", result.worth);
    print("P&L", result.pnl);
    print("fees", result.fees);
    print("drawdown", result.drawdown);

    openpit_simulation_destroy(simulation);
    openpit_matcher_destroy(matcher);
    return 0;
}
