/*
 * openpit/limits.hpp: limits: what they bound and for whom, how they are added, and what they say.
 *
 * What holds for all of them is told in openpit.hpp.
 */
#ifndef OPENPIT_LIMITS_HPP
#define OPENPIT_LIMITS_HPP

#include "engine.hpp"
#include "limits.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace openpit {

// ---- Metrics --------------------------------------------------------------------------------------------------------

/// A number the engine can compute for an order or a book.
enum class Metric : openpit_metric {
    // generated: metrics, by tools/generate.py
    OrderQuantity = OPENPIT_METRIC_ORDER_QUANTITY,
    OrderNotional = OPENPIT_METRIC_ORDER_NOTIONAL,
    PriceTick = OPENPIT_METRIC_PRICE_TICK,
    QuantityStep = OPENPIT_METRIC_QUANTITY_STEP,
    PriceCollar = OPENPIT_METRIC_PRICE_COLLAR,
    PriceCollarAbsolute = OPENPIT_METRIC_PRICE_COLLAR_ABSOLUTE,
    PriceBand = OPENPIT_METRIC_PRICE_BAND,
    MarketOrderSpread = OPENPIT_METRIC_MARKET_ORDER_SPREAD,
    DecisionDrift = OPENPIT_METRIC_DECISION_DRIFT,
    OrderAdvRatio = OPENPIT_METRIC_ORDER_ADV_RATIO,
    OrderDepthRatio = OPENPIT_METRIC_ORDER_DEPTH_RATIO,
    ClientOrderId = OPENPIT_METRIC_CLIENT_ORDER_ID,
    DuplicateOrders = OPENPIT_METRIC_DUPLICATE_ORDERS,
    MessageRate = OPENPIT_METRIC_MESSAGE_RATE,
    RepeatedExecutions = OPENPIT_METRIC_REPEATED_EXECUTIONS,
    RejectRate = OPENPIT_METRIC_REJECT_RATE,
    OrderToTrade = OPENPIT_METRIC_ORDER_TO_TRADE,
    WorkingOrders = OPENPIT_METRIC_WORKING_ORDERS,
    WorkingNotional = OPENPIT_METRIC_WORKING_NOTIONAL,
    PositionNet = OPENPIT_METRIC_POSITION_NET,
    PositionLong = OPENPIT_METRIC_POSITION_LONG,
    PositionShort = OPENPIT_METRIC_POSITION_SHORT,
    PositionCount = OPENPIT_METRIC_POSITION_COUNT,
    PositionHeld = OPENPIT_METRIC_POSITION_HELD,
    GrossExposure = OPENPIT_METRIC_GROSS_EXPOSURE,
    NetExposure = OPENPIT_METRIC_NET_EXPOSURE,
    LongExposure = OPENPIT_METRIC_LONG_EXPOSURE,
    ShortExposure = OPENPIT_METRIC_SHORT_EXPOSURE,
    Leverage = OPENPIT_METRIC_LEVERAGE,
    Concentration = OPENPIT_METRIC_CONCENTRATION,
    Credit = OPENPIT_METRIC_CREDIT,
    InitialMarginExcess = OPENPIT_METRIC_INITIAL_MARGIN_EXCESS,
    MaintenanceMarginExcess = OPENPIT_METRIC_MAINTENANCE_MARGIN_EXCESS,
    AccumulatedNotional = OPENPIT_METRIC_ACCUMULATED_NOTIONAL,
    AccumulatedQuantity = OPENPIT_METRIC_ACCUMULATED_QUANTITY,
    Participation = OPENPIT_METRIC_PARTICIPATION,
    RealizedPnl = OPENPIT_METRIC_REALIZED_PNL,
    RealizedPnlRatio = OPENPIT_METRIC_REALIZED_PNL_RATIO,
    TotalPnl = OPENPIT_METRIC_TOTAL_PNL,
    TotalPnlRatio = OPENPIT_METRIC_TOTAL_PNL_RATIO,
    UnrealizedPnl = OPENPIT_METRIC_UNREALIZED_PNL,
    Drawdown = OPENPIT_METRIC_DRAWDOWN,
    DrawdownRatio = OPENPIT_METRIC_DRAWDOWN_RATIO,
    Equity = OPENPIT_METRIC_EQUITY,
    ValueAtRisk = OPENPIT_METRIC_VALUE_AT_RISK,
    SuppliedFigure = OPENPIT_METRIC_SUPPLIED_FIGURE,
    SelfTrade = OPENPIT_METRIC_SELF_TRADE,
    ShortMarking = OPENPIT_METRIC_SHORT_MARKING,
    ShortLocate = OPENPIT_METRIC_SHORT_LOCATE,
    BorrowFee = OPENPIT_METRIC_BORROW_FEE,
    ShortPriceTest = OPENPIT_METRIC_SHORT_PRICE_TEST,
    // end of generated
};

