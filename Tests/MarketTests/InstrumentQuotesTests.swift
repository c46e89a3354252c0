import RiskBase
import TestSupport
import Testing

@testable import Market

struct InstrumentQuotesTests {
    /// The mark that this reader finds, as text; "-" for none.
    private static func mark(
        in quotes: borrowing InstrumentQuotes, _ account: UInt64, group: UInt32? = nil
    ) -> String {
        let words = quotes.select(for: reader(account, group: group), .accountThenGroupThenDefault)
        return words?.quote.mark?.description ?? "-"
    }

    private static func words(_ mark: Int64) -> QuoteWords {
        QuoteWords(marked(mark), seen: SourceTime(0, before: 0))
    }

    /// Who reads here: an account and a group with a quote of their own, and somebody without.
    private static let readers: [(account: UInt64, group: UInt32?)] = [(1, nil), (2, 7), (3, nil)]

    private static func push(_ mark: Int64, to quotes: borrowing InstrumentQuotes, _ copy: QuoteBucket.Copy) {
        quotes.withBucket(of: AccountId(1)) { $0.push(words(mark), .replace, to: copy) }
        quotes.withBucket(of: AccountGroupId(7)) { $0.push(words(mark), .replace, to: copy) }
        quotes.everybody.push(words(mark), .replace, to: copy)
    }

    private static func makeQuotes(from memory: inout QuoteMemory) -> InstrumentQuotes {
        let quotes = InstrumentQuotes(instrument(1, 2), ttl: nil)
        let isMade = [AccountId(1)].withUnsafeBufferPointer { accounts in
            [AccountGroupId(7)].withUnsafeBufferPointer { groups in
                quotes.makeBuckets(accounts: accounts, groups: groups, from: &memory)
            }
        }
        #expect(isMade)
        return quotes
    }

    @Test func `a reader gets an answer wherever the writer stands still`() {
        var memory = QuoteMemory()
        let quotes = Self.makeQuotes(from: &memory)
        for number in 1...3 as ClosedRange<Int64> {
            let old = number == 1 ? "-" : "\(number - 1)"
            quotes.publish { copy in
                let expected = copy == .spare ? old : "\(number)"
                for (account, group) in Self.readers {
                    #expect(Self.mark(in: quotes, account, group: group) == expected)
                }
                Self.push(number, to: quotes, copy)
                for (account, group) in Self.readers {
                    #expect(Self.mark(in: quotes, account, group: group) == expected)
                }
            }
            for (account, group) in Self.readers {
                #expect(Self.mark(in: quotes, account, group: group) == "\(number)")
            }
        }
    }

    @Test func `a bucket that is named twice in a patch is patched once`() {
        let quotes = InstrumentQuotes(instrument(1, 2), ttl: nil)
        quotes.publish { quotes.everybody.push(Self.words(1), .replace, to: $0) }
        let bid = QuoteWords(Quote(bid: decimal("2")), seen: SourceTime(0, before: 0))
        quotes.publish { copy in
            for _ in 0..<2 { quotes.everybody.push(bid, .patch, to: copy) }
        }
        #expect(quotes.everybody.read(.live).quote.text == "1 2 -")
        #expect(quotes.everybody.read(.spare).quote.text == "1 2 -")
    }

    /// Each round worked through the accounts of all rounds before.
    @Test func `clearing takes as long as there are quotes, not as there ever were`() {
        let quotes = InstrumentQuotes(instrument(1, 2), ttl: nil)
        var memory = QuoteMemory()
        // The fastest of many rounds is the one that nothing else on the machine held up.
        func time(of accounts: Range<UInt64>) -> Duration {
            accounts.map { account in
                ContinuousClock().measure {
                    _ = [AccountId(account), AccountId(account)].withUnsafeBufferPointer {
                        quotes.makeBuckets(
                            accounts: $0, groups: UnsafeBufferPointer(start: nil, count: 0), from: &memory)
                    }
                    quotes.publish { copy in
                        quotes.withBucket(of: AccountId(account)) { $0.push(Self.words(1), .replace, to: copy) }
                    }
                    quotes.clear(into: &memory)
                    #expect(Self.mark(in: quotes, account) == "-")
                }
            }.min() ?? .zero
        }
        let first = time(of: 0..<200)
        _ = time(of: 200..<10_000)
        #expect(time(of: 10_000..<10_200) < first * 10)
    }

    /// Memory that an instrument cleared is that of the next quotes, of any instrument.
    @Test func `what was cleared is used again`() {
        var memory = QuoteMemory()
        let first = InstrumentQuotes(instrument(1, 2), ttl: nil)
        let second = InstrumentQuotes(instrument(1, 2), ttl: nil)
        func fill(_ quotes: borrowing InstrumentQuotes) -> Set<UnsafeRawPointer> {
            var places: Set<UnsafeRawPointer> = []
            let accounts = (0..<1_000).map { AccountId($0) }
            let groups = (1..<100).map { AccountGroupId($0) }
            let isMade = accounts.withUnsafeBufferPointer { accounts in
                groups.withUnsafeBufferPointer { groups in
                    quotes.makeBuckets(accounts: accounts, groups: groups, from: &memory)
                }
            }
            #expect(isMade)
            for account in accounts {
                #expect(Self.mark(in: quotes, account.value) == "-")
                quotes.withBucket(of: account) { bucket in
                    bucket.push(Self.words(1), .replace, to: .live)
                    bucket.push(Self.words(1), .replace, to: .spare)
                    withUnsafePointer(to: bucket) { _ = places.insert(UnsafeRawPointer($0)) }
                }
            }
            return places
        }
        let places = fill(first)
        #expect(places.count == 1_000)
        for _ in 0..<3 {
            first.clear(into: &memory)
            #expect(Self.mark(in: first, 5) == "-")
            _ = fill(second)
            second.clear(into: &memory)
            _ = fill(first)
        }
        #expect(memory.buckets.madeCount <= 2 * (1_000 + 99))
    }
}
