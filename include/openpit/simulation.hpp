/*
 * openpit/simulation.hpp: matching in exact decimals, and simulations of an account that takes part.
 *
 *     Matcher matcher;
 *     const BookId book = matcher.add_book();
 *     matcher.submit(book, MatcherOrder::limit(1, Side::Sell, Price("100"), Quantity("5")));
 *     const MatcherOutcome outcome =
 *         matcher.submit(book, MatcherOrder::limit(2, Side::Buy, Price("101"), Quantity("2")));
 *     // outcome.is_filled(); matcher.fills()[0] is 2 at 100.
 *
 * How a matcher trades and what a simulation keeps is told in simulation.h, what holds for all of these files in openpit.hpp.
 */
#ifndef OPENPIT_SIMULATION_HPP
#define OPENPIT_SIMULATION_HPP

#include "book.hpp"
#include "names.hpp"
#include "numbers.hpp"
#include "simulation.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace openpit {

// ---- Impact ---------------------------------------------------------------------------------------------------------

/// What your own model is asked: an order is about to trade that much. Nothing has changed yet.
struct ImpactQuestion {
    BookId book;
    Side side;
    Quantity quantity;
    std::uint64_t time; ///< Of the event of a simulation that this is about; 0 outside one.
};

/// What it answers.
struct ImpactMoves {
    Price instantaneous; ///< What the order pays beyond the displayed price, or gets less.
    Price permanent;     ///< How far it moves all displayed prices.
};

/// Your own model. It may read the matcher that calls it; what it throws reaches whoever submitted the order.
using ImpactFunction = std::function<ImpactMoves(const ImpactQuestion &)>;

/// How orders move prices. Without anything set they do not.
class ImpactOptions {
public:
    /// coefficient * quantity / depth
    static ImpactOptions linear(const Price &coefficient) {
        return ImpactOptions(OPENPIT_IMPACT_LINEAR, coefficient.raw());
    }
    /// coefficient * (quantity / depth) ^ exponent
    static ImpactOptions power_law(const Price &coefficient, double exponent) {
        ImpactOptions options(OPENPIT_IMPACT_POWER_LAW, coefficient.raw());
        options.raw_.exponent = exponent;
        return options;
    }
    /// As your function says.
    static ImpactOptions custom(ImpactFunction function) {
        ImpactOptions options(OPENPIT_IMPACT_CUSTOM, openpit_decimal{});
        options.function_ = std::move(function);
        return options;
    }
    ImpactOptions() = default;

    /// How many levels of the other side count as depth.
    ImpactOptions &depth_levels(std::uint32_t count) noexcept {
        raw_.depth_levels = count;
        return *this;
    }
    /// Which part of a move is instantaneous, 0 to 1; the rest is permanent.
    ImpactOptions &instantaneous_ratio(const Price &ratio) noexcept {
        raw_.instantaneous_ratio = ratio.raw();
        return *this;
    }
    /// Which part of the offset an order lets go that trades, 0 to 1.
    ImpactOptions &permanent_decay(const Price &decay) noexcept {
        raw_.permanent_decay = decay.raw();
        return *this;
    }

    const openpit_matcher_options &raw() const & noexcept { return raw_; }
    const openpit_matcher_options &raw() const && = delete;
    const ImpactFunction &function() const & noexcept { return function_; }
    const ImpactFunction &function() const && = delete;

private:
    ImpactOptions(openpit_impact_model model, const openpit_decimal &coefficient) noexcept {
        raw_.impact_model = model;
        raw_.coefficient = coefficient;
        raw_.depth_levels = 10;
        raw_.instantaneous_ratio = openpit_decimal{7, 0, 1, 0, 0};
        raw_.exponent = 0.5;
    }

    openpit_matcher_options raw_ = detail::sized<openpit_matcher_options>();
    ImpactFunction function_;
};

// ---- Orders ---------------------------------------------------------------------------------------------------------

/// Where an order goes.
enum class MatcherPool : openpit_matcher_pool {
    Continuous = OPENPIT_POOL_CONTINUOUS, ///< It trades at once, and its rest shows.
    Auction = OPENPIT_POOL_AUCTION,       ///< It waits for Matcher::run_auction.
    Dark = OPENPIT_POOL_DARK,             ///< It meets nobody but orders of this pool, and never shows.
};

/// Whose order it is, for the account of a simulation.
enum class OrderOwner : openpit_order_owner {
    Unsaid = OPENPIT_OWNER_UNSAID,   ///< The account's when it takes, the market's when it rests.
    Account = OPENPIT_OWNER_ACCOUNT, ///< The account's.
    Market = OPENPIT_OWNER_MARKET,   ///< The market's.
};

