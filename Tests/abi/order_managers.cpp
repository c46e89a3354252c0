// An order manager and a wallet, as a C++ program uses them.
#include <openpit.hpp>

#include "check.hpp"

using namespace openpit;

namespace {

openpit_new_order limit_order(const Uuid &id, std::string_view key) {
    auto order = detail::sized<openpit_new_order>();
    order.side = OPENPIT_DESK_BUY;
    order.type = OPENPIT_DESK_LIMIT;
    order.id = id.raw();
    order.quantity = order.price = Price(2).raw();
    order.symbol = detail::text_of("BTC-USDT");
    order.key = detail::text_of(key);
    return order;
}

} // namespace

int main() {
    test("an order is submitted once, and filled into a wallet") {
        OrderManager manager;
        Wallet wallet("USDT");
        wallet.deposit("USDT", Pnl(11));
        wallet.withdraw("USDT", Pnl(1));
        const Uuid id = Uuid::make();
        check(Uuid(id.to_string()) == id && Uuid::make() != id);
        check(manager.submit(limit_order(id, "key")));
        check(!manager.submit(limit_order(Uuid::make(), "key")));
        auto update = detail::sized<openpit_order_update>();
        update.phase = OPENPIT_PHASE_ACKNOWLEDGED;
        manager.update(id, update);
        auto fill = detail::sized<openpit_order_fill>();
        fill.id = detail::text_of("f");
        fill.symbol = detail::text_of("BTC-USDT");
        fill.quantity = fill.price = Price(2).raw();
        check(manager.fill(wallet, id, fill) && !manager.fill(wallet, id, fill));
        check(manager.find(id).phase == OPENPIT_PHASE_FILLED && manager.count(OPENPIT_ORDERS_ACTIVE) == 0);
        check(openpit_decimal_compare(wallet.cash().at(0).amount, Pnl(6).raw()) == 0);
        wallet.fill(fill);
        check(openpit_decimal_compare(wallet.positions().at(0).quantity, Pnl(4).raw()) == 0);
        check_throws(manager.find(Uuid::make()), NotFound);
        check_throws(manager.update(id, update), OrderState);
    }
    return report();
}
