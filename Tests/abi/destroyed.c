// What becomes of handles that were destroyed, or that lead to something else. The memory of most has been given back, so what
// is told here holds until it is used for something else.
#include "fixture.h"

static int orders;
static int count_order(void *user_data, openpit_context *context, const openpit_order *order) {
    (void)user_data, (void)context, (void)order;
    return orders++, 0;
}

int main(void) {
    openpit_order order = good_order();
    openpit_report execution = good_report();
    openpit_reservation reservation = 0;
    openpit_instrument_id instrument = 0;

    test("a result that was destroyed is told by each call, and destroyed once") {
        openpit_engine *engine = new_engine();
        openpit_result *result = new_result();
        order.amount = openpit_decimal_from_int64(0);
        check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &reservation), OPENPIT_STATUS_OK);
        order.amount = openpit_decimal_from_int64(1);
        check_equal(openpit_result_reject_count(result), 1);
        openpit_result_destroy(result);
        check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &reservation), OPENPIT_STATUS_DESTROYED);
        check_equal(openpit_engine_apply_execution_report(engine, &execution, result), OPENPIT_STATUS_DESTROYED);
        check_equal(openpit_engine_read_account_block(engine, 1, result), OPENPIT_STATUS_DESTROYED);
        openpit_reject reject = {.struct_size = sizeof reject};
        check_equal(openpit_result_reject(result, 0, &reject), OPENPIT_STATUS_DESTROYED);
        check_equal(openpit_result_reject_count(result), 0);
        openpit_result_clear(result);
        openpit_result_destroy(result);
        check(trade(engine, NULL));
        openpit_engine_destroy(engine);
    }

    test("a builder that was destroyed takes no policy, builds nothing and is destroyed once") {
        openpit_engine_builder *builder = new_builder();
        openpit_engine *engine = NULL;
        openpit_engine_builder_destroy(builder);
        check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_DESTROYED);
        check_equal(openpit_engine_builder_build(builder, &engine, NULL), OPENPIT_STATUS_DESTROYED);
        check(engine == NULL);
        openpit_engine_builder_destroy(builder);
    }

    test("a matcher and a simulation that were destroyed do nothing, and are destroyed once") {
        openpit_matcher *matcher = NULL;
        openpit_simulation *simulation = NULL;
        openpit_book_id book = 0;
        size_t done = 0;
        openpit_matcher_totals totals = {.struct_size = sizeof totals};
        const openpit_decimal nothing = openpit_decimal_from_int64(0);
        check_equal(openpit_matcher_create(NULL, &matcher), OPENPIT_STATUS_OK);
        check_equal(openpit_simulation_create(matcher, nothing, nothing, &simulation), OPENPIT_STATUS_OK);
        openpit_simulation_destroy(simulation);
        check_equal(openpit_simulation_run(simulation, 1, &done), OPENPIT_STATUS_DESTROYED);
        openpit_simulation_destroy(simulation);
        openpit_matcher_destroy(matcher);
        check_equal(openpit_matcher_add_book(matcher, &book), OPENPIT_STATUS_DESTROYED);
        check_equal(openpit_matcher_totals_of(matcher, &totals), OPENPIT_STATUS_DESTROYED);
        check_equal(openpit_simulation_create(matcher, nothing, nothing, &simulation), OPENPIT_STATUS_DESTROYED);
        openpit_matcher_destroy(matcher);
    }

    test("a desk and a paper broker that were destroyed take no command, and are destroyed once") {
        openpit_desk *desk = NULL;
        openpit_paper_broker *broker = NULL;
        openpit_desk_options options = {.struct_size = sizeof options};
        openpit_paper_options paper = {.struct_size = sizeof paper};
        openpit_desk_summary summary = {.struct_size = sizeof summary};
        options.position_share = options.drawdown_share = options.daily_loss_share = openpit_decimal_from_int64(1);
        check_equal(openpit_desk_create(&options, &desk), OPENPIT_STATUS_OK);
        check_equal(openpit_paper_create(&paper, &broker), OPENPIT_STATUS_OK);
        check_equal(openpit_paper_cancel((openpit_paper_broker *)desk, 1), OPENPIT_STATUS_DESTROYED);
        openpit_desk_destroy((openpit_desk *)broker);
        openpit_desk_destroy(desk);
        openpit_paper_destroy(broker);
        check_equal(openpit_desk_begin(desk, 1, 1), OPENPIT_STATUS_DESTROYED);
        check_equal(openpit_desk_summary_of(desk, &summary), OPENPIT_STATUS_DESTROYED);
        check_equal(openpit_paper_cancel(broker, 1), OPENPIT_STATUS_DESTROYED);
        openpit_desk_destroy(desk);
        openpit_paper_destroy(broker);
    }

    test("a venue that was destroyed takes no message, and is destroyed once") {
        openpit_venue *venue = NULL;
        openpit_book_id book = 0;
        openpit_book_report reports[OPENPIT_BOOK_REPORT_CAPACITY_MIN];
        openpit_book_level best;
        size_t taken = 7, written = 7;
        check_equal(openpit_venue_create(&venue), OPENPIT_STATUS_OK);
        check_equal(openpit_venue_add_book(venue, NULL, &book), OPENPIT_STATUS_OK);
        openpit_venue_destroy(venue);
        check_equal(openpit_venue_add_book(venue, NULL, &book), OPENPIT_STATUS_DESTROYED);
        check_equal(openpit_venue_apply(venue, NULL, 0, reports, OPENPIT_BOOK_REPORT_CAPACITY_MIN, &taken, &written),
                    OPENPIT_STATUS_DESTROYED);
        check_equal(openpit_venue_best(venue, book, OPENPIT_SIDE_BUY, &best), OPENPIT_STATUS_DESTROYED);
        openpit_venue_destroy(venue);
        openpit_result *result = new_result();
        check_equal(openpit_venue_add_book((openpit_venue *)result, NULL, &book), OPENPIT_STATUS_DESTROYED);
        openpit_result_destroy(result);
    }

    test("an engine that was destroyed checks no order, in each mode") {
        for (openpit_sync_mode mode = OPENPIT_SYNC_NONE; mode <= OPENPIT_SYNC_ACCOUNT; mode++) {
            openpit_engine_options options = {.struct_size = sizeof options, .sync_mode = mode};
            openpit_engine_builder *builder = NULL;
            check_equal(openpit_engine_builder_create(&options, &builder), OPENPIT_STATUS_OK);
            openpit_policy policy = {
                .struct_size = sizeof policy, .name = text_of("Counts"), .check_pre_trade_start = count_order};
            check_equal(openpit_engine_builder_add_policy(builder, &policy), OPENPIT_STATUS_OK);
            openpit_engine *engine = build(builder);
            openpit_engine_destroy(engine);
            orders = 0;
            check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation), OPENPIT_STATUS_DESTROYED);
            check_equal(openpit_engine_apply_execution_report(engine, &execution, NULL), OPENPIT_STATUS_DESTROYED);
            check_equal(openpit_engine_commit(engine, 1), OPENPIT_STATUS_DESTROYED);
            check_equal(openpit_engine_retain(engine), OPENPIT_STATUS_DESTROYED);
            check_equal(openpit_engine_unblock_account(engine, 1), OPENPIT_STATUS_DESTROYED);
            openpit_engine_drop_reservation(engine, 1);
            openpit_engine_release_weak(engine);
            openpit_engine_destroy(engine);
            check_equal(orders, 0);
        }
    }

    test("an engine whose last reservation went after it is gone, too") {
        openpit_engine *engine = new_engine();
        check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation), OPENPIT_STATUS_OK);
        openpit_engine_destroy(engine);
        check_equal(openpit_engine_apply_execution_report(engine, &execution, NULL), OPENPIT_STATUS_ENGINE_CLOSED);
        check_equal(openpit_engine_commit(engine, reservation), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_commit(engine, reservation), OPENPIT_STATUS_DESTROYED);
    }

    test("a clock is destroyed once, and an engine keeps it all the same") {
        openpit_clock *clock = NULL;
        check_equal(openpit_clock_create(&clock), OPENPIT_STATUS_OK);
        openpit_engine_options options = {.struct_size = sizeof options, .clock = clock};
        openpit_market_data_options of_service = {.struct_size = sizeof of_service, .clock = clock};
        openpit_engine_builder *builder = NULL;
        openpit_market_data *service = NULL;
        const openpit_rate_limit_barrier one = {.max_orders = 1, .window_nanoseconds = 1000};
        check_equal(openpit_engine_builder_create(&options, &builder), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_builder_add_rate_limit(builder, 0, &one, 1, NULL), OPENPIT_STATUS_OK);
        openpit_engine *engine = build(builder);
        for (int time = 0; time < 3; time++) openpit_clock_destroy(clock);
        check_equal(openpit_clock_advance(clock, 1000), OPENPIT_STATUS_DESTROYED);
        check_equal(openpit_clock_now(clock), 0);
        check_equal(openpit_engine_builder_create(&options, &builder), OPENPIT_STATUS_DESTROYED);
        check_equal(openpit_market_data_create(&of_service, &service), OPENPIT_STATUS_DESTROYED);
        check(trade(engine, NULL));
        check(!trade(engine, NULL));
        openpit_engine_destroy(engine);
    }

    test("market data are destroyed once, and an engine keeps them all the same") {
        openpit_market_data *service = NULL;
        check_equal(openpit_market_data_create(NULL, &service), OPENPIT_STATUS_OK);
        openpit_engine_builder *builder = new_builder();
        check_equal(openpit_engine_builder_add_spot_funds(builder, 0, service, NULL, NULL, 0, NULL), OPENPIT_STATUS_OK);
        openpit_engine *engine = build(builder);
        for (int time = 0; time < 3; time++) openpit_market_data_destroy(service);
        check_equal(openpit_market_data_register(service, order.underlying, order.settlement, NULL, &instrument),
                    OPENPIT_STATUS_DESTROYED);
        openpit_quote quote = {.struct_size = sizeof quote};
        const openpit_quote_reader reader = {.account = 1};
        check_equal(openpit_market_data_get(service, 0, reader, OPENPIT_QUOTE_ACCOUNT_ONLY, &quote),
                    OPENPIT_STATUS_DESTROYED);
        builder = new_builder();
        check_equal(openpit_engine_builder_add_spot_funds(builder, 0, service, NULL, NULL, 0, NULL),
                    OPENPIT_STATUS_DESTROYED);
        openpit_engine_builder_destroy(builder);
        openpit_order at_market = order;
        at_market.fields &= ~(uint32_t)OPENPIT_ORDER_HAS_PRICE;
        check_equal(openpit_engine_execute_pre_trade(engine, &at_market, NULL, &reservation), OPENPIT_STATUS_OK);
        check_equal(reservation, 0);
        openpit_engine_destroy(engine);
    }

    test("a reference book is destroyed once") {
        openpit_reference_book *book = NULL;
        check_equal(openpit_reference_book_create(&book), OPENPIT_STATUS_OK);
        openpit_reference_book_destroy(book);
        check_equal(openpit_reference_book_register(book, order.underlying, order.settlement, &instrument),
                    OPENPIT_STATUS_DESTROYED);
        openpit_reference_book_destroy(book);
    }

    test("a handle of one kind is not taken for one of another") {
        openpit_engine *engine = new_engine();
        openpit_result *result = new_result();
        check_equal(openpit_engine_execute_pre_trade(engine, &order, (openpit_result *)engine, &reservation),
                    OPENPIT_STATUS_DESTROYED);
        check_equal(openpit_engine_execute_pre_trade((openpit_engine *)result, &order, result, &reservation),
                    OPENPIT_STATUS_DESTROYED);
        check_equal(openpit_clock_advance((openpit_clock *)engine, 1), OPENPIT_STATUS_DESTROYED);
        openpit_engine_builder_destroy((openpit_engine_builder *)result);
        openpit_result_destroy(result);
        openpit_engine_destroy(engine);
    }
    return report();
}
