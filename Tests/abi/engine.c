#include "fixture.h"

int main(void) {
    test("engine_destroy takes NULL") {
        openpit_engine_destroy(NULL);
    }

    test("engine_retain keeps the engine open, engine_retain_weak its handle only") {
        openpit_order order = good_order();
        openpit_report report = good_report();
        openpit_adjustment adjustment = good_adjustment();
        openpit_reservation id = 0;
        size_t failed = 0;
        uint8_t passed = 0;
        check_equal(openpit_engine_retain(NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_retain_weak(NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        openpit_engine_release_weak(NULL);
        openpit_engine *engine = new_engine();
        check_equal(openpit_engine_retain(engine), OPENPIT_STATUS_OK);
        openpit_engine_destroy(engine);
        check(trade(engine, NULL));
        check_equal(openpit_engine_retain_weak(engine), OPENPIT_STATUS_OK);
        openpit_engine_destroy(engine);

        check_equal(openpit_engine_retain(engine), OPENPIT_STATUS_ENGINE_CLOSED);
        check_equal(openpit_engine_start_pre_trade(engine, &order, NULL, &id), OPENPIT_STATUS_ENGINE_CLOSED);
        check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &id), OPENPIT_STATUS_ENGINE_CLOSED);
        check_equal(openpit_engine_start_pre_trade_dry_run(engine, &order, NULL, &passed),
                    OPENPIT_STATUS_ENGINE_CLOSED);
        check_equal(openpit_engine_execute_pre_trade_dry_run(engine, &order, NULL, &passed),
                    OPENPIT_STATUS_ENGINE_CLOSED);
        check_equal(openpit_engine_apply_execution_report(engine, &report, NULL), OPENPIT_STATUS_ENGINE_CLOSED);
        check_equal(openpit_engine_apply_account_adjustment(engine, 1, &adjustment, 1, NULL, &failed),
                    OPENPIT_STATUS_ENGINE_CLOSED);
        check_equal(openpit_engine_execute_request(engine, 77, NULL, &id), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_block_account(engine, 1, text_of("ops")), OPENPIT_STATUS_OK);
        openpit_engine_release_weak(engine);
    }

    test("engine_start_pre_trade refuses NULL and what is no order") {
        openpit_engine *engine = new_engine();
        openpit_order order = good_order();
        openpit_request request = 77;
        check_equal(openpit_engine_start_pre_trade(NULL, &order, NULL, &request), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_start_pre_trade(engine, NULL, NULL, &request), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_start_pre_trade(engine, &order, NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(request, 77);
        check_sizes(openpit_order, good_order(), given, openpit_engine_start_pre_trade(engine, given, NULL, &request));
        openpit_engine_drop_request(engine, request);
        openpit_engine_destroy(engine);
    }

    test("an order is refused for each thing that can be wrong with it") {
        openpit_engine *engine = new_engine();
        openpit_result *result = new_result();
        openpit_order order = good_order();
        openpit_reservation id = 77;
#define refuses(status, field, wrong)                                                                                  \
    check_refused(status, order.field, wrong, openpit_engine_execute_pre_trade(engine, &order, result, &id))
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, fields, OPENPIT_ORDER_ALL_FIELDS + 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved_byte, 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved_short, 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved_word, 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved[0], 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved[1], 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, underlying, 0);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, settlement, 0);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, amount_kind, 3);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, side, 3);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, position_side, 9);
        refuses(OPENPIT_STATUS_INVALID_LEVERAGE, leverage, UINT16_MAX);
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, amount, bad_decimal());
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, price, bad_decimal());
        refuses(OPENPIT_STATUS_NEGATIVE_VALUE, amount, openpit_decimal_from_int64(-1));
