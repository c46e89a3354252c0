#include "fixture.h"

static openpit_rate_limit_barrier rate(uint64_t max_orders) {
    return (openpit_rate_limit_barrier){.max_orders = max_orders, .window_nanoseconds = 1000000000000};
}

static openpit_order_size_barrier size_of_at_most(int64_t quantity) {
    return (openpit_order_size_barrier){.fields = OPENPIT_SIZE_HAS_QUANTITY,
                                        .asset = asset_of("USD"),
                                        .max_quantity = openpit_decimal_from_int64(quantity)};
}

static openpit_pnl_barrier pnl_of_at_least(int64_t lower) {
    return (openpit_pnl_barrier){
        .fields = OPENPIT_PNL_HAS_LOWER, .asset = asset_of("USD"), .lower = openpit_decimal_from_int64(lower)};
}

/// An engine with all three policies, none of which stops a good order.
static openpit_engine *limited_engine(void) {
    openpit_engine_builder *builder = new_builder();
    openpit_rate_limit_barrier orders = rate(1000);
    openpit_order_size_barrier size = size_of_at_most(1000);
    openpit_pnl_barrier pnl = pnl_of_at_least(-1000);
    check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_OK);
    check_equal(openpit_engine_builder_add_rate_limit(builder, 0, &orders, 1, NULL), OPENPIT_STATUS_OK);
    check_equal(openpit_engine_builder_add_order_size_limit(builder, 0, &size, 1, NULL), OPENPIT_STATUS_OK);
    check_equal(openpit_engine_builder_add_pnl_kill_switch(builder, 0, &pnl, 1, NULL), OPENPIT_STATUS_OK);
    return build(builder);
}

int main(void) {
    openpit_error error = {.struct_size = sizeof error};

#define refuses(status, field, wrong) check_refused(status, barrier.field, wrong, CALL)

    test("builder_add_rate_limit refuses each thing that can be wrong with a barrier") {
        openpit_engine_builder *builder = new_builder();
        openpit_rate_limit_barrier barrier = rate(1);
#define CALL openpit_engine_builder_add_rate_limit(builder, 0, &barrier, 1, &error)
        check_equal(openpit_engine_builder_add_rate_limit(NULL, 0, &barrier, 1, &error), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_builder_add_rate_limit(builder, 0, NULL, 1, &error), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_builder_add_rate_limit(builder, 0, &barrier, SIZE_MAX, &error),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_engine_builder_add_rate_limit(builder, 0, NULL, 0, &error), OPENPIT_STATUS_NO_BARRIERS);
        check_text(error.message, "at least one broker, asset, account, or account+asset barrier must be configured");
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, axis, 4);
        for (int i = 0; i < 3; i++) refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved[i], 1);
        refuses(OPENPIT_STATUS_INVALID_WINDOW, window_nanoseconds, 0);
        check_text(error.message, "rate limit window must be positive and fit in u64 nanoseconds, got 0ns");
        barrier.axis = OPENPIT_AXIS_ASSET;
        check_equal(CALL, OPENPIT_STATUS_NOT_FOUND);
        refuses(OPENPIT_STATUS_NOT_FOUND, asset, UNKNOWN_ASSET);
        barrier.axis = OPENPIT_AXIS_ACCOUNT_ASSET;
        refuses(OPENPIT_STATUS_NOT_FOUND, asset, UNKNOWN_ASSET);
        check_refused(OPENPIT_STATUS_STRUCT_SIZE, error.struct_size, 0, CALL);
        check_equal(openpit_engine_builder_build(builder, &(openpit_engine *){NULL}, NULL), OPENPIT_STATUS_NO_POLICIES);
        openpit_engine_builder_destroy(builder);
#undef CALL
    }

    test("builder_add_order_size_limit refuses each thing that can be wrong with a barrier") {
        openpit_engine_builder *builder = new_builder();
        openpit_order_size_barrier barrier = size_of_at_most(1);
#define CALL openpit_engine_builder_add_order_size_limit(builder, 0, &barrier, 1, &error)
        check_equal(openpit_engine_builder_add_order_size_limit(NULL, 0, &barrier, 1, &error),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_builder_add_order_size_limit(builder, 0, NULL, 1, &error),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_builder_add_order_size_limit(builder, 0, NULL, 0, &error),
                    OPENPIT_STATUS_NO_BARRIERS);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, axis, OPENPIT_AXIS_ACCOUNT);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, axis, 4);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, fields, 8);
        refuses(OPENPIT_STATUS_NO_BOUNDS, fields, 0);
        check_text(error.message, "at least one of max_quantity or max_notional must be configured");
        for (int i = 0; i < 2; i++) refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved[i], 1);
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, max_quantity, bad_decimal());
        refuses(OPENPIT_STATUS_NEGATIVE_VALUE, max_quantity, openpit_decimal_from_int64(-1));
        barrier.fields = OPENPIT_SIZE_HAS_NOTIONAL;
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, max_notional, bad_decimal());
        refuses(OPENPIT_STATUS_NEGATIVE_VALUE, max_notional, openpit_decimal_from_int64(-1));
        barrier.axis = OPENPIT_AXIS_ACCOUNT_ASSET;
        refuses(OPENPIT_STATUS_NOT_FOUND, asset, UNKNOWN_ASSET);
        barrier.axis = OPENPIT_AXIS_ASSET;
        refuses(OPENPIT_STATUS_NOT_FOUND, asset, 0);
        check_equal(openpit_engine_builder_build(builder, &(openpit_engine *){NULL}, NULL), OPENPIT_STATUS_NO_POLICIES);
        openpit_engine_builder_destroy(builder);
