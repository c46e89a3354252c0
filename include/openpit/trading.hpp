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
#include "engine.hpp"
#include "numbers.hpp"
#include "records.hpp"
#include "trading.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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

namespace detail {
inline openpit_text text_of(std::string_view text) noexcept { return {text.data(), text.size()}; }
} // namespace detail

/// The id of an order.
class Uuid {
public:
    explicit Uuid(openpit_uuid raw) noexcept : raw_(raw) {}
    /// Reads 36 characters, in braces or not.
    explicit Uuid(std::string_view text) { detail::require(openpit_uuid_parse(detail::text_of(text), &raw_)); }
    /// A new one, and none that is made later is smaller.
    static Uuid make() {
        openpit_uuid raw{};
        detail::require(openpit_uuid_make(&raw));
        return Uuid(raw);
    }

    std::string to_string() const {
        std::string text(36, ' ');
        detail::require(openpit_uuid_format(raw_, text.data(), text.size()));
        return text;
    }
    openpit_uuid raw() const noexcept { return raw_; }
    friend bool operator==(const Uuid &left, const Uuid &right) noexcept {
        return left.raw_.high == right.raw_.high && left.raw_.low == right.raw_.low;
    }
    friend bool operator!=(const Uuid &left, const Uuid &right) noexcept { return !(left == right); }

private:
    openpit_uuid raw_{};
};

/// Cash by currency and positions by symbol, in arithmetic that keeps the scale it has on paper. One thread at a time.
class Wallet {
public:
    /// Symbols that name nothing behind a `-`, a `/` or a `_` are paid in that.
    explicit Wallet(std::string_view quote_currency) {
        openpit_wallet *wallet = nullptr;
        detail::require(openpit_wallet_create(detail::text_of(quote_currency), &wallet));
        handle_ = detail::Owned<openpit_wallet, openpit_wallet_destroy>(wallet);
    }

    void deposit(std::string_view currency, const Pnl &amount) {
        detail::require(openpit_wallet_deposit(raw(), detail::text_of(currency), amount.raw()));
    }
    void withdraw(std::string_view currency, const Pnl &amount) {
        detail::require(openpit_wallet_withdraw(raw(), detail::text_of(currency), amount.raw(), nullptr));
    }
    /// Books a trade that no order manager knows of.
    void fill(const openpit_order_fill &fill) { detail::require(openpit_wallet_fill(raw(), &fill, nullptr)); }

    /// What there is of each currency; texts are valid as long as the wallet.
    std::vector<openpit_wallet_cash> cash() const {
        std::size_t count = 0;
        detail::require(openpit_wallet_cash_list(raw(), nullptr, 0, &count));
        std::vector<openpit_wallet_cash> cash(count);
        detail::require(openpit_wallet_cash_list(raw(), cash.data(), count, &count));
        return cash;
    }
    /// What is held of each symbol, or was.
    std::vector<openpit_wallet_position> positions() const {
        std::size_t count = 0;
        detail::require(openpit_wallet_position_list(raw(), nullptr, 0, &count));
        std::vector<openpit_wallet_position> positions(count);
        detail::require(openpit_wallet_position_list(raw(), positions.data(), count, &count));
        return positions;
    }

    openpit_wallet *raw() const & { return handle_.get(); }
    openpit_wallet *raw() const && = delete;

private:
    detail::Owned<openpit_wallet, openpit_wallet_destroy> handle_;
};

/// Orders by their ids: each submitted once, moved along the table of an order's life, and filled into a wallet.
class OrderManager {
public:
    /// `flags` are OPENPIT_ORDERS_OVERFILL and OPENPIT_ORDERS_SHARED.
    explicit OrderManager(std::uint32_t flags = 0, std::optional<std::uint64_t> history_limit = std::nullopt) {
        auto options = detail::sized<openpit_orders_options>();
        options.flags = flags;
        if (history_limit) options.flags |= OPENPIT_ORDERS_HAS_HISTORY_LIMIT;
        options.history_limit = history_limit.value_or(0);
        openpit_orders *orders = nullptr;
        detail::require(openpit_orders_create(&options, &orders));
        handle_ = detail::Owned<openpit_orders, openpit_orders_destroy>(orders);
    }

