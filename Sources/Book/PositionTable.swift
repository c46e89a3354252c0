import CPlatform

extension Book {
    /// What the owners of a book's orders have bought and sold there, net.
    struct PositionTable: ~Copyable {
        struct Row: BitwiseCopyable {
            var owner: UInt64
            /// Bought less sold. Trades are counted in 64 bits and quantities too, so this cannot overflow.
            var position: Int128
            /// What the position would be, while a fill-or-kill order is tried; good only in the trial it was made in.
            var trial: Int128
            var trialNumber: UInt64
        }

        private static var chunkSize: Int { 256 }
        private static var chunkLength: Int { headerLength + chunkSize * MemoryLayout<Row>.stride }
        private static var headerLength: Int { 64 }

        private var index: KeyIndex
        /// Chunks of rows. The list of them doubles; the rows stay where they are.
        private var chunks: UnsafeMutablePointer<UnsafeMutablePointer<Row>>?
        private var chunkCount = 0
        private var chunkCapacity = 0
        private(set) var count: UInt32 = 0
        private var trialNumber: UInt64 = 0

        init(secret: (UInt64, UInt64)) {
            index = KeyIndex(secret: secret)
        }

        mutating func destroy(_ memory: inout MemoryBudget) {
            index.destroy(&memory)
            for chunk in 0..<chunkCount { memory.free(chunks.unsafelyUnwrapped[chunk], Self.chunkLength) }
            if let chunks { memory.free(chunks, chunkCapacity * 8) }
            chunks = nil
            chunkCount = 0
        }

        @inline(__always)
        func row(_ number: UInt32) -> UnsafeMutablePointer<Row> {
            guard Int(number) < chunkCount &* Self.chunkSize else {
                return cplatform_nowhere(MemoryLayout<Row>.stride).assumingMemoryBound(to: Row.self)
            }
            return chunks.unsafelyUnwrapped[Int(number) / Self.chunkSize] + Int(number) % Self.chunkSize
        }

        func find(_ owner: UInt64) -> UInt32? {
            index.find(owner) { row($0).pointee.owner == owner }?.number
        }

        /// The row of `owner`, made when there is none; `nil`, and no change, when memory is refused.
        mutating func findOrAdd(_ owner: UInt64, _ memory: inout MemoryBudget) -> UInt32? {
            if let found = find(owner) { return found }
            guard count < UInt32.max - 2, index.reserve(&memory), reserveRow(&memory) else { return nil }
            row(count).initialize(to: Row(owner: owner, position: 0, trial: 0, trialNumber: 0))
            index.insert(owner, count, &memory)
            count += 1
            return count - 1
        }

        private mutating func reserveRow(_ memory: inout MemoryBudget) -> Bool {
            if Int(count) < chunkCount * Self.chunkSize { return true }
            if chunkCount == chunkCapacity {
                let larger = max(8, chunkCapacity * 2)
                guard let fresh = memory.allocate(larger * 8) else { return false }
                let list = fresh.bindMemory(to: UnsafeMutablePointer<Row>.self, capacity: larger)
                if let chunks {
                    list.initialize(from: chunks, count: chunkCount)
                    memory.free(chunks, chunkCapacity * 8)
                }
                chunks = list
                chunkCapacity = larger
            }
            guard let chunk = memory.allocate(Self.chunkLength) else { return false }
            (chunks.unsafelyUnwrapped + chunkCount).initialize(
                to: chunk.bindMemory(to: Row.self, capacity: Self.chunkSize))
            chunkCount += 1
            return true
        }

        // MARK: - Positions

        /// How much `side` may trade before the position of that row is nothing; 0 when it does not reduce.
        func reducible(_ number: UInt32, _ side: BookSide) -> Lots {
            Self.reducible(row(number).pointee.position, side)
        }

        private static func reducible(_ position: Int128, _ side: BookSide) -> Lots {
            let open = side == .buy ? 0 &- position : position
            return Lots(clamping: open)
        }

        func trade(_ number: UInt32, _ side: BookSide, _ quantity: Lots) {
            let row = row(number)
            row.pointee.position = Self.after(row.pointee.position, side, quantity)
        }

        func set(_ number: UInt32, _ position: Int64) { row(number).pointee.position = Int128(position) }

        // MARK: - Trials

        /// Begins to count from the true positions again.
        mutating func beginTrial() { trialNumber &+= 1 }

        private func trialRow(_ number: UInt32) -> UnsafeMutablePointer<Row> {
            let row = row(number)
            if row.pointee.trialNumber != trialNumber {
                row.pointee.trialNumber = trialNumber
                row.pointee.trial = row.pointee.position
            }
            return row
        }

        func reducibleInTrial(_ number: UInt32, _ side: BookSide) -> Lots {
            Self.reducible(trialRow(number).pointee.trial, side)
        }

        func tradeInTrial(_ number: UInt32, _ side: BookSide, _ quantity: Lots) {
            let row = trialRow(number)
            row.pointee.trial = Self.after(row.pointee.trial, side, quantity)
        }

        /// A position after a trade. All trades together are too few for one that does not fit.
        private static func after(_ position: Int128, _ side: BookSide, _ quantity: Lots) -> Int128 {
            let traded = Int128(truncatingIfNeeded: quantity)
            let (sum, overflow) =
                side == .buy
                ? position.addingReportingOverflow(traded) : position.subtractingReportingOverflow(traded)
            if overflow { cplatform_contradict() }
            return sum
        }

        func checkInvariants() -> StaticString? {
            if Int(count) > chunkCount * Self.chunkSize { return "there are more positions than places for them" }
            return index.checkInvariants(below: count) { row($0).pointee.owner }
        }
    }
}
