import RiskBase

/// Where an order was refused.
package enum Gate: UInt8, Sendable, BitwiseCopyable {
    case none = 0
    case idempotency = 1
    case schema = 2
    case `static` = 3
    case position = 4
    case drawdown = 5
    case short = 6
    case veto = 7
}

/// Why an order was refused.
package enum GateCode: UInt16, Sendable, BitwiseCopyable {
    case passed = 0
    case keyReused = 1
    case orderIdReused = 2
    case storeFull = 3
    case fundUnknown = 4
    case envelopeMissing = 5
    case unknownInstrument = 6
    case brokerNotAllowed = 7
    case orderTypeNotAllowed = 8
    case assetClassNotAllowed = 9
    case symbolRestricted = 10
    case quoteMissing = 11
    case quoteStale = 12
    case fxRateMissing = 13
    case maxOrderQuantity = 14
    case maxOrderNotional = 15
    case priceCollar = 16
    case navMissing = 17
    case navStale = 18
    case navNotPositive = 19
    case exposureUnavailable = 20
    case maxPosition = 21
    case maxGross = 22
    case maxNet = 23
    case maxSector = 24
    case maxAssetClass = 25
    case haltedDailyLoss = 26
    case haltedWeeklyLoss = 27
    case haltedMonthlyLoss = 28
    case haltedManual = 29
    case haltedReconciliation = 30
    case shortingDisabled = 31
    case borrowFeeUnknown = 32
    case borrowFeeStale = 33
    case borrowFeeExceeded = 34
    case notBorrowable = 35
    case locateRequired = 36
    case locateExpired = 37
    case locateInsufficient = 38
    case maxShort = 39
    case gateError = 40
}

/// How much a halt, or a limit, is about.
package enum GateScope: UInt8, Sendable, BitwiseCopyable {
    case none = 0
    case firm = 1
    case fund = 2
    case strategy = 3
}

/// Why a fund, a strategy or everybody is halted. The first three come by themselves.
package enum HaltSeverity: UInt8, Sendable, BitwiseCopyable {
    case dailyLoss = 0
    case weeklyLoss = 1
    case monthlyLoss = 2
    case manual = 3
    case reconciliation = 4

    static var lossCount: Int { 3 }
    static var count: Int { 5 }

    /// That of a place among all of them.
    @inline(__always)
    init(place: Int) { self = HaltSeverity(rawValue: UInt8(truncatingIfNeeded: place)) ?? .manual }

    var code: GateCode {
        switch self {
        case .dailyLoss: .haltedDailyLoss
        case .weeklyLoss: .haltedWeeklyLoss
        case .monthlyLoss: .haltedMonthlyLoss
        case .manual: .haltedManual
        case .reconciliation: .haltedReconciliation
        }
    }
}

/// Where a synthetic stop stands.
package enum StopState: UInt8, Sendable, BitwiseCopyable {
    case armed = 1
    case triggered = 2
    case sent = 3
    case closed = 4
    case cancelled = 5
}

/// Why a command came to nothing.
package enum GateFailure: Error, Sendable, BitwiseCopyable {
    case invalid
    case noMemory
    case overflow
    case notFound
    case notHalted
    case stillInBreach
    case exists
}
