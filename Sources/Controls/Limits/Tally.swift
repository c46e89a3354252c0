import CPlatform
import RiskBase

/// What limits of one measure have counted at one key. All of them share it, and it stays when a bound changes.
struct Tally: BitwiseCopyable {
    /// When it happened, for limits of a window.
    var times = SlidingWindow()
    /// How often, in the present period or since it was begun anew; and what that is divided by, where it is.
    var count: UInt64 = 0
    var divisor: UInt64 = 0
    /// When the present period began.
    private var start = Int64.min
    /// How often it began anew: what was counted before then cannot be taken back.
    private(set) var epoch: UInt64 = 0
    /// The call that was the last to look, and whether that call is counted.
    var call: UInt64 = 0
    var isCharged = false
    /// Its number among those that have entries in tables of all of them; 0 before the first one.
    var number: UInt32 = 0
    /// How many orders may yet take back what they have counted here.
    var chargeCount = 0
    /// Whether some row counts with it.
    var isInUse = true
    /// The next one of the node.
    var next: TallyPointer?

    init() {}

    /// Begins the period that began then, if that is a later one than before: what a new calendar says began earlier goes on.
    mutating func roll(to start: Int64) {
        guard start > self.start else { return }
        self.start = start
        beginAnew()
    }

    mutating func beginAnew() {
        times.removeAll()
        (count, divisor) = (0, 0)
        epoch &+= 1
    }
}

typealias TallyPointer = UnsafeMutablePointer<Tally>

extension NodePointer {
    /// Gives each row that counts its tally: that of an older row of its measure, or of one before it, or a new one. `false` when
    /// memory has run out.
    func setTallies(_ rows: UnsafeMutableBufferPointer<Row>, from older: UnsafeMutableBufferPointer<Row>) -> Bool {
        for index in rows.indices where rows[index].limit.pointee.limit.metric.family == .count {
            let limit = rows[index].limit.pointee.limit
            let known =
                rows[..<index].first { $0.tally != nil && $0.limit.pointee.limit.hasMeasure(of: limit) }
                ?? older.first { $0.tally != nil && $0.limit.pointee.limit.hasMeasure(of: limit) }
            guard let tally = known?.tally ?? makeTally() else { return false }
            rows[index].tally = tally
            for earlier in rows[..<index].indices where rows[earlier].tally == tally {
                let most = Swift.max(rows[earlier].timesMax, rows[index].timesMax)
                (rows[earlier].timesMax, rows[index].timesMax) = (most, most)
            }
        }
        return true
    }

    private func makeTally() -> TallyPointer? {
        let tally = cplatform_allocate(1, MemoryLayout<Tally>.stride)?.bindMemory(to: Tally.self, capacity: 1)
        guard let tally else { return nil }
        tally.initialize(to: Tally())
        tally.pointee.next = pointee.tallies
        pointee.tallies = tally
        return tally
    }

    /// Frees the tallies that no row has any more, unless an order may yet take something back there.
    func sweepTallies() {
        var next = pointee.tallies
        while let tally = next {
            tally.pointee.isInUse = rows.contains { $0.tally == tally }
            next = tally.pointee.next
        }
        var before: TallyPointer?
        next = pointee.tallies
        while let tally = next {
            next = tally.pointee.next
            if tally.pointee.isInUse || tally.pointee.chargeCount > 0 {
                before = tally
                continue
            }
            if let before { before.pointee.next = next } else { pointee.tallies = next }
            tally.free()
        }
    }

    func freeTallies() {
        var next = pointee.tallies
        while let tally = next {
            next = tally.pointee.next
            tally.free()
        }
        pointee.tallies = nil
    }
}

extension TallyPointer {
    fileprivate func free() {
        pointee.times.free()
        cplatform_free(self)
    }
}
