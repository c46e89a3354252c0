/*
 * openpit/book.hpp: order books, for the rehearsal of strategies.
 *
 *     Venue venue;
 *     const BookId book = venue.add_book();
 *     const BookReports reports = venue.apply({BookMessage::new_order(book, 1).side(Side::Sell).price(100).quantity(5),
 *                                              BookMessage::new_order(book, 2).side(Side::Buy).price(101).quantity(5)});
 *     // reports: 1 is accepted, 2 is accepted, 2 trades 5 with 1 at 100.
 *
 * Prices are ticks, of either sign, quantities are lots, and the numbers of orders, owners and messages are yours. How a book
 * works is told in book.h, what holds for all of these files in openpit.hpp.
 */
#ifndef OPENPIT_BOOK_HPP
#define OPENPIT_BOOK_HPP

#include "book.h"
#include "names.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <ostream>
#include <type_traits>
#include <vector>

namespace openpit {

// ---- Books ----------------------------------------------------------------------------------------------------------

/// Which book of a venue; they are numbered from 0 as they are added.
class BookId {
public:
    explicit constexpr BookId(std::uint32_t id) noexcept : id_(id) {}

    constexpr std::uint32_t raw() const noexcept { return id_; }

    friend constexpr bool operator==(BookId left, BookId right) noexcept { return left.id_ == right.id_; }
    friend constexpr bool operator!=(BookId left, BookId right) noexcept { return !(left == right); }
    friend std::ostream &operator<<(std::ostream &stream, BookId book) { return stream << book.id_; }

private:
    openpit_book_id id_;
};

/// What a modification does to an order's place in its queue.
enum class BookModifyMode : openpit_book_modify_mode {
    KeepsPlace = OPENPIT_BOOK_MODIFY_KEEPS_PLACE, ///< The same price and no more quantity keep the place.
    LosesPlace = OPENPIT_BOOK_MODIFY_LOSES_PLACE, ///< Every modification is a new arrival.
};

/// How a book is made. What is not set is without a limit, and without positions.
class BookOptions {
public:
    BookOptions &modify_mode(BookModifyMode mode) noexcept {
        raw_.modify_mode = static_cast<openpit_book_modify_mode>(mode);
        return *this;
    }
    /// Positions of owners are counted, which reduce-only orders need.
    BookOptions &counts_positions(bool on = true) noexcept {
        raw_.counts_positions = on;
        return *this;
    }
    /// Room that is made at once, so that so many orders never wait for memory.
    BookOptions &order_capacity(std::uint32_t count) noexcept {
        raw_.order_capacity = count;
        return *this;
    }
    /// How many orders may rest and wait; 0 for as many as can be numbered.
    BookOptions &order_max(std::uint32_t count) noexcept {
        raw_.order_max = count;
        return *this;
    }
    /// How much memory the book may take, in bytes; 0 for as much as there is.
    BookOptions &memory_max(std::uint64_t bytes) noexcept {
        raw_.memory_max = bytes;
        return *this;
    }