/// A new order: good until it is cancelled, and of the continuous pool, unless something else is set.
class MatcherOrder {
public:
    static MatcherOrder limit(std::uint64_t order, Side side, const Price &price, const Quantity &quantity) noexcept {
        return {order, side, OPENPIT_BOOK_LIMIT, price.raw(), quantity.raw()};
    }
    static MatcherOrder market(std::uint64_t order, Side side, const Quantity &quantity) noexcept {
        return {order, side, OPENPIT_BOOK_MARKET, openpit_decimal{}, quantity.raw()};
    }

    /// Any but Gtd.
    MatcherOrder &time_in_force(BookTimeInForce time_in_force) noexcept {
        raw_.time_in_force = static_cast<openpit_book_time_in_force>(time_in_force);
        return *this;
    }
    MatcherOrder &pool(MatcherPool pool) noexcept {
        raw_.pool = static_cast<openpit_matcher_pool>(pool);
        return *this;
    }
    MatcherOrder &owner(OrderOwner owner) noexcept {
        raw_.owner = static_cast<openpit_order_owner>(owner);
        return *this;
    }

    const openpit_matcher_order &raw() const & noexcept { return raw_; }
    const openpit_matcher_order &raw() const && = delete;

private:
    MatcherOrder(std::uint64_t order, Side side, openpit_book_order_type type, const openpit_decimal &price,
                 const openpit_decimal &quantity) noexcept {
        raw_.order = order;
        raw_.side = static_cast<openpit_side>(side);
        raw_.type = type;
        raw_.price = price;
        raw_.quantity = quantity;
    }

    openpit_matcher_order raw_ = detail::sized<openpit_matcher_order>();
};

/// Why a matcher refuses.
enum class MatcherReason : openpit_matcher_reason {
    None = OPENPIT_MATCHER_REASON_NONE,
    InvalidPrice = OPENPIT_MATCHER_REASON_INVALID_PRICE,          ///< Not above zero.
    PriceDigits = OPENPIT_MATCHER_REASON_PRICE_DIGITS,            ///< More than 17 digits.
    InvalidQuantity = OPENPIT_MATCHER_REASON_INVALID_QUANTITY,    ///< Not above zero, or beyond what a pair may trade.
    QuantityDigits = OPENPIT_MATCHER_REASON_QUANTITY_DIGITS,      ///< Digits beyond the 22nd behind the point.
    QuantityTooLarge = OPENPIT_MATCHER_REASON_QUANTITY_TOO_LARGE, ///< More than a side of a book can hold.
    DuplicateOrder = OPENPIT_MATCHER_REASON_DUPLICATE_ORDER,      ///< An order of that number rests or waits.
    UnknownOrder = OPENPIT_MATCHER_REASON_UNKNOWN_ORDER,          ///< No order of that number rests.
    BelowFilled = OPENPIT_MATCHER_REASON_BELOW_FILLED,            ///< A new total below what has traded.
    LimitRequired = OPENPIT_MATCHER_REASON_LIMIT_REQUIRED,        ///< A dark order without a limit.
    NotExecutable = OPENPIT_MATCHER_REASON_NOT_EXECUTABLE,        ///< A pair that cannot trade completely.
    Crossed = OPENPIT_MATCHER_REASON_CROSSED,                     ///< A restored order that would trade.
};

/// What became of an order.
class MatcherOutcome {
public:
    explicit MatcherOutcome(const openpit_matcher_outcome &raw) noexcept : raw_(detail::sized(raw)) {}

    /// When it is not None, the order was refused and nothing has changed.
    MatcherReason reason() const noexcept { return static_cast<MatcherReason>(raw_.reason); }
    /// Nothing is left of it.
    bool is_filled() const noexcept { return raw_.is_filled != 0; }
    /// It rests or waits.
    bool is_resting() const noexcept { return raw_.is_resting != 0; }
    /// What did not trade, whether it rests or was cancelled.
    Quantity remaining() const noexcept { return {detail::Checked{}, raw_.remaining}; }
    std::uint64_t fill_count() const noexcept { return raw_.fill_count; }

private:
    openpit_matcher_outcome raw_;
};

/// A trade.
class MatcherFill {
public:
    explicit MatcherFill(const openpit_matcher_fill &raw) noexcept : raw_(raw) {}

