import CPlatform
import Decimals
import RiskBase

/// Working orders of one owner in one instrument on one side, best price first: where a new order would meet its own. The orders of
/// each venue have a tree of their own, and all of them one together, so that a look costs as much as the tree is high.
struct Crossings: ~Copyable {
    /// Whose orders some limit keeps from meeting.
    private(set) var kinds = OwnerKinds()
    private var entries = SlabTable<CrossEntry>()
    private var roots = RowTable<CrossRoot>()
    /// Where there is room for orders that are about to rest, in the order in which that was made.
    private var reserved = Buffer<CrossRootPointer>()
    private var restedCount = 0

    init() {}

    mutating func keep(_ kind: ParameterOwner) { kinds.insert(kind) }

    /// Makes sure that an order of this owner can rest there. `false` when memory has run out.
    mutating func reserve(_ owner: CrossOwner, _ instrument: UInt32, _ side: Side, _ venue: Asset) -> Bool {
        guard entries.reserve(2), reserved.reserve(2), let all = root(CrossPlace(owner, instrument, side, nil)),
            let own = root(CrossPlace(owner, instrument, side, venue))
        else { return false }
        reserved.append(all)
        reserved.append(own)
        return true
    }

    /// Forgets for whom there was to be room.
    mutating func forgetReserved() {
        reserved.removeAll()
        restedCount = 0
    }

    /// Has an order rest, in the room that was made for the next one of its owners.
    mutating func add(_ order: WorkingOrderPointer, of owner: CrossOwner) {
        for index in 0..<2 {
            let key = Self.key(order.pointee.key, owner.kind, index)
            let root = reserved[restedCount + index]
            if entries.find(key) == nil, let entry = entries.add(CrossEntry(key, order, root)) { entry.insert() }
        }
        restedCount += 2
    }

    /// Takes an order out, wherever it rests.
    mutating func remove(_ order: UInt64) {
        for kind in kinds {
            for index in 0..<2 {
                let key = Self.key(order, kind, index)
                guard let entry = entries.find(key) else { continue }
                entry.remove()
                entries.remove(key)
            }
        }
    }

    /// What rests there where an order of this venue, or of any, can meet it; best first.
    mutating func orders(_ owner: CrossOwner, _ instrument: UInt32, _ side: Side, _ venue: Asset) -> CrossCursor {
        func first(_ venue: Asset?) -> CrossEntryPointer? {
            find(CrossPlace(owner, instrument, side, venue))?.pointee.top?.leftmost
        }
        return venue.isNone ? CrossCursor(first(nil), nil) : CrossCursor(first(venue), first(Asset.none))
    }

    /// What does not hold together, or `nil`.
    func checkInvariants() -> StaticString? {
        if let broken = entries.checkInvariants() ?? roots.checkInvariants() ?? reserved.checkInvariants() {
            return broken
        }
        var broken: StaticString?
        var found = 0
        roots.forEach { root in
            if let top = root.pointee.top {
                if top.pointee.parent != nil { broken = "the top of a tree is below another order" }
                broken = broken ?? top.check(root, &found, atMost: entries.count)
            }
        }
        return broken ?? (found == entries.count ? nil : "an order that others may meet is in no tree")
    }

    /// An order has less than a sixteenth of all numbers for a key.
    private static func key(_ order: UInt64, _ kind: ParameterOwner, _ index: Int) -> UInt64 {
        order &* 16 | UInt64(kind.rawValue) * 2 | UInt64(index)
    }

    private mutating func find(_ place: CrossPlace) -> CrossRootPointer? {
        var key = place.hash
        while let root = roots.find(key) {
            if root.pointee.place == place { return root }
            key = cplatform_hash(key)
        }
        return nil
    }

    private mutating func root(_ place: CrossPlace) -> CrossRootPointer? {
        var key = place.hash
        while let root = roots.find(key) {
            if root.pointee.place == place { return root }
            key = cplatform_hash(key)
        }
        return roots.findOrAdd(key, initial: CrossRoot(place: place))
    }
}

