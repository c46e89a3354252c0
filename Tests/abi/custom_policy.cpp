#include "check.hpp"

#include <functional>
#include <stdexcept>

using namespace openpit;

static const Instrument aapl("AAPL", "USD");
static const Asset usd("USD");
static const AccountId alice(1);

static Order order() {
    return Order().account(alice).instrument(aapl).side(Side::Buy).quantity(Quantity(1)).price(Price(10));
}
static ExecutionReport trade_report() {
    return ExecutionReport().account(alice).instrument(aapl).financial_impact(Pnl(-1), Fee(0));
}

/// A policy whose hooks are what a test gives it, and which writes down which of them ran.
class Scripted : public Policy {
public:
    explicit Scripted(std::string policy_name = "Scripted", PolicyGroupId group = 0)
        : Policy(std::move(policy_name), group) {}
    ~Scripted() override {
        if (destroyed != nullptr) ++*destroyed;
    }

    std::function<void(Context &, const Order &)> start;
    std::function<void(Context &, const Order &)> check_main;
    std::function<void(Context &, const ExecutionReport &)> after;
    std::function<void(Context &, AccountId, const Adjustment &)> adjust;
    std::string log;
    std::string thrown_text;
    int *destroyed = nullptr;

    void check_pre_trade_start(Context &context, const Order &asked) override {
        log += "start ";
        if (start) start(context, asked);
    }
    void perform_pre_trade_check(Context &context, const Order &asked) override {
        log += "main ";
        if (check_main) check_main(context, asked);
    }
    void apply_execution_report(Context &context, const ExecutionReport &executed) override {
        log += "report ";
        if (after) after(context, executed);
    }
    void apply_account_adjustment(Context &context, AccountId account, const Adjustment &adjustment) override {
        log += "adjust ";
        if (adjust) adjust(context, account, adjustment);
    }
    void hook_failed(std::exception_ptr failure) noexcept override {
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception &exception) {
            thrown_text = exception.what();
        }
    }
};

/// A policy that sees dry runs by themselves.
class DryAware : public Scripted {
public:
    void check_pre_trade_start_dry_run(Context &, const Order &) override { log += "dry-start "; }
    void perform_pre_trade_check_dry_run(Context &, const Order &) override { log += "dry-main "; }
};

static Engine engine_with(const std::shared_ptr<Scripted> &policy) { return EngineBuilder().add(policy).build(); }

