#include "fixture.h"

static const char funds[] = "SpotFundsPolicy";

static openpit_spot_funds_settings no_settings(void) {
    return (openpit_spot_funds_settings){.struct_size = sizeof(openpit_spot_funds_settings)};
}

/// A barrier of every account: a P&L of -5 at least.
static openpit_spot_funds_barrier good_barrier(void) {
    return (openpit_spot_funds_barrier){.fields = OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER,
                                        .lower = openpit_decimal_from_int64(-5)};
}

/// An engine with spot funds, in which account 1 has 100 USD.
static openpit_engine *new_funded_engine(void) {
    openpit_engine_builder *builder = new_builder();
    check_equal(openpit_engine_builder_add_spot_funds(builder, 0, NULL, NULL, NULL, 0, NULL), OPENPIT_STATUS_OK);
    openpit_engine *engine = build(builder);
    openpit_adjustment adjustment = good_adjustment();
    size_t failed = 0;
    adjustment.balance = openpit_decimal_from_int64(100);
    check_equal(openpit_engine_apply_account_adjustment(engine, 1, &adjustment, 1, NULL, &failed), OPENPIT_STATUS_OK);
    return engine;
}

int main(void) {
    test("builder_add_spot_funds refuses what it cannot use") {
        openpit_engine_builder *builder = new_builder();
        openpit_spot_funds_settings settings = no_settings();
        openpit_spot_funds_barrier barrier = good_barrier();
        openpit_slippage_override override = {.target = OPENPIT_TARGET_ALL};
        openpit_limit_mode_pin pin = {.target = OPENPIT_TARGET_ACCOUNT};
        openpit_position_limit limit = {.asset = asset_of("USD")};
        openpit_error error = {.struct_size = sizeof error};
        settings.overrides = &override, settings.override_count = 1;
        settings.limit_mode_pins = &pin, settings.limit_mode_pin_count = 1;
        settings.position_limits = &limit, settings.position_limit_count = 1;
#define add(builder) openpit_engine_builder_add_spot_funds(builder, 0, NULL, &settings, &barrier, 1, &error)
#define refuses(status, value, wrong) check_refused(status, value, wrong, add(builder))
        check_equal(add(NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        refuses(OPENPIT_STATUS_STRUCT_SIZE, settings.struct_size, 8);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, settings.fields, OPENPIT_SPOT_FUNDS_ALL_FIELDS + 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, settings.pricing_source, 3);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, settings.limit_mode, 3);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, settings.reserved_word, 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, settings.reserved[3], 1);
        refuses(OPENPIT_STATUS_NULL_ARGUMENT, settings.overrides, NULL);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, settings.override_count, SIZE_MAX);
        refuses(OPENPIT_STATUS_NULL_ARGUMENT, settings.limit_mode_pins, NULL);
        refuses(OPENPIT_STATUS_NULL_ARGUMENT, settings.position_limits, NULL);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, override.target, 3);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, override.is_removed, 2);
        refuses(OPENPIT_STATUS_INVALID_SLIPPAGE, override.slippage, 10001);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, pin.target, OPENPIT_TARGET_ALL);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, pin.mode, 3);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, pin.reserved, 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, limit.is_removed, 2);
        refuses(OPENPIT_STATUS_NEGATIVE_VALUE, limit.limit, openpit_decimal_from_int64(-1));
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, limit.limit, bad_decimal());
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, barrier.target, 3);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, barrier.fields, 4);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, barrier.reserved, 1);
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, barrier.lower, bad_decimal());
        refuses(OPENPIT_STATUS_NO_BOUNDS, barrier.fields, 0);
        check_text(error.message, "spot-funds P&L bounds must configure at least one bound");
