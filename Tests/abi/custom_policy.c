#include "fixture.h"

/// What the hooks of one test are to do, and what they saw.
typedef struct script {
    void (*run)(struct script *script, openpit_context *context);
    int answer;
    int calls;
    char log[32];
    size_t length;
} script;

/// Takes down one thing that happened.
static void note(script *script, char what) {
    if (script->length + 1 < sizeof script->log) script->log[script->length++] = what;
}

static int run(script *script, openpit_context *context) {
    script->calls++;
    if (script->run != NULL) script->run(script, context);
    return script->answer;
}

static int check_order(void *user_data, openpit_context *context, const openpit_order *order) {
    check_equal(order->struct_size, sizeof *order);
    return run(user_data, context);
}
static int check_report(void *user_data, openpit_context *context, const openpit_report *report) {
    check_equal(report->struct_size, sizeof *report);
    return run(user_data, context);
}
static int check_adjustment(void *user_data, openpit_context *context, openpit_account_id account,
                            const openpit_adjustment *adjustment) {
    check_equal(account, 1);
    check_equal(adjustment->struct_size, sizeof *adjustment);
    return run(user_data, context);
}

/// Which hooks a test wants.
enum { START = 1, MAIN = 2, REPORT = 4, ADJUST = 8 };

static openpit_engine *scripted_engine(script *script, int hooks) {
    openpit_policy policy = {.struct_size = sizeof policy,
                             .name = text_of("A"),
                             .policy_group = 7,
                             .user_data = script,
                             .check_pre_trade_start = hooks & START ? check_order : NULL,
                             .perform_pre_trade_check = hooks & MAIN ? check_order : NULL,
                             .apply_execution_report = hooks & REPORT ? check_report : NULL,
                             .apply_account_adjustment = hooks & ADJUST ? check_adjustment : NULL};
    openpit_engine_builder *builder = new_builder();
    check_equal(openpit_engine_builder_add_policy(builder, &policy), OPENPIT_STATUS_OK);
    return build(builder);
}

static openpit_status report_once(openpit_engine *engine, openpit_result *result) {
    openpit_report report = good_report();
    return openpit_engine_apply_execution_report(engine, &report, result);
}

static openpit_status adjust_once(openpit_engine *engine, openpit_result *result, size_t *failed) {
    openpit_adjustment adjustment = good_adjustment();
    return openpit_engine_apply_account_adjustment(engine, 1, &adjustment, 1, result, failed);
}

static void reject_everything_wrong(script *script, openpit_context *context) {
    (void)script;
    openpit_reject reject = good_reject("why");
#define refuses(status, field, wrong)                                                                                  \
    check_refused(status, reject.field, wrong, openpit_context_reject(context, &reject))
    check_equal(openpit_context_reject(NULL, &reject), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_context_reject(context, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    refuses(OPENPIT_STATUS_STRUCT_SIZE, struct_size, 0);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, code, 0);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, code, 253);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, scope, 0);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, scope, 3);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved, 1);
    refuses(OPENPIT_STATUS_INVALID_UTF8, reason, bad_text());
    refuses(OPENPIT_STATUS_INVALID_UTF8, details, bad_text());
    refuses(OPENPIT_STATUS_NULL_ARGUMENT, details, missing_text());
#undef refuses
}

/// The details of the first reject; borrowed from `result`.
static openpit_text first_details(openpit_result *result) {
    openpit_reject reject = {.struct_size = sizeof reject};
    check_equal(openpit_result_reject(result, 0, &reject), OPENPIT_STATUS_OK);
    check_equal(reject.code, OPENPIT_REJECT_SYSTEM_UNAVAILABLE);
    check_equal(reject.scope, OPENPIT_SCOPE_ORDER);
    check(reads(reject.policy, "A"));
    return reject.details;
}

/// One thing that a hook may get wrong, and what the order is rejected with when it does.
typedef struct mistake {
    void (*make)(script *script, openpit_context *context);
    const char *details;
} mistake;

#define MISTAKE(name, statement)                                                                                       \
    static void name(script *script, openpit_context *context) {                                                       \
        openpit_reject reject = good_reject("why");                                                                    \
        (void)script, (void)reject;                                                                                    \
        statement;                                                                                                     \
    }
