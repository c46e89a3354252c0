#include "fixture.h"

static int destroyed;
static void destroy(void *user_data) { destroyed += *(int *)user_data; }

static openpit_policy custom(const char *name, int *weight) {
    return (openpit_policy){
        .struct_size = sizeof(openpit_policy), .name = text_of(name), .user_data = weight, .destroy = destroy};
}

int main(void) {
    test("builder_create refuses what it does not know") {
        openpit_engine_builder *builder = NULL;
        openpit_engine_options options = {.struct_size = sizeof options};
        check_equal(openpit_engine_builder_create(NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_builder_create(&options, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_refused(OPENPIT_STATUS_INVALID_ARGUMENT, options.sync_mode, 3,
                      openpit_engine_builder_create(&options, &builder));
        check_refused(OPENPIT_STATUS_INVALID_ARGUMENT, options.reserved[0], 1,
                      openpit_engine_builder_create(&options, &builder));
        check_refused(OPENPIT_STATUS_INVALID_ARGUMENT,
                      options.reserved[sizeof options.reserved / sizeof options.reserved[0] - 1], 1,
                      openpit_engine_builder_create(&options, &builder));
        check(builder == NULL);
    }

    test("builder_create reads options of any later size") {
        openpit_engine_builder *builder = NULL;
        check_sizes(openpit_engine_options, (openpit_engine_options){.sync_mode = OPENPIT_SYNC_FULL}, options,
                    openpit_engine_builder_create(options, &builder));
        openpit_engine_builder_destroy(builder);
    }

    test("options of the size that callers of 0.1.0 knew mean the default limits, whatever lies behind them") {
        struct {
            openpit_engine_options options;
            uint64_t noise[2];
        } older;
        memset(&older, 0xA5, sizeof older);
        const size_t first_size = offsetof(openpit_engine_options, account_max);
        check_equal(first_size, 48);
        memset(&older, 0, first_size);
        older.options.struct_size = (uint32_t)first_size;
        openpit_engine_builder *builder = NULL;
        check_equal(openpit_engine_builder_create(&older.options, &builder), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_OK);
        openpit_engine *engine = build(builder);
        for (openpit_account_id account = 1; account <= 1000; account++) {
            check_equal(openpit_engine_set_account_currency(engine, account, 0), OPENPIT_STATUS_OK);
        }
        openpit_engine_destroy(engine);
    }

    for (uint64_t most = 1; most <= 3; most++) {
        test("an engine has as many accounts and open reservations as its options say") {
            openpit_engine_options options = {.struct_size = sizeof options, .account_max = most, .open_max = most};
            openpit_engine_builder *builder = NULL;
            check_equal(openpit_engine_builder_create(&options, &builder), OPENPIT_STATUS_OK);
            check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_OK);
            openpit_engine *engine = build(builder);
            openpit_order order = good_order();
            openpit_reservation open[4] = {0}, none = 7;
            for (uint64_t number = 0; number <= most; number++) {
                const openpit_status expected = number < most ? OPENPIT_STATUS_OK : OPENPIT_STATUS_LIMIT_REACHED;
                check_equal(openpit_engine_set_account_currency(engine, number, 0), expected);
                check_equal(
                    openpit_engine_execute_pre_trade(engine, &order, NULL, number < most ? &open[number] : &none),
                    expected);
            }
            check_equal(none, 7);
            check_equal(openpit_engine_commit(engine, open[0]), OPENPIT_STATUS_OK);
            check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &open[0]), OPENPIT_STATUS_OK);
            for (uint64_t number = 0; number < most; number++) {
                check_equal(openpit_engine_rollback(engine, open[number]), OPENPIT_STATUS_OK);
            }
            openpit_engine_destroy(engine);
        }
    }

    test("builder_create makes builders of each mode, with any clock") {
        openpit_clock *clock = NULL;
        check_equal(openpit_clock_create(&clock), OPENPIT_STATUS_OK);
        for (openpit_sync_mode mode = OPENPIT_SYNC_NONE; mode <= OPENPIT_SYNC_ACCOUNT; mode++) {
            openpit_engine_options options = {.struct_size = sizeof options, .sync_mode = mode, .clock = clock};
            openpit_engine_builder *builder = NULL;
            check_equal(openpit_engine_builder_create(&options, &builder), OPENPIT_STATUS_OK);
            check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_OK);
            openpit_engine *engine = build(builder);
            check(trade(engine, NULL));
            openpit_engine_destroy(engine);
        }
        openpit_clock_destroy(clock);
    }

    test("builder_destroy takes NULL, and destroys policies that reached no engine") {
        int weight = 1;
        openpit_engine_builder_destroy(NULL);
        openpit_engine_builder *builder = new_builder();
        openpit_policy policy = custom("A", &weight);
        destroyed = 0;
        check_equal(openpit_engine_builder_add_policy(builder, &policy), OPENPIT_STATUS_OK);
        openpit_engine_builder_destroy(builder);
        check_equal(destroyed, 1);
    }

    test("builder_build says in words why it refuses") {
        openpit_error error = {.struct_size = sizeof error};
        openpit_engine *engine = NULL;
        check_equal(openpit_engine_builder_build(NULL, &engine, &error), OPENPIT_STATUS_NULL_ARGUMENT);

        openpit_engine_builder *builder = new_builder();
        check_equal(openpit_engine_builder_build(builder, NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        error.struct_size = 8;
        check_equal(openpit_engine_builder_build(builder, &engine, &error), OPENPIT_STATUS_STRUCT_SIZE);
        error.struct_size = sizeof error;
        check_equal(openpit_engine_builder_build(builder, &engine, &error), OPENPIT_STATUS_NO_POLICIES);
        check_text(error.message, "no policies registered");
        check_equal(openpit_engine_builder_build(builder, &engine, &error), OPENPIT_STATUS_BUILDER_CONSUMED);
        check_text(error.message, "engine builder is no longer available");
        openpit_engine_builder_destroy(builder);

        builder = new_builder();
        check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_builder_build(builder, &engine, &error), OPENPIT_STATUS_DUPLICATE_POLICY_NAME);
        check_text(error.message, "duplicate policy name in engine configuration: OrderValidationPolicy");
        openpit_engine_builder_destroy(builder);

        int weight = 1;
        openpit_policy policy = custom("A", &weight);
        policy.policy_group = 7;
        builder = new_builder();
        check_equal(openpit_engine_builder_add_order_validation(builder, 7), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_builder_add_policy(builder, &policy), OPENPIT_STATUS_OK);
        destroyed = 0;
        check_equal(openpit_engine_builder_build(builder, &engine, &error), OPENPIT_STATUS_DUPLICATE_POLICY_GROUP);
        check_text(error.message, "duplicate non-default policy_group_id: 7");
        check_equal(destroyed, 1);
        openpit_engine_builder_destroy(builder);
        check(engine == NULL);
    }

    test("builder functions refuse a builder that is spent") {
        openpit_engine_builder *builder = new_builder();
        check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_OK);
        openpit_engine *engine = NULL;
        check_equal(openpit_engine_builder_build(builder, &engine, NULL), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_BUILDER_CONSUMED);
        openpit_rate_limit_barrier rate = {.max_orders = 1, .window_nanoseconds = 1};
        check_equal(openpit_engine_builder_add_rate_limit(builder, 0, &rate, 1, NULL), OPENPIT_STATUS_BUILDER_CONSUMED);
        openpit_order_size_barrier size = {.fields = OPENPIT_SIZE_HAS_QUANTITY};
        check_equal(openpit_engine_builder_add_order_size_limit(builder, 0, &size, 1, NULL),
                    OPENPIT_STATUS_BUILDER_CONSUMED);
        openpit_pnl_barrier pnl = {.fields = OPENPIT_PNL_HAS_LOWER, .asset = asset_of("USD")};
        check_equal(openpit_engine_builder_add_pnl_kill_switch(builder, 0, &pnl, 1, NULL),
                    OPENPIT_STATUS_BUILDER_CONSUMED);
        int weight = 1;
        openpit_policy policy = custom("A", &weight);
        destroyed = 0;
        check_equal(openpit_engine_builder_add_policy(builder, &policy), OPENPIT_STATUS_BUILDER_CONSUMED);
        check_equal(destroyed, 0);
        openpit_engine_builder_destroy(builder);
        check(trade(engine, NULL));
        openpit_engine_destroy(engine);
    }

    test("builder_add_order_validation refuses NULL") {
        check_equal(openpit_engine_builder_add_order_validation(NULL, 0), OPENPIT_STATUS_NULL_ARGUMENT);
    }

    test("builder_add_policy takes only a whole table") {
        int weight = 1;
        openpit_engine_builder *builder = new_builder();
        openpit_policy policy = custom("A", &weight);
        check_equal(openpit_engine_builder_add_policy(NULL, &policy), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_builder_add_policy(builder, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_refused(OPENPIT_STATUS_INVALID_ARGUMENT, policy.reserved, 1,
                      openpit_engine_builder_add_policy(builder, &policy));
        for (int i = 0; i < 4; i++)
            check_refused(OPENPIT_STATUS_INVALID_ARGUMENT, policy.reserved_tail[i], 1,
                          openpit_engine_builder_add_policy(builder, &policy));
        check_refused(OPENPIT_STATUS_INVALID_UTF8, policy.name, bad_text(),
                      openpit_engine_builder_add_policy(builder, &policy));
        check_refused(OPENPIT_STATUS_NULL_ARGUMENT, policy.name, missing_text(),
                      openpit_engine_builder_add_policy(builder, &policy));
        check_refused(OPENPIT_STATUS_NAME_TOO_LONG, policy.name.length, 1 << 20,
                      openpit_engine_builder_add_policy(builder, &policy));
        destroyed = 0;
        check_equal(openpit_engine_builder_build(builder, &(openpit_engine *){NULL}, NULL), OPENPIT_STATUS_NO_POLICIES);
        check_equal(destroyed, 0);
        openpit_engine_builder_destroy(builder);

        builder = new_builder();
        check_sizes(openpit_policy, custom("A", &weight), table, openpit_engine_builder_add_policy(builder, table));
        openpit_engine_destroy(build(builder));
        check_equal(destroyed, 1);
    }

    return report();
}