    /// From 0 without gaps: of a book, or of the dark pools of all books.
    std::uint64_t id() const noexcept { return raw_.id; }
    std::uint64_t taker() const noexcept { return raw_.taker; }
    std::uint64_t maker() const noexcept { return raw_.maker; }
    Price price() const noexcept { return {detail::Checked{}, raw_.price}; }
    Quantity quantity() const noexcept { return {detail::Checked{}, raw_.quantity}; }
    Side taker_side() const noexcept { return static_cast<Side>(raw_.taker_side); }

private:
    openpit_matcher_fill raw_;
};
static_assert(sizeof(MatcherFill) == sizeof(openpit_matcher_fill));

/// What came of an auction.
struct AuctionOutcome {
    Price price;     ///< 0 when nothing traded.
    Quantity volume; ///< What each side traded.
    std::vector<MatcherFill> fills;
    std::vector<std::uint64_t> unfilled; ///< Orders that were not completely filled, buys first.
};

// ---- Reading --------------------------------------------------------------------------------------------------------

/// What shows at one price.
class MatcherLevel {
public:
    explicit MatcherLevel(const openpit_matcher_level &raw) noexcept : raw_(raw) {}

    Price price() const noexcept { return {detail::Checked{}, raw_.price}; }
    Quantity quantity() const noexcept { return {detail::Checked{}, raw_.quantity}; }
    std::uint64_t order_count() const noexcept { return raw_.order_count; }

private:
    openpit_matcher_level raw_;
};
static_assert(sizeof(MatcherLevel) == sizeof(openpit_matcher_level));

/// An order that rests or waits.
class MatcherResting {
public:
    explicit MatcherResting(const openpit_matcher_resting &raw) noexcept : raw_(raw) {}

    std::uint64_t order() const noexcept { return raw_.order; }
    /// As it is displayed; 0 for a market order that waits.
    Price price() const noexcept { return {detail::Checked{}, raw_.price}; }
    /// What it came with, and what of it has traded.
    Quantity quantity() const noexcept { return {detail::Checked{}, raw_.quantity}; }
    Quantity filled() const noexcept { return {detail::Checked{}, raw_.filled}; }
    /// Of the auction pool: which place it had among those that came.
    std::uint64_t arrival() const noexcept { return raw_.arrival; }
    Side side() const noexcept { return static_cast<Side>(raw_.side); }
    BookOrderType type() const noexcept { return static_cast<BookOrderType>(raw_.type); }
    BookTimeInForce time_in_force() const noexcept { return static_cast<BookTimeInForce>(raw_.time_in_force); }
    MatcherPool pool() const noexcept { return static_cast<MatcherPool>(raw_.pool); }

    const openpit_matcher_resting &raw() const & noexcept { return raw_; }
    const openpit_matcher_resting &raw() const && = delete;

private:
    openpit_matcher_resting raw_;
};
static_assert(sizeof(MatcherResting) == sizeof(openpit_matcher_resting));

/// A book in a few numbers.
class MatcherSummary {
public:
    explicit MatcherSummary(const openpit_matcher_summary &raw) noexcept : raw_(detail::sized(raw)) {}

    /// Orders of the continuous pool, of the auction pool, and of the dark pool.
    std::uint64_t resting_count() const noexcept { return raw_.resting_count; }
    std::uint64_t waiting_count() const noexcept { return raw_.waiting_count; }
    std::uint64_t dark_count() const noexcept { return raw_.dark_count; }
    /// Trades that were not dark, and how many different orders they were of.
    std::uint64_t fill_count() const noexcept { return raw_.fill_count; }
    std::uint64_t traded_orders() const noexcept { return raw_.traded_orders; }
    Quantity volume() const noexcept { return {detail::Checked{}, raw_.volume}; }
    Volume turnover() const noexcept { return {detail::Checked{}, raw_.turnover}; }

    const openpit_matcher_summary &raw() const & noexcept { return raw_; }
    const openpit_matcher_summary &raw() const && = delete;

private:
    openpit_matcher_summary raw_;
};

/// Counts over all books.
class MatcherTotals {
public:
    explicit MatcherTotals(const openpit_matcher_totals &raw) noexcept : raw_(detail::sized(raw)) {}

    std::uint64_t auction_fills() const noexcept { return raw_.auction_fills; }
    std::uint64_t dark_fills() const noexcept { return raw_.dark_fills; }
    std::uint64_t pair_fills() const noexcept { return raw_.pair_fills; }
    /// Of the last event of a simulation; 0 without one.
    std::uint64_t time() const noexcept { return raw_.time; }
    /// Sales less purchases.
    Pnl pair_profit() const noexcept { return {detail::Checked{}, raw_.pair_profit}; }

    const openpit_matcher_totals &raw() const & noexcept { return raw_; }
    const openpit_matcher_totals &raw() const && = delete;

private:
    openpit_matcher_totals raw_;
};