// ---- Words of limits ------------------------------------------------------------------------------------------------

// generated: words, by tools/generate.py
/// What a breach does.
enum class LimitAction : openpit_limit_action {
    Notify = OPENPIT_LIMIT_ACTION_NOTIFY,
    Reject = OPENPIT_LIMIT_ACTION_REJECT,
    Throttle = OPENPIT_LIMIT_ACTION_THROTTLE,
    BlockAccount = OPENPIT_LIMIT_ACTION_BLOCK_ACCOUNT,
    ReduceOnly = OPENPIT_LIMIT_ACTION_REDUCE_ONLY,
    Halt = OPENPIT_LIMIT_ACTION_HALT,
};

/// What a limit may be for, in canonical order.
enum class ScopeKey : openpit_scope_key {
    Account = OPENPIT_SCOPE_KEY_ACCOUNT,
    Group = OPENPIT_SCOPE_KEY_GROUP,
    Strategy = OPENPIT_SCOPE_KEY_STRATEGY,
    Trader = OPENPIT_SCOPE_KEY_TRADER,
    Session = OPENPIT_SCOPE_KEY_SESSION,
    Venue = OPENPIT_SCOPE_KEY_VENUE,
    Instrument = OPENPIT_SCOPE_KEY_INSTRUMENT,
    Underlying = OPENPIT_SCOPE_KEY_UNDERLYING,
    Settlement = OPENPIT_SCOPE_KEY_SETTLEMENT,
    Class = OPENPIT_SCOPE_KEY_CLASS,
};

/// A time that begins with a roll of the calendar.
enum class LimitPeriod : openpit_limit_period {
    Day = OPENPIT_LIMIT_PERIOD_DAY,
    Week = OPENPIT_LIMIT_PERIOD_WEEK,
    Month = OPENPIT_LIMIT_PERIOD_MONTH,
    All = OPENPIT_LIMIT_PERIOD_ALL,
};

/// How a latch ends.
enum class LimitRelease : openpit_limit_release {
    Manual = OPENPIT_LIMIT_RELEASE_MANUAL,
    Auto = OPENPIT_LIMIT_RELEASE_AUTO,
    NextPeriod = OPENPIT_LIMIT_RELEASE_NEXT_PERIOD,
    After = OPENPIT_LIMIT_RELEASE_AFTER,
};

/// What may be traded; the most severe that matches an order counts.
enum class TradingState : openpit_trading_state {
    Active = OPENPIT_TRADING_STATE_ACTIVE,
    Reducing = OPENPIT_TRADING_STATE_REDUCING,
    Halted = OPENPIT_TRADING_STATE_HALTED,
};

/// Where in its day a market is.
enum class SessionPhase : openpit_phase {
    Closed = OPENPIT_PHASE_CLOSED,
    Pre = OPENPIT_PHASE_PRE,
    Auction = OPENPIT_PHASE_AUCTION,
    Continuous = OPENPIT_PHASE_CONTINUOUS,
    Post = OPENPIT_PHASE_POST,
    Halt = OPENPIT_PHASE_HALT,
};

/// What a permission is about; a row gives one reject, for the first of them.
enum class PermissionAspect : openpit_aspect {
    Instruments = OPENPIT_ASPECT_INSTRUMENTS,
    Classes = OPENPIT_ASPECT_CLASSES,
    OrderTypes = OPENPIT_ASPECT_ORDER_TYPES,
    TimeInForce = OPENPIT_ASPECT_TIME_IN_FORCE,
    Attributes = OPENPIT_ASPECT_ATTRIBUTES,
    Strategies = OPENPIT_ASPECT_STRATEGIES,
    Traders = OPENPIT_ASPECT_TRADERS,
    Venues = OPENPIT_ASPECT_VENUES,
    Sides = OPENPIT_ASPECT_SIDES,
    Short = OPENPIT_ASPECT_SHORT,
};

/// What an order may ask for besides, and a permission may deny.
enum class OrderAttribute : openpit_attribute {
    PostOnly = OPENPIT_ATTRIBUTE_POST_ONLY,
    DisplayQuantity = OPENPIT_ATTRIBUTE_DISPLAY_QUANTITY,
    ReduceOnly = OPENPIT_ATTRIBUTE_REDUCE_ONLY,
    ClosePosition = OPENPIT_ATTRIBUTE_CLOSE_POSITION,
    AutoBorrow = OPENPIT_ATTRIBUTE_AUTO_BORROW,
};

