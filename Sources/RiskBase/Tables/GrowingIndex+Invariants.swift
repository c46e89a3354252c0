extension GrowingIndex {
    /// Every entry, in no particular order.
    package func forEach(_ visit: (Entry) -> Void) {
        for position in 0..<capacity where !buckets[position].isEmpty { visit(buckets[position]) }
        guard let outgoing else { return }
        for position in outgoing.pointee.start..<outgoing.pointee.end where !outgoing.pointee.buckets[position].isEmpty
        {
            visit(outgoing.pointee.buckets[position])
        }
    }

    /// What does not hold together in the index, or `nil`. `keyOf` tells the key of an entry. It looks at everything, so it is for
    /// tests.
    package func checkInvariants(_ keyOf: (Entry) -> UInt64) -> StaticString? {
        if capacity & (capacity - 1) != 0 { return "an index has a number of buckets that is no power of two" }
        var occupied = 0
        for position in 0..<capacity where !buckets[position].isEmpty { occupied += 1 }
        // A search ends at an empty bucket, so there must be one before anything is searched.
        if occupied * 2 > capacity { return "an index is more than half full" }
        for position in 0..<capacity where !buckets[position].isEmpty {
            if self.position(of: keyOf(buckets[position]), keyOf) != position {
                return "an entry of an index cannot be found"
            }
        }
        if let outgoing {
            let old = outgoing.pointee
            if old.start < 0 || old.start > old.end || old.end * MemoryLayout<Entry>.stride > old.length {
                return "what is left of an old index lies outside of it"
            }
            for position in old.start..<old.end where !old.buckets[position].isEmpty {
                let key = keyOf(old.buckets[position])
                occupied += 1
                if old.position(of: key, keyOf) != position { return "an entry of an old index cannot be found" }
                if self.position(of: key, keyOf) != nil { return "an entry is in an index and in the old one" }
            }
        }
        return occupied == count ? nil : "an index miscounts its entries"
    }
}
