/*
 * openpit/trading.hpp: the life of orders, desks that hold orders, positions, money and risk, and paper brokers.
 *
 *     Desk desk(DeskOptions(Pnl("100000")));
 *     const std::uint32_t es = desk.add_instrument(DeskInstrument());
 *     desk.begin(std::chrono::nanoseconds(1), 1);
 *     desk.mark(es, Price("100"));
 *     const std::uint64_t order = desk.order(DeskRequest(es, DeskSide::Buy));
 *     // desk.order_of(order).quantity is 1000, and desk.take_events() tells what happened.
 *
 * What a desk decides is told in trading.h, what holds for all of these files in openpit.hpp.
 */
#ifndef OPENPIT_TRADING_HPP
#define OPENPIT_TRADING_HPP

#include "base.hpp"
#include "numbers.hpp"
#include "trading.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace openpit {

/// Which way an order goes, or a signal.
enum class DeskSide : openpit_desk_side {
    Buy = OPENPIT_DESK_BUY,
    Sell = OPENPIT_DESK_SELL,
    Flat = OPENPIT_DESK_FLAT, ///< No position: of signals only.
};

/// How a desk is made: nothing limits it unless something is said.
class DeskOptions {
public:
    explicit DeskOptions(const Pnl &capital) noexcept {
        raw_.capital = capital.raw();
        raw_.position_share = raw_.drawdown_share = raw_.daily_loss_share = openpit_decimal_from_int64(1);
    }
    /// Of the equity, the most that one position may be worth.
    DeskOptions &position_share(const Price &share) noexcept {
        raw_.position_share = share.raw();
        return *this;
    }
    /// A fall from the peak by more than that halts.
    DeskOptions &drawdown_share(const Price &share) noexcept {
        raw_.drawdown_share = share.raw();
        return *this;
    }
    /// A loss of that since the day began halts until it ends.
    DeskOptions &daily_loss_share(const Price &share) noexcept {
        raw_.daily_loss_share = share.raw();
        return *this;
    }

    /// Everything else there is to say.
    openpit_desk_options &raw() & noexcept { return raw_; }
    const openpit_desk_options &raw() const & noexcept { return raw_; }
    const openpit_desk_options &raw() const && = delete;

private:
    openpit_desk_options raw_ = detail::sized<openpit_desk_options>();
};

/// What an instrument is: fully paid, in units of one, unless something else is said.
class DeskInstrument {
public:
    DeskInstrument() noexcept {
        raw_.multiplier = raw_.step = raw_.minimum = raw_.margin_rate = openpit_decimal_from_int64(1);
    }
    /// Enters every amount of money.
    DeskInstrument &multiplier(const Quantity &multiplier) noexcept {
        raw_.multiplier = multiplier.raw();
        return *this;
    }
    /// Quantities are multiples of it, and not below it.
    DeskInstrument &step(const Quantity &step) noexcept {
        raw_.step = raw_.minimum = step.raw();
        return *this;
    }

    /// Everything else there is to say.
    openpit_desk_instrument &raw() & noexcept { return raw_; }
    const openpit_desk_instrument &raw() const & noexcept { return raw_; }
    const openpit_desk_instrument &raw() const && = delete;

private:
    openpit_desk_instrument raw_ = detail::sized<openpit_desk_instrument>();
};

/// What somebody wants to do.
class DeskRequest {
public:
    DeskRequest(std::uint32_t instrument, DeskSide side) noexcept {
        raw_.instrument = instrument;
        raw_.side = static_cast<openpit_desk_side>(side);
        raw_.strength = openpit_decimal_from_int64(1);
    }
    /// 0 to 1: the part of the position share that is wanted.
    DeskRequest &strength(const Quantity &strength) noexcept {
        raw_.strength = strength.raw();
        return *this;
    }
    /// Is checked, and never changed.
    DeskRequest &quantity(const Quantity &quantity) noexcept {
        raw_.quantity = quantity.raw();
        raw_.fields |= OPENPIT_DESK_HAS_QUANTITY;
        return *this;
    }

    /// Everything else there is to say.
    openpit_desk_request &raw() & noexcept { return raw_; }
    const openpit_desk_request &raw() const & noexcept { return raw_; }
    const openpit_desk_request &raw() const && = delete;

private:
    openpit_desk_request raw_ = detail::sized<openpit_desk_request>();
};

/// Orders, positions, money and risk of one account. One thread at a time.
class Desk {
public:
    explicit Desk(const DeskOptions &options) {
        openpit_desk *desk = nullptr;
        detail::require(openpit_desk_create(&options.raw(), &desk));
        handle_ = detail::Owned<openpit_desk, openpit_desk_destroy>(desk);
    }

