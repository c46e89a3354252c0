/*
 * openpit/results.hpp: what a call has to say: rejects, blocks, outcomes, account P&Ls, lock prices.
 *
 * What holds for all of them is told in openpit.hpp.
 */
#ifndef OPENPIT_RESULTS_HPP
#define OPENPIT_RESULTS_HPP

#include "records.hpp"
#include "results.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace openpit {

// ---- Results --------------------------------------------------------------------------------------------------------

/// Why somebody said no. What each means is told by message().
enum class RejectCode : openpit_reject_code {
    // generated: reject codes, by tools/generate.py
    MissingRequiredField = OPENPIT_REJECT_MISSING_REQUIRED_FIELD,
    InvalidFieldFormat = OPENPIT_REJECT_INVALID_FIELD_FORMAT,
    InvalidFieldValue = OPENPIT_REJECT_INVALID_FIELD_VALUE,
    UnsupportedOrderType = OPENPIT_REJECT_UNSUPPORTED_ORDER_TYPE,
    UnsupportedTimeInForce = OPENPIT_REJECT_UNSUPPORTED_TIME_IN_FORCE,
    UnsupportedOrderAttribute = OPENPIT_REJECT_UNSUPPORTED_ORDER_ATTRIBUTE,
    DuplicateClientOrderId = OPENPIT_REJECT_DUPLICATE_CLIENT_ORDER_ID,
    TooLateToEnter = OPENPIT_REJECT_TOO_LATE_TO_ENTER,
    ExchangeClosed = OPENPIT_REJECT_EXCHANGE_CLOSED,
    UnknownInstrument = OPENPIT_REJECT_UNKNOWN_INSTRUMENT,
    UnknownAccount = OPENPIT_REJECT_UNKNOWN_ACCOUNT,
    UnknownVenue = OPENPIT_REJECT_UNKNOWN_VENUE,
    UnknownClearingAccount = OPENPIT_REJECT_UNKNOWN_CLEARING_ACCOUNT,
    UnknownCollateralAsset = OPENPIT_REJECT_UNKNOWN_COLLATERAL_ASSET,
    InsufficientFunds = OPENPIT_REJECT_INSUFFICIENT_FUNDS,
    InsufficientMargin = OPENPIT_REJECT_INSUFFICIENT_MARGIN,
    InsufficientPosition = OPENPIT_REJECT_INSUFFICIENT_POSITION,
    CreditLimitExceeded = OPENPIT_REJECT_CREDIT_LIMIT_EXCEEDED,
    RiskLimitExceeded = OPENPIT_REJECT_RISK_LIMIT_EXCEEDED,
    OrderExceedsLimit = OPENPIT_REJECT_ORDER_EXCEEDS_LIMIT,
    OrderQtyExceedsLimit = OPENPIT_REJECT_ORDER_QTY_EXCEEDS_LIMIT,
    OrderNotionalExceedsLimit = OPENPIT_REJECT_ORDER_NOTIONAL_EXCEEDS_LIMIT,
    PositionLimitExceeded = OPENPIT_REJECT_POSITION_LIMIT_EXCEEDED,
    ConcentrationLimitExceeded = OPENPIT_REJECT_CONCENTRATION_LIMIT_EXCEEDED,
    LeverageLimitExceeded = OPENPIT_REJECT_LEVERAGE_LIMIT_EXCEEDED,
    RateLimitExceeded = OPENPIT_REJECT_RATE_LIMIT_EXCEEDED,
    PnlKillSwitchTriggered = OPENPIT_REJECT_PNL_KILL_SWITCH_TRIGGERED,
    AccountBlocked = OPENPIT_REJECT_ACCOUNT_BLOCKED,
    AccountNotAuthorized = OPENPIT_REJECT_ACCOUNT_NOT_AUTHORIZED,
    ComplianceRestriction = OPENPIT_REJECT_COMPLIANCE_RESTRICTION,
    InstrumentRestricted = OPENPIT_REJECT_INSTRUMENT_RESTRICTED,
    JurisdictionRestriction = OPENPIT_REJECT_JURISDICTION_RESTRICTION,
    WashTradePrevention = OPENPIT_REJECT_WASH_TRADE_PREVENTION,
    SelfMatchPrevention = OPENPIT_REJECT_SELF_MATCH_PREVENTION,
    ShortSaleRestriction = OPENPIT_REJECT_SHORT_SALE_RESTRICTION,
    RiskConfigurationMissing = OPENPIT_REJECT_RISK_CONFIGURATION_MISSING,
    ReferenceDataUnavailable = OPENPIT_REJECT_REFERENCE_DATA_UNAVAILABLE,
    OrderValueCalculationFailed = OPENPIT_REJECT_ORDER_VALUE_CALCULATION_FAILED,
    SystemUnavailable = OPENPIT_REJECT_SYSTEM_UNAVAILABLE,
    MarkPriceUnavailable = OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE,
    AccountAdjustmentBoundsExceeded = OPENPIT_REJECT_ACCOUNT_ADJUSTMENT_BOUNDS_EXCEEDED,
    ArithmeticOverflow = OPENPIT_REJECT_ARITHMETIC_OVERFLOW,
    Custom = OPENPIT_REJECT_CUSTOM,
    Other = OPENPIT_REJECT_OTHER,
    // end of generated
};

