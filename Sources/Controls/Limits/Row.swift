import CPlatform
import Decimals
import RiskBase

/// A limit as the engine keeps it.
struct LimitRecord: BitwiseCopyable {
    /// What is asked of it first, found once: its family, when it is judged, whether it looks at all orders and at all times, and
    /// whether it is evaluated when no order asks for it.
    let family: MetricFamily
    let stage: LimitStage
    let admitsAll: Bool
    let isAlwaysInForce: Bool
    let isObserved: Bool
    /// Whether nobody has to do anything when an order passes it.
    let isQuiet: Bool
    /// The figure that it compares with its bounds, if that is all it does.
    let plainSum: PlainSum?
    var limit: Limit
    /// Its place in the document.
    var position: UInt32
    var shape: UInt32
    /// The change that brought it; 0 for what was there from the start.
    var changedBy: UInt64 = 0
    /// Whether it came when the engine was running: a peak then begins with what there is.
    var isLate = false

    init(limit: Limit, position: UInt32, shape: UInt32) {
        self.limit = limit.withDefaults
        self.position = position
        self.shape = shape
        family = limit.metric.family
        stage = limit.metric.stage
        admitsAll = limit.only == OrderFilter()
        isAlwaysInForce = limit.isAlwaysInForce
        isObserved = self.limit.isObserved
        isQuiet = !self.limit.hasAfterlife
        plainSum = PlainSum(limit.metric)
    }

    @inline(__always)
    func isInForce(at now: Int64) -> Bool { isAlwaysInForce || limit.isInForce(at: now) }
}

typealias LimitPointer = UnsafeMutablePointer<LimitRecord>

/// A limit for one concrete key: what it has counted, and what state it is in.
struct Row: BitwiseCopyable {
    let limit: LimitPointer
    /// Rows of the same node that stand in its place while they are in force, a bit each.
    var shadowers: UInt64 = 0
    /// How many of its stages are entered, and whether its bound is passed.
    var stage = 0
    var isBreached = false
    /// Observations in a row that saw the breach.
    var confirmed: UInt32 = 0
    /// The highest equity so far, in the limit's currency, for a limit of what is lost from there.
    var peak: Decimal?
    /// When orders passed that the action or a stage throttles.
    var passed = SlidingWindow()
    /// What it counts with the other rows of its measure; `nil` for one that counts nothing.
    var tally: TallyPointer?
    /// How many times of a window it and the others of its tally need at most.
    var timesMax: Int
    var bucket = TokenBucket()
    /// What it counts beside judging.
    let uses: CountUses

    init(_ limit: LimitPointer) {
        self.limit = limit
        uses = limit.pointee.limit.countUses
        timesMax = limit.pointee.limit.metric.family == .count ? limit.pointee.limit.timesMax : 0
        if limit.pointee.limit.isOfTokens { bucket = TokenBucket(limit.pointee.limit) }
    }
}

typealias RowPointer = UnsafeMutablePointer<Row>

/// All rows of one shape that have one key, and what they count together.
struct Node: BitwiseCopyable {
    let shape: UInt32
    /// Whether something real has matched it: nodes are made for orders that are only tried, too.
    var isSeen = false
    let values: KeyValues
    var rows: UnsafeMutablePointer<Row>?
    var rowCount = 0
    /// What its orders may be, the sets one after the other.
    var permissions: PermissionSetPointer?
    /// The states that hold for the key, the newest first.
    var latches: LatchPointer?
    /// What it sums over its cells, for each asset.
    var books: BookPointer?
    /// What its rows count.
    var tallies: TallyPointer?
    /// When its periods began, and when the next one does; before the first look at them the earliest time there is.
    var starts = PeriodStarts()
    /// Whether it waits to be observed, and which one does after it.
    var isTouched = false
    var nextTouched: NodePointer?
    /// The node whose equity or exposure a share of this one is taken of, once it was looked for.
    var whole: NodePointer?
    /// What the present look has found of it, for all limits that ask the same.
    var sight = Sight()
    /// The oldest margin that was supplied for one of its accounts, in Unix nanoseconds; `nil`: to be looked for.
    var oldestMargin: Int64?

    init(_ shape: UInt32, _ values: KeyValues) {
        self.shape = shape
        self.values = values
    }

    /// As many rows as a mask of shadowers has bits.
    static var rowCountMax: Int { 64 }
}

