#include "check.hpp"

#include <unordered_set>

using namespace openpit;
using namespace std::chrono_literals;

static const Instrument aapl("AAPL", "USD");
static const Instrument eur("EUR", "USD");
static const AccountId account(1);

static Quote marked(int mark) { return Quote().mark(Price(mark)); }

int main() {
    test("a quote has the prices it was given") {
        const Quote quote = Quote().bid(Price("1.50")).ask(Price(-2));
        check(!quote.mark());
        check(quote.bid() == Price("1.5"));
        check(quote.ask() == Price(-2));
    }
    test("instruments get ids, counted or chosen") {
        MarketData data;
        check(!data.resolve(aapl));
        data.register_instrument_as(eur, InstrumentId(0), QuoteTtl::infinite());
        check(data.register_instrument(aapl) == InstrumentId(1));
        check(data.resolve(aapl) == InstrumentId(1));
        check_throws(data.register_instrument(aapl), InstrumentRegistered);
        check_throws(data.register_instrument_as(Instrument("USD", "EUR"), InstrumentId(1)), InstrumentIdTaken);
        check_prints(InstrumentId(1), "1");
        check_equal(std::unordered_set<InstrumentId>({InstrumentId(1), InstrumentId(1)}).size(), 1);
    }
    test("there are three ways to have no quote") {
        Clock clock;
        MarketData data(QuoteTtl::within(10s), SyncMode::Full, clock);
        check_equal(data.get(InstrumentId(7), account).status(), Status::UnknownInstrument);
        const InstrumentId id = data.register_instrument(aapl);
        check_equal(data.get(id, account).status(), Status::QuoteUnavailable);
        data.push(id, marked(5), QuoteUpdate::Replace, 4s);
        clock.advance(6s - 1ns);
        check(named(data.get(id, account))->mark() == Price(5));
        clock.advance(1ns);
        const QuoteAnswer old = data.get(id, account);
        check(!old);
        check_equal(old.status(), Status::QuoteExpired);
        check(old.expired()->mark() == Price(5));
        check(!data.get(InstrumentId(7), account).expired());
    }
    test("a quote for an account hides the one for its group, and that the one for everybody") {
        MarketData data;
        const AccountGroupId group(7);
        const InstrumentId id = data.push(aapl, marked(1));
        data.push_for(id, marked(2), {}, {group});
        data.push_for(id, marked(3), {account}, {});
        check((*named(data.get(id, {account, group}))).mark() == Price(3));
        check(named(data.get(id, {AccountId(2), group}, QuoteResolution::AccountThenGroup))->mark() == Price(2));
        check(named(data.get(id, AccountId(2)))->mark() == Price(1));
        check(!data.get(id, AccountId(2), QuoteResolution::AccountOnly));
        data.push(id, Quote().bid(Price(9)), QuoteUpdate::Patch);
        check(named(data.get(id, AccountId(2)))->mark() == Price(1));
        data.clear(id);
        check(!data.get(id, account));
    }
    test("the most particular TTL counts") {
        const QuoteTtl none = QuoteTtl::within(0s);
        MarketData data(none, SyncMode::None);
        const AccountGroupId group(7);
        const InstrumentId id = data.push(aapl, marked(1));
        const TtlScope scopes[] = {id, group, account, {id, group}, {id, account}};
        QuoteTtl ttl = QuoteTtl::infinite();
        bool is_fresh = true;
        for (const TtlScope &scope : scopes) {
            data.set_ttl(scope, ttl);
            check_equal(static_cast<bool>(data.get(id, {account, group})), is_fresh);
            ttl = is_fresh ? none : QuoteTtl::infinite();
            is_fresh = !is_fresh;
        }
        for (const TtlScope &scope : scopes) data.clear_ttl(scope);
        check(!data.get(id, {account, group}));
    }
    test("what cannot be done throws") {
        MarketData data;
        check_throws(data.push(InstrumentId(7), Quote()), UnknownInstrument);
        check_throws(data.push_for(InstrumentId(7), Quote(), {}, {}), NoTargets);
        check_throws(data.set_ttl(InstrumentId(7), QuoteTtl::infinite()), UnknownInstrument);
        check_throws(QuoteTtl::within(-1ns), InvalidArgument);
    }
    test("a service moves and does not copy") {
        MarketData data;
        const InstrumentId id = data.push(aapl, marked(1));
        const MarketData moved = std::move(data);
        check(named(moved.get(id, account))->mark() == Price(1));
        check(!std::is_copy_constructible_v<MarketData>);
    }
    return report();
}