    const openpit_book_options &raw() const & noexcept { return raw_; }
    const openpit_book_options &raw() const && = delete;

private:
    openpit_book_options raw_ = detail::sized<openpit_book_options>();
};
static_assert(sizeof(BookOptions) == sizeof(openpit_book_options));

// ---- Messages -------------------------------------------------------------------------------------------------------

/// What an order does about price.
enum class BookOrderType : openpit_book_order_type {
    Limit = OPENPIT_BOOK_LIMIT,          ///< Trades at its price or better.
    Market = OPENPIT_BOOK_MARKET,        ///< Trades at any price and never rests, whatever its time in force.
    Stop = OPENPIT_BOOK_STOP,            ///< Waits for a trade at its trigger or beyond, then is a market order.
    StopLimit = OPENPIT_BOOK_STOP_LIMIT, ///< Waits for a trade at its trigger or beyond, then is a limit order.
};

/// How long an order lives. A stop must be of a kind that can rest: it waits first.
enum class BookTimeInForce : openpit_book_time_in_force {
    Gtc = OPENPIT_BOOK_GTC, ///< Until it is cancelled.
    Gfd = OPENPIT_BOOK_GFD, ///< Until BookMessage::end_day.
    Gtd = OPENPIT_BOOK_GTD, ///< Until its expiry.
    Ioc = OPENPIT_BOOK_IOC, ///< What does not trade at once is cancelled.
    Fok = OPENPIT_BOOK_FOK, ///< Trades completely at once or not at all.
};

/// What an order does when it meets one of its own owner; the arriving order decides. Owner 0 never meets itself.
enum class BookSelfTrade : openpit_book_self_trade {
    Allow = OPENPIT_BOOK_SELF_TRADE_ALLOW,                ///< They trade.
    CancelNewest = OPENPIT_BOOK_SELF_TRADE_CANCEL_NEWEST, ///< The rest of the arriving order is cancelled.
    CancelOldest = OPENPIT_BOOK_SELF_TRADE_CANCEL_OLDEST, ///< The resting one is cancelled, the arriving one goes on.
    CancelBoth = OPENPIT_BOOK_SELF_TRADE_CANCEL_BOTH,     ///< Both are cancelled.
    Decrement = OPENPIT_BOOK_SELF_TRADE_DECREMENT,        ///< Both become smaller by what they would have traded.
};

/// What a book is told. What a kind of message does not read is ignored; what one gets wrong is told by a report.
class BookMessage {
public:
    explicit BookMessage(const openpit_book_message &raw) noexcept : raw_(detail::sized(raw)) {}

    /// A new order, which needs a side, a quantity, and a price unless it is a market order or a stop. While it rests or
    /// waits no other order of the book may have its number.
    static BookMessage new_order(BookId book, std::uint64_t order) noexcept { return {OPENPIT_BOOK_NEW, book, order}; }
    /// The end of one order.
    static BookMessage cancel(BookId book, std::uint64_t order) noexcept { return {OPENPIT_BOOK_CANCEL, book, order}; }
    /// Another price, quantity or trigger for an order, whichever are set; what is not set stays.
    static BookMessage modify(BookId book, std::uint64_t order) noexcept { return {OPENPIT_BOOK_MODIFY, book, order}; }
    /// The end of all orders: of one owner or, without one, everybody; of a side or, without one, both.
    static BookMessage cancel_all(BookId book) noexcept { return {OPENPIT_BOOK_CANCEL_ALL, book}; }
    /// The end of all orders with a date whose expiry is at most this.
    static BookMessage expire(BookId book, std::uint64_t time) noexcept {
        BookMessage message(OPENPIT_BOOK_EXPIRE, book);
        message.raw_.expiry = time;
        return message;
    }
    /// The end of all orders that are good for a day.
    static BookMessage end_day(BookId book) noexcept { return {OPENPIT_BOOK_END_DAY, book}; }
    /// From now on orders can be cancelled and nothing else.
    static BookMessage halt(BookId book) noexcept { return {OPENPIT_BOOK_HALT, book}; }
    /// The end of a halt.
    static BookMessage resume(BookId book) noexcept { return {OPENPIT_BOOK_RESUME, book}; }

    /// Your number for the message; every report it leads to repeats it.
    BookMessage &sequence(std::uint64_t sequence) noexcept {
        raw_.sequence = sequence;
        return *this;
    }
    /// Whose order it is; 0 is nobody in particular.
    BookMessage &owner(std::uint64_t owner) noexcept {
        raw_.owner = owner;
        return *this;
    }
    BookMessage &side(Side side) noexcept {
        raw_.side = static_cast<openpit_side>(side);
        return *this;
    }
    BookMessage &type(BookOrderType type) noexcept {
        raw_.type = static_cast<openpit_book_order_type>(type);
        return *this;
    }
    BookMessage &time_in_force(BookTimeInForce time_in_force) noexcept {
        raw_.time_in_force = static_cast<openpit_book_time_in_force>(time_in_force);
        return *this;
    }
    BookMessage &self_trade(BookSelfTrade mode) noexcept {
        raw_.self_trade = static_cast<openpit_book_self_trade>(mode);
        return *this;
    }
    /// The limit, in ticks.
    BookMessage &price(std::int64_t ticks) noexcept {
        raw_.price = ticks;
        return sets(OPENPIT_BOOK_SETS_PRICE);
    }
    /// In lots. Of a modification: the new total, what has traded included.
    BookMessage &quantity(std::uint64_t lots) noexcept {
        raw_.quantity = lots;
        return sets(OPENPIT_BOOK_SETS_QUANTITY);
    }
    /// The price whose trade wakes a stop, in ticks.
    BookMessage &trigger(std::int64_t ticks) noexcept {
        raw_.trigger = ticks;
        return sets(OPENPIT_BOOK_SETS_TRIGGER);
    }
    /// Makes an iceberg: how much shows at a time; 0 for all of it.
    BookMessage &display(std::uint64_t lots) noexcept {
        raw_.display = lots;
        return *this;
    }
    /// When an order of BookTimeInForce::Gtd ends, in whatever unit you count time.
    BookMessage &expiry(std::uint64_t time) noexcept {
        raw_.expiry = time;
        return *this;
    }
    /// The order is refused when it would trade at once.
    BookMessage &post_only(bool on = true) noexcept {
        detail::set_bit(raw_.flags, OPENPIT_BOOK_POST_ONLY, on);
        return *this;
    }
    /// The order never trades more than its owner's position the other way.
    BookMessage &reduce_only(bool on = true) noexcept {
        detail::set_bit(raw_.flags, OPENPIT_BOOK_REDUCE_ONLY, on);
        return *this;
    }

