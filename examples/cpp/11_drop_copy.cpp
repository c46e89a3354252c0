// Drop copy: orders that go to the venue past this engine are counted all the same.
//
// A trader works on another desk's screen. The engine is told of each of his orders once it is live, and what it has against
// one cannot take it back; but the account's profit and loss is watched, and when it leaves its bounds the account is
// stopped here, too. The reference book says when what he trades is due.
#include <iostream>
#include <openpit.hpp>
#include <stdexcept>

using namespace openpit;

namespace {

const AccountId account(7);
const Instrument aapl("AAPL", "USD");

// What there is now, of that which changed.
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

Order order(Side side, int quantity, const char *price) {
    return Order().account(account).instrument(aapl).side(side).quantity(Quantity(quantity)).price(Price(price));
}

// Counts an order that is live already. The lock is what its reports have to bring back.
Lock record(Engine &engine, const char *what, const Order &live) {
    std::cout << what << "\n";
    Result result;
    DropCopy copy = engine.apply_drop_copy(live, result);
    if (!copy.reservation) throw std::runtime_error("no verdict");
    show(result);
    if (copy.is_account_blocked) std::cout << "  the account is stopped\n";
    copy.reservation.commit();
    return result.lock();
}

void fill(Engine &engine, const char *what, Side side, const Lock &lock, int quantity, const char *price) {
    std::cout << what << "\n";
    ExecutionReport report;
    report.account(account).instrument(aapl).side(side).lock(lock);
    report.trade({Price(price), Quantity(quantity)}).leaves_quantity(Quantity(0)).is_final(true);
    const Result result = engine.apply_execution_report(report);
    show(result);
    for (const AccountPnl &pnl : result.account_pnls()) {
        if (pnl.pnl()) std::cout << "  P&L of the account: " << pnl.pnl()->absolute << "\n";
    }
    for (const Reject &block : result.blocks()) std::cout << "  blocked; " << block.reason() << "\n";
}

void run() {
    ReferenceBook book;
    book.set_settlement_scheme(book.register_instrument(aapl), {SettlementLag{2}, SettlementLag{2}});

    SpotFunds watch;
    watch.settings.limit_mode(LimitMode::TrackOnly);
    watch.barriers.add(Target(), {Pnl(-50), {}});
    Engine engine = EngineBuilder().add(watch).build();
    engine.accounts().set_currency(account, Asset("USD"));

    Lock lock =
        record(engine, "buy 10 at 200.00 is live, though nothing is there to pay with", order(Side::Buy, 10, "200.00"));
    fill(engine, "it is filled", Side::Buy, lock, 10, "200.00");
    if (const auto scheme = book.settlement_scheme(book.resolve(aapl).value())) {
        std::cout << "  shares are due after " << scheme->delivery.count << " days, money after "
                  << scheme->payment.count << "\n";
    }
    lock = record(engine, "sell 10 at 194.00 is live", order(Side::Sell, 10, "194.00"));
    fill(engine, "it is filled, 60 below what was paid", Side::Sell, lock, 10, "194.00");

    std::cout << "buy 1 at 194.00, asked for here\n";
    const auto decision = engine.execute_pre_trade(order(Side::Buy, 1, "194.00"));
    for (const Reject &reject : decision.rejects()) std::cout << "  rejected; " << reject.reason() << "\n";
    record(engine, "buy 1 at 194.00 is live over there", order(Side::Buy, 1, "194.00"));
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
