/*
 * openpit/records.hpp: orders, execution reports and account adjustments.
 *
 * What holds for all of them is told in openpit.hpp.
 */
#ifndef OPENPIT_RECORDS_HPP
#define OPENPIT_RECORDS_HPP

#include "names.hpp"
#include "numbers.hpp"
#include "records.h"
#include "wire.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace openpit {

namespace detail {

/// Holds for a std::string that is about to be destroyed, and so cannot be borrowed.
template <class Text> using RequireTemporary = std::enable_if_t<std::is_same<Text, std::string>::value>;

inline std::optional<std::string_view> optional_view(bool present, const openpit_text &text) noexcept {
    if (!present) return std::nullopt;
    return view(text);
}

} // namespace detail

/// An instant of civil time.
using Instant = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;

// ---- Orders ---------------------------------------------------------------------------------------------------------

/// An order as a strategy asks for it. What is not set is absent; an order without a price is a market order.
class Order {
public:
    Order() noexcept : raw_(detail::sized<openpit_order>()) {}
    explicit Order(const openpit_order &raw) noexcept : raw_(detail::sized(raw)) {}

    Order &account(AccountId account) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_HAS_ACCOUNT);
        raw_.account = account.raw();
        return *this;
    }
    Order &instrument(Instrument instrument) noexcept {
        raw_.underlying = instrument.underlying.raw();
        raw_.settlement = instrument.settlement.raw();
        return *this;
    }
    Order &side(Side side) noexcept {
        raw_.side = static_cast<openpit_side>(side);
        return *this;
    }
    /// So many units. Takes the place of a volume.
    Order &quantity(const Quantity &quantity) noexcept {
        raw_.amount = quantity.raw();
        raw_.amount_kind = OPENPIT_AMOUNT_QUANTITY;
        return *this;
    }
    /// Units for so much settlement currency. Takes the place of a quantity.
    Order &volume(const Volume &volume) noexcept {
        raw_.amount = volume.raw();
        raw_.amount_kind = OPENPIT_AMOUNT_VOLUME;
        return *this;
    }
    Order &price(const Price &price) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_HAS_PRICE);
        raw_.price = price.raw();
        return *this;
    }
    Order &position_side(PositionSide side) noexcept {
        raw_.position_side = static_cast<openpit_position_side>(side);
        return *this;
    }
    Order &reduce_only(bool on = true) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_REDUCE_ONLY, on);
        return *this;
    }
    Order &close_position(bool on = true) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_CLOSE_POSITION, on);
        return *this;
    }
    Order &auto_borrow(bool on = true) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_AUTO_BORROW, on);
        return *this;
    }
    Order &leverage(Leverage leverage) noexcept {
        raw_.leverage = leverage.raw();
        return *this;
    }
    Order &collateral(Asset asset) noexcept {
        raw_.collateral = asset.raw();
        return *this;
    }
    /// The sender's own id of the order. Borrowed: the text has to outlive the order's use.
    Order &client_order_id(std::string_view id) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_HAS_CLIENT_ORDER_ID);
        raw_.client_order_id = detail::text(id);
        return *this;
    }
    template <class Text, class = detail::RequireTemporary<Text>> Order &client_order_id(Text &&id) = delete;
    /// The client order id of the order that this one takes the place of. Borrowed, too.
    Order &replaces(std::string_view id) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_HAS_REPLACES);
        raw_.replaces = detail::text(id);
        return *this;
    }
    template <class Text, class = detail::RequireTemporary<Text>> Order &replaces(Text &&id) = delete;
    Order &order_type(OrderType type) noexcept {
        raw_.order_type = static_cast<openpit_order_type>(type);
        return *this;
    }
    Order &time_in_force(TimeInForce time_in_force) noexcept {
        raw_.time_in_force = static_cast<openpit_time_in_force>(time_in_force);
        return *this;
    }
    /// When it ends by itself.
    Order &expire_at(Instant instant) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_HAS_EXPIRE_AT);
        raw_.expire_at = instant.time_since_epoch().count();
        return *this;
    }
    Order &strategy(Name name) noexcept {
        raw_.strategy = name.raw();
        return *this;
    }
    Order &trader(Name name) noexcept {
        raw_.trader = name.raw();
        return *this;
    }
    Order &venue(Name name) noexcept {
        raw_.venue = name.raw();
        return *this;
    }
    Order &session(Name name) noexcept {
        raw_.session = name.raw();
        return *this;
    }
    Order &clearing_account(Name name) noexcept {
        raw_.clearing_account = name.raw();
        return *this;
    }
    Order &decision_maker(Name name) noexcept {
        raw_.decision_maker = name.raw();
        return *this;
    }
    Order &short_mark(ShortMark mark) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_SHORT, mark == ShortMark::Short);
        detail::set_bit(raw_.fields, OPENPIT_ORDER_SHORT_EXEMPT, mark == ShortMark::ShortExempt);
        return *this;
    }
    /// Must not take what others offer.
    Order &post_only(bool on = true) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_POST_ONLY, on);
        return *this;
    }
    /// What of the quantity others are shown.
    Order &display_quantity(const Quantity &quantity) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_HAS_DISPLAY_QUANTITY);
        raw_.display_quantity = quantity.raw();
        return *this;
    }
    Order &stop_price(const Price &price) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_HAS_STOP_PRICE);
        raw_.stop_price = price.raw();
        return *this;
    }
    /// The price at which it was decided to trade.
    Order &decision_price(const Price &price) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ORDER_HAS_DECISION_PRICE);
        raw_.decision_price = price.raw();
        return *this;
    }
    /// Passed through to custom policies.
    Order &user_data(void *data) noexcept {
        raw_.user_data = data;
        return *this;
    }

    std::optional<AccountId> account() const noexcept {
        if (!has(OPENPIT_ORDER_HAS_ACCOUNT)) return std::nullopt;
        return AccountId(raw_.account);
    }
    std::optional<Instrument> instrument() const noexcept {
        return detail::instrument(raw_.underlying, raw_.settlement);
    }
    Side side() const noexcept { return static_cast<Side>(raw_.side); }
    std::optional<Quantity> quantity() const noexcept {
        return detail::number<Quantity>(raw_.amount_kind == OPENPIT_AMOUNT_QUANTITY, raw_.amount);
    }
    std::optional<Volume> volume() const noexcept {
        return detail::number<Volume>(raw_.amount_kind == OPENPIT_AMOUNT_VOLUME, raw_.amount);
    }
    std::optional<Price> price() const noexcept {
        return detail::number<Price>(has(OPENPIT_ORDER_HAS_PRICE), raw_.price);
    }
    PositionSide position_side() const noexcept { return static_cast<PositionSide>(raw_.position_side); }
    bool reduce_only() const noexcept { return has(OPENPIT_ORDER_REDUCE_ONLY); }
    bool close_position() const noexcept { return has(OPENPIT_ORDER_CLOSE_POSITION); }
    bool auto_borrow() const noexcept { return has(OPENPIT_ORDER_AUTO_BORROW); }
    std::optional<Leverage> leverage() const noexcept { return detail::leverage(raw_.leverage); }
    std::optional<Asset> collateral() const noexcept { return detail::asset(raw_.collateral); }
    std::optional<std::string_view> client_order_id() const noexcept {
        return detail::optional_view(has(OPENPIT_ORDER_HAS_CLIENT_ORDER_ID), raw_.client_order_id);
    }
    std::optional<std::string_view> replaces() const noexcept {
        return detail::optional_view(has(OPENPIT_ORDER_HAS_REPLACES), raw_.replaces);
    }
    OrderType order_type() const noexcept { return static_cast<OrderType>(raw_.order_type); }
    TimeInForce time_in_force() const noexcept { return static_cast<TimeInForce>(raw_.time_in_force); }
    std::optional<Instant> expire_at() const noexcept {
        if (!has(OPENPIT_ORDER_HAS_EXPIRE_AT)) return std::nullopt;
        return Instant(std::chrono::nanoseconds(raw_.expire_at));
    }
    std::optional<Name> strategy() const noexcept { return detail::asset(raw_.strategy); }
    std::optional<Name> trader() const noexcept { return detail::asset(raw_.trader); }
    std::optional<Name> venue() const noexcept { return detail::asset(raw_.venue); }
    std::optional<Name> session() const noexcept { return detail::asset(raw_.session); }
    std::optional<Name> clearing_account() const noexcept { return detail::asset(raw_.clearing_account); }
    std::optional<Name> decision_maker() const noexcept { return detail::asset(raw_.decision_maker); }
    ShortMark short_mark() const noexcept {
        return has(OPENPIT_ORDER_SHORT)          ? ShortMark::Short
               : has(OPENPIT_ORDER_SHORT_EXEMPT) ? ShortMark::ShortExempt
                                                 : ShortMark::None;
    }
    bool post_only() const noexcept { return has(OPENPIT_ORDER_POST_ONLY); }
    std::optional<Quantity> display_quantity() const noexcept {
        return detail::number<Quantity>(has(OPENPIT_ORDER_HAS_DISPLAY_QUANTITY), raw_.display_quantity);
    }
    std::optional<Price> stop_price() const noexcept {
        return detail::number<Price>(has(OPENPIT_ORDER_HAS_STOP_PRICE), raw_.stop_price);
    }
    std::optional<Price> decision_price() const noexcept {
        return detail::number<Price>(has(OPENPIT_ORDER_HAS_DECISION_PRICE), raw_.decision_price);
    }
    void *user_data() const noexcept { return raw_.user_data; }

    const openpit_order &raw() const & noexcept { return raw_; }
    const openpit_order &raw() const && = delete;