int main() {
    test("a policy that overrides nothing accepts everything") {
        Engine engine = EngineBuilder().add(std::make_unique<Policy>("Nothing")).build();
        check(static_cast<bool>(engine.execute_pre_trade(order())));
        check(named(engine.apply_execution_report(trade_report())).blocks().empty());
        check(static_cast<bool>(engine.apply_account_adjustment(alice, {Adjustment()})));
    }
    test("each hook is called with what it is about") {
        auto policy = std::make_shared<Scripted>();
        Engine engine = engine_with(policy);
        int tag = 0;
        policy->start = [&](Context &context, const Order &asked) {
            check(asked.price() == Price(10) && asked.user_data() == &tag);
            check(context.account() == alice);
            check(!context.is_dry_run());
        };
        policy->check_main = [&](Context &context, const Order &asked) {
            check(asked.instrument() == aapl);
            check(context.account_group() == AccountGroupId());
        };
        policy->after = [&](Context &, const ExecutionReport &executed) { check(executed.pnl() == Pnl(-1)); };
        policy->adjust = [&](Context &context, AccountId account, const Adjustment &adjustment) {
            check(account == alice && context.account() == alice);
            check(adjustment.asset() == usd);
        };
        check(static_cast<bool>(engine.execute_pre_trade(order().user_data(&tag))));
        engine.apply_execution_report(trade_report());
        check(static_cast<bool>(engine.apply_account_adjustment(alice, {Adjustment::of_balance(usd)})));
        check_text(policy->log.c_str(), "start main report adjust ");
    }
    test("a call without an account has none") {
        auto policy = std::make_shared<Scripted>();
        Engine engine = engine_with(policy);
        policy->start = [](Context &context, const Order &) { check(!context.account()); };
        check(static_cast<bool>(engine.execute_pre_trade(Order())));
    }
    test("a hook sees the group of its account") {
        auto policy = std::make_shared<Scripted>();
        Engine engine = engine_with(policy);
        engine.accounts().register_group({alice}, AccountGroupId(5));
        policy->start = [](Context &context, const Order &) { check(context.account_group() == AccountGroupId(5)); };
        check(static_cast<bool>(engine.execute_pre_trade(order())));
    }

    test("a reject of a hook reaches the caller with the policy's name") {
        auto policy = std::make_shared<Scripted>("Collar");
        Engine engine = engine_with(policy);
        policy->start = [](Context &context, const Order &) {
            const std::string details = "far " + std::string("off");
            context.reject({RejectCode::Custom, RejectScope::Order, "no", details, 42});
        };
        auto decision = engine.execute_pre_trade(order());
        check(!decision);
        check_prints(decision.rejects()[0], "Collar: no (far off)");
        check_equal(decision.rejects()[0].code(), RejectCode::Custom);
        check_equal(decision.rejects()[0].user_data(), 42);
    }
    test("a mutation commits, rolls back with its reservation, and rolls back with a reject") {
        auto policy = std::make_shared<Scripted>();
        Engine engine = engine_with(policy);
        std::string log;
        policy->check_main = [&log](Context &context, const Order &) {
            context.add_mutation([&log]() noexcept { log += "commit1 "; }, [&log]() noexcept { log += "rollback1 "; });
            context.add_mutation([&log]() noexcept { log += "commit2 "; }, [&log]() noexcept { log += "rollback2 "; });
        };
        named(engine.execute_pre_trade(order()))->commit();
        check_text(log.c_str(), "commit1 commit2 ");
        log.clear();
        named(engine.execute_pre_trade(order()))->rollback();
        check_text(log.c_str(), "rollback2 rollback1 ");
        log.clear();
        static_cast<void>(engine.execute_pre_trade(order()));
        check_text(log.c_str(), "rollback2 rollback1 ");
        log.clear();
        static_cast<void>(engine.execute_pre_trade_dry_run(order()));
        check_text(log.c_str(), "");
    }
    test("what a mutation holds is released once, whatever becomes of it") {
        auto policy = std::make_shared<Scripted>();
        Engine engine = engine_with(policy);
        auto held = std::make_shared<int>(0);
        policy->check_main = [&held](Context &context, const Order &) {
            context.add_mutation([held]() noexcept {}, [held]() noexcept {});
        };
        {
            auto decision = engine.execute_pre_trade(order());
            check_equal(held.use_count(), 3);
            decision->commit();
            check_equal(held.use_count(), 1);
        }
        static_cast<void>(engine.execute_pre_trade_dry_run(order()));
        check_equal(held.use_count(), 1);
        policy->start = [&held](Context &context, const Order &) {
            check_throws(context.add_mutation([held]() noexcept {}, [held]() noexcept {}), InvalidArgument);
        };
        static_cast<void>(engine.execute_pre_trade(order()));
        check_equal(held.use_count(), 1);
    }
    test("lock prices and outcomes of a main check come with the reservation") {
        auto policy = std::make_shared<Scripted>("Locker", 9);
        Engine engine = engine_with(policy);
        policy->check_main = [](Context &context, const Order &) {
            context.add_lock_price(Price("5.50"));
            context.add_outcome(Outcome(usd).held({PositionSize(1), PositionSize(2)}));
        };
        auto decision = engine.execute_pre_trade(order());
        check((decision.result().lock() == Lock{{9, Price("5.5")}}));
        check_equal(decision.result().outcomes().size(), 1);
        check((decision.result().outcomes()[0].held() == Changed<PositionSize>{PositionSize(1), PositionSize(2)}));
        check_equal(decision.result().outcomes()[0].policy_group(), 9);
        Result result;
        decision->read(result);
        check((result.lock() == Lock{{9, Price("5.5")}}));
    }
    test("a report hook asks for blocks and publishes what changed") {
        auto policy = std::make_shared<Scripted>("Watcher");
        Engine engine = engine_with(policy);
        policy->after = [](Context &context, const ExecutionReport &) {
            context.add_block({RejectCode::Custom, RejectScope::Account, "odd", "very"});
            context.add_outcome(Outcome(usd).policy_group(4).balance({PositionSize(1), PositionSize(2)}));
            context.add_account_pnl(AccountPnl(alice, {Pnl(1), Pnl(2)}));
        };
        const Result result = engine.apply_execution_report(trade_report());
        check_prints(result.blocks()[0], "Watcher: odd (very)");
        check_equal(result.outcomes()[0].policy_group(), 4);
        check((result.account_pnls()[0].pnl() == Changed<Pnl>{Pnl(1), Pnl(2)}));
        check(engine.accounts().is_blocked(alice));
    }
    test("an adjustment is applied as a whole, or rejected with its index") {
        auto policy = std::make_shared<Scripted>();
        Engine engine = engine_with(policy);
        const std::vector<Adjustment> batch{Adjustment::of_balance(usd), Adjustment::of_balance(Asset("EUR"))};
        auto applied = engine.apply_account_adjustment(alice, batch);
        check(applied && !applied.failed_index() && applied.rejects().empty());
        policy->adjust = [](Context &context, AccountId, const Adjustment &adjustment) {
            context.add_outcome(Outcome(usd).balance({PositionSize(1), PositionSize(1)}));
            if (adjustment.asset() == usd) return;
            context.reject({RejectCode::Other, RejectScope::Order, "no", "euros"});
        };
        auto rejected = engine.apply_account_adjustment(alice, batch);
        check(!rejected && rejected.failed_index() == 1);
        check(rejected.rejects()[0].details() == "euros");
        check(rejected.result().outcomes().empty());
        check_equal(named(engine.apply_account_adjustment(alice, {batch[0]})).result().outcomes().size(), 1);
        check(static_cast<bool>(engine.apply_account_adjustment(alice, {})));
    }
    test("a hook blocks its account at once, but not in a dry run") {
        auto policy = std::make_shared<Scripted>();
        Engine engine = engine_with(policy);
        policy->start = [](Context &context, const Order &) {
            context.block_account({RejectCode::Custom, RejectScope::Account, "stop", "now"});
        };
        check(static_cast<bool>(engine.start_pre_trade_dry_run(order())));
        check(!engine.accounts().is_blocked(alice));
        static_cast<void>(engine.start_pre_trade(order()));
        Result result;
        check(engine.accounts().read_block(alice, result));
        check_prints(result.blocks()[0], "Scripted: stop (now)");
    }
    test("a block may name another policy than the one that asks for it") {
        auto policy = std::make_shared<Scripted>();
        Engine engine = engine_with(policy);
        policy->after = [](Context &context, const ExecutionReport &) {
            context.add_block(Reject(RejectCode::Custom, RejectScope::Account, "odd", "very").policy("Desk"));
        };
        check_prints(named(engine.apply_execution_report(trade_report())).blocks()[0], "Desk: odd (very)");
    }

    test("a check that throws rejects the order, and the policy learns what was thrown") {
        auto policy = std::make_shared<Scripted>();
        Engine engine = engine_with(policy);
        policy->start = [](Context &, const Order &) { throw std::runtime_error("lost connection"); };
        auto decision = engine.execute_pre_trade(order());
        check(!decision);
        check_equal(decision.rejects()[0].code(), RejectCode::SystemUnavailable);
        check_text(policy->thrown_text.c_str(), "lost connection");
    }
    test("a hook that is refused has failed, though it catches the exception") {
        auto policy = std::make_shared<Scripted>();
        Engine engine = engine_with(policy);
        policy->start = [](Context &context, const Order &) {
            check_throws(context.add_lock_price(Price(1)), InvalidArgument);
        };
        auto decision = engine.execute_pre_trade(order());
        check(!decision);
        check_equal(decision.rejects()[0].code(), RejectCode::SystemUnavailable);
    }
    test("a report or adjustment hook that throws makes its call throw") {
        auto policy = std::make_shared<Scripted>();
        Engine engine = engine_with(policy);
        policy->after = [](Context &, const ExecutionReport &) { throw std::runtime_error("report"); };
        policy->adjust = [](Context &, AccountId, const Adjustment &) { throw std::runtime_error("adjust"); };
        check_throws(engine.apply_execution_report(trade_report()), DoneCallbackFailed);
        check_throws(engine.apply_account_adjustment(alice, {Adjustment()}), CallbackFailed);
    }

    test("a dry run calls the ordinary checks unless there are others") {
        auto ordinary = std::make_shared<Scripted>();
        ordinary->start = [](Context &context, const Order &) { check(context.is_dry_run()); };
        check(static_cast<bool>(engine_with(ordinary).execute_pre_trade_dry_run(order())));
        check_text(ordinary->log.c_str(), "start main ");
        auto aware = std::make_shared<DryAware>();
        check(static_cast<bool>(engine_with(aware).execute_pre_trade_dry_run(order())));
        check_text(aware->log.c_str(), "dry-start dry-main ");
    }
    test("a hook may use the engine that calls it") {
        auto policy = std::make_shared<Scripted>();
        Engine engine = engine_with(policy);
        policy->start = [](Context &context, const Order &) {
            Engine calling = context.engine();
            calling.accounts().block(AccountId(2), "from a hook");
        };
        check(static_cast<bool>(engine.execute_pre_trade(order())));
        check(engine.accounts().is_blocked(AccountId(2)));
    }
    test("a policy is destroyed with its last engine, and with a builder that made none") {
        int destroyed = 0;
        auto policy = std::make_unique<Scripted>();
        policy->destroyed = &destroyed;
        {
            Engine engine = EngineBuilder().add(std::move(policy)).build();
            check_equal(destroyed, 0);
        }
        check_equal(destroyed, 1);
        policy = std::make_unique<Scripted>();
        policy->destroyed = &destroyed;
        {
            EngineBuilder().add(std::move(policy));
        }
        check_equal(destroyed, 2);
    }
    test("one policy serves several engines") {
        auto policy = std::make_shared<Scripted>();
        Engine first = engine_with(policy);
        Engine second = engine_with(policy);
        check(static_cast<bool>(first.execute_pre_trade(order())));
        check(static_cast<bool>(second.execute_pre_trade(order())));
        check_text(policy->log.c_str(), "start main start main ");
    }
    test("a policy knows its name and group, and a missing one is refused") {
        const Policy policy("Collar", 5);
        check_text(policy.name().c_str(), "Collar");
        check_equal(policy.policy_group(), 5);
        check_throws(EngineBuilder().add(std::shared_ptr<Policy>()), NullArgument);
    }
    return report();
}
