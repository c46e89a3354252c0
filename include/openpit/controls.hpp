/*
 * openpit/controls.hpp: the built-in policies, and how they are configured.
 *
 * What holds for all of them is told in openpit.hpp.
 */
#ifndef OPENPIT_CONTROLS_HPP
#define OPENPIT_CONTROLS_HPP

#include "controls.h"
#include "market.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace openpit {

// ---- Built-in policies ----------------------------------------------------------------------------------------------

/// What a barrier is keyed by.
enum class Axis : openpit_axis {
    Broker = OPENPIT_AXIS_BROKER,
    Asset = OPENPIT_AXIS_ASSET,
    Account = OPENPIT_AXIS_ACCOUNT,
    AccountAsset = OPENPIT_AXIS_ACCOUNT_ASSET,
};

/// An amount is present and not zero.
struct OrderValidation {
    static constexpr std::string_view name = "OrderValidationPolicy";

    PolicyGroupId policy_group = 0;
};

namespace detail {

/// The barriers of one policy. Given to a builder they are what it starts with; given to Engine::configure they take the
/// place of all barriers on the axes they name.
template <class Policy, class Barrier> class Barriers {
public:
    /// Only builders read it.
    Policy &policy_group(PolicyGroupId group) noexcept {
        group_ = group;
        return self();
    }
    /// Names an axis without a barrier: configuring then empties it.
    Policy &clear(Axis axis) noexcept {
        axes_ |= 1u << static_cast<unsigned>(axis);
        return self();
    }

    PolicyGroupId policy_group() const noexcept { return group_; }
    /// A bit, 1 << Axis, for each axis named.
    std::uint32_t axes() const noexcept { return axes_; }
    const std::vector<Barrier> &barriers() const & { return barriers_.get(); }
    const std::vector<Barrier> &barriers() const && = delete;

protected:
    Policy &add(Axis axis, std::optional<AccountId> account, std::optional<Asset> asset, Barrier barrier) {
        barrier.axis = static_cast<openpit_axis>(axis);
        if (account) barrier.account = account->raw();
        if (asset) barrier.asset = asset->raw();
        barriers_.get().push_back(barrier);
        return clear(axis);
    }

private:
    friend Policy;
    Barriers() = default;

    Policy &self() noexcept { return static_cast<Policy &>(*this); }

    Kept<std::vector<Barrier>> barriers_;
    std::uint32_t axes_ = 0;
    PolicyGroupId group_ = 0;
};

} // namespace detail

/// At most so many orders in any window.
struct OrderRate {
    std::uint64_t max_orders;
    std::chrono::nanoseconds window;
};

/// Rate limit. Broker and asset barriers reject the order; account barriers block the account, or in an engine that answers as
/// 0.10 reject the order. All that match apply.
class RateLimit : public detail::Barriers<RateLimit, openpit_rate_limit_barrier> {
public:
    static constexpr std::string_view name = "RateLimitPolicy";

    RateLimit &broker(OrderRate rate) { return add(Axis::Broker, {}, {}, barrier(rate)); }
    RateLimit &asset(Asset settlement, OrderRate rate) { return add(Axis::Asset, {}, settlement, barrier(rate)); }
    RateLimit &account(AccountId account, OrderRate rate) { return add(Axis::Account, account, {}, barrier(rate)); }
    RateLimit &account_asset(AccountId account, Asset settlement, OrderRate rate) {
        return add(Axis::AccountAsset, account, settlement, barrier(rate));
    }

private:
    static openpit_rate_limit_barrier barrier(OrderRate rate) {
        openpit_rate_limit_barrier barrier{};
        barrier.max_orders = rate.max_orders;
        barrier.window_nanoseconds = detail::nanoseconds(rate.window, Status::InvalidWindow);
        return barrier;
    }
};

/// The largest order. Both limits are inclusive, and at least one is needed.
struct OrderSize {
    std::optional<Quantity> max_quantity = {};
    std::optional<Volume> max_notional = {};
    /// The barrier's asset is the underlying for the quantity and the settlement asset for the notional, and no account is
    /// blocked. Otherwise it is the settlement asset for both, in every engine, whichever release it answers as.
    bool per_metric = false;
};

/// Order size. An account-and-asset barrier takes the place of the asset barrier and blocks the account; the broker barrier
/// applies besides.
class OrderSizeLimit : public detail::Barriers<OrderSizeLimit, openpit_order_size_barrier> {
public:
    static constexpr std::string_view name = "OrderSizeLimitPolicy";