/// The code's name, such as "OrderQtyExceedsLimit"; a code of a later library is "Other".
inline std::string to_string(RejectCode code) {
    const char *name = openpit_reject_code_name(static_cast<openpit_reject_code>(code));
    return name == nullptr ? openpit_reject_code_name(OPENPIT_REJECT_OTHER) : name;
}
/// What the code means, in a sentence.
inline std::string message(RejectCode code) {
    const char *text = openpit_reject_code_message(static_cast<openpit_reject_code>(code));
    return text == nullptr ? openpit_reject_code_message(OPENPIT_REJECT_OTHER) : text;
}
inline std::ostream &operator<<(std::ostream &stream, RejectCode code) { return stream << to_string(code); }

/// What a reject stops: the order, or the account, which then stays blocked until somebody unblocks it.
enum class RejectScope : openpit_reject_scope { Order = OPENPIT_SCOPE_ORDER, Account = OPENPIT_SCOPE_ACCOUNT };

/// A number the engine can compute for an order or a book; the numbers are told in limits.hpp.
enum class Metric : std::uint8_t;

/// Which bound of a limit was passed.
enum class Bound : openpit_bound {
    Lower = OPENPIT_BOUND_LOWER,
    Upper = OPENPIT_BOUND_UPPER,
};

/**
 * One reject, or one block of an account.
 *
 * Texts are borrowed. Those of a reject that was read from a Result are valid until the result is used again; a reject that
 * you make must not outlive the texts you gave it, and everything that takes one copies them.
 */
class Reject {
public:
    Reject(RejectCode code, RejectScope scope, std::string_view reason, std::string_view details,
           std::uint64_t user_data = 0) noexcept
        : raw_(detail::sized<openpit_reject>()) {
        raw_.code = static_cast<openpit_reject_code>(code);
        raw_.scope = static_cast<openpit_reject_scope>(scope);
        raw_.reason = detail::text(reason);
        raw_.details = detail::text(details);
        raw_.user_data = user_data;
    }
    explicit Reject(const openpit_reject &raw) noexcept : raw_(detail::sized(raw)) {}

    /// Whose block it is. The policy of a reject is filled in by the engine.
    Reject &policy(std::string_view name) noexcept {
        raw_.policy = detail::text(name);
        return *this;
    }

    RejectCode code() const noexcept { return static_cast<RejectCode>(raw_.code); }
    RejectScope scope() const noexcept { return static_cast<RejectScope>(raw_.scope); }
    /// The policy's name, or "Engine".
    std::string_view policy() const noexcept { return detail::view(raw_.policy); }
    std::string_view reason() const noexcept { return detail::view(raw_.reason); }
    std::string_view details() const noexcept { return detail::view(raw_.details); }
    /// 0 unless a custom policy set it.
    std::uint64_t user_data() const noexcept { return raw_.user_data; }

