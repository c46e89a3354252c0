#include "check.hpp"

using namespace openpit;

static const AccountId alice(1);
static const AccountId bob(2);
static const AccountGroupId desk("desk");

static Engine engine_for_accounts() { return EngineBuilder().add(OrderValidation()).build(); }

/// The reason of the block that an order of the account meets, or "" when it meets none.
static std::string block_reason(Engine &engine, AccountId account) {
    auto decision = engine.execute_pre_trade(Order().account(account).quantity(Quantity(1)));
    return decision ? "" : std::string(decision.rejects()[0].reason());
}

int main() {
    test("an account is in the group it was registered in") {
        Engine engine = engine_for_accounts();
        Accounts accounts = engine.accounts();
        check(accounts.group_of(alice) == AccountGroupId());
        accounts.register_group({alice, bob}, desk);
        check(accounts.group_of(alice) == desk && accounts.group_of(bob) == desk);
        accounts.unregister_group({alice}, desk);
        check(accounts.group_of(alice) == AccountGroupId() && accounts.group_of(bob) == desk);
    }
    test("a mistake about groups names the account and the group") {
        Engine engine = engine_for_accounts();
        Accounts accounts = engine.accounts();
        accounts.register_group({alice}, desk);
        check_throws(accounts.register_group({bob}, AccountGroupId()), ReservedGroup);
        check_throws(accounts.unregister_group({alice}, AccountGroupId(9)), OtherGroup);
        check_throws(accounts.unregister_group({bob}, desk), NoGroup);
        try {
            accounts.register_group({bob, alice}, AccountGroupId(9));
            check(false);
        } catch (const Error &error) {
            check_equal(error.status(), Status::AlreadyGrouped);
            check_equal(error.account(), alice.raw());
            check_equal(error.account_group(), desk.raw());
        }
        check(accounts.group_of(bob) == AccountGroupId());
    }

    test("a blocked account is told why until it is unblocked") {
        Engine engine = engine_for_accounts();
        Accounts accounts = engine.accounts();
        check(!accounts.is_blocked(alice));
        accounts.block(alice, "ops");
        accounts.block(alice, "later");
        check(accounts.is_blocked(alice) && !accounts.is_blocked(bob));
        check_text(block_reason(engine, alice).c_str(), "ops");
        accounts.replace_block_reason(alice, "audit");
        check_text(block_reason(engine, alice).c_str(), "audit");
        accounts.unblock(alice);
        check_text(block_reason(engine, alice).c_str(), "");
        check_throws(accounts.replace_block_reason(alice, "again"), AccountNotBlocked);
    }
    test("a block may carry a cause of any policy") {
        Engine engine = engine_for_accounts();
        const Reject cause = Reject(RejectCode::Custom, RejectScope::Order, "odd", "very odd", 5).policy("Watcher");
        engine.accounts().block(alice, cause);
        Result result;
        check(engine.accounts().read_block(alice, result));
        const Reject block = result.blocks()[0];
        check_equal(block.code(), RejectCode::Custom);
        check_equal(block.scope(), RejectScope::Account);
        check(block.policy() == "Watcher" && block.reason() == "odd" && block.details() == "very odd");
        check_equal(block.user_data(), 5);
        check(!engine.accounts().read_block(bob, result));
    }
    test("a blocked group blocks its accounts") {
        Engine engine = engine_for_accounts();
        Accounts accounts = engine.accounts();
        accounts.register_group({alice}, desk);
        accounts.block_group(desk, "desk closed");
        check_text(block_reason(engine, alice).c_str(), "desk closed");
        check_text(block_reason(engine, bob).c_str(), "");
        accounts.replace_group_block_reason(desk, "holiday");
        check_text(block_reason(engine, alice).c_str(), "holiday");
        accounts.unblock_group(desk);
        check_text(block_reason(engine, alice).c_str(), "");
        check_throws(accounts.replace_group_block_reason(desk, "x"), GroupNotBlocked);
        check_throws(accounts.block_group(AccountGroupId(), "x"), ReservedGroup);
    }
    test("a report without an account blocks every account until that is lifted") {
        Engine engine = EngineBuilder().add(PnlKillSwitch().broker(Asset("USD"), {Pnl(-1)})).build();
        check_equal(named(engine.apply_execution_report(ExecutionReport())).blocks().size(), 1);
        check(engine.accounts().is_blocked(alice) && engine.accounts().is_blocked(bob));
        engine.accounts().unblock_all();
        check(!engine.accounts().is_blocked(alice));
    }

    test("the account's currency comes before its group's and that before the default") {
        Engine engine = engine_for_accounts();
        Accounts accounts = engine.accounts();
        accounts.register_group({alice}, desk);
        check(!accounts.currency(alice));
        accounts.set_group_currency(AccountGroupId(), Asset("USD"));
        check(accounts.currency(alice) == Asset("USD"));
        accounts.set_group_currency(desk, Asset("EUR"));
        check(accounts.currency(alice) == Asset("EUR") && accounts.currency(bob) == Asset("USD"));
        accounts.set_currency(alice, Asset("CHF"));
        check(accounts.currency(alice) == Asset("CHF"));
        accounts.set_currency(alice, std::nullopt);
        check(accounts.currency(alice) == Asset("EUR"));
    }
    return report();
}
