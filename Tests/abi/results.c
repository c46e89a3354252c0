#include "fixture.h"

/// A result that has one of everything: what a report hook said.
static int say_everything(void *user_data, openpit_context *context, const openpit_report *report) {
    (void)user_data, (void)report;
    openpit_reject block = good_reject("why");
    block.user_data = 5;
    openpit_outcome outcome = {.struct_size = sizeof outcome,
                               .fields = OPENPIT_OUTCOME_ALL_FIELDS,
                               .asset = asset_of("USD"),
                               .policy_group = 9,
                               .balance = {openpit_decimal_from_int64(1), openpit_decimal_from_int64(2)},
                               .average_entry_price = openpit_decimal_from_int64(3)};
    openpit_account_pnl pnl = {
        .struct_size = sizeof pnl, .policy_group = 8, .account = 4, .halt_reason = OPENPIT_HALT_MISSING_FX};
    return openpit_context_add_block(context, &block) != OPENPIT_STATUS_OK ||
           openpit_context_add_outcome(context, &outcome) != OPENPIT_STATUS_OK ||
           openpit_context_add_account_pnl(context, &pnl) != OPENPIT_STATUS_OK;
}

static int reject_with_lock(void *user_data, openpit_context *context, const openpit_order *order) {
    (void)user_data, (void)order;
    return openpit_context_add_lock_price(context, openpit_decimal_from_int64(10)) != OPENPIT_STATUS_OK;
}

static openpit_engine *talking_engine(void) {
    openpit_policy policy = {.struct_size = sizeof policy,
                             .name = text_of("A"),
                             .apply_execution_report = say_everything,
                             .perform_pre_trade_check = reject_with_lock};
    openpit_engine_builder *builder = new_builder();
    check_equal(openpit_engine_builder_add_policy(builder, &policy), OPENPIT_STATUS_OK);
    return build(builder);
}