    OrderSizeLimit &broker(const OrderSize &size) { return add(Axis::Broker, {}, {}, barrier(size)); }
    OrderSizeLimit &asset(Asset settlement, const OrderSize &size) {
        return add(Axis::Asset, {}, settlement, barrier(size));
    }
    OrderSizeLimit &account_asset(AccountId account, Asset settlement, const OrderSize &size) {
        return add(Axis::AccountAsset, account, settlement, barrier(size));
    }

private:
    static openpit_order_size_barrier barrier(const OrderSize &size) noexcept {
        openpit_order_size_barrier barrier{};
        detail::set_bit(barrier.fields, OPENPIT_SIZE_HAS_QUANTITY, size.max_quantity.has_value());
        detail::set_bit(barrier.fields, OPENPIT_SIZE_HAS_NOTIONAL, size.max_notional.has_value());
        detail::set_bit(barrier.fields, OPENPIT_SIZE_PER_METRIC, size.per_metric);
        barrier.max_quantity = size.max_quantity.value_or(Quantity()).raw();
        barrier.max_notional = size.max_notional.value_or(Volume()).raw();
        return barrier;
    }
};

/// How far a realised P&L may go, both bounds inclusive; one is needed.
struct PnlBounds {
    std::optional<Pnl> lower = {};
    std::optional<Pnl> upper = {};
};

/// P&L kill switch: blocks an account whose realised P&L in a settlement asset leaves its bounds. All that match apply.
class PnlKillSwitch : public detail::Barriers<PnlKillSwitch, openpit_pnl_barrier> {
public:
    static constexpr std::string_view name = "PnlBoundsKillSwitchPolicy";

    /// For each account by itself.
    PnlKillSwitch &broker(Asset settlement, const PnlBounds &bounds) {
        return add(Axis::Broker, {}, settlement, barrier(bounds, {}));
    }
    /// For this account. `initial` is where its P&L starts; only builders take one.
    PnlKillSwitch &account_asset(AccountId account, Asset settlement, const PnlBounds &bounds,
                                 const std::optional<Pnl> &initial = {}) {
        return add(Axis::AccountAsset, account, settlement, barrier(bounds, initial));
    }

private:
    static openpit_pnl_barrier barrier(const PnlBounds &bounds, const std::optional<Pnl> &initial) noexcept {
        openpit_pnl_barrier barrier{};
        detail::set_bit(barrier.fields, OPENPIT_PNL_HAS_LOWER, bounds.lower.has_value());
        detail::set_bit(barrier.fields, OPENPIT_PNL_HAS_UPPER, bounds.upper.has_value());
        detail::set_bit(barrier.fields, OPENPIT_PNL_HAS_INITIAL, initial.has_value());
        barrier.lower = bounds.lower.value_or(Pnl()).raw();
        barrier.upper = bounds.upper.value_or(Pnl()).raw();
        barrier.initial = initial.value_or(Pnl()).raw();
        return barrier;
    }
};

// ---- Spot funds -----------------------------------------------------------------------------------------------------

/// What an order meets when the funds are short: a reject, or a balance below zero.
enum class LimitMode : openpit_limit_mode {
    Enforce = OPENPIT_LIMIT_MODE_ENFORCE,
    TrackOnly = OPENPIT_LIMIT_MODE_TRACK_ONLY,
};

/// Which price of a quote a market order is reserved at. The top of the book is the ask for a buy, the bid for a sell.
enum class PricingSource : openpit_pricing_source {
    Mark = OPENPIT_PRICING_SOURCE_MARK,
    BookTop = OPENPIT_PRICING_SOURCE_BOOK_TOP,
};

/// Whom a setting is for: everybody, a group, or an account. The account's own comes first, then that of its group.
class Target {
public:
    Target() noexcept = default;
    Target(AccountGroupId group) noexcept : kind_(OPENPIT_TARGET_GROUP), group_(group.raw()) {}
    Target(AccountId account) noexcept : kind_(OPENPIT_TARGET_ACCOUNT), account_(account.raw()) {}

    openpit_target kind() const noexcept { return kind_; }
    template <class Struct> Struct raw() const noexcept {
        Struct raw{};
        raw.target = kind_;
        raw.account = account_;
        raw.account_group = group_;
        return raw;
    }

private:
    openpit_target kind_ = OPENPIT_TARGET_ALL;
    openpit_account_group_id group_ = 0;
    openpit_account_id account_ = 0;
};

