// Every function of openpit/limits.h: what a builder is told of limits, and what an engine says of them.
#include "fixture.h"

static openpit_decimal whole(int64_t value) { return openpit_decimal_from_int64(value); }

/// A number with so many digits after the point.
static openpit_decimal parts(uint64_t value, uint8_t scale) { return (openpit_decimal){.low = value, .scale = scale}; }

/// A limit of the quantity of an order: 10.
static openpit_limit good_limit(void) {
    return (openpit_limit){.struct_size = sizeof(openpit_limit),
                           .fields = OPENPIT_LIMIT_HAS_UPPER,
                           .metric = OPENPIT_METRIC_ORDER_QUANTITY,
                           .name = asset_of("size"),
                           .upper = openpit_decimal_from_int64(10)};
}

static openpit_engine_builder *limits_builder(openpit_clock *clock) {
    openpit_engine_options options = {.struct_size = sizeof options, .clock = clock};
    openpit_engine_builder *builder = NULL;
    check_equal(openpit_engine_builder_create(&options, &builder), OPENPIT_STATUS_OK);
    return builder;
}

static openpit_engine *built(openpit_engine_builder *builder) {
    openpit_engine *engine = NULL;
    check_equal(openpit_engine_builder_build(builder, &engine, NULL), OPENPIT_STATUS_OK);
    openpit_engine_builder_destroy(builder);
    return engine;
}

static openpit_engine *limited(openpit_limit limit, openpit_clock *clock) {
    openpit_engine_builder *builder = limits_builder(clock);
    check_equal(openpit_engine_builder_add_limits(builder, &limit, 1, NULL), OPENPIT_STATUS_OK);
    return built(builder);
}

/// What adding a limit that a mistake was put into comes to.
#define check_limit(status, mistake)                                                                                   \
    do {                                                                                                               \
        openpit_engine_builder *builder = limits_builder(NULL);                                                        \
        openpit_limit limit = good_limit();                                                                            \
        mistake;                                                                                                       \
        check_equal(openpit_engine_builder_add_limits(builder, &limit, 1, NULL), (status));                            \
        openpit_engine_builder_destroy(builder);                                                                       \
    } while (false)

