import CPlatform
import Decimals
import RiskBase

/// Something that happened beside the answers of calls.
package struct Event: BitwiseCopyable {
    package var sequence: UInt64 = 0
    /// Unix nanoseconds.
    package var time: Int64
    package var kind: EventKind
    /// The limit it is about, or what else has a name; none for what concerns no limit.
    package var name = Asset.none
    package var metric: Metric?
    package var scope = Scope()
    package var value: Decimal?
    package var limit: Decimal?
    package var text = Text.none

    package enum Text: BitwiseCopyable {
        case none
        case share(Decimal)
        case state(TradingState)
        case name(Asset)
    }

    init(_ kind: EventKind, at time: Int64) {
        self.kind = kind
        self.time = time
    }
}

/// Events that wait to be taken, in a ring. What finds it full is counted and lost.
package struct Events: ~Copyable {
    private var ring = Buffer<Event>()
    private var first = 0
    private var count = 0
    private var capacity = 0
    private var sequence: UInt64 = 0
    /// How many found no place.
    package private(set) var dropped: UInt64 = 0

    init() {}

    /// Makes room for so many. `false`, and no change, when memory has run out.
    mutating func reserve(_ capacity: Int) -> Bool {
        guard ring.reserve(capacity) else { return false }
        self.capacity = capacity
        return true
    }

    /// What does not hold together, or `nil`.
    func checkInvariants() -> StaticString? {
        if let broken = ring.checkInvariants() { return broken }
        return count >= 0 && count <= capacity && ring.count <= capacity && first >= 0
            && (first < capacity || first == 0) ? nil : "the events are outside of their ring"
    }

    mutating func add(_ event: Event) {
        sequence += 1
        guard count < capacity else {
            dropped += 1
            return
        }
        var event = event
        event.sequence = sequence
        let place = (first + count) % capacity
        if place < ring.count { ring[place] = event } else { _ = ring.append(event) }
        count += 1
    }

    /// Hands the oldest one out; `nil` when there is none.
    package mutating func take() -> Event? {
        guard count > 0 else { return nil }
        guard capacity > 0 else {
            cplatform_contradict()
            return nil
        }
        let event = ring[first]
        first = (first + 1) % capacity
        count -= 1
        return event
    }
}
