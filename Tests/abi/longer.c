// A program that was compiled against a later header: its structs are longer than the library's, each of them, wherever one
// goes in or comes out. What the library does not know must be zero on the way in, and is zero on the way out.
#include "fixture.h"

/// What the caller's memory holds where nobody wrote.
#define NOISE 0xA5

static bool holds_only(const void *bytes, int byte, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (((const unsigned char *)bytes)[i] != byte) return false;
    }
    return true;
}

/// States what a call writes into a struct of each size; `call` writes through `pointer`, and answers `status` when it does.
#define check_written(type, pointer, status, call)                                                                     \
    do {                                                                                                               \
        const uint32_t refused[] = {0, 4, sizeof(type) - 1, sizeof(type) + 1, UINT32_MAX};                             \
        LARGER(type) ours, larger;                                                                                     \
        type *pointer = &ours.value;                                                                                   \
        memset(&ours, NOISE, sizeof ours);                                                                             \
        memset(&larger, NOISE, sizeof larger);                                                                         \
        for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {                                                \
            pointer->struct_size = refused[i];                                                                         \
            check_equal((call), OPENPIT_STATUS_STRUCT_SIZE);                                                           \
            check(holds_only((char *)&ours + 4, NOISE, sizeof ours - 4));                                              \
        }                                                                                                              \
        pointer->struct_size = sizeof(type);                                                                           \
        check_equal((call), (status));                                                                                 \
        check_equal(pointer->struct_size, sizeof(type));                                                               \
        check(holds_only(ours.tail, NOISE, sizeof ours.tail));                                                         \
        pointer = &larger.value;                                                                                       \
        pointer->struct_size = sizeof larger;                                                                          \
        check_equal((call), (status));                                                                                 \
        check_equal(pointer->struct_size, sizeof larger);                                                              \
        check(holds_only(larger.tail, 0, sizeof larger.tail));                                                         \
        check(WRITTEN((char *)&ours.value + 4, (char *)&larger.value + 4, sizeof(type) - 4));                          \
    } while (false)

/// Whether both callers were told the same.
#define WRITTEN(left, right, size) (memcmp((left), (right), (size)) == 0)

static openpit_decimal whole(int64_t value) { return openpit_decimal_from_int64(value); }

static openpit_quote good_quote(void) {
    return (openpit_quote){
        .struct_size = sizeof(openpit_quote), .fields = OPENPIT_QUOTE_HAS_MARK, .mark = openpit_decimal_from_int64(10)};
}

/// An order that reaches a hook in another size than it left its caller with.
static int sees_an_order_of_our_size(void *count, openpit_context *context, const openpit_order *order) {
    (void)context;
    check_equal(order->struct_size, sizeof *order);
    check_equal(order->account, 1);
    ++*(int *)count;
    return 0;
}

static int says_everything_about_an_order(void *calls, openpit_context *context, const openpit_order *order) {
    openpit_mutation mutation = {.struct_size = sizeof mutation};
    (void)order;
    check_sizes(openpit_mutation, mutation, given, openpit_context_add_mutation(context, given));
    check_sizes(openpit_reject, good_reject("why"), given, openpit_context_reject(context, given));
    ++*(int *)calls;
    return 0;
}

static int sees_a_report_of_our_size(void *count, openpit_context *context, const openpit_report *report) {
    (void)context;
    check_equal(report->struct_size, sizeof *report);
    ++*(int *)count;
    return 0;
}

static int sees_an_adjustment_of_our_size(void *count, openpit_context *context, openpit_account_id account,
                                          const openpit_adjustment *adjustment) {
    (void)context, (void)account;
    check_equal(adjustment->struct_size, sizeof *adjustment);
    ++*(int *)count;
    return 0;
}