static void check_limits_that_cannot_be(void) {
    test("a limit that cannot be is refused") {
        check_limit(OPENPIT_STATUS_STRUCT_SIZE, limit.struct_size = 8);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.fields |= 1u << 4);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.flags = 1u << 4);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.metric = 0);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.metric = 52);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.action = 7);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.period = 5);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.release = 5);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.release_after = 1);
        check_limit(OPENPIT_STATUS_NOT_FOUND, limit.name = 0);
        check_limit(OPENPIT_STATUS_NOT_FOUND, limit.name = UNKNOWN_ASSET);
        check_limit(OPENPIT_STATUS_NOT_FOUND, limit.currency = UNKNOWN_ASSET);
        check_limit(OPENPIT_STATUS_INVALID_DECIMAL, limit.upper = bad_decimal());
        check_limit(OPENPIT_STATUS_NEGATIVE_VALUE, limit.hysteresis = openpit_decimal_from_int64(-1));
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.only_sides = 1);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.only_order_types = 1u << 5);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.only_phases = 1u << 7);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.stage_count = 5);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.stage_count = 1);
        check_limit(OPENPIT_STATUS_NULL_ARGUMENT, limit.parameter_count = 1);
        check_limit(OPENPIT_STATUS_NULL_ARGUMENT, limit.max_age_count = 1);
    }
    test("a limit needs a bound, unless it is unlimited on purpose") {
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.fields = 0);
        check_limit(OPENPIT_STATUS_OK, limit.fields = 0; limit.flags = OPENPIT_LIMIT_UNLIMITED);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.flags = OPENPIT_LIMIT_UNLIMITED);
    }
    test("bounds do not cross") {
        check_limit(OPENPIT_STATUS_OK, limit.fields |= OPENPIT_LIMIT_HAS_LOWER; limit.lower = whole(9));
        check_limit(OPENPIT_STATUS_OK, limit.fields |= OPENPIT_LIMIT_HAS_LOWER; limit.lower = whole(10));
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.fields |= OPENPIT_LIMIT_HAS_LOWER; limit.lower = whole(11));
    }
    test("a scope has values for its keys, and for no other") {
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.scope.keys = 1u << 11);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.scope.each = 1u << OPENPIT_SCOPE_KEY_ACCOUNT);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.scope.account = 1);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.scope.group = 1);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.scope.venue = asset_of("X"));
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.scope.class_kind = asset_of("sector"));
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.scope.instrument_settlement = asset_of("USD"));
        check_limit(OPENPIT_STATUS_NOT_FOUND, limit.scope.keys = 1u << OPENPIT_SCOPE_KEY_VENUE);
        check_limit(OPENPIT_STATUS_NOT_FOUND, limit.scope.keys = 1u << OPENPIT_SCOPE_KEY_INSTRUMENT);
        check_limit(OPENPIT_STATUS_NOT_FOUND, limit.scope.keys = limit.scope.each = 1u << OPENPIT_SCOPE_KEY_CLASS);
    }
    test("parameters are pairs of the list") {
        openpit_limit_argument argument = {.parameter = OPENPIT_PARAMETER_REFERENCE, .value = whole(0x41)};
        check_limit(OPENPIT_STATUS_OK, limit.parameters = &argument; limit.parameter_count = 1);
        argument.value = whole(0x11);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.parameters = &argument; limit.parameter_count = 1);
        argument.value = parts(5, 1);
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.parameters = &argument; limit.parameter_count = 1);
        argument = (openpit_limit_argument){.parameter = OPENPIT_PARAMETER_INPUT};
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.parameters = &argument; limit.parameter_count = 1);
        argument = (openpit_limit_argument){.parameter = 21};
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.parameters = &argument; limit.parameter_count = 1);
        openpit_max_age age = {.source = OPENPIT_SOURCE_FIGURE, .nanoseconds = 1};
        check_limit(OPENPIT_STATUS_OK, limit.max_ages = &age; limit.max_age_count = 1);
        age.source = OPENPIT_SOURCE_FIGURE + 1;
        check_limit(OPENPIT_STATUS_INVALID_ARGUMENT, limit.max_ages = &age; limit.max_age_count = 1);
    }
    test("the error names the limit, and none is added") {
        openpit_engine_builder *builder = limits_builder(NULL);
        openpit_limit limits[] = {good_limit(), good_limit()};
        limits[1].fields = 0;
        openpit_error error = {.struct_size = sizeof error};
        check_equal(openpit_engine_builder_add_limits(builder, limits, 2, &error), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(error.value, 1);
        check(strstr(error.message, "size, order_quantity: ") == error.message);
        openpit_engine *engine = NULL;
        check_equal(openpit_engine_builder_build(builder, &engine, NULL), OPENPIT_STATUS_NO_POLICIES);
        openpit_engine_builder_destroy(builder);
    }
}

// ---- What an engine says ---------------------------------------------------------------------------------------------

typedef struct seen {
    int count;
    openpit_limit_status last;
} seen;

static void see_status(void *data, const openpit_limit_status *status) {
    seen *seen = data;
    seen->count++;
    seen->last = *status;
}

typedef struct looked {
    int count;
    openpit_look last;
    openpit_input_use inputs[4];
} looked;

static void see_look(void *data, const openpit_look *look) {
    looked *looked = data;
    looked->count++;
    looked->last = *look;
    for (size_t i = 0; i < look->input_count && i < 4; i++) looked->inputs[i] = look->inputs[i];
}

static bool is(openpit_decimal number, openpit_decimal expected) {
    return openpit_decimal_compare(number, expected) == 0;
}

