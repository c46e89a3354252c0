/*
 * openpit/names.hpp: assets, accounts, groups, and the words that orders and reports are made of.
 *
 * What holds for all of them is told in openpit.hpp.
 */
#ifndef OPENPIT_NAMES_HPP
#define OPENPIT_NAMES_HPP

#include "base.hpp"
#include "names.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string_view>

namespace openpit {

// ---- Names and ids --------------------------------------------------------------------------------------------------

/// A name of an asset, interned: as cheap to copy and compare as a number. Make it once, not on every order.
class Asset {
public:
    explicit Asset(std::string_view name) { detail::require(openpit_asset_intern(detail::text(name), &id_)); }
    Asset(detail::Checked, openpit_asset id) noexcept : id_(id) {}

    /// Valid as long as the library is loaded.
    std::string_view name() const {
        openpit_text name;
        detail::require(openpit_asset_name(id_, &name));
        return detail::view(name);
    }
    openpit_asset raw() const noexcept { return id_; }

    friend bool operator==(Asset left, Asset right) noexcept { return left.id_ == right.id_; }
    friend bool operator!=(Asset left, Asset right) noexcept { return left.id_ != right.id_; }
    friend std::ostream &operator<<(std::ostream &stream, Asset asset) { return stream << asset.name(); }

private:
    openpit_asset id_ = 0;
};

/// A name of a strategy, a trader, a venue, a session, a clearing account or a decision maker: interned as an asset's.
using Name = Asset;

/// What is traded, and what it is paid in.
struct Instrument {
    Asset underlying;
    Asset settlement;

    Instrument(Asset underlying_asset, Asset settlement_asset) noexcept
        : underlying(underlying_asset), settlement(settlement_asset) {}
    Instrument(std::string_view underlying_name, std::string_view settlement_name)
        : underlying(underlying_name), settlement(settlement_name) {}

    friend bool operator==(Instrument left, Instrument right) noexcept {
        return left.underlying == right.underlying && left.settlement == right.settlement;
    }
    friend bool operator!=(Instrument left, Instrument right) noexcept { return !(left == right); }
    /// "AAPL/USD".
    friend std::ostream &operator<<(std::ostream &stream, Instrument instrument) {
        return stream << instrument.underlying << '/' << instrument.settlement;
    }
};

/// An account. Any number is one.
class AccountId {
public:
    explicit constexpr AccountId(std::uint64_t id) noexcept : id_(id) {}
    /// The account a text stands for, by its 64-bit hash.
    explicit AccountId(std::string_view text) {
        detail::require(openpit_account_id_from_text(detail::text(text), &id_));
    }

    constexpr std::uint64_t raw() const noexcept { return id_; }

    friend constexpr bool operator==(AccountId left, AccountId right) noexcept { return left.id_ == right.id_; }
    friend constexpr bool operator!=(AccountId left, AccountId right) noexcept { return left.id_ != right.id_; }
    friend std::ostream &operator<<(std::ostream &stream, AccountId account) { return stream << account.id_; }

private:
    openpit_account_id id_ = 0;
};

/// A group of accounts.
class AccountGroupId {
public:
    /// The default group, to which every account without a group belongs.
    constexpr AccountGroupId() noexcept = default;
    explicit constexpr AccountGroupId(std::uint32_t id) noexcept : id_(id) {}
    /// The group a text stands for, by its 32-bit hash.
    explicit AccountGroupId(std::string_view text) {
        detail::require(openpit_account_group_id_from_text(detail::text(text), &id_));
    }

    constexpr std::uint32_t raw() const noexcept { return id_; }