static int says_everything_about_a_report(void *calls, openpit_context *context, const openpit_report *report) {
    openpit_outcome outcome = {.struct_size = sizeof outcome, .asset = report->settlement};
    openpit_account_pnl pnl = {.struct_size = sizeof pnl, .account = 1};
    check_sizes(openpit_outcome, outcome, given, openpit_context_add_outcome(context, given));
    check_sizes(openpit_account_pnl, pnl, given, openpit_context_add_account_pnl(context, given));
    check_sizes(openpit_reject, good_reject("block"), given, openpit_context_add_block(context, given));
    ++*(int *)calls;
    return 0;
}

static int says_everything_about_an_adjustment(void *calls, openpit_context *context, openpit_account_id account,
                                               const openpit_adjustment *adjustment) {
    (void)account, (void)adjustment;
    check_sizes(openpit_reject, good_reject("at once"), given, openpit_context_block_account(context, given));
    ++*(int *)calls;
    return 0;
}

static void builders(void) {
    openpit_engine_builder *builder = NULL;
    openpit_market_data *service = NULL;
    const openpit_spot_funds_settings settings = {.struct_size = sizeof settings};
    check_sizes(openpit_engine_options, (openpit_engine_options){.sync_mode = OPENPIT_SYNC_FULL}, options,
                openpit_engine_builder_create(options, &builder));
    check_sizes(openpit_market_data_options, (openpit_market_data_options){.sync_mode = OPENPIT_SYNC_FULL}, options,
                openpit_market_data_create(options, &service));
    check_sizes(openpit_policy, (openpit_policy){.name = text_of("P")}, policy,
                openpit_engine_builder_add_policy(builder, policy));
    check_sizes(openpit_spot_funds_settings, settings, given,
                openpit_engine_builder_add_spot_funds(builder, 0, service, given, NULL, 0, NULL));
    openpit_engine *engine = build(builder);
    check_sizes(openpit_spot_funds_settings, settings, given,
                openpit_engine_configure_spot_funds(engine, text_of("SpotFundsPolicy"), given, NULL));
    openpit_engine_destroy(engine);
    openpit_market_data_destroy(service);
}

static void orders(void) {
    int seen = 0;
    uint8_t passed = 0, is_blocked = 0;
    openpit_request request = 0;
    openpit_reservation reservation = 0;
    openpit_engine *engine =
        engine_with((openpit_policy){.user_data = &seen, .check_pre_trade_start = sees_an_order_of_our_size});
    check_sizes(openpit_order, good_order(), order, openpit_engine_start_pre_trade(engine, order, NULL, &request));
    check_equal(openpit_engine_execute_request(engine, request, NULL, &reservation), OPENPIT_STATUS_OK);
    openpit_engine_drop_reservation(engine, reservation);
    check_sizes(openpit_order, good_order(), order,
                openpit_engine_execute_pre_trade(engine, order, NULL, &reservation));
    openpit_engine_drop_reservation(engine, reservation);
    check_sizes(openpit_order, good_order(), order,
                openpit_engine_apply_drop_copy(engine, order, NULL, &reservation, &is_blocked));
    openpit_engine_drop_reservation(engine, reservation);
    check_sizes(openpit_order, good_order(), order,
                openpit_engine_start_pre_trade_dry_run(engine, order, NULL, &passed));
    check_sizes(openpit_order, good_order(), order,
                openpit_engine_execute_pre_trade_dry_run(engine, order, NULL, &passed));
    check_equal(seen, 5);
    openpit_engine_destroy(engine);
}

static void reports_and_adjustments(void) {
    int reports = 0, adjustments = 0;
    size_t failed = 0;
    openpit_engine *engine =
        engine_with((openpit_policy){.user_data = &reports, .apply_execution_report = sees_a_report_of_our_size});
    check_sizes(openpit_report, good_report(), report, openpit_engine_apply_execution_report(engine, report, NULL));
    check_equal(reports, 1);
    openpit_engine_destroy(engine);
    engine = engine_with(
        (openpit_policy){.user_data = &adjustments, .apply_account_adjustment = sees_an_adjustment_of_our_size});
    check_sizes(openpit_adjustment, good_adjustment(), adjustment,
                openpit_engine_apply_account_adjustment(engine, 1, adjustment, 1, NULL, &failed));
    check_equal(adjustments, 1);
    check_sizes(openpit_reject, good_reject("cause"), cause, openpit_engine_block_account_with_cause(engine, 1, cause));
    openpit_engine_destroy(engine);
}

