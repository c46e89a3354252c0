import CPlatform

extension Book {
    /// The price levels of one side, best first.
    ///
    /// Inside, prices are keys, and the lowest key is the best: bids are turned around with `~`, which keeps every number a
    /// number. Levels stand in pages of 32 neighbouring keys. A page near the touch is found in the window, a small table that
    /// has one place for each page number modulo its size, so that it follows the market by itself; one that is not there is
    /// looked for in a tree of all pages. Pages are also linked in order, so that the next best level is at hand when the
    /// best goes.
    struct Ladder: ~Copyable {
        // Extensions of a type within a type see its own names only.
        typealias LevelPage = Book.LevelPage
        typealias PagePointer = Book.PagePointer

        private static var windowSize: Int { 64 }
        private static var windowLength: Int { windowSize * MemoryLayout<PagePointer?>.stride }
        private static var chunkPages: Int { 16 }
        private static var chunkLength: Int { LevelPage.headerLength + chunkPages * LevelPage.length }

        /// What turns a price into a key, and back.
        let mask: Int64
        /// The page of the best level.
        private(set) var first: PagePointer?
        private var root: PagePointer?
        private var window: UnsafeMutablePointer<PagePointer?>?
        private var free: PagePointer?
        /// The memory of the pages: each chunk begins with the address of the one before.
        private var chunks: UnsafeMutableRawPointer?
        /// A secret of the process, so that nobody can choose prices that make the tree deep.
        private let secret: UInt64
        private let nowhere: Nowhere
        /// What all its orders have left, shown or not. No level has more, so none of their sums can overflow.
        private(set) var total: Lots = 0

        /// `risesFromBest` is whether higher prices are worse.
        init(risesFromBest: Bool, secret: UInt64, nowhere: Nowhere) {
            self.nowhere = nowhere
            mask = risesFromBest ? 0 : -1
            self.secret = secret
        }

        mutating func destroy(_ memory: inout MemoryBudget) {
            if let window { memory.free(window, Self.windowLength) }
            while let chunk = chunks {
                chunks = chunk.load(as: UnsafeMutableRawPointer?.self)
                memory.free(chunk, Self.chunkLength)
            }
            window = nil
            first = nil
            root = nil
            free = nil
        }

        @inline(__always)
        var isEmpty: Bool { first == nil }

        @inline(__always)
        var bestPrice: Int64? { first.map { $0.bestKey() ^ mask } }

        /// Whether `quantity` more is still a sum that can be counted.
        @inline(__always)
        func fits(_ quantity: Lots) -> Bool { !total.addingReportingOverflow(quantity).overflow }

        @inline(__always)
        mutating func add(_ quantity: Lots) { total &+= quantity }

        @inline(__always)
        mutating func subtract(_ quantity: Lots) {
            if quantity > total { cplatform_contradict() }
            total &-= quantity
        }

        // MARK: - Finding

        /// The page that has the level of `key`, or `nil`.
        @inline(__always)
        func find(_ key: Int64) -> PagePointer? {
            guard let window else { return nil }
            let number = key &>> LevelPage.shift
            let place = window + Int(truncatingIfNeeded: number & Int64(Self.windowSize - 1))
            if let page = place.pointee, page.pointee.number == number { return page }
            return findInTree(number, place)
        }

        /// The page that is likely the one of `key`: what the window has. A guess that only a prefetch may follow.
        @inline(__always)
        func guess(_ key: Int64) -> PagePointer? {
            guard let window else { return nil }
            return window[Int(truncatingIfNeeded: (key &>> LevelPage.shift) & Int64(Self.windowSize - 1))]
        }

        @inline(never)
        private func findInTree(_ number: Int64, _ place: UnsafeMutablePointer<PagePointer?>) -> PagePointer? {
            var page = root
            while let here = page, here.pointee.number != number {
                page = number < here.pointee.number ? here.pointee.left : here.pointee.right
            }
            if let page { place.pointee = page }
            return page
        }

