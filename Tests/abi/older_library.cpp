// A program of this header on an older library: a hook is shown structs that are shorter than the program's.
#include "check.hpp"

#include <cstddef>
#include <cstring>
#include <memory>

namespace {

/// A struct as a library would show it that knows `size` bytes of it; there is nothing behind them.
template <class Struct> std::unique_ptr<unsigned char[]> shown(Struct whole, std::size_t size) {
    std::unique_ptr<unsigned char[]> bytes(new unsigned char[size]);
    whole.struct_size = static_cast<std::uint32_t>(size);
    std::memcpy(bytes.get(), &whole, size);
    return bytes;
}

template <class Struct> const Struct &as(const std::unique_ptr<unsigned char[]> &bytes) {
    return *reinterpret_cast<const Struct *>(bytes.get());
}

int marker;

openpit_order order() {
    openpit_order raw{};
    raw.struct_size = sizeof raw;
    raw.fields = OPENPIT_ORDER_HAS_ACCOUNT;
    raw.account = 7;
    raw.user_data = &marker;
    return raw;
}

/// What an order made of `raw` holds.
openpit_order taken(const openpit_order &raw) {
    const openpit::Order order(raw);
    return order.raw();
}

} // namespace

int main() {
    test("an order that ends early has nothing behind its end") {
        const auto bytes = shown(order(), offsetof(openpit_order, user_data));
        const openpit::Order seen(as<openpit_order>(bytes));
        check_equal(seen.raw().struct_size, sizeof(openpit_order));
        check_equal(seen.raw().account, 7);
        check(seen.raw().user_data == nullptr);
    }

    test("a report and an adjustment that end early have nothing behind their end") {
        openpit_report fill{};
        fill.account = 7;
        fill.is_final = 1;
        const auto report_bytes = shown(fill, offsetof(openpit_report, trade_price));
        const openpit::ExecutionReport seen(as<openpit_report>(report_bytes));
        check_equal(seen.raw().account, 7);
        check_equal(seen.raw().is_final, 0);
        openpit_adjustment adjustment{};
        adjustment.kind = OPENPIT_ADJUSTMENT_BALANCE;
        adjustment.user_data = &marker;
        const auto adjustment_bytes = shown(adjustment, offsetof(openpit_adjustment, user_data));
        const openpit::Adjustment found(as<openpit_adjustment>(adjustment_bytes));
        check_equal(found.raw().kind, OPENPIT_ADJUSTMENT_BALANCE);
        check(found.raw().user_data == nullptr);
    }

    test("a struct of this header is taken whole, whether its size is set or not") {
        openpit_order raw = order();
        check(taken(raw).user_data == &marker);
        raw.struct_size = 0;
        check_equal(taken(raw).account, 7);
        check_equal(taken(raw).struct_size, sizeof raw);
        raw.struct_size = sizeof raw + 16;
        check_equal(taken(raw).account, 7);
        check_equal(taken(raw).struct_size, sizeof raw);
    }

    return report();
}
