// The gates of a risk service, as a C++ program uses them.
#include "check.hpp"
#include "gates_desk.h"

#include <chrono>

using namespace openpit;

namespace {

const std::int64_t starts[3] = {0, 0, 0};
const std::int64_t now = 1000000000000;

struct Service {
    Gates gates{GatesOptions()
                    .keys_max(1000)
                    .window(std::chrono::hours(24))
                    .mark_age(std::chrono::hours(96))
                    .nav_age(std::chrono::minutes(5))
                    .borrow_age(std::chrono::hours(24))};
    GatesDesk desk{};

    Service() {
        const openpit_gates_limits limits = gates_limits();
        desk.fund = gates.add_fund();
        desk.strategy = gates.add_strategy(desk.fund);
        desk.apple = gates.add_instrument();
        gates.register_fund(desk.fund, GATES_USD);
        gates.register_instrument(desk.apple, gates_terms());
        gates.set_limits(desk.fund, limits);
        gates.quote(desk.apple, Price("500"), now);
        gates.note_value(desk.fund, Pnl("1000000"), now, starts);
    }

    openpit_gates_verdict buy(std::int64_t quantity) {
        return (gates.check)(gates_order(&desk, OPENPIT_SIDE_BUY, desk.apple, openpit_decimal_from_int64(quantity)),
                             now);
    }
};

void an_order_passes_is_filled_and_watched() {
    Service service;
    const openpit_gates_verdict verdict = service.buy(10);
    check(verdict.code == OPENPIT_GATES_NONE && verdict.number == 1);
    service.gates.settle(verdict.handle, OPENPIT_GATES_ANSWERED);
    openpit_gates_fill fill = detail::sized<openpit_gates_fill>();
    fill.fund = service.desk.fund, fill.strategy = OPENPIT_GATES_NOTHING, fill.instrument = service.desk.apple;
    fill.broker = GATES_BROKER, fill.side = OPENPIT_SIDE_BUY;
    fill.quantity = openpit_decimal_from_int64(4), fill.price = openpit_decimal_from_int64(500);
    fill.order = gates_text("K1"), fill.id = gates_text("F1");
    check(service.gates.book(fill, now).number == 1);
    check(openpit_decimal_compare(service.gates.position(service.desk.fund, service.desk.apple).quantity,
                                  openpit_decimal_from_int64(4)) == 0);
    check(service.gates.take_stops().size() == 1 && service.gates.take_stops().empty());
    check(service.gates.close("K1") && !service.gates.close("K1"));
}

void a_halt_stands_until_it_is_lifted() {
    Service service;
    check(service.gates.halt(service.desk.fund, OPENPIT_GATES_MANUAL, now) == 1);
    check(service.gates.halt(service.desk.fund, OPENPIT_GATES_MANUAL, now) == 0);
    check(service.gates.take_halts().size() == 1);
    check(service.buy(1).code == OPENPIT_GATES_HALTED_MANUAL);
    check(service.gates.resume(service.desk.fund) == 1u << OPENPIT_GATES_MANUAL);
    check(service.buy(1).code == OPENPIT_GATES_NONE);
    check_throws(service.gates.resume(service.desk.fund), NotHalted);
}

} // namespace

int main() {
    test("an order passes is filled and watched") {
        an_order_passes_is_filled_and_watched();
    }
    test("a halt stands until it is lifted") {
        a_halt_stands_until_it_is_lifted();
    }
    return report();
}