#undef refuses
        check_equal(id, 77);
        check_equal(openpit_result_reject_count(result), 0);
        // A price whose bit is clear is absent, whatever it holds.
        order.fields &= ~(uint32_t)OPENPIT_ORDER_HAS_PRICE;
        order.price = bad_decimal();
        check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &id), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_rollback(engine, id), OPENPIT_STATUS_OK);
        openpit_result_destroy(result);
        openpit_engine_destroy(engine);
    }

    test("engine_execute_request spends a request once, and knows no other") {
        openpit_engine *engine = new_engine();
        openpit_engine *other = new_engine();
        openpit_order order = good_order();
        openpit_request request = 0;
        openpit_reservation reservation = 0;
        openpit_reservation untouched = 77;
        check_equal(openpit_engine_start_pre_trade(engine, &order, NULL, &request), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_execute_request(NULL, request, NULL, &untouched), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_execute_request(engine, request, NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_execute_request(engine, 0, NULL, &untouched), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_execute_request(engine, UINT64_MAX, NULL, &untouched), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_execute_request(other, request, NULL, &untouched), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_commit(engine, request), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_execute_request(engine, request, NULL, &reservation), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_execute_request(engine, request, NULL, &untouched),
                    OPENPIT_STATUS_ALREADY_FINALIZED);
        check_equal(openpit_engine_execute_request(engine, reservation, NULL, &untouched), OPENPIT_STATUS_NOT_FOUND);
        check_equal(untouched, 77);
        check_equal(openpit_engine_rollback(engine, reservation), OPENPIT_STATUS_OK);
        openpit_engine_destroy(engine);
        openpit_engine_destroy(other);
    }

    test("engine_drop_request forgets a request and ignores what is none") {
        openpit_engine *engine = new_engine();
        openpit_order order = good_order();
        openpit_request request = 0;
        openpit_reservation reservation = 0;
        openpit_engine_drop_request(NULL, 1);
        openpit_engine_drop_request(engine, 0);
        openpit_engine_drop_request(engine, UINT64_MAX);
        check_equal(openpit_engine_start_pre_trade(engine, &order, NULL, &request), OPENPIT_STATUS_OK);
        openpit_engine_drop_request(engine, request);
        openpit_engine_drop_request(engine, request);
        check_equal(openpit_engine_execute_request(engine, request, NULL, &reservation),
                    OPENPIT_STATUS_ALREADY_FINALIZED);
        check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation), OPENPIT_STATUS_OK);
        openpit_engine_drop_request(engine, reservation);
        check_equal(openpit_engine_commit(engine, reservation), OPENPIT_STATUS_OK);
        openpit_engine_destroy(engine);
    }

    test("engine_execute_pre_trade refuses NULL and what is no order") {
        openpit_engine *engine = new_engine();
        openpit_order order = good_order();
        openpit_reservation id = 77;
        check_equal(openpit_engine_execute_pre_trade(NULL, &order, NULL, &id), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_execute_pre_trade(engine, NULL, NULL, &id), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(id, 77);
        check_sizes(openpit_order, good_order(), given, openpit_engine_execute_pre_trade(engine, given, NULL, &id));
        check_equal(openpit_engine_commit(engine, id), OPENPIT_STATUS_OK);
        openpit_engine_destroy(engine);
    }

    test("engine_commit, engine_rollback and engine_drop_reservation end a reservation once") {
        openpit_engine *engine = new_engine();
        openpit_engine *other = new_engine();
        openpit_order order = good_order();
        openpit_reservation id = 0;
        check_equal(openpit_engine_commit(NULL, 1), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_rollback(NULL, 1), OPENPIT_STATUS_NULL_ARGUMENT);
        openpit_engine_drop_reservation(NULL, 1);
        openpit_engine_drop_reservation(engine, 0);
        openpit_engine_drop_reservation(engine, UINT64_MAX);
        check_equal(openpit_engine_commit(engine, 0), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_rollback(engine, 0), OPENPIT_STATUS_NOT_FOUND);
        for (int way = 0; way < 3; way++) {
            check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &id), OPENPIT_STATUS_OK);
            check_equal(openpit_engine_commit(other, id), OPENPIT_STATUS_NOT_FOUND);
            if (way == 0) check_equal(openpit_engine_commit(engine, id), OPENPIT_STATUS_OK);
            if (way == 1) check_equal(openpit_engine_rollback(engine, id), OPENPIT_STATUS_OK);
            if (way == 2) openpit_engine_drop_reservation(engine, id);
            check_equal(openpit_engine_commit(engine, id), OPENPIT_STATUS_ALREADY_FINALIZED);
            check_equal(openpit_engine_rollback(engine, id), OPENPIT_STATUS_ALREADY_FINALIZED);
            openpit_engine_drop_reservation(engine, id);
        }
        openpit_engine_destroy(engine);
        openpit_engine_destroy(other);
    }

    test("an engine is destroyed with reservations and requests open, which end it when they end") {
        openpit_order order = good_order();
        openpit_reservation first = 0;
        openpit_reservation second = 0;
        openpit_request request = 0;
        openpit_request dropped = 0;
        openpit_reservation none = 77;
        openpit_result *result = new_result();
        openpit_engine *engine = new_engine();
        check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &first), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &second), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_start_pre_trade(engine, &order, NULL, &request), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_start_pre_trade(engine, &order, NULL, &dropped), OPENPIT_STATUS_OK);
        openpit_engine_destroy(engine);
        check_equal(openpit_engine_execute_request(engine, request, result, &none), OPENPIT_STATUS_OK);
        check_equal(none, 0);
        check(reads(first_reason(result), "engine is no longer available"));
        check_equal(openpit_engine_commit(engine, first), OPENPIT_STATUS_OK);
        openpit_engine_drop_request(engine, dropped);
        openpit_engine_drop_reservation(engine, second);
        openpit_result_destroy(result);
    }

    test("engine_read_reservation reads an open reservation") {
        openpit_engine *engine = new_engine();
        openpit_result *result = new_result();
        openpit_order order = good_order();
        openpit_reservation id = 0;
        check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &id), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_read_reservation(NULL, id, result), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_read_reservation(engine, id, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_read_reservation(engine, 0, result), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_read_reservation(engine, id, result), OPENPIT_STATUS_OK);
        check_equal(openpit_result_lock_count(result), 0);
        check_equal(openpit_engine_rollback(engine, id), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_read_reservation(engine, id, result), OPENPIT_STATUS_ALREADY_FINALIZED);
        openpit_result_destroy(result);
        openpit_engine_destroy(engine);
    }

    test("both dry runs refuse NULL and what is no order") {
        openpit_engine *engine = new_engine();
        openpit_order order = good_order();
        uint8_t passed = 77;
        check_equal(openpit_engine_start_pre_trade_dry_run(NULL, &order, NULL, &passed), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_start_pre_trade_dry_run(engine, NULL, NULL, &passed), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_start_pre_trade_dry_run(engine, &order, NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_execute_pre_trade_dry_run(NULL, &order, NULL, &passed),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_execute_pre_trade_dry_run(engine, NULL, NULL, &passed),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_execute_pre_trade_dry_run(engine, &order, NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(passed, 77);
        check_sizes(openpit_order, good_order(), given,
                    openpit_engine_start_pre_trade_dry_run(engine, given, NULL, &passed));
        check_equal(passed, 1);
        check_sizes(openpit_order, good_order(), given,
                    openpit_engine_execute_pre_trade_dry_run(engine, given, NULL, &passed));
        order.amount = openpit_decimal_from_int64(0);
        check_equal(openpit_engine_execute_pre_trade_dry_run(engine, &order, NULL, &passed), OPENPIT_STATUS_OK);
        check_equal(passed, 0);
        openpit_engine_destroy(engine);
    }

    test("engine_apply_execution_report refuses each thing that can be wrong with a report") {
        openpit_engine *engine = new_engine();
        openpit_report report = good_report();
        openpit_lock_entry lock[2] = {{.price = openpit_decimal_from_int64(1)},
                                      {.price = openpit_decimal_from_int64(2)}};
        check_equal(openpit_engine_apply_execution_report(NULL, &report, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_apply_execution_report(engine, NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_sizes(openpit_report, good_report(), given, openpit_engine_apply_execution_report(engine, given, NULL));
        report.fields = OPENPIT_REPORT_ALL_FIELDS;
        report.fill_fee_asset = asset_of("USD");
        report.lock = lock;
        report.lock_count = 2;
        check_equal(openpit_engine_apply_execution_report(engine, &report, NULL), OPENPIT_STATUS_OK);
#define refuses(status, field, wrong)                                                                                  \
    check_refused(status, report.field, wrong, openpit_engine_apply_execution_report(engine, &report, NULL))
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, fields, OPENPIT_REPORT_ALL_FIELDS + 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved[0], 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved[1], 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, underlying, 0);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, settlement, 0);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, side, 3);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, position_effect, 9);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, position_side, 9);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, is_final, 2);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, fill_fee_asset, 0);
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, pnl, bad_decimal());
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, fee, bad_decimal());
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, trade_price, bad_decimal());
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, trade_quantity, bad_decimal());
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, fill_fee, bad_decimal());
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, leaves_quantity, bad_decimal());
        refuses(OPENPIT_STATUS_NEGATIVE_VALUE, trade_quantity, openpit_decimal_from_int64(-1));
        refuses(OPENPIT_STATUS_NEGATIVE_VALUE, leaves_quantity, openpit_decimal_from_int64(-1));
        refuses(OPENPIT_STATUS_NULL_ARGUMENT, lock, NULL);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, lock_count, SIZE_MAX);