    friend constexpr bool operator==(AccountGroupId left, AccountGroupId right) noexcept {
        return left.id_ == right.id_;
    }
    friend constexpr bool operator!=(AccountGroupId left, AccountGroupId right) noexcept { return !(left == right); }
    friend std::ostream &operator<<(std::ostream &stream, AccountGroupId group) { return stream << group.id_; }

private:
    openpit_account_group_id id_ = OPENPIT_DEFAULT_ACCOUNT_GROUP;
};

/// Which policy a lock price or an outcome belongs to. 0 may be shared; any other number names one policy.
using PolicyGroupId = openpit_policy_group_id;

enum class Side : openpit_side { None = OPENPIT_SIDE_NONE, Buy = OPENPIT_SIDE_BUY, Sell = OPENPIT_SIDE_SELL };

/// Which of the two positions of a hedged account is meant.
enum class PositionSide : openpit_position_side {
    None = OPENPIT_POSITION_SIDE_NONE,
    Long = OPENPIT_POSITION_SIDE_LONG,
    Short = OPENPIT_POSITION_SIDE_SHORT,
};

/// Whether a trade opens or closes a position.
enum class PositionEffect : openpit_position_effect {
    None = OPENPIT_POSITION_EFFECT_NONE,
    Open = OPENPIT_POSITION_EFFECT_OPEN,
    Close = OPENPIT_POSITION_EFFECT_CLOSE,
};

/// How an order is to be priced. Not said: limit with a price, else market.
enum class OrderType : openpit_order_type {
    None = OPENPIT_ORDER_TYPE_NONE,
    Limit = OPENPIT_ORDER_TYPE_LIMIT,
    Market = OPENPIT_ORDER_TYPE_MARKET,
    Stop = OPENPIT_ORDER_TYPE_STOP,
    StopLimit = OPENPIT_ORDER_TYPE_STOP_LIMIT,
};

/// How long an order stands.
enum class TimeInForce : openpit_time_in_force {
    None = OPENPIT_TIME_IN_FORCE_NONE,
    Day = OPENPIT_TIME_IN_FORCE_DAY,
    Gtc = OPENPIT_TIME_IN_FORCE_GTC,
    Ioc = OPENPIT_TIME_IN_FORCE_IOC,
    Fok = OPENPIT_TIME_IN_FORCE_FOK,
    Gtd = OPENPIT_TIME_IN_FORCE_GTD,
    AtOpen = OPENPIT_TIME_IN_FORCE_AT_OPEN,
    AtClose = OPENPIT_TIME_IN_FORCE_AT_CLOSE,
};

/// How a sell is marked; None is long.
enum class ShortMark : std::uint8_t { None, Short, ShortExempt };

/// What a report says became of its order. Not said: fill with a trade, else done if final, else accepted.
enum class ReportEvent : openpit_report_event {
    None = OPENPIT_EVENT_NONE,
    Accepted = OPENPIT_EVENT_ACCEPTED,
    Rejected = OPENPIT_EVENT_REJECTED,
    Replaced = OPENPIT_EVENT_REPLACED,
    ReplaceRejected = OPENPIT_EVENT_REPLACE_REJECTED,
    Cancelled = OPENPIT_EVENT_CANCELLED,
    Expired = OPENPIT_EVENT_EXPIRED,
    Done = OPENPIT_EVENT_DONE,
    Fill = OPENPIT_EVENT_FILL,
    Restated = OPENPIT_EVENT_RESTATED,
    TradeCancel = OPENPIT_EVENT_TRADE_CANCEL,
};

/// Whether an account has one position in an instrument or one a side.
enum class PositionMode : openpit_position_mode {
    None = OPENPIT_POSITION_MODE_NONE,
    Netting = OPENPIT_POSITION_MODE_NETTING,
    Hedged = OPENPIT_POSITION_MODE_HEDGED,
};

/// Why a P&L ledger stopped computing.
enum class HaltReason : openpit_halt_reason {
    None = OPENPIT_HALT_NONE,
    MissingFx = OPENPIT_HALT_MISSING_FX,
    MissingAccountCurrency = OPENPIT_HALT_MISSING_ACCOUNT_CURRENCY,
    MissingInitialPnl = OPENPIT_HALT_MISSING_INITIAL_PNL,
    MissingCostBasis = OPENPIT_HALT_MISSING_COST_BASIS,
    ArithmeticOverflow = OPENPIT_HALT_ARITHMETIC_OVERFLOW,
};

/// Buy becomes sell and sell becomes buy.
constexpr Side opposite(Side side) noexcept {
    return side == Side::Buy ? Side::Sell : side == Side::Sell ? Side::Buy : Side::None;
}
/// Long becomes short and short becomes long.
constexpr PositionSide opposite(PositionSide side) noexcept {
    return side == PositionSide::Long    ? PositionSide::Short
           : side == PositionSide::Short ? PositionSide::Long
                                         : PositionSide::None;
}

namespace detail {

inline std::optional<Asset> asset(openpit_asset id) noexcept {
    if (id == 0) return std::nullopt;
    return Asset(Checked(), id);
}
inline std::optional<Instrument> instrument(openpit_asset underlying, openpit_asset settlement) noexcept {
    if (underlying == 0 || settlement == 0) return std::nullopt;
    return Instrument(Asset(Checked(), underlying), Asset(Checked(), settlement));
}

} // namespace detail

} // namespace openpit

// ---- Hashes ---------------------------------------------------------------------------------------------------------

template <> struct std::hash<openpit::Asset> {
    std::size_t operator()(openpit::Asset asset) const noexcept { return std::hash<std::uint32_t>()(asset.raw()); }
};
template <> struct std::hash<openpit::Instrument> {
    std::size_t operator()(openpit::Instrument instrument) const noexcept {
        const std::uint64_t both =
            static_cast<std::uint64_t>(instrument.underlying.raw()) << 32 | instrument.settlement.raw();
        return std::hash<std::uint64_t>()(both);
    }
};
template <> struct std::hash<openpit::AccountId> {
    std::size_t operator()(openpit::AccountId account) const noexcept {
        return std::hash<std::uint64_t>()(account.raw());
    }
};
template <> struct std::hash<openpit::AccountGroupId> {
    std::size_t operator()(openpit::AccountGroupId group) const noexcept {
        return std::hash<std::uint32_t>()(group.raw());
    }
};

#endif
