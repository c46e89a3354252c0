// Written by tools/generate.py from tools/lists/words.toml.

/// What a metric is about, and so when it is judged.
public enum MetricFamily: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    /// Of this order.
    case order = 1
    /// Events in a window or period, this one included.
    case count = 2
    /// The book as if the order were working.
    case book = 3
    /// The book as it is.
    case condition = 4
}

extension MetricFamily {
    /// The word, as documents and texts have it.
    public var name: StaticString {
        switch self {
        case .order: "order"
        case .count: "count"
        case .book: "book"
        case .condition: "condition"
        }
    }
}

/// What a breach does.
public enum LimitAction: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    /// The order passes, and an event says so.
    case notify = 1
    case reject = 2
    /// The order passes while few do.
    case throttle = 3
    /// Of the order or report.
    case blockAccount = 4
    /// Latched: only orders that reduce pass.
    case reduceOnly = 5
    /// Latched: no order passes, and working ones are to be cancelled.
    case halt = 6
}

extension LimitAction {
    /// The word, as documents and texts have it.
    public var name: StaticString {
        switch self {
        case .notify: "notify"
        case .reject: "reject"
        case .throttle: "throttle"
        case .blockAccount: "block_account"
        case .reduceOnly: "reduce_only"
        case .halt: "halt"
        }
    }
}

/// What a limit may be for, in canonical order.
public enum ScopeKey: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case account = 1
    case group = 2
    case strategy = 3
    case trader = 4
    case session = 5
    case venue = 6
    case instrument = 7
    case underlying = 8
    case settlement = 9
    case `class` = 10
}

extension ScopeKey {
    /// The word, as documents and texts have it.
    public var name: StaticString {
        switch self {
        case .account: "account"
        case .group: "group"
        case .strategy: "strategy"
        case .trader: "trader"
        case .session: "session"
        case .venue: "venue"
        case .instrument: "instrument"
        case .underlying: "underlying"
        case .settlement: "settlement"
        case .class: "class"
        }
    }
}

/// A time that begins with a roll of the calendar.
public enum LimitPeriod: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case day = 1
    case week = 2
    case month = 3
    /// Never rolls.
    case all = 4
}

extension LimitPeriod {
    /// The word, as documents and texts have it.
    public var name: StaticString {
        switch self {
        case .day: "day"
        case .week: "week"
        case .month: "month"
        case .all: "all"
        }
    }
}

/// How a latch ends.
public enum LimitRelease: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    /// When somebody releases it.
    case manual = 1
    /// When the breach is left.
    case auto = 2
    /// At the next roll.
    case nextPeriod = 3
    /// Some time after it latched, once the value is inside.
    case after = 4
}

extension LimitRelease {
    /// The word, as documents and texts have it.
    public var name: StaticString {
        switch self {
        case .manual: "manual"
        case .auto: "auto"
        case .nextPeriod: "next_period"
        case .after: "after"
        }
    }
}

/// What may be traded; the most severe that matches an order counts.
public enum TradingState: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case active = 1
    /// Only orders that reduce pass.
    case reducing = 2
    /// No order passes.
    case halted = 3
}

extension TradingState {
    /// The word, as documents and texts have it.
    public var name: StaticString {
        switch self {
        case .active: "ACTIVE"
        case .reducing: "REDUCING"
        case .halted: "HALTED"
        }
    }
}

/// Where in its day a market is.
public enum SessionPhase: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case closed = 1
    case pre = 2
    case auction = 3
    case continuous = 4
    case post = 5
    case halt = 6
}

extension SessionPhase {
    /// The word, as documents and texts have it.
    public var name: StaticString {
        switch self {
        case .closed: "closed"
        case .pre: "pre"
        case .auction: "auction"
        case .continuous: "continuous"
        case .post: "post"
        case .halt: "halt"
        }
    }
}

/// What a permission is about; a row gives one reject, for the first of them.
public enum PermissionAspect: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case instruments = 1
    case classes = 2
    case orderTypes = 3
    case timeInForce = 4
    case attributes = 5
    case strategies = 6
    case traders = 7
    case venues = 8
    case sides = 9
    case short = 10
}

