#include "check.hpp"

using namespace openpit;

int main() {
    test("a reject reads back what it was made of") {
        const Reject reject =
            Reject(RejectCode::Custom, RejectScope::Account, "too far", "12 > 10", 99).policy("Collar");
        check_equal(reject.raw().struct_size, sizeof(openpit_reject));
        check_equal(reject.code(), RejectCode::Custom);
        check_equal(reject.scope(), RejectScope::Account);
        check(reject.reason() == "too far" && reject.details() == "12 > 10" && reject.policy() == "Collar");
        check_equal(reject.user_data(), 99);
        check_prints(reject, "Collar: too far (12 > 10)");
        check_equal(Reject(RejectCode::Other, RejectScope::Order, "", "").user_data(), 0);
    }
    test("a reject code has a name and a meaning") {
        check_prints(RejectCode::OrderQtyExceedsLimit, "OrderQtyExceedsLimit");
        check_text(to_string(RejectCode::AccountBlocked).c_str(), "AccountBlocked");
        check_text(message(RejectCode::Other).c_str(), openpit_reject_code_message(OPENPIT_REJECT_OTHER));
    }
    test("every reject code has the name it has in C") {
        for (std::uint32_t number = 0; number < 300; ++number) {
            const char *name = openpit_reject_code_name(static_cast<openpit_reject_code>(number));
            check_text(to_string(static_cast<RejectCode>(number)).c_str(), name == nullptr ? "Other" : name);
        }
    }

    test("an outcome reads back what was set") {
        const Outcome outcome = Outcome(Asset("USD"))
                                    .policy_group(3)
                                    .balance({PositionSize(1), PositionSize(2)})
                                    .held({PositionSize(3), PositionSize(4)})
                                    .incoming({PositionSize(5), PositionSize(6)})
                                    .realized_pnl({Pnl(7), Pnl(8)})
                                    .average_entry_price(Price(9));
        check_equal(outcome.raw().struct_size, sizeof(openpit_outcome));
        check_equal(outcome.raw().fields, OPENPIT_OUTCOME_ALL_FIELDS);
        check(outcome.asset() == Asset("USD"));
        check_equal(outcome.policy_group(), 3);
        check((outcome.balance() == Changed<PositionSize>{PositionSize(1), PositionSize(2)}));
        check((outcome.held() == Changed<PositionSize>{PositionSize(3), PositionSize(4)}));
        check((outcome.incoming() == Changed<PositionSize>{PositionSize(5), PositionSize(6)}));
        check((outcome.realized_pnl() == Changed<Pnl>{Pnl(7), Pnl(8)}));
        check((outcome.realized_pnl() != Changed<Pnl>{Pnl(7), Pnl(9)}));
        check_equal(outcome.halt_reason(), HaltReason::None);
        check(outcome.average_entry_price() == Price(9));
    }
    test("what an outcome does not set is absent") {
        const Outcome outcome(Asset("USD"));
        check(!outcome.balance() && !outcome.held() && !outcome.incoming() && !outcome.realized_pnl());
        check(!outcome.average_entry_price());
        const Outcome halted = Outcome(Asset("USD")).realized_pnl({Pnl(7), Pnl(8)}).realized_pnl(HaltReason::MissingFx);
        check(!halted.realized_pnl());
        check_equal(halted.halt_reason(), HaltReason::MissingFx);
    }

    test("an account's P&L has changed or has stopped") {
        const AccountPnl changed = AccountPnl(AccountId(7), {Pnl(1), Pnl(2)}).policy_group(3);
        check_equal(changed.raw().struct_size, sizeof(openpit_account_pnl));
        check(changed.account() == AccountId(7));
        check_equal(changed.policy_group(), 3);
        check((changed.pnl() == Changed<Pnl>{Pnl(1), Pnl(2)}));
        check_equal(changed.halt_reason(), HaltReason::None);
        const AccountPnl stopped(AccountId(7), HaltReason::MissingCostBasis);
        check(!stopped.pnl());
        check_equal(stopped.halt_reason(), HaltReason::MissingCostBasis);
    }

    test("a new result is empty, and clearing it is harmless") {
        Result result;
        result.clear();
        check(result.rejects().empty() && result.blocks().empty() && result.outcomes().empty());
        check(result.account_pnls().empty() && result.lock().empty());
        check_equal(result.rejects().size(), 0);
        check_throws(result.rejects()[0], NotFound);
        check(result.rejects().begin() == result.rejects().end());
    }
    return report();
}