private:
    bool has(std::uint32_t bit) const noexcept { return (raw_.fields & bit) != 0; }

    openpit_order raw_;
};
static_assert(sizeof(Order) == sizeof(openpit_order));

// ---- Reports --------------------------------------------------------------------------------------------------------

/// A fill: at which price, and how much.
struct Trade {
    Price price;
    Quantity quantity;
};

/// An amount and the asset it is paid in.
struct MonetaryAmount {
    Fee amount;
    Asset currency;
};

/// What became of an order: a fill, a fee, a cancel, a profit or a loss. What is not set is absent.
class ExecutionReport {
public:
    ExecutionReport() noexcept : raw_(detail::sized<openpit_report>()) {}
    explicit ExecutionReport(const openpit_report &raw) noexcept : raw_(detail::sized(raw)) {}

    ExecutionReport &account(AccountId account) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_ACCOUNT);
        raw_.account = account.raw();
        return *this;
    }
    ExecutionReport &instrument(Instrument instrument) noexcept {
        raw_.underlying = instrument.underlying.raw();
        raw_.settlement = instrument.settlement.raw();
        return *this;
    }
    ExecutionReport &side(Side side) noexcept {
        raw_.side = static_cast<openpit_side>(side);
        return *this;
    }
    /// Realised profit or loss, and the fee that comes off it.
    ExecutionReport &financial_impact(const Pnl &pnl, const Fee &fee) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_FINANCIAL_IMPACT);
        raw_.pnl = pnl.raw();
        raw_.fee = fee.raw();
        return *this;
    }
    ExecutionReport &trade(const Trade &trade) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_TRADE);
        raw_.trade_price = trade.price.raw();
        raw_.trade_quantity = trade.quantity.raw();
        return *this;
    }
    ExecutionReport &fill_fee(const MonetaryAmount &fee) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_FILL_FEE);
        raw_.fill_fee = fee.amount.raw();
        raw_.fill_fee_asset = fee.currency.raw();
        return *this;
    }
    ExecutionReport &leaves_quantity(const Quantity &quantity) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_LEAVES_QUANTITY);
        raw_.leaves_quantity = quantity.raw();
        return *this;
    }
    ExecutionReport &is_final(bool on) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_FINALITY);
        raw_.is_final = on;
        return *this;
    }
    /// The lock of the order's reservation. Borrowed: `lock` has to outlive the report's use.
    ExecutionReport &lock(const Lock &lock) {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_LOCK);
        raw_.lock = lock.raw().data();
        raw_.lock_count = lock.size();
        return *this;
    }
    ExecutionReport &lock(const Lock &&) = delete;
    ExecutionReport &position_effect(PositionEffect effect) noexcept {
        raw_.position_effect = static_cast<openpit_position_effect>(effect);
        return *this;
    }
    ExecutionReport &position_side(PositionSide side) noexcept {
        raw_.position_side = static_cast<openpit_position_side>(side);
        return *this;
    }
    /// The sender's own id of the order. Borrowed: the text has to outlive the report's use.
    ExecutionReport &client_order_id(std::string_view id) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_CLIENT_ORDER_ID);
        raw_.client_order_id = detail::text(id);
        return *this;
    }
    template <class Text, class = detail::RequireTemporary<Text>> ExecutionReport &client_order_id(Text &&id) = delete;
    /// The engine's number of the order: Reservation::order_id.
    ExecutionReport &order_id(std::uint64_t id) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_ORDER_ID);
        raw_.order_id = id;
        return *this;
    }
    /// The venue's id of what is reported. Borrowed, as client_order_id.
    ExecutionReport &execution_id(std::string_view id) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_REPORT_HAS_EXECUTION_ID);
        raw_.execution_id = detail::text(id);
        return *this;
    }
    template <class Text, class = detail::RequireTemporary<Text>> ExecutionReport &execution_id(Text &&id) = delete;
    ExecutionReport &event(ReportEvent event) noexcept {
        raw_.event = static_cast<openpit_report_event>(event);
        return *this;
    }
    ExecutionReport &strategy(Name name) noexcept {
        raw_.strategy = name.raw();
        return *this;
    }
    ExecutionReport &trader(Name name) noexcept {
        raw_.trader = name.raw();
        return *this;
    }
    ExecutionReport &venue(Name name) noexcept {
        raw_.venue = name.raw();
        return *this;
    }
    /// Passed through to custom policies.
    ExecutionReport &user_data(void *data) noexcept {
        raw_.user_data = data;
        return *this;
    }

    std::optional<AccountId> account() const noexcept {
        if (!has(OPENPIT_REPORT_HAS_ACCOUNT)) return std::nullopt;
        return AccountId(raw_.account);
    }
    std::optional<Instrument> instrument() const noexcept {
        return detail::instrument(raw_.underlying, raw_.settlement);
    }
    Side side() const noexcept { return static_cast<Side>(raw_.side); }
    /// pnl and fee come together.
    std::optional<Pnl> pnl() const noexcept {
        return detail::number<Pnl>(has(OPENPIT_REPORT_HAS_FINANCIAL_IMPACT), raw_.pnl);
    }
    std::optional<Fee> fee() const noexcept {
        return detail::number<Fee>(has(OPENPIT_REPORT_HAS_FINANCIAL_IMPACT), raw_.fee);
    }
    std::optional<Trade> trade() const noexcept {
        if (!has(OPENPIT_REPORT_HAS_TRADE)) return std::nullopt;
        return Trade{Price(detail::Checked(), raw_.trade_price), Quantity(detail::Checked(), raw_.trade_quantity)};
    }
    std::optional<MonetaryAmount> fill_fee() const noexcept {
        if (!has(OPENPIT_REPORT_HAS_FILL_FEE)) return std::nullopt;
        return MonetaryAmount{Fee(detail::Checked(), raw_.fill_fee), Asset(detail::Checked(), raw_.fill_fee_asset)};
    }
    std::optional<Quantity> leaves_quantity() const noexcept {
        return detail::number<Quantity>(has(OPENPIT_REPORT_HAS_LEAVES_QUANTITY), raw_.leaves_quantity);
    }
    std::optional<bool> is_final() const noexcept {
        if (!has(OPENPIT_REPORT_HAS_FINALITY)) return std::nullopt;
        return raw_.is_final != 0;
    }
    /// A copy of the lock.
    std::optional<Lock> lock() const {
        if (!has(OPENPIT_REPORT_HAS_LOCK)) return std::nullopt;
        Lock lock;
        for (std::size_t index = 0; index < raw_.lock_count; ++index) {
            const openpit_lock_entry &entry = raw_.lock[index];
            lock.add({entry.policy_group, Price(detail::Checked(), entry.price)});
        }
        return lock;
    }
    PositionEffect position_effect() const noexcept { return static_cast<PositionEffect>(raw_.position_effect); }
    PositionSide position_side() const noexcept { return static_cast<PositionSide>(raw_.position_side); }
    std::optional<std::string_view> client_order_id() const noexcept {
        return detail::optional_view(has(OPENPIT_REPORT_HAS_CLIENT_ORDER_ID), raw_.client_order_id);
    }
    std::optional<std::uint64_t> order_id() const noexcept {
        if (!has(OPENPIT_REPORT_HAS_ORDER_ID)) return std::nullopt;
        return raw_.order_id;
    }
    std::optional<std::string_view> execution_id() const noexcept {
        return detail::optional_view(has(OPENPIT_REPORT_HAS_EXECUTION_ID), raw_.execution_id);
    }
    ReportEvent event() const noexcept { return static_cast<ReportEvent>(raw_.event); }
    std::optional<Name> strategy() const noexcept { return detail::asset(raw_.strategy); }
    std::optional<Name> trader() const noexcept { return detail::asset(raw_.trader); }
    std::optional<Name> venue() const noexcept { return detail::asset(raw_.venue); }
    void *user_data() const noexcept { return raw_.user_data; }

    const openpit_report &raw() const & noexcept { return raw_; }
    const openpit_report &raw() const && = delete;

