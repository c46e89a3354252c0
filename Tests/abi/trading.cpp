// A desk and a paper broker, as a C++ program uses them.
#include <openpit.hpp>

#include "check.hpp"

using namespace openpit;

int main() {
    test("a desk sizes, books and tells what happened, and another one replays it") {
        Desk desk(DeskOptions(Pnl(100000)).position_share(Price("0.5")));
        const std::uint32_t es = desk.add_instrument(DeskInstrument().multiplier(Quantity(50)).step(Quantity("0.5")));
        desk.begin(std::chrono::nanoseconds(5), 1);
        desk.mark(es, Price(100));
        const std::uint64_t order = desk.order(DeskRequest(es, DeskSide::Buy).strength(Quantity("0.5")));
        check(openpit_decimal_compare(desk.order_of(order).quantity, Quantity(5).raw()) == 0);
        desk.move(order, OPENPIT_DESK_ORDER_SUBMITTED);
        openpit_desk_fill fill = detail::sized<openpit_desk_fill>();
        fill.order = order;
        fill.side = OPENPIT_DESK_BUY;
        fill.quantity = Quantity(5).raw();
        fill.price = fill.expected_price = Price(100).raw();
        fill.number = 1;
        check(desk.book(fill) && !desk.book(fill));
        check(desk.position(es).side == OPENPIT_DESK_BUY);
        check_throws(desk.order_of(9), NotFound);
        Desk again(DeskOptions(Pnl(1)));
        again.add_instrument(DeskInstrument());
        for (const openpit_desk_event &event : desk.take_events()) again.replay(event);
        check(again.summary().sequence == desk.summary().sequence && desk.take_events().empty());
        check(openpit_decimal_compare(again.summary().equity, desk.summary().equity) == 0);
    }

    test("a paper broker takes an order in") {
        openpit_paper_options options = detail::sized<openpit_paper_options>();
        options.capital = Pnl(1000).raw();
        PaperBroker broker(options);
        openpit_paper_order order = detail::sized<openpit_paper_order>();
        order.instrument = broker.add_instrument(DeskInstrument());
        order.side = OPENPIT_DESK_BUY;
        order.flags = OPENPIT_PAPER_IS_LISTED | OPENPIT_PAPER_IS_OPEN;
        order.quantity = Quantity(2).raw();
        order.price = Price(10).raw();
        check(broker.submit(order) == OPENPIT_PAPER_REFUSED_NOT && broker.fills().size() == 1);
        broker.tell(order.instrument, Price(12));
        check(broker.fills().empty());
        check(openpit_decimal_compare(broker.account().equity, Pnl(1004).raw()) == 0);
    }
    return report();
}