/// What orders have done to prices.
class ImpactState {
public:
    explicit ImpactState(const openpit_impact_state &raw) noexcept : raw_(detail::sized(raw)) {}

    /// What all displayed prices have moved by.
    Price offset() const noexcept { return {detail::Checked{}, raw_.offset}; }
    /// The sums of moves times quantities.
    Pnl instantaneous() const noexcept { return {detail::Checked{}, raw_.instantaneous}; }
    Pnl permanent() const noexcept { return {detail::Checked{}, raw_.permanent}; }
    std::uint64_t submitted_orders() const noexcept { return raw_.submitted_orders; }
    /// Those that traded.
    std::uint64_t filled_orders() const noexcept { return raw_.filled_orders; }
    std::uint64_t fills() const noexcept { return raw_.fills; }

private:
    openpit_impact_state raw_;
};

/// Two books of which one of the first should be worth `ratio` of the second.
struct MatcherPair {
    BookId leg1;
    BookId leg2;
    Price ratio;
    Quantity quantity_max; ///< Of the first leg.
};

/// What a pair is worth just now.
class PairView {
public:
    explicit PairView(const openpit_pair_view &raw) noexcept : raw_(detail::sized(raw)) {}

    /// None when a side of the leg is empty.
    std::optional<Price> mid1() const noexcept { return known(OPENPIT_PAIR_HAS_MID1, raw_.mid1); }
    std::optional<Price> mid2() const noexcept { return known(OPENPIT_PAIR_HAS_MID2, raw_.mid2); }
    std::optional<Price> implied_ratio() const noexcept { return known(OPENPIT_PAIR_HAS_IMPLIED, raw_.implied_ratio); }
    Price deviation() const noexcept { return {detail::Checked{}, raw_.deviation}; }
    Pnl estimated_profit() const noexcept { return {detail::Checked{}, raw_.estimated_profit}; }
    /// At the best prices.
    Pnl executable_profit() const noexcept { return {detail::Checked{}, raw_.executable_profit}; }
    /// What to do with the first leg to earn the executable profit; none when there is none.
    std::optional<Side> direction() const noexcept {
        if (raw_.direction == 0) return std::nullopt;
        return static_cast<Side>(raw_.direction);
    }

private:
    std::optional<Price> known(unsigned field, const openpit_decimal &value) const noexcept {
        if ((raw_.fields & field) == 0) return std::nullopt;
        return Price(detail::Checked{}, value);
    }

    openpit_pair_view raw_;
};

// ---- Matcher --------------------------------------------------------------------------------------------------------

/// The books of several instruments, in exact decimals. One thread at a time. What is asked of a book that the matcher does not
/// have throws Status::NotFound, and memory that is refused Status::LimitReached; nothing has changed then.
class Matcher {
public:
    Matcher() : Matcher(ImpactOptions()) {}
    /// Throws for numbers that no model can have.
    explicit Matcher(ImpactOptions impact) : model_(std::make_unique<Model>()) {
        openpit_matcher *matcher = nullptr;
        const openpit_matcher_options options = adopt(std::move(impact));
        detail::require(openpit_matcher_create(&options, &matcher));
        handle_ = detail::Owned<openpit_matcher, openpit_matcher_destroy>(matcher);
    }

    BookId add_book() {
        openpit_book_id book = 0;
        detail::require(openpit_matcher_add_book(raw(), &book));
        return BookId(book);
    }
    /// Says anew how orders move prices.
    void set_impact(ImpactOptions impact) {
        openpit_matcher *const matcher = raw();
        const openpit_matcher_options options = adopt(std::move(impact));
        detail::require(openpit_matcher_set_impact(matcher, &options));
    }

    /// Takes a new order in. What it trades is in fills() until the next call.
    MatcherOutcome submit(BookId book, const MatcherOrder &order) {
        auto outcome = detail::sized<openpit_matcher_outcome>();
        require(openpit_matcher_submit(raw(), book.raw(), &order.raw(), &outcome));
        return MatcherOutcome(outcome);
    }
    /// Another price, another total, or both, for an order that rests.
    MatcherOutcome modify(BookId book, std::uint64_t order, const std::optional<Price> &price,
                          const std::optional<Quantity> &quantity = std::nullopt) {
        auto outcome = detail::sized<openpit_matcher_outcome>();
        const openpit_decimal new_price = price ? price->raw() : openpit_decimal{};
        const openpit_decimal new_quantity = quantity ? quantity->raw() : openpit_decimal{};
        require(openpit_matcher_modify(raw(), book.raw(), order, price ? &new_price : nullptr,
                                       quantity ? &new_quantity : nullptr, &outcome));
        return MatcherOutcome(outcome);
    }
    /// Ends an order of any pool. False when there is none.
    bool cancel(BookId book, std::uint64_t order) {
        return is_found(openpit_matcher_cancel(raw(), book.raw(), order), book);
    }
    /// Ends all orders that are good for a day and tells how many they were.
    std::uint64_t expire_day() {
        std::uint64_t ended = 0;
        detail::require(openpit_matcher_expire_day(raw(), &ended));
        return ended;
    }
    /// The trades of the last submit, modify, run_auction or trade_pair.
    std::vector<MatcherFill> fills() const {
        return read(MatcherFill(openpit_matcher_fill{}), [this](std::size_t skip, auto *items, std::size_t room) {
            std::size_t count = 0;
            detail::require(
                openpit_matcher_fills(raw(), skip, reinterpret_cast<openpit_matcher_fill *>(items), room, &count));
            return count;
        });
    }