private:
    bool has(std::uint32_t bit) const noexcept { return (raw_.fields & bit) != 0; }

    openpit_report raw_;
};
static_assert(sizeof(ExecutionReport) == sizeof(openpit_report));

/// What a fill does to a position: bought is positive, sold is negative.
inline PositionSize to_position_size(const Quantity &quantity, Side side) noexcept {
    return PositionSize(detail::Checked(), side == Side::Sell ? openpit_decimal_flip(quantity.raw()) : quantity.raw());
}
/// How much the position holds, whichever way.
inline Quantity to_quantity(const PositionSize &position) noexcept {
    return Quantity(detail::Checked(), openpit_decimal_magnitude(position.raw()));
}

// ---- Adjustments ----------------------------------------------------------------------------------------------------

/// How an adjustment changes one amount: by so much, or to so much.
class AdjustmentAmount {
public:
    static AdjustmentAmount delta(const PositionSize &value) noexcept { return {OPENPIT_CHANGE_DELTA, value}; }
    static AdjustmentAmount absolute(const PositionSize &value) noexcept { return {OPENPIT_CHANGE_ABSOLUTE, value}; }

    bool is_delta() const noexcept { return change_ == OPENPIT_CHANGE_DELTA; }
    PositionSize value() const noexcept { return value_; }

