import Decimals
import RiskBase
import Synchronization
import TestSupport
import Testing

@testable import Market

struct MarketDataThreadingTests {
    private static let pushes: Int64 = 20_000

    /// A quote that shows when its parts come from two pushes.
    private static func quote(_ number: Int64) -> Quote {
        Quote(mark: Decimal(number), bid: Decimal(number * 3), ask: Decimal(-number))
    }

    private static func number(of answer: QuoteAnswer) -> Int64? {
        guard case .quote(let quote) = answer, let mark = quote.mark, let bid = quote.bid, let ask = quote.ask else {
            return nil
        }
        let number = Int64(mark.low)
        return bid.low == mark.low * 3 && ask.low == mark.low && ask.isNegative == (number > 0) ? number : nil
    }

    @Test func `a reader sees whole quotes, and never an older one after a newer one`() async throws {
        let market = try TestMarket()
        let id = try market.register()
        try market.data.push(Self.quote(0), to: id)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 1...Self.pushes { try? market.data.push(Self.quote(number), to: id) }
            }
            for _ in 0..<2 {
                group.addTask {
                    var last: Int64 = 0
                    while last < Self.pushes {
                        guard let number = Self.number(of: market.get(id)), number >= last else {
                            Issue.record("torn, or older than \(last)")
                            return
                        }
                        last = number
                    }
                }
            }
        }
    }

    @Test func `a push to several places is seen in all of them or in none`() async throws {
        let market = try TestMarket()
        let id = try market.register()
        try market.push(Self.quote(0), to: id, accounts: [1], groups: [7, 0])
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 1...Self.pushes {
                    try? market.push(Self.quote(number), to: id, accounts: [1], groups: [7, 0])
                }
            }
            group.addTask {
                var last: Int64 = 0
                while last < Self.pushes {
                    // Each place in turn: what one of them showed, the next one must show too.
                    for (account, group) in [(1, nil), (2, 7), (3, nil)] as [(UInt64, UInt32?)] {
                        guard let number = Self.number(of: market.get(id, account, group: group)), number >= last
                        else {
                            Issue.record("torn, or older than \(last)")
                            return
                        }
                        last = number
                    }
                }
            }
        }
    }

    @Test func `instruments, accounts and TTLs may come while others read`() async throws {
        let market = try TestMarket()
        let known = try market.register(1)
        try market.data.push(Self.quote(1), to: known)
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<2 as Range<UInt32> {
                group.addTask {
                    for number in 0..<2_000 as Range<UInt32> {
                        let pair = instrument(number + 10, writer)
                        _ = try? market.data.push(Self.quote(2), to: pair)
                        try? market.push(Self.quote(2), to: known, accounts: [UInt64(number) + 10])
                        try? market.data.setTtl(.infinite, of: .account(AccountId(UInt64(number))))
                    }
                }
            }
            group.addTask {
                for number in 0..<2_000 as Range<UInt32> {
                    #expect(Self.number(of: market.get(known)) == 1)
                    guard let id = market.data.resolve(instrument(number + 10, 0)) else { continue }
                    let answer = market.get(id).text
                    #expect(answer == "2 6 -2" || answer == "unavailable")
                }
            }
        }
        #expect(market.data.resolve(instrument(2_009, 1)) != nil)
    }

    private final class Flag: Sendable {
        let isDone = Atomic<Bool>(false)
    }

    /// Two instruments hand each other their memory, and TTLs come and go, while readers look: what they find is of the
    /// instrument they asked for.
    @Test func `memory that is cleared and used again shows no reader the quote of another`() async throws {
        let market = try TestMarket()
        let ids = [try market.register(1), try market.register(2)]
        let flag = Flag()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for round in 0..<200 as Range<Int> {
                    let id = ids[round % 2]
                    for account in 0..<100 as Range<UInt64> {
                        let number = Int64(account) * 2 + Int64(round % 2) + 1
                        try? market.push(Self.quote(number), to: id, accounts: [account], groups: [UInt32(account) + 1])
                        try? market.data.setTtl(.infinite, of: .instrumentAccount(id, AccountId(account)))
                    }
                    for account in 0..<100 as Range<UInt64> {
                        try? market.data.setTtl(nil, of: .instrumentAccount(id, AccountId(account)))
                    }
                    market.data.clear(id)
                }
                flag.isDone.store(true, ordering: .releasing)
            }
            for _ in 0..<2 {
                group.addTask {
                    var account: UInt64 = 0
                    while !flag.isDone.load(ordering: .acquiring) {
                        account = (account + 1) % 100
                        for (index, id) in ids.enumerated() {
                            let answer = market.get(id, account)
                            guard case .quote = answer else {
                                if answer.text != "unavailable" { Issue.record("\(answer)") }
                                continue
                            }
                            let expected = Int64(account) * 2 + Int64(index) + 1
                            if Self.number(of: answer) != expected {
                                Issue.record("\(answer.text) for account \(account) of instrument \(index)")
                            }
                        }
                    }
                }
            }
        }
    }
}