/// Lists that may be complete, in the order in which they are asked.
enum class KnownList : openpit_known {
    Accounts = OPENPIT_KNOWN_ACCOUNTS,
    Instruments = OPENPIT_KNOWN_INSTRUMENTS,
    Venues = OPENPIT_KNOWN_VENUES,
    ClearingAccounts = OPENPIT_KNOWN_CLEARING_ACCOUNTS,
    Assets = OPENPIT_KNOWN_ASSETS,
    Strategies = OPENPIT_KNOWN_STRATEGIES,
    Traders = OPENPIT_KNOWN_TRADERS,
};

/// Numbers from outside, each with a time.
enum class InputKind : openpit_input {
    Last = OPENPIT_INPUT_LAST,
    Close = OPENPIT_INPUT_CLOSE,
    Theoretical = OPENPIT_INPUT_THEORETICAL,
    BandLow = OPENPIT_INPUT_BAND_LOW,
    BandHigh = OPENPIT_INPUT_BAND_HIGH,
    Adv = OPENPIT_INPUT_ADV,
    MarketVolume = OPENPIT_INPUT_MARKET_VOLUME,
    BidDepth = OPENPIT_INPUT_BID_DEPTH,
    AskDepth = OPENPIT_INPUT_ASK_DEPTH,
    BorrowFee = OPENPIT_INPUT_BORROW_FEE,
    Ssr = OPENPIT_INPUT_SSR,
    Halted = OPENPIT_INPUT_HALTED,
    Phase = OPENPIT_INPUT_PHASE,
    Var = OPENPIT_INPUT_VAR,
    MarginRequired = OPENPIT_INPUT_MARGIN_REQUIRED,
    Figure = OPENPIT_INPUT_FIGURE,
};

/// What an engine tells besides its answers.
enum class EventKind : openpit_event_kind {
    Warn = OPENPIT_EVENT_KIND_WARN,
    Clear = OPENPIT_EVENT_KIND_CLEAR,
    Breach = OPENPIT_EVENT_KIND_BREACH,
    State = OPENPIT_EVENT_KIND_STATE,
    Release = OPENPIT_EVENT_KIND_RELEASE,
    Roll = OPENPIT_EVENT_KIND_ROLL,
    Missing = OPENPIT_EVENT_KIND_MISSING,
    Override = OPENPIT_EVENT_KIND_OVERRIDE,
    Change = OPENPIT_EVENT_KIND_CHANGE,
    Overfill = OPENPIT_EVENT_KIND_OVERFILL,
    LateFill = OPENPIT_EVENT_KIND_LATE_FILL,
    UnknownFill = OPENPIT_EVENT_KIND_UNKNOWN_FILL,
    DuplicateExecution = OPENPIT_EVENT_KIND_DUPLICATE_EXECUTION,
    Restated = OPENPIT_EVENT_KIND_RESTATED,
    Rebase = OPENPIT_EVENT_KIND_REBASE,
    LocateExpired = OPENPIT_EVENT_KIND_LOCATE_EXPIRED,
    HeartbeatLost = OPENPIT_EVENT_KIND_HEARTBEAT_LOST,
    Calendar = OPENPIT_EVENT_KIND_CALENDAR,
};
// end of generated

// ---- Parameters -----------------------------------------------------------------------------------------------------

/// What the limits of single metrics say besides.
enum class LimitParameter : openpit_limit_parameter {
    // generated: parameters, by tools/generate.py
    Reference = OPENPIT_PARAMETER_REFERENCE,
    Side = OPENPIT_PARAMETER_SIDE,
    Capacity = OPENPIT_PARAMETER_CAPACITY,
    OnRepeat = OPENPIT_PARAMETER_ON_REPEAT,
    Fields = OPENPIT_PARAMETER_FIELDS,
    Kinds = OPENPIT_PARAMETER_KINDS,
    Algorithm = OPENPIT_PARAMETER_ALGORITHM,
    Burst = OPENPIT_PARAMETER_BURST,
    CountMessages = OPENPIT_PARAMETER_COUNT_MESSAGES,
    CancelReserve = OPENPIT_PARAMETER_CANCEL_RESERVE,
    CountExecutions = OPENPIT_PARAMETER_COUNT_EXECUTIONS,
    OfRejects = OPENPIT_PARAMETER_OF_REJECTS,
    Per = OPENPIT_PARAMETER_PER,
    MinCount = OPENPIT_PARAMETER_MIN_COUNT,
    OfTotal = OPENPIT_PARAMETER_OF_TOTAL,
    Model = OPENPIT_PARAMETER_MODEL,
    MinVolume = OPENPIT_PARAMETER_MIN_VOLUME,
    Owner = OPENPIT_PARAMETER_OWNER,
    Mode = OPENPIT_PARAMETER_MODE,
    Input = OPENPIT_PARAMETER_INPUT,
    // end of generated
};

