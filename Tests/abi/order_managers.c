// Order managers and wallets, as a C program uses them.
// Barriers of threads are no part of C.
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#include "fixture.h"

static openpit_decimal whole(int64_t value) { return openpit_decimal_from_int64(value); }

static bool shows(openpit_decimal value, const char *text) {
    char room[OPENPIT_DECIMAL_TEXT_CAPACITY];
    size_t length = 0;
    check_equal(openpit_decimal_format(value, room, sizeof room, &length), OPENPIT_STATUS_OK);
    return length == strlen(text) && memcmp(room, text, length) == 0;
}

static openpit_decimal amount(const char *text) {
    openpit_decimal value = {0};
    check_equal(openpit_amount_parse(text_of(text), &value), OPENPIT_STATUS_OK);
    return value;
}

static openpit_orders *manager(uint32_t flags) {
    const openpit_orders_options options = {.struct_size = sizeof options, .flags = flags};
    openpit_orders *orders = NULL;
    check_equal(openpit_orders_create(&options, &orders), OPENPIT_STATUS_OK);
    return orders;
}

static openpit_wallet *wallet_with(int64_t cash) {
    openpit_wallet *wallet = NULL;
    check_equal(openpit_wallet_create(text_of("USDT"), &wallet), OPENPIT_STATUS_OK);
    check_equal(openpit_wallet_deposit(wallet, text_of("USDT"), whole(cash)), OPENPIT_STATUS_OK);
    return wallet;
}

static openpit_new_order limit_order(const char *key) {
    openpit_new_order order = {.struct_size = sizeof order,
                               .side = OPENPIT_DESK_BUY,
                               .type = OPENPIT_DESK_LIMIT,
                               .quantity = whole(1),
                               .price = whole(50000),
                               .symbol = text_of("BTC-USDT"),
                               .key = text_of(key)};
    openpit_uuid_make(&order.id);
    return order;
}

static openpit_order_fill fill_of(const char *id, const char *quantity, int64_t price) {
    return (openpit_order_fill){.struct_size = sizeof(openpit_order_fill),
                                .id = text_of(id),
                                .symbol = text_of("BTC-USDT"),
                                .quantity = amount(quantity),
                                .price = whole(price)};
}

static void acknowledge(openpit_orders *orders, openpit_uuid id) {
    const openpit_order_update update = {.struct_size = sizeof update, .phase = OPENPIT_PHASE_ACKNOWLEDGED};
    check_equal(openpit_orders_update(orders, id, &update, NULL), OPENPIT_STATUS_OK);
}

static openpit_order_record record_of(openpit_orders *orders, openpit_uuid id) {
    openpit_order_record record = {.struct_size = sizeof record};
    check_equal(openpit_orders_find(orders, id, &record), OPENPIT_STATUS_OK);
    return record;
}

static void live(void) {
    openpit_orders *orders = manager(0);
    openpit_wallet *wallet = wallet_with(100000);
    openpit_new_order order = limit_order("a");
    openpit_wallet_cash cash;
    openpit_wallet_position position;
    size_t count = 0;
    int is_new = 7;
    check_equal(openpit_orders_submit(orders, &order, NULL), OPENPIT_STATUS_OK);
    check_equal(record_of(orders, order.id).phase, OPENPIT_PHASE_SUBMITTED);
    acknowledge(orders, order.id);
    openpit_order_fill fill = fill_of("f1", "0.6", 50000);
    check_equal(openpit_orders_fill(orders, wallet, order.id, &fill, &is_new, NULL), OPENPIT_STATUS_OK);
    check_equal(is_new, 1);
    check_equal(openpit_orders_fill(orders, wallet, order.id, &fill, &is_new, NULL), OPENPIT_STATUS_OK);
    check_equal(is_new, 0);
    check_equal(openpit_wallet_cash_list(wallet, &cash, 1, &count), OPENPIT_STATUS_OK);
    check(count == 1 && shows(cash.amount, "70000.0"));
    fill = fill_of("f2", "0.4", 51000);
    check_equal(openpit_orders_fill(orders, wallet, order.id, &fill, NULL, NULL), OPENPIT_STATUS_OK);
    check_equal(openpit_wallet_position_list(wallet, &position, 1, &count), OPENPIT_STATUS_OK);
    check(shows(position.quantity, "1.0") && shows(position.average, "50400") && shows(position.realized, "0"));
    const openpit_order_record record = record_of(orders, order.id);
    check(record.phase == OPENPIT_PHASE_FILLED && record.fill_count == 2 && shows(record.average, "50400"));
    check_equal(openpit_orders_list(orders, OPENPIT_ORDERS_ACTIVE, NULL, 0, &count), OPENPIT_STATUS_OK);
    check_equal(count, 0);
    openpit_orders_destroy(orders);
    openpit_wallet_destroy(wallet);
}

