#include "check.hpp"

#include <unordered_set>

using namespace openpit;

int main() {
    test("an asset is its name, interned") {
        check(Asset("USD") == Asset("USD") && Asset("USD") != Asset("usd"));
        check(Asset("USD").name() == "USD");
        check_prints(Asset(" USD "), " USD ");
        check_equal(sizeof(Asset), sizeof(openpit_asset));
    }
    test("an asset without a name is refused") {
        check_throws(Asset(""), EmptyName);
        check_throws(Asset("\t "), EmptyName);
        check_throws(Asset("\xff"), InvalidUtf8);
        check_throws(Asset(std::string(OPENPIT_NAME_LENGTH_MAX + 1, 'a')), NameTooLong);
    }
    test("an instrument is an underlying and a settlement asset") {
        const Instrument aapl("AAPL", "USD");
        check(aapl == Instrument(Asset("AAPL"), Asset("USD")));
        check(aapl != Instrument("AAPL", "EUR") && aapl != Instrument("MSFT", "USD"));
        check(aapl.underlying == Asset("AAPL") && aapl.settlement == Asset("USD"));
        check_prints(aapl, "AAPL/USD");
    }
    test("an account and a group are a number, or the hash of a text") {
        check_equal(AccountId(7).raw(), 7);
        check(AccountId("a").raw() == 0xaf63dc4c8601ec8cu);
        check(AccountId(7) == AccountId(7) && AccountId(7) != AccountId(8));
        check_prints(AccountId(7), "7");
        check_throws(AccountId(" "), EmptyName);
        check_equal(AccountGroupId(7).raw(), 7);
        check_equal(AccountGroupId("a").raw(), 0xe40c292cu);
        check(AccountGroupId(7) == AccountGroupId(7) && AccountGroupId(7) != AccountGroupId(8));
        check_prints(AccountGroupId(7), "7");
        check_throws(AccountGroupId(""), EmptyName);
        check(AccountGroupId() == AccountGroupId(OPENPIT_DEFAULT_ACCOUNT_GROUP));
    }
    test("names and ids are keys of a hash table") {
        check_equal((std::unordered_set<Asset>{Asset("USD"), Asset("USD"), Asset("EUR")}.size()), 2);
        check_equal((std::unordered_set<Instrument>{{"A", "B"}, {"A", "B"}, {"B", "A"}}.size()), 2);
        check_equal((std::unordered_set<AccountId>{AccountId(1), AccountId(1), AccountId(2)}.size()), 2);
        check_equal((std::unordered_set<AccountGroupId>{AccountGroupId(), AccountGroupId(1)}.size()), 2);
    }
    test("a side has an opposite, and none has none") {
        check_equal(opposite(Side::Buy), Side::Sell);
        check_equal(opposite(Side::Sell), Side::Buy);
        check_equal(opposite(Side::None), Side::None);
        check_equal(opposite(PositionSide::Long), PositionSide::Short);
        check_equal(opposite(PositionSide::Short), PositionSide::Long);
        check_equal(opposite(PositionSide::None), PositionSide::None);
    }
    return report();
}