/// What comes of a call whose hook said something that was refused is not looked at here.
static void hooks(void) {
    int calls = 0;
    size_t failed = 0;
    openpit_order order = good_order();
    openpit_report report = good_report();
    openpit_adjustment adjustment = good_adjustment();
    openpit_reservation reservation = 0;
    openpit_engine *engine =
        engine_with((openpit_policy){.user_data = &calls,
                                     .perform_pre_trade_check = says_everything_about_an_order,
                                     .apply_execution_report = says_everything_about_a_report,
                                     .apply_account_adjustment = says_everything_about_an_adjustment});
    openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation);
    check_equal(reservation, 0);
    openpit_engine_apply_execution_report(engine, &report, NULL);
    openpit_engine_apply_account_adjustment(engine, 1, &adjustment, 1, NULL, &failed);
    check_equal(calls, 3);
    openpit_engine_destroy(engine);
}

static void quotes(void) {
    const openpit_account_id account = 1;
    const openpit_quote_reader reader = {.account = 1};
    const openpit_market_data_options options = {.struct_size = sizeof options, .default_ttl = UINT64_MAX - 1};
    openpit_market_data *service = NULL;
    openpit_instrument_id id = 0;
    check_equal(openpit_market_data_create(&options, &service), OPENPIT_STATUS_OK);
    check_sizes(openpit_quote, good_quote(), quote,
                openpit_market_data_push_by_name(service, asset_of("AAPL"), asset_of("USD"), quote,
                                                 OPENPIT_QUOTE_REPLACE, 0, &id));
    check_sizes(openpit_quote, good_quote(), quote,
                openpit_market_data_push(service, id, quote, OPENPIT_QUOTE_REPLACE, 0));
    check_sizes(openpit_quote, good_quote(), quote,
                openpit_market_data_push_for(service, id, quote, OPENPIT_QUOTE_REPLACE, 0, &account, 1, NULL, 0));
#define GET(quote) openpit_market_data_get(service, id, reader, OPENPIT_QUOTE_ACCOUNT_ONLY, quote)
    check_written(openpit_quote, quote, OPENPIT_STATUS_OK, GET(quote));
    const openpit_ttl_scope scope = {.axis = OPENPIT_TTL_INSTRUMENT, .instrument = id};
    check_equal(openpit_market_data_set_ttl(service, scope, 0), OPENPIT_STATUS_OK);
    check_written(openpit_quote, quote, OPENPIT_STATUS_QUOTE_EXPIRED, GET(quote));
#undef GET
    openpit_market_data_destroy(service);
}

/// Says everything there is to say once, for results to hold.
static int say_once(void *data, openpit_context *context, const openpit_report *report) {
    openpit_outcome outcome = {.struct_size = sizeof outcome,
                               .fields = OPENPIT_OUTCOME_ALL_FIELDS,
                               .asset = report->settlement,
                               .average_entry_price = whole(3)};
    openpit_account_pnl pnl = {.struct_size = sizeof pnl, .account = 1, .pnl = {.delta = whole(4)}};
    openpit_reject block = good_reject("block");
    (void)data;
    check_equal(openpit_context_add_outcome(context, &outcome), OPENPIT_STATUS_OK);
    check_equal(openpit_context_add_account_pnl(context, &pnl), OPENPIT_STATUS_OK);
    check_equal(openpit_context_add_block(context, &block), OPENPIT_STATUS_OK);
    return 0;
}

static int reject_once(void *data, openpit_context *context, const openpit_order *order) {
    openpit_reject reject = good_reject("why");
    (void)data, (void)order;
    check_equal(openpit_context_reject(context, &reject), OPENPIT_STATUS_OK);
    return 0;
}