    const openpit_book_message &raw() const & noexcept { return raw_; }
    const openpit_book_message &raw() const && = delete;

private:
    BookMessage(openpit_book_message_kind kind, BookId book, std::uint64_t order = 0) noexcept
        : raw_(detail::sized<openpit_book_message>()) {
        raw_.kind = kind;
        raw_.book = book.raw();
        raw_.order = order;
    }
    /// Only modifications say what they set: of a new order everything counts.
    BookMessage &sets(std::uint32_t bit) noexcept {
        if (raw_.kind == OPENPIT_BOOK_MODIFY) detail::set_bit(raw_.flags, bit);
        return *this;
    }

    openpit_book_message raw_;
};
static_assert(sizeof(BookMessage) == sizeof(openpit_book_message) && std::is_standard_layout_v<BookMessage>);

// ---- Reports --------------------------------------------------------------------------------------------------------

/// What a report says.
enum class BookReportKind : openpit_book_report_kind {
    Accepted = OPENPIT_BOOK_ACCEPTED,       ///< The order is in, with its price and quantity.
    Trade = OPENPIT_BOOK_TRADE,             ///< Order and maker traded the quantity at the maker's price.
    Cancelled = OPENPIT_BOOK_CANCELLED,     ///< The order is gone with the quantity untraded, for the reason.
    Modified = OPENPIT_BOOK_MODIFIED,       ///< The order has this price and this total. Nothing remaining: it is done.
    Triggered = OPENPIT_BOOK_TRIGGERED,     ///< A stop has seen its trigger, the price, and enters the market.
    Replenished = OPENPIT_BOOK_REPLENISHED, ///< An iceberg shows another quantity, at the end of its queue.
    Reduced = OPENPIT_BOOK_REDUCED,         ///< The order became smaller by the quantity, to not trade with its owner.
    Rejected = OPENPIT_BOOK_REJECTED,       ///< The new order was refused, for the reason.
    CancelRefused = OPENPIT_BOOK_CANCEL_REFUSED, ///< There was nothing to cancel.
    ModifyRefused = OPENPIT_BOOK_MODIFY_REFUSED, ///< The modification was refused, for the reason; all is as it was.
    Swept = OPENPIT_BOOK_SWEPT,     ///< A message about many orders ended the quantity of them, or was refused.
    Halted = OPENPIT_BOOK_HALTED,   ///< The book is halted.
    Resumed = OPENPIT_BOOK_RESUMED, ///< The book trades.
};

/// Why. The order in which reasons are looked for is told at openpit_book_reason.
enum class BookReason : openpit_book_reason {
    None = OPENPIT_BOOK_REASON_NONE,
    Requested = OPENPIT_BOOK_REASON_REQUESTED,              ///< Its sender asked for it.
    Immediate = OPENPIT_BOOK_REASON_IMMEDIATE,              ///< What an order that never rests could not trade.
    Unfillable = OPENPIT_BOOK_REASON_UNFILLABLE,            ///< A fill-or-kill order that could not trade completely.
    SelfTrade = OPENPIT_BOOK_REASON_SELF_TRADE,             ///< It met an order of its own owner.
    ReduceOnly = OPENPIT_BOOK_REASON_REDUCE_ONLY,           ///< It would not have reduced its owner's position.
    Expired = OPENPIT_BOOK_REASON_EXPIRED,                  ///< Its time has come, or had come before it arrived.
    EndOfDay = OPENPIT_BOOK_REASON_END_OF_DAY,              ///< The day is over.
    CancelAll = OPENPIT_BOOK_REASON_CANCEL_ALL,             ///< A message about many orders.
    LimitReached = OPENPIT_BOOK_REASON_LIMIT_REACHED,       ///< Memory, or the number of orders the book was made for.
    UnknownOrder = OPENPIT_BOOK_REASON_UNKNOWN_ORDER,       ///< No order of that number rests or waits.
    DuplicateOrder = OPENPIT_BOOK_REASON_DUPLICATE_ORDER,   ///< An order of that number rests or waits.
    InvalidMessage = OPENPIT_BOOK_REASON_INVALID_MESSAGE,   ///< A number or a combination without a meaning.
    InvalidQuantity = OPENPIT_BOOK_REASON_INVALID_QUANTITY, ///< Nothing, or a display larger than the quantity.
    WouldTrade = OPENPIT_BOOK_REASON_WOULD_TRADE,           ///< A post-only order that would have traded.
    Halted = OPENPIT_BOOK_REASON_HALTED,                    ///< The book is halted.
    BelowFilled = OPENPIT_BOOK_REASON_BELOW_FILLED,         ///< A new total below what has traded.
    QuantityOverflow = OPENPIT_BOOK_REASON_QUANTITY_OVERFLOW, ///< The side would hold more than 64 bits can count.
    UnknownBook = OPENPIT_BOOK_REASON_UNKNOWN_BOOK,           ///< The venue has no such book.
    NoPositions = OPENPIT_BOOK_REASON_NO_POSITIONS, ///< A reduce-only order in a book that counts no positions.
};

/**
 * What became of a message. An order that is gone says so exactly once: a report of it has nothing remaining, or it is
 * cancelled. What is accepted and not gone when its message is done rests, or waits.
 */
class BookReport {
public:
    explicit BookReport(const openpit_book_report &raw) noexcept : raw_(raw) {}

