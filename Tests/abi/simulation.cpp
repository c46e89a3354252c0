// Matchers and simulations, as a C++ program uses them.
#include <openpit.hpp>

#include "check.hpp"

#include <stdexcept>

using namespace openpit;

static MatcherOrder sell(std::uint64_t order, const char *price, const char *quantity) {
    return MatcherOrder::limit(order, Side::Sell, Price(price), Quantity(quantity));
}

static MatcherOrder buy(std::uint64_t order, const char *price, const char *quantity) {
    return MatcherOrder::limit(order, Side::Buy, Price(price), Quantity(quantity));
}

int main() {
    test("orders trade, are changed, found and ended") {
        Matcher matcher;
        const BookId book = matcher.add_book();
        check(matcher.submit(book, sell(1, "100.1", "0.1")).is_resting());
        matcher.submit(book, sell(2, "100.1", "0.3"));
        const MatcherOutcome outcome = matcher.submit(book, buy(3, "101", "0.2"));
        check(outcome.is_filled() && outcome.fill_count() == 2);
        check(matcher.fills()[1].quantity() == Quantity("0.1") && matcher.fills()[1].price() == Price("100.1"));
        check(matcher.order(book, 2)->filled() == Quantity("0.1") && matcher.orders_ahead(book, 2) == 0);
        check(!matcher.order(book, 1).has_value());
        check_throws(matcher.order(BookId(7), 1), NotFound);
        check(matcher.modify(book, 2, Price("102")).remaining() == Quantity("0.2"));
        check(matcher.best(book, Side::Sell)->price() == Price("102") && !matcher.best(book, Side::Buy));
        check(matcher.level(book, Side::Sell, Price("102")).order_count() == 1);
        check(matcher.submit(book, sell(2, "103", "1")).reason() == MatcherReason::DuplicateOrder);
        check(matcher.cancel(book, 2) && !matcher.cancel(book, 2));
        check(matcher.summary(book).traded_orders() == 3 && matcher.expire_day() == 0);
    }

    test("more levels than are read at a time come in order") {
        Matcher matcher;
        const BookId book = matcher.add_book();
        for (std::uint64_t order = 1; order <= 200; order++) {
            matcher.submit(
                book, MatcherOrder::limit(order, Side::Sell, Price(static_cast<std::int64_t>(order)), Quantity(1)));
        }
        const auto levels = matcher.depth(book, Side::Sell);
        check(levels.size() == 200 && levels[199].price() == Price(200));
        check(matcher.depth(book, Side::Sell, 64).size() == 64 &&
              matcher.orders(book, MatcherPool::Continuous).size() == 200);
    }

    test("auctions clear, pairs trade, the dark pool is dark") {
        Matcher matcher;
        const BookId book = matcher.add_book();
        const BookId other = matcher.add_book();
        matcher.submit(book, buy(1, "102", "5").pool(MatcherPool::Auction));
        matcher.submit(book, sell(2, "100", "8").pool(MatcherPool::Auction));
        const AuctionOutcome auction = matcher.run_auction(book);
        check(auction.price == Price(100) && auction.fills.size() == 1 && auction.unfilled[0] == 2);
        check(matcher.totals().auction_fills() == 1);
        matcher.submit(book, sell(3, "10", "3"));
        matcher.submit(other, buy(3, "6", "6"));
        const MatcherPair pair{book, other, Price(2), Quantity(3)};
        check(!matcher.view(pair).implied_ratio() && !matcher.view(pair).direction());
        check(matcher.trade(pair, Quantity(3), Side::Buy).fill_count() == 2);
        check(matcher.totals().pair_profit() == Pnl(6));
        check(matcher.trade(pair, Quantity(3), Side::Buy).reason() == MatcherReason::NotExecutable);
        matcher.submit(book, sell(4, "1", "1").pool(MatcherPool::Dark));
        check(!matcher.best(book, Side::Sell) && matcher.summary(book).dark_count() == 1);
    }

    test("orders move prices, and what a model throws arrives") {
        Matcher matcher(ImpactOptions::linear(Price("0.1")).depth_levels(5));
        const BookId book = matcher.add_book();
        matcher.submit(book, sell(1, "100", "10"));
        matcher.submit(book, MatcherOrder::market(2, Side::Buy, Quantity(4)));
        check(matcher.fills()[0].price() == Price("100.028") && matcher.impact().offset() == Price("0.012"));
        matcher.reset_impact();
        bool fails = true;
        matcher.set_impact(ImpactOptions::custom([&fails](const ImpactQuestion &question) {
            if (fails) throw std::runtime_error("no idea");
            return ImpactMoves{Price(question.quantity == Quantity(1) ? "0.5" : "9"), Price(0)};
        }));
        bool came = false;
        try {
            matcher.submit(book, MatcherOrder::market(3, Side::Buy, Quantity(1)));
        } catch (const std::runtime_error &) {
            came = true;
        }
        check(came);
        fails = false;
        matcher.submit(book, MatcherOrder::market(3, Side::Buy, Quantity(1)));
        check(matcher.fills()[0].price() == Price("100.5"));
        check_throws(Matcher(ImpactOptions::linear(Price(-1))), InvalidArgument);
    }

    test("a book comes back as it was read") {
        Matcher matcher, again;
        const BookId book = matcher.add_book();
        again.add_book();
        matcher.submit(book, sell(1, "101", "2"));
        matcher.submit(book, buy(2, "101", "0.5"));
        for (const MatcherResting &order : matcher.orders(book, MatcherPool::Continuous)) {
            check(again.restore(book, order) == MatcherReason::None);
        }
        again.restore(book, matcher.summary(book));
        again.restore(matcher.totals());
        check(again.order(book, 1)->filled() == Quantity("0.5") && again.summary(book).turnover() == Volume("50.5"));
    }

    test("events happen by time, and the account is kept") {
        Matcher matcher;
        const BookId book = matcher.add_book();
        Simulation simulation(matcher, CashFlow(1000), Price("0.001"));
        const SimulationInstrument instrument = simulation.add_instrument(std::nullopt);
        simulation.set_book(instrument, book);
        simulation.push(SimulationEvent::mark(3, instrument, Price(90)));
        simulation.push(SimulationEvent::submitted(1, instrument, sell(1, "101", "1")));
        simulation.push(SimulationEvent::modified(1, 1, Price(100)));
        simulation.push(SimulationEvent::submitted(2, instrument, MatcherOrder::market(2, Side::Buy, Quantity(1))));
        simulation.push(SimulationEvent::cancelled(3, 1));
        simulation.push(SimulationEvent::fill(4, instrument, Price(90), Quantity(1), Side::Buy));
        check(simulation.run(1) == 1 && simulation.run() == 5);
        const SimulationResult result = simulation.result();
        check(result.worth() == CashFlow("989.81") && result.fees() == Fee("0.19") && result.cancel_misses() == 1);
        check(result.fills() == 2 && result.modify_misses() == 0 && simulation.position(instrument) == PositionSize(2));
        check(simulation.curve().size() == 6 && simulation.curve()[2].worth() == CashFlow("999.9"));
        check_throws(simulation.push(SimulationEvent::cancelled(2, 1)), InvalidArgument);
    }

    return report();
}
