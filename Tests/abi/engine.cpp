#include "check.hpp"

#include <atomic>
#include <thread>

using namespace openpit;
using namespace std::chrono_literals;

static const Instrument aapl("AAPL", "USD");

/// An engine that takes orders of at most 500.
static Engine size_engine() {
    return EngineBuilder()
        .add(OrderValidation())
        .add(OrderSizeLimit().broker({Quantity(500), Volume(100'000)}))
        .build();
}
static Order order_of(int quantity) {
    return Order()
        .account(AccountId(7))
        .instrument(aapl)
        .side(Side::Buy)
        .quantity(Quantity(quantity))
        .price(Price(100));
}

int main() {
    test("an accepted order gives a reservation, which commits once") {
        Engine engine = size_engine();
        auto decision = engine.execute_pre_trade(order_of(500));
        check(static_cast<bool>(decision));
        check(decision.rejects().empty());
        check(static_cast<bool>(*decision));
        decision->commit();
        check(!*decision);
        check_throws(decision->commit(), AlreadyFinalized);
        check_throws(decision->rollback(), AlreadyFinalized);
    }
    test("an order has a number that outlives its reservation and is never used twice") {
        Engine engine = size_engine();
        auto first = engine.execute_pre_trade(order_of(1));
        const std::uint64_t id = first->order_id();
        check(id != 0);
        first->commit();
        check_equal(first->order_id(), id);
        Result result;
        Reservation second = engine.execute_pre_trade(order_of(1), result);
        check(second.order_id() != id && second.order_id() != 0);
        const std::uint64_t second_id = second.order_id();
        Reservation moved(std::move(second));
        check_equal(moved.order_id(), second_id);
        check_equal(named(second).order_id(), 0);
        second = std::move(moved);
        check_equal(second.order_id(), second_id);
        check_equal(Reservation().order_id(), 0);
        check_equal(engine.execute_pre_trade(order_of(501), result).order_id(), 0);
    }
    test("a rejected order gives the rejects and an empty reservation") {
        Engine engine = size_engine();
        auto decision = engine.execute_pre_trade(order_of(501));
        check(!decision);
        check_equal(decision.rejects().size(), 1);
        for (const Reject &reject : decision.rejects()) {
            check_equal(reject.code(), RejectCode::OrderQtyExceedsLimit);
            check_equal(reject.scope(), RejectScope::Order);
            check_prints(reject, "OrderSizeLimitPolicy: order quantity exceeded (requested 501, max allowed: 500)");
        }
        check_throws(decision->commit(), NotFound);
        check(decision.result().rejects()[0].policy() == OrderSizeLimit::name);
    }
    test("a result of the caller's is used again and again") {
        Engine engine = size_engine();
        Result result;
        check(!engine.execute_pre_trade(order_of(501), result));
        check_equal(result.rejects().size(), 1);
        Reservation reservation = engine.execute_pre_trade(order_of(500), result);
        check(static_cast<bool>(reservation));
        check(result.rejects().empty());
        reservation.read(result);
        check(result.lock().empty() && result.outcomes().empty());
        reservation.rollback();
        check_throws(reservation.read(result), AlreadyFinalized);
        check(!engine.execute_pre_trade(order_of(501), result));
        result.clear();
        check(result.rejects().empty());
    }
    test("the items of a result are a range") {
        Engine engine = size_engine();
        auto decision = engine.execute_pre_trade(Order());
        check(decision.rejects().size() > 1);
        std::size_t count = 0;
        for (auto reject = decision.rejects().begin(); reject != decision.rejects().end(); reject++) {
            check((*reject).code() == decision.rejects()[count++].code());
        }
        check_equal(count, decision.rejects().size());
        check_throws(decision.rejects()[count], NotFound);
    }

    test("the two stages are the same check in two calls") {
        Engine engine = size_engine();
        auto start = engine.start_pre_trade(order_of(500));
        check(static_cast<bool>(start) && start.rejects().empty());
        auto decision = start->execute();
        check(static_cast<bool>(decision));
        check(!*start);
        check_throws(start->execute(), AlreadyFinalized);
        decision->rollback();

        auto rejected = engine.start_pre_trade(order_of(501));
        check(!rejected);
        check_equal(rejected.rejects().size(), 1);
        check_throws(rejected->execute(), NotFound);
    }
    test("the two stages write to a result of the caller's") {
        Engine engine = size_engine();
        Result result;
        check(!engine.start_pre_trade(order_of(501), result));
        check_equal(result.rejects().size(), 1);
        Request request = engine.start_pre_trade(order_of(500), result);
        check(result.rejects().empty());
        check(static_cast<bool>(request.execute(result)));
    }
    test("requests and reservations move, and what was moved from is empty") {
        Engine engine = size_engine();
        Result result;
        Request request = engine.start_pre_trade(order_of(1), result);
        Request moved = std::move(request);
        check(!request && moved);
        request = std::move(moved);
        check(request && !moved);
        Reservation reservation = request.execute(result);
        Reservation taken = std::move(reservation);
        check(!reservation && taken);
        check_throws(reservation.commit(), NotFound);
        reservation = std::move(taken);
        reservation.commit();
        check(!Request() && !Reservation());
    }
    test("a request and a reservation outlive their engine") {
        Result result;
        Request request;
        Reservation reservation;
        {
            Engine engine = size_engine();
            request = engine.start_pre_trade(order_of(1), result);
            reservation = engine.execute_pre_trade(order_of(1), result);
        }
        auto decision = request.execute();
        check(!decision);
        check_equal(decision.rejects()[0].code(), RejectCode::SystemUnavailable);
        reservation.commit();
    }
    test("a shared engine lives until its last owner is gone") {
        std::optional<Engine> first(size_engine());
        Engine second = first->share();
        first.reset();
        check(static_cast<bool>(second.execute_pre_trade(order_of(1))));
    }

    test("a dry run tells the verdict and the rejects") {
        Engine engine = size_engine();
        check(static_cast<bool>(engine.execute_pre_trade_dry_run(order_of(500))));
        check(static_cast<bool>(engine.start_pre_trade_dry_run(order_of(500))));
        const DryRun execute = engine.execute_pre_trade_dry_run(order_of(501));
        check(!execute);
        check_equal(execute.rejects()[0].code(), RejectCode::OrderQtyExceedsLimit);
        const DryRun start = engine.start_pre_trade_dry_run(order_of(501));
        check(!start);
        check_equal(start.result().rejects().size(), 1);
        Result result;
        check(engine.execute_pre_trade_dry_run(order_of(500), result) && result.rejects().empty());
        check(!engine.start_pre_trade_dry_run(order_of(501), result) && result.rejects().size() == 1);
    }
    test("a dry run changes nothing, and shows the block a real call would make") {
        Engine engine = EngineBuilder().add(RateLimit().account(AccountId(7), {1, 1s})).build();
        check(static_cast<bool>(engine.execute_pre_trade_dry_run(order_of(1))));
        check(static_cast<bool>(engine.execute_pre_trade(order_of(1))));
        const DryRun dry_run = engine.execute_pre_trade_dry_run(order_of(1));
        check(!dry_run);
        check_equal(dry_run.result().blocks().size(), 1);
        check_equal(dry_run.result().blocks()[0].code(), RejectCode::AccountBlocked);
        check(!engine.accounts().is_blocked(AccountId(7)));
    }

    test("an engine runs on the clock it is given") {
        Clock clock;
        Engine engine = EngineBuilder(SyncMode::None, clock).add(RateLimit().broker({1, 1s})).build();
        clock.advance(10s);
        check(static_cast<bool>(engine.execute_pre_trade(order_of(1))));
        check(!engine.execute_pre_trade(order_of(1)));
        clock.advance(999'999'999ns);
        check(!engine.execute_pre_trade(order_of(1)));
        clock.advance(1ns);
        check(static_cast<bool>(engine.execute_pre_trade(order_of(1))));
    }
    test("every synchronisation mode makes an engine that checks") {
        for (const SyncMode mode : {SyncMode::None, SyncMode::Full, SyncMode::Account}) {
            Engine engine = EngineBuilder(mode).add(OrderValidation()).build();
            check(static_cast<bool>(engine.execute_pre_trade(order_of(1))));
            check(!engine.execute_pre_trade(order_of(0)));
        }
    }
    test("threads share a fully synchronised engine, and a limit holds for all of them together") {
        Clock clock;
        Engine engine = EngineBuilder(SyncMode::Full, clock).add(RateLimit().broker({1000, 1s})).build();
        std::atomic<int> accepted{0};
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&engine, &accepted] {
                Engine own = engine.share();
                Result result;
                for (int count = 0; count < 500; ++count) {
                    Reservation reservation = own.execute_pre_trade(order_of(1), result);
                    if (!reservation) continue;
                    reservation.commit();
                    ++accepted;
                }
            });
        }
        for (std::thread &thread : threads) thread.join();
        check_equal(accepted.load(), 1000);
    }
    test("a builder refuses what makes no engine") {
        check_throws(EngineBuilder().build(), NoPolicies);
        check_throws(EngineBuilder().add(OrderValidation()).add(OrderValidation()).build(), DuplicatePolicyName);
        EngineBuilder groups;
        groups.add(OrderValidation{3}).add(RateLimit().policy_group(3).broker({1, 1s}));
        check_throws(groups.build(), DuplicatePolicyGroup);
        check_throws(groups.build(), BuilderConsumed);
        check_throws(groups.add(OrderValidation()), BuilderConsumed);
        check_throws(EngineBuilder(static_cast<SyncMode>(9)), InvalidArgument);
    }
    return report();
}