// ---- Scopes ---------------------------------------------------------------------------------------------------------

/// Which orders a limit looks at, and per what it counts. Without a key it is for the firm.
class Scope {
public:
    Scope() noexcept : raw_{} {}
    explicit Scope(const openpit_scope &raw) noexcept : raw_(raw) {}

    /// Each value of a key by itself.
    Scope &each(ScopeKey key) noexcept {
        raw_.each = static_cast<std::uint16_t>(raw_.each | bit(key));
        return add(key);
    }
    /// Each class of a kind by itself, such as each sector.
    Scope &each_class(Name kind) noexcept {
        raw_.class_kind = kind.raw();
        return each(ScopeKey::Class);
    }
    Scope &account(AccountId account) noexcept {
        raw_.account = account.raw();
        return add(ScopeKey::Account);
    }
    Scope &group(AccountGroupId group) noexcept {
        raw_.group = group.raw();
        return add(ScopeKey::Group);
    }
    Scope &strategy(Name name) noexcept { return set(raw_.strategy, name, ScopeKey::Strategy); }
    Scope &trader(Name name) noexcept { return set(raw_.trader, name, ScopeKey::Trader); }
    Scope &session(Name name) noexcept { return set(raw_.session, name, ScopeKey::Session); }
    Scope &venue(Name name) noexcept { return set(raw_.venue, name, ScopeKey::Venue); }
    Scope &underlying(Asset asset) noexcept { return set(raw_.underlying, asset, ScopeKey::Underlying); }
    Scope &settlement(Asset asset) noexcept { return set(raw_.settlement, asset, ScopeKey::Settlement); }
    Scope &instrument(Instrument instrument) noexcept {
        raw_.instrument_underlying = instrument.underlying.raw();
        return set(raw_.instrument_settlement, instrument.settlement, ScopeKey::Instrument);
    }
    Scope &class_of(Name kind, Name name) noexcept {
        raw_.class_kind = kind.raw();
        return set(raw_.class_name, name, ScopeKey::Class);
    }

    bool has(ScopeKey key) const noexcept { return (raw_.keys & bit(key)) != 0; }
    /// Whether it stands for each value of a key.
    bool is_each(ScopeKey key) const noexcept { return (raw_.each & bit(key)) != 0; }
    std::optional<AccountId> account() const noexcept {
        if (!has(ScopeKey::Account) || is_each(ScopeKey::Account)) return std::nullopt;
        return AccountId(raw_.account);
    }

    /// Everything there is to read, by name.
    const openpit_scope &raw() const & noexcept { return raw_; }
    const openpit_scope &raw() const && = delete;

private:
    static unsigned bit(ScopeKey key) noexcept { return 1u << static_cast<unsigned>(key); }
    Scope &add(ScopeKey key) noexcept {
        raw_.keys = static_cast<std::uint16_t>(raw_.keys | bit(key));
        return *this;
    }
    Scope &set(openpit_name &field, Name name, ScopeKey key) noexcept {
        field = name.raw();
        return add(key);
    }

    openpit_scope raw_;
};

// ---- Limits ---------------------------------------------------------------------------------------------------------

/// Where a number comes from that the engine does not make itself.
enum class Source : openpit_source {
    Last = OPENPIT_SOURCE_LAST,
    Close = OPENPIT_SOURCE_CLOSE,
    Theoretical = OPENPIT_SOURCE_THEORETICAL,
    Mark = OPENPIT_SOURCE_MARK,
    Bid = OPENPIT_SOURCE_BID,
    Ask = OPENPIT_SOURCE_ASK,
    Mid = OPENPIT_SOURCE_MID,
    Touch = OPENPIT_SOURCE_TOUCH, ///< The ask for a buy, the bid for a sell.
    BandLow = OPENPIT_SOURCE_BAND_LOW,
    BandHigh = OPENPIT_SOURCE_BAND_HIGH,
    Adv = OPENPIT_SOURCE_ADV,
    MarketVolume = OPENPIT_SOURCE_MARKET_VOLUME,
    BidDepth = OPENPIT_SOURCE_BID_DEPTH,
    AskDepth = OPENPIT_SOURCE_ASK_DEPTH,
    BorrowFee = OPENPIT_SOURCE_BORROW_FEE,
    Ssr = OPENPIT_SOURCE_SSR,
    Halted = OPENPIT_SOURCE_HALTED,
    Phase = OPENPIT_SOURCE_PHASE,
    Var = OPENPIT_SOURCE_VAR,
    MarginRequired = OPENPIT_SOURCE_MARGIN_REQUIRED,
    Figure = OPENPIT_SOURCE_FIGURE, ///< The user's own.
};

