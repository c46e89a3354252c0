import CPlatform

extension Book {
    /// The orders of one price.
    struct Level: BitwiseCopyable {
        /// The queue, oldest first.
        var head: UInt32
        var tail: UInt32
        var count: UInt32
        /// How many of them only reduce.
        var reducing: UInt32
        /// What shows, and what icebergs do not show.
        var visible: Lots
        var hidden: Lots

        static var empty: Level {
            Level(
                head: RestingOrder.none, tail: RestingOrder.none, count: 0, reducing: 0, visible: 0, hidden: 0)
        }
    }

    typealias PagePointer = UnsafeMutablePointer<LevelPage>

    /// The levels of 32 neighbouring keys, and the page's place among the others. The levels lie right behind it.
    struct LevelPage: BitwiseCopyable {
        /// Key / 32 of its levels.
        var number: Int64
        /// A bit for each level that has orders. Only a page with orders is in a ladder.
        var occupied: UInt32
        /// Decides who is above whom in the tree.
        var priority: UInt32
        /// The pages below it in the tree, smaller and larger.
        var left: PagePointer?
        var right: PagePointer?
        /// Its neighbours by number. Of a free page, `next` is the next free one.
        var previous: PagePointer?
        var next: PagePointer?

        static var shift: Int64 { 5 }
        static var levelCount: Int { 32 }
        /// Where the levels begin: on a cache line of their own.
        static var headerLength: Int { 64 }
        static var length: Int { headerLength + levelCount * MemoryLayout<Level>.stride }
    }
}

extension UnsafeMutablePointer {
    /// The level with the lowest bits of `key`.
    @inline(__always)
    func level<Lots>(_ key: Int64) -> UnsafeMutablePointer<Book<Lots>.Level> where Pointee == Book<Lots>.LevelPage {
        level(slot: Int(truncatingIfNeeded: key & 31))
    }

    @inline(__always)
    func level<Lots>(slot: Int) -> UnsafeMutablePointer<Book<Lots>.Level> where Pointee == Book<Lots>.LevelPage {
        (UnsafeMutableRawPointer(self) + Pointee.headerLength).assumingMemoryBound(to: Book<Lots>.Level.self) + slot
    }

    /// The page of the next worse levels. One that is no worse leads in a circle.
    @inline(__always)
    func following<Lots>() -> UnsafeMutablePointer<Book<Lots>.LevelPage>? where Pointee == Book<Lots>.LevelPage {
        guard let next = pointee.next, next.pointee.number <= pointee.number else { return pointee.next }
        cplatform_contradict()
        return nil
    }

    /// The key of its best level.
    @inline(__always)
    func bestKey<Lots>() -> Int64 where Pointee == Book<Lots>.LevelPage {
        pointee.number &<< Pointee.shift | Int64(truncatingIfNeeded: pointee.occupied.trailingZeroBitCount)
    }
}