MISTAKE(forget_size, reject.struct_size = 0; openpit_context_reject(context, &reject))
MISTAKE(forget_code, reject.code = 0; openpit_context_reject(context, &reject))
MISTAKE(forget_scope, reject.scope = 0; openpit_context_reject(context, &reject))
MISTAKE(send_latin_details, reject.details = bad_text(); openpit_context_reject(context, &reject))
MISTAKE(send_latin_reason, reject.reason = bad_text(); openpit_context_reject(context, &reject))
MISTAKE(forget_reject, openpit_context_reject(context, NULL))
MISTAKE(forget_mutation, openpit_context_add_mutation(context, NULL))
MISTAKE(send_bad_price, openpit_context_add_lock_price(context, bad_decimal()))
MISTAKE(forget_outcome, openpit_context_add_outcome(context, NULL))
MISTAKE(ask_for_pnl,
        openpit_context_add_account_pnl(context, &(openpit_account_pnl){.struct_size = sizeof(openpit_account_pnl)}))
MISTAKE(ask_for_block, openpit_context_add_block(context, &reject))
MISTAKE(block_without_name, reject.policy = bad_text(); openpit_context_block_account(context, &reject))
MISTAKE(ask_nothing, openpit_context_account(context, NULL))
MISTAKE(ask_no_group, openpit_context_account_group(context, NULL))

#define UNKNOWN_NUMBER "an unknown number, or something that must be zero is not"
static const mistake mistakes[] = {
    {forget_size,
     "a reject was not taken: struct_size is that of no version of the struct, or differs within an array"},
    {forget_code, "a reject was not taken: its code: " UNKNOWN_NUMBER},
    {forget_scope, "a reject was not taken: its scope: " UNKNOWN_NUMBER},
    {send_latin_details, "a reject was not taken: its details: the text is not UTF-8"},
    {send_latin_reason, "a reject was not taken: its reason: the text is not UTF-8"},
    {forget_reject, "a reject was not taken: a required pointer is NULL"},
    {forget_mutation, "a mutation was not taken: a required pointer is NULL"},
    {send_bad_price, "a lock price was not taken: the scale of a decimal is above 28, or its sign is neither 0 nor 1"},
    {forget_outcome, "an outcome was not taken: a required pointer is NULL"},
    {ask_for_pnl, "an account P&L was not taken: this hook cannot say it"},
    {ask_for_block, "a block was not taken: this hook cannot say it"},
    {block_without_name, "a block of the account was not taken: its policy: the text is not UTF-8"},
    {ask_nothing, "a question was not taken: a required pointer is NULL"},
    {ask_no_group, "a question was not taken: a required pointer is NULL"},
};

/// A context that a hook has kept.
static openpit_context *kept;

static void keep(script *script, openpit_context *context) {
    (void)script;
    kept = context;
}

/// States that nothing can be said or asked any more by the context that was kept.
static void check_ended(void) {
    openpit_reject reject = good_reject("late");
    openpit_mutation mutation = {.struct_size = sizeof mutation};
    openpit_outcome outcome = {.struct_size = sizeof outcome, .asset = asset_of("USD")};
    openpit_account_pnl pnl = {.struct_size = sizeof pnl};
    openpit_account_id account = 77;
    openpit_account_group_id group = 77;
    check_equal(openpit_context_reject(kept, &reject), OPENPIT_STATUS_CONTEXT_ENDED);
    check_equal(openpit_context_add_mutation(kept, &mutation), OPENPIT_STATUS_CONTEXT_ENDED);
    check_equal(openpit_context_add_lock_price(kept, openpit_decimal_from_int64(1)), OPENPIT_STATUS_CONTEXT_ENDED);
    check_equal(openpit_context_add_outcome(kept, &outcome), OPENPIT_STATUS_CONTEXT_ENDED);
    check_equal(openpit_context_add_account_pnl(kept, &pnl), OPENPIT_STATUS_CONTEXT_ENDED);
    check_equal(openpit_context_add_block(kept, &reject), OPENPIT_STATUS_CONTEXT_ENDED);
    check_equal(openpit_context_block_account(kept, &reject), OPENPIT_STATUS_CONTEXT_ENDED);
    check_equal(openpit_context_account(kept, &account), OPENPIT_STATUS_CONTEXT_ENDED);
    check_equal(openpit_context_account_group(kept, &group), OPENPIT_STATUS_CONTEXT_ENDED);
    check_equal(account, 77);
    check_equal(group, 77);
    check_equal(openpit_context_is_dry_run(kept), 0);
    check_equal(openpit_context_is_drop_copy(kept), 0);
    check(openpit_context_engine(kept) == NULL);
}

