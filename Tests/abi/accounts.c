#include "fixture.h"

static bool is_blocked_with(openpit_engine *engine, openpit_account_id account, const char *reason) {
    openpit_result *result = new_result();
    check_equal(openpit_engine_read_account_block(engine, account, result), OPENPIT_STATUS_OK);
    bool holds = reason == NULL ? openpit_result_block_count(result) == 0 : reads(first_reason(result), reason);
    openpit_result_destroy(result);
    return holds;
}

static openpit_account_group_id group_of(openpit_engine *engine, openpit_account_id account) {
    openpit_account_group_id group = 77;
    check_equal(openpit_engine_group_of(engine, account, &group), OPENPIT_STATUS_OK);
    return group;
}

int main(void) {
    openpit_engine *engine = new_engine();
    openpit_error error = {.struct_size = sizeof error};
    openpit_account_id accounts[] = {1, 2, 9};

    test("register_group takes all accounts or none, and tells which one stood in the way") {
        check_equal(openpit_engine_register_group(NULL, accounts, 2, 3, &error), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_register_group(engine, NULL, 2, 3, &error), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_register_group(engine, accounts, SIZE_MAX, 3, &error),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_engine_register_group(engine, accounts, 2, 0, &error), OPENPIT_STATUS_RESERVED_GROUP);
        check_text(error.message, "the reserved default account group is not a valid target");
        check_refused(OPENPIT_STATUS_STRUCT_SIZE, error.struct_size, 0,
                      openpit_engine_register_group(engine, accounts, 2, 3, &error));
        check_equal(group_of(engine, 1), 0);
        check_equal(openpit_engine_register_group(engine, accounts, 2, 3, NULL), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_register_group(engine, NULL, 0, 3, NULL), OPENPIT_STATUS_OK);
        openpit_account_id others[] = {9, 2};
        check_equal(openpit_engine_register_group(engine, others, 2, 4, &error), OPENPIT_STATUS_ALREADY_GROUPED);
        check_equal(error.status, OPENPIT_STATUS_ALREADY_GROUPED);
        check_equal(error.account, 2);
        check_equal(error.account_group, 3);
        check_equal(group_of(engine, 9), 0);
    }

    test("group_of refuses NULL") {
        openpit_account_group_id group = 77;
        check_equal(openpit_engine_group_of(NULL, 1, &group), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_group_of(engine, 1, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(group, 77);
    }

    test("unregister_group lets all accounts go or none") {
        check_equal(openpit_engine_unregister_group(NULL, accounts, 2, 3, &error), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_unregister_group(engine, NULL, 2, 3, &error), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_unregister_group(engine, accounts, 2, 0, &error), OPENPIT_STATUS_RESERVED_GROUP);
        check_equal(openpit_engine_unregister_group(engine, accounts, 2, 4, &error), OPENPIT_STATUS_OTHER_GROUP);
        check_equal(error.account, 1);
        check_equal(error.account_group, 3);
        check_equal(openpit_engine_unregister_group(engine, accounts, 3, 3, &error), OPENPIT_STATUS_NO_GROUP);
        check_equal(error.account, 9);
        check_equal(group_of(engine, 1), 3);
        check_equal(openpit_engine_unregister_group(engine, accounts, 2, 3, NULL), OPENPIT_STATUS_OK);
        check_equal(group_of(engine, 1), 0);
    }

    test("block_account and unblock_account") {
        check_equal(openpit_engine_block_account(NULL, 1, text_of("ops")), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_block_account(engine, 1, bad_text()), OPENPIT_STATUS_INVALID_UTF8);
        check_equal(openpit_engine_block_account(engine, 1, missing_text()), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_block_account(engine, 1, (openpit_text){"x", SIZE_MAX}),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check(is_blocked_with(engine, 1, NULL));
        check_equal(openpit_engine_block_account(engine, 1, text_of("first")), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_block_account(engine, 1, text_of("second")), OPENPIT_STATUS_OK);
        check(is_blocked_with(engine, 1, "first"));
        check_equal(openpit_engine_unblock_account(NULL, 1), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_unblock_account(engine, 1), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_unblock_account(engine, 1), OPENPIT_STATUS_OK);
        check(is_blocked_with(engine, 1, NULL));
        check_equal(openpit_engine_block_account(engine, 1, text_of("")), OPENPIT_STATUS_OK);
        check(is_blocked_with(engine, 1, ""));
        check_equal(openpit_engine_unblock_account(engine, 1), OPENPIT_STATUS_OK);
    }

    test("block_account_with_cause refuses each thing that can be wrong with a cause") {
        openpit_reject cause = good_reject("why");
#define refuses(status, field, wrong)                                                                                  \
    check_refused(status, cause.field, wrong, openpit_engine_block_account_with_cause(engine, 1, &cause))
        check_equal(openpit_engine_block_account_with_cause(NULL, 1, &cause), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_block_account_with_cause(engine, 1, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, code, 0);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, code, 43);
        refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved, 1);
        refuses(OPENPIT_STATUS_INVALID_UTF8, policy, bad_text());
        refuses(OPENPIT_STATUS_INVALID_UTF8, reason, bad_text());
        refuses(OPENPIT_STATUS_INVALID_UTF8, details, bad_text());
        refuses(OPENPIT_STATUS_NULL_ARGUMENT, policy, missing_text());
        refuses(OPENPIT_STATUS_NULL_ARGUMENT, reason, missing_text());
        refuses(OPENPIT_STATUS_NULL_ARGUMENT, details, missing_text());
        refuses(OPENPIT_STATUS_NAME_TOO_LONG, policy.length, 1 << 20);
#undef refuses
        check(is_blocked_with(engine, 1, NULL));
        check_sizes(openpit_reject, good_reject("why"), given,
                    openpit_engine_block_account_with_cause(engine, 1, given));
        check(is_blocked_with(engine, 1, "why"));
        check_equal(openpit_engine_unblock_account(engine, 1), OPENPIT_STATUS_OK);
        // Whatever a block says about its scope, it is the account's.
        cause.scope = 99;
        check_equal(openpit_engine_block_account_with_cause(engine, 1, &cause), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_unblock_account(engine, 1), OPENPIT_STATUS_OK);
    }

    test("replace_block_reason replaces the reason of a block that is there") {
        check_equal(openpit_engine_replace_block_reason(NULL, 1, text_of("x"), &error), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_replace_block_reason(engine, 1, text_of("x"), &error),
                    OPENPIT_STATUS_ACCOUNT_NOT_BLOCKED);
        check_text(error.message, "account is not blocked");
        check_equal(error.account, 1);
        check_equal(openpit_engine_block_account(engine, 1, text_of("ops")), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_replace_block_reason(engine, 1, bad_text(), &error), OPENPIT_STATUS_INVALID_UTF8);
        check(is_blocked_with(engine, 1, "ops"));
        check_equal(openpit_engine_replace_block_reason(engine, 1, text_of("new"), NULL), OPENPIT_STATUS_OK);
        check(is_blocked_with(engine, 1, "new"));
        check_equal(openpit_engine_unblock_account(engine, 1), OPENPIT_STATUS_OK);
    }

    test("block_group, replace_group_block_reason and unblock_group") {
        check_equal(openpit_engine_register_group(engine, accounts, 1, 5, NULL), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_block_group(NULL, 5, text_of("x"), &error), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_block_group(engine, 0, text_of("x"), &error), OPENPIT_STATUS_RESERVED_GROUP);
        check_equal(openpit_engine_block_group(engine, 5, bad_text(), &error), OPENPIT_STATUS_INVALID_UTF8);
        check_equal(openpit_engine_replace_group_block_reason(NULL, 5, text_of("x"), &error),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_replace_group_block_reason(engine, 0, text_of("x"), &error),
                    OPENPIT_STATUS_RESERVED_GROUP);
        check_equal(openpit_engine_replace_group_block_reason(engine, 5, text_of("x"), &error),
                    OPENPIT_STATUS_GROUP_NOT_BLOCKED);
        check_equal(error.account_group, 5);
        check_text(error.message, "account group is not blocked");
        check_equal(openpit_engine_unblock_group(NULL, 5, &error), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_unblock_group(engine, 0, &error), OPENPIT_STATUS_RESERVED_GROUP);
        check(is_blocked_with(engine, 1, NULL));
        check_equal(openpit_engine_block_group(engine, 5, text_of("grp"), NULL), OPENPIT_STATUS_OK);
        check(is_blocked_with(engine, 1, "grp"));
        check_equal(openpit_engine_replace_group_block_reason(engine, 5, text_of("new"), NULL), OPENPIT_STATUS_OK);
        check(is_blocked_with(engine, 1, "new"));
        check_equal(openpit_engine_unblock_group(engine, 5, NULL), OPENPIT_STATUS_OK);
        check(is_blocked_with(engine, 1, NULL));
        check_equal(openpit_engine_unregister_group(engine, accounts, 1, 5, NULL), OPENPIT_STATUS_OK);
    }

    test("unblock_all lifts the block that names no account, and nothing else") {
        openpit_engine_builder *builder = new_builder();
        openpit_pnl_barrier barrier = {.fields = OPENPIT_PNL_HAS_LOWER, .asset = asset_of("USD")};
        check_equal(openpit_engine_builder_add_pnl_kill_switch(builder, 0, &barrier, 1, NULL), OPENPIT_STATUS_OK);
        openpit_engine *strict = build(builder);
        openpit_report nobody = {.struct_size = sizeof nobody};
        check_equal(openpit_engine_unblock_all(NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_apply_execution_report(strict, &nobody, NULL), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_block_account(strict, 2, text_of("ops")), OPENPIT_STATUS_OK);
        check(is_blocked_with(strict, 1, "account is blocked due to kill-switch"));
        check_equal(openpit_engine_unblock_all(strict), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_unblock_all(strict), OPENPIT_STATUS_OK);
        check(is_blocked_with(strict, 1, NULL));
        check(is_blocked_with(strict, 2, "ops"));
        openpit_engine_destroy(strict);
    }

    test("read_account_block refuses NULL") {
        openpit_result *result = new_result();
        check_equal(openpit_engine_read_account_block(NULL, 1, result), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_read_account_block(engine, 1, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        openpit_result_destroy(result);
    }

    test("currencies are set, cleared and told") {
        openpit_asset usd = asset_of("USD");
        openpit_asset currency = 77;
        check_equal(openpit_engine_set_account_currency(NULL, 1, usd), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_set_account_currency(engine, 1, UNKNOWN_ASSET), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_set_group_currency(NULL, 1, usd), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_set_group_currency(engine, 1, UNKNOWN_ASSET), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_account_currency(NULL, 1, &currency), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_account_currency(engine, 1, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(currency, 77);
        check_equal(openpit_engine_account_currency(engine, 1, &currency), OPENPIT_STATUS_OK);
        check_equal(currency, 0);
        check_equal(openpit_engine_set_group_currency(engine, 0, usd), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_set_account_currency(engine, 1, asset_of("EUR")), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_account_currency(engine, 1, &currency), OPENPIT_STATUS_OK);
        check_equal(currency, asset_of("EUR"));
        check_equal(openpit_engine_set_account_currency(engine, 1, 0), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_account_currency(engine, 1, &currency), OPENPIT_STATUS_OK);
        check_equal(currency, usd);
    }

    openpit_engine_destroy(engine);
    return report();
}