    friend bool operator==(const AdjustmentAmount &left, const AdjustmentAmount &right) noexcept {
        return left.change_ == right.change_ && left.value_ == right.value_;
    }
    friend bool operator!=(const AdjustmentAmount &left, const AdjustmentAmount &right) noexcept {
        return !(left == right);
    }

private:
    friend class Adjustment;
    AdjustmentAmount(openpit_change change, const PositionSize &value) noexcept : change_(change), value_(value) {}

    openpit_change change_;
    PositionSize value_;
};

/// The amounts between which an adjusted amount must end up, both inclusive; without one, anything goes on that side.
struct AdjustmentBounds {
    std::optional<PositionSize> lower;
    std::optional<PositionSize> upper;

    friend bool operator==(const AdjustmentBounds &left, const AdjustmentBounds &right) noexcept {
        return left.lower == right.lower && left.upper == right.upper;
    }
    friend bool operator!=(const AdjustmentBounds &left, const AdjustmentBounds &right) noexcept {
        return !(left == right);
    }
};

/// What an adjustment is about.
enum class AdjustmentKind : openpit_adjustment_kind {
    None = OPENPIT_ADJUSTMENT_NONE,
    Balance = OPENPIT_ADJUSTMENT_BALANCE,
    Position = OPENPIT_ADJUSTMENT_POSITION,
    AccountPnl = OPENPIT_ADJUSTMENT_ACCOUNT_PNL,
    Equity = OPENPIT_ADJUSTMENT_EQUITY,
    LedgerPosition = OPENPIT_ADJUSTMENT_LEDGER_POSITION,
};