int main(void) {
    openpit_engine *engine = talking_engine();
    openpit_report report_ = good_report();

    test("result_create and result_destroy take NULL for an answer") {
        check_equal(openpit_result_create(NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        openpit_result_destroy(NULL);
        openpit_result_clear(NULL);
    }

    test("counts of NULL are 0") {
        check_equal(openpit_result_reject_count(NULL), 0);
        check_equal(openpit_result_block_count(NULL), 0);
        check_equal(openpit_result_outcome_count(NULL), 0);
        check_equal(openpit_result_account_pnl_count(NULL), 0);
        check_equal(openpit_result_lock_count(NULL), 0);
    }

    test("result_block tells a block, and refuses what it cannot answer") {
        openpit_result *result = new_result();
        openpit_reject block = {.struct_size = sizeof block};
        check_equal(openpit_engine_apply_execution_report(engine, &report_, result), OPENPIT_STATUS_OK);
        check_equal(openpit_result_block_count(result), 1);
        check_equal(openpit_result_block(NULL, 0, &block), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_result_block(result, 0, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_result_block(result, 1, &block), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_result_block(result, SIZE_MAX, &block), OPENPIT_STATUS_NOT_FOUND);
        check_refused(OPENPIT_STATUS_STRUCT_SIZE, block.struct_size, 8, openpit_result_block(result, 0, &block));
        check_equal(openpit_result_block(result, 0, &block), OPENPIT_STATUS_OK);
        check_equal(block.code, OPENPIT_REJECT_OTHER);
        check_equal(block.scope, OPENPIT_SCOPE_ACCOUNT);
        check_equal(block.user_data, 5);
        check(reads(block.policy, "P"));
        check(reads(block.reason, "why"));
        check(reads(block.details, "d"));
        openpit_result_destroy(result);
    }

    test("result_outcome tells an outcome, and refuses what it cannot answer") {
        openpit_result *result = new_result();
        openpit_outcome outcome = {.struct_size = sizeof outcome};
        check_equal(openpit_engine_apply_execution_report(engine, &report_, result), OPENPIT_STATUS_OK);
        check_equal(openpit_result_outcome_count(result), 1);
        check_equal(openpit_result_outcome(NULL, 0, &outcome), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_result_outcome(result, 0, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_result_outcome(result, 1, &outcome), OPENPIT_STATUS_NOT_FOUND);
        check_refused(OPENPIT_STATUS_STRUCT_SIZE, outcome.struct_size, 0, openpit_result_outcome(result, 0, &outcome));
        check_equal(openpit_result_outcome(result, 0, &outcome), OPENPIT_STATUS_OK);
        check_equal(outcome.struct_size, sizeof outcome);
        check_equal(outcome.fields, OPENPIT_OUTCOME_ALL_FIELDS);
        check_equal(outcome.policy_group, 9);
        check_equal(outcome.asset, asset_of("USD"));
        check_equal(openpit_decimal_compare(outcome.balance.absolute, openpit_decimal_from_int64(2)), 0);
        check_equal(openpit_decimal_compare(outcome.average_entry_price, openpit_decimal_from_int64(3)), 0);
        openpit_result_destroy(result);
    }

    test("result_account_pnl tells a P&L, and refuses what it cannot answer") {
        openpit_result *result = new_result();
        openpit_account_pnl pnl = {.struct_size = sizeof pnl};
        check_equal(openpit_engine_apply_execution_report(engine, &report_, result), OPENPIT_STATUS_OK);
        check_equal(openpit_result_account_pnl_count(result), 1);
        check_equal(openpit_result_account_pnl(NULL, 0, &pnl), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_result_account_pnl(result, 0, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_result_account_pnl(result, 1, &pnl), OPENPIT_STATUS_NOT_FOUND);
        check_refused(OPENPIT_STATUS_STRUCT_SIZE, pnl.struct_size, 0, openpit_result_account_pnl(result, 0, &pnl));
        check_equal(openpit_result_account_pnl(result, 0, &pnl), OPENPIT_STATUS_OK);
        check_equal(pnl.account, 4);
        check_equal(pnl.halt_reason, OPENPIT_HALT_MISSING_FX);
        openpit_result_destroy(result);
    }

    test("a result is read until the next call that takes it, or until it is cleared") {
        openpit_result *result = new_result();
        check_equal(openpit_engine_apply_execution_report(engine, &report_, result), OPENPIT_STATUS_OK);
        openpit_result_clear(result);
        check_equal(openpit_result_block_count(result), 0);
        check_equal(openpit_result_outcome_count(result), 0);
        check_equal(openpit_engine_apply_execution_report(engine, &report_, result), OPENPIT_STATUS_OK);
        check(!trade(engine, result));
        check_equal(openpit_result_block_count(result), 0);
        check_equal(openpit_result_reject_count(result), 1);
        openpit_result_destroy(result);
    }

    test("result_reject tells a reject, and refuses what it cannot answer") {
        openpit_result *result = new_result();
        openpit_reject reject = {.struct_size = sizeof reject};
        check(!trade(engine, result));
        check_equal(openpit_result_reject(NULL, 0, &reject), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_result_reject(result, 0, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_result_reject(result, 1, &reject), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_result_reject(result, SIZE_MAX, &reject), OPENPIT_STATUS_NOT_FOUND);
        check_refused(OPENPIT_STATUS_STRUCT_SIZE, reject.struct_size, sizeof reject - 1,
                      openpit_result_reject(result, 0, &reject));
        check_equal(openpit_result_reject(result, 0, &reject), OPENPIT_STATUS_OK);
        check(reads(reject.reason, "why"));
        openpit_result_destroy(result);
    }

    test("result_lock_entry tells a lock price, and refuses what it cannot answer") {
        openpit_result *result = new_result();
        openpit_lock_entry entry;
        check_equal(openpit_engine_unblock_account(engine, 1), OPENPIT_STATUS_OK);
        check(trade(engine, result));
        check_equal(openpit_result_lock_count(result), 1);
        check_equal(openpit_result_lock_entry(NULL, 0, &entry), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_result_lock_entry(result, 0, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_result_lock_entry(result, 1, &entry), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_result_lock_entry(result, 0, &entry), OPENPIT_STATUS_OK);
        check_equal(entry.policy_group, 0);
        check_equal(openpit_decimal_compare(entry.price, openpit_decimal_from_int64(10)), 0);
        openpit_result_destroy(result);
    }

    test("reject codes have names and sentences, and other numbers have none") {
        check_text(openpit_reject_code_name(OPENPIT_REJECT_ORDER_QTY_EXCEEDS_LIMIT), "OrderQtyExceedsLimit");
        check(openpit_reject_code_message(OPENPIT_REJECT_OTHER) != NULL);
        for (openpit_reject_code code = 0; code < 300; code++) {
            bool known = (code >= 1 && code <= 42) || code == 254 || code == 255;
            check((openpit_reject_code_name(code) != NULL) == known);
            check((openpit_reject_code_message(code) != NULL) == known);
        }
    }

    openpit_engine_destroy(engine);
    return report();
}