/// Kinds of owners, a bit for the number of each.
struct OwnerKinds: Sequence, IteratorProtocol, BitwiseCopyable {
    private var bits: UInt8 = 0

    var isEmpty: Bool { bits == 0 }

    func contains(_ kind: ParameterOwner) -> Bool { bits & 1 << kind.rawValue != 0 }

    mutating func insert(_ kind: ParameterOwner) { bits |= 1 << kind.rawValue }

    mutating func next() -> ParameterOwner? {
        let kind = ParameterOwner(rawValue: UInt8(truncatingIfNeeded: bits.trailingZeroBitCount))
        bits &= bits &- 1
        return kind
    }
}

/// Whose orders may not meet: an account, a group, a trader or a wash group.
struct CrossOwner: BitwiseCopyable, Equatable {
    let kind: ParameterOwner
    let value: UInt32
    /// Whether it is an account that belongs to nobody of that kind, and so to itself.
    var isAlone = false
}

/// Where orders can meet others.
struct CrossPlace: BitwiseCopyable, Equatable {
    private let owner: CrossOwner
    private let instrument: UInt32
    private let side: Side
    /// One more than that of the venue, 1 for orders that name none; 0 for all orders.
    private let venue: UInt64

    init(_ owner: CrossOwner, _ instrument: UInt32, _ side: Side, _ venue: Asset?) {
        (self.owner, self.instrument, self.side) = (owner, instrument, side)
        self.venue = venue.map { UInt64($0.id) + 1 } ?? 0
    }

    var hash: UInt64 {
        var digest = Digest(UInt64(owner.kind.rawValue) << 33 | (owner.isAlone ? 1 << 32 : 0) | UInt64(owner.value))
        digest.take(UInt64(instrument) << 32 | UInt64(side.rawValue))
        digest.take(venue)
        return digest.value
    }
}

struct CrossRoot: BitwiseCopyable {
    let place: CrossPlace
    var top: CrossEntryPointer?
}

typealias CrossRootPointer = UnsafeMutablePointer<CrossRoot>

/// An order in a tree, whose shape random numbers decide: so nobody can make it a high one.
struct CrossEntry: KeyedRow {
    let key: UInt64
    let order: WorkingOrderPointer
    let root: CrossRootPointer
    /// What it rests at; `nil` when it takes any price.
    let price: Decimal?
    fileprivate let priority: UInt64
    fileprivate var left: CrossEntryPointer?
    fileprivate var right: CrossEntryPointer?
    fileprivate var parent: CrossEntryPointer?

    init(_ key: UInt64, _ order: WorkingOrderPointer, _ root: CrossRootPointer) {
        self.key = key
        self.order = order
        self.root = root
        price = order.pointee.restingPrice
        priority = cplatform_hash(key)
    }

}

typealias CrossEntryPointer = UnsafeMutablePointer<CrossEntry>

/// Goes through the orders of one or two trees.
struct CrossCursor: BitwiseCopyable {
    private var one: CrossEntryPointer?
    private var other: CrossEntryPointer?

    init(_ one: CrossEntryPointer?, _ other: CrossEntryPointer?) { (self.one, self.other) = (one, other) }

    /// The next order that meets one of this price, or of any when there is none; `nil` when no more do.
    mutating func next(meeting price: Decimal?) -> WorkingOrderPointer? {
        let takesOne = one.map { one in other.map { one.isBefore($0) } ?? true } ?? false
        guard let entry = takesOne ? one : other, entry.meets(price) else { return nil }
        if takesOne { one = entry.next } else { other = entry.next }
        return entry.pointee.order
    }
}

extension WorkingOrder {
    /// Whether it lies where others can meet it: one with a stop price does not yet.
    var canBeMet: Bool { type == .limit || type == .market }

    /// The price it names.
    var restingPrice: Decimal? { type == .limit ? price : nil }
}

