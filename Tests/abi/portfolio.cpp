// A portfolio that somebody states, and limits that judge orders by it, as a C++ program uses them.
#include <openpit.hpp>

#include "check.hpp"

using namespace openpit;
using namespace std::chrono_literals;

static Limit each_account(Metric metric, const char *name) {
    return Limit(metric, Name(name)).scope(Scope().each(ScopeKey::Account));
}

int main() {
    test("limits judge an order by what would be held once it is filled") {
        Portfolio portfolio;
        portfolio.add_cash(Pnl(1000));
        const std::uint64_t place = portfolio.add_position(PositionSize(10), Price(90), Price(100));
        PortfolioLimits limits(
            {each_account(Metric::OrderNotional, "value").upper(LimitNumber(500)),
             each_account(Metric::Leverage, "leverage").upper(LimitNumber("0.75")),
             each_account(Metric::GrossExposure, "notice").upper(LimitNumber(1200)).action(LimitAction::Notify)});
        const PortfolioVerdict accepted =
            limits.judge(portfolio, PortfolioOrder(Side::Buy, Quantity(5)).price(Price(100)).place(place));
        check(accepted.is_accepted() && !accepted.reject() && accepted.value() == Volume(500));
        check(accepted.notice()->limit() == 2 && accepted.notice()->value() == LimitNumber(1500));
        const PortfolioVerdict rejected =
            limits.judge(portfolio, PortfolioOrder(Side::Buy, Quantity("5.01")).place(place));
        check(!rejected.is_accepted() && rejected.reject()->metric() == Metric::OrderNotional);
        check(rejected.reject()->place() == place && !rejected.is_reducing());
        check(limits.judge(portfolio, PortfolioOrder(Side::Sell, Quantity(5)).place(place)).is_reducing());
        check(!limits.judge(portfolio, PortfolioOrder(Side::Sell, Quantity(5))).value());
        check(limits.review(portfolio).empty());
        portfolio.mark(place, Price(400));
        check(limits.review(portfolio).size() == 2 && !limits.review(portfolio)[0].place());
        check_throws(portfolio.mark(7, Price(1)), NotFound);
    }

    test("a portfolio tells what it comes to") {
        Portfolio portfolio;
        portfolio.add_cash(Pnl(1000));
        portfolio.add_unvalued_cash(Pnl(-1));
        portfolio.add_cash(Pnl(2), Price(10));
        const std::uint64_t place = portfolio.add_position(PositionSize(0), Price(1), Price(1));
        portfolio.fill(place, Side::Buy, Quantity(2), Price(10), Fee(1));
        check(portfolio.view().is_known == 0 && portfolio.view().position_count == 1);
        check(Pnl(portfolio.view().equity) == Pnl(1019) && Pnl(portfolio.position(place).value) == Pnl(20));
        portfolio.clear();
        check(portfolio.view().is_known == 1 && portfolio.view().position_count == 0);
    }

    test("limits remember the day and the highest equity") {
        Portfolio portfolio;
        portfolio.add_cash(Pnl(100));
        PortfolioLimits limits({each_account(Metric::RealizedPnl, "loss")
                                    .lower(LimitNumber(-10))
                                    .strict()
                                    .action(LimitAction::Halt)
                                    .release_after(60ns)});
        limits.add_pnl(Pnl(-10), 5ns);
        check(limits.view().is_latched == 1 && limits.view().latched_until == 65);
        check(!limits.judge(portfolio, PortfolioOrder(Side::Buy, Quantity(1)).price(Price(1))).is_accepted());
        limits.set_pnl(Pnl(-9), 65ns);
        check(limits.view().is_latched == 0);
        limits.set_pnl(Pnl(-11), 66ns);
        limits.reset_day();
        check(limits.view(&portfolio).is_latched == 0 && Pnl(limits.view().peak) == Pnl(100));
        limits.set_peak(Pnl(200));
        check(Pnl(limits.view(&portfolio).drawdown) == Pnl("0.5"));
        limits.forget_peak();
        check(limits.view().has_peak == 0);
        check_throws(PortfolioLimits({each_account(Metric::WorkingOrders, "none").upper(LimitNumber(1))}),
                     InvalidArgument);
    }
    return report();
}