/// One record that bounds one metric for one scope. Bounds are inclusive, unless it is strict. What cannot be is thrown by the builder.
class Limit {
public:
    Limit(Metric metric, Name name) noexcept : raw_(detail::sized<openpit_limit>()) {
        raw_.metric = static_cast<openpit_metric>(metric);
        raw_.name = name.raw();
    }

    Limit &lower(const LimitNumber &bound) noexcept { return bounded(OPENPIT_LIMIT_HAS_LOWER, raw_.lower, bound); }
    Limit &upper(const LimitNumber &bound) noexcept { return bounded(OPENPIT_LIMIT_HAS_UPPER, raw_.upper, bound); }
    /// Measured and shown, never breached.
    Limit &unlimited() noexcept { return flagged(OPENPIT_LIMIT_UNLIMITED); }
    /// No override passes it.
    Limit &hard() noexcept { return flagged(OPENPIT_LIMIT_HARD); }
    /// A value at a bound breaches it, for systems whose rule that is.
    Limit &strict() noexcept { return flagged(OPENPIT_LIMIT_STRICT); }
    /// An order passes it without the data it needs.
    Limit &passes_without_data() noexcept { return flagged(OPENPIT_LIMIT_PASSES_WITHOUT_DATA); }
    Limit &scope(const Scope &scope) noexcept {
        raw_.scope = scope.raw();
        return *this;
    }
    /// The unit of a metric of money.
    Limit &currency(Asset asset) noexcept {
        raw_.currency = asset.raw();
        return *this;
    }
    Limit &window(std::chrono::nanoseconds duration) {
        raw_.window_nanoseconds = detail::nanoseconds(duration, Status::InvalidWindow);
        return *this;
    }
    Limit &period(LimitPeriod period) noexcept {
        raw_.period = static_cast<openpit_limit_period>(period);
        return *this;
    }
    /// What a breach does.
    Limit &action(LimitAction action) noexcept {
        raw_.action = static_cast<openpit_limit_action>(action);
        return *this;
    }
    /// What happens at a fraction of the bound. Throws for the fifth.
    Limit &stage(const LimitNumber &at, LimitAction action) {
        if (raw_.stage_count == OPENPIT_LIMIT_STAGE_COUNT_MAX) throw Error(Status::InvalidArgument);
        openpit_limit_stage &stage = raw_.stages[raw_.stage_count++];
        stage.at = at.raw();
        stage.action = static_cast<openpit_limit_action>(action);
        return *this;
    }
    Limit &hysteresis(const LimitNumber &share) noexcept {
        raw_.hysteresis = share.raw();
        return *this;
    }
    /// Observations in a row that must see a breach before it latches.
    Limit &confirm(std::uint32_t count) noexcept {
        raw_.confirm = count;
        return *this;
    }
    /// How many orders pass in which time, for the action of that name.
    Limit &throttle(std::uint64_t orders, std::chrono::nanoseconds window) {
        raw_.throttle_upper = orders;
        raw_.throttle_window = detail::nanoseconds(window, Status::InvalidWindow);
        return *this;
    }
    Limit &release(LimitRelease release) noexcept {
        raw_.release = static_cast<openpit_limit_release>(release);
        return *this;
    }
    Limit &release_after(std::chrono::nanoseconds duration) {
        raw_.release_after = detail::nanoseconds(duration, Status::InvalidArgument);
        return release(LimitRelease::After);
    }
    /// What a release has to name.
    Limit &release_role(Name role) noexcept {
        raw_.release_role = role.raw();
        return *this;
    }
    /// Something of the metric's own: a number, that of a choice, or the bits of a set or chain.
    Limit &parameter(LimitParameter parameter, const LimitNumber &value) {
        openpit_limit_argument argument{};
        argument.parameter = static_cast<openpit_limit_parameter>(parameter);
        argument.value = value.raw();
        parameters_.push_back(argument);
        return *this;
    }
    /// The first fresh one of these is the reference price.
    Limit &reference(const std::vector<Source> &sources) {
        std::uint64_t chain = 0;
        unsigned shift = 0;
        for (const Source source : sources) {
            if (shift == 32 || source > Source::Touch) throw Error(Status::InvalidArgument);
            chain |= std::uint64_t(source) << shift;
            shift += 4;
        }
        return parameter(LimitParameter::Reference, LimitNumber(chain));
    }
    /// The figure of the user's own that is judged, without the x. in front.
    Limit &input(Name figure) {
        openpit_limit_argument argument{};
        argument.parameter = OPENPIT_PARAMETER_INPUT;
        argument.name = figure.raw();
        parameters_.push_back(argument);
        return *this;
    }
    /// How old a number from outside may become.
    Limit &max_age(Source source, std::chrono::nanoseconds age) {
        openpit_max_age item{};
        item.source = static_cast<openpit_source>(source);
        item.nanoseconds = detail::nanoseconds(age, Status::InvalidArgument);
        max_ages_.push_back(item);
        return *this;
    }

