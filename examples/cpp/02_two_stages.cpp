// Two stages and a venue that fails. The start stage is cheap and turns hopeless orders away; the main stage reserves. What
// was reserved is kept when the venue took the order, and given back when it did not.
#include <iostream>
#include <openpit.hpp>
#include <stdexcept>

using namespace openpit;

// A control with something to reserve: at most so many orders may be open.
class OpenOrders : public Policy {
public:
    explicit OpenOrders(int max_open) : Policy("OpenOrders"), max_open_(max_open) {}

    int open() const { return open_; }

    void perform_pre_trade_check(Context &context, const Order &) override {
        if (open_ == max_open_) {
            const std::string details = "open " + std::to_string(open_) + ", max allowed: " + std::to_string(max_open_);
            context.reject({RejectCode::RiskLimitExceeded, RejectScope::Order, "too many open orders", details});
            return;
        }
        // Count first, so that the next order sees this one, and say how to undo it.
        open_ += 1;
        context.add_mutation([]() noexcept {}, [this]() noexcept { open_ -= 1; });
    }

private:
    int max_open_;
    int open_ = 0;
};

// The venue of this example loses its connection with the second order.
static void send_to_venue(int number) {
    if (number == 2) throw std::runtime_error("connection reset");
}

int main() {
    const Instrument aapl("AAPL", "USD");
    const auto open_orders = std::make_shared<OpenOrders>(2);
    Engine engine = EngineBuilder().add(OrderSizeLimit().broker({Quantity(500)})).add(open_orders).build();

    const int quantities[] = {10, 20, 30, 40, 5000};
    for (int number = 1; number <= 5; ++number) {
        const Order order = Order()
                                .account(AccountId(7))
                                .instrument(aapl)
                                .side(Side::Buy)
                                .quantity(Quantity(quantities[number - 1]))
                                .price(Price("185.50"));
        std::cout << "order " << number << ": ";

        // Stage one. A request holds nothing yet; it is dropped when it goes out of scope.
        auto start = engine.start_pre_trade(order);
        if (!start) {
            std::cout << "turned away at the start; " << start.rejects()[0] << '\n';
            continue;
        }

        // Stage two. From here on the order counts.
        auto decision = start->execute();
        if (!decision) {
            std::cout << "rejected; " << decision.rejects()[0] << '\n';
            continue;
        }

        try {
            send_to_venue(number);
            decision->commit();
            std::cout << "the venue took it; " << open_orders->open() << " open\n";
        } catch (const std::runtime_error &failure) {
            // Leaving the block would have rolled back as well.
            decision->rollback();
            std::cout << "the venue failed, " << failure.what() << "; " << open_orders->open() << " open\n";
        }
    }
}
