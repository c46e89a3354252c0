#include "check.hpp"

using namespace openpit;
using namespace std::chrono_literals;

static const Instrument aapl("AAPL", "USD");
static const AccountId alice(1);

static Order order() {
    return Order().account(alice).instrument(aapl).side(Side::Buy).quantity(Quantity(1)).price(Price(10));
}

/// The scope of a breach of an account's rate limit, and the code of the order after it.
static std::pair<RejectScope, RejectCode> breach(EngineBuilder builder) {
    Engine engine = builder.add(RateLimit().account(alice, {0, 1s})).build();
    const auto first = engine.execute_pre_trade(order());
    const auto second = engine.execute_pre_trade(order());
    return {first.rejects()[0].scope(), second.rejects()[0].code()};
}

int main() {
    test("an account's rate limit blocks the account, unless the engine answers as 0.10") {
        const std::pair stopped(RejectScope::Account, RejectCode::AccountBlocked);
        const std::pair refused(RejectScope::Order, RejectCode::RateLimitExceeded);
        check(breach(EngineBuilder()) == stopped);
        check(breach(EngineBuilder(SyncMode::None, Compatibility::V0_7)) == stopped);
        check(breach(EngineBuilder(SyncMode::None, Compatibility::V0_10)) == refused);
        check(breach(EngineBuilder(SyncMode::Full, Compatibility::V0_10)) == refused);
    }
    test("a size barrier matches as it says itself, in both releases") {
        for (const Compatibility release : {Compatibility::V0_7, Compatibility::V0_10}) {
            for (const bool per_metric : {false, true}) {
                const Asset asset = Asset(per_metric ? "AAPL" : "USD");
                EngineBuilder builder(SyncMode::None, release);
                Engine engine = builder.add(OrderSizeLimit().asset(asset, {Quantity(0), {}, per_metric})).build();
                const Decision decision = engine.execute_pre_trade(order());
                check(decision.rejects().size() == 1);
                check(decision.rejects()[0].code() == RejectCode::OrderQtyExceedsLimit);
            }
        }
    }
    test("a driven clock and the release go together") {
        const Clock clock;
        check(breach(EngineBuilder(SyncMode::None, clock)) ==
              std::pair(RejectScope::Account, RejectCode::AccountBlocked));
        check(breach(EngineBuilder(SyncMode::None, clock, Compatibility::V0_10)) ==
              std::pair(RejectScope::Order, RejectCode::RateLimitExceeded));
    }
    return report();
}