/// A correction of what the engine believes an account holds.
class Adjustment {
public:
    Adjustment() noexcept : raw_(detail::sized<openpit_adjustment>()) {}
    explicit Adjustment(const openpit_adjustment &raw) noexcept : raw_(detail::sized(raw)) {}

    /// Of what the account holds of an asset.
    static Adjustment of_balance(Asset asset) noexcept {
        Adjustment adjustment(AdjustmentKind::Balance);
        adjustment.raw_.asset = asset.raw();
        return adjustment;
    }
    /// Of a position in an instrument.
    static Adjustment of_position(Instrument instrument, Asset collateral, const Price &average_entry_price,
                                  PositionMode mode) noexcept {
        Adjustment adjustment(AdjustmentKind::Position);
        adjustment.raw_.underlying = instrument.underlying.raw();
        adjustment.raw_.settlement = instrument.settlement.raw();
        adjustment.raw_.collateral = collateral.raw();
        adjustment.raw_.mode = static_cast<openpit_position_mode>(mode);
        return adjustment.average_entry_price(average_entry_price);
    }
    /// Of the account's own P&L; set it with realized_pnl.
    static Adjustment of_account_pnl() noexcept { return Adjustment(AdjustmentKind::AccountPnl); }
    /// Of what is paid into the account's equity or out of it: the balance. No P&L.
    static Adjustment of_equity(Asset asset) noexcept {
        Adjustment adjustment(AdjustmentKind::Equity);
        adjustment.raw_.asset = asset.raw();
        return adjustment;
    }
    /// Of a position of the ledger, whose quantity is the balance. Unless it is flat, set its average_entry_price.
    static Adjustment of_ledger_position(Instrument instrument) noexcept {
        Adjustment adjustment(AdjustmentKind::LedgerPosition);
        adjustment.raw_.underlying = instrument.underlying.raw();
        adjustment.raw_.settlement = instrument.settlement.raw();
        return adjustment;
    }