static void check_rejects(void) {
    openpit_result *result = NULL;
    openpit_result_create(&result);
    test("bounds are inclusive, and a reject says the numbers") {
        openpit_engine *engine = limited(good_limit(), NULL);
        for (int quantity = 9; quantity <= 11; quantity++) {
            openpit_order order = good_order();
            order.amount = whole(quantity);
            openpit_reservation reservation = 0;
            check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &reservation), OPENPIT_STATUS_OK);
            check((reservation != 0) == (quantity <= 10));
            if (reservation != 0) check_equal(openpit_engine_commit(engine, reservation), OPENPIT_STATUS_OK);
        }
        openpit_reject reject = {.struct_size = sizeof reject};
        check_equal(openpit_result_reject(result, 0, &reject), OPENPIT_STATUS_OK);
        check_equal(reject.code, OPENPIT_REJECT_ORDER_QTY_EXCEEDS_LIMIT);
        check(reads(reject.policy, "size"));
        check_equal(reject.metric, OPENPIT_METRIC_ORDER_QUANTITY);
        check_equal(reject.bound, OPENPIT_BOUND_UPPER);
        check_equal(reject.fields, OPENPIT_REJECT_HAS_VALUE | OPENPIT_REJECT_HAS_LIMIT);
        check(is(reject.value, whole(11)) && is(reject.limit, whole(10)));
        openpit_engine_destroy(engine);
    }
    test("a reject of an older header has no numbers") {
        openpit_engine *engine = limited(good_limit(), NULL);
        openpit_order order = good_order();
        order.amount = whole(11);
        openpit_reservation reservation = 0;
        check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &reservation), OPENPIT_STATUS_OK);
        openpit_reject reject = {.struct_size = 64, .metric = 99};
        check_equal(openpit_result_reject(result, 0, &reject), OPENPIT_STATUS_OK);
        check_equal(reject.code, OPENPIT_REJECT_ORDER_QTY_EXCEEDS_LIMIT);
        check_equal(reject.metric, 99);
        openpit_engine_destroy(engine);
    }
    openpit_result_destroy(result);
}

static void check_reading(void) {
    test("a limit of each account has a row for each that was seen") {
        openpit_limit limit = good_limit();
        limit.metric = OPENPIT_METRIC_WORKING_ORDERS;
        limit.scope.keys = limit.scope.each = 1u << OPENPIT_SCOPE_KEY_ACCOUNT;
        openpit_engine *engine = limited(limit, NULL);
        seen seen = {0};
        check_equal(openpit_engine_read_limits(engine, see_status, &seen), OPENPIT_STATUS_OK);
        check_equal(seen.count, 1);
        check_equal(seen.last.struct_size, sizeof seen.last);
        check_equal(seen.last.scope.each, 1u << OPENPIT_SCOPE_KEY_ACCOUNT);
        check_equal(seen.last.fields, OPENPIT_LIMIT_HAS_UPPER);
        openpit_order order = good_order();
        openpit_reservation reservation = 0;
        check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_commit(engine, reservation), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_read_limits(engine, see_status, &seen), OPENPIT_STATUS_OK);
        check_equal(seen.count, 2);
        check_equal(seen.last.scope.each, 0);
        check_equal(seen.last.scope.account, 1);
        check(is(seen.last.used, whole(1)) && is(seen.last.headroom, whole(9)) &&
              is(seen.last.utilization, parts(1, 1)));
        check_equal(seen.last.state, OPENPIT_TRADING_STATE_ACTIVE);
        check_equal(openpit_engine_read_limits(engine, NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_engine_read_limits(NULL, see_status, &seen), OPENPIT_STATUS_NULL_ARGUMENT);
        openpit_engine_destroy(engine);
    }
    test("scopes are told as they were given") {
        openpit_scope scopes[] = {
            {.keys = 1u << OPENPIT_SCOPE_KEY_ACCOUNT, .account = UINT64_MAX},
            {.keys = 1u << OPENPIT_SCOPE_KEY_GROUP, .group = 7},
            {.keys = 1u << OPENPIT_SCOPE_KEY_INSTRUMENT,
             .instrument_underlying = asset_of("AAPL"),
             .instrument_settlement = asset_of("USD")},
            {.keys = 1u << OPENPIT_SCOPE_KEY_VENUE | 1u << OPENPIT_SCOPE_KEY_CLASS,
             .each = 1u << OPENPIT_SCOPE_KEY_CLASS,
             .venue = asset_of("X"),
             .class_kind = asset_of("sector")},
        };
        for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++) {
            openpit_limit limit = good_limit();
            limit.scope = scopes[i];
            openpit_engine *engine = limited(limit, NULL);
            seen seen = {0};
            check_equal(openpit_engine_read_limits(engine, see_status, &seen), OPENPIT_STATUS_OK);
            check(memcmp(&seen.last.scope, &scopes[i], sizeof *scopes) == 0);
            openpit_engine_destroy(engine);
        }
    }
}