    BookReportKind kind() const noexcept { return static_cast<BookReportKind>(raw_.kind); }
    BookReason reason() const noexcept { return static_cast<BookReason>(raw_.reason); }
    /// Of the order; in a trade, of the aggressor; none when no order is known.
    Side side() const noexcept { return static_cast<Side>(raw_.side); }
    BookId book() const noexcept { return BookId(raw_.book); }
    /// Of the message that led to this; in a trade, of the one that brought the aggressor.
    std::uint64_t sequence() const noexcept { return raw_.sequence; }
    /// The order concerned; in a trade, the aggressor.
    std::uint64_t order() const noexcept { return raw_.order; }
    /// In a trade, the order that rested.
    std::uint64_t maker() const noexcept { return raw_.maker; }
    /// The limit; a stop's trigger; in a trade, the maker's price.
    std::int64_t price() const noexcept { return raw_.price; }
    /// How much the report is about.
    std::uint64_t quantity() const noexcept { return raw_.quantity; }
    /// What is left of the order, shown or not.
    std::uint64_t remaining() const noexcept { return raw_.remaining; }
    /// What is left of the maker, shown or not.
    std::uint64_t maker_remaining() const noexcept { return raw_.maker_remaining; }

    const openpit_book_report &raw() const & noexcept { return raw_; }
    const openpit_book_report &raw() const && = delete;

private:
    openpit_book_report raw_;
};
static_assert(sizeof(BookReport) == sizeof(openpit_book_report) && std::is_standard_layout_v<BookReport>);

/**
 * The reports of one call, in the order in which things happened, and the room for them.
 *
 * Pass the same again and again: each call begins it anew and keeps its memory, so steady use allocates nothing. What was read
 * from it is valid until then.
 */
class BookReports {
public:
    /// Throws for a capacity below OPENPIT_BOOK_REPORT_CAPACITY_MIN.
    explicit BookReports(std::size_t capacity = 64) {
        if (capacity < OPENPIT_BOOK_REPORT_CAPACITY_MIN) throw Error(Status::InvalidArgument);
        make_room(capacity);
    }