    /// The C record, whose arrays are those of this object.
    openpit_limit raw() const & noexcept {
        openpit_limit raw = raw_;
        raw.parameters = parameters_.data();
        raw.parameter_count = parameters_.size();
        raw.max_ages = max_ages_.data();
        raw.max_age_count = max_ages_.size();
        return raw;
    }
    openpit_limit raw() const && = delete;

private:
    Limit &bounded(std::uint32_t field, openpit_decimal &bound, const LimitNumber &value) noexcept {
        raw_.fields |= field;
        bound = value.raw();
        return *this;
    }
    Limit &flagged(std::uint32_t flag) noexcept {
        raw_.flags |= flag;
        return *this;
    }

    openpit_limit raw_;
    std::vector<openpit_limit_argument> parameters_;
    std::vector<openpit_max_age> max_ages_;
};

inline EngineBuilder &EngineBuilder::add(const Limit &limit) {
    const openpit_limit record = limit.raw();
    detail::require_with_error(
        [&](openpit_error *error) { return openpit_engine_builder_add_limits(raw(), &record, 1, error); });
    return *this;
}

// ---- What an engine says --------------------------------------------------------------------------------------------

/// A limit in force for one key, and how much of it is used.
class LimitStatus {
public:
    explicit LimitStatus(const openpit_limit_status &raw) noexcept : raw_(detail::sized(raw)) {}

    Name name() const noexcept { return {detail::Checked(), raw_.name}; }
    Metric metric() const noexcept { return static_cast<Metric>(raw_.metric); }
    LimitAction action() const noexcept { return static_cast<LimitAction>(raw_.action); }
    Scope scope() const noexcept { return Scope(raw_.scope); }
    /// What it has latched for this key.
    TradingState state() const noexcept { return static_cast<TradingState>(raw_.state); }
    std::optional<LimitNumber> lower() const noexcept { return figure(OPENPIT_LIMIT_HAS_LOWER, raw_.lower); }
    std::optional<LimitNumber> upper() const noexcept { return figure(OPENPIT_LIMIT_HAS_UPPER, raw_.upper); }
    /// The value now, with the upper bound, and with the lower one of a metric that has two sides.
    std::optional<LimitNumber> used() const noexcept { return figure(OPENPIT_LIMIT_STATUS_HAS_USED, raw_.used); }
    std::optional<LimitNumber> used_low() const noexcept {
        return figure(OPENPIT_LIMIT_STATUS_HAS_USED_LOW, raw_.used_low);
    }
    /// To the nearer bound; below 0 when that is passed.
    std::optional<LimitNumber> headroom() const noexcept {
        return figure(OPENPIT_LIMIT_STATUS_HAS_HEADROOM, raw_.headroom);
    }
    std::optional<LimitNumber> utilization() const noexcept {
        return figure(OPENPIT_LIMIT_STATUS_HAS_UTILIZATION, raw_.utilization);
    }
    /// The highest stage that was entered.
    std::optional<LimitNumber> stage() const noexcept { return figure(OPENPIT_LIMIT_STATUS_HAS_STAGE, raw_.stage); }
    bool is_breached() const noexcept { return (raw_.fields & OPENPIT_LIMIT_STATUS_IS_BREACHED) != 0; }