static void check_explaining(void) {
    openpit_result *result = NULL;
    openpit_result_create(&result);
    openpit_clock *clock = NULL;
    openpit_clock_create_at(1000, &clock);
    test("an explanation is what a call would answer, and changes nothing") {
        openpit_engine *engine = limited(good_limit(), clock);
        openpit_order order = good_order();
        order.amount = whole(11);
        looked looked = {0};
        openpit_explanation explanation = {.struct_size = sizeof explanation};
        for (int i = 1; i <= 2; i++) {
            check_equal(openpit_engine_explain(engine, &order, result, &explanation, see_look, &looked),
                        OPENPIT_STATUS_OK);
            check_equal(explanation.passes, 0);
            check_equal(explanation.time, 1000);
            check_equal(openpit_result_reject_count(result), 1);
            check_equal(looked.count, i);
        }
        check_equal(looked.last.verdict, OPENPIT_LOOK_REJECT);
        check_equal(looked.last.code, OPENPIT_REJECT_ORDER_QTY_EXCEEDS_LIMIT);
        check(is(looked.last.value, whole(11)) && is(looked.last.headroom, whole(-1)));
        order.amount = whole(10);
        check_equal(openpit_engine_explain(engine, &order, NULL, &explanation, NULL, NULL), OPENPIT_STATUS_OK);
        check_equal(explanation.passes, 1);
        check_equal(explanation.state, OPENPIT_TRADING_STATE_ACTIVE);
        openpit_engine_destroy(engine);
    }
    test("an explanation says what was asked of the world") {
        openpit_limit limit = good_limit();
        openpit_limit_argument reference = {.parameter = OPENPIT_PARAMETER_REFERENCE, .value = whole(0x41)};
        openpit_max_age age = {.source = OPENPIT_SOURCE_LAST, .nanoseconds = 5};
        limit.metric = OPENPIT_METRIC_PRICE_COLLAR;
        limit.upper = parts(5, 2);
        limit.parameters = &reference, limit.parameter_count = 1;
        limit.max_ages = &age, limit.max_age_count = 1;
        openpit_engine *engine = limited(limit, clock);
        openpit_input_key key = {.struct_size = sizeof key,
                                 .input = OPENPIT_INPUT_LAST,
                                 .target = OPENPIT_INPUT_OF_INSTRUMENT,
                                 .underlying = asset_of("AAPL"),
                                 .settlement = asset_of("USD")};
        check_equal(openpit_engine_set_input(engine, &key, whole(10), 5), OPENPIT_STATUS_OK);
        openpit_order order = good_order();
        looked looked = {0};
        openpit_explanation explanation = {.struct_size = sizeof explanation};
        check_equal(openpit_engine_explain(engine, &order, NULL, &explanation, see_look, &looked), OPENPIT_STATUS_OK);
        check_equal(looked.last.input_count, 2);
        check_equal(looked.inputs[0].source, OPENPIT_SOURCE_LAST);
        check_equal(looked.inputs[0].status, OPENPIT_INPUT_STALE);
        check_equal(looked.inputs[0].age, 5);
        check(is(looked.inputs[0].value, whole(10)));
        check_equal(looked.inputs[1].source, OPENPIT_SOURCE_MARK);
        check_equal(looked.inputs[1].status, OPENPIT_INPUT_MISSING);
        check_equal(looked.last.code, OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE);
        check_equal(openpit_engine_set_input(engine, &key, whole(10), 4), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_explain(engine, &order, NULL, &explanation, see_look, &looked), OPENPIT_STATUS_OK);
        check_equal(explanation.passes, 1);
        check_equal(openpit_engine_clear_input(engine, &key), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_explain(engine, &order, NULL, &explanation, see_look, &looked), OPENPIT_STATUS_OK);
        check_equal(looked.inputs[0].status, OPENPIT_INPUT_MISSING);
        openpit_engine_destroy(engine);
    }
    openpit_clock_destroy(clock);
    openpit_result_destroy(result);
}

/// What giving an input with a mistake comes to.
#define check_input(status, number, mistake)                                                                           \
    do {                                                                                                               \
        openpit_input_key key = {.struct_size = sizeof key,                                                            \
                                 .input = OPENPIT_INPUT_HALTED,                                                        \
                                 .target = OPENPIT_INPUT_OF_VENUE,                                                     \
                                 .venue = asset_of("X")};                                                              \
        mistake;                                                                                                       \
        check_equal(openpit_engine_set_input(engine, &key, number, 0), (status));                                      \
    } while (false)

