// A portfolio that somebody states, and limits that judge orders by it.
#include "fixture.h"

static openpit_decimal whole(int64_t value) { return openpit_decimal_from_int64(value); }

static openpit_decimal number(const char *text) {
    openpit_decimal value = {0};
    const openpit_text digits = {text, strlen(text)};
    check_equal(openpit_decimal_parse(OPENPIT_KIND_PNL, digits, &value, NULL), OPENPIT_STATUS_OK);
    return value;
}

static bool equals(openpit_decimal value, const char *text) {
    return openpit_decimal_compare(value, number(text)) == 0;
}

static openpit_limit limit_of(const char *name, openpit_metric metric) {
    openpit_limit limit = {.struct_size = sizeof limit, .metric = metric};
    const openpit_text text = {name, strlen(name)};
    check_equal(openpit_asset_intern(text, &limit.name), OPENPIT_STATUS_OK);
    limit.scope.keys = limit.scope.each = 1u << OPENPIT_SCOPE_KEY_ACCOUNT;
    return limit;
}

static openpit_limit upper_limit(const char *name, openpit_metric metric, const char *upper) {
    openpit_limit limit = limit_of(name, metric);
    limit.fields = OPENPIT_LIMIT_HAS_UPPER, limit.upper = number(upper);
    return limit;
}

static openpit_limit lower_limit(const char *name, openpit_metric metric, const char *lower) {
    openpit_limit limit = limit_of(name, metric);
    limit.fields = OPENPIT_LIMIT_HAS_LOWER, limit.lower = number(lower);
    return limit;
}

static openpit_portfolio *portfolio_with(int64_t cash) {
    openpit_portfolio *portfolio = NULL;
    const openpit_decimal one = whole(1);
    check_equal(openpit_portfolio_create(&portfolio), OPENPIT_STATUS_OK);
    check_equal(openpit_portfolio_add_cash(portfolio, whole(cash), &one), OPENPIT_STATUS_OK);
    return portfolio;
}

static uint64_t hold(openpit_portfolio *portfolio, int64_t quantity, int64_t price) {
    uint64_t place = 77;
    check_equal(openpit_portfolio_add_position(portfolio, whole(quantity), whole(price), whole(price), &place),
                OPENPIT_STATUS_OK);
    return place;
}

static openpit_portfolio_limits *limits_of(const openpit_limit *limits, size_t count) {
    openpit_portfolio_limits *made = NULL;
    check_equal(openpit_portfolio_limits_create(limits, count, &made, NULL), OPENPIT_STATUS_OK);
    return made;
}

static openpit_portfolio_verdict check_order(openpit_portfolio_limits *limits, openpit_portfolio *portfolio,
                                             openpit_side side, const char *quantity, const char *price,
                                             uint64_t place) {
    openpit_portfolio_order order = {.struct_size = sizeof order, .side = side, .place = place};
    openpit_portfolio_verdict verdict = {.struct_size = sizeof verdict};
    order.quantity = number(quantity);
    if (price != NULL) order.fields = OPENPIT_PORTFOLIO_ORDER_HAS_PRICE, order.price = number(price);
    check_equal(openpit_portfolio_limits_judge(limits, portfolio, &order, &verdict), OPENPIT_STATUS_OK);
    return verdict;
}