    /// What a limit says besides: the metric and the bound that was passed, the value and the bound, and when the same order
    /// would pass.
    std::optional<Metric> metric() const noexcept {
        if (raw_.metric == 0) return std::nullopt;
        return static_cast<Metric>(raw_.metric);
    }
    std::optional<Bound> bound() const noexcept {
        if (raw_.bound == OPENPIT_BOUND_NONE) return std::nullopt;
        return static_cast<Bound>(raw_.bound);
    }
    std::optional<LimitNumber> value() const noexcept {
        return detail::number<LimitNumber>((raw_.fields & OPENPIT_REJECT_HAS_VALUE) != 0, raw_.value);
    }
    std::optional<LimitNumber> limit() const noexcept {
        return detail::number<LimitNumber>((raw_.fields & OPENPIT_REJECT_HAS_LIMIT) != 0, raw_.limit);
    }
    std::optional<std::chrono::nanoseconds> retry_after() const noexcept {
        if ((raw_.fields & OPENPIT_REJECT_HAS_RETRY_AFTER) == 0) return std::nullopt;
        return std::chrono::nanoseconds(raw_.retry_after);
    }

    const openpit_reject &raw() const & noexcept { return raw_; }
    const openpit_reject &raw() const && = delete;

    /// "OrderSizeLimitPolicy: order quantity exceeded (requested 501, max allowed: 500)".
    friend std::ostream &operator<<(std::ostream &stream, const Reject &reject) {
        return stream << reject.policy() << ": " << reject.reason() << " (" << reject.details() << ')';
    }

private:
    openpit_reject raw_;
};

/// A change and what it led to.
template <class Value> struct Changed {
    Value delta;
    Value absolute;

    friend bool operator==(const Changed &left, const Changed &right) noexcept {
        return left.delta == right.delta && left.absolute == right.absolute;
    }
    friend bool operator!=(const Changed &left, const Changed &right) noexcept { return !(left == right); }
};

namespace detail {

template <class Value> openpit_amount_change raw(const Changed<Value> &change) noexcept {
    return {change.delta.raw(), change.absolute.raw()};
}
template <class Value> std::optional<Changed<Value>> changed(bool present, const openpit_amount_change &raw) noexcept {
    if (!present) return std::nullopt;
    return Changed<Value>{Value(Checked(), raw.delta), Value(Checked(), raw.absolute)};
}

} // namespace detail

/// What happened to one asset of the account. What is not set did not change.
class Outcome {
public:
    explicit Outcome(Asset asset) noexcept : raw_(detail::sized<openpit_outcome>()) { raw_.asset = asset.raw(); }
    explicit Outcome(const openpit_outcome &raw) noexcept : raw_(detail::sized(raw)) {}

    /// Read in report hooks; elsewhere an outcome belongs to the group of the policy that publishes it.
    Outcome &policy_group(PolicyGroupId group) noexcept {
        raw_.policy_group = group;
        return *this;
    }
    Outcome &balance(const Changed<PositionSize> &change) noexcept {
        return set(OPENPIT_OUTCOME_HAS_BALANCE, raw_.balance, detail::raw(change));
    }
    Outcome &held(const Changed<PositionSize> &change) noexcept {
        return set(OPENPIT_OUTCOME_HAS_HELD, raw_.held, detail::raw(change));
    }
    Outcome &incoming(const Changed<PositionSize> &change) noexcept {
        return set(OPENPIT_OUTCOME_HAS_INCOMING, raw_.incoming, detail::raw(change));
    }
    /// Takes the place of a halt reason.
    Outcome &realized_pnl(const Changed<Pnl> &change) noexcept {
        raw_.halt_reason = OPENPIT_HALT_NONE;
        return set(OPENPIT_OUTCOME_HAS_REALIZED_PNL, raw_.realized_pnl, detail::raw(change));
    }
    /// The ledger stopped. Takes the place of a P&L.
    Outcome &realized_pnl(HaltReason reason) noexcept {
        raw_.halt_reason = static_cast<openpit_halt_reason>(reason);
        return set(OPENPIT_OUTCOME_HAS_REALIZED_PNL, raw_.realized_pnl, openpit_amount_change{});
    }
    Outcome &average_entry_price(const Price &price) noexcept {
        return set(OPENPIT_OUTCOME_HAS_AVERAGE_ENTRY_PRICE, raw_.average_entry_price, price.raw());
    }