    /// Takes an order in; false when its id or its key was submitted before.
    bool submit(const openpit_new_order &order) {
        const openpit_status status = openpit_orders_submit(raw(), &order, nullptr);
        if (status == OPENPIT_STATUS_DUPLICATE_ORDER) return false;
        detail::require(status);
        return true;
    }
    /// Lets an order become what somebody says.
    void update(const Uuid &id, const openpit_order_update &update) {
        detail::require(openpit_orders_update(raw(), id.raw(), &update, nullptr));
    }
    /// Books a fill into a wallet, both or neither; false for one that is known.
    bool fill(Wallet &wallet, const Uuid &id, const openpit_order_fill &fill) {
        int is_new = 0;
        detail::require(openpit_orders_fill(raw(), wallet.raw(), id.raw(), &fill, &is_new, nullptr));
        return is_new != 0;
    }
    /// An order; texts are valid until the manager changes.
    openpit_order_record find(const Uuid &id) const {
        auto record = detail::sized<openpit_order_record>();
        detail::require(openpit_orders_find(raw(), id.raw(), &record));
        return record;
    }
    /// How many orders of a kind there are, such as OPENPIT_ORDERS_ACTIVE.
    std::size_t count(openpit_orders_kind kind) const {
        std::size_t count = 0;
        detail::require(openpit_orders_list(raw(), kind, nullptr, 0, &count));
        return count;
    }

    openpit_orders *raw() const & { return handle_.get(); }
    openpit_orders *raw() const && = delete;

private:
    detail::Owned<openpit_orders, openpit_orders_destroy> handle_;
};

/// Orders joined with an engine: submitting one checks, reserves and records it; what the venue answers settles both.
class Router {
public:
    explicit Router(const Engine &engine) : Router(engine, detail::sized<openpit_router_options>()) {}
    Router(const Engine &engine, const openpit_router_options &options) {
        openpit_router *router = nullptr;
        detail::require(openpit_router_create(engine.raw(), &options, &router));
        handle_ = detail::Owned<openpit_router, openpit_router_destroy>(router);
    }

    /// Whether to send an order, or why not; `result`, if there is one, receives the rejects.
    openpit_routed submit(const Order &order, openpit_result *result = nullptr,
                          std::chrono::nanoseconds now = std::chrono::nanoseconds(0)) {
        auto routed = detail::sized<openpit_routed>();
        detail::require(openpit_router_submit(raw(), &order.raw(), now.count(), result, &routed));
        return routed;
    }
    /// Lets something happen to an order, and to what the engine keeps for it.
    openpit_routed apply(const openpit_route_event &event, openpit_result *result = nullptr) {
        auto routed = detail::sized<openpit_routed>();
        detail::require(openpit_router_apply(raw(), &event, result, &routed));
        return routed;
    }
    /// The same where there is nothing more to say, such as OPENPIT_ORDER_EVENT_ACKNOWLEDGED.
    openpit_routed apply(openpit_order_event event, std::uint64_t order) {
        auto told = detail::sized<openpit_route_event>();
        told.event = event;
        told.order = order;
        return apply(told);
    }

    openpit_routed_order order(std::uint64_t number) const {
        auto order = detail::sized<openpit_routed_order>();
        detail::require(openpit_router_order(raw(), number, &order));
        return order;
    }
    /// The number of an order by its client order id.
    std::uint64_t find(openpit_account_id account, std::string_view client_order_id) const {
        std::uint64_t number = 0;
        detail::require(openpit_router_find(raw(), account, detail::text_of(client_order_id), &number));
        return number;
    }
    /// The numbers of open orders, oldest first.
    std::vector<std::uint64_t> open() const {
        std::size_t count = 0;
        detail::require(openpit_router_open(raw(), nullptr, 0, &count, nullptr));
        std::vector<std::uint64_t> numbers(count);
        detail::require(openpit_router_open(raw(), numbers.data(), count, &count, nullptr));
        return numbers;
    }

    openpit_router *raw() const & { return handle_.get(); }
    openpit_router *raw() const && = delete;

private:
    detail::Owned<openpit_router, openpit_router_destroy> handle_;
};

} // namespace openpit

#endif