#undef CALL
    }

    test("builder_add_pnl_kill_switch refuses each thing that can be wrong with a barrier") {
        openpit_engine_builder *builder = new_builder();
        openpit_pnl_barrier barrier = pnl_of_at_least(-1);
#define CALL openpit_engine_builder_add_pnl_kill_switch(builder, 0, &barrier, 1, &error)
        check_equal(openpit_engine_builder_add_pnl_kill_switch(NULL, 0, &barrier, 1, &error),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_builder_add_pnl_kill_switch(builder, 0, NULL, 1, &error),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_builder_add_pnl_kill_switch(builder, 0, NULL, 0, &error),
                    OPENPIT_STATUS_NO_BARRIERS);
        check_text(error.message, "at least one broker or account+asset barrier must be configured");
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, axis, OPENPIT_AXIS_ASSET);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, axis, OPENPIT_AXIS_ACCOUNT);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, axis, 4);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, fields, 8);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, fields, OPENPIT_PNL_HAS_LOWER | OPENPIT_PNL_HAS_INITIAL);
        refuses(OPENPIT_STATUS_NO_BOUNDS, fields, 0);
        check_text(error.message,
                   "at least one of lower_bound or upper_bound must be configured for settlement asset USD");
        for (int i = 0; i < 2; i++) refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved[i], 1);
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, lower, bad_decimal());
        refuses(OPENPIT_STATUS_NOT_FOUND, asset, 0);
        refuses(OPENPIT_STATUS_NOT_FOUND, asset, UNKNOWN_ASSET);
        barrier.axis = OPENPIT_AXIS_ACCOUNT_ASSET;
        barrier.fields = OPENPIT_PNL_HAS_UPPER | OPENPIT_PNL_HAS_INITIAL;
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, upper, bad_decimal());
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, initial, bad_decimal());
        check_equal(openpit_engine_builder_build(builder, &(openpit_engine *){NULL}, NULL), OPENPIT_STATUS_NO_POLICIES);
        openpit_engine_builder_destroy(builder);