/// Says no with what was kept, which must not reach the order of today.
static void say_no_late(script *script, openpit_context *context) {
    (void)script, (void)context;
    check_ended();
}

/// The order that a hook spoils while the engine checks it, and the lock of its report.
static openpit_order spoiled_order;
static openpit_report spoiled_report;
static openpit_lock_entry spoiled_lock;

static void spoil(script *script, openpit_context *context) {
    (void)script, (void)context;
    spoiled_order.amount_kind = OPENPIT_AMOUNT_VOLUME;
    spoiled_order.amount = spoiled_order.price = bad_decimal();
    spoiled_order.side = 77;
    spoiled_report.trade_price = spoiled_report.trade_quantity = bad_decimal();
    spoiled_lock.price = bad_decimal();
}

static void reject_by_any_size(script *script, openpit_context *context) {
    (void)script;
    check_sizes(openpit_reject, good_reject("why"), given, openpit_context_reject(context, given));
}

static int commit(void *user_data) {
    note(user_data, 'c');
    return 0;
}
static int roll_back(void *user_data) {
    note(user_data, 'r');
    return 0;
}
static void release(void *user_data) { note(user_data, 'x'); }

static openpit_mutation mutation_of(script *script) {
    return (openpit_mutation){.struct_size = sizeof(openpit_mutation),
                              .user_data = script,
                              .commit = commit,
                              .rollback = roll_back,
                              .release = release};
}

static void add_mutations(script *script, openpit_context *context) {
    openpit_mutation mutation = mutation_of(script);
    check_equal(openpit_context_add_mutation(context, &mutation), OPENPIT_STATUS_OK);
    openpit_mutation empty = {.struct_size = sizeof empty};
    check_equal(openpit_context_add_mutation(context, &empty), OPENPIT_STATUS_OK);
}

static void add_wrong_mutations(script *script, openpit_context *context) {
    openpit_mutation mutation = mutation_of(script);
    check_equal(openpit_context_add_mutation(NULL, &mutation), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_context_add_mutation(context, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    check_refused(OPENPIT_STATUS_INVALID_ARGUMENT, mutation.reserved, 1,
                  openpit_context_add_mutation(context, &mutation));
    check_sizes(openpit_mutation, mutation_of(script), given, openpit_context_add_mutation(context, given));
}

static void add_gains(script *script, openpit_context *context) {
    (void)script;
    openpit_outcome outcome = {
        .struct_size = sizeof outcome, .fields = OPENPIT_OUTCOME_ALL_FIELDS, .asset = asset_of("USD")};
    check_equal(openpit_context_add_lock_price(context, openpit_decimal_from_int64(1)), OPENPIT_STATUS_OK);
    check_equal(openpit_context_add_outcome(context, &outcome), OPENPIT_STATUS_OK);
}

static void add_wrong_gains(script *script, openpit_context *context) {
    (void)script;
    check_equal(openpit_context_add_lock_price(NULL, openpit_decimal_from_int64(1)), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_context_add_lock_price(context, bad_decimal()), OPENPIT_STATUS_INVALID_DECIMAL);

    openpit_outcome outcome = {
        .struct_size = sizeof outcome, .fields = OPENPIT_OUTCOME_ALL_FIELDS, .asset = asset_of("USD")};
#define refuses(status, field, wrong)                                                                                  \
    check_refused(status, outcome.field, wrong, openpit_context_add_outcome(context, &outcome))
    check_equal(openpit_context_add_outcome(NULL, &outcome), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_context_add_outcome(context, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    refuses(OPENPIT_STATUS_STRUCT_SIZE, struct_size, 0);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, fields, OPENPIT_OUTCOME_ALL_FIELDS + 1);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved, 1);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, asset, 0);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, halt_reason, 99);
    refuses(OPENPIT_STATUS_INVALID_DECIMAL, balance.delta, bad_decimal());
    refuses(OPENPIT_STATUS_INVALID_DECIMAL, held.absolute, bad_decimal());
    refuses(OPENPIT_STATUS_INVALID_DECIMAL, incoming.delta, bad_decimal());
    refuses(OPENPIT_STATUS_INVALID_DECIMAL, realized_pnl.delta, bad_decimal());
    refuses(OPENPIT_STATUS_INVALID_DECIMAL, average_entry_price, bad_decimal());
#undef refuses
}