    std::optional<Asset> asset() const noexcept { return detail::asset(raw_.asset); }
    PolicyGroupId policy_group() const noexcept { return raw_.policy_group; }
    std::optional<Changed<PositionSize>> balance() const noexcept {
        return detail::changed<PositionSize>(has(OPENPIT_OUTCOME_HAS_BALANCE), raw_.balance);
    }
    std::optional<Changed<PositionSize>> held() const noexcept {
        return detail::changed<PositionSize>(has(OPENPIT_OUTCOME_HAS_HELD), raw_.held);
    }
    std::optional<Changed<PositionSize>> incoming() const noexcept {
        return detail::changed<PositionSize>(has(OPENPIT_OUTCOME_HAS_INCOMING), raw_.incoming);
    }
    std::optional<Changed<Pnl>> realized_pnl() const noexcept {
        return detail::changed<Pnl>(has(OPENPIT_OUTCOME_HAS_REALIZED_PNL) && raw_.halt_reason == OPENPIT_HALT_NONE,
                                    raw_.realized_pnl);
    }
    HaltReason halt_reason() const noexcept { return static_cast<HaltReason>(raw_.halt_reason); }
    std::optional<Price> average_entry_price() const noexcept {
        return detail::number<Price>(has(OPENPIT_OUTCOME_HAS_AVERAGE_ENTRY_PRICE), raw_.average_entry_price);
    }

    const openpit_outcome &raw() const & noexcept { return raw_; }
    const openpit_outcome &raw() const && = delete;

private:
    bool has(std::uint32_t bit) const noexcept { return (raw_.fields & bit) != 0; }
    template <class Field> Outcome &set(std::uint32_t bit, Field &field, const Field &value) noexcept {
        detail::set_bit(raw_.fields, bit);
        field = value;
        return *this;
    }

    openpit_outcome raw_;
};
static_assert(sizeof(Outcome) == sizeof(openpit_outcome));

/// What happened to an account's own P&L: it changed, or its ledger stopped.
class AccountPnl {
public:
    AccountPnl(AccountId account, const Changed<Pnl> &change) noexcept : AccountPnl(account) {
        raw_.pnl = detail::raw(change);
    }
    AccountPnl(AccountId account, HaltReason reason) noexcept : AccountPnl(account) {
        raw_.halt_reason = static_cast<openpit_halt_reason>(reason);
    }
    explicit AccountPnl(const openpit_account_pnl &raw) noexcept : raw_(detail::sized(raw)) {}

    AccountPnl &policy_group(PolicyGroupId group) noexcept {
        raw_.policy_group = group;
        return *this;
    }

    AccountId account() const noexcept { return AccountId(raw_.account); }
    PolicyGroupId policy_group() const noexcept { return raw_.policy_group; }
    std::optional<Changed<Pnl>> pnl() const noexcept {
        return detail::changed<Pnl>(raw_.halt_reason == OPENPIT_HALT_NONE, raw_.pnl);
    }
    HaltReason halt_reason() const noexcept { return static_cast<HaltReason>(raw_.halt_reason); }

    const openpit_account_pnl &raw() const & noexcept { return raw_; }
    const openpit_account_pnl &raw() const && = delete;

private:
    explicit AccountPnl(AccountId account) noexcept : raw_(detail::sized<openpit_account_pnl>()) {
        raw_.account = account.raw();
    }

    openpit_account_pnl raw_;
};
static_assert(sizeof(AccountPnl) == sizeof(openpit_account_pnl));