    /// Lets the orders that wait in a book trade at one price.
    AuctionOutcome run_auction(BookId book) {
        auto outcome = detail::sized<openpit_auction_outcome>();
        detail::require(openpit_matcher_run_auction(raw(), book.raw(), &outcome));
        auto unfilled = read(std::uint64_t{0}, [this](std::size_t skip, std::uint64_t *items, std::size_t room) {
            std::size_t count = 0;
            detail::require(openpit_matcher_unfilled(raw(), skip, items, room, &count));
            return count;
        });
        return {Price(detail::Checked{}, outcome.price), Quantity(detail::Checked{}, outcome.volume), fills(),
                std::move(unfilled)};
    }

    /// Compares the books of a pair with its ratio. Throws for a pair that cannot be.
    PairView view(const MatcherPair &pair) const {
        auto view = detail::sized<openpit_pair_view>();
        const openpit_matcher_pair given = c_pair(pair);
        detail::require(openpit_matcher_view_pair(raw(), &given, &view));
        return PairView(view);
    }
    /// Trades the first leg of a pair, and the second the other way, both completely or none.
    MatcherOutcome trade(const MatcherPair &pair, const Quantity &quantity, Side side) {
        auto outcome = detail::sized<openpit_matcher_outcome>();
        const openpit_matcher_pair given = c_pair(pair);
        detail::require(
            openpit_matcher_trade_pair(raw(), &given, quantity.raw(), static_cast<openpit_side>(side), &outcome));
        return MatcherOutcome(outcome);
    }

    /// The best level of a side; none when it is empty.
    std::optional<MatcherLevel> best(BookId book, Side side) const {
        const std::vector<MatcherLevel> levels = depth(book, side, 1);
        if (levels.empty()) return std::nullopt;
        return levels.front();
    }
    /// At most so many levels of a side, best first.
    std::vector<MatcherLevel> depth(BookId book, Side side,
                                    std::size_t max = std::numeric_limits<std::size_t>::max()) const {
        return read(
            MatcherLevel(openpit_matcher_level{}),
            [this, book, side](std::size_t skip, auto *items, std::size_t room) {
                std::size_t count = 0;
                detail::require(openpit_matcher_depth(raw(), book.raw(), static_cast<openpit_side>(side), skip,
                                                      reinterpret_cast<openpit_matcher_level *>(items), room, &count));
                return count;
            },
            max);
    }
    /// What shows at one displayed price of a side: nothing, where nobody is.
    MatcherLevel level(BookId book, Side side, const Price &price) const {
        openpit_matcher_level level{};
        detail::require(
            openpit_matcher_level_at(raw(), book.raw(), static_cast<openpit_side>(side), price.raw(), &level));
        return MatcherLevel(level);
    }
    /// None when no order of that number rests or waits.
    std::optional<MatcherResting> order(BookId book, std::uint64_t order) const {
        openpit_matcher_resting found{};
        if (!is_found(openpit_matcher_order_at(raw(), book.raw(), order, &found, nullptr), book)) return std::nullopt;
        return MatcherResting(found);
    }
    /// How many orders are ahead of that one at its price; none as above. Counts them, so it takes time in proportion.
    std::optional<std::uint64_t> orders_ahead(BookId book, std::uint64_t order) const {
        openpit_matcher_resting found{};
        std::uint64_t ahead = 0;
        if (!is_found(openpit_matcher_order_at(raw(), book.raw(), order, &found, &ahead), book)) return std::nullopt;
        return ahead;
    }
    /// The orders of a pool: bids best first, then asks best first, oldest first at a price.
    std::vector<MatcherResting> orders(BookId book, MatcherPool pool) const {
        std::size_t count = 0;
        const auto kind = static_cast<openpit_matcher_pool>(pool);
        detail::require(openpit_matcher_orders(raw(), book.raw(), kind, nullptr, 0, &count));
        std::vector<MatcherResting> orders(count, MatcherResting(openpit_matcher_resting{}));
        detail::require(openpit_matcher_orders(
            raw(), book.raw(), kind, reinterpret_cast<openpit_matcher_resting *>(orders.data()), count, &count));
        return orders;
    }
    MatcherSummary summary(BookId book) const {
        auto summary = detail::sized<openpit_matcher_summary>();
        detail::require(openpit_matcher_summary_of(raw(), book.raw(), &summary));
        return MatcherSummary(summary);
    }
    MatcherTotals totals() const {
        auto totals = detail::sized<openpit_matcher_totals>();
        detail::require(openpit_matcher_totals_of(raw(), &totals));
        return MatcherTotals(totals);
    }
    ImpactState impact() const {
        auto state = detail::sized<openpit_impact_state>();
        detail::require(openpit_matcher_impact(raw(), &state));
        return ImpactState(state);
    }
    /// Puts prices back where the books have them, and begins to count anew.
    void reset_impact() { detail::require(openpit_matcher_reset_impact(raw())); }