/// What was found of a node in one look, while nothing changes.
struct Sight: BitwiseCopyable {
    /// The look in which it was found; 0 before the first one.
    var equityLook: UInt64 = 0
    var equityCurrency = Asset.none
    var equity = Decimal.zero
    /// The same for the currency of the account or the group that it is about.
    var currencyLook: UInt64 = 0
    var currency = Asset.none
}

typealias NodePointer = UnsafeMutablePointer<Node>

extension NodePointer {
    @inline(__always)
    var rows: UnsafeMutableBufferPointer<Row> {
        UnsafeMutableBufferPointer(start: pointee.rows, count: pointee.rowCount)
    }

    /// Whether the row is in force now and no other stands in its place.
    @inline(__always)
    func judges(_ row: RowPointer, at now: Int64) -> Bool {
        row.pointee.limit.pointee.isInForce(at: now)
            && (row.pointee.shadowers == 0 || !isShadowed(row, at: now))
    }

    func isShadowed(_ row: RowPointer, at now: Int64) -> Bool {
        var rest = row.pointee.shadowers
        while rest != 0 {
            if rows[rest.trailingZeroBitCount].limit.pointee.isInForce(at: now) { return true }
            rest &= rest &- 1
        }
        return false
    }

    /// Makes a node without rows; `nil` when memory has run out.
    static func make(_ shape: UInt32, _ values: KeyValues) -> NodePointer? {
        let memory = cplatform_allocate(1, MemoryLayout<Node>.stride)?.bindMemory(to: Node.self, capacity: 1)
        memory?.initialize(to: Node(shape, values))
        return memory
    }

    func free() {
        forEachBook { cplatform_free($0) }
        removeLatches({ _ in true }, { _ in })
        for row in rows { row.passed.free() }
        freeTallies()
        cplatform_free(pointee.rows)
        cplatform_free(self)
    }

    /// Rows for these limits, with what those of now have counted: of each that of the same name, or of the same measure, goes on.
    /// `nil` when memory has run out.
    func newRows(_ limits: UnsafeBufferPointer<LimitPointer>) -> NewRows? {
        if limits.isEmpty { return NewRows(node: self, rows: nil, count: 0) }
        guard let memory = cplatform_allocate(limits.count, MemoryLayout<Row>.stride) else { return nil }
        let rows = memory.bindMemory(to: Row.self, capacity: limits.count)
        for (index, limit) in limits.enumerated() { (rows + index).initialize(to: carried(limit)) }
        // Tallies that come to nothing go with the next change of rows.
        guard setTallies(UnsafeMutableBufferPointer(start: rows, count: limits.count), from: self.rows) else {
            cplatform_free(memory)
            return nil
        }
        return NewRows(node: self, rows: rows, count: limits.count)
    }

    /// Has these rows from now on, which were made of those it had. What nobody carries on is given back.
    func take(_ new: UnsafeMutablePointer<Row>?, _ count: Int) {
        for row in rows where !(0..<count).contains(where: { new.unsafelyUnwrapped[$0].passed.isSame(as: row.passed) })
        {
            row.passed.free()
        }
        cplatform_free(pointee.rows)
        pointee.rows = new
        pointee.rowCount = count
        sweepTallies()
        setShadowers()
    }

    private func carried(_ limit: LimitPointer) -> Row {
        var row = Row(limit)
        let older =
            rows.first { $0.limit.pointee.limit.name == limit.pointee.limit.name }
            ?? rows.first { $0.limit.pointee.limit.hasMeasure(of: limit.pointee.limit) }
        guard let older, older.limit.pointee.limit.hasMeasure(of: limit.pointee.limit) else { return row }
        (row.stage, row.isBreached, row.confirmed) = (older.stage, older.isBreached, older.confirmed)
        row.stage = min(row.stage, limit.pointee.limit.stageCount)
        row.bucket.carry(older.bucket)
        // Of two that measure the same one goes on with the times.
        if older.limit.pointee.limit.name == limit.pointee.limit.name { row.passed = older.passed }
        row.peak = older.peak
        return row
    }

    /// Of two limits of one measure the one that names more, and all that the other names, stands in the other's place.
    private func setShadowers() {
        for index in rows.indices {
            let limit = rows[index].limit.pointee.limit
            for other in rows.indices where other != index {
                let closer = rows[other].limit.pointee.limit
                if closer.hasMeasure(of: limit) && closer.scope.valued.isStrictSuperset(of: limit.scope.valued) {
                    rows[index].shadowers |= 1 << UInt64(other)
                }
            }
        }
    }
}