    std::size_t size() const { return held_.get().size; }
    bool empty() const { return size() == 0; }
    /// For how many reports there is room.
    std::size_t capacity() const { return held_.get().room.size(); }
    /// How many messages of the call must not be given again, also when it threw.
    std::size_t taken() const { return held_.get().taken; }

    /// Throws for an index that is not below size().
    const BookReport &operator[](std::size_t index) const & {
        if (index >= size()) throw Error(Status::NotFound);
        return held_.get().room[index];
    }
    const BookReport &operator[](std::size_t index) const && = delete;
    const BookReport *begin() const & { return held_.get().room.data(); }
    const BookReport *begin() const && = delete;
    const BookReport *end() const & { return begin() + size(); }
    const BookReport *end() const && = delete;

private:
    friend class Venue;

    struct Held {
        std::vector<BookReport> room;
        std::size_t size = 0;
        std::size_t taken = 0;
    };

    void make_room(std::size_t capacity) { held_.get().room.resize(capacity, BookReport(openpit_book_report{})); }
    void clear() { held_.get().size = held_.get().taken = 0; }
    /// Lets a venue write behind what there is.
    openpit_status add(openpit_venue *venue, const BookMessage *messages, std::size_t count) {
        Held &held = held_.get();
        std::size_t taken = 0;
        std::size_t written = 0;
        const openpit_status status = openpit_venue_apply(
            venue, reinterpret_cast<const openpit_book_message *>(messages + held.taken), count - held.taken,
            reinterpret_cast<openpit_book_report *>(held.room.data() + held.size), held.room.size() - held.size, &taken,
            &written);
        held.taken += taken;
        held.size += written;
        return status;
    }

    detail::Kept<Held> held_;
};

// ---- Reading --------------------------------------------------------------------------------------------------------

/// What shows at one price.
class BookLevel {
public:
    explicit BookLevel(const openpit_book_level &raw) noexcept : raw_(raw) {}

    std::int64_t price() const noexcept { return raw_.price; }
    std::uint64_t quantity() const noexcept { return raw_.quantity; }
    std::uint64_t order_count() const noexcept { return raw_.order_count; }

    friend bool operator==(const BookLevel &left, const BookLevel &right) noexcept {
        return left.price() == right.price() && left.quantity() == right.quantity() &&
               left.order_count() == right.order_count();
    }
    friend bool operator!=(const BookLevel &left, const BookLevel &right) noexcept { return !(left == right); }

    const openpit_book_level &raw() const & noexcept { return raw_; }
    const openpit_book_level &raw() const && = delete;

private:
    openpit_book_level raw_;
};
static_assert(sizeof(BookLevel) == sizeof(openpit_book_level) && std::is_standard_layout_v<BookLevel>);

/// An order that rests or waits.
class BookOrder {
public:
    explicit BookOrder(const openpit_book_order &raw) noexcept : raw_(detail::sized(raw)) {}

    Side side() const noexcept { return static_cast<Side>(raw_.side); }
    /// A stop is one as long as it waits, then a limit order.
    BookOrderType type() const noexcept { return static_cast<BookOrderType>(raw_.type); }
    BookTimeInForce time_in_force() const noexcept { return static_cast<BookTimeInForce>(raw_.time_in_force); }
    BookSelfTrade self_trade() const noexcept { return static_cast<BookSelfTrade>(raw_.self_trade); }
    std::uint64_t order() const noexcept { return raw_.order; }
    std::uint64_t owner() const noexcept { return raw_.owner; }
    std::int64_t price() const noexcept { return raw_.price; }
    /// What has traded.
    std::uint64_t filled() const noexcept { return raw_.filled; }
    /// What has not, shown or not.
    std::uint64_t remaining() const noexcept { return raw_.remaining; }
    /// How much of what remains shows.
    std::uint64_t visible() const noexcept { return raw_.visible; }
    /// How much an iceberg shows at a time; 0 for all of it.
    std::uint64_t display() const noexcept { return raw_.display; }
    /// Of a stop.
    std::int64_t trigger() const noexcept { return raw_.trigger; }
    /// Of an order with a date.
    std::uint64_t expiry() const noexcept { return raw_.expiry; }
    bool post_only() const noexcept { return (raw_.flags & OPENPIT_BOOK_POST_ONLY) != 0; }
    bool reduce_only() const noexcept { return (raw_.flags & OPENPIT_BOOK_REDUCE_ONLY) != 0; }