    /// Lets an order rest or wait as orders() told it, without being matched; why not, when it is refused.
    MatcherReason restore(BookId book, const MatcherResting &order) {
        openpit_matcher_reason reason = OPENPIT_MATCHER_REASON_NONE;
        detail::require(openpit_matcher_restore_order(raw(), book.raw(), &order.raw(), &reason));
        return static_cast<MatcherReason>(reason);
    }
    /// Takes over what had been counted of a book, and of all books.
    void restore(BookId book, const MatcherSummary &summary) {
        detail::require(openpit_matcher_restore_summary(raw(), book.raw(), &summary.raw()));
    }
    void restore(const MatcherTotals &totals) { detail::require(openpit_matcher_restore_totals(raw(), &totals.raw())); }

    openpit_matcher *raw() const & { return handle_.get(); }
    openpit_matcher *raw() const && = delete;

private:
    friend class Simulation;

    /// A model of the caller's, and what it threw. It stays where it is when the matcher moves.
    struct Model {
        ImpactFunction function;
        std::exception_ptr thrown;
    };

    openpit_matcher_options adopt(ImpactOptions impact) {
        openpit_matcher_options options = impact.raw();
        model_->function = impact.function();
        if (options.impact_model == OPENPIT_IMPACT_CUSTOM) {
            options.function = model_->function ? ask : nullptr;
            options.user_data = model_.get();
        }
        return options;
    }

    static std::int32_t ask(void *user_data, const openpit_impact_question *question, openpit_impact_answer *answer) {
        Model &model = *static_cast<Model *>(user_data);
        try {
            const ImpactMoves moves = model.function({BookId(question->book), static_cast<Side>(question->side),
                                                      Quantity(detail::Checked{}, question->quantity), question->time});
            answer->instantaneous = moves.instantaneous.raw();
            answer->permanent = moves.permanent.raw();
            return 0;
        } catch (...) {
            model.thrown = std::current_exception();
            return 1;
        }
    }

    /// As detail::require; what a model threw goes on from here.
    static void require(openpit_status status, Model &model) {
        if (status == OPENPIT_STATUS_OK) return;
        if (auto thrown = std::exchange(model.thrown, nullptr)) std::rethrow_exception(thrown);
        detail::require(status);
    }
    void require(openpit_status status) const { require(status, *model_); }

    static openpit_matcher_pair c_pair(const MatcherPair &pair) noexcept {
        return {pair.leg1.raw(), pair.leg2.raw(), pair.ratio.raw(), pair.quantity_max.raw()};
    }

    /// Whether a look-up in that book found something. C answers both with one status; a book that is not there throws.
    bool is_found(openpit_status status, BookId book) const {
        if (status != OPENPIT_STATUS_NOT_FOUND) {
            detail::require(status);
            return true;
        }
        (void)summary(book);
        return false;
    }

    /// All there is, which `some` reads after the first few, into room that grows.
    template <class Item, class Some>
    static std::vector<Item> read(const Item &empty, Some some,
                                  std::size_t max = std::numeric_limits<std::size_t>::max()) {
        std::vector<Item> items;
        std::size_t count = 0;
        std::size_t room = 0;
        do {
            const std::size_t start = items.size();
            room = std::min<std::size_t>(max - start, 64 + start);
            items.resize(start + room, empty);
            count = room == 0 ? 0 : some(start, items.data() + start, room);
            items.resize(start + count, empty);
        } while (count == room && items.size() < max);
        return items;
    }