static void results(void) {
    openpit_engine *engine =
        engine_with((openpit_policy){.check_pre_trade_start = reject_once, .apply_execution_report = say_once});
    openpit_result *result = new_result();
    openpit_order order = good_order();
    openpit_report report = good_report();
    openpit_request request = 0;
    check_equal(openpit_engine_start_pre_trade(engine, &order, result, &request), OPENPIT_STATUS_OK);
    check_written(openpit_reject, reject, OPENPIT_STATUS_OK, openpit_result_reject(result, 0, reject));
    check_equal(openpit_engine_apply_execution_report(engine, &report, result), OPENPIT_STATUS_OK);
    check_written(openpit_reject, block, OPENPIT_STATUS_OK, openpit_result_block(result, 0, block));
    check_written(openpit_outcome, outcome, OPENPIT_STATUS_OK, openpit_result_outcome(result, 0, outcome));
    check_written(openpit_account_pnl, pnl, OPENPIT_STATUS_OK, openpit_result_account_pnl(result, 0, pnl));
    openpit_result_destroy(result);
    openpit_engine_destroy(engine);
}

static void holdings(void) {
    openpit_engine_builder *builder = new_builder();
    check_equal(openpit_engine_builder_add_spot_funds(builder, 0, NULL, NULL, NULL, 0, NULL), OPENPIT_STATUS_OK);
    openpit_engine *engine = build(builder);
    check_written(openpit_holding, holding, OPENPIT_STATUS_OK,
                  openpit_engine_read_holding(engine, 1, asset_of("USD"), holding));
    openpit_engine_destroy(engine);
}

static void books(void) {
    openpit_venue *venue = NULL;
    openpit_book_id book = 0;
    openpit_book_report reports[64];
    size_t taken = 0, written = 0;
    check_equal(openpit_venue_create(&venue), OPENPIT_STATUS_OK);
    check_sizes(openpit_book_options, (openpit_book_options){.order_capacity = 8}, options,
                openpit_venue_add_book(venue, options, &book));
    const openpit_book_message message = {.struct_size = sizeof message,
                                          .kind = OPENPIT_BOOK_NEW,
                                          .book = book,
                                          .order = 1,
                                          .side = OPENPIT_SIDE_BUY,
                                          .price = 100,
                                          .quantity = 5};
    check_sizes(openpit_book_message, message, given,
                openpit_venue_apply(venue, given, 1, reports, 64, &taken, &written));
    check_written(openpit_book_order, found, OPENPIT_STATUS_OK, openpit_venue_order(venue, book, 1, found));
    check_written(openpit_book_summary, summary, OPENPIT_STATUS_OK, openpit_venue_summary(venue, book, summary));
    openpit_venue_destroy(venue);
}

