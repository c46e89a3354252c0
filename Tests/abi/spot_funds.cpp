#include "check.hpp"

using namespace openpit;

static const Instrument aapl("AAPL", "USD");
static const Asset usd("USD");
static const Asset stock("AAPL");
static const AccountId account(1);

static Order buy(int quantity) {
    return Order().account(account).instrument(aapl).side(Side::Buy).quantity(Quantity(quantity)).price(Price(10));
}

/// An engine in which account 1 has 100 USD.
static Engine funded(const SpotFunds &funds = {}) {
    Engine engine = EngineBuilder().add(funds).build();
    check(static_cast<bool>(engine.apply_account_adjustment(
        account, {Adjustment::of_balance(usd).balance(AdjustmentAmount::absolute(PositionSize(100)))})));
    return engine;
}

int main() {
    test("an order holds what it costs until it is rolled back") {
        Engine engine = funded();
        {
            auto decision = engine.execute_pre_trade(buy(4));
            check(static_cast<bool>(decision));
            check(engine.holding(account, usd).balance() == PositionSize(60));
            check(engine.holding(account, usd).held() == PositionSize(40));
            check(engine.holding(account, stock).incoming() == PositionSize(4));
        }
        const Holding holding = engine.holding(account, usd);
        check(holding.balance() == PositionSize(100));
        check(!holding.average_entry_price() && !holding.realized_pnl());
        check_equal(holding.halt_reason(), HaltReason::None);
    }
    test("an engine without spot funds keeps a ledger when it is told to") {
        const auto adjust = [](Engine &engine) {
            return static_cast<bool>(engine.apply_account_adjustment(
                account, {Adjustment::of_balance(usd).balance(AdjustmentAmount::absolute(PositionSize(100)))}));
        };
        Engine without = EngineBuilder().add(OrderValidation()).build();
        check(adjust(without));
        check_throws(without.holding(account, usd), NotFound);
        check_throws(without.spot_funds_account_pnl(account), NotFound);
        Engine with = EngineBuilder().add(OrderValidation()).keep_ledger().keep_ledger(MarketData()).build();
        check(adjust(with));
        check(static_cast<bool>(with.execute_pre_trade(buy(4))));
        check(with.holding(account, usd).balance() == PositionSize(100));
        check(with.spot_funds_account_pnl(account) == Pnl(0));
    }
    test("limit modes and position limits are for accounts and groups") {
        SpotFunds funds;
        funds.settings.limit_mode(LimitMode::Enforce).limit_mode(account, LimitMode::TrackOnly);
        funds.settings.position_limit(account, stock, Quantity(20));
        Engine engine = funded(funds);
        check(static_cast<bool>(engine.execute_pre_trade(buy(20))));
        check(!engine.execute_pre_trade(buy(21)));
        engine.configure(SpotFundsSettings().limit_mode(account, {}).position_limit(account, stock, {}));
        check(!engine.execute_pre_trade(buy(11)));
        check_throws(engine.configure(SpotFundsSettings().slippage(10001)), InvalidSlippage);
        check_throws(engine.configure(SpotFundsSettings().slippage(InstrumentId(1), account, 10001)), InvalidSlippage);
    }
    test("a P&L that is out of bounds blocks its account") {
        Engine engine = funded();
        engine.configure(SpotFundsBarriers().add({}, {Pnl(-5), {}}));
        check_equal(named(engine.set_spot_funds_account_pnl(account, Pnl(-5))).blocks().size(), 0);
        check(engine.spot_funds_account_pnl(account) == Pnl(-5));
        check_equal(named(engine.set_spot_funds_account_pnl(account, HaltReason::MissingFx)).blocks().size(), 1);
        check(!engine.spot_funds_account_pnl(account));
        check(!engine.execute_pre_trade(buy(1)));
        engine.configure(SpotFundsBarriers().clear({}));
        engine.accounts().unblock(account);
        check(static_cast<bool>(engine.execute_pre_trade(buy(1))));
        check_throws(engine.configure(SpotFundsBarriers().add(AccountGroupId(7), {})), NoBounds);
    }
    test("a drop copy takes what is not there") {
        Engine engine = funded();
        Result result;
        DropCopy copy = engine.apply_drop_copy(buy(20), result);
        check(copy.reservation && !copy.is_account_blocked);
        check(engine.holding(account, usd).balance() == PositionSize(-100));
        copy.reservation.rollback();
        check(engine.holding(account, usd).balance() == PositionSize(100));
    }
    test("market data of one thread do not serve several") {
        const MarketData data(QuoteTtl::infinite(), SyncMode::None);
        SpotFunds funds;
        funds.market_data = &data;
        check_throws(EngineBuilder(SyncMode::Full).add(funds), SyncModeMismatch);
    }
    test("there are holdings with spot funds only") {
        const Engine engine = EngineBuilder().add(OrderValidation()).build();
        check_throws(engine.holding(account, usd), NotFound);
        check_throws(engine.spot_funds_account_pnl(account), NotFound);
    }
    return report();
}