        /// The level of `key` when it has orders.
        func level(_ key: Int64) -> UnsafeMutablePointer<Level>? {
            guard let page = find(key), page.pointee.occupied & 1 &<< UInt32(truncatingIfNeeded: key & 31) != 0 else {
                return nil
            }
            return page.level(key)
        }

        // MARK: - Changing

        /// Makes sure that there is a page for another level. `false`, and no change, when memory is refused.
        @inline(__always)
        mutating func reserve(_ memory: inout MemoryBudget) -> Bool {
            free != nil || grow(&memory)
        }

        /// The page for a level of `key`, new when need be; there is one to spare. The caller adds an order at once.
        @inline(__always)
        mutating func findOrAdd(_ key: Int64) -> PagePointer {
            find(key) ?? addPage(key &>> LevelPage.shift)
        }

        /// Notes that the level of `key` has its first order.
        @inline(__always)
        func occupy(_ page: PagePointer, _ key: Int64) {
            page.pointee.occupied |= 1 &<< UInt32(truncatingIfNeeded: key & 31)
        }

        /// Notes that the level of `key` has lost its last order. A page without orders leaves the ladder.
        @inline(__always)
        mutating func vacate(_ page: PagePointer, _ key: Int64) {
            page.pointee.occupied &= ~(1 &<< UInt32(truncatingIfNeeded: key & 31))
            if page.pointee.occupied == 0 { removePage(page) }
        }

        @inline(never)
        private mutating func grow(_ memory: inout MemoryBudget) -> Bool {
            if window == nil {
                guard let fresh = memory.allocate(Self.windowLength) else { return false }
                let table = fresh.bindMemory(to: PagePointer?.self, capacity: Self.windowSize)
                table.initialize(repeating: nil, count: Self.windowSize)
                window = table
            }
            guard let chunk = memory.allocate(Self.chunkLength) else { return false }
            chunk.storeBytes(of: chunks, as: UnsafeMutableRawPointer?.self)
            chunks = chunk
            for index in (0..<Self.chunkPages).reversed() {
                let place = chunk + LevelPage.headerLength + index * LevelPage.length
                let page = place.bindMemory(to: LevelPage.self, capacity: 1)
                page.initialize(
                    to: LevelPage(
                        number: 0, occupied: 0, priority: 0, left: nil, right: nil, previous: nil, next: free))
                page.level(slot: 0).initialize(repeating: .empty, count: LevelPage.levelCount)
                free = page
            }
            return true
        }
    }
}

// MARK: - The tree of pages

extension Book.Ladder {
    /// A treap: ordered by number, and every page has a priority no smaller than those below it. The priorities are a
    /// keyed hash of the numbers, so the tree is as shallow as one made in random order.
    private func priority(_ number: Int64) -> UInt32 {
        var mixed = UInt64(bitPattern: number) ^ secret
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return UInt32(truncatingIfNeeded: mixed >> 32)
    }

    /// Hangs `page` below `parent`, or makes it the root.
    private mutating func attach(_ page: PagePointer?, _ parent: PagePointer?, toTheRight: Bool) {
        guard let parent else {
            root = page
            return
        }
        if toTheRight { parent.pointee.right = page } else { parent.pointee.left = page }
    }

    @inline(never)
    private mutating func addPage(_ number: Int64) -> PagePointer {
        guard let page = free else { return nowhere.page() }
        free = page.pointee.next
        page.pointee.number = number
        page.pointee.priority = priority(number)
        link(page)

        var parent: PagePointer?
        var isRight = false
        var below = root
        while let here = below, here.pointee.priority >= page.pointee.priority {
            parent = here
            isRight = here.pointee.number < number
            below = isRight ? here.pointee.right : here.pointee.left
        }
        attach(page, parent, toTheRight: isRight)
        // What was there is divided: smaller numbers go to the left of the page, larger ones to its right.
        var smaller = page
        var smallerIsRight = false
        var larger = page
        var largerIsRight = true
        while let here = below {
            if here.pointee.number < number {
                attach(here, smaller, toTheRight: smallerIsRight)
                smaller = here
                smallerIsRight = true
                below = here.pointee.right
            } else {
                attach(here, larger, toTheRight: largerIsRight)
                larger = here
                largerIsRight = false
                below = here.pointee.left
            }
        }
        attach(nil, smaller, toTheRight: smallerIsRight)
        attach(nil, larger, toTheRight: largerIsRight)
        window.unsafelyUnwrapped[place(number)] = page
        return page
    }