#undef refuses
        check_refused(OPENPIT_STATUS_INVALID_DECIMAL, lock[1].price, bad_decimal(),
                      openpit_engine_apply_execution_report(engine, &report, NULL));
        report.lock_count = 1;
        check_refused(OPENPIT_STATUS_INVALID_ARGUMENT, lock[0].reserved_short, 1,
                      openpit_engine_apply_execution_report(engine, &report, NULL));
        check_refused(OPENPIT_STATUS_INVALID_ARGUMENT, lock[0].reserved_word, 1,
                      openpit_engine_apply_execution_report(engine, &report, NULL));
        openpit_engine_destroy(engine);
    }

    test("engine_apply_account_adjustment refuses each thing that can be wrong with an adjustment") {
        openpit_engine *engine = new_engine();
        size_t failed = 77;
        openpit_adjustment batch[2] = {good_adjustment(), good_adjustment()};
        openpit_adjustment *second = &batch[1];
        check_equal(openpit_engine_apply_account_adjustment(NULL, 1, batch, 2, NULL, &failed),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_apply_account_adjustment(engine, 1, NULL, 2, NULL, &failed),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_apply_account_adjustment(engine, 1, batch, 2, NULL, NULL),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_apply_account_adjustment(engine, 1, batch, SIZE_MAX, NULL, &failed),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_sizes(openpit_adjustment, good_adjustment(), given,
                    openpit_engine_apply_account_adjustment(engine, 1, given, 1, NULL, &failed));
        failed = 77;
#define refuses(status, field, wrong)                                                                                  \
    check_refused(status, second->field, wrong,                                                                        \
                  openpit_engine_apply_account_adjustment(engine, 1, batch, 2, NULL, &failed))
        refuses(OPENPIT_STATUS_STRUCT_SIZE, struct_size, 0);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, fields, OPENPIT_ADJUSTMENT_ALL_FIELDS + 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved[0], 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved[1], 1);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, kind, 6);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, balance_change, 3);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, held_change, 3);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, incoming_change, 3);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, halt_reason, 99);
        refuses(OPENPIT_STATUS_INVALID_DECIMAL, balance, bad_decimal());
        openpit_decimal *numbers[] = {&second->average_entry_price, &second->pnl,           &second->balance_lower,
                                      &second->balance_upper,       &second->held_lower,    &second->held_upper,
                                      &second->incoming_lower,      &second->incoming_upper};
        for (uint32_t bit = 0; bit < 8; bit++) {
            second->fields = 1u << bit;
            check_refused(OPENPIT_STATUS_INVALID_DECIMAL, *numbers[bit], bad_decimal(),
                          openpit_engine_apply_account_adjustment(engine, 1, batch, 2, NULL, &failed));
        }
        second->fields = 0;
        second->kind = OPENPIT_ADJUSTMENT_ACCOUNT_PNL;
        check_equal(openpit_engine_apply_account_adjustment(engine, 1, batch, 2, NULL, &failed),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        second->kind = OPENPIT_ADJUSTMENT_POSITION;
        refuses(OPENPIT_STATUS_INVALID_LEVERAGE, leverage, UINT16_MAX);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, mode, 9);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, underlying, asset_of("AAPL"));
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, settlement, asset_of("USD"));
#undef refuses
        check_equal(failed, 1);
        check_equal(openpit_engine_apply_account_adjustment(engine, 1, batch, 2, NULL, &failed), OPENPIT_STATUS_OK);
        check_equal(failed, 2);
        check_equal(openpit_engine_apply_account_adjustment(engine, 1, NULL, 0, NULL, &failed), OPENPIT_STATUS_OK);
        check_equal(failed, 0);
        openpit_engine_destroy(engine);
    }

    test("adjustments of a later size lie as far apart as they say") {
        openpit_engine *engine = new_engine();
        LARGER(openpit_adjustment)
        batch[3] = {{.value = good_adjustment()}, {.value = good_adjustment()}, {.value = good_adjustment()}};
        size_t failed = 0;
        for (int i = 0; i < 3; i++) batch[i].value.struct_size = sizeof batch[0];
        check_equal(openpit_engine_apply_account_adjustment(engine, 1, &batch[0].value, 3, NULL, &failed),
                    OPENPIT_STATUS_OK);
        check_equal(failed, 3);
        batch[2].value.struct_size = sizeof(openpit_adjustment);
        check_equal(openpit_engine_apply_account_adjustment(engine, 1, &batch[0].value, 3, NULL, &failed),
                    OPENPIT_STATUS_STRUCT_SIZE);
        openpit_engine_destroy(engine);
    }

    return report();
}
