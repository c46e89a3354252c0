#include "fixture.h"

/// A builder of engines that answer as that release.
static openpit_engine_builder *new_builder_as(openpit_compatibility release) {
    openpit_engine_options options = {.struct_size = sizeof options, .compatibility = release};
    openpit_engine_builder *builder = NULL;
    check_equal(openpit_engine_builder_create(&options, &builder), OPENPIT_STATUS_OK);
    return builder;
}

static int fail(void *user_data) {
    (void)user_data;
    return 1;
}

static int fail_to_check(void *user_data, openpit_context *context, const openpit_order *order) {
    (void)context, (void)order;
    return fail(user_data);
}

/// A main check whose mutation can be neither kept nor undone.
static int add_failing_mutation(void *user_data, openpit_context *context, const openpit_order *order) {
    (void)user_data;
    (void)order;
    const openpit_mutation mutation = {.struct_size = sizeof mutation, .commit = fail, .rollback = fail};
    return openpit_context_add_mutation(context, &mutation) != OPENPIT_STATUS_OK;
}

/// The reject that an order of the account gets, or none.
static openpit_reject reject_of(openpit_engine *engine, openpit_account_id account, openpit_result *result) {
    openpit_reject reject = {.struct_size = sizeof reject};
    openpit_reservation reservation = 0;
    openpit_order order = good_order();
    order.account = account;
    check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &reservation), OPENPIT_STATUS_OK);
    if (reservation == 0) check_equal(openpit_result_reject(result, 0, &reject), OPENPIT_STATUS_OK);
    openpit_engine_drop_reservation(engine, reservation);
    return reject;
}

static const openpit_compatibility releases[] = {OPENPIT_COMPATIBILITY_0_7, OPENPIT_COMPATIBILITY_0_10};