    const openpit_book_order &raw() const & noexcept { return raw_; }
    const openpit_book_order &raw() const && = delete;

private:
    openpit_book_order raw_;
};
static_assert(sizeof(BookOrder) == sizeof(openpit_book_order));

/// A book in a few numbers.
class BookSummary {
public:
    explicit BookSummary(const openpit_book_summary &raw) noexcept : raw_(detail::sized(raw)) {}

    bool is_halted() const noexcept { return raw_.is_halted != 0; }
    /// The price of the last trade; none when nothing has traded.
    std::optional<std::int64_t> last_price() const noexcept {
        if (raw_.has_traded == 0) return std::nullopt;
        return raw_.last_price;
    }
    /// Since the book was added.
    std::uint64_t trade_count() const noexcept { return raw_.trade_count; }
    /// Orders that rest.
    std::uint64_t resting_count() const noexcept { return raw_.resting_count; }
    /// Stops that wait.
    std::uint64_t waiting_count() const noexcept { return raw_.waiting_count; }
    /// Everything that rests of a side, shown or not.
    std::uint64_t buy_quantity() const noexcept { return raw_.buy_quantity; }
    std::uint64_t sell_quantity() const noexcept { return raw_.sell_quantity; }

    const openpit_book_summary &raw() const & noexcept { return raw_; }
    const openpit_book_summary &raw() const && = delete;

private:
    openpit_book_summary raw_;
};
static_assert(sizeof(BookSummary) == sizeof(openpit_book_summary));

// ---- Venue ----------------------------------------------------------------------------------------------------------

/**
 * The books of several instruments, which know nothing of each other. One thread at a time.
 *
 * A message is applied to its end before the next begins, the stops it wakes included. Nothing is random: the same messages
 * lead to the same reports, to the byte. What is asked of a book that the venue does not have throws Status::NotFound.
 */
class Venue {
public:
    /// Throws when memory has run out.
    Venue() {
        openpit_venue *venue = nullptr;
        detail::require(openpit_venue_create(&venue));
        handle_ = detail::Owned<openpit_venue, openpit_venue_destroy>(venue);
    }

    /// Throws when memory is refused; the venue is as it was.
    BookId add_book(const BookOptions &options = {}) {
        openpit_book_id book = 0;
        detail::require(openpit_venue_add_book(raw(), &options.raw(), &book));
        return BookId(book);
    }

    /// Applies messages in order and tells what becomes of them. The room for reports grows when it has to.
    ///
    /// What a message itself gets wrong is a report. Throws for a message that this library is too old for; then all before
    /// that one are done, and taken() says how many these are. The same when memory runs out, and the next call goes on.
    void apply(const BookMessage *messages, std::size_t count, BookReports &reports) {
        reports.clear();
        openpit_venue *const venue = raw();
        openpit_status status = reports.add(venue, messages, count);
        while (status == OPENPIT_STATUS_BUFFER_TOO_SMALL) {
            reports.make_room(2 * reports.capacity());
            status = reports.add(venue, messages, count);
        }
        detail::require(status);
    }
    void apply(const std::vector<BookMessage> &messages, BookReports &reports) {
        apply(messages.data(), messages.size(), reports);
    }
    void apply(const BookMessage &message, BookReports &reports) { apply(&message, 1, reports); }
    /// The same with room of its own. Where it throws the reports are lost.
    BookReports apply(const std::vector<BookMessage> &messages) {
        BookReports reports;
        apply(messages, reports);
        return reports;
    }
    BookReports apply(const BookMessage &message) {
        BookReports reports;
        apply(message, reports);
        return reports;
    }
    /// The same for reports whose room shall not grow: it stops when that ends, in the middle of a message if need be. False
    /// when there is more to do: call again with the messages behind those that were taken, though there be none.
    [[nodiscard]] bool apply_some(const BookMessage *messages, std::size_t count, BookReports &reports) {
        reports.clear();
        const openpit_status status = reports.add(raw(), messages, count);
        if (status == OPENPIT_STATUS_BUFFER_TOO_SMALL) return false;
        detail::require(status);
        return true;
    }