static void order_managers(void) {
    openpit_wallet *wallet = NULL;
    openpit_orders *orders = NULL;
    size_t count = 0;
    int is_new = 7;
    check_equal(openpit_wallet_create(text_of("USD"), &wallet), OPENPIT_STATUS_OK);
    check_equal(openpit_wallet_deposit(wallet, text_of("USD"), whole(1000)), OPENPIT_STATUS_OK);
    check_sizes(openpit_orders_options, (openpit_orders_options){0}, given,
                (openpit_orders_destroy(orders), orders = NULL, openpit_orders_create(given, &orders)));
    openpit_orders_destroy(orders);
    check_equal(
        openpit_orders_create(&(openpit_orders_options){.struct_size = sizeof(openpit_orders_options)}, &orders),
        OPENPIT_STATUS_OK);
    openpit_new_order order = {.side = OPENPIT_DESK_BUY,
                               .type = OPENPIT_DESK_LIMIT,
                               .quantity = whole(2),
                               .price = whole(1),
                               .symbol = text_of("X")};
    for (uint64_t number = 0; number < 3; number++) {
        order.id.low = number;
        order.struct_size = sizeof order;
        check_equal(openpit_orders_submit(orders, &order, NULL), OPENPIT_STATUS_OK);
    }
    order.id.low = 9;
    check_sizes(openpit_new_order, order, given, openpit_orders_submit(orders, given, NULL));
    order.id.low = 1;
    check_written(openpit_order_problem, problem, OPENPIT_STATUS_DUPLICATE_ORDER,
                  openpit_orders_submit(orders, &order, problem));
    const openpit_order_update update = {.struct_size = sizeof update, .phase = OPENPIT_PHASE_ACKNOWLEDGED};
    check_sizes(openpit_order_update, update, given, openpit_orders_update(orders, order.id, given, NULL));
    order.id.low = 2;
    check_equal(openpit_orders_update(orders, order.id, &update, NULL), OPENPIT_STATUS_OK);
    const openpit_order_fill fill = {.struct_size = sizeof fill,
                                     .id = text_of("f"),
                                     .symbol = text_of("X"),
                                     .quantity = whole(1),
                                     .price = whole(1)};
    check_equal(openpit_orders_fill(orders, wallet, order.id, &fill, &is_new, NULL), OPENPIT_STATUS_OK);
    check_sizes(openpit_order_fill, fill, given, openpit_orders_fill(orders, wallet, order.id, given, &is_new, NULL));
    check_sizes(openpit_order_fill, fill, given, openpit_wallet_fill(wallet, given, NULL));
    check_written(openpit_order_record, record, OPENPIT_STATUS_OK, openpit_orders_find(orders, order.id, record));
    check_written(openpit_order_fill, told, OPENPIT_STATUS_OK,
                  openpit_orders_fills(orders, order.id, 0, told, 1, &count));
    openpit_orders_destroy(orders);
    openpit_wallet_destroy(wallet);
}

static void routers(void) {
    openpit_engine_builder *builder = NULL;
    openpit_engine *engine = NULL;
    openpit_router *router = NULL;
    check_equal(openpit_engine_builder_create(NULL, &builder), OPENPIT_STATUS_OK);
    check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_OK);
    check_equal(openpit_engine_builder_build(builder, &engine, NULL), OPENPIT_STATUS_OK);
    openpit_engine_builder_destroy(builder);
    const openpit_router_options options = {.struct_size = sizeof options};
    check_sizes(openpit_router_options, options, given,
                (openpit_router_destroy(router), router = NULL, openpit_router_create(engine, given, &router)));
    openpit_router_destroy(router);
    check_equal(openpit_router_create(engine, &options, &router), OPENPIT_STATUS_OK);
    openpit_order order = good_order();
    order.fields |= OPENPIT_ORDER_HAS_CLIENT_ORDER_ID;
    order.client_order_id = text_of("a");
    openpit_routed told = {.struct_size = sizeof told};
    check_equal(openpit_router_submit(router, &order, 0, NULL, &told), OPENPIT_STATUS_OK);
    const openpit_route_event event = {
        .struct_size = sizeof event, .order = 1, .event = OPENPIT_ORDER_EVENT_ACKNOWLEDGED};
    check_sizes(openpit_route_event, event, given, openpit_router_apply(router, given, NULL, &told));
    check_written(openpit_routed, routed, OPENPIT_STATUS_OK, openpit_router_apply(router, &event, NULL, routed));
    check_written(openpit_routed_order, found, OPENPIT_STATUS_OK, openpit_router_order(router, 1, found));
    openpit_router_destroy(router);
    openpit_engine_destroy(engine);
}