#undef refuses
#undef add
        openpit_engine_builder_destroy(builder);
    }

    test("market data for one thread serve an engine for one thread") {
        openpit_market_data_options market = {.struct_size = sizeof market, .sync_mode = OPENPIT_SYNC_NONE};
        openpit_engine_options options = {.struct_size = sizeof options, .sync_mode = OPENPIT_SYNC_FULL};
        openpit_market_data *service = NULL;
        openpit_engine_builder *builder = NULL;
        check_equal(openpit_market_data_create(&market, &service), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_builder_create(&options, &builder), OPENPIT_STATUS_OK);
        openpit_error error = {.struct_size = sizeof error};
        check_equal(openpit_engine_builder_add_spot_funds(builder, 0, service, NULL, NULL, 0, &error),
                    OPENPIT_STATUS_SYNC_MODE_MISMATCH);
        check_text(error.message, "market data service is in no-sync mode but the engine is multi-threaded");
        openpit_engine_builder_destroy(builder);
        builder = new_builder();
        check_equal(openpit_engine_builder_add_spot_funds(builder, 0, service, NULL, NULL, 0, NULL), OPENPIT_STATUS_OK);
        openpit_engine *engine = build(builder);
        openpit_market_data_destroy(service);
        openpit_engine_destroy(engine);
    }

    test("two policies of spot funds make no engine, and a spent builder takes none") {
        openpit_engine_builder *builder = new_builder();
        openpit_engine *engine = NULL;
        for (int i = 0; i < 2; i++) {
            check_equal(openpit_engine_builder_add_spot_funds(builder, 0, NULL, NULL, NULL, 0, NULL),
                        OPENPIT_STATUS_OK);
        }
        check_equal(openpit_engine_builder_build(builder, &engine, NULL), OPENPIT_STATUS_DUPLICATE_POLICY_NAME);
        check_equal(openpit_engine_builder_add_spot_funds(builder, 0, NULL, NULL, NULL, 0, NULL),
                    OPENPIT_STATUS_BUILDER_CONSUMED);
        openpit_engine_builder_destroy(builder);
    }

    test("an order's funds are set aside, settled and released") {
        openpit_engine *engine = new_funded_engine();
        openpit_order order = good_order();
        openpit_reservation reservation = 0;
        openpit_result *result = new_result();
        openpit_lock_entry lock = {0};
        order.amount = openpit_decimal_from_int64(4);
        check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &reservation), OPENPIT_STATUS_OK);
        check(reservation != 0);
        check_equal(openpit_result_outcome_count(result), 2);
        check_equal(openpit_result_lock_entry(result, 0, &lock), OPENPIT_STATUS_OK);
        check(is_whole(holding_of(engine, "USD").balance, 60) && is_whole(holding_of(engine, "USD").held, 40));
        check(is_whole(holding_of(engine, "AAPL").incoming, 4));
        check_equal(openpit_engine_commit(engine, reservation), OPENPIT_STATUS_OK);

        check_equal(openpit_engine_set_account_currency(engine, 1, asset_of("USD")), OPENPIT_STATUS_OK);
        openpit_report report = good_report();
        report.fields = OPENPIT_REPORT_HAS_ACCOUNT | OPENPIT_REPORT_HAS_TRADE | OPENPIT_REPORT_HAS_LEAVES_QUANTITY |
                        OPENPIT_REPORT_HAS_FINALITY | OPENPIT_REPORT_HAS_LOCK;
        report.trade_price = openpit_decimal_from_int64(9);
        report.trade_quantity = openpit_decimal_from_int64(3);
        report.leaves_quantity = openpit_decimal_from_int64(1);
        report.is_final = 1;
        report.lock = &lock;
        report.lock_count = 1;
        check_equal(openpit_engine_apply_execution_report(engine, &report, result), OPENPIT_STATUS_OK);
        check_equal(openpit_result_account_pnl_count(result), 1);
        openpit_holding holding = holding_of(engine, "AAPL");
        check(is_whole(holding.balance, 3) && is_whole(holding.incoming, 0) &&
              is_whole(holding.average_entry_price, 9));
        check_equal(holding.fields, OPENPIT_HOLDING_HAS_AVERAGE_ENTRY_PRICE | OPENPIT_HOLDING_HAS_REALIZED_PNL);
        check(is_whole(holding_of(engine, "USD").balance, 73) && is_whole(holding_of(engine, "USD").held, 0));
        openpit_result_destroy(result);
        openpit_engine_destroy(engine);
    }

    test("a reservation of a closed engine is rolled back into nothing") {
        openpit_engine *engine = new_funded_engine();
        openpit_order order = good_order();
        openpit_reservation reservation = 0;
        check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_retain_weak(engine), OPENPIT_STATUS_OK);
        openpit_engine_destroy(engine);
        check_equal(openpit_engine_rollback(engine, reservation), OPENPIT_STATUS_OK);
        openpit_engine_release_weak(engine);
    }

    test("engine_configure_spot_funds changes the next order") {
        openpit_engine *engine = new_funded_engine();
        openpit_order order = good_order();
        openpit_reservation reservation = 0;
        openpit_error error = {.struct_size = sizeof error};
        openpit_spot_funds_settings settings = no_settings();
        order.amount = openpit_decimal_from_int64(11);
        check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation), OPENPIT_STATUS_OK);
        check_equal(reservation, 0);
        settings.limit_mode = OPENPIT_LIMIT_MODE_TRACK_ONLY;
        check_equal(openpit_engine_configure_spot_funds(NULL, text_of(funds), &settings, NULL),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_configure_spot_funds(engine, text_of(funds), NULL, NULL),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_configure_spot_funds(engine, text_of("X"), &settings, &error),
                    OPENPIT_STATUS_UNKNOWN_POLICY);
        check_text(error.message, "no configurable policy named X");
        check_equal(openpit_engine_configure_rate_limit(engine, text_of(funds), 0, NULL, 0, NULL),
                    OPENPIT_STATUS_POLICY_TYPE_MISMATCH);
        settings.fields = OPENPIT_SPOT_FUNDS_HAS_SLIPPAGE, settings.slippage = 10001;
        check_equal(openpit_engine_configure_spot_funds(engine, text_of(funds), &settings, &error),
                    OPENPIT_STATUS_INVALID_SLIPPAGE);
        check_text(error.message,
                   "policy SpotFundsPolicy rejected the update: slippage 10001 bps is out of range (must be "
                   "<= 10 000 bps)");
        settings.slippage = 10000;
        check_equal(openpit_engine_configure_spot_funds(engine, text_of(funds), &settings, NULL), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation), OPENPIT_STATUS_OK);
        check(reservation != 0);
        openpit_engine_drop_reservation(engine, reservation);
        check(is_whole(holding_of(engine, "USD").balance, 100));
        openpit_engine_destroy(engine);
    }

    test("engine_configure_spot_funds_barriers and a P&L set by hand block an account") {
        openpit_engine *engine = new_funded_engine();
        openpit_spot_funds_barrier barrier = good_barrier();
        openpit_result *result = new_result();
        openpit_decimal pnl = openpit_decimal_from_int64(-6), read = {0};
        openpit_halt_reason halt = 77;
        const uint32_t all = 1u << OPENPIT_TARGET_ALL;
#define replace(engine, targets, barriers, count)                                                                      \
    openpit_engine_configure_spot_funds_barriers(engine, text_of(funds), targets, barriers, count, NULL, NULL)
        check_equal(replace(NULL, all, &barrier, 1), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(replace(engine, 1u << 3, &barrier, 1), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(replace(engine, all, NULL, 1), OPENPIT_STATUS_NULL_ARGUMENT);
        check_refused(OPENPIT_STATUS_NO_BOUNDS, barrier.fields, 0, replace(engine, all, &barrier, 1));
        check_equal(replace(engine, all, &barrier, 1), OPENPIT_STATUS_OK);
#define set(engine, pnl, halt)                                                                                         \
    openpit_engine_set_spot_funds_account_pnl(engine, text_of(funds), 1, pnl, halt, result, NULL)
        check_equal(set(NULL, pnl, 0), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(set(engine, bad_decimal(), 0), OPENPIT_STATUS_INVALID_DECIMAL);
        check_equal(set(engine, pnl, 6), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(set(engine, pnl, OPENPIT_HALT_MISSING_FX), OPENPIT_STATUS_OK);
        check(reads(first_reason(result), "account pnl calculation halted"));
        check_equal(openpit_engine_read_spot_funds_account_pnl(engine, 1, &read, &halt), OPENPIT_STATUS_OK);
        check_equal(halt, OPENPIT_HALT_MISSING_FX);
        check_equal(openpit_engine_unblock_account(engine, 1), OPENPIT_STATUS_OK);
        check_equal(set(engine, pnl, 0), OPENPIT_STATUS_OK);
        check(reads(first_reason(result), "pnl kill switch triggered"));
        check(!trade(engine, result));
        check_equal(openpit_engine_read_spot_funds_account_pnl(engine, 1, &read, &halt), OPENPIT_STATUS_OK);
        check(is_whole(read, -6) && halt == OPENPIT_HALT_NONE);
        check_equal(replace(engine, all, NULL, 0), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_unblock_account(engine, 1), OPENPIT_STATUS_OK);
        check(trade(engine, result));
#undef set
#undef replace
        openpit_result_destroy(result);
        openpit_engine_destroy(engine);
    }

    test("holdings and P&L are read from spot funds only") {
        openpit_engine *engine = new_engine();
        openpit_holding holding = {.struct_size = sizeof holding};
        openpit_decimal pnl;
        openpit_halt_reason halt;
        check_equal(openpit_engine_read_holding(engine, 1, asset_of("USD"), &holding), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_read_spot_funds_account_pnl(engine, 1, &pnl, &halt), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_read_spot_funds_account_pnl(engine, 1, NULL, &halt), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_read_spot_funds_account_pnl(engine, 1, &pnl, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_read_spot_funds_account_pnl(NULL, 1, &pnl, &halt), OPENPIT_STATUS_NULL_ARGUMENT);
        openpit_engine_destroy(engine);
        engine = new_funded_engine();
        check_equal(openpit_engine_read_holding(NULL, 1, asset_of("USD"), &holding), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_read_holding(engine, 1, asset_of("USD"), NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_refused(OPENPIT_STATUS_STRUCT_SIZE, holding.struct_size, 4,
                      openpit_engine_read_holding(engine, 1, asset_of("USD"), &holding));
        check(openpit_engine_read_holding(engine, 1, 0, &holding) != OPENPIT_STATUS_OK);
        check_equal(openpit_engine_read_holding(engine, 99, asset_of("USD"), &holding), OPENPIT_STATUS_OK);
        check(is_whole(holding.balance, 0));
        openpit_engine_destroy(engine);
    }

    test("engine_apply_drop_copy records an order without funds") {
        openpit_engine *engine = new_funded_engine();
        openpit_order order = good_order();
        openpit_reservation reservation = 77;
        uint8_t is_blocked = 77;
        openpit_result *result = new_result();
        order.amount = openpit_decimal_from_int64(50);
        check_equal(openpit_engine_apply_drop_copy(NULL, &order, result, &reservation, &is_blocked),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_apply_drop_copy(engine, NULL, result, &reservation, &is_blocked),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_apply_drop_copy(engine, &order, result, NULL, &is_blocked),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_apply_drop_copy(engine, &order, result, &reservation, NULL),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(reservation, 77);
        check_equal(openpit_engine_apply_drop_copy(engine, &order, result, &reservation, &is_blocked),
                    OPENPIT_STATUS_OK);
        check(reservation != 0 && is_blocked == 0 && is_whole(holding_of(engine, "USD").balance, -400));
        check_equal(openpit_engine_rollback(engine, reservation), OPENPIT_STATUS_OK);
        order.fields &= ~(uint32_t)OPENPIT_ORDER_HAS_PRICE;
        check_equal(openpit_engine_apply_drop_copy(engine, &order, result, &reservation, &is_blocked),
                    OPENPIT_STATUS_OK);
        check_equal(reservation, 0);
        check(reads(first_reason(result), "limit price is required for drop-copy"));
        openpit_result_destroy(result);
        openpit_engine_destroy(engine);
    }

    test("reject_code_is_evaluation_failure and context_is_drop_copy answer anything") {
        check_equal(openpit_reject_code_is_evaluation_failure(OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE), 1);
        check_equal(openpit_reject_code_is_evaluation_failure(OPENPIT_REJECT_INSUFFICIENT_FUNDS), 0);
        check_equal(openpit_reject_code_is_evaluation_failure(0), 0);
        check_equal(openpit_context_is_drop_copy(NULL), 0);
    }
    return report();
}
