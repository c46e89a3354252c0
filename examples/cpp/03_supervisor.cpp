// A supervisor over a live feed. A strategy trades on every price; the engine limits its rate and its loss; the supervisor
// decides what happens when the engine says no. Time is simulated, so the story is the same in every run.
#include <iostream>
#include <openpit.hpp>
#include <vector>

using namespace openpit;
using namespace std::chrono_literals;

namespace {

const AccountId account(7);
const Instrument bitcoin("BTC", "USD");

struct Tick {
    std::chrono::milliseconds after; // since the tick before
    Price price;
};

// A quiet market, a burst, a fall, and the calm after it.
const std::vector<Tick> feed = {
    {1000ms, Price(60'000)}, {1000ms, Price(60'040)}, {100ms, Price(60'020)}, {100ms, Price(60'080)},
    {100ms, Price(60'050)},  {1000ms, Price(59'500)}, {500ms, Price(59'000)}, {500ms, Price(58'600)},
    {500ms, Price(58'500)},  {2000ms, Price(58'550)},
};

// Buys one tenth at every price and sells it at the next one.
class Strategy {
public:
    static Order order_at(const Price &price) {
        return Order().account(account).instrument(bitcoin).side(Side::Buy).quantity(size()).price(price);
    }

    void bought_at(const Price &price) { entry_ = price; }

    // What the open trade earned, once there is a next price.
    std::optional<ExecutionReport> sold_at(const Price &price) {
        if (!entry_) return std::nullopt;
        const Price difference = price - *entry_;
        entry_.reset();
        return ExecutionReport()
            .account(account)
            .instrument(bitcoin)
            .side(Side::Sell)
            .trade({price, size()})
            .financial_impact(Pnl(calculate_position_size(difference, size()).raw()), Fee("0.50"));
    }

private:
    static Quantity size() { return Quantity("0.1"); }

    std::optional<Price> entry_;
};

// Waits until the market has been calm for a while, then forgives the loss and lets the account trade again.
class Supervisor {
public:
    explicit Supervisor(Engine &engine) : engine_(engine) {}

    void blocked(std::chrono::nanoseconds now) { resume_at_ = now + 2s; }

    void look(std::chrono::nanoseconds now) {
        if (now < resume_at_) return;
        resume_at_ = never;
        engine_.set_account_pnl(account, bitcoin.settlement, Pnl(0));
        engine_.accounts().unblock(account);
        std::cout << "  supervisor: calm again, the account may trade\n";
    }

private:
    Engine &engine_;
    static constexpr auto never = std::chrono::nanoseconds::max();
    std::chrono::nanoseconds resume_at_ = never;
};

} // namespace

int main() {
    Clock clock;
    Engine engine = EngineBuilder(SyncMode::None, clock)
                        .add(RateLimit().broker({3, 1s}))
                        .add(PnlKillSwitch().broker(bitcoin.settlement, {Pnl(-80)}))
                        .build();
    Strategy strategy;
    Supervisor supervisor(engine);
    Result result; // one for all calls: nothing is allocated in the loop

    for (const Tick &tick : feed) {
        clock.advance(tick.after);
        const auto now = clock.now();
        std::cout << std::chrono::duration_cast<std::chrono::milliseconds>(now).count() << " ms, " << tick.price
                  << '\n';
        supervisor.look(now);

        if (const auto report = strategy.sold_at(tick.price)) {
            std::cout << "  sold, " << *report->pnl() << " less a fee of " << *report->fee() << '\n';
            engine.apply_execution_report(*report, result);
            for (const Reject &block : result.blocks()) {
                std::cout << "  " << block << '\n';
                supervisor.blocked(now);
            }
        }

        if (Reservation reservation = engine.execute_pre_trade(Strategy::order_at(tick.price), result)) {
            reservation.commit();
            strategy.bought_at(tick.price);
            std::cout << "  bought\n";
        } else {
            std::cout << "  not bought; " << result.rejects()[0] << '\n';
        }
    }
}
