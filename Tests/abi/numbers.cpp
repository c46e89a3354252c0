#include "check.hpp"

#include <type_traits>
#include <unordered_set>

using namespace openpit;

template <class Left, class Right, class = void> constexpr bool adds = false;
template <class Left, class Right>
constexpr bool adds<Left, Right, std::void_t<decltype(std::declval<Left>() + std::declval<Right>())>> = true;

template <class Value, class = void> constexpr bool negates = false;
template <class Value> constexpr bool negates<Value, std::void_t<decltype(-std::declval<Value>())>> = true;

/// Whether a kind has the name openpit.h gives it, and takes negative numbers or refuses them.
template <class Value> void check_kind(const char *name, bool is_signed) {
    check_text(openpit_kind_name(static_cast<openpit_kind>(Value::kind)), name);
    check_equal(Value::is_signed, is_signed);
    check_equal(thrown([] { Value(-1); }), is_signed ? Status::Ok : Status::NegativeValue);
    check_equal(thrown([] { Value("-1"); }), is_signed ? Status::Ok : Status::NegativeValue);
    check_equal(negates<Value>, is_signed);
    check_equal(sizeof(Value), sizeof(openpit_decimal));
    check(Value() == Value(0));
}

int main() {
    test("each kind has its name and its sign") {
        check_kind<Quantity>("Quantity", false);
        check_kind<Volume>("Volume", false);
        check_kind<Notional>("Notional", false);
        check_kind<Price>("Price", true);
        check_kind<Pnl>("Pnl", true);
        check_kind<Fee>("Fee", true);
        check_kind<CashFlow>("CashFlow", true);
        check_kind<PositionSize>("PositionSize", true);
    }
    test("a number is made of text, of an integer, of a double and of a C value") {
        check_prints(Price("185.50"), "185.50");
        check_prints(Price("-1_000.5e1"), "-10005");
        check_prints(Price(-7), "-7");
        check_prints(Price(18'446'744'073'709'551'615u), "18446744073709551615");
        check_prints(Price(INT64_MIN), "-9223372036854775808");
        check_prints(Price(0.1), "0.1");
        check_prints(Price(0.1 + 0.2), "0.30000000000000004");
        check_prints(Price::rounded(0.1 + 0.2), "0.3");
        check_prints(Price(Price("2.50").raw()), "2.50");
    }
    test("what is no number is refused with its cause") {
        check_throws(Price("12x"), InvalidFormat);
        check_throws(Price(1.0 / 0.0), InvalidFloat);
        check_throws(Price(openpit_decimal{1, 0, 29, 0, 0}), InvalidDecimal);
        check_throws(Quantity(Pnl(-1).raw()), NegativeValue);
        try {
            Price("80000000000000000000000000000");
        } catch (const Error &error) {
            check_equal(error.cause(), OPENPIT_PARSE_CAUSE_DIGITS);
            check_text(error.what(), "invalid format for Price: '80000000000000000000000000000'");
        }
    }
    test("numbers of one kind add and subtract, and those of two kinds do not") {
        check_prints(Pnl("1.5") + Pnl("-2.25"), "-0.75");
        check_prints(Pnl("1.5") - Pnl("-2.25"), "3.75");
        check_throws(Quantity(1) - Quantity(2), ArithmeticUnderflow);
        check_throws(Price("79228162514264337593543950335") + Price(1), ArithmeticOverflow);
        check((adds<Price, Price>));
        check((!adds<Price, Quantity>));
        check((!adds<Price, int>));
    }
    test("a scalar multiplies, divides and takes the remainder") {
        check_prints(Price("1.50") * 3, "4.50");
        check_prints(3u * Price("1.50"), "4.50");
        check_prints(Price(2) * 0.1, "0.2");
        check_prints(Price(1) / 8, "0.125");
        check_prints(Price(-7) % 3, "-1");
        check_prints(Price(2) * Scalar(Price("0.25").raw()), "0.50");
        check_throws(Price(1) / 0, DivisionByZero);
        check_throws(Price(1) % 0, DivisionByZero);
        check_throws(Quantity(1) * -1, NegativeValue);
        check_throws(Price(1) * (0.0 / 0.0), InvalidFloat);
    }
    test("each operator has its assignment") {
        Price price(10);
        check((price += Price(4)) == Price(14));
        check((price -= Price(2)) == Price(12));
        check((price *= 2) == Price(24));
        check((price /= 5) == Price("4.8"));
        check((price %= 2) == Price("0.8"));
        check(-price == Price("-0.8"));
    }
    test("numbers compare by value, whatever their scale") {
        check(Price("1.50") == Price("1.5"));
        check(Price("1.50") != Price("1.51"));
        check(Price(1) < Price(2) && !(Price(2) < Price(2)));
        check(Price(2) <= Price(2) && !(Price(3) <= Price(2)));
        check(Price(3) > Price(2) && !(Price(2) > Price(2)));
        check(Price(2) >= Price(2) && !(Price(1) >= Price(2)));
        check(!(Price(1) == Price(2)) && !(Price(1) != Price(1)));
    }
    test("equal numbers have equal hashes") {
        const std::unordered_set<Quantity> set{Quantity("1.50"), Quantity("1.5"), Quantity(2)};
        check_equal(set.size(), 2);
        check_equal(std::hash<Price>()(Price("1.50")), openpit_decimal_hash(Price("1.5").raw()));
    }
    test("rounding takes each of the four ways and never adds digits") {
        check_prints(Price("2.5").round(0), "2");
        check_prints(Price("2.5").round(0, Rounding::NearestEven), "2");
        check_prints(Price("2.5").round(0, Rounding::HalfAway), "3");
        check_prints(Price("-2.5").round(0, Rounding::Up), "-2");
        check_prints(Price("-2.5").round(0, Rounding::Down), "-3");
        check_prints(Price("2.5").round(4), "2.5");
    }
    test("a number becomes text and a double") {
        check_text(to_string(Fee("-0.10")).c_str(), "-0.10");
        check(Fee("-0.10").to_double() == -0.1);
    }
    test("formulas lead from kind to kind") {
        check_prints(calculate_volume(Price("-185.0"), Quantity("10.50")), "1942.500");
        check(calculate_quantity(Volume(100), Price(-8)) == Quantity("12.5"));
        check_throws(calculate_quantity(Volume(100), Price(0)), InvalidPrice);
        check_prints(calculate_position_size(Price(-2), Quantity(3)), "-6");
        check_prints(calculate_margin(Notional(100), Leverage(2.5)), "40");
    }
    test("an amount keeps its sign or turns it with its new name") {
        check((std::is_same_v<decltype(to_notional(Volume(5))), Notional>));
        check_prints(to_notional(Volume(5)), "5");
        check_prints(to_volume(Notional(5)), "5");
        check_prints(to_cash_flow(Pnl(-5)), "-5");
        check_prints(to_inflow(Volume(5)), "5");
        check_prints(to_outflow(Volume(5)), "-5");
        check_prints(to_pnl(Fee("0.10")), "-0.10");
        check_prints(to_cash_flow(Fee(-5)), "5");
        check_prints(to_position_size(Quantity(5)), "5");
        check_prints(to_position_size(Volume(5)), "5");
        check_prints(to_position_size(Pnl(-5)), "-5");
        check_prints(to_position_size(Fee(5)), "-5");
        check_prints(to_position_size(Quantity(5), Side::Buy), "5");
        check_prints(to_position_size(Quantity(5), Side::Sell), "-5");
        check_prints(to_quantity(PositionSize(-5)), "5");
    }
    test("a leverage is a multiplier in tenths") {
        check_equal(Leverage(10).raw(), 100);
        check_equal(Leverage(3000u).raw(), OPENPIT_LEVERAGE_MAX);
        check(Leverage(2.5).to_double() == 2.5);
        check_prints(Leverage(2.5), "2.5");
        check_text(to_string(Leverage(10)).c_str(), "10");
        check(Leverage(1) == Leverage(1.0) && Leverage(1) != Leverage(2));
        check_throws(Leverage(0), InvalidLeverage);
        check_throws(Leverage(-1), InvalidLeverage);
        check_throws(Leverage(3001), InvalidLeverage);
        check_throws(Leverage(1.05), InvalidLeverage);
    }
    test("an error says what is wrong, and its status is a word") {
        const Error error(Status::NoPolicies);
        check_equal(error.status(), Status::NoPolicies);
        check_text(error.what(), openpit_status_message(OPENPIT_STATUS_NO_POLICIES));
        check_text(to_string(Status::NoPolicies).c_str(), "NO_POLICIES");
        check_equal(error.cause() + error.account_group() + error.account() + error.value(), 0);
    }
    test("the version is that of the library") {
        check_text(version().data(), openpit_version_string());
    }
    return report();
}