static void check_inputs(void) {
    test("an input is of something that has it, and what it can be") {
        openpit_engine *engine = limited(good_limit(), NULL);
        check_input(OPENPIT_STATUS_OK, whole(1), (void)0);
        check_input(OPENPIT_STATUS_INVALID_ARGUMENT, whole(2), (void)0);
        check_input(OPENPIT_STATUS_INVALID_ARGUMENT, whole(-1), (void)0);
        check_input(OPENPIT_STATUS_INVALID_ARGUMENT, parts(5, 1), (void)0);
        check_input(OPENPIT_STATUS_INVALID_DECIMAL, bad_decimal(), (void)0);
        check_input(OPENPIT_STATUS_STRUCT_SIZE, whole(1), key.struct_size = 4);
        check_input(OPENPIT_STATUS_INVALID_ARGUMENT, whole(1), key.input = 0);
        check_input(OPENPIT_STATUS_INVALID_ARGUMENT, whole(1), key.input = OPENPIT_INPUT_FIGURE);
        check_input(OPENPIT_STATUS_INVALID_ARGUMENT, whole(1), key.figure = asset_of("dv01"));
        check_input(OPENPIT_STATUS_INVALID_ARGUMENT, whole(1), key.target = 5);
        check_input(OPENPIT_STATUS_INVALID_ARGUMENT, whole(1), key.target = OPENPIT_INPUT_OF_FIRM);
        check_input(OPENPIT_STATUS_INVALID_ARGUMENT, whole(1), key.account = 1);
        check_input(OPENPIT_STATUS_INVALID_ARGUMENT, whole(1), key.reserved = 1);
        check_input(OPENPIT_STATUS_NOT_FOUND, whole(1), key.venue = 0);
        check_input(OPENPIT_STATUS_OK, whole(OPENPIT_PHASE_HALT), key.input = OPENPIT_INPUT_PHASE);
        check_input(OPENPIT_STATUS_INVALID_ARGUMENT, whole(OPENPIT_PHASE_HALT + 1), key.input = OPENPIT_INPUT_PHASE);
        check_input(OPENPIT_STATUS_OK, whole(5), key.input = OPENPIT_INPUT_FIGURE; key.figure = asset_of("dv01");
                    key.target = OPENPIT_INPUT_OF_FIRM; key.venue = 0);
        openpit_engine_destroy(engine);
    }
}

