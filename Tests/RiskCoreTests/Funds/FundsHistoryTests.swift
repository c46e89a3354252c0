import Foundation
import Testing

@testable import RiskCore

/// Random histories of spot funds, played against the engine and against the model beside each other.
struct FundsHistoryTests {
    /// `OPENPIT_FUNDS_HISTORIES` asks for more seeds than the few of every day.
    private static let seeds: ClosedRange<UInt64> =
        1...(ProcessInfo.processInfo.environment["OPENPIT_FUNDS_HISTORIES"].flatMap { UInt64($0) } ?? 40)

    @Test(arguments: [SyncMode.none, .full, .account], seeds)
    func `a random history is answered as the model answers it`(mode: SyncMode, seed: UInt64) throws {
        let house = try FundsHouse(mode)
        let trader = FundsTrader(house)
        var model = FundsModel()
        var dice = FundsDice(seed: seed)
        let opening = dice.opening()
        for step in 0..<300 {
            let next = step < opening.count ? opening[step] : dice.step(open: model.open.count)
            let before = model
            let expected = try model.play(next)
            let answer = try trader.play(next)
            var differences = answer == expected ? [] : ["answers \(answer)", "instead of \(expected)"]
            for account in FundsDice.accounts {
                let state = try house.state(of: account, FundsDice.assets)
                let right = model.state(of: account, FundsDice.assets)
                for (line, right) in zip(state, right) where line != right {
                    differences += ["\(account): \(line)", "instead of \(right)"]
                }
                if state.count != right.count { differences += ["\(state.last ?? "") instead of \(right.last ?? "")"] }
            }
            if differences.isEmpty { continue }
            let then = FundsDice.accounts.flatMap { before.state(of: $0, FundsDice.assets) }
            Issue.record(
                "seed \(seed), step \(step): \(next)\n\(differences.joined(separator: "\n"))\nbefore:\n\(then.joined(separator: "\n"))"
            )
            return
        }
    }
}
