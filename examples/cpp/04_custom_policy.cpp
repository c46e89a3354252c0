// A control of your own: a price collar from market data. An order must not be priced further from the mark than a given
// share of it. No quote, an old quote and no price to compare are answers too, and none of them is "pass".
#include <iostream>
#include <openpit.hpp>

using namespace openpit;
using namespace std::chrono_literals;

class PriceCollar : public Policy {
public:
    PriceCollar(const MarketData &quotes, double share) : Policy("PriceCollar"), quotes_(quotes), share_(share) {}

    void check_pre_trade_start(Context &context, const Order &order) override {
        if (!order.price()) {
            return reject(context, RejectCode::UnsupportedOrderType, "price required", "a market order has no collar");
        }
        const auto instrument = order.instrument() ? quotes_.resolve(*order.instrument()) : std::nullopt;
        if (!instrument) return no_mark(context, "the instrument is unknown");
        if (!order.account()) return no_mark(context, "the account is unknown");
        const QuoteAnswer quote = quotes_.get(*instrument, QuoteReader(*order.account(), context.account_group()));
        if (quote.status() == Status::QuoteExpired) return no_mark(context, "the quote is too old");
        if (!quote) return no_mark(context, "there is no quote");
        if (!quote->mark()) return no_mark(context, "the quote has no mark");

        const Price middle = *quote->mark();
        const Price lowest = middle - middle * share_;
        const Price highest = middle + middle * share_;
        if (*order.price() < lowest || *order.price() > highest) {
            const std::string details = "requested " + to_string(*order.price()) + ", allowed: " + to_string(lowest) +
                                        " to " + to_string(highest);
            reject(context, RejectCode::InvalidFieldValue, "price outside collar", details);
        }
    }

private:
    static void reject(Context &context, RejectCode code, std::string_view reason, std::string_view details) {
        context.reject({code, RejectScope::Order, reason, details});
    }

    static void no_mark(Context &context, std::string_view problem) {
        reject(context, RejectCode::MarkPriceUnavailable, "no mark price", problem);
    }

    const MarketData &quotes_;
    Scalar share_;
};

static void check(Engine &engine, std::string_view what, const Order &order) {
    const auto decision = engine.execute_pre_trade(order);
    std::cout << what << ": ";
    if (decision) {
        std::cout << "accepted\n";
    } else {
        std::cout << decision.rejects()[0] << '\n';
    }
}

int main() {
    const Instrument aapl("AAPL", "USD");
    const Instrument msft("MSFT", "USD");
    MarketData quotes(QuoteTtl::within(1min), SyncMode::None);
    Engine engine = EngineBuilder().add(OrderValidation()).add(std::make_shared<PriceCollar>(quotes, 0.05)).build();

    const InstrumentId id = quotes.register_instrument(aapl);
    Order order = Order().account(AccountId(7)).instrument(aapl).side(Side::Buy).quantity(Quantity(10));
    const Order at_market = order;
    check(engine, "AAPL at 200.00, before the first quote", order.price(Price("200.00")));
    quotes.push(id, Quote().mark(Price("200.00")));
    check(engine, "AAPL at market", at_market);
    check(engine, "AAPL at 210.00", order.price(Price("210.00")));
    check(engine, "AAPL at 210.01", order.price(Price("210.01")));
    check(engine, "AAPL at 189.99", order.price(Price("189.99")));
    quotes.push(id, Quote().mark(Price("201.00")));
    check(engine, "AAPL at 210.01, with the mark at 201.00", order.price(Price("210.01")));
    quotes.push(id, Quote().mark(Price("202.00")), QuoteUpdate::Replace, 1min);
    check(engine, "AAPL at 202.00, with a mark that is a minute old", order.price(Price("202.00")));
    check(engine, "MSFT at 190.00", order.instrument(msft).price(Price("190.00")));
}