/// Settings of spot funds. What is not set, and every key that is not named, stays as it is.
class SpotFundsSettings {
public:
    SpotFundsSettings &slippage(std::uint16_t basis_points) noexcept {
        raw_.fields |= OPENPIT_SPOT_FUNDS_HAS_SLIPPAGE;
        raw_.slippage = basis_points;
        return *this;
    }
    SpotFundsSettings &pricing_source(PricingSource source) noexcept {
        raw_.pricing_source = static_cast<openpit_pricing_source>(source);
        return *this;
    }
    SpotFundsSettings &limit_mode(LimitMode mode) noexcept {
        raw_.limit_mode = static_cast<openpit_limit_mode>(mode);
        return *this;
    }
    /// The mode of one account or group; none takes it back.
    SpotFundsSettings &limit_mode(Target target, std::optional<LimitMode> mode) {
        auto pin = target.raw<openpit_limit_mode_pin>();
        if (mode) pin.mode = static_cast<openpit_limit_mode>(*mode);
        lists_.get().pins.push_back(pin);
        return *this;
    }
    /// The slippage of one instrument, for everybody or somebody; none takes it back.
    SpotFundsSettings &slippage(InstrumentId instrument, Target target, std::optional<std::uint16_t> basis_points) {
        auto override = target.raw<openpit_slippage_override>();
        override.instrument = instrument.raw();
        override.is_removed = basis_points ? 0 : 1;
        override.slippage = basis_points.value_or(0);
        lists_.get().overrides.push_back(override);
        return *this;
    }
    /// How large a position may become in either direction; none takes the limit back.
    SpotFundsSettings &position_limit(AccountId account, Asset asset, const std::optional<Quantity> &limit) {
        openpit_position_limit raw{};
        raw.account = account.raw();
        raw.asset = asset.raw();
        raw.is_removed = limit ? 0 : 1;
        raw.limit = limit.value_or(Quantity()).raw();
        lists_.get().limits.push_back(raw);
        return *this;
    }

    /// Borrowed from these settings.
    openpit_spot_funds_settings raw() const & {
        const Lists &lists = lists_.get();
        openpit_spot_funds_settings raw = raw_;
        raw.overrides = lists.overrides.data();
        raw.override_count = lists.overrides.size();
        raw.limit_mode_pins = lists.pins.data();
        raw.limit_mode_pin_count = lists.pins.size();
        raw.position_limits = lists.limits.data();
        raw.position_limit_count = lists.limits.size();
        return raw;
    }
    openpit_spot_funds_settings raw() const && = delete;

private:
    struct Lists {
        std::vector<openpit_slippage_override> overrides;
        std::vector<openpit_limit_mode_pin> pins;
        std::vector<openpit_position_limit> limits;
    };

    openpit_spot_funds_settings raw_ = detail::sized<openpit_spot_funds_settings>();
    detail::Kept<Lists> lists_;
};

/// How far the P&L of accounts may go. Given to Engine::configure they take the place of all barriers for the kinds of
/// targets they name.
class SpotFundsBarriers {
public:
    /// With a currency the barrier judges accounts in that currency, or in none.
    SpotFundsBarriers &add(Target target, const PnlBounds &bounds, std::optional<Asset> currency = {}) {
        auto barrier = target.raw<openpit_spot_funds_barrier>();
        detail::set_bit(barrier.fields, OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER, bounds.lower.has_value());
        detail::set_bit(barrier.fields, OPENPIT_SPOT_FUNDS_BARRIER_HAS_UPPER, bounds.upper.has_value());
        barrier.lower = bounds.lower.value_or(Pnl()).raw();
        barrier.upper = bounds.upper.value_or(Pnl()).raw();
        if (currency) barrier.currency = currency->raw();
        barriers_.get().push_back(barrier);
        return clear(target);
    }
    /// Names a kind of target without a barrier: configuring then empties it.
    SpotFundsBarriers &clear(Target target) noexcept {
        targets_ |= 1u << target.kind();
        return *this;
    }

    std::uint32_t targets() const noexcept { return targets_; }
    const std::vector<openpit_spot_funds_barrier> &raw() const & { return barriers_.get(); }
    const std::vector<openpit_spot_funds_barrier> &raw() const && = delete;

private:
    detail::Kept<std::vector<openpit_spot_funds_barrier>> barriers_;
    std::uint32_t targets_ = 0;
};

/// Spot funds: sets funds aside for orders, settles reports, keeps the realised P&L of positions and accounts.
struct SpotFunds {
    static constexpr std::string_view name = "SpotFundsPolicy";

    SpotFundsSettings settings = {};
    SpotFundsBarriers barriers = {};
    /// Without market data there are limit orders only. The engine keeps them alive.
    const MarketData *market_data = nullptr;
    PolicyGroupId policy_group = 0;
};

} // namespace openpit

#endif
