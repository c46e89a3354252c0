import Foundation
import Market
import RiskBase
import Testing

@testable import RiskCore

/// Random histories of spot funds, played against the engine and against the model beside each other.
struct FundsHistoryTests {
    /// `OPENPIT_FUNDS_HISTORIES` asks for more seeds than the few of every day.
    private static let seeds: ClosedRange<UInt64> =
        1...(ProcessInfo.processInfo.environment["OPENPIT_FUNDS_HISTORIES"].flatMap { UInt64($0) } ?? 40)

    @Test(arguments: [SyncMode.none, .full, .account], seeds)
    func `a random history is answered as the model answers it`(mode: SyncMode, seed: UInt64) throws {
        var duel = try FundsDuel(mode)
        var dice = FundsDice(seed: seed)
        let opening = dice.opening()
        for step in 0..<300 {
            let next = step < opening.count ? opening[step] : dice.step(open: duel.model.open.count)
            if let difference = try duel.play(next) {
                Issue.record("seed \(seed), step \(step): \(next)\n\(difference)")
                return
            }
        }
    }

    /// The model knows what becomes of an order or an adjustment that is too large, and ends where a report or a rollback
    /// does not fit; the engine has to go on.
    @Test(arguments: seeds)
    func `a history of extreme numbers is answered as the model answers it, and goes on`(seed: UInt64) throws {
        var duel = try FundsDuel(.none)
        var dice = FundsDice(seed: seed, isExtreme: true)
        let opening = dice.opening()
        do {
            for step in 0..<200 {
                let next = step < opening.count ? opening[step] : dice.step(open: duel.model.open.count)
                if let difference = try duel.play(next) {
                    Issue.record("seed \(seed), step \(step): \(next)\n\(difference)")
                    return
                }
            }
        } catch is TooLarge {
            for _ in 0..<100 { _ = try duel.trader.play(dice.step(open: 0)) }
        }
    }
}

/// Engine and model side by side.
private struct FundsDuel {
    let trader: FundsTrader
    private let house: FundsHouse
    private(set) var model = FundsModel()

    init(_ mode: SyncMode) throws {
        house = try FundsHouse(mode)
        trader = FundsTrader(house)
    }

    /// Takes a step on both sides; what differs, if anything does.
    mutating func play(_ step: FundsStep) throws -> String? {
        let before = model
        let result = Result { try model.play(step) }
        let answer = try trader.play(step)
        let expected = try result.get()
        var differences = answer == expected ? [] : ["answers \(answer)\ninstead of \(expected)"]
        for account in FundsDice.accounts {
            let state = try house.state(of: account, FundsDice.assets)
            let right = model.state(of: account, FundsDice.assets)
            if state != right { differences.append("\(account) has \(state)\ninstead of \(right)") }
        }
        if let broken = house.engine.checkInvariants() { differences.append("broken: \(broken)") }
        if differences.isEmpty { return nil }
        let then = FundsDice.accounts.map { "\(before.state(of: $0, FundsDice.assets))" }
        return (differences + ["before:"] + then).joined(separator: "\n")
    }
}
