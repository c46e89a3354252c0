// An order book: what a venue would do with the orders of a strategy.
//
// Some orders rest, one crosses them and trades at their prices, one takes what there is at once and leaves nothing behind,
// and one is cancelled too late. Everything a book does it reports, and at the end it is asked what shows.
#include <iostream>
#include <openpit.hpp>
#include <stdexcept>

using namespace openpit;

namespace {

void show(const BookReport &report) {
    std::cout << "  " << report.order();
    switch (report.kind()) {
    case BookReportKind::Accepted:
        std::cout << " is in: " << (report.side() == Side::Buy ? "buy " : "sell ") << report.quantity() << " at "
                  << report.price();
        break;
    case BookReportKind::Trade:
        std::cout << " trades " << report.quantity() << " with " << report.maker() << " at " << report.price() << ", "
                  << report.remaining() << " to go";
        break;
    case BookReportKind::Cancelled:
        std::cout << " is cancelled with " << report.quantity() << " untraded"
                  << (report.reason() == BookReason::Immediate ? ", because it must not rest" : "");
        break;
    case BookReportKind::CancelRefused:
        std::cout << " cannot be cancelled"
                  << (report.reason() == BookReason::UnknownOrder ? ": it does not rest any more" : "");
        break;
    default:
        throw std::runtime_error("that was not to happen");
    }
    std::cout << "\n";
}

class Story {
public:
    BookMessage order(Side side, std::uint64_t quantity, std::int64_t price) {
        return BookMessage::new_order(book_, ++last_order_).side(side).quantity(quantity).price(price);
    }
    BookMessage cancel(std::uint64_t order) const { return BookMessage::cancel(book_, order); }

    void apply(const char *what, const std::vector<BookMessage> &messages) {
        std::cout << what << "\n";
        venue_.apply(messages, reports_);
        for (const BookReport &report : reports_) show(report);
    }

    void show_depth() const {
        std::cout << "what shows\n";
        for (const Side side : {Side::Sell, Side::Buy}) {
            std::cout << (side == Side::Sell ? "  for sale\n" : "  wanted\n");
            for (const BookLevel &level : venue_.depth(book_, side, 5)) {
                std::cout << "    " << level.quantity() << " at " << level.price()
                          << ", orders: " << level.order_count() << "\n";
            }
        }
        if (const auto last = venue_.summary(book_).last_price()) std::cout << "  last trade at " << *last << "\n";
    }

private:
    Venue venue_;
    BookId book_ = venue_.add_book();
    BookReports reports_;
    std::uint64_t last_order_ = 0;
};

void run() {
    Story story;
    story.apply("orders come in, and nobody wants what others have",
                {story.order(Side::Sell, 5, 101), story.order(Side::Sell, 10, 102), story.order(Side::Sell, 4, 102),
                 story.order(Side::Buy, 8, 99), story.order(Side::Buy, 6, 98)});
    story.apply("somebody would pay 102 for 9, and pays what those ask who were there before",
                {story.order(Side::Buy, 9, 102)});
    story.apply("somebody sells 20 for 99 or more, at once",
                {story.order(Side::Sell, 20, 99).time_in_force(BookTimeInForce::Ioc)});
    story.apply("the first two orders are cancelled", {story.cancel(1), story.cancel(2)});
    story.show_depth();
}

} // namespace

int main() {
    try {
        run();
        return 0;
    } catch (const std::exception &error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}