extension CrossEntryPointer {
    /// Whether it is reached before the other one: orders that take any price first, then the best price, then the oldest order.
    @inline(__always)
    fileprivate func isBefore(_ other: CrossEntryPointer) -> Bool {
        switch (pointee.price, other.pointee.price) {
        case (nil, nil): break
        case (nil, _): return true
        case (_, nil): return false
        case (let own?, let price?):
            if own < price { return pointee.order.pointee.side == .sell }
            if price < own { return pointee.order.pointee.side == .buy }
        }
        return pointee.order.pointee.key < other.pointee.order.pointee.key
    }

    /// What is wrong with what is below an order, or `nil`. It goes no further down than there are orders.
    fileprivate func check(_ root: CrossRootPointer, _ found: inout Int, atMost count: Int) -> StaticString? {
        found += 1
        if found > count { return "a tree has more orders than there are" }
        if pointee.root != root { return "an order is in another tree than it thinks" }
        for (child, isLeft) in [(pointee.left, true), (pointee.right, false)] {
            guard let child else { continue }
            if child.pointee.parent != self { return "an order does not know which is above it" }
            if child.pointee.priority > pointee.priority { return "a tree of orders is no heap" }
            let isRight = isLeft ? child.isBefore(self) : isBefore(child)
            if !isRight { return "an order is on the wrong side of a tree" }
            if let broken = child.check(root, &found, atMost: count) { return broken }
        }
        return nil
    }

    fileprivate func meets(_ price: Decimal?) -> Bool {
        guard let price, let own = pointee.price else { return true }
        return pointee.order.pointee.side == .sell ? !(price < own) : !(own < price)
    }

    fileprivate var leftmost: CrossEntryPointer {
        var entry = self
        while let left = entry.pointee.left { entry = left }
        return entry
    }

    /// The one behind it.
    fileprivate var next: CrossEntryPointer? {
        if let right = pointee.right { return right.leftmost }
        var entry = self
        while let parent = entry.pointee.parent {
            if parent.pointee.left == entry { return parent }
            entry = parent
        }
        return nil
    }

    fileprivate func insert() {
        guard var place = pointee.root.pointee.top else {
            pointee.root.pointee.top = self
            return
        }
        while true {
            let isLeft = isBefore(place)
            guard let child = isLeft ? place.pointee.left : place.pointee.right else {
                if isLeft { place.pointee.left = self } else { place.pointee.right = self }
                pointee.parent = place
                break
            }
            place = child
        }
        while let parent = pointee.parent, parent.pointee.priority < pointee.priority { rotateUp() }
    }

    fileprivate func remove() {
        while let child = higherChild { child.rotateUp() }
        if let parent = pointee.parent {
            if parent.pointee.left == self {
                parent.pointee.left = nil
            } else if parent.pointee.right == self {
                parent.pointee.right = nil
            } else {
                cplatform_contradict()
            }
        } else {
            if pointee.root.pointee.top != self { cplatform_contradict() }
            pointee.root.pointee.top = nil
        }
    }

    private var higherChild: CrossEntryPointer? {
        guard let left = pointee.left else { return pointee.right }
        guard let right = pointee.right else { return left }
        return left.pointee.priority < right.pointee.priority ? right : left
    }

    /// Changes places with its parent.
    private func rotateUp() {
        guard let parent = pointee.parent else { return }
        let grandparent = parent.pointee.parent
        if parent.pointee.left == self {
            parent.pointee.left = pointee.right
            pointee.right?.pointee.parent = parent
            pointee.right = parent
        } else {
            parent.pointee.right = pointee.left
            pointee.left?.pointee.parent = parent
            pointee.left = parent
        }
        parent.pointee.parent = self
        pointee.parent = grandparent
        if let grandparent {
            if grandparent.pointee.left == parent {
                grandparent.pointee.left = self
            } else {
                grandparent.pointee.right = self
            }
        } else {
            pointee.root.pointee.top = self
        }
    }
}
