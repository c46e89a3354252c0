#include "check.hpp"

using namespace openpit;
using namespace std::chrono_literals;

static const Instrument aapl("AAPL", "USD");
static const Asset usd("USD");
static const Asset eur("EUR");
static const AccountId alice(1);
static const AccountId bob(2);

static Order order(AccountId account = alice, int quantity = 1) {
    return Order().account(account).instrument(aapl).side(Side::Buy).quantity(Quantity(quantity)).price(Price(10));
}
static ExecutionReport loss(AccountId account, int amount) {
    return ExecutionReport().account(account).instrument(aapl).side(Side::Sell).financial_impact(Pnl(-amount), Fee(0));
}
/// How many of `count` orders the engine accepts.
static int accepted(Engine &engine, int count, AccountId account = alice) {
    int total = 0;
    for (int index = 0; index < count; ++index) total += engine.execute_pre_trade(order(account)) ? 1 : 0;
    return total;
}
/// The code of the order's first reject, or nothing when it is accepted.
static std::optional<RejectCode> verdict(Engine &engine, const Order &asked) {
    auto decision = engine.execute_pre_trade(asked);
    if (decision) return std::nullopt;
    return decision.rejects()[0].code();
}

int main() {
    test("the policies have the names their rejects carry") {
        Engine engine = EngineBuilder()
                            .add(OrderValidation())
                            .add(RateLimit().broker({0, 1s}))
                            .add(OrderSizeLimit().broker({Quantity(0), Volume(0)}))
                            .add(PnlKillSwitch().broker(usd, {Pnl(1), {}}))
                            .build();
        auto decision = engine.execute_pre_trade(order(alice, 0));
        check_equal(decision.rejects().size(), 3);
        check(decision.rejects()[0].policy() == OrderValidation::name);
        check(decision.rejects()[1].policy() == RateLimit::name);
        check(decision.rejects()[2].policy() == PnlKillSwitch::name);
        engine.accounts().unblock(alice);
        check(named(engine.execute_pre_trade(order(alice, 1))).rejects()[1].policy() == OrderSizeLimit::name);
    }

    test("a rate limit counts by broker, asset, account, and account and asset") {
        Engine broker = EngineBuilder().add(RateLimit().broker({2, 1s})).build();
        check_equal(accepted(broker, 3, alice) + accepted(broker, 3, bob), 2);
        Engine asset = EngineBuilder().add(RateLimit().asset(eur, {1, 1s}).asset(usd, {2, 1s})).build();
        check_equal(accepted(asset, 3, alice) + accepted(asset, 3, bob), 2);
        Engine account = EngineBuilder().add(RateLimit().account(alice, {2, 1s})).build();
        check_equal(accepted(account, 3, alice), 2);
        check_equal(accepted(account, 3, bob), 3);
        check(account.accounts().is_blocked(alice) && !account.accounts().is_blocked(bob));
        Engine both = EngineBuilder().add(RateLimit().account_asset(alice, usd, {2, 1s})).build();
        check_equal(accepted(both, 3, alice), 2);
        check_equal(accepted(both, 3, bob), 3);
    }
    test("a rate limit needs a barrier and a window") {
        check_throws(EngineBuilder().add(RateLimit()), NoBarriers);
        check_throws(EngineBuilder().add(RateLimit().broker({1, 0s})), InvalidWindow);
        check_throws(RateLimit().broker({1, -1s}), InvalidWindow);
    }

    test("an order size is limited by broker, asset, and account and asset") {
        Engine broker = EngineBuilder().add(OrderSizeLimit().broker({Quantity(5), Volume(40)})).build();
        check(!verdict(broker, order(alice, 4)));
        check(verdict(broker, order(alice, 5)) == RejectCode::OrderNotionalExceedsLimit);
        check(verdict(broker, order(alice, 6)) == RejectCode::OrderExceedsLimit);
        Engine asset = EngineBuilder().add(OrderSizeLimit().asset(usd, {Quantity(5), Volume(1000)})).build();
        check(verdict(asset, order(alice, 6)) == RejectCode::OrderQtyExceedsLimit);
        Engine other = EngineBuilder().add(OrderSizeLimit().asset(eur, {Quantity(5), Volume(1000)})).build();
        check(!verdict(other, order(alice, 6)));
        Engine account = EngineBuilder().add(OrderSizeLimit().account_asset(alice, usd, {Quantity(5), {}})).build();
        check(!verdict(account, order(bob, 6)));
        check(verdict(account, order(alice, 6)) == RejectCode::OrderQtyExceedsLimit);
        check(account.accounts().is_blocked(alice));
    }
    test("an order size may cap one metric alone") {
        Engine quantity = EngineBuilder().add(OrderSizeLimit().broker({Quantity(5)})).build();
        check(!verdict(quantity, order(alice, 5)));
        check(verdict(quantity, order(alice, 6)) == RejectCode::OrderQtyExceedsLimit);
        Engine notional = EngineBuilder().add(OrderSizeLimit().broker({{}, Volume(50)})).build();
        check(!verdict(notional, order(alice, 5)));
        check(verdict(notional, order(alice, 6)) == RejectCode::OrderNotionalExceedsLimit);
        Engine metric = EngineBuilder().add(OrderSizeLimit().asset(Asset("AAPL"), {Quantity(5), {}, true})).build();
        check(verdict(metric, order(alice, 6)) == RejectCode::OrderQtyExceedsLimit);
    }
    test("an order size limit needs a barrier") {
        check_throws(EngineBuilder().add(OrderSizeLimit()), NoBarriers);
    }

    test("the kill switch blocks an account whose result leaves its bounds") {
        Engine engine = EngineBuilder().add(PnlKillSwitch().broker(usd, {Pnl(-100), Pnl(100)})).build();
        check(named(engine.apply_execution_report(loss(alice, 100))).blocks().empty());
        check(!verdict(engine, order(alice)));
        const Result result = engine.apply_execution_report(loss(alice, 1));
        check_equal(result.blocks().size(), 1);
        check_equal(result.blocks()[0].code(), RejectCode::PnlKillSwitchTriggered);
        check(verdict(engine, order(alice)) == RejectCode::PnlKillSwitchTriggered);
        check(!verdict(engine, order(bob)));
        Result reused;
        engine.apply_execution_report(loss(bob, -101), reused);
        check_equal(reused.blocks().size(), 1);
    }
    test("the kill switch has bounds and a start for one account") {
        Engine engine = EngineBuilder().add(PnlKillSwitch().account_asset(alice, usd, {Pnl(-100)}, Pnl(-60))).build();
        check(!verdict(engine, order(alice)));
        check(named(engine.apply_execution_report(loss(bob, 1000))).blocks().empty());
        check_equal(named(engine.apply_execution_report(loss(alice, 41))).blocks().size(), 1);
    }
    test("a kill switch needs a barrier and a bound") {
        check_throws(EngineBuilder().add(PnlKillSwitch()), NoBarriers);
        check_throws(EngineBuilder().add(PnlKillSwitch().broker(usd, {})), NoBounds);
    }

    test("configuring replaces the barriers of the axes it names") {
        Clock clock;
        Engine engine = EngineBuilder(SyncMode::None, clock)
                            .add(RateLimit().broker({1, 1s}).asset(usd, {5, 1s}))
                            .add(OrderSizeLimit().broker({Quantity(1)}))
                            .add(PnlKillSwitch().broker(usd, {Pnl(-10)}))
                            .build();
        clock.advance(1min);
        engine.configure(RateLimit().broker({3, 1s}));
        check_equal(accepted(engine, 9), 3);
        clock.advance(1min);
        engine.configure(RateLimit().clear(Axis::Broker));
        check_equal(accepted(engine, 9), 5);
        clock.advance(1min);
        engine.configure(OrderSizeLimit().broker({Quantity(2)}));
        check(!verdict(engine, order(alice, 2)));
        engine.configure(PnlKillSwitch().broker(usd, {Pnl(-20)}));
        check(named(engine.apply_execution_report(loss(alice, 20))).blocks().empty());
        engine.set_account_pnl(alice, usd, Pnl(-21));
        check(verdict(engine, order(alice)) == RejectCode::PnlKillSwitchTriggered);
    }
    test("what cannot be configured is refused and changes nothing") {
        Engine engine = EngineBuilder().add(RateLimit().broker({1, 1min})).build();
        check_throws(engine.configure(OrderSizeLimit().broker({Quantity(1)})), UnknownPolicy);
        check_throws(engine.set_account_pnl(alice, usd, Pnl(1)), UnknownPolicy);
        check_throws(engine.configure(RateLimit().clear(Axis::Broker)), NoBarriers);
        check_throws(engine.configure(RateLimit().broker({1, 0s})), InvalidWindow);
        check_equal(accepted(engine, 2), 1);
    }
    test("barriers remember their group and their axes") {
        const RateLimit limit = RateLimit().policy_group(9).account(alice, {1, 1s}).clear(Axis::Broker);
        check_equal(limit.policy_group(), 9);
        check_equal(limit.axes(), 1u << OPENPIT_AXIS_ACCOUNT | 1u << OPENPIT_AXIS_BROKER);
        check_equal(limit.barriers().size(), 1);
        check_equal(OrderSizeLimit().asset(usd, {}).axes(), 1u << OPENPIT_AXIS_ASSET);
        check_equal(PnlKillSwitch().account_asset(alice, usd, {}).axes(), 1u << OPENPIT_AXIS_ACCOUNT_ASSET);
    }
    return report();
}