    private func place(_ number: Int64) -> Int { Int(truncatingIfNeeded: number & Int64(Self.windowSize - 1)) }

    /// Puts a page that is not yet in the tree between its neighbours.
    private mutating func link(_ page: PagePointer) {
        var smaller: PagePointer?
        var larger: PagePointer?
        var here = root
        while let other = here {
            if other.pointee.number < page.pointee.number {
                smaller = other
                here = other.pointee.right
            } else {
                larger = other
                here = other.pointee.left
            }
        }
        page.pointee.previous = smaller
        page.pointee.next = larger
        if let smaller { smaller.pointee.next = page } else { first = page }
        larger?.pointee.previous = page
    }

    @inline(never)
    private mutating func removePage(_ page: PagePointer) {
        let number = page.pointee.number
        if let previous = page.pointee.previous {
            previous.pointee.next = page.pointee.next
        } else {
            first = page.pointee.next
        }
        page.pointee.next?.pointee.previous = page.pointee.previous

        var parent: PagePointer?
        var isRight = false
        var here = root
        while let other = here, other != page {
            parent = other
            isRight = other.pointee.number < number
            here = isRight ? other.pointee.right : other.pointee.left
        }
        var smaller = page.pointee.left
        var larger = page.pointee.right
        while let left = smaller, let right = larger {
            let takesLeft = left.pointee.priority >= right.pointee.priority
            let upper = takesLeft ? left : right
            attach(upper, parent, toTheRight: isRight)
            parent = upper
            isRight = takesLeft
            if takesLeft { smaller = left.pointee.right } else { larger = right.pointee.left }
        }
        attach(smaller ?? larger, parent, toTheRight: isRight)

        let place = place(number)
        if window.unsafelyUnwrapped[place] == page { window.unsafelyUnwrapped[place] = nil }
        page.pointee.next = free
        free = page
    }
}

// MARK: - Invariants

extension Book.Ladder {
    /// What is wrong with the pages, or `nil`. What they hold is the book's to check.
    func checkInvariants() -> StaticString? {
        var listed = 0
        var page = first
        var before: PagePointer?
        while let here = page {
            listed += 1
            if here.pointee.occupied == 0 { return "a page without orders is in a ladder" }
            if here.pointee.previous != before { return "a page does not know the page before it" }
            if let before, before.pointee.number >= here.pointee.number { return "the pages are out of order" }
            if find(here.pointee.number << LevelPage.shift) != here { return "a page cannot be found" }
            before = here
            page = here.pointee.next
        }
        var inTree = 0
        return checkTree(root, Int64.min, Int64.max, &inTree)
            ?? (inTree == listed ? nil : "the tree and the list have different pages")
    }

    private func checkTree(
        _ page: PagePointer?, _ low: Int64, _ high: Int64, _ count: inout Int
    ) -> StaticString? {
        guard let page else { return nil }
        count += 1
        if page.pointee.number < low || page.pointee.number > high { return "a page is on the wrong side of the tree" }
        for child in [page.pointee.left, page.pointee.right] {
            if let child, child.pointee.priority > page.pointee.priority { return "the tree of pages is no heap" }
        }
        return checkTree(page.pointee.left, low, page.pointee.number - 1, &count)
            ?? checkTree(page.pointee.right, page.pointee.number + 1, high, &count)
    }
}
