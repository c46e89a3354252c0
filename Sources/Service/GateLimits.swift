import CPlatform
import Decimals
import RiskBase

/// Numbers in rising order.
struct NumberSet: ~Copyable {
    private var numbers = Buffer<UInt32>()

    init() {}

    /// `false` when memory has run out.
    mutating func assign(_ given: UnsafeBufferPointer<UInt32>) -> Bool {
        numbers.removeAll()
        return numbers.append(contentsOf: given)
    }

    func contains(_ number: UInt32) -> Bool {
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            let found = numbers[middle]
            if found == number { return true }
            if found < number { low = middle + 1 } else { high = middle }
        }
        return false
    }
}

/// A limit of its own for one sector, or one class.
package struct OwnShare: BitwiseCopyable {
    package let number: UInt32
    package let share: Decimal
    package init(number: UInt32, share: Decimal) {
        self.number = number
        self.share = share
    }
}

/// What an envelope says that is a number or a flag. Shares are of the net asset value. `nil`: nothing is said.
package struct LimitValues: BitwiseCopyable {
    package var allowsClasses = false
    /// A bit for each type of order, by its number.
    package var orderTypes: UInt8 = 0
    package var enablesShorting = false
    package var requiresLocate = false
    package var trailsStops = false
    package var orderNotional: Decimal?
    package var orderQuantity: Decimal?
    package var priceCollar: Decimal?
    package var position: Decimal?
    package var gross: Decimal?
    package var net: Decimal?
    package var sector: Decimal?
    package var assetClass: Decimal?
    package var losses: [3 of Decimal?] = InlineArray(repeating: nil)
    package var borrowFee: Decimal?
    package var short: Decimal?
    package var stop: Decimal?
    /// Of a strategy, for what it holds itself.
    package var ownPosition: Decimal?
    package var ownGross: Decimal?
    package var ownNet: Decimal?

    package init() {}

    private func forEach(_ body: (Decimal?) -> Void) {
        body(orderNotional)
        body(orderQuantity)
        body(priceCollar)
        body(position)
        body(gross)
        body(net)
        body(sector)
        body(assetClass)
        for index in 0..<3 { body(losses[index]) }
        body(borrowFee)
        body(short)
        body(stop)
        body(ownPosition)
        body(ownGross)
        body(ownNet)
    }

    var isValid: Bool {
        var isValid = true
        forEach { if let number = $0, number.isNegative { isValid = false } }
        for index in 0..<3 { if let loss = losses[index], !loss.isPositive { isValid = false } }
        if let stop, !stop.isPositive || !(stop < Decimal(1 as UInt64)) { isValid = false }
        return isValid
    }
}

/// An envelope in force.
struct GateLimits: ~Copyable {
    var values = LimitValues()
    var brokers = NumberSet()
    var classes = NumberSet()
    var restricted = NumberSet()
    private var sectors = Buffer<OwnShare>()
    private var ownClasses = Buffer<OwnShare>()

    init() {}

    /// Takes lists that are valid. `false` when memory has run out.
    mutating func assign(_ lists: LimitLists) -> Bool {
        brokers.assign(lists.brokers) && classes.assign(lists.classes) && restricted.assign(lists.restricted)
            && sectors.append(contentsOf: lists.sectors) && ownClasses.append(contentsOf: lists.ownClasses)
    }

    func sectorShare(_ number: UInt32) -> Decimal? { Self.find(number, sectors) ?? values.sector }
    func classShare(_ number: UInt32) -> Decimal? { Self.find(number, ownClasses) ?? values.assetClass }

    private static func find(_ number: UInt32, _ list: borrowing Buffer<OwnShare>) -> Decimal? {
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            let found = list.pointer(at: middle)
            if found.pointee.number == number { return found.pointee.share }
            if found.pointee.number < number { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}

typealias LimitsPointer = UnsafeMutablePointer<GateLimits>

extension UnsafeMutablePointer where Pointee == GateLimits {
    /// `nil` when memory has run out.
    static func make(_ limits: consuming GateLimits) -> LimitsPointer? {
        guard let memory = cplatform_allocate(1, MemoryLayout<GateLimits>.stride) else { return nil }
        let place = memory.bindMemory(to: GateLimits.self, capacity: 1)
        place.initialize(to: limits)
        return place
    }

    func end() {
        deinitialize(count: 1)
        cplatform_free(self)
    }
}

/// What an envelope says that is a list. Borrowed for a call.
package struct LimitLists {
    package var brokers = UnsafeBufferPointer<UInt32>(start: nil, count: 0)
    package var classes = UnsafeBufferPointer<UInt32>(start: nil, count: 0)
    package var restricted = UnsafeBufferPointer<UInt32>(start: nil, count: 0)
    package var sectors = UnsafeBufferPointer<OwnShare>(start: nil, count: 0)
    package var ownClasses = UnsafeBufferPointer<OwnShare>(start: nil, count: 0)
    package init() {}

    /// Whether all of them rise.
    var isValid: Bool {
        Self.rise(brokers) && Self.rise(classes) && Self.rise(restricted) && Self.rise(sectors)
            && Self.rise(ownClasses)
    }

    private static func rise(_ numbers: UnsafeBufferPointer<UInt32>) -> Bool {
        for index in 1..<max(1, numbers.count) where numbers[index - 1] >= numbers[index] { return false }
        return true
    }

    private static func rise(_ shares: UnsafeBufferPointer<OwnShare>) -> Bool {
        for (index, item) in shares.enumerated() {
            if index > 0 && shares[index - 1].number >= item.number || item.share.isNegative { return false }
        }
        return true
    }
}