    Adjustment &balance(const AdjustmentAmount &amount) noexcept {
        return change(raw_.balance_change, raw_.balance, amount);
    }
    Adjustment &held(const AdjustmentAmount &amount) noexcept { return change(raw_.held_change, raw_.held, amount); }
    Adjustment &incoming(const AdjustmentAmount &amount) noexcept {
        return change(raw_.incoming_change, raw_.incoming, amount);
    }
    Adjustment &balance_bounds(const AdjustmentBounds &bounds) noexcept {
        bound(OPENPIT_ADJUSTMENT_HAS_BALANCE_LOWER, raw_.balance_lower, bounds.lower);
        return bound(OPENPIT_ADJUSTMENT_HAS_BALANCE_UPPER, raw_.balance_upper, bounds.upper);
    }
    Adjustment &held_bounds(const AdjustmentBounds &bounds) noexcept {
        bound(OPENPIT_ADJUSTMENT_HAS_HELD_LOWER, raw_.held_lower, bounds.lower);
        return bound(OPENPIT_ADJUSTMENT_HAS_HELD_UPPER, raw_.held_upper, bounds.upper);
    }
    Adjustment &incoming_bounds(const AdjustmentBounds &bounds) noexcept {
        bound(OPENPIT_ADJUSTMENT_HAS_INCOMING_LOWER, raw_.incoming_lower, bounds.lower);
        return bound(OPENPIT_ADJUSTMENT_HAS_INCOMING_UPPER, raw_.incoming_upper, bounds.upper);
    }
    Adjustment &average_entry_price(const Price &price) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ADJUSTMENT_HAS_AVERAGE_ENTRY_PRICE);
        raw_.average_entry_price = price.raw();
        return *this;
    }
    /// Takes the place of a halt reason.
    Adjustment &realized_pnl(const Pnl &pnl) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ADJUSTMENT_HAS_PNL);
        raw_.pnl = pnl.raw();
        raw_.halt_reason = OPENPIT_HALT_NONE;
        return *this;
    }
    /// The ledger is stopped. Takes the place of a P&L.
    Adjustment &realized_pnl(HaltReason reason) noexcept {
        detail::set_bit(raw_.fields, OPENPIT_ADJUSTMENT_HAS_PNL);
        raw_.pnl = openpit_decimal{};
        raw_.halt_reason = static_cast<openpit_halt_reason>(reason);
        return *this;
    }
    Adjustment &leverage(Leverage leverage) noexcept {
        raw_.leverage = leverage.raw();
        return *this;
    }
    /// Whose position of the ledger it is; so are trader and venue.
    Adjustment &strategy(Name name) noexcept {
        raw_.strategy = name.raw();
        return *this;
    }
    Adjustment &trader(Name name) noexcept {
        raw_.trader = name.raw();
        return *this;
    }
    Adjustment &venue(Name name) noexcept {
        raw_.venue = name.raw();
        return *this;
    }
    /// Passed through to custom policies.
    Adjustment &user_data(void *data) noexcept {
        raw_.user_data = data;
        return *this;
    }

    AdjustmentKind kind() const noexcept { return static_cast<AdjustmentKind>(raw_.kind); }
    std::optional<Asset> asset() const noexcept { return detail::asset(raw_.asset); }
    std::optional<Instrument> instrument() const noexcept {
        return detail::instrument(raw_.underlying, raw_.settlement);
    }
    std::optional<Asset> collateral() const noexcept { return detail::asset(raw_.collateral); }
    PositionMode mode() const noexcept { return static_cast<PositionMode>(raw_.mode); }
    std::optional<AdjustmentAmount> balance() const noexcept { return amount(raw_.balance_change, raw_.balance); }
    std::optional<AdjustmentAmount> held() const noexcept { return amount(raw_.held_change, raw_.held); }
    std::optional<AdjustmentAmount> incoming() const noexcept { return amount(raw_.incoming_change, raw_.incoming); }
    AdjustmentBounds balance_bounds() const noexcept {
        return {limit(OPENPIT_ADJUSTMENT_HAS_BALANCE_LOWER, raw_.balance_lower),
                limit(OPENPIT_ADJUSTMENT_HAS_BALANCE_UPPER, raw_.balance_upper)};
    }
    AdjustmentBounds held_bounds() const noexcept {
        return {limit(OPENPIT_ADJUSTMENT_HAS_HELD_LOWER, raw_.held_lower),
                limit(OPENPIT_ADJUSTMENT_HAS_HELD_UPPER, raw_.held_upper)};
    }
    AdjustmentBounds incoming_bounds() const noexcept {
        return {limit(OPENPIT_ADJUSTMENT_HAS_INCOMING_LOWER, raw_.incoming_lower),
                limit(OPENPIT_ADJUSTMENT_HAS_INCOMING_UPPER, raw_.incoming_upper)};
    }
    std::optional<Price> average_entry_price() const noexcept {
        return detail::number<Price>(has(OPENPIT_ADJUSTMENT_HAS_AVERAGE_ENTRY_PRICE), raw_.average_entry_price);
    }
    std::optional<Pnl> realized_pnl() const noexcept {
        return detail::number<Pnl>(has(OPENPIT_ADJUSTMENT_HAS_PNL) && raw_.halt_reason == OPENPIT_HALT_NONE, raw_.pnl);
    }
    HaltReason halt_reason() const noexcept { return static_cast<HaltReason>(raw_.halt_reason); }
    std::optional<Leverage> leverage() const noexcept { return detail::leverage(raw_.leverage); }
    std::optional<Name> strategy() const noexcept { return detail::asset(raw_.strategy); }
    std::optional<Name> trader() const noexcept { return detail::asset(raw_.trader); }
    std::optional<Name> venue() const noexcept { return detail::asset(raw_.venue); }
    void *user_data() const noexcept { return raw_.user_data; }

    const openpit_adjustment &raw() const & noexcept { return raw_; }
    const openpit_adjustment &raw() const && = delete;