    /// The best level of a side; none when it is empty.
    std::optional<BookLevel> best(BookId book, Side side) const {
        openpit_book_level level{};
        if (!is_found(openpit_venue_best(raw(), book.raw(), static_cast<openpit_side>(side), &level), book)) {
            return std::nullopt;
        }
        return BookLevel(level);
    }
    /// At most so many levels of a side, best first, after the first `skip`.
    std::vector<BookLevel> depth(BookId book, Side side, std::size_t max = std::numeric_limits<std::size_t>::max(),
                                 std::size_t skip = 0) const {
        std::vector<BookLevel> levels;
        read_depth(book, side, levels, max, skip);
        return levels;
    }
    /// The same into `levels`, whose memory is used again.
    void read_depth(BookId book, Side side, std::vector<BookLevel> &levels,
                    std::size_t max = std::numeric_limits<std::size_t>::max(), std::size_t skip = 0) const {
        // How many levels there are is not known before they are read: room is asked for in growing steps.
        levels.clear();
        std::size_t count = 0;
        std::size_t room = 0;
        do {
            room = std::min(max, std::max<std::size_t>(64, 2 * count));
            levels.resize(room, BookLevel(openpit_book_level{}));
            detail::require(openpit_venue_depth(raw(), book.raw(), static_cast<openpit_side>(side), skip,
                                                reinterpret_cast<openpit_book_level *>(levels.data()), room, &count));
        } while (count == room && room < max);
        levels.resize(count, BookLevel(openpit_book_level{}));
    }
    /// What shows at one price of a side: nothing, where nobody is.
    BookLevel level(BookId book, Side side, std::int64_t price) const {
        openpit_book_level level{};
        detail::require(openpit_venue_level(raw(), book.raw(), static_cast<openpit_side>(side), price, &level));
        return BookLevel(level);
    }
    /// None when no order of that number rests or waits.
    std::optional<BookOrder> order(BookId book, std::uint64_t order) const {
        auto found = detail::sized<openpit_book_order>();
        if (!is_found(openpit_venue_order(raw(), book.raw(), order, &found), book)) return std::nullopt;
        return BookOrder(found);
    }
    /// How many orders are ahead of that one in its queue; none as above. Counts them, so it takes time in proportion.
    std::optional<std::uint64_t> orders_ahead(BookId book, std::uint64_t order) const {
        std::uint64_t ahead = 0;
        if (!is_found(openpit_venue_orders_ahead(raw(), book.raw(), order, &ahead), book)) return std::nullopt;
        return ahead;
    }
    BookSummary summary(BookId book) const {
        auto summary = detail::sized<openpit_book_summary>();
        detail::require(openpit_venue_summary(raw(), book.raw(), &summary));
        return BookSummary(summary);
    }

    /// What an owner has bought and sold, net; 0 for an owner without trades, the nearest number when 64 bits are too few.
    /// Throws for owner 0, and when the book counts no positions.
    std::int64_t position(BookId book, std::uint64_t owner) const {
        std::int64_t position = 0;
        detail::require(openpit_venue_position(raw(), book.raw(), owner, &position));
        return position;
    }
    /// Throws as above, and when memory is refused.
    void set_position(BookId book, std::uint64_t owner, std::int64_t position) {
        detail::require(openpit_venue_set_position(raw(), book.raw(), owner, position));
    }

    openpit_venue *raw() const & { return handle_.get(); }
    openpit_venue *raw() const && = delete;

private:
    /// Whether a look-up in that book found something. C answers both with one status; a book that is not there throws.
    bool is_found(openpit_status status, BookId book) const {
        if (status != OPENPIT_STATUS_NOT_FOUND) {
            detail::require(status);
            return true;
        }
        std::size_t count = 0;
        detail::require(openpit_venue_depth(raw(), book.raw(), OPENPIT_SIDE_BUY, 0, nullptr, 0, &count));
        return false;
    }

    detail::Owned<openpit_venue, openpit_venue_destroy> handle_;
};

} // namespace openpit

// ---- Hashes ---------------------------------------------------------------------------------------------------------

template <> struct std::hash<openpit::BookId> {
    std::size_t operator()(openpit::BookId book) const noexcept { return std::hash<std::uint32_t>()(book.raw()); }
};

#endif