static void refuse(void) {
    openpit_orders *orders = manager(0);
    openpit_wallet *wallet = wallet_with(10);
    openpit_new_order order = limit_order("a"), other = limit_order("a");
    openpit_order_problem problem = {.struct_size = sizeof problem};
    openpit_order_update update = {.struct_size = sizeof update, .phase = OPENPIT_PHASE_FILLED, .fields = 3};
    openpit_order_fill fill = fill_of("f", "1", 11);
    check_equal(openpit_orders_submit(orders, &order, NULL), OPENPIT_STATUS_OK);
    check_equal(openpit_orders_submit(orders, &other, &problem), OPENPIT_STATUS_DUPLICATE_ORDER);
    check(problem.existing.low == order.id.low && problem.name.length == 1);
    check_equal(openpit_orders_submit(orders, &order, &problem), OPENPIT_STATUS_DUPLICATE_ORDER);
    update.filled = update.average = whole(1);
    check_equal(openpit_orders_update(orders, order.id, &update, &problem), OPENPIT_STATUS_ORDER_STATE);
    check(problem.from == OPENPIT_PHASE_SUBMITTED && problem.to == OPENPIT_PHASE_FILLED);
    check_equal(openpit_orders_update(orders, other.id, &update, &problem), OPENPIT_STATUS_NOT_FOUND);
    check_equal(openpit_orders_fill(orders, wallet, order.id, &fill, NULL, &problem), OPENPIT_STATUS_ORDER_STATE);
    acknowledge(orders, order.id);
    check_equal(openpit_orders_fill(orders, wallet, order.id, &fill, NULL, &problem), OPENPIT_STATUS_INSUFFICIENT_CASH);
    check(shows(problem.need, "11") && shows(problem.have, "10") && memcmp(problem.name.data, "USDT", 4) == 0);
    fill = fill_of("f", "1.5", 1);
    check_equal(openpit_orders_fill(orders, wallet, order.id, &fill, NULL, &problem), OPENPIT_STATUS_EXCEEDS_REMAINING);
    check(shows(problem.need, "1.5") && shows(problem.have, "1"));
    fill = fill_of("f", "0.5", 1);
    check_equal(openpit_orders_fill(orders, wallet, order.id, &fill, NULL, NULL), OPENPIT_STATUS_OK);
    fill.price = whole(2);
    check_equal(openpit_orders_fill(orders, wallet, order.id, &fill, NULL, NULL), OPENPIT_STATUS_FILL_REUSED);
    check_equal(record_of(orders, order.id).fill_count, 1);
    check_equal(openpit_orders_take_back(orders, 2), OPENPIT_STATUS_INVALID_ARGUMENT);
    openpit_orders_destroy(orders);
    openpit_wallet_destroy(wallet);
}

