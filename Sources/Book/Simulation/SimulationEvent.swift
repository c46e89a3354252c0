import Decimals

/// What happens in a simulation.
package enum SimulationEventKind: UInt8, BitwiseCopyable, Sendable {
    /// `order` is sent.
    case submitted = 1
    /// The order of that id is to end.
    case cancelled = 2
    /// The order of that id is to have another price, another total, or both.
    case modified = 3
    /// A trade that was made elsewhere.
    case fill = 4
    /// What an instrument is worth from now on.
    case mark = 5
}

/// One event. Which fields it has depends on its kind.
package struct SimulationEvent: BitwiseCopyable, Sendable {
    package var kind: SimulationEventKind
    package var instrument: UInt32
    /// Nanoseconds since 1970, UTC.
    package var time: UInt64
    package var order: MatcherOrder
    /// Of a modification: what it sets.
    package var setsPrice = false
    package var setsQuantity = false
    /// Of a fill from elsewhere: whether the account took part, and on `order.side`.
    package var isOwn = false
    /// Whether a fill from elsewhere says which instrument it is of.
    package var hasInstrument = true

    package init(_ kind: SimulationEventKind, instrument: UInt32, time: UInt64, order: MatcherOrder) {
        self.kind = kind
        self.instrument = instrument
        self.time = time
        self.order = order
    }
}

/// Events by time, those of one time in the order in which they came. What comes in order, as nearly all does, waits in a
/// row; what comes late in a heap.
struct EventQueue: ~Copyable {
    private struct Entry: BitwiseCopyable {
        var arrival: UInt64
        var event: SimulationEvent

        func isBefore(_ other: Entry) -> Bool {
            (event.time, arrival) < (other.event.time, other.arrival)
        }
    }

    private var row = Growing<Entry>()
    private var rowStart = 0
    private var heap = Growing<Entry>()
    private var arrivals: UInt64 = 0

    var count: Int { row.count - rowStart + heap.count }

    /// Adds an event. `false`, and no change, when memory is refused.
    mutating func add(_ event: SimulationEvent) -> Bool {
        let entry = Entry(arrival: arrivals, event: event)
        if rowStart == row.count || row[row.count - 1].event.time <= event.time {
            shiftRow()
            guard row.reserve() else { return false }
            row.append(entry)
        } else {
            guard heap.reserve() else { return false }
            heap.append(entry)
            rise(heap.count - 1)
        }
        arrivals &+= 1
        return true
    }

    /// Uses the room of what has happened again, once that is most of the row.
    private mutating func shiftRow() {
        if rowStart == row.count {
            row.removeAll()
        } else if rowStart >= 1024, rowStart > row.count / 2 {
            row.removeFirst(rowStart)
        } else {
            return
        }
        rowStart = 0
    }

    private var isHeapNext: Bool {
        guard heap.count > 0 else { return false }
        return rowStart == row.count || heap[0].isBefore(row[rowStart])
    }

    /// The event that comes next, when there is one.
    var next: SimulationEvent? {
        if isHeapNext { return heap[0].event }
        return rowStart < row.count ? row[rowStart].event : nil
    }

    /// Takes the event away that comes next.
    mutating func removeNext() {
        guard isHeapNext else {
            rowStart += 1
            return
        }
        let last = heap.removeLast()
        guard heap.count > 0 else { return }
        heap[0] = last
        sink()
    }

    /// What does not hold together, or `nil`.
    func checkInvariants() -> StaticString? {
        if !row.isSound || !heap.isSound || rowStart < 0 || rowStart > row.count {
            return "the events to come are miscounted"
        }
        for place in rowStart..<row.count where place > rowStart && row[place].isBefore(row[place - 1]) {
            return "an event is out of its row"
        }
        for place in 0..<heap.count where place > 0 && heap[place].isBefore(heap[(place - 1) / 2]) {
            return "the events that came late are no heap"
        }
        return nil
    }

    private mutating func rise(_ start: Int) {
        var place = start
        let entry = heap[start]
        while place > 0, entry.isBefore(heap[(place - 1) / 2]) {
            heap[place] = heap[(place - 1) / 2]
            place = (place - 1) / 2
        }
        heap[place] = entry
    }

    private mutating func sink() {
        var place = 0
        let entry = heap[0]
        while true {
            var child = place * 2 + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
            guard heap[child].isBefore(entry) else { break }
            heap[place] = heap[child]
            place = child
        }
        heap[place] = entry
    }
}