    std::unique_ptr<Model> model_;
    detail::Owned<openpit_matcher, openpit_matcher_destroy> handle_;
};

// ---- Simulation -----------------------------------------------------------------------------------------------------

/// An instrument of a simulation; they are numbered from 0 as they are added.
class SimulationInstrument {
public:
    explicit constexpr SimulationInstrument(std::uint32_t id) noexcept : id_(id) {}
    constexpr std::uint32_t raw() const noexcept { return id_; }

private:
    openpit_simulation_instrument id_;
};

/// Something that happens. Times are nanoseconds since 1970, UTC.
class SimulationEvent {
public:
    /// An order is sent; one that neither trades nor rests counts as rejected.
    static SimulationEvent submitted(std::uint64_t time, SimulationInstrument instrument, const MatcherOrder &order) {
        SimulationEvent event(OPENPIT_SIMULATION_SUBMITTED, time, instrument.raw());
        const openpit_matcher_order &given = order.raw();
        event.raw_.side = given.side;
        event.raw_.type = given.type;
        event.raw_.time_in_force = given.time_in_force;
        event.raw_.pool = given.pool;
        event.raw_.owner = given.owner;
        event.raw_.order = given.order;
        event.raw_.price = given.price;
        event.raw_.quantity = given.quantity;
        return event;
    }
    /// An order is to end.
    static SimulationEvent cancelled(std::uint64_t time, std::uint64_t order) {
        SimulationEvent event(OPENPIT_SIMULATION_CANCELLED, time, 0);
        event.raw_.order = order;
        return event;
    }
    /// An order is to have another price, another total, or both.
    static SimulationEvent modified(std::uint64_t time, std::uint64_t order, const std::optional<Price> &price,
                                    const std::optional<Quantity> &quantity = std::nullopt) {
        SimulationEvent event(OPENPIT_SIMULATION_MODIFIED, time, 0);
        event.raw_.order = order;
        if (price) {
            event.raw_.price = price->raw();
            detail::set_bit(event.raw_.flags, OPENPIT_SIMULATION_SETS_PRICE);
        }
        if (quantity) {
            event.raw_.quantity = quantity->raw();
            detail::set_bit(event.raw_.flags, OPENPIT_SIMULATION_SETS_QUANTITY);
        }
        return event;
    }
    /// A trade that was made elsewhere, in which the account took part on a side, if it did.
    static SimulationEvent fill(std::uint64_t time, SimulationInstrument instrument, const Price &price,
                                const Quantity &quantity, std::optional<Side> own = std::nullopt) {
        SimulationEvent event(OPENPIT_SIMULATION_FILL, time, instrument.raw());
        event.raw_.price = price.raw();
        event.raw_.quantity = quantity.raw();
        if (own) {
            event.raw_.side = static_cast<openpit_side>(*own);
            detail::set_bit(event.raw_.flags, OPENPIT_SIMULATION_IS_OWN);
        }
        return event;
    }
    /// An instrument is worth that much from now on.
    static SimulationEvent mark(std::uint64_t time, SimulationInstrument instrument, const Price &price) {
        SimulationEvent event(OPENPIT_SIMULATION_MARK, time, instrument.raw());
        event.raw_.price = price.raw();
        return event;
    }

    const openpit_simulation_event &raw() const & noexcept { return raw_; }
    const openpit_simulation_event &raw() const && = delete;

private:
    SimulationEvent(openpit_simulation_event_kind kind, std::uint64_t time, std::uint32_t instrument) noexcept {
        raw_.kind = kind;
        raw_.time = time;
        raw_.instrument = instrument;
    }

    openpit_simulation_event raw_ = detail::sized<openpit_simulation_event>();
};

/// What came of a simulation so far.
class SimulationResult {
public:
    explicit SimulationResult(const openpit_simulation_result &raw) noexcept : raw_(detail::sized(raw)) {}