    /// Its number, which goes up from 0.
    std::uint32_t add_instrument(const DeskInstrument &instrument) {
        std::uint32_t number = 0;
        detail::require(openpit_desk_add_instrument(raw(), &instrument.raw(), &number));
        return number;
    }
    /// The time of what follows, and a day that may begin.
    void begin(std::chrono::nanoseconds time, std::int32_t day) {
        detail::require(openpit_desk_begin(raw(), time.count(), day));
    }
    /// What an instrument is worth from now on.
    void mark(std::uint32_t instrument, const Price &price, std::uint8_t source = 0) {
        detail::require(openpit_desk_mark(raw(), instrument, price.raw(), source));
    }
    /// Looks at a request.
    openpit_desk_verdict check(const DeskRequest &request) {
        auto verdict = detail::sized<openpit_desk_verdict>();
        detail::require(openpit_desk_check(raw(), &request.raw(), nullptr, &verdict));
        return verdict;
    }
    /// Makes the order that a check finds right, or rejects it.
    std::uint64_t order(const DeskRequest &request) {
        const openpit_desk_verdict verdict = check(request);
        std::uint64_t number = 0;
        detail::require(openpit_desk_create_order(raw(), &request.raw(), &verdict, &number));
        return number;
    }
    /// Moves an order on, as OPENPIT_DESK_ORDER_SUBMITTED and the like say.
    void move(std::uint64_t order, openpit_desk_event_kind kind, openpit_desk_reason reason = 0) {
        detail::require(openpit_desk_move_order(raw(), order, kind, reason));
    }
    /// Books a trade; false for one that is known.
    bool book(const openpit_desk_fill &fill) {
        int is_new = 0;
        detail::require(openpit_desk_book(raw(), &fill, &is_new));
        return is_new != 0;
    }
    /// What nobody has taken yet, oldest first.
    std::vector<openpit_desk_event> take_events() {
        std::vector<openpit_desk_event> events;
        std::size_t count = 0;
        do {
            openpit_desk_event event = detail::sized<openpit_desk_event>();
            detail::require(openpit_desk_take_events(raw(), &event, 1, &count));
            if (count > 0) events.push_back(event);
        } while (count > 0);
        return events;
    }
    /// Lets an event happen that another desk recorded.
    void replay(const openpit_desk_event &event) { detail::require(openpit_desk_replay(raw(), &event)); }

    openpit_desk_order order_of(std::uint64_t number) const {
        auto order = detail::sized<openpit_desk_order>();
        detail::require(openpit_desk_order_of(raw(), number, &order));
        return order;
    }
    openpit_desk_position position(std::uint32_t instrument) const {
        auto position = detail::sized<openpit_desk_position>();
        detail::require(openpit_desk_position_of(raw(), instrument, &position));
        return position;
    }
    openpit_desk_summary summary() const {
        auto summary = detail::sized<openpit_desk_summary>();
        detail::require(openpit_desk_summary_of(raw(), &summary));
        return summary;
    }

    openpit_desk *raw() const & { return handle_.get(); }
    openpit_desk *raw() const && = delete;

private:
    detail::Owned<openpit_desk, openpit_desk_destroy> handle_;
};

/// A broker that trades at the prices it is told. One thread at a time.
class PaperBroker {
public:
    explicit PaperBroker(const openpit_paper_options &options) {
        openpit_paper_broker *broker = nullptr;
        detail::require(openpit_paper_create(&options, &broker));
        handle_ = detail::Owned<openpit_paper_broker, openpit_paper_destroy>(broker);
    }

    /// Its number, which goes up from 0.
    std::uint32_t add_instrument(const DeskInstrument &instrument) {
        std::uint32_t number = 0;
        detail::require(openpit_paper_add_instrument(raw(), &instrument.raw(), &number));
        return number;
    }
    /// Takes an order in, and tells whether it is refused.
    openpit_paper_refusal submit(const openpit_paper_order &order) {
        openpit_paper_refusal refusal = 0;
        detail::require(openpit_paper_submit(raw(), &order, &refusal));
        return refusal;
    }
    /// Tells a price.
    void tell(std::uint32_t instrument, const Price &price, bool is_open = true) {
        detail::require(openpit_paper_tell(raw(), instrument, price.raw(), is_open));
    }
    /// The trades of the last of both.
    std::vector<openpit_paper_fill> fills() const {
        std::vector<openpit_paper_fill> fills;
        std::size_t count = 0;
        do {
            openpit_paper_fill fill{};
            detail::require(openpit_paper_fills(raw(), fills.size(), &fill, 1, &count));
            if (count > 0) fills.push_back(fill);
        } while (count > 0);
        return fills;
    }
    openpit_paper_account account() const {
        auto account = detail::sized<openpit_paper_account>();
        detail::require(openpit_paper_account_of(raw(), &account));
        return account;
    }

    openpit_paper_broker *raw() const & { return handle_.get(); }
    openpit_paper_broker *raw() const && = delete;

private:
    detail::Owned<openpit_paper_broker, openpit_paper_destroy> handle_;
};

} // namespace openpit

#endif
