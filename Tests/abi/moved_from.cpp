// What was moved from is not taken for nothing: wherever it is asked for, that throws.
#include "check.hpp"

using namespace openpit;
using namespace std::chrono_literals;

static const AccountId alice(7);

static Engine engine_with(const OrderSizeLimit &limit) {
    return EngineBuilder().add(OrderValidation()).add(limit).build();
}

static OrderSizeLimit caps() {
    return OrderSizeLimit().broker({Quantity(500), {}}).asset(Asset("USD"), {Quantity(5), {}});
}

int main() {
    const Instrument aapl("AAPL", "USD");
    const Order order = Order().account(alice).instrument(aapl).side(Side::Buy).quantity(Quantity(10)).price(Price(10));

    test("no engine and no market data are made with a clock that was moved from") {
        Clock clock;
        Clock other = std::move(clock);
        check_throws(EngineBuilder(SyncMode::None, clock), Destroyed);
        check_throws(MarketData(QuoteTtl::infinite(), SyncMode::Full, clock), Destroyed);
        check_throws(clock.now(), Destroyed);
        check_throws(clock.advance(1s), Destroyed);
        check_throws(clock.raw(), Destroyed);
        Engine engine = EngineBuilder(SyncMode::None, other).add(RateLimit().broker({1, 1s})).build();
        check(static_cast<bool>(engine.execute_pre_trade(order)));
        check(!engine.execute_pre_trade(order));
    }

    test("spot funds are not added with market data that were moved from") {
        MarketData market;
        const MarketData other = std::move(market);
        SpotFunds funds;
        funds.market_data = &market;
        check_throws(EngineBuilder().add(funds), Destroyed);
        check_throws(market.register_instrument(aapl), Destroyed);
        check_throws(market.get(InstrumentId(0), alice), Destroyed);
        funds.market_data = &other;
        check_throws(EngineBuilder().add(funds).build(), Ok);
    }

    test("each owner says that it was moved from") {
        Engine engine = engine_with(caps());
        Engine other_engine = std::move(engine);
        check_throws(engine.execute_pre_trade(order), Destroyed);
        check_throws(engine.accounts(), Destroyed);
        check_throws(engine.share(), Destroyed);
        EngineBuilder builder;
        EngineBuilder other_builder = std::move(builder);
        check_throws(builder.add(OrderValidation()), Destroyed);
        check_throws(builder.build(), Destroyed);
        ReferenceBook book;
        const ReferenceBook other_book = std::move(book);
        check_throws(book.register_instrument(aapl), Destroyed);
    }

    test("a result that was moved from takes nothing and tells nothing") {
        Engine engine = engine_with(caps());
        Result result;
        Result other = std::move(result);
        check_throws(engine.execute_pre_trade(order, result), Destroyed);
        check_throws(engine.apply_execution_report(ExecutionReport(), result), Destroyed);
        check_throws(result.rejects(), Destroyed);
        check_throws(result.lock(), Destroyed);
        result = std::move(other);
        check(!engine.execute_pre_trade(order, result));
        check_equal(result.rejects().size(), 1);
    }

    test("a decision that was moved from grants nothing and tells no rejects") {
        Engine engine = engine_with(caps());
        auto decision = engine.execute_pre_trade(order);
        const auto other = std::move(decision);
        check(!decision);
        check_throws(decision.rejects(), Destroyed);
        check_equal(other.rejects().size(), 1);
    }

    test("limits that were moved from lift no limits") {
        Engine engine = engine_with(caps());
        OrderSizeLimit limit = OrderSizeLimit().asset(Asset("USD"), {Quantity(7), {}});
        const OrderSizeLimit other = std::move(limit);
        check_throws(engine.configure(limit), Destroyed);
        check_throws(EngineBuilder().add(limit), Destroyed);
        check_throws(limit.broker({Quantity(1), {}}), Destroyed);
        check(!engine.execute_pre_trade(order));
        engine.configure(other);
        const auto decision = engine.execute_pre_trade(order);
        check(decision.rejects()[0].details() == "requested 10, max allowed: 7");
    }

    test("settings and barriers of spot funds that were moved from change nothing") {
        Engine engine = EngineBuilder().add(SpotFunds()).build();
        SpotFundsSettings settings = SpotFundsSettings().limit_mode(LimitMode::TrackOnly);
        SpotFundsBarriers barriers = SpotFundsBarriers().add({}, {Pnl(-5), {}});
        const SpotFundsSettings other_settings = std::move(settings);
        const SpotFundsBarriers other_barriers = std::move(barriers);
        check_throws(engine.configure(settings), Destroyed);
        check_throws(engine.configure(barriers), Destroyed);
        SpotFunds funds;
        funds.settings = settings;
        check_throws(EngineBuilder().add(funds), Destroyed);
        check_throws(settings.limit_mode(alice, LimitMode::Enforce), Destroyed);
        engine.configure(other_settings);
        check(static_cast<bool>(engine.execute_pre_trade(order)));
    }

    test("a lock that was moved from is not an empty one") {
        Lock lock{{0, Price(10)}};
        const Lock other = std::move(lock);
        check_throws(ExecutionReport().lock(lock), Destroyed);
        check_throws(lock.empty(), Destroyed);
        check_throws(lock.encode(LockFormat::Json), Destroyed);
        check_equal(other.size(), 1);
    }

    test("a desk and a paper broker that were moved from take no command") {
        Desk desk(DeskOptions(Pnl(1)));
        Desk taken = std::move(desk);
        taken.begin(std::chrono::nanoseconds(1), 1);
        check_throws(desk.begin(std::chrono::nanoseconds(1), 1), Destroyed);
        PaperBroker broker(detail::sized<openpit_paper_options>());
        PaperBroker other = std::move(broker);
        check(other.fills().empty());
        check_throws(broker.account(), Destroyed);
    }

    test("a venue that was moved from takes no messages and knows no books") {
        Venue venue;
        const BookId book = venue.add_book();
        const BookMessage message = BookMessage::new_order(book, 1).side(Side::Buy).quantity(5).price(100);
        Venue other = std::move(venue);
        BookReports reports;
        other.apply(message, reports);
        check_throws(venue.apply(message), Destroyed);
        check_throws(venue.apply(message, reports), Destroyed);
        check_equal(reports.taken(), 0);
        check(reports.empty());
        check_throws(venue.apply_some(&message, 1, reports), Destroyed);
        check_throws(venue.add_book(), Destroyed);
        check_throws(venue.best(book, Side::Buy), Destroyed);
        check_throws(venue.depth(book, Side::Buy), Destroyed);
        check_throws(venue.summary(book), Destroyed);
        check_throws(venue.set_position(book, 7, 1), Destroyed);
        check_equal(other.summary(book).resting_count(), 1);
    }

    test("a matcher and a simulation that were moved from do nothing, and go on elsewhere") {
        Matcher matcher;
        const BookId book = matcher.add_book();
        const MatcherOrder order = MatcherOrder::limit(1, Side::Buy, Price(100), Quantity(5));
        Simulation simulation(matcher, CashFlow(1000));
        const SimulationInstrument instrument = simulation.add_instrument(book);
        Matcher other = std::move(matcher);
        check_throws(matcher.submit(book, order), Destroyed);
        check_throws(matcher.add_book(), Destroyed);
        check_throws(matcher.set_impact(ImpactOptions::linear(Price(1))), Destroyed);
        check_throws(matcher.fills(), Destroyed);
        check_throws(matcher.depth(book, Side::Buy), Destroyed);
        check_throws(Simulation(matcher, CashFlow(1)), Destroyed);
        simulation.push(SimulationEvent::submitted(1, instrument, order));
        check_equal(simulation.run(), 1);
        check_equal(other.summary(book).resting_count(), 1);
        const Simulation elsewhere = std::move(simulation);
        check_throws(simulation.run(), Destroyed);
        check_throws(simulation.result(), Destroyed);
        check_equal(elsewhere.result().accepted(), 1);
    }

    test("reports that were moved from have no room and are not none") {
        Venue venue;
        const BookMessage message = BookMessage::halt(venue.add_book());
        BookReports reports = venue.apply(message);
        const BookReports other = std::move(reports);
        check_throws(reports.size(), Destroyed);
        check_throws(reports.empty(), Destroyed);
        check_throws(reports.capacity(), Destroyed);
        check_throws(reports.taken(), Destroyed);
        check_throws(reports.begin(), Destroyed);
        check_throws(reports.end(), Destroyed);
        check_throws(reports[0], Destroyed);
        check_throws(venue.apply(message, reports), Destroyed);
        check_throws(venue.apply_some(&message, 1, reports), Destroyed);
        check_equal(other.size(), 1);
        reports = other;
        check_equal(reports.taken(), 1);
    }

    test("what was moved from can be given a value again") {
        Clock clock;
        Clock other = std::move(clock);
        clock = Clock();
        clock.advance(1s);
        check(clock.now() == 1s && other.now() == 0s);
        const Clock last = std::move(other);
        try {
            static_cast<void>(other.now());
            check(false);
        } catch (const Error &error) {
            check_text(error.what(), "the object was moved from");
        }
    }
    return report();
}
