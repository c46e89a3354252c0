import Decimals
import RiskBase

/// What a limit made of an order: for whoever asks why.
package struct Look: BitwiseCopyable {
    package enum Verdict: UInt8, BitwiseCopyable, Sendable {
        case pass = 1, warn, reject, overridden, skip
    }

    package enum Why: UInt8, BitwiseCopyable, Sendable {
        case none = 0, missing, shadowed, filtered, noPrice, wrongSide, notShort, reducing, notRaising, tooFew
    }

    package var name: Asset
    package var metric: Metric
    package var scope: Scope
    package var position: UInt32
    package var verdict: Verdict
    package var why = Why.none
    package var lower: Decimal?
    package var upper: Decimal?
    package var used: Decimal?
    package var asked: Decimal?
    package var value: Decimal?
    package var headroom: Decimal?
    package var utilization: Decimal?
    package var code: RejectCode?
    /// Where its inputs begin, and how many there are.
    package var inputStart: UInt32 = 0
    package var inputCount: UInt32 = 0
}

/// Who speaks in a reject.
package enum Speaker: BitwiseCopyable, Equatable, Sendable {
    case limit(Asset)
    case rule(Rule)
}

/// What is no metric and has a fixed name.
public enum Rule: UInt8, BitwiseCopyable, Sendable {
    case engine = 0, orderForm, known, session, jurisdiction, require, reduceOnly

    public var name: StaticString {
        switch self {
        case .engine: "Engine"
        case .orderForm: "order_form"
        case .known: "known"
        case .session: "session"
        case .jurisdiction: "jurisdiction"
        case .require: "require"
        case .reduceOnly: "reduce_only"
        }
    }
}

/// Why an order is refused.
package struct Breach: BitwiseCopyable {
    /// The order in which rejects are told.
    package var position: UInt32 = 0
    package var code: RejectCode
    package var scope = RejectScope.order
    package var speaker: Speaker
    package var text: BreachText
    package var metric: Metric?
    package var bound: Bound?
    package var value: Decimal?
    package var limit: Decimal?
    package var retryAfter: UInt64?
    /// Whether the account of the order is to be blocked.
    package var blocksAccount = false

    init(_ code: RejectCode, by speaker: Speaker, _ text: BreachText) {
        self.code = code
        self.speaker = speaker
        self.text = text
    }
}

/// What a breach has to say in words.
package enum BreachText: UInt8, BitwiseCopyable, Sendable {
    case aboveLimit, belowLimit, undefinedValue, ruleBroken, dataMissing, fieldMissing, overflow, memoryRefused
    case clientOrderIdMalformed, replacesMalformed
    case partMissing, limitPriceMissing, stopPriceMissing, priceNotAllowed, shortBuy, displayTooLarge
    case noPriceForVolume, zeroPriceForVolume, positionSideSet, idIsWorking, replacesNothing, replacesFilled, expired
    case unknownName, venueHalted, marketClosed, instrumentHalted, pastLastEntry, noCalendar
    case jurisdictionClosed, notPermitted, noLimitConfigured, doesNotReduce
    case stateIsReducing, stateIsHalted
    case adjustmentPartMissing, averageMissing, outOfBounds

    package var reason: StaticString {
        switch self {
        case .aboveLimit: "the value is above its limit"
        case .belowLimit: "the value is below its limit"
        case .undefinedValue: "the value cannot be computed, which counts as a breach"
        case .ruleBroken: "the order breaks a rule"
        case .dataMissing: "data the limit needs is missing or too old"
        case .fieldMissing: "the order lacks a field the limit needs"
        case .overflow: "a number is too large to be computed"
        case .memoryRefused: "memory has run out"
        case .clientOrderIdMalformed: "the client order id is malformed"
        case .replacesMalformed: "the id of the order to replace is malformed"
        case .partMissing: "account, instrument, side or amount is absent"
        case .limitPriceMissing: "an order of this type needs a price"
        case .stopPriceMissing: "an order of this type needs a stop price"
        case .priceNotAllowed: "an order of this type has no price"
        case .shortBuy: "a buy is no short sale"
        case .displayTooLarge: "the display quantity is above the quantity"
        case .noPriceForVolume: "the quantity of the volume is not known without a price"
        case .zeroPriceForVolume: "a volume at a price of zero has no quantity"
        case .positionSideSet: "positions are netted, so an order has no position side"
        case .idIsWorking: "a working order has the client order id"
        case .replacesNothing: "there is no such working order to replace"
        case .replacesFilled: "the new total is not above what was filled"
        case .expired: "the order has expired"
        case .unknownName: "the order names something unknown"
        case .venueHalted: "the venue is halted"
        case .marketClosed: "the market is closed"
        case .instrumentHalted: "the instrument is halted"
        case .pastLastEntry: "it is too late for new orders"
        case .noCalendar: "the calendar has no answer for this time"
        case .jurisdictionClosed: "the instrument is not open to the account's jurisdiction"
        case .notPermitted: "the order is not permitted"
        case .noLimitConfigured: "a required limit is not configured for the order"
        case .doesNotReduce: "the order does not reduce the position"
        case .stateIsReducing: "only orders that reduce are let through"
        case .stateIsHalted: "trading is halted"
        case .adjustmentPartMissing: "the adjustment lacks its asset or its instrument"
        case .averageMissing: "a position needs the price it was entered at"
        case .outOfBounds: "the new amount is outside the bounds of the adjustment"
        }
    }
}