    const openpit_limit_status &raw() const & noexcept { return raw_; }
    const openpit_limit_status &raw() const && = delete;

private:
    std::optional<LimitNumber> figure(std::uint32_t field, const openpit_decimal &raw) const noexcept {
        return detail::number<LimitNumber>((raw_.fields & field) != 0, raw);
    }

    openpit_limit_status raw_;
};

/// What a limit makes of an order.
enum class LookVerdict : openpit_look_verdict {
    Pass = OPENPIT_LOOK_PASS,
    Warn = OPENPIT_LOOK_WARN, ///< Passes, and enters a stage.
    Reject = OPENPIT_LOOK_REJECT,
    Overridden = OPENPIT_LOOK_OVERRIDDEN,
    Skip = OPENPIT_LOOK_SKIP, ///< Not judged.
};

/// How one limit looks at an order.
class Look {
public:
    explicit Look(const openpit_look &raw)
        : raw_(detail::sized(raw)), inputs_(raw.inputs, raw.inputs + raw.input_count) {
        raw_.inputs = nullptr;
    }

    Name name() const noexcept { return {detail::Checked(), raw_.name}; }
    Metric metric() const noexcept { return static_cast<Metric>(raw_.metric); }
    Scope scope() const noexcept { return Scope(raw_.scope); }
    LookVerdict verdict() const noexcept { return static_cast<LookVerdict>(raw_.verdict); }
    /// OPENPIT_LOOK_WHY_*.
    openpit_look_why why() const noexcept { return raw_.why; }
    std::optional<LimitNumber> lower() const noexcept { return figure(OPENPIT_LOOK_HAS_LOWER, raw_.lower); }
    std::optional<LimitNumber> upper() const noexcept { return figure(OPENPIT_LOOK_HAS_UPPER, raw_.upper); }
    /// Without the order, what it adds, and what is compared with the bounds.
    std::optional<LimitNumber> used() const noexcept { return figure(OPENPIT_LOOK_HAS_USED, raw_.used); }
    std::optional<LimitNumber> asked() const noexcept { return figure(OPENPIT_LOOK_HAS_ASKED, raw_.asked); }
    std::optional<LimitNumber> value() const noexcept { return figure(OPENPIT_LOOK_HAS_VALUE, raw_.value); }
    std::optional<LimitNumber> headroom() const noexcept { return figure(OPENPIT_LOOK_HAS_HEADROOM, raw_.headroom); }
    std::optional<LimitNumber> utilization() const noexcept {
        return figure(OPENPIT_LOOK_HAS_UTILIZATION, raw_.utilization);
    }
    /// What it rejects with.
    std::optional<RejectCode> code() const noexcept {
        if (raw_.code == 0) return std::nullopt;
        return static_cast<RejectCode>(raw_.code);
    }
    /// Every source it asked, in that order.
    const std::vector<openpit_input_use> &inputs() const & noexcept { return inputs_; }
    const std::vector<openpit_input_use> &inputs() const && = delete;

private:
    std::optional<LimitNumber> figure(std::uint32_t field, const openpit_decimal &raw) const noexcept {
        return detail::number<LimitNumber>((raw_.fields & field) != 0, raw);
    }

    openpit_look raw_;
    std::vector<openpit_input_use> inputs_;
};

/// What an order would meet now.
class Explanation {
public:
    Explanation(const openpit_explanation &raw, Result result, std::vector<Look> looks) noexcept
        : raw_(raw), result_(std::move(result)), looks_(std::move(looks)) {}

    bool passes() const noexcept { return raw_.passes != 0; }
    /// The most severe state that matches the order.
    TradingState state() const noexcept { return static_cast<TradingState>(raw_.state); }
    /// Since 1970.
    std::chrono::nanoseconds time() const noexcept { return std::chrono::nanoseconds(raw_.time); }
    ResultItems<Reject> rejects() const & { return result_.rejects(); }
    ResultItems<Reject> rejects() const && = delete;
    const std::vector<Look> &looks() const & noexcept { return looks_; }
    const std::vector<Look> &looks() const && = delete;

private:
    openpit_explanation raw_;
    Result result_;
    std::vector<Look> looks_;
};

/// Something that happened beside the answers of calls.
class LimitEvent {
public:
    explicit LimitEvent(const openpit_limit_event &raw) noexcept : raw_(raw) {}

