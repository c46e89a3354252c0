// A control of your own: a price collar. An order must not be priced further from the reference price than a given share of
// it. No reference price and no price to compare are answers too, and neither of them is "pass".
#include <iostream>
#include <openpit.hpp>
#include <unordered_map>

using namespace openpit;

class PriceCollar : public Policy {
public:
    explicit PriceCollar(double share) : Policy("PriceCollar"), share_(share) {}

    void set_reference(Instrument instrument, const Price &price) { references_.insert_or_assign(instrument, price); }

    void check_pre_trade_start(Context &context, const Order &order) override {
        const std::optional<Instrument> instrument = order.instrument();
        const auto reference = instrument ? references_.find(*instrument) : references_.end();
        if (reference == references_.end()) {
            return reject(context, RejectCode::ReferenceDataUnavailable, "no reference price", "instrument is unknown");
        }
        if (!order.price()) {
            return reject(context, RejectCode::UnsupportedOrderType, "price required", "a market order has no collar");
        }
        const Price middle = reference->second;
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

    Scalar share_;
    std::unordered_map<Instrument, Price> references_;
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
    const auto collar = std::make_shared<PriceCollar>(0.05);
    collar->set_reference(aapl, Price("200.00"));
    Engine engine = EngineBuilder().add(OrderValidation()).add(collar).build();

    Order order = Order().account(AccountId(7)).instrument(aapl).side(Side::Buy).quantity(Quantity(10));
    check(engine, "AAPL at market", order);
    check(engine, "AAPL at 210.00", order.price(Price("210.00")));
    check(engine, "AAPL at 210.01", order.price(Price("210.01")));
    check(engine, "AAPL at 189.99", order.price(Price("189.99")));
    check(engine, "MSFT at 189.99", order.instrument(msft));
    collar->set_reference(msft, Price("190.00"));
    check(engine, "MSFT at 189.99, now with a reference", order);
}