private:
    explicit Adjustment(AdjustmentKind kind) noexcept : Adjustment() {
        raw_.kind = static_cast<openpit_adjustment_kind>(kind);
    }
    bool has(std::uint32_t bit) const noexcept { return (raw_.fields & bit) != 0; }

    Adjustment &change(openpit_change &change, openpit_decimal &field, const AdjustmentAmount &amount) noexcept {
        change = amount.change_;
        field = amount.value_.raw();
        return *this;
    }
    static std::optional<AdjustmentAmount> amount(openpit_change change, const openpit_decimal &field) noexcept {
        if (change == OPENPIT_CHANGE_NONE) return std::nullopt;
        return AdjustmentAmount(change, PositionSize(detail::Checked(), field));
    }
    Adjustment &bound(std::uint32_t bit, openpit_decimal &field, const std::optional<PositionSize> &limit) noexcept {
        detail::set_bit(raw_.fields, bit, limit.has_value());
        field = limit.value_or(PositionSize()).raw();
        return *this;
    }
    std::optional<PositionSize> limit(std::uint32_t bit, const openpit_decimal &field) const noexcept {
        return detail::number<PositionSize>(has(bit), field);
    }

    openpit_adjustment raw_;
};
static_assert(sizeof(Adjustment) == sizeof(openpit_adjustment));

} // namespace openpit

#endif
