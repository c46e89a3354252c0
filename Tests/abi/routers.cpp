// Orders joined with an engine, as a C++ program uses them.
#include <openpit.hpp>

#include "check.hpp"

using namespace openpit;

int main() {
    test("an order is sent once, and its reservation follows what the venue says") {
        const Engine engine = EngineBuilder().add(OrderValidation{}).build();
        Router router(engine);
        Order order;
        order.account(AccountId(7))
            .instrument({Asset("AAPL"), Asset("USD")})
            .side(Side::Buy)
            .quantity(Quantity(2))
            .price(Price(10))
            .client_order_id("a");
        const openpit_routed routed = router.submit(order);
        check(routed.verdict == OPENPIT_ROUTE_SEND && router.open().size() == 1);
        check(router.submit(order).verdict == OPENPIT_ROUTE_DUPLICATE && router.find(7, "a") == routed.order);
        check(router.apply(OPENPIT_ORDER_EVENT_ACKNOWLEDGED, routed.order).state == OPENPIT_ORDER_WORKING);
        check(router.order(routed.order).is_reserved == 0);
        check(router.apply(OPENPIT_ORDER_EVENT_CANCELLED, routed.order).state == OPENPIT_ORDER_CANCELLED);
        check(router.open().empty());
        check_throws(router.apply(OPENPIT_ORDER_EVENT_CANCELLED, routed.order), OrderState);
    }
    return report();
}