extension PermissionAspect {
    /// The word, as documents and texts have it.
    public var name: StaticString {
        switch self {
        case .instruments: "instruments"
        case .classes: "classes"
        case .orderTypes: "order_types"
        case .timeInForce: "time_in_force"
        case .attributes: "attributes"
        case .strategies: "strategies"
        case .traders: "traders"
        case .venues: "venues"
        case .sides: "sides"
        case .short: "short"
        }
    }
}

/// What an order may ask for besides, and a permission may deny.
public enum OrderAttribute: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case postOnly = 1
    case displayQuantity = 2
    case reduceOnly = 3
    case closePosition = 4
    case autoBorrow = 5
}

extension OrderAttribute {
    /// The word, as documents and texts have it.
    public var name: StaticString {
        switch self {
        case .postOnly: "post_only"
        case .displayQuantity: "display_quantity"
        case .reduceOnly: "reduce_only"
        case .closePosition: "close_position"
        case .autoBorrow: "auto_borrow"
        }
    }
}

/// Lists that may be complete, in the order in which they are asked.
public enum KnownList: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case accounts = 1
    case instruments = 2
    case venues = 3
    case clearingAccounts = 4
    case assets = 5
    case strategies = 6
    case traders = 7
}

extension KnownList {
    /// The word, as documents and texts have it.
    public var name: StaticString {
        switch self {
        case .accounts: "accounts"
        case .instruments: "instruments"
        case .venues: "venues"
        case .clearingAccounts: "clearing_accounts"
        case .assets: "assets"
        case .strategies: "strategies"
        case .traders: "traders"
        }
    }
}

/// Numbers from outside, each with a time.
public enum InputKind: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case last = 1
    case close = 2
    case theoretical = 3
    case bandLow = 4
    case bandHigh = 5
    /// Units a day.
    case adv = 6
    /// Units so far today.
    case marketVolume = 7
    /// Units on display.
    case bidDepth = 8
    /// Units on display.
    case askDepth = 9
    /// A yearly ratio.
    case borrowFee = 10
    /// 0 or 1.
    case ssr = 11
    /// 0 or 1; also of a venue.
    case halted = 12
    /// Of an instrument or venue: one of OPENPIT_PHASE_*.
    case phase = 13
    /// Of an account, a group or all.
    case `var` = 14
    /// Of an account.
    case marginRequired = 15
    /// X.<name>, the user's own.
    case figure = 16
}

extension InputKind {
    /// The word, as documents and texts have it.
    public var name: StaticString {
        switch self {
        case .last: "last"
        case .close: "close"
        case .theoretical: "theoretical"
        case .bandLow: "band_low"
        case .bandHigh: "band_high"
        case .adv: "adv"
        case .marketVolume: "market_volume"
        case .bidDepth: "bid_depth"
        case .askDepth: "ask_depth"
        case .borrowFee: "borrow_fee"
        case .ssr: "ssr"
        case .halted: "halted"
        case .phase: "phase"
        case .var: "var"
        case .marginRequired: "margin_required"
        case .figure: "figure"
        }
    }
}

/// What an engine tells besides its answers.
public enum EventKind: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    /// A stage was entered.
    case warn = 1
    /// A stage was left.
    case clear = 2
    case breach = 3
    case state = 4
    case release = 5
    case roll = 6
    /// What a limit needs is not there, and the order passed.
    case missing = 7
    case override = 8
    case change = 9
    case overfill = 10
    case lateFill = 11
    case unknownFill = 12
    case duplicateExecution = 13
    case restated = 14
    case rebase = 15
    case locateExpired = 16
    case heartbeatLost = 17
    /// A calendar ends in 30 days.
    case calendar = 18
}

extension EventKind {
    /// The word, as documents and texts have it.
    public var name: StaticString {
        switch self {
        case .warn: "warn"
        case .clear: "clear"
        case .breach: "breach"
        case .state: "state"
        case .release: "release"
        case .roll: "roll"
        case .missing: "missing"
        case .override: "override"
        case .change: "change"
        case .overfill: "overfill"
        case .lateFill: "late_fill"
        case .unknownFill: "unknown_fill"
        case .duplicateExecution: "duplicate_execution"
        case .restated: "restated"
        case .rebase: "rebase"
        case .locateExpired: "locate_expired"
        case .heartbeatLost: "heartbeat_lost"
        case .calendar: "calendar"
        }
    }
}
