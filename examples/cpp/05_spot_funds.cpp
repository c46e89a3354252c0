// Spot funds: an account spends what it owns.
//
// Money comes by adjustment. A limit order sets aside what it costs, a market order what the quote says plus slippage; fills
// settle at the traded price and give the difference back; a cancel releases the rest.
#include <iostream>
#include <openpit.hpp>
#include <stdexcept>
#include <string>

using namespace openpit;
using namespace std::chrono_literals;

namespace {

const AccountId account(7);
const Asset usd("USD");
const Instrument aapl("AAPL", "USD");

// What changed, and what there is now.
void show(const Result &result) {
    for (const Outcome &outcome : result.outcomes()) {
        const char *separator = ": ";
        std::cout << "  " << *outcome.asset();
        const auto tell = [&](const char *name, const std::optional<Changed<PositionSize>> &amount) {
            if (!amount) return;
            std::cout << separator << name << " " << amount->absolute;
            separator = ", ";
        };
        tell("free", outcome.balance());
        tell("held", outcome.held());
        tell("incoming", outcome.incoming());
        std::cout << "\n";
    }
}

void deposit(Engine &engine, Asset asset, int amount) {
    std::cout << "deposit " << amount << " " << asset << "\n";
    const Adjustment adjustment = Adjustment::of_balance(asset).balance(AdjustmentAmount::delta(PositionSize(amount)));
    const AdjustmentDecision decision = engine.apply_account_adjustment(account, {adjustment});
    show(decision.result());
}

// Checks an order and commits it. The lock is what its reports have to bring back.
Lock send(Engine &engine, const char *what, Side side, int quantity, const char *price) {
    std::cout << what << "\n";
    Order order = Order().account(account).instrument(aapl).side(side).quantity(Quantity(quantity));
    if (price != nullptr) order.price(Price(price));
    auto decision = engine.execute_pre_trade(order);
    if (!decision) {
        for (const Reject &reject : decision.rejects()) {
            std::cout << "  rejected; " << reject.reason() << " (" << reject.details() << ")\n";
        }
        return {};
    }
    show(decision.result());
    decision->commit();
    return decision.result().lock();
}

// A fill, or without a trade the end of what is left.
void report(Engine &engine, const char *what, Side side, const Lock &lock, std::optional<Trade> trade, int leaves) {
    std::cout << what << "\n";
    ExecutionReport report;
    report.account(account).instrument(aapl).side(side).lock(lock);
    report.leaves_quantity(Quantity(leaves)).is_final(!trade || leaves == 0);
    if (trade) report.trade(*trade);
    const Result result = engine.apply_execution_report(report);
    show(result);
    for (const AccountPnl &pnl : result.account_pnls()) {
        if (pnl.pnl()) std::cout << "  P&L of the account: " << pnl.pnl()->absolute << "\n";
    }
}

void run() {
    MarketData quotes(QuoteTtl::within(1min));
    SpotFunds funds;
    funds.market_data = &quotes;
    funds.settings.slippage(100).pricing_source(PricingSource::BookTop);
    Engine engine = EngineBuilder().add(funds).build();
    engine.accounts().set_currency(account, usd);

    send(engine, "buy 5 at 185.00, with nothing", Side::Buy, 5, "185.00");
    deposit(engine, usd, 2000);
    Lock lock = send(engine, "buy 8 at 185.00", Side::Buy, 8, "185.00");
    send(engine, "buy 3 at 185.00, with what is left", Side::Buy, 3, "185.00");
    const Trade bought{Price("184.50"), Quantity(6)};
    report(engine, "6 are filled at 184.50, better than reserved", Side::Buy, lock, bought, 2);
    report(engine, "the other 2 are cancelled", Side::Buy, lock, {}, 2);

    send(engine, "sell 6 at market, without a quote", Side::Sell, 6, nullptr);
    quotes.push(aapl, Quote().bid(Price("186.00")).ask(Price("186.10")));
    lock = send(engine, "sell 6 at market: the bid less 1 %", Side::Sell, 6, nullptr);
    const Trade sold{Price("185.90"), Quantity(6)};
    report(engine, "6 are filled at 185.90", Side::Sell, lock, sold, 0);
}

} // namespace

int main() {
    try {
        run();
        return 0;
    } catch (const std::exception &error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}