int main(void) {
    test("a portfolio is worth its cash and its positions, shorts below zero") {
        openpit_portfolio *portfolio = portfolio_with(1000);
        openpit_portfolio_view view = {.struct_size = sizeof view};
        openpit_portfolio_position position = {.struct_size = sizeof position};
        check_equal(hold(portfolio, 10, 100), 0);
        check_equal(hold(portfolio, -5, 200), 1);
        check_equal(openpit_portfolio_read(portfolio, &view), OPENPIT_STATUS_OK);
        check(equals(view.equity, "1000") && equals(view.gross, "2000") && equals(view.cash, "1000"));
        check(view.has_leverage == 1 && equals(view.leverage, "2") && view.is_known == 1);
        check_equal(view.position_count, 2);
        check_equal(openpit_portfolio_mark(portfolio, 1, whole(100)), OPENPIT_STATUS_OK);
        check_equal(openpit_portfolio_read_position(portfolio, 1, &position), OPENPIT_STATUS_OK);
        check(equals(position.value, "-500") && equals(position.average_price, "200") && position.has_share == 1);
        check(equals(position.share, "0.3333333333333333333333333333"));
        check_equal(openpit_portfolio_mark(portfolio, 2, whole(1)), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_portfolio_read_position(portfolio, 2, &position), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_portfolio_clear(portfolio), OPENPIT_STATUS_OK);
        check_equal(openpit_portfolio_read(portfolio, &view), OPENPIT_STATUS_OK);
        check(equals(view.equity, "0") && view.position_count == 0 && equals(view.leverage, "0"));
        openpit_portfolio_destroy(portfolio);
    }

    test("cash without a rate counts for nothing, and a debt without one is not known") {
        openpit_portfolio *portfolio = portfolio_with(100);
        openpit_portfolio_view view = {.struct_size = sizeof view};
        const openpit_decimal rate = whole(50000);
        check_equal(openpit_portfolio_add_cash(portfolio, whole(2), &rate), OPENPIT_STATUS_OK);
        check_equal(openpit_portfolio_add_cash(portfolio, whole(5), NULL), OPENPIT_STATUS_OK);
        check_equal(openpit_portfolio_read(portfolio, &view), OPENPIT_STATUS_OK);
        check(equals(view.equity, "100100") && view.is_known == 1);
        check_equal(openpit_portfolio_add_cash(portfolio, whole(-5), NULL), OPENPIT_STATUS_OK);
        check_equal(openpit_portfolio_read(portfolio, &view), OPENPIT_STATUS_OK);
        check(equals(view.equity, "100100") && view.is_known == 0);
        openpit_portfolio_destroy(portfolio);
    }

    test("a fill moves cash, units, the average price of what is added, and the mark") {
        openpit_portfolio *portfolio = portfolio_with(10000);
        openpit_portfolio_view view = {.struct_size = sizeof view};
        openpit_portfolio_position position = {.struct_size = sizeof position};
        hold(portfolio, 10, 100);
        check_equal(openpit_portfolio_fill(portfolio, 0, OPENPIT_SIDE_BUY, whole(10), whole(110), whole(3)),
                    OPENPIT_STATUS_OK);
        check_equal(openpit_portfolio_read_position(portfolio, 0, &position), OPENPIT_STATUS_OK);
        check(equals(position.average_price, "105") && equals(position.value, "2200"));
        check_equal(openpit_portfolio_fill(portfolio, 0, OPENPIT_SIDE_SELL, whole(5), whole(120), whole(0)),
                    OPENPIT_STATUS_OK);
        check_equal(openpit_portfolio_read_position(portfolio, 0, &position), OPENPIT_STATUS_OK);
        check(equals(position.average_price, "105") && equals(position.quantity, "15"));
        check_equal(openpit_portfolio_fill(portfolio, 0, OPENPIT_SIDE_SELL, whole(20), whole(90), whole(0)),
                    OPENPIT_STATUS_OK);
        check_equal(openpit_portfolio_read_position(portfolio, 0, &position), OPENPIT_STATUS_OK);
        check(equals(position.average_price, "90") && equals(position.quantity, "-5"));
        check_equal(openpit_portfolio_fill(portfolio, 0, OPENPIT_SIDE_BUY, whole(5), whole(80), whole(0)),
                    OPENPIT_STATUS_OK);
        check_equal(openpit_portfolio_read(portfolio, &view), OPENPIT_STATUS_OK);
        check(equals(view.cash, "10897") && equals(view.equity, "10897") && equals(view.gross, "0"));
        check_equal(openpit_portfolio_fill(portfolio, 0, OPENPIT_SIDE_BUY, whole(0), whole(80), whole(0)),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_portfolio_fill(portfolio, 1, OPENPIT_SIDE_BUY, whole(1), whole(80), whole(0)),
                    OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_portfolio_fill(portfolio, 0, 3, whole(1), whole(80), whole(0)),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        openpit_portfolio_destroy(portfolio);
    }

    test("what does not fit changes nothing") {
        openpit_portfolio *portfolio = portfolio_with(10);
        openpit_portfolio_view view = {.struct_size = sizeof view};
        const openpit_decimal huge = number("79228162514264337593543950335"), one = whole(1);
        uint64_t place = 7;
        check_equal(openpit_portfolio_add_cash(portfolio, huge, &one), OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
        check_equal(openpit_portfolio_add_position(portfolio, huge, one, whole(2), &place),
                    OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
        check_equal(place, 7);
        hold(portfolio, 2, 1);
        check_equal(openpit_portfolio_mark(portfolio, 0, huge), OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
        check_equal(openpit_portfolio_fill(portfolio, 0, OPENPIT_SIDE_BUY, huge, whole(2), one),
                    OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
        check_equal(openpit_portfolio_read(portfolio, &view), OPENPIT_STATUS_OK);
        check(equals(view.equity, "12") && equals(view.gross, "2") && view.position_count == 1);
        openpit_portfolio_destroy(portfolio);
    }

    test("the first limit that refuses an order ends the matter, and its bound is inclusive") {
        const openpit_limit limits[] = {upper_limit("value", OPENPIT_METRIC_ORDER_NOTIONAL, "500"),
                                        upper_limit("exposure", OPENPIT_METRIC_GROSS_EXPOSURE, "400")};
        openpit_portfolio_limits *judge = limits_of(limits, 2);
        openpit_portfolio *portfolio = portfolio_with(1000);
        openpit_portfolio_verdict verdict =
            check_order(judge, portfolio, OPENPIT_SIDE_BUY, "4", "100", OPENPIT_PORTFOLIO_NO_PLACE);
        check(verdict.is_accepted == 1 && verdict.has_notice == 0 && equals(verdict.value, "400"));
        verdict = check_order(judge, portfolio, OPENPIT_SIDE_BUY, "5", "100", OPENPIT_PORTFOLIO_NO_PLACE);
        check(verdict.is_accepted == 0 && verdict.reject.limit == 1 && equals(verdict.reject.value, "500"));
        check_equal(verdict.reject.metric, OPENPIT_METRIC_GROSS_EXPOSURE);
        verdict = check_order(judge, portfolio, OPENPIT_SIDE_BUY, "5", "100.01", OPENPIT_PORTFOLIO_NO_PLACE);
        check(verdict.reject.limit == 0 && equals(verdict.reject.value, "500.05") && verdict.reject.bound == 2);
        openpit_portfolio_destroy(portfolio);
        openpit_portfolio_limits_destroy(judge);
    }

    test("a value at the bound of a strict limit breaches it") {
        openpit_limit limit = upper_limit("value", OPENPIT_METRIC_ORDER_NOTIONAL, "500");
        limit.flags = OPENPIT_LIMIT_STRICT;
        openpit_portfolio_limits *judge = limits_of(&limit, 1);
        openpit_portfolio *portfolio = portfolio_with(1000);
        const char *const prices[] = {"99.99", "100", "100.01"};
        for (int i = 0; i < 3; i++) {
            const openpit_portfolio_verdict verdict =
                check_order(judge, portfolio, OPENPIT_SIDE_BUY, "5", prices[i], OPENPIT_PORTFOLIO_NO_PLACE);
            check_equal(verdict.is_accepted, i == 0);
        }
        openpit_portfolio_destroy(portfolio);
        openpit_portfolio_limits_destroy(judge);
    }

    test("an order that reduces passes all but what single orders may be") {
        const openpit_limit limits[] = {upper_limit("value", OPENPIT_METRIC_ORDER_NOTIONAL, "5000"),
                                        upper_limit("leverage", OPENPIT_METRIC_LEVERAGE, "0.01")};
        openpit_portfolio_limits *judge = limits_of(limits, 2);
        openpit_portfolio *portfolio = portfolio_with(0);
        const uint64_t place = hold(portfolio, 50, 100);
        openpit_portfolio_verdict verdict = check_order(judge, portfolio, OPENPIT_SIDE_SELL, "50", NULL, place);
        check(verdict.is_accepted == 1 && verdict.is_reducing == 1 && equals(verdict.value, "5000"));
        verdict = check_order(judge, portfolio, OPENPIT_SIDE_SELL, "50.5", NULL, place);
        check(verdict.is_accepted == 0 && verdict.reject.limit == 0 && verdict.is_reducing == 0);
        verdict = check_order(judge, portfolio, OPENPIT_SIDE_SELL, "51", "90", place);
        check(verdict.is_accepted == 0 && verdict.reject.limit == 1 && equals(verdict.reject.value, "0.018"));
        openpit_portfolio_destroy(portfolio);
        openpit_portfolio_limits_destroy(judge);
    }

    test("an order that nobody can value is refused by its value, unless the limit passes it") {
        openpit_limit limit = upper_limit("value", OPENPIT_METRIC_ORDER_NOTIONAL, "500");
        openpit_portfolio_limits *judge = limits_of(&limit, 1);
        openpit_portfolio *portfolio = portfolio_with(1000);
        openpit_portfolio_verdict verdict =
            check_order(judge, portfolio, OPENPIT_SIDE_BUY, "5", NULL, OPENPIT_PORTFOLIO_NO_PLACE);
        check(verdict.is_accepted == 0 && verdict.reject.fields == 0 && verdict.has_value == 0);
        openpit_portfolio_limits_destroy(judge);
        limit.flags = OPENPIT_LIMIT_PASSES_WITHOUT_DATA;
        judge = limits_of(&limit, 1);
        verdict = check_order(judge, portfolio, OPENPIT_SIDE_BUY, "5", NULL, OPENPIT_PORTFOLIO_NO_PLACE);
        check_equal(verdict.is_accepted, 1);
        openpit_portfolio_destroy(portfolio);
        openpit_portfolio_limits_destroy(judge);
    }

    test("a drawdown is from the highest equity that was seen, and a notice lets the order pass") {
        openpit_limit limits[] = {upper_limit("drawdown", OPENPIT_METRIC_DRAWDOWN_RATIO, "0.2"),
                                  upper_limit("warning", OPENPIT_METRIC_DRAWDOWN_RATIO, "0.1")};
        limits[1].action = OPENPIT_LIMIT_ACTION_NOTIFY;
        openpit_portfolio_limits *judge = limits_of(limits, 2);
        openpit_portfolio *portfolio = portfolio_with(1000);
        openpit_portfolio_limits_view memory = {.struct_size = sizeof memory};
        const openpit_decimal one = whole(1), lower = whole(900);
        check_equal(openpit_portfolio_limits_read(judge, NULL, &memory), OPENPIT_STATUS_OK);
        check(memory.has_peak == 0 && memory.has_drawdown == 0 && memory.is_latched == 0);
        check_equal(openpit_portfolio_limits_read(judge, portfolio, &memory), OPENPIT_STATUS_OK);
        check(memory.has_peak == 1 && equals(memory.peak, "1000") && equals(memory.drawdown, "0"));
        check_equal(openpit_portfolio_add_cash(portfolio, whole(-100), &one), OPENPIT_STATUS_OK);
        check_equal(check_order(judge, portfolio, OPENPIT_SIDE_BUY, "1", "1", UINT64_MAX).has_notice, 0);
        check_equal(openpit_portfolio_add_cash(portfolio, whole(-100), &one), OPENPIT_STATUS_OK);
        openpit_portfolio_verdict verdict = check_order(judge, portfolio, OPENPIT_SIDE_BUY, "1", "1", UINT64_MAX);
        check(verdict.is_accepted == 1 && verdict.has_notice == 1 && verdict.notice.limit == 1);
        check(equals(verdict.notice.value, "0.2"));
        check_equal(openpit_portfolio_add_cash(portfolio, whole(-1), &one), OPENPIT_STATUS_OK);
        check_equal(check_order(judge, portfolio, OPENPIT_SIDE_BUY, "1", "1", UINT64_MAX).is_accepted, 0);
        check_equal(openpit_portfolio_limits_set_peak(judge, &lower), OPENPIT_STATUS_OK);
        check_equal(check_order(judge, portfolio, OPENPIT_SIDE_BUY, "1", "1", UINT64_MAX).is_accepted, 1);
        check_equal(openpit_portfolio_limits_set_peak(judge, NULL), OPENPIT_STATUS_OK);
        check_equal(check_order(judge, portfolio, OPENPIT_SIDE_BUY, "1", "1", UINT64_MAX).has_notice, 0);
        const openpit_decimal nothing = whole(0);
        check_equal(openpit_portfolio_limits_set_peak(judge, &nothing), OPENPIT_STATUS_INVALID_ARGUMENT);
        openpit_portfolio_destroy(portfolio);
        openpit_portfolio_limits_destroy(judge);
    }

    test("a loss latches, and only a smaller one ends that, when its time has come") {
        openpit_limit limit = lower_limit("loss", OPENPIT_METRIC_REALIZED_PNL, "-100");
        limit.flags = OPENPIT_LIMIT_STRICT, limit.action = OPENPIT_LIMIT_ACTION_REDUCE_ONLY;
        limit.release = OPENPIT_LIMIT_RELEASE_AFTER, limit.release_after = 60;
        openpit_portfolio_limits *judge = limits_of(&limit, 1);
        openpit_portfolio *portfolio = portfolio_with(1000);
        openpit_portfolio_limits_view memory = {.struct_size = sizeof memory};
        const uint64_t place = hold(portfolio, 5, 1);
        const struct {
            int64_t pnl, now;
            bool is_latched;
            int64_t until;
        } steps[] = {{-99, 1, false, 0},   {-1, 2, true, 62},     {50, 61, true, 62},
                     {-60, 62, true, 122}, {109, 121, true, 122}, {0, 122, false, 0}};
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
            check_equal(openpit_portfolio_limits_add_pnl(judge, whole(steps[i].pnl), steps[i].now), OPENPIT_STATUS_OK);
            check_equal(openpit_portfolio_limits_read(judge, NULL, &memory), OPENPIT_STATUS_OK);
            check_equal(memory.is_latched, steps[i].is_latched);
            check_equal(memory.latched_until, steps[i].until);
            check_equal(check_order(judge, portfolio, OPENPIT_SIDE_BUY, "5", "1", place).is_accepted,
                        !steps[i].is_latched);
            check_equal(check_order(judge, portfolio, OPENPIT_SIDE_SELL, "5", "1", place).is_accepted, 1);
        }
        check_equal(openpit_portfolio_limits_set_pnl(judge, whole(-100), 200), OPENPIT_STATUS_OK);
        check_equal(check_order(judge, portfolio, OPENPIT_SIDE_BUY, "5", "1", place).is_accepted, 0);
        check_equal(openpit_portfolio_limits_reset_day(judge), OPENPIT_STATUS_OK);
        check_equal(check_order(judge, portfolio, OPENPIT_SIDE_BUY, "5", "1", place).is_accepted, 1);
        openpit_portfolio_destroy(portfolio);
        openpit_portfolio_limits_destroy(judge);
    }

    test("a review tells every limit that what is held breaches") {
        openpit_limit limits[] = {upper_limit("units", OPENPIT_METRIC_POSITION_NET, "9"),
                                  upper_limit("share", OPENPIT_METRIC_CONCENTRATION, "0.5"),
                                  upper_limit("leverage", OPENPIT_METRIC_LEVERAGE, "1"),
                                  lower_limit("equity", OPENPIT_METRIC_EQUITY, "0")};
        openpit_portfolio_limits *judge = limits_of(limits, 4);
        openpit_portfolio *portfolio = portfolio_with(1000);
        openpit_portfolio_breach found[3];
        size_t count = 0;
        hold(portfolio, 10, 100);
        hold(portfolio, -4, 500);
        check_equal(openpit_portfolio_limits_review(judge, portfolio, found, 3, &count), OPENPIT_STATUS_OK);
        check_equal(count, 4);
        check(found[0].limit == 0 && found[0].place == 0 && equals(found[0].value, "10"));
        check(found[1].limit == 1 && found[1].place == 0 && found[1].fields == 0);
        check(found[2].limit == 1 && found[2].place == 1);
        check_equal(openpit_portfolio_limits_review(judge, portfolio, NULL, 0, &count), OPENPIT_STATUS_OK);
        check_equal(count, 4);
        openpit_portfolio_destroy(portfolio);
        openpit_portfolio_limits_destroy(judge);
    }

    test("limits that are not about a portfolio are refused, and told by their place") {
        openpit_limit limits[] = {upper_limit("value", OPENPIT_METRIC_ORDER_NOTIONAL, "500"),
                                  upper_limit("rate", OPENPIT_METRIC_WORKING_ORDERS, "5")};
        openpit_portfolio_limits *judge = NULL;
        openpit_error error = {.struct_size = sizeof error};
        check_equal(openpit_portfolio_limits_create(limits, 2, &judge, &error), OPENPIT_STATUS_INVALID_ARGUMENT);
        check(judge == NULL && error.value == 1);
        limits[1] = limits[0], limits[1].window_nanoseconds = 5;
        check_equal(openpit_portfolio_limits_create(limits, 2, &judge, NULL), OPENPIT_STATUS_INVALID_ARGUMENT);
        limits[1] = limits[0], limits[1].action = OPENPIT_LIMIT_ACTION_HALT;
        check_equal(openpit_portfolio_limits_create(limits, 2, &judge, NULL), OPENPIT_STATUS_INVALID_ARGUMENT);
        limits[0] = limits[1] = lower_limit("loss", OPENPIT_METRIC_REALIZED_PNL, "-1");
        check_equal(openpit_portfolio_limits_create(limits, 1, &judge, NULL), OPENPIT_STATUS_INVALID_ARGUMENT);
        limits[0].action = limits[1].action = OPENPIT_LIMIT_ACTION_HALT;
        check_equal(openpit_portfolio_limits_create(limits, 2, &judge, NULL), OPENPIT_STATUS_INVALID_ARGUMENT);
        check(judge == NULL);
    }

    test("what was destroyed, or is not there, answers so") {
        openpit_portfolio *portfolio = portfolio_with(1);
        openpit_portfolio_limits *judge = limits_of(NULL, 0);
        openpit_portfolio_order order = {.struct_size = sizeof order, .side = OPENPIT_SIDE_BUY, .quantity = whole(1)};
        openpit_portfolio_verdict verdict = {.struct_size = sizeof verdict};
        check_equal(openpit_portfolio_limits_judge(judge, portfolio, &order, &verdict), OPENPIT_STATUS_NOT_FOUND);
        order.place = OPENPIT_PORTFOLIO_NO_PLACE, order.quantity = whole(0);
        check_equal(openpit_portfolio_limits_judge(judge, portfolio, &order, &verdict),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_portfolio_limits_judge(judge, NULL, &order, &verdict), OPENPIT_STATUS_NULL_ARGUMENT);
        openpit_portfolio_destroy(portfolio);
        order.quantity = whole(1);
        check_equal(openpit_portfolio_limits_judge(judge, portfolio, &order, &verdict), OPENPIT_STATUS_DESTROYED);
        openpit_portfolio_destroy(portfolio);
        openpit_portfolio_limits_destroy(judge);
        check_equal(openpit_portfolio_limits_reset_day(judge), OPENPIT_STATUS_DESTROYED);
        openpit_portfolio_limits_destroy(judge);
        openpit_portfolio_destroy(NULL);
        openpit_portfolio_limits_destroy(NULL);
    }
    return report();
}
