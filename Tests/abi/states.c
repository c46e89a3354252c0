// Every function of openpit/states.h, and of openpit/rules.h: what may be traded, who says so, and how that ends.
#include "fixture.h"

static openpit_decimal whole(int64_t value) { return openpit_decimal_from_int64(value); }

static openpit_engine_builder *clocked_builder(openpit_clock *clock) {
    openpit_engine_options options = {.struct_size = sizeof options, .clock = clock};
    openpit_engine_builder *builder = NULL;
    check_equal(openpit_engine_builder_create(&options, &builder), OPENPIT_STATUS_OK);
    return builder;
}

static openpit_limit limit_named(const char *name, uint8_t action, openpit_name role) {
    return (openpit_limit){.struct_size = sizeof(openpit_limit),
                           .fields = OPENPIT_LIMIT_HAS_UPPER,
                           .metric = OPENPIT_METRIC_ORDER_QUANTITY,
                           .action = action,
                           .name = asset_of(name),
                           .release_role = role,
                           .upper = whole(10)};
}

static openpit_engine *built(openpit_engine_builder *builder) {
    openpit_engine *engine = NULL;
    check_equal(openpit_engine_builder_build(builder, &engine, NULL), OPENPIT_STATUS_OK);
    openpit_engine_builder_destroy(builder);
    return engine;
}

static openpit_engine *limited(openpit_clock *clock) {
    openpit_engine_builder *builder = clocked_builder(clock);
    openpit_limit limit = limit_named("size", OPENPIT_LIMIT_ACTION_REJECT, 0);
    check_equal(openpit_engine_builder_add_limits(builder, &limit, 1, NULL), OPENPIT_STATUS_OK);
    return built(builder);
}

static openpit_scope account_key(openpit_account_id account) {
    return (openpit_scope){.keys = 1u << OPENPIT_SCOPE_KEY_ACCOUNT, .account = account};
}

static void count_cause(void *data, openpit_text cause) {
    ++*(int *)data;
    check(cause.length == strlen("Engine") && memcmp(cause.data, "Engine", cause.length) == 0);
}

static void count_intent(void *data, const openpit_cancel_intent *intent) { ++*(int *)data, (void)intent; }

static openpit_trading_state state_of(openpit_engine *engine, openpit_scope key) {
    openpit_trading_state state = 0;
    check_equal(openpit_engine_read_state(engine, &key, &state), OPENPIT_STATUS_OK);
    return state;
}