/// The items of one kind in a Result. Valid until the result is used again.
template <class Item> class ResultItems {
public:
    using Read = Item (*)(openpit_result *, std::size_t);

    class iterator {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Item;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = Item;

        iterator(const ResultItems &items, std::size_t index) noexcept : items_(items), index_(index) {}
        Item operator*() const { return items_[index_]; }
        iterator &operator++() noexcept {
            ++index_;
            return *this;
        }
        iterator operator++(int) noexcept {
            iterator before = *this;
            ++index_;
            return before;
        }
        friend bool operator==(const iterator &left, const iterator &right) noexcept {
            return left.index_ == right.index_;
        }
        friend bool operator!=(const iterator &left, const iterator &right) noexcept { return !(left == right); }

    private:
        ResultItems items_;
        std::size_t index_;
    };

    ResultItems(openpit_result *result, std::size_t size, Read read) noexcept
        : result_(result), size_(size), read_(read) {}

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }
    /// Throws for an index that is not below size().
    Item operator[](std::size_t index) const { return read_(result_, index); }
    iterator begin() const noexcept { return {*this, 0}; }
    iterator end() const noexcept { return {*this, size_}; }

private:
    openpit_result *result_;
    std::size_t size_;
    Read read_;
};

/**
 * Holds what a call has to say beyond yes and no.
 *
 * Pass one again and again: each call clears it first and keeps its memory, so steady use allocates nothing. What was read
 * from it is valid until then. One thread at a time, reading included.
 */
class Result {
public:
    Result() {
        openpit_result *result = nullptr;
        detail::require(openpit_result_create(&result));
        handle_ = detail::Owned<openpit_result, openpit_result_destroy>(result);
    }

    void clear() { openpit_result_clear(raw()); }

    /// Rejects in the order of policies, then in the order each policy gave them.
    ResultItems<Reject> rejects() const && = delete;
    ResultItems<Reject> rejects() const & {
        return {raw(), openpit_result_reject_count(raw()), [](openpit_result *result, std::size_t index) {
                    auto reject = detail::sized<openpit_reject>();
                    detail::require(openpit_result_reject(result, index, &reject));
                    return Reject(reject);
                }};
    }
    /// Blocks a report, an adjustment or a configuration asked for, or that a dry run would have made.
    ResultItems<Reject> blocks() const && = delete;
    ResultItems<Reject> blocks() const & {
        return {raw(), openpit_result_block_count(raw()), [](openpit_result *result, std::size_t index) {
                    auto block = detail::sized<openpit_reject>();
                    detail::require(openpit_result_block(result, index, &block));
                    return Reject(block);
                }};
    }
    /// The account of a block that a change of barriers led to. Throws where the call named the account.
    AccountId block_account(std::size_t index) const {
        openpit_account_id account = 0;
        detail::require(openpit_result_block_account(raw(), index, &account));
        return AccountId(account);
    }
    ResultItems<Outcome> outcomes() const && = delete;
    ResultItems<Outcome> outcomes() const & {
        return {raw(), openpit_result_outcome_count(raw()), [](openpit_result *result, std::size_t index) {
                    auto outcome = detail::sized<openpit_outcome>();
                    detail::require(openpit_result_outcome(result, index, &outcome));
                    return Outcome(outcome);
                }};
    }
    ResultItems<AccountPnl> account_pnls() const && = delete;
    ResultItems<AccountPnl> account_pnls() const & {
        return {raw(), openpit_result_account_pnl_count(raw()), [](openpit_result *result, std::size_t index) {
                    auto pnl = detail::sized<openpit_account_pnl>();
                    detail::require(openpit_result_account_pnl(result, index, &pnl));
                    return AccountPnl(pnl);
                }};
    }
    /// A copy of the lock prices: those of group 0 first, then group by group as each was first used.
    Lock lock() const {
        Lock lock;
        const std::size_t count = openpit_result_lock_count(raw());
        for (std::size_t index = 0; index < count; ++index) {
            openpit_lock_entry entry{};
            detail::require(openpit_result_lock_entry(raw(), index, &entry));
            lock.add({entry.policy_group, Price(detail::Checked(), entry.price)});
        }
        return lock;
    }

    openpit_result *raw() const & { return handle_.get(); }
    openpit_result *raw() const && = delete;

private:
    detail::Owned<openpit_result, openpit_result_destroy> handle_;
};

} // namespace openpit

#endif
