import CPlatform
import RiskBase

/// Instruments whose marks become too old some day, the first one first: a heap, in which each knows its place.
struct MarkEnds: ~Copyable {
    private var heap = Buffer<InstrumentPointer>()

    init() {}

    /// When the first one is due.
    var first: Int64 { @inline(__always) get { heap.isEmpty ? .max : heap[0].pointee.markEnds } }

    /// Makes room for so many instruments. `false`, and no change, when memory has run out.
    mutating func reserve(_ count: Int) -> Bool { heap.reserve(Swift.max(0, count - heap.count)) }

    /// Says that an instrument is due then, if that is before what is known.
    mutating func add(_ instrument: InstrumentPointer, _ time: Int64) {
        guard time < instrument.pointee.markEnds else { return }
        instrument.pointee.markEnds = time
        if instrument.pointee.endPlace < 0 {
            guard heap.append(instrument) else { return }
            instrument.pointee.endPlace = heap.count - 1
        }
        guard instrument.pointee.endPlace < heap.count, heap[instrument.pointee.endPlace] == instrument else {
            return cplatform_contradict()
        }
        rise(instrument.pointee.endPlace)
    }

    /// The first one that is due, which is in the heap no longer; `nil` when there is none.
    mutating func take(at now: Int64) -> InstrumentPointer? {
        guard first <= now else { return nil }
        let due = heap[0]
        let last = heap.removeLast()
        (due.pointee.endPlace, due.pointee.markEnds) = (-1, .max)
        if last != due {
            heap[0] = last
            last.pointee.endPlace = 0
            sink(0)
        }
        return due
    }

    /// What does not hold together, or `nil`.
    func checkInvariants() -> StaticString? {
        if let broken = heap.checkInvariants() { return broken }
        for (place, instrument) in heap.contents.enumerated() {
            if instrument.pointee.endPlace != place { return "an instrument does not know when its mark ends" }
            if place > 0, instrument.pointee.markEnds < heap[(place - 1) / 2].pointee.markEnds {
                return "the ends of marks are no heap"
            }
        }
        return nil
    }

    private func rise(_ place: Int) {
        var place = place
        while place > 0, heap[place].pointee.markEnds < heap[(place - 1) / 2].pointee.markEnds {
            exchange(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private func sink(_ place: Int) {
        var place = place
        while true {
            var child = 2 * place + 1
            guard child < heap.count else { return }
            if child + 1 < heap.count, heap[child + 1].pointee.markEnds < heap[child].pointee.markEnds { child += 1 }
            guard heap[child].pointee.markEnds < heap[place].pointee.markEnds else { return }
            exchange(place, child)
            place = child
        }
    }

    private func exchange(_ first: Int, _ second: Int) {
        let (one, other) = (heap[first], heap[second])
        (heap[first], heap[second]) = (other, one)
        (one.pointee.endPlace, other.pointee.endPlace) = (second, first)
    }
}