    std::uint64_t events() const noexcept { return raw_.events; }
    std::uint64_t accepted() const noexcept { return raw_.accepted; }
    std::uint64_t rejected() const noexcept { return raw_.rejected; }
    std::uint64_t fills() const noexcept { return raw_.fills; }
    /// Events, those included that found nothing to cancel or to modify, and how many those were.
    std::uint64_t cancelled() const noexcept { return raw_.cancelled; }
    std::uint64_t modified() const noexcept { return raw_.modified; }
    std::uint64_t cancel_misses() const noexcept { return raw_.cancel_misses; }
    std::uint64_t modify_misses() const noexcept { return raw_.modify_misses; }
    /// Events that are still to happen.
    std::uint64_t pending() const noexcept { return raw_.pending; }
    /// Of the last event; 0 before the first.
    std::uint64_t time() const noexcept { return raw_.time; }
    /// What the account began with.
    CashFlow cash() const noexcept { return {detail::Checked{}, raw_.cash}; }
    /// Cash, and what positions are worth at the last trade or mark of their instrument.
    CashFlow worth() const noexcept { return {detail::Checked{}, raw_.worth}; }
    /// Worth less what it began with, and the highest that was so far.
    Pnl pnl() const noexcept { return {detail::Checked{}, raw_.pnl}; }
    Pnl pnl_peak() const noexcept { return {detail::Checked{}, raw_.pnl_peak}; }
    /// The largest step down from the highest worth so far.
    Pnl drawdown() const noexcept { return {detail::Checked{}, raw_.drawdown}; }
    /// By weighted average, without fees.
    Pnl realized() const noexcept { return {detail::Checked{}, raw_.realized}; }
    Fee fees() const noexcept { return {detail::Checked{}, raw_.fees}; }

private:
    openpit_simulation_result raw_;
};

/// What the account was worth after an event.
class SimulationPoint {
public:
    explicit SimulationPoint(const openpit_simulation_point &raw) noexcept : raw_(raw) {}

    std::uint64_t time() const noexcept { return raw_.time; }
    CashFlow worth() const noexcept { return {detail::Checked{}, raw_.worth}; }

private:
    openpit_simulation_point raw_;
};
static_assert(sizeof(SimulationPoint) == sizeof(openpit_simulation_point));

/// Events, the matcher they act on, and the account that takes part. The matcher has to live longer; it may be moved.
class Simulation {
public:
    /// `fee_rate` is what part of price * quantity each trade of the account costs.
    Simulation(Matcher &matcher, const CashFlow &cash, const Price &fee_rate = Price(0)) {
        openpit_simulation *simulation = nullptr;
        detail::require(openpit_simulation_create(matcher.raw(), cash.raw(), fee_rate.raw(), &simulation));
        handle_ = detail::Owned<openpit_simulation, openpit_simulation_destroy>(simulation);
        model_ = matcher.model_.get();
    }

    /// Adds an instrument that a book trades; without one its orders are rejected.
    SimulationInstrument add_instrument(std::optional<BookId> book) {
        openpit_simulation_instrument instrument = 0;
        detail::require(openpit_simulation_add_instrument(raw(), c_book(book), &instrument));
        return SimulationInstrument(instrument);
    }
    void set_book(SimulationInstrument instrument, std::optional<BookId> book) {
        detail::require(openpit_simulation_set_book(raw(), instrument.raw(), c_book(book)));
    }

    /// Adds an event. Throws for one that is older than the last that happened.
    void push(const SimulationEvent &event) { detail::require(openpit_simulation_push(raw(), &event.raw())); }
    /// Lets events happen and tells how many did. One that throws has not happened, and comes next again.
    std::size_t run(std::size_t most = std::numeric_limits<std::size_t>::max()) {
        std::size_t done = 0;
        Matcher::require(openpit_simulation_run(raw(), most, &done), *model_);
        return done;
    }

    SimulationResult result() const {
        auto result = detail::sized<openpit_simulation_result>();
        detail::require(openpit_simulation_result_of(raw(), &result));
        return SimulationResult(result);
    }
    /// What the account has of an instrument, net.
    PositionSize position(SimulationInstrument instrument) const {
        openpit_decimal quantity{};
        detail::require(openpit_simulation_position(raw(), instrument.raw(), &quantity));
        return {detail::Checked{}, quantity};
    }
    /// What the account was worth after each event.
    std::vector<SimulationPoint> curve() const {
        return Matcher::read(SimulationPoint(openpit_simulation_point{}),
                             [this](std::size_t skip, auto *items, std::size_t room) {
                                 std::size_t count = 0;
                                 detail::require(openpit_simulation_curve(
                                     raw(), skip, reinterpret_cast<openpit_simulation_point *>(items), room, &count));
                                 return count;
                             });
    }

    openpit_simulation *raw() const & { return handle_.get(); }
    openpit_simulation *raw() const && = delete;

private:
    static openpit_book_id c_book(std::optional<BookId> book) noexcept {
        return book ? book->raw() : OPENPIT_SIMULATION_NO_BOOK;
    }

    /// The matcher's, which stays where it is when that moves.
    Matcher::Model *model_ = nullptr;
    detail::Owned<openpit_simulation, openpit_simulation_destroy> handle_;
};

} // namespace openpit

#endif
