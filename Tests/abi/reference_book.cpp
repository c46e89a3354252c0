#include "check.hpp"

using namespace openpit;

static const Instrument aapl("AAPL", "USD");
static const Instrument eur("EUR", "USD");

int main() {
    test("a book numbers its instruments") {
        ReferenceBook book;
        book.register_instrument_as(eur, InstrumentId(0));
        check(book.register_instrument(aapl) == InstrumentId(1));
        check(book.resolve(eur) == InstrumentId(0));
        check(!book.resolve(Instrument("USD", "EUR")));
        check_throws(book.register_instrument(aapl), InstrumentRegistered);
        check_throws(book.register_instrument_as(Instrument("USD", "EUR"), InstrumentId(1)), InstrumentIdTaken);
    }
    test("it knows when an instrument settles, once somebody said so") {
        const SettlementScheme scheme{{2, SettlementUnit::BusinessDays}, {3, SettlementUnit::CalendarDays}};
        ReferenceBook book;
        const InstrumentId id = book.register_instrument(aapl);
        check(!book.settlement_scheme(id));
        book.set_settlement_scheme(id, scheme);
        check(book.settlement_scheme(id) == scheme);
        check(book.settlement_scheme(id) != SettlementScheme());
        book.clear_settlement_scheme(id);
        check(!book.settlement_scheme(id));
    }
    test("it knows nothing of other instruments") {
        ReferenceBook book;
        check_throws(book.settlement_scheme(InstrumentId(7)), UnknownInstrument);
        check_throws(book.set_settlement_scheme(InstrumentId(7), {}), UnknownInstrument);
        check_throws(book.clear_settlement_scheme(InstrumentId(7)), UnknownInstrument);
    }
    return report();
}