static void check_knowledge(void) {
    openpit_engine_builder *builder = limits_builder(NULL);
    test("options are those that can be") {
        openpit_limit_options options = {.struct_size = sizeof options};
        check_equal(openpit_engine_builder_set_limit_options(builder, &options), OPENPIT_STATUS_OK);
        options.known = 1u << OPENPIT_KNOWN_VENUES, options.order_chain = 0x87, options.event_capacity = 1;
        check_equal(openpit_engine_builder_set_limit_options(builder, &options), OPENPIT_STATUS_OK);
        options.known = 1;
        check_equal(openpit_engine_builder_set_limit_options(builder, &options), OPENPIT_STATUS_INVALID_ARGUMENT);
        options.known = 0, options.order_chain = 9;
        check_equal(openpit_engine_builder_set_limit_options(builder, &options), OPENPIT_STATUS_INVALID_ARGUMENT);
        options.order_chain = 0, options.order_slippage = whole(-1);
        check_equal(openpit_engine_builder_set_limit_options(builder, &options), OPENPIT_STATUS_NEGATIVE_VALUE);
        options.order_slippage = whole(0), options.unknown_fill = 7;
        check_equal(openpit_engine_builder_set_limit_options(builder, &options), OPENPIT_STATUS_INVALID_ARGUMENT);
        options.unknown_fill = 0, options.event_capacity = UINT64_MAX;
        check_equal(openpit_engine_builder_set_limit_options(builder, &options), OPENPIT_STATUS_LIMIT_REACHED);
        check_equal(openpit_engine_builder_set_limit_options(builder, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    test("an instrument is described as it can be") {
        openpit_tick ticks[] = {{whole(0), parts(1, 2)}, {whole(10), parts(5, 2)}};
        openpit_instrument_class class = {asset_of("sector"), asset_of("tech")};
        openpit_name eu = asset_of("EU");
        openpit_instrument_description description = {.struct_size = sizeof description,
                                                      .fields = OPENPIT_INSTRUMENT_HAS_LOT,
                                                      .underlying = asset_of("AAPL"),
                                                      .settlement = asset_of("USD"),
                                                      .lot = whole(100),
                                                      .ticks = ticks,
                                                      .tick_count = 2,
                                                      .classes = &class,
                                                      .class_count = 1,
                                                      .jurisdictions = &eu,
                                                      .jurisdiction_count = 1};
        check_equal(openpit_engine_builder_describe_instrument(builder, &description), OPENPIT_STATUS_OK);
        description.lot = whole(0);
        check_equal(openpit_engine_builder_describe_instrument(builder, &description), OPENPIT_STATUS_INVALID_ARGUMENT);
        description.lot = whole(1), ticks[1].from = whole(0);
        check_equal(openpit_engine_builder_describe_instrument(builder, &description), OPENPIT_STATUS_INVALID_ARGUMENT);
        description.ticks = NULL;
        check_equal(openpit_engine_builder_describe_instrument(builder, &description), OPENPIT_STATUS_NULL_ARGUMENT);
        description.tick_count = 0, description.settlement = UNKNOWN_ASSET;
        check_equal(openpit_engine_builder_describe_instrument(builder, &description), OPENPIT_STATUS_NOT_FOUND);
    }
    test("accounts and names are on their lists") {
        openpit_account_description account = {.struct_size = sizeof account,
                                               .fields = OPENPIT_ACCOUNT_HAS_EQUITY,
                                               .account = 1,
                                               .currency = asset_of("USD"),
                                               .equity = whole(1000)};
        check_equal(openpit_engine_builder_describe_account(builder, &account), OPENPIT_STATUS_OK);
        account.fields = OPENPIT_ACCOUNT_ALL_FIELDS + 1;
        check_equal(openpit_engine_builder_describe_account(builder, &account), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_engine_builder_list_name(builder, OPENPIT_KNOWN_VENUES, asset_of("X")), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_builder_list_name(builder, OPENPIT_KNOWN_VENUES, 0), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_builder_list_name(builder, OPENPIT_KNOWN_ACCOUNTS, asset_of("X")),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_engine_builder_list_name(builder, 8, asset_of("X")), OPENPIT_STATUS_INVALID_ARGUMENT);
    }
    test("quotes of one thread serve no engine of several") {
        openpit_market_data_options single = {.struct_size = sizeof single, .sync_mode = OPENPIT_SYNC_NONE};
        openpit_market_data *service = NULL;
        check_equal(openpit_market_data_create(&single, &service), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_builder_use_market_data(builder, service), OPENPIT_STATUS_OK);
        openpit_engine_options options = {.struct_size = sizeof options, .sync_mode = OPENPIT_SYNC_FULL};
        openpit_engine_builder *shared = NULL;
        check_equal(openpit_engine_builder_create(&options, &shared), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_builder_use_market_data(shared, service), OPENPIT_STATUS_SYNC_MODE_MISMATCH);
        check_equal(openpit_engine_builder_use_market_data(builder, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        openpit_engine_builder_destroy(shared);
        openpit_market_data_destroy(service);
    }
    openpit_engine_builder_destroy(builder);
}

int main(void) {
    test("metrics have names") {
        check_text(openpit_metric_name(OPENPIT_METRIC_ORDER_QUANTITY), "order_quantity");
        check_text(openpit_metric_name(OPENPIT_METRIC_SHORT_PRICE_TEST), "short_price_test");
        check(openpit_metric_name(0) == NULL && openpit_metric_name(52) == NULL);
    }
    check_limits_that_cannot_be();
    check_rejects();
    check_reading();
    check_explaining();
    check_inputs();
    check_knowledge();
    test("an engine without limits has nothing to say") {
        openpit_engine_builder *builder = limits_builder(NULL);
        check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_OK);
        openpit_engine *engine = built(builder);
        seen seen = {0};
        openpit_input_key key = {.struct_size = sizeof key, .input = OPENPIT_INPUT_VAR};
        openpit_limit_event event = {.struct_size = sizeof event};
        uint64_t dropped = 1;
        check_equal(openpit_engine_read_limits(engine, see_status, &seen), OPENPIT_STATUS_OK);
        check_equal(seen.count, 0);
        check_equal(openpit_engine_set_input(engine, &key, whole(1), 0), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_clear_input(engine, &key), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_next_event(engine, &event), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_engine_events_dropped(engine, &dropped), OPENPIT_STATUS_OK);
        check_equal(dropped, 0);
        openpit_engine_destroy(engine);
    }
    return report();
}