static void desks(void) {
    openpit_desk *desk = NULL;
    openpit_paper_broker *broker = NULL;
    uint64_t signal = 0, made = 0;
    uint32_t effects = 0;
    size_t count = 0;
    openpit_desk_options options = {.capital = whole(1000)};
    openpit_desk_instrument terms = {
        .multiplier = whole(1), .step = whole(1), .minimum = whole(1), .margin_rate = whole(1)};
    const openpit_desk_request wanted = {
        .struct_size = sizeof wanted, .side = OPENPIT_DESK_BUY, .strength = openpit_decimal_from_int64(1)};
    const openpit_desk_situation stated = {.equity = whole(1000), .price = whole(1), .fields = OPENPIT_DESK_HAS_PRICE};
    const openpit_desk_fill fill = {
        .side = OPENPIT_DESK_BUY, .quantity = whole(1), .price = whole(1), .expected_price = whole(1)};
    openpit_desk_verdict verdict = {.struct_size = sizeof verdict};
    openpit_decimal one, two, three;
    options.position_share = options.drawdown_share = options.daily_loss_share = whole(1);
    check_sizes(openpit_desk_options, options, given, openpit_desk_create(given, &desk));
    uint32_t number = 0;
    check_sizes(openpit_desk_instrument, terms, given, openpit_desk_add_instrument(desk, given, &number));
    terms.struct_size = sizeof terms;
    check_equal(openpit_desk_add_instrument(desk, &terms, &number), OPENPIT_STATUS_OK);
    check_equal(openpit_desk_begin(desk, 1, 1), OPENPIT_STATUS_OK);
    check_equal(openpit_desk_mark(desk, 0, whole(1), 0), OPENPIT_STATUS_OK);
    check_sizes(openpit_desk_request, wanted, given, openpit_desk_receive(desk, given, &signal));
    check_sizes(openpit_desk_situation, stated, given, openpit_desk_check(desk, &wanted, given, &verdict));
    check_written(openpit_desk_verdict, told, OPENPIT_STATUS_OK, openpit_desk_check(desk, &wanted, NULL, told));
    check_sizes(openpit_desk_verdict, verdict, given, openpit_desk_create_order(desk, &wanted, given, &made));
    check_equal(openpit_desk_create_order(desk, &wanted, &verdict, &made), OPENPIT_STATUS_OK);
    check_sizes(openpit_desk_fill, fill, given, openpit_desk_book(desk, given, NULL));
    check_sizes(openpit_desk_fill, fill, given, openpit_desk_weigh_fill(given, whole(1), &one, &two, &three));
    const openpit_desk_event note = {.kind = OPENPIT_DESK_BROKER_FAILED, .order = 1};
    check_sizes(openpit_desk_event, note, given, openpit_desk_note(desk, given));
    check_written(openpit_desk_order, order, OPENPIT_STATUS_OK, openpit_desk_order_of(desk, 1, order));
    check_written(openpit_desk_position, position, OPENPIT_STATUS_OK, openpit_desk_position_of(desk, 0, position));
    check_written(openpit_desk_summary, summary, OPENPIT_STATUS_OK, openpit_desk_summary_of(desk, summary));
    check_written(openpit_desk_performance, told, OPENPIT_STATUS_OK, openpit_desk_performance_of(desk, told));
    check_written(openpit_desk_correlation, told, OPENPIT_STATUS_OK,
                  openpit_desk_correlate(desk, 0, OPENPIT_DESK_BUY, 0, told));
    openpit_desk_event event = {.struct_size = sizeof event};
    check_equal(openpit_desk_take_events(desk, &event, 1, &count), OPENPIT_STATUS_OK);
    check_equal(event.kind, OPENPIT_DESK_STARTED);
    openpit_desk_destroy(desk);
    const openpit_order_life life = {.struct_size = sizeof life, .quantity = openpit_decimal_from_int64(1)};
    check_written(openpit_order_life_view, view, OPENPIT_STATUS_OK, openpit_order_life_view_of(&life, view));
    LARGER(openpit_order_life) larger = {.value = life};
    larger.value.struct_size = sizeof larger;
    check_equal(openpit_order_life_happen(&larger.value, OPENPIT_ORDER_EVENT_ACCEPTED, whole(0), whole(0), &effects),
                OPENPIT_STATUS_OK);
    check_equal(larger.value.state, OPENPIT_ORDER_PENDING);

    openpit_paper_options paper = {.capital = whole(1000)};
    openpit_paper_order order = {.side = OPENPIT_DESK_BUY, .quantity = whole(1), .price = whole(1), .number = 1};
    openpit_paper_refusal refusal;
    check_sizes(openpit_paper_options, paper, given, openpit_paper_create(given, &broker));
    check_equal(openpit_paper_add_instrument(broker, &terms, &number), OPENPIT_STATUS_OK);
    check_sizes(openpit_paper_order, order, given, openpit_paper_submit(broker, given, &refusal));
    check_written(openpit_paper_account, account, OPENPIT_STATUS_OK, openpit_paper_account_of(broker, account));
    const openpit_paper_account account = {.capital = whole(1), .cash = whole(1)};
    check_sizes(openpit_paper_account, account, given, openpit_paper_restore(broker, given));
    openpit_paper_destroy(broker);
}