#undef CALL
    }

    openpit_engine *engine = limited_engine();
    openpit_text name = text_of("RateLimitPolicy");

    test("engine_configure_rate_limit changes nothing when it refuses") {
        openpit_rate_limit_barrier barrier = rate(0);
        uint32_t broker = 1u << OPENPIT_AXIS_BROKER;
#define CALL openpit_engine_configure_rate_limit(engine, name, broker, &barrier, 1, &error)
        check_equal(openpit_engine_configure_rate_limit(NULL, name, broker, &barrier, 1, &error),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_configure_rate_limit(engine, name, broker, NULL, 1, &error),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_configure_rate_limit(engine, name, 1u << 4, &barrier, 1, &error),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_refused(OPENPIT_STATUS_INVALID_UTF8, name, bad_text(), CALL);
        check_refused(OPENPIT_STATUS_NULL_ARGUMENT, name, missing_text(), CALL);
        check_refused(OPENPIT_STATUS_UNKNOWN_POLICY, name, text_of("nope"), CALL);
        check_text(error.message, "no configurable policy named nope");
        check_refused(OPENPIT_STATUS_UNKNOWN_POLICY, name, text_of("OrderValidationPolicy"), CALL);
        check_refused(OPENPIT_STATUS_POLICY_TYPE_MISMATCH, name, text_of("OrderSizeLimitPolicy"), CALL);
        check_text(error.message,
                   "policy OrderSizeLimitPolicy has settings type OrderSizeLimitPolicy, not RateLimitPolicy");
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, axis, 9);
        refuses(OPENPIT_STATUS_INVALID_WINDOW, window_nanoseconds, 0);
        check_equal(openpit_engine_configure_rate_limit(engine, name, broker, NULL, 0, &error),
                    OPENPIT_STATUS_NO_BARRIERS);
        check_text(error.message, "policy RateLimitPolicy rejected the update: at least one broker, asset, account, or "
                                  "account+asset barrier must be configured");
        check_refused(OPENPIT_STATUS_STRUCT_SIZE, error.struct_size, 0, CALL);
        check(trade(engine, NULL));
        check_equal(CALL, OPENPIT_STATUS_OK);
        check(!trade(engine, NULL));
        barrier.max_orders = 1000;
        check_equal(CALL, OPENPIT_STATUS_OK);
        check(trade(engine, NULL));
#undef CALL
    }

    test("engine_configure_order_size_limit changes nothing when it refuses") {
        openpit_order_size_barrier barrier = size_of_at_most(0);
        uint32_t broker = 1u << OPENPIT_AXIS_BROKER;
        name = text_of("OrderSizeLimitPolicy");
#define CALL openpit_engine_configure_order_size_limit(engine, name, broker, &barrier, 1, &error)
        check_equal(openpit_engine_configure_order_size_limit(NULL, name, broker, &barrier, 1, &error),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_configure_order_size_limit(engine, name, broker, NULL, 1, &error),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_refused(OPENPIT_STATUS_POLICY_TYPE_MISMATCH, name, text_of("RateLimitPolicy"), CALL);
        refuses(OPENPIT_STATUS_NO_BOUNDS, fields, 0);
        refuses(OPENPIT_STATUS_NEGATIVE_VALUE, max_quantity, openpit_decimal_from_int64(-1));
        check_equal(openpit_engine_configure_order_size_limit(engine, name, broker, NULL, 0, &error),
                    OPENPIT_STATUS_NO_BARRIERS);
        check(trade(engine, NULL));
        check_equal(CALL, OPENPIT_STATUS_OK);
        check(!trade(engine, NULL));
        barrier.max_quantity = openpit_decimal_from_int64(1000);
        check_equal(CALL, OPENPIT_STATUS_OK);
#undef CALL
    }

    test("engine_configure_pnl_kill_switch changes nothing when it refuses") {
        openpit_pnl_barrier barrier = pnl_of_at_least(1);
        uint32_t broker = 1u << OPENPIT_AXIS_BROKER;
        name = text_of("PnlBoundsKillSwitchPolicy");
#define CALL openpit_engine_configure_pnl_kill_switch(engine, name, broker, &barrier, 1, &error)
        check_equal(openpit_engine_configure_pnl_kill_switch(NULL, name, broker, &barrier, 1, &error),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_configure_pnl_kill_switch(engine, name, broker, NULL, 1, &error),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_refused(OPENPIT_STATUS_POLICY_TYPE_MISMATCH, name, text_of("RateLimitPolicy"), CALL);
        refuses(OPENPIT_STATUS_NO_BOUNDS, fields, 0);
        refuses(OPENPIT_STATUS_NOT_FOUND, asset, UNKNOWN_ASSET);
        check_equal(openpit_engine_configure_pnl_kill_switch(engine, name, broker, NULL, 0, &error),
                    OPENPIT_STATUS_NO_BARRIERS);
        check(trade(engine, NULL));
        check_equal(CALL, OPENPIT_STATUS_OK);
        check(!trade(engine, NULL));
        barrier = pnl_of_at_least(-1000);
        check_equal(CALL, OPENPIT_STATUS_OK);
        check_equal(openpit_engine_unblock_account(engine, 1), OPENPIT_STATUS_OK);
        check(trade(engine, NULL));
#undef CALL
    }

    test("engine_set_account_pnl changes nothing when it refuses") {
        openpit_decimal loss = openpit_decimal_from_int64(-1001);
        openpit_asset usd = asset_of("USD");
        check_equal(openpit_engine_set_account_pnl(NULL, name, 1, usd, loss, &error), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_set_account_pnl(engine, bad_text(), 1, usd, loss, &error),
                    OPENPIT_STATUS_INVALID_UTF8);
        check_equal(openpit_engine_set_account_pnl(engine, text_of("nope"), 1, usd, loss, &error),
                    OPENPIT_STATUS_UNKNOWN_POLICY);
        check_equal(openpit_engine_set_account_pnl(engine, text_of("RateLimitPolicy"), 1, usd, loss, &error),
                    OPENPIT_STATUS_POLICY_TYPE_MISMATCH);
        check_equal(openpit_engine_set_account_pnl(engine, name, 1, UNKNOWN_ASSET, loss, &error),
                    OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_set_account_pnl(engine, name, 1, usd, bad_decimal(), &error),
                    OPENPIT_STATUS_INVALID_DECIMAL);
        check(trade(engine, NULL));
        check_equal(openpit_engine_set_account_pnl(engine, name, 1, usd, loss, NULL), OPENPIT_STATUS_OK);
        check(!trade(engine, NULL));
    }

    test("a closed engine is not reconfigured") {
        openpit_rate_limit_barrier barrier = rate(0);
        check_equal(openpit_engine_retain_weak(engine), OPENPIT_STATUS_OK);
        openpit_engine_destroy(engine);
        check_equal(openpit_engine_configure_rate_limit(engine, text_of("RateLimitPolicy"), 1, &barrier, 1, &error),
                    OPENPIT_STATUS_ENGINE_CLOSED);
        openpit_engine_release_weak(engine);
    }

    return report();
}