static void report_everything(script *script, openpit_context *context) {
    (void)script;
    openpit_account_pnl pnl = {.struct_size = sizeof pnl, .account = 4};
    openpit_reject block = good_reject("block");
    check_equal(openpit_context_add_account_pnl(context, &pnl), OPENPIT_STATUS_OK);
    check_equal(openpit_context_add_block(context, &block), OPENPIT_STATUS_OK);
}

static void report_everything_wrong(script *script, openpit_context *context) {
    openpit_account_pnl pnl = {.struct_size = sizeof pnl, .account = 4};
    check_equal(openpit_context_add_account_pnl(NULL, &pnl), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_context_add_account_pnl(context, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    check_refused(OPENPIT_STATUS_STRUCT_SIZE, pnl.struct_size, 0, openpit_context_add_account_pnl(context, &pnl));
    check_refused(OPENPIT_STATUS_INVALID_ARGUMENT, pnl.reserved, 1, openpit_context_add_account_pnl(context, &pnl));
    check_refused(OPENPIT_STATUS_INVALID_ARGUMENT, pnl.halt_reason, 99, openpit_context_add_account_pnl(context, &pnl));
    check_refused(OPENPIT_STATUS_INVALID_DECIMAL, pnl.pnl.delta, bad_decimal(),
                  openpit_context_add_account_pnl(context, &pnl));

    openpit_reject block = good_reject("block");
    check_equal(openpit_context_add_block(NULL, &block), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_context_add_block(context, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    check_refused(OPENPIT_STATUS_INVALID_ARGUMENT, block.code, 0, openpit_context_add_block(context, &block));
    check_refused(OPENPIT_STATUS_INVALID_UTF8, block.policy, bad_text(), openpit_context_add_block(context, &block));
    check_refused(OPENPIT_STATUS_INVALID_UTF8, block.reason, bad_text(), openpit_context_add_block(context, &block));

    openpit_mutation mutation = mutation_of(script);
    check_equal(openpit_context_reject(context, &block), OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(openpit_context_add_mutation(context, &mutation), OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(openpit_context_add_lock_price(context, openpit_decimal_from_int64(1)),
                OPENPIT_STATUS_INVALID_ARGUMENT);
}

static void block_now(script *script, openpit_context *context) {
    (void)script;
    openpit_reject cause = good_reject("now");
    check_equal(openpit_context_block_account(context, &cause), OPENPIT_STATUS_OK);
}

static void block_wrongly(script *script, openpit_context *context) {
    (void)script;
    openpit_reject cause = good_reject("now");
    check_equal(openpit_context_block_account(NULL, &cause), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_context_block_account(context, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    check_refused(OPENPIT_STATUS_INVALID_ARGUMENT, cause.code, 0, openpit_context_block_account(context, &cause));
    check_refused(OPENPIT_STATUS_INVALID_UTF8, cause.details, bad_text(),
                  openpit_context_block_account(context, &cause));
}

static void look_around(script *script, openpit_context *context) {
    openpit_account_id account = 77;
    openpit_account_group_id group = 77;
    check_equal(openpit_context_account(NULL, &account), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_context_account_group(NULL, &group), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_context_account_group(context, &group), OPENPIT_STATUS_OK);
    check_equal(group, 0);
    check(openpit_context_engine(NULL) == NULL);
    check_equal(openpit_context_is_dry_run(NULL), 0);
    check_equal(openpit_engine_unblock_account(openpit_context_engine(context), 5), OPENPIT_STATUS_OK);
    openpit_status status = openpit_context_account(context, &account);
    note(script, status == OPENPIT_STATUS_OK ? 'a' : 'n');
    check_equal(status == OPENPIT_STATUS_OK ? 1 : 77, account);
    note(script, openpit_context_is_dry_run(context) ? 'd' : '-');
}

int main(void) {
    openpit_result *result = new_result();

    test("context_reject refuses each thing that can be wrong with a reject") {
        script script = {.run = reject_everything_wrong};
        openpit_engine *engine = scripted_engine(&script, START);
        check(!trade(engine, result));
        check_equal(openpit_result_reject_count(result), 1);
        check(reads(first_details(result), "a reject was not taken: a required pointer is NULL"));
        script.run = reject_by_any_size;
        check(!trade(engine, result));
        check_equal(openpit_result_reject_count(result), 1);
        check(reads(first_reason(result), "policy callback failed"));
        check_equal(script.calls, 2);
        openpit_engine_destroy(engine);
    }

    test("context_add_mutation takes a mutation over, which runs and is released once") {
        script script = {.run = add_wrong_mutations};
        openpit_engine *engine = scripted_engine(&script, MAIN | ADJUST);
        uint8_t passed = 0;
        size_t failed = 0;
        openpit_order order = good_order();
        openpit_reservation id = 0;
        check(!trade(engine, result));
        check_text(script.log, "rx");
        script.length = 0;
        script.run = add_mutations;
        check(trade(engine, result));
        check_text(script.log, "cx");
        check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &id), OPENPIT_STATUS_OK);
        openpit_engine_drop_reservation(engine, id);
        check_text(script.log, "cxrx");
        check_equal(openpit_engine_execute_pre_trade_dry_run(engine, &order, result, &passed), OPENPIT_STATUS_OK);
        check_text(script.log, "cxrxx");
        check_equal(adjust_once(engine, result, &failed), OPENPIT_STATUS_OK);
        check_text(script.log, "cxrxxcx");
        openpit_engine_destroy(engine);
    }

    test("context_add_lock_price and context_add_outcome publish in the name of the policy's group") {
        script script = {.run = add_wrong_gains};
        openpit_engine *engine = scripted_engine(&script, MAIN);
        openpit_lock_entry entry;
        openpit_outcome outcome = {.struct_size = sizeof outcome};
        check(!trade(engine, result));
        script.run = add_gains;
        check(trade(engine, result));
        check_equal(openpit_result_lock_count(result), 1);
        check_equal(openpit_result_lock_entry(result, 0, &entry), OPENPIT_STATUS_OK);
        check_equal(entry.policy_group, 7);
        check_equal(openpit_result_outcome(result, 0, &outcome), OPENPIT_STATUS_OK);
        check_equal(outcome.policy_group, 7);
        openpit_engine_destroy(engine);
    }

    test("context_add_account_pnl and context_add_block publish what a report led to") {
        script script = {.run = report_everything_wrong};
        openpit_engine *engine = scripted_engine(&script, REPORT);
        check_equal(report_once(engine, result), OPENPIT_STATUS_DONE_CALLBACK_FAILED);
        check_equal(openpit_result_account_pnl_count(result), 0);
        check_equal(openpit_result_block_count(result), 0);
        check(reads(first_details(result), "an account P&L was not taken: a required pointer is NULL"));
        script.run = report_everything;
        check_equal(report_once(engine, result), OPENPIT_STATUS_OK);
        check_equal(openpit_result_account_pnl_count(result), 1);
        check_equal(openpit_result_block_count(result), 1);
        check(!trade(engine, result));
        check(reads(first_reason(result), "block"));
        check_text(script.log, "");
        openpit_engine_destroy(engine);
    }

    test("context_block_account blocks at once") {
        script script = {.run = block_wrongly};
        openpit_engine *engine = scripted_engine(&script, MAIN);
        check(!trade(engine, result));
        check(reads(first_details(result), "a block of the account was not taken: a required pointer is NULL"));
        script.run = block_now;
        check(trade(engine, result));
        check(!trade(engine, result));
        check(reads(first_reason(result), "now"));
        openpit_engine_destroy(engine);
    }

    test("the other functions of a context tell what is asked") {
        script script = {.run = look_around};
        openpit_engine *engine = scripted_engine(&script, START);
        uint8_t passed = 0;
        openpit_order order = good_order();
        check(trade(engine, result));
        order.fields = 0;
        check_equal(openpit_engine_execute_pre_trade_dry_run(engine, &order, result, &passed), OPENPIT_STATUS_OK);
        check_text(script.log, "a-nd");
        openpit_engine_destroy(engine);
    }

    test("a hook that fails rejects an order, and fails a report or a batch") {
        script script = {.answer = -1};
        size_t failed = 77;
        openpit_engine *engine = scripted_engine(&script, START | REPORT | ADJUST);
        check(!trade(engine, result));
        check(reads(first_reason(result), "policy callback failed"));
        check_equal(report_once(engine, result), OPENPIT_STATUS_DONE_CALLBACK_FAILED);
        check(reads(first_details(result), "policy callback returned an error"));
        check_equal(adjust_once(engine, result, &failed), OPENPIT_STATUS_CALLBACK_FAILED);
        check(reads(first_details(result), "policy callback returned an error"));
        check_equal(failed, 0);
        check_equal(script.calls, 3);
        openpit_engine_destroy(engine);
    }

    test("whatever a hook gets wrong rejects its order, and the details say what it was") {
        for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
            for (int stage = START; stage <= MAIN; stage++) {
                script script = {.run = mistakes[i].make};
                openpit_engine *engine = scripted_engine(&script, stage);
                uint8_t passed = 77;
                openpit_order order = good_order();
                check(!trade(engine, result));
                check_equal(openpit_result_reject_count(result), 1);
                check(reads(first_reason(result), "policy callback failed"));
                check(reads(first_details(result), mistakes[i].details));
                check_equal(openpit_engine_execute_pre_trade_dry_run(engine, &order, result, &passed),
                            OPENPIT_STATUS_OK);
                check_equal(passed, 0);
                check(reads(first_details(result), mistakes[i].details));
                openpit_engine_destroy(engine);
            }
        }
    }

    test("a report tells what a hook got wrong, and is not to be sent again; a batch is undone") {
        script script = {.run = forget_scope};
        openpit_engine *engine = scripted_engine(&script, REPORT | ADJUST);
        size_t failed = 77;
        check_equal(report_once(engine, result), OPENPIT_STATUS_DONE_CALLBACK_FAILED);
        check(reads(first_details(result), "a reject was not taken: its scope: " UNKNOWN_NUMBER));
        check_equal(adjust_once(engine, result, &failed), OPENPIT_STATUS_CALLBACK_FAILED);
        check(reads(first_details(result), "a reject was not taken: its scope: " UNKNOWN_NUMBER));
        check_equal(failed, 0);
        openpit_engine_destroy(engine);
    }

    test("failed_index is written whatever the status is") {
        script script = {0};
        openpit_engine *engine = scripted_engine(&script, ADJUST);
        openpit_adjustment batch[3] = {good_adjustment(), good_adjustment(), good_adjustment()};
        size_t failed = 77;
        check_equal(openpit_engine_apply_account_adjustment(NULL, 1, batch, 3, result, &failed),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(failed, 3);
        for (size_t i = 0; i < 3; i++) {
            check_refused(OPENPIT_STATUS_INVALID_ARGUMENT, batch[i].kind, 77,
                          openpit_engine_apply_account_adjustment(engine, 1, batch, 3, result, &failed));
            check_equal(failed, i);
        }
        check_equal(openpit_engine_apply_account_adjustment(engine, 1, batch, 3, result, &failed), OPENPIT_STATUS_OK);
        check_equal(failed, 3);
        openpit_engine_retain_weak(engine);
        openpit_engine_destroy(engine);
        check_equal(openpit_engine_apply_account_adjustment(engine, 1, batch, 3, result, &failed),
                    OPENPIT_STATUS_ENGINE_CLOSED);
        check_equal(failed, 3);
        openpit_engine_release_weak(engine);
    }

    test("a context that was kept says nothing and asks nothing any more, in no order and with no engine") {
        const int stages[] = {START, MAIN, REPORT, ADJUST};
        for (int i = 0; i < 4; i++) {
            script script = {.run = keep};
            openpit_engine *engine = scripted_engine(&script, stages[i]);
            openpit_order order = good_order();
            openpit_reservation open = 0;
            size_t failed = 0;
            check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &open), OPENPIT_STATUS_OK);
            check_equal(report_once(engine, result), OPENPIT_STATUS_OK);
            check_equal(adjust_once(engine, result, &failed), OPENPIT_STATUS_OK);
            check_ended();
            check_equal(openpit_engine_read_reservation(engine, open, result), OPENPIT_STATUS_OK);
            check_equal(openpit_result_lock_count(result), 0);
            check_equal(openpit_result_outcome_count(result), 0);
            script.run = say_no_late;
            check(trade(engine, result));
            check_equal(openpit_engine_commit(engine, open), OPENPIT_STATUS_OK);
            openpit_engine_destroy(engine);
            check_ended();
        }
    }

    test("what a hook does to its caller's order or report reaches no policy") {
        for (int has_request = 0; has_request < 2; has_request++) {
            script script = {.run = spoil};
            openpit_policy policy = {.struct_size = sizeof policy,
                                     .name = text_of("A"),
                                     .user_data = &script,
                                     .check_pre_trade_start = check_order,
                                     .apply_execution_report = check_report};
            openpit_spot_funds_settings settings = {.struct_size = sizeof settings,
                                                    .limit_mode = OPENPIT_LIMIT_MODE_TRACK_ONLY};
            openpit_engine_builder *builder = new_builder();
            openpit_request request = 0;
            openpit_reservation open = 0;
            openpit_lock_entry entry;
            check_equal(openpit_engine_builder_add_policy(builder, &policy), OPENPIT_STATUS_OK);
            check_equal(openpit_engine_builder_add_spot_funds(builder, 9, NULL, &settings, NULL, 0, NULL),
                        OPENPIT_STATUS_OK);
            openpit_engine *engine = build(builder);
            spoiled_order = good_order();
            if (has_request) {
                check_equal(openpit_engine_start_pre_trade(engine, &spoiled_order, result, &request),
                            OPENPIT_STATUS_OK);
                spoil(&script, NULL);
                check_equal(openpit_engine_execute_request(engine, request, result, &open), OPENPIT_STATUS_OK);
            } else {
                check_equal(openpit_engine_execute_pre_trade(engine, &spoiled_order, result, &open), OPENPIT_STATUS_OK);
            }
            check(open != 0);
            check_equal(openpit_result_lock_entry(result, 0, &entry), OPENPIT_STATUS_OK);
            check_equal(openpit_decimal_compare(entry.price, openpit_decimal_from_int64(10)), 0);
            check_equal(openpit_engine_commit(engine, open), OPENPIT_STATUS_OK);

            spoiled_lock = entry;
            spoiled_report = good_report();
            spoiled_report.fields = OPENPIT_REPORT_HAS_ACCOUNT | OPENPIT_REPORT_HAS_TRADE |
                                    OPENPIT_REPORT_HAS_LEAVES_QUANTITY | OPENPIT_REPORT_HAS_FINALITY |
                                    OPENPIT_REPORT_HAS_LOCK;
            spoiled_report.is_final = 1;
            spoiled_report.trade_price = openpit_decimal_from_int64(10);
            spoiled_report.trade_quantity = openpit_decimal_from_int64(1);
            spoiled_report.lock = &spoiled_lock;
            spoiled_report.lock_count = 1;
            check_equal(openpit_engine_apply_execution_report(engine, &spoiled_report, result), OPENPIT_STATUS_OK);
            openpit_holding holding = {.struct_size = sizeof holding};
            check_equal(openpit_engine_read_holding(engine, 1, asset_of("AAPL"), &holding), OPENPIT_STATUS_OK);
            check_equal(openpit_decimal_compare(holding.balance, openpit_decimal_from_int64(1)), 0);
            openpit_engine_destroy(engine);
        }
    }

    openpit_result_destroy(result);
    return report();
}
