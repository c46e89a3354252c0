#include "check.hpp"

using namespace openpit;
using namespace std::chrono_literals;

static Order order_of(int quantity, int price = 100) {
    return Order()
        .instrument(Instrument("AAPL", "USD"))
        .account(AccountId(7))
        .side(Side::Buy)
        .quantity(Quantity(quantity))
        .price(Price(price));
}

int main() {
    test("a limit lets its bound through, and its reject has the numbers") {
        EngineBuilder builder;
        builder.add(Limit(Metric::OrderQuantity, Name("size")).upper(LimitNumber(10)));
        Engine engine = builder.build();
        check(static_cast<bool>(engine.execute_pre_trade(order_of(10))));
        const auto decision = engine.execute_pre_trade(order_of(11));
        check(!decision);
        const Reject reject = *decision.rejects().begin();
        check(reject.policy() == "size");
        check(reject.metric() == Metric::OrderQuantity);
        check(reject.value() == LimitNumber(11) && reject.limit() == LimitNumber(10) && !reject.retry_after());
    }
    test("a limit that cannot be throws, and says which") {
        EngineBuilder builder;
        try {
            builder.add(Limit(Metric::OrderQuantity, Name("size")));
            check(false);
        } catch (const Error &error) {
            check(std::string_view(error.what()).find("size, order_quantity: ") == 0);
        }
    }
    test("each account has a row of its own") {
        EngineBuilder builder;
        builder.add(
            Limit(Metric::WorkingOrders, Name("open")).upper(LimitNumber(4)).scope(Scope().each(ScopeKey::Account)));
        Engine engine = builder.build();
        check(engine.limits().at(0).scope().is_each(ScopeKey::Account));
        auto accepted = engine.execute_pre_trade(order_of(1));
        accepted->commit();
        const LimitStatus row = engine.limits().at(0);
        check(row.name() == Name("open") && row.metric() == Metric::WorkingOrders);
        check(row.scope().account() == AccountId(7));
        check(row.used() == LimitNumber(1) && row.headroom() == LimitNumber(3) && !row.used_low());
        check(row.state() == TradingState::Active && !row.is_breached());
    }
    test("an explanation says what was asked, and changes nothing") {
        Clock clock(1'772'461'800s);
        EngineBuilder builder(SyncMode::None, clock);
        builder.add(Limit(Metric::PriceCollar, Name("collar"))
                        .upper(LimitNumber("0.05"))
                        .reference({Source::Last, Source::Mark})
                        .max_age(Source::Last, 5s));
        Engine engine = builder.build();
        const Instrument pair("AAPL", "USD");
        engine.set_input(Input(InputKind::Last).of(pair), LimitNumber(100), 4s);
        check(engine.explain(order_of(1, 105)).passes());
        clock.advance(1s);
        const Explanation explanation = engine.explain(order_of(1, 105));
        check(!explanation.passes() && explanation.time() == 1'772'461'801s);
        check(explanation.rejects().size() == 1);
        const Look &look = explanation.looks().at(0);
        check(look.verdict() == LookVerdict::Reject && look.code() == RejectCode::MarkPriceUnavailable);
        check(look.inputs().size() == 2 && look.inputs()[0].status == OPENPIT_INPUT_STALE);
        engine.clear_input(Input(InputKind::Last).of(pair));
        const Explanation later = engine.explain(order_of(1, 105));
        check(later.looks().at(0).inputs().at(0).status == OPENPIT_INPUT_MISSING);
    }
    test("what limits have to tell is taken once") {
        EngineBuilder builder;
        builder.add(Limit(Metric::OrderQuantity, Name("size")).upper(LimitNumber(10)).action(LimitAction::Notify));
        Engine engine = builder.build();
        check(static_cast<bool>(engine.execute_pre_trade(order_of(11))));
        const auto event = engine.next_event();
        check(event && event->kind() == EventKind::Breach && event->name() == Name("size"));
        check(event && event->value() == LimitNumber(11) && event->limit() == LimitNumber(10) &&
              event->sequence() == 1);
        check(!engine.next_event() && engine.events_dropped() == 0);
    }
    test("a baseline that is set to now forgets what was lost, in its own period only") {
        EngineBuilder builder;
        builder.add(Limit(Metric::RealizedPnl, Name("loss"))
                        .lower(LimitNumber(-100))
                        .currency(Name("USD"))
                        .scope(Scope().each(ScopeKey::Account)));
        Engine engine = builder.build();
        (void)engine.apply_execution_report(ExecutionReport()
                                                .account(AccountId(7))
                                                .instrument(Instrument("AAPL", "USD"))
                                                .financial_impact(Pnl(-101), Fee(0)));
        rebase(engine, AccountId(7), RebasedPart::Week);
        rebase(engine, AccountId(8), RebasedPart::Day);
        check(!engine.execute_pre_trade(order_of(1)));
        rebase(engine, AccountId(7), RebasedPart::Day);
        check(static_cast<bool>(engine.execute_pre_trade(order_of(1))));
    }
    return report();
}