static void check_states(void) {
    openpit_engine *engine = limited(NULL);
    openpit_scope seven = account_key(7), each = seven, firm = {0};
    each.each = each.keys, each.account = 0;
    openpit_release_answer answer = {.struct_size = sizeof answer};
    int causes = 0;
    test("a state is set by hand, met by whoever it is for, and released") {
        check_equal(state_of(engine, seven), OPENPIT_TRADING_STATE_ACTIVE);
        check_equal(openpit_engine_set_state(engine, &seven, OPENPIT_TRADING_STATE_HALTED), OPENPIT_STATUS_OK);
        check_equal(state_of(engine, seven), OPENPIT_TRADING_STATE_HALTED);
        check_equal(state_of(engine, account_key(8)), OPENPIT_TRADING_STATE_ACTIVE);
        check_equal(openpit_engine_release(engine, &seven, 0, 0, &answer, count_cause, &causes), OPENPIT_STATUS_OK);
        check_equal(answer.was, OPENPIT_TRADING_STATE_HALTED);
        check_equal(answer.now, OPENPIT_TRADING_STATE_ACTIVE);
        check_equal(answer.is_refused, 0);
        check_equal(causes, 1);
        check_equal(openpit_engine_set_state(engine, &firm, OPENPIT_TRADING_STATE_REDUCING), OPENPIT_STATUS_OK);
        check_equal(state_of(engine, seven), OPENPIT_TRADING_STATE_REDUCING);
        check_equal(openpit_engine_release(engine, &firm, 0, 0, &answer, NULL, NULL), OPENPIT_STATUS_OK);
    }
    test("a state that cannot be set is refused") {
        check_equal(openpit_engine_set_state(engine, &seven, 0), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_engine_set_state(engine, &seven, 1), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_engine_set_state(engine, &seven, 4), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_engine_set_state(engine, &each, 3), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_engine_set_state(engine, NULL, 3), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_read_state(engine, &seven, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_release(engine, &seven, UNKNOWN_ASSET, 0, &answer, NULL, NULL),
                    OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_release(engine, &seven, 0, 0, NULL, NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    test("a baseline is set to the present value, and there are four of them") {
        check_equal(openpit_engine_rebase(engine, 7, OPENPIT_REBASED_PEAK - 1), OPENPIT_STATUS_INVALID_ARGUMENT);
        for (openpit_rebased_part part = OPENPIT_REBASED_PEAK; part <= OPENPIT_REBASED_MONTH; part++) {
            check_equal(openpit_engine_rebase(engine, 7, part), OPENPIT_STATUS_OK);
        }
        check_equal(openpit_engine_rebase(engine, 7, OPENPIT_REBASED_MONTH + 1), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_engine_rebase(NULL, 7, OPENPIT_REBASED_DAY), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    test("without working orders nothing is wanted of the venue") {
        openpit_cancel_intent intent = {.struct_size = sizeof intent};
        int count = 0;
        check_equal(openpit_engine_next_intent(engine, &intent), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_next_intent(engine, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_read_pending_cancels(engine, count_intent, &count), OPENPIT_STATUS_OK);
        check_equal(count, 0);
        check_equal(openpit_engine_read_pending_cancels(engine, NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    openpit_engine_destroy(engine);
}

static void check_telling(void) {
    openpit_engine *engine = limited(NULL);
    test("sessions, locates and grants") {
        check_equal(openpit_engine_tick(engine), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_heartbeat(engine, asset_of("nobody")), OPENPIT_STATUS_NOT_FOUND);
        openpit_locate locate = {.struct_size = sizeof locate,
                                 .id = asset_of("L1"),
                                 .account = 7,
                                 .underlying = asset_of("AAPL"),
                                 .settlement = asset_of("USD"),
                                 .quantity = whole(5),
                                 .expires = INT64_MAX};
        check_equal(openpit_engine_add_locate(engine, &locate), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_add_locate(engine, &locate), OPENPIT_STATUS_INVALID_ARGUMENT);
        locate.id = asset_of("L2"), locate.quantity = whole(0);
        check_equal(openpit_engine_add_locate(engine, &locate), OPENPIT_STATUS_INVALID_ARGUMENT);
        openpit_name limit = asset_of("size"), unknown = asset_of("nothing");
        openpit_name actors[] = {asset_of("anna"), asset_of("bert")};
        openpit_grant grant = {.struct_size = sizeof grant,
                               .account = 7,
                               .client_order_id = {"a", 1},
                               .limits = &limit,
                               .limit_count = 1,
                               .actors = actors,
                               .actor_count = 2,
                               .expires = INT64_MAX};
        openpit_error error = {.struct_size = sizeof error};
        check_equal(openpit_engine_grant(engine, &grant, &error), OPENPIT_STATUS_OK);
        grant.actor_count = 1;
        check_equal(openpit_engine_grant(engine, &grant, &error), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(error.cause, OPENPIT_GRANT_CAUSE_TOO_FEW_ACTORS);
        grant.actor_count = 2, grant.limits = &unknown;
        check_equal(openpit_engine_grant(engine, &grant, &error), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(error.cause, OPENPIT_GRANT_CAUSE_LIMIT_UNKNOWN);
    }
    openpit_engine_destroy(engine);
}

static void check_rules(void) {
    openpit_engine_builder *builder = clocked_builder(NULL);
    test("calendars, sessions, permissions and requirements are told to a builder") {
        openpit_calendar_instant instants[] = {
            {.time = 0, .phase = OPENPIT_PHASE_CONTINUOUS, .flags = OPENPIT_CALENDAR_DAY_BEGINS},
            {.time = 10, .phase = OPENPIT_PHASE_CLOSED}};
        uint32_t calendar = 0;
        check_equal(openpit_engine_builder_add_calendar(builder, instants, 2, 20, &calendar), OPENPIT_STATUS_OK);
        check_equal(calendar, 1);
        check_equal(openpit_engine_builder_add_calendar(builder, instants, 0, 20, &calendar),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_engine_builder_add_calendar(builder, instants, 2, 10, &calendar),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        instants[1].time = 0;
        check_equal(openpit_engine_builder_add_calendar(builder, instants, 2, 20, &calendar),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_engine_builder_set_venue_calendar(builder, asset_of("XNYS"), calendar), OPENPIT_STATUS_OK);
        openpit_session session = {.struct_size = sizeof session,
                                   .name = asset_of("s1"),
                                   .heartbeat = 1000,
                                   .on_loss = OPENPIT_TRADING_STATE_HALTED};
        check_equal(openpit_engine_builder_add_session(builder, &session), OPENPIT_STATUS_OK);
        session.heartbeat = 0;
        check_equal(openpit_engine_builder_add_session(builder, &session), OPENPIT_STATUS_INVALID_ARGUMENT);
        const openpit_permission_item items[] = {
            {.aspect = OPENPIT_ASPECT_INSTRUMENTS, .name = asset_of("AAPL"), .name_of = asset_of("USD")},
            {.aspect = OPENPIT_ASPECT_SIDES, .is_allowed = 1, .word = OPENPIT_SIDE_BUY}};
        openpit_permission permission = {.struct_size = sizeof permission,
                                         .name = asset_of("list"),
                                         .allowed_aspects = 1u << OPENPIT_ASPECT_SIDES,
                                         .scope = account_key(7),
                                         .items = items,
                                         .item_count = 2};
        check_equal(openpit_engine_builder_add_permission(builder, &permission), OPENPIT_STATUS_OK);
        const openpit_permission_item wrong = {.aspect = OPENPIT_ASPECT_SIDES, .name = asset_of("AAPL")};
        permission.items = &wrong, permission.item_count = 1;
        check_equal(openpit_engine_builder_add_permission(builder, &permission), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_engine_builder_require(builder, OPENPIT_METRIC_CREDIT, 1u << OPENPIT_SCOPE_KEY_ACCOUNT),
                    OPENPIT_STATUS_OK);
        check_equal(openpit_engine_builder_require(builder, 0, 0), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_engine_builder_require(builder, OPENPIT_METRIC_CREDIT, 1), OPENPIT_STATUS_INVALID_ARGUMENT);
    }
    openpit_engine *engine = built(builder);
    test("what a builder was told of is known to the engine") {
        check_equal(openpit_engine_heartbeat(engine, asset_of("s1")), OPENPIT_STATUS_OK);
    }
    openpit_engine_destroy(engine);
}

static void take_pending(void *data, const openpit_pending_change *change) {
    *(openpit_pending_change *)data = *change;
}

/* How many rejects an order to buy has. */
static size_t rejects_of_buy(openpit_engine *engine) {
    const openpit_order order = good_order();
    openpit_result *result = NULL;
    openpit_explanation explanation = {.struct_size = sizeof explanation};
    check_equal(openpit_result_create(&result), OPENPIT_STATUS_OK);
    check_equal(openpit_engine_explain(engine, &order, result, &explanation, NULL, NULL), OPENPIT_STATUS_OK);
    size_t count = openpit_result_reject_count(result);
    openpit_result_destroy(result);
    return count;
}

static void check_changes(void) {
    openpit_clock *clock = NULL;
    check_equal(openpit_clock_create_at(1000, &clock), OPENPIT_STATUS_OK);
    openpit_engine *engine = limited(clock);
    openpit_limit wider = limit_named("size", OPENPIT_LIMIT_ACTION_REJECT, 0);
    wider.upper = whole(20);
    openpit_limit_change change = {.struct_size = sizeof change, .set = &wider, .set_count = 1};
    openpit_limit_change_answer answer = {.struct_size = sizeof answer};
    openpit_pending_change pending = {0};
    test("a change waits for its time, and the first call from then on makes it") {
        change.fields = OPENPIT_LIMIT_CHANGE_HAS_EFFECTIVE_FROM | OPENPIT_LIMIT_CHANGE_HAS_REVERT_AT;
        change.effective_from = 2000, change.revert_at = 3000;
        check_equal(openpit_engine_change_limits(engine, &change, &answer, NULL), OPENPIT_STATUS_OK);
        check_equal(answer.is_applied, 0);
        check_equal(openpit_engine_read_pending_changes(engine, take_pending, &pending), OPENPIT_STATUS_OK);
        check_equal(pending.number, answer.number);
        check_equal(pending.at, 2000);
        check_equal(pending.is_revert, 0);
        check_equal(openpit_clock_set(clock, 2000), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_read_pending_changes(engine, take_pending, &pending), OPENPIT_STATUS_OK);
        check_equal(pending.number, answer.number);
        check_equal(pending.at, 3000);
        check_equal(pending.is_revert, 1);
    }
    test("a change that cannot be is refused, and says which limit is wrong") {
        openpit_error error = {.struct_size = sizeof error};
        change.revert_at = change.effective_from;
        check_equal(openpit_engine_change_limits(engine, &change, &answer, &error), OPENPIT_STATUS_INVALID_ARGUMENT);
        openpit_limit limits[] = {wider, limit_named("other", OPENPIT_LIMIT_ACTION_REJECT, 0)};
        limits[1].fields = 0;
        change.fields = 0, change.set = limits, change.set_count = 2;
        check_equal(openpit_engine_change_limits(engine, &change, &answer, &error), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(error.value, 1);
        change.fields = 1u << 5, change.set_count = 0;
        check_equal(openpit_engine_change_limits(engine, &change, &answer, &error), OPENPIT_STATUS_INVALID_ARGUMENT);
    }
    test("permissions and what is required change while an engine runs, and are taken back") {
        const openpit_permission_item sells = {.aspect = OPENPIT_ASPECT_SIDES, .word = OPENPIT_SIDE_BUY};
        openpit_permission only = {.struct_size = sizeof only, .name = asset_of("only sells"), .items = &sells};
        only.item_count = 1;
        openpit_requirement value = {.metric = OPENPIT_METRIC_ORDER_NOTIONAL};
        openpit_limit_change tables = {.struct_size = sizeof tables, .permissions = &only, .permission_count = 1};
        tables.required = &value, tables.required_count = 1;
        tables.revert_at = 5000, tables.fields = OPENPIT_LIMIT_CHANGE_HAS_REVERT_AT;
        // A list that is not to be set is a mistake.
        check_equal(openpit_engine_change_limits(engine, &tables, &answer, NULL), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(rejects_of_buy(engine), 0);
        tables.fields |= OPENPIT_LIMIT_CHANGE_SETS_REQUIRED;
        value.reserved = 1;
        check_equal(openpit_engine_change_limits(engine, &tables, &answer, NULL), OPENPIT_STATUS_INVALID_ARGUMENT);
        value.reserved = 0;
        check_equal(openpit_engine_change_limits(engine, &tables, &answer, NULL), OPENPIT_STATUS_OK);
        check_equal(rejects_of_buy(engine), 2);
        openpit_limit_change gone = {.struct_size = sizeof gone, .removed_permissions = &only.name};
        gone.removed_permission_count = 1;
        check_equal(openpit_engine_change_limits(engine, &gone, &answer, NULL), OPENPIT_STATUS_OK);
        check_equal(rejects_of_buy(engine), 1);
        gone = (openpit_limit_change){.struct_size = sizeof gone, .permissions = &only, .permission_count = 1};
        check_equal(openpit_engine_change_limits(engine, &gone, &answer, NULL), OPENPIT_STATUS_OK);
        check_equal(rejects_of_buy(engine), 2);
        // Limits that go leave permissions alone.
        gone = (openpit_limit_change){.struct_size = sizeof gone, .set = &wider, .set_count = 1};
        gone.fields = OPENPIT_LIMIT_CHANGE_REPLACES_ALL;
        check_equal(openpit_engine_change_limits(engine, &gone, &answer, NULL), OPENPIT_STATUS_OK);
        check_equal(rejects_of_buy(engine), 2);
        gone = (openpit_limit_change){.struct_size = sizeof gone, .fields = OPENPIT_LIMIT_CHANGE_REPLACES_PERMISSIONS};
        check_equal(openpit_engine_change_limits(engine, &gone, &answer, NULL), OPENPIT_STATUS_OK);
        check_equal(rejects_of_buy(engine), 1);
        // What is required is what it was once the change is taken back.
        check_equal(openpit_clock_set(clock, 5000), OPENPIT_STATUS_OK);
        check_equal(rejects_of_buy(engine), 0);
    }
    test("limits are in force until the end of time, and then too") {
        const uint64_t ends[] = {INT64_MAX - 1, INT64_MAX, UINT64_MAX};
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
            openpit_clock *late = NULL;
            check_equal(openpit_clock_create_at(1000, &late), OPENPIT_STATUS_OK);
            openpit_engine *old = limited(late);
            openpit_order large = good_order();
            openpit_reservation reservation = 0;
            large.amount = whole(21);
            check_equal(openpit_clock_set(late, ends[i]), OPENPIT_STATUS_OK);
            check_equal(openpit_engine_execute_pre_trade(old, &large, NULL, &reservation), OPENPIT_STATUS_OK);
            check_equal(reservation, 0);
            large.amount = whole(1);
            check_equal(openpit_engine_execute_pre_trade(old, &large, NULL, &reservation), OPENPIT_STATUS_OK);
            check(reservation != 0);
            check_equal(openpit_engine_rollback(old, reservation), OPENPIT_STATUS_OK);
            openpit_engine_destroy(old);
            openpit_clock_destroy(late);
        }
    }
    test("accounts are told of, and positions asked for, while an engine runs") {
        openpit_account_description account = {
            .struct_size = sizeof account, .account = 9, .currency = asset_of("USD")};
        uint8_t is_there = 1;
        check_equal(openpit_engine_set_account(engine, &account), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_has_position(engine, asset_of("AAPL"), asset_of("USD"), &is_there),
                    OPENPIT_STATUS_OK);
        check_equal(is_there, 0);
        check_equal(openpit_engine_has_position(engine, asset_of("AAPL"), asset_of("USD"), NULL),
                    OPENPIT_STATUS_NULL_ARGUMENT);
    }
    test("what is known of the world changes with the limits, by a builder that was told of nothing else") {
        const openpit_engine_options options = {.struct_size = sizeof options};
        openpit_engine_builder *described = NULL;
        check_equal(openpit_engine_builder_create(&options, &described), OPENPIT_STATUS_OK);
        openpit_tick tick = {.from = whole(0), .step = whole(7)};
        openpit_instrument_description instrument = {.struct_size = sizeof instrument, .tick_count = 1, .ticks = &tick};
        instrument.underlying = asset_of("AAPL"), instrument.settlement = asset_of("USD");
        check_equal(openpit_engine_builder_describe_instrument(described, &instrument), OPENPIT_STATUS_OK);
        openpit_account_description account = {
            .struct_size = sizeof account, .account = 9, .currency = asset_of("USD")};
        account.fields = OPENPIT_ACCOUNT_HAS_GROUP, account.group = 5, account.reserved = 1;
        check_equal(openpit_engine_builder_describe_account(described, &account), OPENPIT_STATUS_INVALID_ARGUMENT);
        account.reserved = 0;
        check_equal(openpit_engine_builder_describe_account(described, &account), OPENPIT_STATUS_OK);
        openpit_limit form = limit_named("form", OPENPIT_LIMIT_ACTION_REJECT, 0);
        form.fields = 0, form.metric = OPENPIT_METRIC_PRICE_TICK;
        openpit_limit_change world = {
            .struct_size = sizeof world, .set = &form, .set_count = 1, .described = described};
        for (int which = 0; which < 2; which++) {
            world.fields = which == 0 ? OPENPIT_LIMIT_CHANGE_HAS_EFFECTIVE_FROM : OPENPIT_LIMIT_CHANGE_HAS_REVERT_AT;
            world.effective_from = world.revert_at = INT64_MAX;
            check_equal(openpit_engine_change_limits(engine, &world, &answer, NULL), OPENPIT_STATUS_INVALID_ARGUMENT);
        }
        world.fields = 0;
        check_equal(openpit_engine_change_limits(engine, &world, &answer, NULL), OPENPIT_STATUS_OK);
        check_equal(answer.is_applied, 1);
        openpit_account_group_id group = 0;
        check_equal(openpit_engine_group_of(engine, 9, &group), OPENPIT_STATUS_OK);
        check_equal(group, 5);
        check_equal(rejects_of_buy(engine), 1);
        check_equal(openpit_engine_change_limits(engine, &world, &answer, NULL), OPENPIT_STATUS_BUILDER_CONSUMED);
        openpit_engine_builder_destroy(described);
        world.described = clocked_builder(NULL);
        check_equal(openpit_engine_builder_add_order_validation(world.described, 0), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_change_limits(engine, &world, &answer, NULL), OPENPIT_STATUS_INVALID_ARGUMENT);
        openpit_engine_builder_destroy(world.described);
    }
    openpit_engine_destroy(engine);
    openpit_clock_destroy(clock);
}

int main(void) {
    check_states();
    check_telling();
    check_rules();
    check_changes();
    test("an engine without limits has no states") {
        openpit_engine_builder *builder = clocked_builder(NULL);
        check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_OK);
        openpit_engine *engine = built(builder);
        openpit_scope firm = {0};
        openpit_trading_state state = 0;
        openpit_limit_change change = {.struct_size = sizeof change};
        openpit_limit_change_answer answer = {.struct_size = sizeof answer};
        check_equal(openpit_engine_set_state(engine, &firm, 3), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_read_state(engine, &firm, &state), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_tick(engine), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_change_limits(engine, &change, &answer, NULL), OPENPIT_STATUS_NOT_FOUND);
        openpit_engine_destroy(engine);
    }
    return report();
}