static void tell_wrong_arguments(void) {
    openpit_orders *orders = manager(OPENPIT_ORDERS_SHARED);
    openpit_wallet *wallet = wallet_with(1);
    openpit_new_order order = limit_order("");
    openpit_order_fill fill = fill_of("f", "1", 1);
    openpit_uuid id;
    char room[36];
    size_t count;
    check_equal(openpit_orders_submit(NULL, &order, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_orders_submit(orders, NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    order.side = OPENPIT_DESK_FLAT;
    check_equal(openpit_orders_submit(orders, &order, NULL), OPENPIT_STATUS_INVALID_ARGUMENT);
    order.side = OPENPIT_DESK_BUY, order.quantity = whole(0);
    check_equal(openpit_orders_submit(orders, &order, NULL), OPENPIT_STATUS_INVALID_ARGUMENT);
    order.quantity = whole(1), order.price = whole(0);
    check_equal(openpit_orders_submit(orders, &order, NULL), OPENPIT_STATUS_INVALID_ARGUMENT);
    order.type = OPENPIT_DESK_MARKET, order.symbol = text_of("\xff");
    check_equal(openpit_orders_submit(orders, &order, NULL), OPENPIT_STATUS_INVALID_UTF8);
    order.symbol = text_of("BTC-USDT");
    check_equal(openpit_orders_submit(orders, &order, NULL), OPENPIT_STATUS_OK);
    acknowledge(orders, order.id);
    check_equal(openpit_orders_fill(orders, NULL, order.id, &fill, NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_orders_list(orders, 3, NULL, 0, &count), OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(openpit_uuid_format(order.id, room, 35), OPENPIT_STATUS_BUFFER_TOO_SMALL);
    check_equal(openpit_uuid_parse(text_of("x"), &id), OPENPIT_STATUS_INVALID_FORMAT);
    check_equal(openpit_amount_parse(text_of("1e29"), &fill.price), OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
    check_equal(openpit_amount_parse(text_of("x"), &fill.price), OPENPIT_STATUS_INVALID_FORMAT);
    check_equal(openpit_wallet_withdraw(wallet, text_of("USDT"), whole(2), NULL), OPENPIT_STATUS_INSUFFICIENT_CASH);
    check_equal(openpit_wallet_deposit(wallet, text_of("USDT"), whole(-1)), OPENPIT_STATUS_INVALID_ARGUMENT);
    openpit_orders_destroy(orders);
    openpit_wallet_destroy(wallet);
    openpit_orders_destroy(NULL);
    openpit_wallet_destroy(NULL);
}

enum { KEYS = 20000 };

typedef struct Submitter {
    openpit_orders *orders;
    pthread_barrier_t *start;
    int accepted, refused, keys;
} Submitter;

static void *submit_all(void *argument) {
    Submitter *self = argument;
    pthread_barrier_wait(self->start);
    for (int i = 0; i < self->keys; i++) {
        char key[32];
        snprintf(key, sizeof key, "client order %d", i);
        openpit_new_order order = limit_order(key);
        const openpit_status status = openpit_orders_submit(self->orders, &order, NULL);
        self->accepted += status == OPENPIT_STATUS_OK;
        self->refused += status == OPENPIT_STATUS_DUPLICATE_ORDER;
    }
    return NULL;
}

static void submit_from_two_threads(int keys) {
    openpit_orders *orders = manager(OPENPIT_ORDERS_SHARED);
    pthread_barrier_t start;
    pthread_t threads[2];
    Submitter submitters[2] = {{orders, &start, 0, 0, keys}, {orders, &start, 0, 0, keys}};
    size_t count = 0;
    pthread_barrier_init(&start, NULL, 2);
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, submit_all, &submitters[i]);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    check_equal(submitters[0].accepted + submitters[1].accepted, keys);
    check_equal(submitters[0].refused + submitters[1].refused, keys);
    check_equal(openpit_orders_list(orders, OPENPIT_ORDERS_ACTIVE, NULL, 0, &count), OPENPIT_STATUS_OK);
    check_equal(count, (size_t)keys);
    openpit_orders_destroy(orders);
}

int main(int count, char **arguments) {
    test("an order lives from its submission to its last fill") live();
    test("what cannot be done is told, and changes nothing") refuse();
    test("wrong arguments are answered") tell_wrong_arguments();
    test("of two threads that submit a client order id one succeeds, each time") {
        submit_from_two_threads(count > 1 ? atoi(arguments[1]) : KEYS);
    }
    return report();
}