// Behind its end a message is what the caller left there.
#undef WRITTEN
#define MESSAGE (offsetof(openpit_error, message) - 4)
#define WRITTEN(left, right, size)                                                                                     \
    (memcmp((left), (right), MESSAGE) == 0 && strcmp((left) + MESSAGE, (right) + MESSAGE) == 0)

static void errors(void) {
    openpit_decimal value;
    openpit_engine *engine = new_engine();
    check_written(openpit_error, error, OPENPIT_STATUS_INVALID_FORMAT,
                  openpit_decimal_parse(OPENPIT_KIND_PRICE, text_of("one"), &value, error));
    check_written(openpit_error, error, OPENPIT_STATUS_UNKNOWN_POLICY,
                  openpit_engine_configure_rate_limit(engine, text_of("None"), 0, NULL, 0, error));
    openpit_engine_destroy(engine);
}

static void portfolios(void) {
    openpit_portfolio *portfolio = NULL;
    openpit_portfolio_limits *limits = NULL;
    uint64_t place = 0;
    check_equal(openpit_portfolio_create(&portfolio), OPENPIT_STATUS_OK);
    check_equal(openpit_portfolio_limits_create(NULL, 0, &limits, NULL), OPENPIT_STATUS_OK);
    check_equal(openpit_portfolio_add_position(portfolio, whole(1), whole(2), whole(3), &place), OPENPIT_STATUS_OK);
    check_written(openpit_portfolio_view, view, OPENPIT_STATUS_OK, openpit_portfolio_read(portfolio, view));
    check_written(openpit_portfolio_position, position, OPENPIT_STATUS_OK,
                  openpit_portfolio_read_position(portfolio, place, position));
    check_written(openpit_portfolio_limits_view, view, OPENPIT_STATUS_OK,
                  openpit_portfolio_limits_read(limits, portfolio, view));
    const openpit_portfolio_order order = {
        .struct_size = sizeof order, .side = OPENPIT_SIDE_BUY, .quantity = openpit_decimal_from_int64(1)};
    openpit_portfolio_verdict told = {.struct_size = sizeof told};
    check_sizes(openpit_portfolio_order, order, given, openpit_portfolio_limits_judge(limits, portfolio, given, &told));
    check_written(openpit_portfolio_verdict, verdict, OPENPIT_STATUS_OK,
                  openpit_portfolio_limits_judge(limits, portfolio, &order, verdict));
    openpit_portfolio_destroy(portfolio);
    openpit_portfolio_limits_destroy(limits);
}

int main(void) {
    test("options, policies and settings of a later size are read") builders();
    test("orders of a later size are checked, and hooks see them in the size of the library") orders();
    test("reports and adjustments of a later size are applied, and hooks see them in the size of the library")
        reports_and_adjustments();
    test("what a hook says is read in a later size") hooks();
    test("quotes of a later size are pushed and read") quotes();
    test("results are told to a caller of a later size") results();
    test("holdings are told to a caller of a later size") holdings();
    test("books take options and messages of a later size, and tell orders and summaries to it") books();
    test("a portfolio and its limits take orders of a later size, and tell what they know to it") portfolios();
    test("order managers and wallets take and tell everything in a later size") order_managers();
    test("routers take and tell everything in a later size") routers();
    test("desks and paper brokers take and tell everything in a later size") desks();
    test("errors are told to a caller of a later size") errors();
    return report();
}
