// Quick start: an engine with four controls, three orders, one bad day. Run all examples with `make examples`.
#include <iostream>
#include <openpit.hpp>

using namespace openpit;
using namespace std::chrono_literals;

// Checks an order. The venue takes whatever passes, so what was reserved is committed.
static void send(Engine &engine, std::string_view what, const Order &order) {
    if (auto decision = engine.execute_pre_trade(order)) {
        decision->commit();
        std::cout << what << ": accepted and committed\n";
    } else {
        std::cout << what << ": rejected\n";
        for (const Reject &reject : decision.rejects()) std::cout << "  " << reject << '\n';
    }
}

int main() {
    const AccountId account(7);
    const Instrument aapl("AAPL", "USD");

    // Four controls. They run in the order in which they are added.
    Engine engine = EngineBuilder()
                        .add(OrderValidation())
                        .add(RateLimit().broker({100, 1s}))
                        .add(OrderSizeLimit().broker({Quantity(500), Volume(100'000)}))
                        .add(PnlKillSwitch().broker(aapl.settlement, {Pnl(-1000)}))
                        .build();

    // Orders are plain data.
    Order order = Order().account(account).instrument(aapl).side(Side::Buy).price(Price("185.50"));
    send(engine, "buy 10 AAPL at 185.50", order.quantity(Quantity(10)));
    send(engine, "buy 600 AAPL at 185.50", order.quantity(Quantity(600)));
    send(engine, "buy 0 AAPL at 185.50", order.quantity(Quantity(0)));

    // The venue reports back. The loss is more than the kill switch allows, so the account is blocked.
    const Result result = engine.apply_execution_report(
        ExecutionReport().account(account).instrument(aapl).side(Side::Sell).financial_impact(Pnl(-1200), Fee("0.50")));
    std::cout << "the fill lost 1200 USD and cost 0.50 USD\n";
    for (const Reject &block : result.blocks()) std::cout << "  " << block << '\n';
    send(engine, "buy 1 AAPL at 185.50", order.quantity(Quantity(1)));
}
