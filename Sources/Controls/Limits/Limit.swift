import Decimals
import RiskBase

/// One record that bounds one metric for one scope.
package struct Limit: BitwiseCopyable {
    package var metric: Metric
    /// What its rejects are signed with.
    package var name: Name
    package var scope = Scope()
    package var only = OrderFilter()
    /// Inclusive bounds.
    package var lower: Decimal?
    package var upper: Decimal?
    /// Measured and shown, never breached.
    package var isUnlimited = false
    /// A value at a bound breaches it.
    package var isStrict = false
    /// The unit of a money metric; none: the settlement asset of the order.
    package var currency = Asset.none
    /// In nanoseconds; 0 without one.
    package var window: UInt64 = 0
    package var period: LimitPeriod?
    package var action = LimitAction.reject
    package var stages: [4 of Stage] = InlineArray(repeating: Stage(at: .zero, action: .notify))
    package var stageCount = 0
    package var throttle = Throttle()
    package var hysteresis = Decimal.zero
    package var confirm: UInt32 = 1
    package var release = LimitRelease.manual
    /// In nanoseconds, for a release after some time.
    package var releaseAfter: UInt64 = 0
    package var releaseRole = Name.none
    /// No override passes it.
    package var isHard = false
    /// How old an input may become, by source, in nanoseconds; 0: as old as it likes.
    package var maxAges: [24 of UInt64] = InlineArray(repeating: 0)
    /// Whether an order passes without the data.
    package var passesWithoutData = false
    /// Unix nanoseconds: from when on, and until when, it exists.
    package var effectiveFrom = Int64.min
    package var effectiveUntil = Int64.max
    package var own = OwnKeys()

    package init(_ metric: Metric, name: Name) {
        self.metric = metric
        self.name = name
    }

    package struct Stage: BitwiseCopyable {
        package var at: Decimal
        package var action: LimitAction

        package init(at: Decimal, action: LimitAction) {
            self.at = at
            self.action = action
        }
    }

    package struct Throttle: BitwiseCopyable {
        package var upper: UInt64
        package var window: UInt64

        package init(upper: UInt64 = 0, window: UInt64 = 0) {
            self.upper = upper
            self.window = window
        }
    }
}

/// Which orders a limit looks at: masks with a bit for each number, or 0 for all of them.
package struct OrderFilter: BitwiseCopyable, Equatable {
    package var sides: UInt8 = 0
    package var orderTypes: UInt8 = 0
    package var timesInForce: UInt16 = 0
    package var phases: UInt8 = 0

    package init() {}
}

/// What belongs to single metrics.
package struct OwnKeys: BitwiseCopyable, Equatable {
    /// Where a reference price comes from, the first one first.
    package var reference = SourceChain()
    package var side = ParameterSide.both
    /// What two orders have in common when they count as alike.
    package var fields: ParameterFields = []
    package var kinds: ParameterKinds = []
    package var algorithm = ParameterAlgorithm.sliding
    package var burst: UInt64 = 0
    package var countsMessages = ParameterCountMessages.all
    package var cancelReserve: UInt64 = 0
    package var countsExecutions = ParameterCountExecutions.orders
    package var rejectsOf: ParameterOfRejects = []
    package var per = ParameterPer.trades
    package var minCount: UInt64 = 0
    package var minVolume = Decimal.one
    package var model = ParameterModel.rate
    package var total = ParameterOfTotal.equity
    package var owner = ParameterOwner.account
    package var mode = ParameterMode.cancelNewest
    /// How many client order ids are kept, and what a repeated one is answered.
    package var capacity: UInt64 = 0
    package var onRepeat = ParameterOnRepeat.reject
    /// The name of a supplied figure, behind `x.`.
    package var input = Asset.none

    package init() {}
}

// MARK: - Measure

extension Limit {
    /// Whether both measure the same number. Bounds and actions may differ, and so may what the scopes name.
    func hasMeasure(of other: Limit) -> Bool {
        metric == other.metric && only == other.only && window == other.window && period == other.period
            && currency == other.currency && own == other.own
    }

    @inline(__always)
    func isInForce(at now: Int64) -> Bool { effectiveFrom <= now && now < effectiveUntil }

    var isAlwaysInForce: Bool { effectiveFrom == .min && effectiveUntil == .max }

    var hasBound: Bool { lower != nil || upper != nil }

    /// How old a source may become; `mutating`, so that not all of the limit is copied in front of the look.
    @inline(__always)
    mutating func maxAge(of source: Source) -> UInt64 {
        withUnsafeMutableBytes(of: &maxAges) { $0.assumingMemoryBound(to: UInt64.self)[Int(source.rawValue)] }
    }
}
