// What the tests of the engine share: names, orders, reports, custom policies and engines made of them.
#ifndef OPENPIT_TEST_FIXTURE_H
#define OPENPIT_TEST_FIXTURE_H

#include "openpit.h"

#include "check.h"

#include <stdlib.h>

static const char not_utf8[] = {(char)0xC3, (char)0x28};

static inline openpit_text text_of(const char *text) { return (openpit_text){text, strlen(text)}; }
static inline openpit_text bad_text(void) { return (openpit_text){not_utf8, sizeof not_utf8}; }
/// A length that was promised, but no text.
static inline openpit_text missing_text(void) { return (openpit_text){NULL, 3}; }

static inline bool reads(openpit_text text, const char *expected) {
    return text.length == strlen(expected) && (text.length == 0 || memcmp(text.data, expected, text.length) == 0);
}

static inline openpit_asset asset_of(const char *name) {
    openpit_asset asset = 0;
    openpit_asset_intern(text_of(name), &asset);
    return asset;
}

#define UNKNOWN_ASSET UINT32_MAX

static inline openpit_decimal bad_decimal(void) {
    openpit_decimal decimal = openpit_decimal_from_int64(1);
    decimal.scale = 29;
    return decimal;
}

/// An order of account 1 for one AAPL at 10 USD.
static inline openpit_order good_order(void) {
    return (openpit_order){.struct_size = sizeof(openpit_order),
                           .fields = OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE,
                           .account = 1,
                           .underlying = asset_of("AAPL"),
                           .settlement = asset_of("USD"),
                           .amount = openpit_decimal_from_int64(1),
                           .price = openpit_decimal_from_int64(10),
                           .amount_kind = OPENPIT_AMOUNT_QUANTITY,
                           .side = OPENPIT_SIDE_BUY};
}

/// A report of account 1 about a P&L of -5 USD.
static inline openpit_report good_report(void) {
    return (openpit_report){.struct_size = sizeof(openpit_report),
                            .fields = OPENPIT_REPORT_HAS_ACCOUNT | OPENPIT_REPORT_HAS_FINANCIAL_IMPACT,
                            .account = 1,
                            .underlying = asset_of("AAPL"),
                            .settlement = asset_of("USD"),
                            .pnl = openpit_decimal_from_int64(-5),
                            .side = OPENPIT_SIDE_BUY};
}

/// An adjustment of a balance by 1 USD.
static inline openpit_adjustment good_adjustment(void) {
    return (openpit_adjustment){.struct_size = sizeof(openpit_adjustment),
                                .kind = OPENPIT_ADJUSTMENT_BALANCE,
                                .balance_change = OPENPIT_CHANGE_DELTA,
                                .asset = asset_of("USD"),
                                .balance = openpit_decimal_from_int64(1)};
}

static inline openpit_reject good_reject(const char *reason) {
    return (openpit_reject){.struct_size = sizeof(openpit_reject),
                            .code = OPENPIT_REJECT_OTHER,
                            .scope = OPENPIT_SCOPE_ORDER,
                            .policy = text_of("P"),
                            .reason = text_of(reason),
                            .details = text_of("d")};
}

/// A struct and, behind it, what a later version of it might have.
#define LARGER(type)                                                                                                   \
    struct {                                                                                                           \
        type value;                                                                                                    \
        uint64_t tail[2];                                                                                              \
    }

/// States what becomes of a struct of each size; `call` sees it through `pointer`, and `good` is a valid one.
#define check_sizes(type, good, pointer, call)                                                                         \
    do {                                                                                                               \
        LARGER(type) larger = {.value = (good)};                                                                       \
        type *pointer = &larger.value;                                                                                 \
        pointer->struct_size = 0;                                                                                      \
        check_equal((call), OPENPIT_STATUS_STRUCT_SIZE);                                                               \
        pointer->struct_size = sizeof(type) - 1;                                                                       \
        check_equal((call), OPENPIT_STATUS_STRUCT_SIZE);                                                               \
        pointer->struct_size = sizeof(type) + 1;                                                                       \
        check_equal((call), OPENPIT_STATUS_STRUCT_SIZE);                                                               \
        pointer->struct_size = UINT32_MAX;                                                                             \
        check_equal((call), OPENPIT_STATUS_STRUCT_SIZE);                                                               \
        pointer->struct_size = sizeof larger;                                                                          \
        larger.tail[1] = 1;                                                                                            \
        check_equal((call), OPENPIT_STATUS_UNKNOWN_FIELD);                                                             \
        larger.tail[1] = 0;                                                                                            \
        check_equal((call), OPENPIT_STATUS_OK);                                                                        \
    } while (false)

/// States that `call` refuses a struct in which one thing is wrong; `value` is put back.
#define check_refused(status, value, wrong, call)                                                                      \
    do {                                                                                                               \
        __typeof__(value) right = (value);                                                                             \
        (value) = (wrong);                                                                                             \
        check_equal((call), (status));                                                                                 \
        (value) = right;                                                                                               \
    } while (false)

/// A builder without synchronisation.
static inline openpit_engine_builder *new_builder(void) {
    openpit_engine_builder *builder = NULL;
    check_equal(openpit_engine_builder_create(NULL, &builder), OPENPIT_STATUS_OK);
    return builder;
}

/// Builds the engine and gives the builder back.
static inline openpit_engine *build(openpit_engine_builder *builder) {
    openpit_engine *engine = NULL;
    check_equal(openpit_engine_builder_build(builder, &engine, NULL), OPENPIT_STATUS_OK);
    openpit_engine_builder_destroy(builder);
    return engine;
}

/// An engine that looks at amounts only.
static inline openpit_engine *new_engine(void) {
    openpit_engine_builder *builder = new_builder();
    check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_OK);
    return build(builder);
}

/// An engine of one custom policy.
static inline openpit_engine *engine_with(openpit_policy policy) {
    openpit_engine_builder *builder = new_builder();
    policy.struct_size = sizeof policy;
    policy.name = text_of("Hooks");
    check_equal(openpit_engine_builder_add_policy(builder, &policy), OPENPIT_STATUS_OK);
    return build(builder);
}

/// What account 1 has of an asset.
static inline openpit_holding holding_of(openpit_engine *engine, const char *asset) {
    openpit_holding holding = {.struct_size = sizeof holding};
    check_equal(openpit_engine_read_holding(engine, 1, asset_of(asset), &holding), OPENPIT_STATUS_OK);
    return holding;
}

static inline bool is_whole(openpit_decimal number, int64_t expected) {
    return openpit_decimal_compare(number, openpit_decimal_from_int64(expected)) == 0;
}

static inline openpit_result *new_result(void) {
    openpit_result *result = NULL;
    check_equal(openpit_result_create(&result), OPENPIT_STATUS_OK);
    return result;
}

/// The reason of the first reject, or of the first block; borrowed from `result`.
static inline openpit_text first_reason(openpit_result *result) {
    openpit_reject reject = {.struct_size = sizeof reject};
    if (openpit_result_reject(result, 0, &reject) != OPENPIT_STATUS_OK) openpit_result_block(result, 0, &reject);
    return reject.reason;
}

/// Runs an order through both stages and commits it; 1 when it was accepted.
static inline int trade(openpit_engine *engine, openpit_result *result) {
    openpit_order order = good_order();
    openpit_reservation reservation = 0;
    check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &reservation), OPENPIT_STATUS_OK);
    if (reservation == 0) return 0;
    check_equal(openpit_engine_commit(engine, reservation), OPENPIT_STATUS_OK);
    return 1;
}

#endif