int main(void) {
    test("an engine answers as one of two releases") {
        openpit_engine_options options = {.struct_size = sizeof options, .compatibility = 8};
        openpit_engine_builder *builder = NULL;
        check_equal(openpit_engine_builder_create(&options, &builder), OPENPIT_STATUS_INVALID_ARGUMENT);
        options.compatibility = OPENPIT_COMPATIBILITY_0_10;
        options.reserved_word = 1;
        check_equal(openpit_engine_builder_create(&options, &builder), OPENPIT_STATUS_INVALID_ARGUMENT);
        check(builder == NULL);
    }
    test("a rate limit of an account blocks it in 0.7 and rejects the order in 0.10") {
        for (int i = 0; i < 2; i++) {
            const openpit_rate_limit_barrier barrier = {
                .axis = OPENPIT_AXIS_ACCOUNT, .account = 1, .max_orders = 0, .window_nanoseconds = 1000000000};
            openpit_engine_builder *builder = new_builder_as(releases[i]);
            check_equal(openpit_engine_builder_add_rate_limit(builder, 0, &barrier, 1, NULL), OPENPIT_STATUS_OK);
            openpit_engine *engine = build(builder);
            openpit_result *result = new_result();
            check_equal(reject_of(engine, 1, result).scope, i == 0 ? OPENPIT_SCOPE_ACCOUNT : OPENPIT_SCOPE_ORDER);
            check_equal(reject_of(engine, 1, result).code,
                        i == 0 ? OPENPIT_REJECT_ACCOUNT_BLOCKED : OPENPIT_REJECT_RATE_LIMIT_EXCEEDED);
            openpit_result_destroy(result);
            openpit_engine_destroy(engine);
        }
    }
    test("a size barrier matches as it says itself, in both releases") {
        for (int i = 0; i < 4; i++) {
            const bool is_per_metric = i >= 2;
            const openpit_order_size_barrier barrier = {
                .axis = OPENPIT_AXIS_ACCOUNT_ASSET,
                .fields = OPENPIT_SIZE_HAS_QUANTITY | (is_per_metric ? OPENPIT_SIZE_PER_METRIC : 0),
                .asset = is_per_metric ? good_order().underlying : good_order().settlement,
                .account = 1,
                .max_quantity = openpit_decimal_from_int64(0)};
            openpit_engine_builder *builder = new_builder_as(releases[i % 2]);
            check_equal(openpit_engine_builder_add_order_size_limit(builder, 0, &barrier, 1, NULL), OPENPIT_STATUS_OK);
            openpit_engine *engine = build(builder);
            openpit_result *result = new_result();
            const openpit_reject reject = reject_of(engine, 1, result);
            check_equal(reject.code, OPENPIT_REJECT_ORDER_QTY_EXCEEDS_LIMIT);
            check_equal(reject.scope, is_per_metric ? OPENPIT_SCOPE_ORDER : OPENPIT_SCOPE_ACCOUNT);
            check_equal(reject_of(engine, 1, result).code,
                        is_per_metric ? OPENPIT_REJECT_ORDER_QTY_EXCEEDS_LIMIT : OPENPIT_REJECT_ACCOUNT_BLOCKED);
            openpit_result_destroy(result);
            openpit_engine_destroy(engine);
        }
    }
    test("a policy without barriers is a mistake in 0.7 and accepts everything in 0.10") {
        for (int i = 0; i < 2; i++) {
            openpit_engine_builder *builder = new_builder_as(releases[i]);
            check_equal(openpit_engine_builder_add_order_size_limit(builder, 0, NULL, 0, NULL),
                        i == 0 ? OPENPIT_STATUS_NO_BARRIERS : OPENPIT_STATUS_OK);
            openpit_engine_builder_destroy(builder);
        }
    }
    test("a mutation that fails stops everybody in 0.10, until they are unblocked") {
        for (int i = 0; i < 2; i++) {
            const openpit_policy policy = {
                .struct_size = sizeof policy, .name = text_of("P"), .perform_pre_trade_check = add_failing_mutation};
            openpit_engine_builder *builder = new_builder_as(releases[i]);
            check_equal(openpit_engine_builder_add_policy(builder, &policy), OPENPIT_STATUS_OK);
            openpit_engine *engine = build(builder);
            openpit_result *result = new_result();
            openpit_order order = good_order();
            openpit_reservation reservation = 0;
            check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &reservation), OPENPIT_STATUS_OK);
            check_equal(openpit_engine_commit(engine, reservation),
                        i == 0 ? OPENPIT_STATUS_OK : OPENPIT_STATUS_DONE_CALLBACK_FAILED);
            const openpit_reject reject = reject_of(engine, 2, result);
            check_equal(reject.code, i == 0 ? 0 : OPENPIT_REJECT_SYSTEM_UNAVAILABLE);
            check(i == 0 || reads(reject.reason, "mutation finalizer failed"));
            check_equal(openpit_engine_unblock_all(engine), OPENPIT_STATUS_OK);
            check_equal(reject_of(engine, 2, result).code, 0);
            openpit_result_destroy(result);
            openpit_engine_destroy(engine);
        }
    }
    test("in 0.10 a rollback that fails tells whether anything was done, and writes what there is to write") {
        for (int i = 0; i < 2; i++) {
            const openpit_status failed = i == 0 ? OPENPIT_STATUS_OK : OPENPIT_STATUS_CALLBACK_FAILED;
            const openpit_policy reserving = {
                .struct_size = sizeof reserving, .name = text_of("P"), .perform_pre_trade_check = add_failing_mutation};
            const openpit_policy failing = {
                .struct_size = sizeof failing, .name = text_of("F"), .perform_pre_trade_check = fail_to_check};
            openpit_engine_builder *builder = new_builder_as(releases[i]);
            check_equal(openpit_engine_builder_add_policy(builder, &reserving), OPENPIT_STATUS_OK);
            check_equal(openpit_engine_builder_add_policy(builder, &failing), OPENPIT_STATUS_OK);
            openpit_engine *engine = build(builder);
            openpit_result *result = new_result();
            openpit_order order = good_order();
            openpit_request request = 0;
            openpit_reservation reservation = 77;
            uint8_t is_blocked = 77;
            check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &reservation), failed);
            check_equal(reservation, 0);
            check_equal(openpit_result_reject_count(result), 1);
            check_equal(openpit_engine_unblock_all(engine), OPENPIT_STATUS_OK);
            check_equal(openpit_engine_start_pre_trade(engine, &order, result, &request), OPENPIT_STATUS_OK);
            reservation = 77;
            check_equal(openpit_engine_execute_request(engine, request, result, &reservation), failed);
            check_equal(reservation, 0);
            check_equal(openpit_result_reject_count(result), 1);
            check_equal(openpit_engine_unblock_all(engine), OPENPIT_STATUS_OK);
            reservation = 77;
            check_equal(openpit_engine_apply_drop_copy(engine, &order, result, &reservation, &is_blocked), failed);
            check_equal(reservation, 0);
            check_equal(is_blocked, i);
            check_equal(openpit_result_reject_count(result), 1);
            openpit_result_destroy(result);
            openpit_engine_destroy(engine);
        }
    }
    test("a drop copy that is not recorded tells whether its account is blocked") {
        openpit_engine *engine = new_engine();
        openpit_order order = good_order();
        openpit_reservation reservation = 77;
        uint8_t is_blocked = 77;
        order.fields &= ~(uint32_t)OPENPIT_ORDER_HAS_ACCOUNT;
        check_equal(openpit_engine_apply_drop_copy(engine, &order, NULL, &reservation, &is_blocked), OPENPIT_STATUS_OK);
        check_equal(is_blocked, 0);
        openpit_engine_destroy(engine);

        const openpit_policy failing = {
            .struct_size = sizeof failing, .name = text_of("F"), .perform_pre_trade_check = fail_to_check};
        openpit_engine_builder *builder = new_builder();
        check_equal(openpit_engine_builder_add_policy(builder, &failing), OPENPIT_STATUS_OK);
        engine = build(builder);
        order = good_order();
        for (int blocked = 0; blocked < 2; blocked++) {
            if (blocked) openpit_engine_block_account(engine, 1, text_of("ops"));
            check_equal(openpit_engine_apply_drop_copy(engine, &order, NULL, &reservation, &is_blocked),
                        OPENPIT_STATUS_OK);
            check_equal(reservation, 0);
            check_equal(is_blocked, blocked);
        }
        openpit_engine_destroy(engine);
    }
    test("a new barrier names the accounts that it blocks in 0.10") {
        for (int i = 0; i < 2; i++) {
            const openpit_text funds = text_of("SpotFundsPolicy");
            const openpit_spot_funds_barrier barrier = {.fields = OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER,
                                                        .lower = openpit_decimal_from_int64(-5)};
            openpit_engine_builder *builder = new_builder_as(releases[i]);
            check_equal(openpit_engine_builder_add_spot_funds(builder, 0, NULL, NULL, NULL, 0, NULL),
                        OPENPIT_STATUS_OK);
            openpit_engine *engine = build(builder);
            openpit_result *result = new_result();
            openpit_account_id account = 0;
            check_equal(openpit_engine_set_spot_funds_account_pnl(engine, funds, 7, openpit_decimal_from_int64(-6), 0,
                                                                  result, NULL),
                        OPENPIT_STATUS_OK);
            for (int times = 0; times < 2; times++) {
                check_equal(openpit_engine_configure_spot_funds_barriers(engine, funds, 1u << OPENPIT_TARGET_ALL,
                                                                         &barrier, 1, result, NULL),
                            OPENPIT_STATUS_OK);
                check_equal(openpit_result_block_count(result), i == 1 && times == 0);
                if (i == 1 && times == 0) {
                    check_equal(openpit_result_block_account(result, 0, &account), OPENPIT_STATUS_OK);
                    check_equal(account, 7);
                }
                check_equal(openpit_result_block_account(result, 1, &account), OPENPIT_STATUS_NOT_FOUND);
            }
            check_equal(openpit_result_block_account(NULL, 0, &account), OPENPIT_STATUS_NULL_ARGUMENT);
            check_equal(openpit_result_block_account(result, 0, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
            openpit_result_destroy(result);
            openpit_engine_destroy(engine);
        }
    }
    return report();
}
