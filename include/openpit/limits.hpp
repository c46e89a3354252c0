/*
 * openpit/limits.hpp: the words of limits: metrics, what a limit is for, what a breach does.
 *
 * What holds for all of them is told in openpit.hpp.
 */
#ifndef OPENPIT_LIMITS_HPP
#define OPENPIT_LIMITS_HPP

#include "engine.hpp"
#include "limits.h"

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

} // namespace openpit

#endif
