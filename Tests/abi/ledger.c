#include "fixture.h"

/// An engine that keeps a ledger, and no spot funds; with these quotes, if any.
static openpit_engine *new_keeping_engine(openpit_market_data *quotes) {
    openpit_engine_builder *builder = new_builder();
    check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_OK);
    check_equal(openpit_engine_builder_keep_ledger(builder, quotes, NULL), OPENPIT_STATUS_OK);
    return build(builder);
}

/// A report of account 1, which has traded AAPL for USD, without a lock.
static openpit_report traded(openpit_side side, int64_t quantity, int64_t price) {
    openpit_report fill = good_report();
    fill.fields = OPENPIT_REPORT_HAS_ACCOUNT | OPENPIT_REPORT_HAS_TRADE;
    fill.side = side;
    fill.trade_quantity = openpit_decimal_from_int64(quantity);
    fill.trade_price = openpit_decimal_from_int64(price);
    return fill;
}

static void charge(openpit_report *report, int64_t fee) {
    report->fields |= OPENPIT_REPORT_HAS_FILL_FEE;
    report->fill_fee = openpit_decimal_from_int64(fee);
    report->fill_fee_asset = asset_of("USD");
}

int main(void) {
    openpit_decimal pnl;
    openpit_halt_reason halt;

    test("an engine has a ledger with spot funds, or when it is told to keep one") {
        openpit_engine *engine = new_engine();
        openpit_holding holding = {.struct_size = sizeof holding};
        check_equal(openpit_engine_read_holding(engine, 1, asset_of("USD"), &holding), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_read_spot_funds_account_pnl(engine, 1, &pnl, &halt), OPENPIT_STATUS_NOT_FOUND);
        openpit_engine_destroy(engine);
        engine = new_keeping_engine(NULL);
        check(is_whole(holding_of(engine, "USD").balance, 0));
        check_equal(openpit_engine_read_spot_funds_account_pnl(engine, 1, &pnl, &halt), OPENPIT_STATUS_OK);
        check(is_whole(pnl, 0));
        openpit_engine_destroy(engine);
    }

    test("builder_keep_ledger refuses what it cannot use") {
        openpit_market_data_options market = {.struct_size = sizeof market, .sync_mode = OPENPIT_SYNC_NONE};
        openpit_engine_options options = {.struct_size = sizeof options, .sync_mode = OPENPIT_SYNC_FULL};
        openpit_market_data *quotes = NULL;
        openpit_engine_builder *builder = NULL;
        openpit_engine *engine = NULL;
        openpit_error error = {.struct_size = sizeof error};
        check_equal(openpit_market_data_create(&market, &quotes), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_builder_create(&options, &builder), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_builder_keep_ledger(NULL, NULL, &error), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_builder_keep_ledger(builder, quotes, &error), OPENPIT_STATUS_SYNC_MODE_MISMATCH);
        check_text(error.message, "market data service is in no-sync mode but the engine is multi-threaded");
        check_equal(openpit_engine_builder_keep_ledger(builder, NULL, NULL), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_builder_build(builder, &engine, NULL), OPENPIT_STATUS_NO_POLICIES);
        check_equal(openpit_engine_builder_keep_ledger(builder, NULL, NULL), OPENPIT_STATUS_BUILDER_CONSUMED);
        openpit_engine_builder_destroy(builder);
        openpit_market_data_destroy(quotes);
        builder = new_builder();
        check_equal(openpit_engine_builder_keep_ledger(builder, quotes, &error), OPENPIT_STATUS_DESTROYED);
        openpit_engine_builder_destroy(builder);
    }

    test("deposits, fills and fees move what is free, and nothing is set aside") {
        openpit_engine *engine = new_keeping_engine(NULL);
        check_equal(openpit_engine_set_account_currency(engine, 1, asset_of("USD")), OPENPIT_STATUS_OK);
        openpit_adjustment deposit = good_adjustment();
        deposit.balance = openpit_decimal_from_int64(100);
        size_t failed = 0;
        check_equal(openpit_engine_apply_account_adjustment(engine, 1, &deposit, 1, NULL, &failed), OPENPIT_STATUS_OK);
        openpit_reservation reservation = 0;
        openpit_order order = good_order();
        check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_commit(engine, reservation), OPENPIT_STATUS_OK);
        check(is_whole(holding_of(engine, "USD").balance, 100));

        openpit_result *result = new_result();
        openpit_report fill = traded(OPENPIT_SIDE_BUY, 2, 10);
        check_equal(openpit_engine_apply_execution_report(engine, &fill, result), OPENPIT_STATUS_OK);
        check_equal(openpit_result_outcome_count(result), 2);
        fill = traded(OPENPIT_SIDE_SELL, 1, 15);
        charge(&fill, 1);
        check_equal(openpit_engine_apply_execution_report(engine, &fill, result), OPENPIT_STATUS_OK);
        check_equal(openpit_result_block_count(result), 0);
        check_equal(openpit_result_account_pnl_count(result), 1);
        openpit_holding shares = holding_of(engine, "AAPL");
        check(is_whole(shares.balance, 1) && is_whole(shares.held, 0) && is_whole(shares.incoming, 0));
        check_equal(shares.fields, OPENPIT_HOLDING_HAS_AVERAGE_ENTRY_PRICE | OPENPIT_HOLDING_HAS_REALIZED_PNL);
        check(is_whole(shares.average_entry_price, 10) && is_whole(shares.realized_pnl, 4));
        check(is_whole(holding_of(engine, "USD").balance, 94));
        check_equal(openpit_engine_read_spot_funds_account_pnl(engine, 1, &pnl, &halt), OPENPIT_STATUS_OK);
        check(is_whole(pnl, 4));
        check_equal(halt, OPENPIT_HALT_NONE);
        openpit_result_destroy(result);
        openpit_engine_destroy(engine);
    }

    test("an adjustment that is refused says so in the engine's name") {
        openpit_engine *engine = new_keeping_engine(NULL);
        openpit_result *result = new_result();
        openpit_adjustment withdrawal = good_adjustment();
        withdrawal.balance = openpit_decimal_from_int64(-1);
        withdrawal.fields |= OPENPIT_ADJUSTMENT_HAS_BALANCE_LOWER;
        size_t failed = 9;
        check_equal(openpit_engine_apply_account_adjustment(engine, 1, &withdrawal, 1, result, &failed),
                    OPENPIT_STATUS_OK);
        check_equal(failed, 0);
        openpit_reject reject = {.struct_size = sizeof reject};
        check_equal(openpit_result_reject(result, 0, &reject), OPENPIT_STATUS_OK);
        check_equal(reject.code, OPENPIT_REJECT_ACCOUNT_ADJUSTMENT_BOUNDS_EXCEEDED);
        check(reads(reject.policy, "Engine"));
        check(is_whole(holding_of(engine, "USD").balance, 0));
        openpit_result_destroy(result);
        openpit_engine_destroy(engine);
    }

    test("P&L is converted by the quotes that were given last, which the engine keeps") {
        openpit_market_data *quotes = NULL;
        openpit_instrument_id instrument = 0;
        check_equal(openpit_market_data_create(NULL, &quotes), OPENPIT_STATUS_OK);
        openpit_quote quote = {
            .struct_size = sizeof quote, .fields = OPENPIT_QUOTE_HAS_MARK, .mark = openpit_decimal_from_int64(2)};
        check_equal(openpit_market_data_register(quotes, asset_of("USD"), asset_of("EUR"), NULL, &instrument),
                    OPENPIT_STATUS_OK);
        check_equal(openpit_market_data_push(quotes, instrument, &quote, OPENPIT_QUOTE_REPLACE, 0), OPENPIT_STATUS_OK);
        openpit_engine *engine = new_keeping_engine(quotes);
        openpit_market_data_destroy(quotes);
        check_equal(openpit_engine_set_account_currency(engine, 1, asset_of("EUR")), OPENPIT_STATUS_OK);
        openpit_report fill = traded(OPENPIT_SIDE_BUY, 1, 10);
        check_equal(openpit_engine_apply_execution_report(engine, &fill, NULL), OPENPIT_STATUS_OK);
        check(is_whole(holding_of(engine, "AAPL").average_entry_price, 20));
        openpit_engine_destroy(engine);
    }

    return report();
}