    std::uint64_t sequence() const noexcept { return raw_.sequence; }
    std::chrono::nanoseconds time() const noexcept { return std::chrono::nanoseconds(raw_.time); }
    EventKind kind() const noexcept { return static_cast<EventKind>(raw_.kind); }
    std::optional<Name> name() const noexcept {
        if (raw_.name == 0) return std::nullopt;
        return Name(detail::Checked(), raw_.name);
    }
    Scope scope() const noexcept { return Scope(raw_.scope); }
    std::optional<LimitNumber> value() const noexcept { return figure(OPENPIT_LIMIT_EVENT_HAS_VALUE, raw_.value); }
    std::optional<LimitNumber> limit() const noexcept { return figure(OPENPIT_LIMIT_EVENT_HAS_LIMIT, raw_.limit); }

    const openpit_limit_event &raw() const & noexcept { return raw_; }
    const openpit_limit_event &raw() const && = delete;

private:
    std::optional<LimitNumber> figure(std::uint32_t field, const openpit_decimal &raw) const noexcept {
        return detail::number<LimitNumber>((raw_.fields & field) != 0, raw);
    }

    openpit_limit_event raw_;
};

/// Which number from outside is meant: of the firm unless it says of what.
class Input {
public:
    explicit Input(InputKind kind) noexcept : raw_(detail::sized<openpit_input_key>()) {
        raw_.input = static_cast<openpit_input>(kind);
    }
    /// One of the user's own, by its name without the x. in front.
    static Input figure(Name name) noexcept {
        Input input(InputKind::Figure);
        input.raw_.figure = name.raw();
        return input;
    }

    Input &of(AccountId account) noexcept {
        raw_.account = account.raw();
        return about(OPENPIT_INPUT_OF_ACCOUNT);
    }
    Input &of(AccountGroupId group) noexcept {
        raw_.group = group.raw();
        return about(OPENPIT_INPUT_OF_GROUP);
    }
    Input &of(Instrument instrument) noexcept {
        raw_.underlying = instrument.underlying.raw();
        raw_.settlement = instrument.settlement.raw();
        return about(OPENPIT_INPUT_OF_INSTRUMENT);
    }
    Input &of_venue(Name venue) noexcept {
        raw_.venue = venue.raw();
        return about(OPENPIT_INPUT_OF_VENUE);
    }

    const openpit_input_key &raw() const & noexcept { return raw_; }
    const openpit_input_key &raw() const && = delete;

private:
    Input &about(openpit_input_target target) noexcept {
        raw_.target = target;
        return *this;
    }

    openpit_input_key raw_;
};

namespace detail {

/// What a visitor of the library's puts together; an exception of its own has to wait until the library is left.
template <class Item> struct Gathered {
    std::vector<Item> items;
    bool has_failed = false;

    template <class Raw> static void gather(void *data, const Raw *raw) noexcept {
        auto *gathered = static_cast<Gathered *>(data);
        try {
            if (!gathered->has_failed) gathered->items.emplace_back(*raw);
        } catch (...) {
            gathered->has_failed = true;
        }
    }
    std::vector<Item> take() {
        if (has_failed) throw Error(Status::LimitReached);
        return std::move(items);
    }
};

} // namespace detail

inline std::vector<LimitStatus> Engine::limits() const {
    detail::Gathered<LimitStatus> gathered;
    detail::require(
        openpit_engine_read_limits(raw(), detail::Gathered<LimitStatus>::gather<openpit_limit_status>, &gathered));
    return gathered.take();
}

inline Explanation Engine::explain(const Order &order) const {
    detail::Gathered<Look> gathered;
    Result result;
    auto explanation = detail::sized<openpit_explanation>();
    detail::require(openpit_engine_explain(raw(), &order.raw(), result.raw(), &explanation,
                                           detail::Gathered<Look>::gather<openpit_look>, &gathered));
    return {explanation, std::move(result), gathered.take()};
}

inline void Engine::set_input(const Input &input, const LimitNumber &value, std::chrono::nanoseconds age) {
    detail::require(
        openpit_engine_set_input(raw(), &input.raw(), value.raw(), detail::nanoseconds(age, Status::InvalidArgument)));
}

inline void Engine::clear_input(const Input &input) {
    detail::require(openpit_engine_clear_input(raw(), &input.raw()));
}

inline std::optional<LimitEvent> Engine::next_event() {
    auto event = detail::sized<openpit_limit_event>();
    const openpit_status status = openpit_engine_next_event(raw(), &event);
    if (status == OPENPIT_STATUS_NOT_FOUND) return std::nullopt;
    detail::require(status);
    return LimitEvent(event);
}

inline std::uint64_t Engine::events_dropped() const {
    std::uint64_t count = 0;
    detail::require(openpit_engine_events_dropped(raw(), &count));
    return count;
}

} // namespace openpit

#endif
