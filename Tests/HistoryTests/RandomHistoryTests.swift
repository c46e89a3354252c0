import Foundation
import RiskBase
import Testing

/// Random histories of an engine with limits beside a slow and obvious model, which shares nothing with it but the numbers.
/// `make histories` plays many more.
@Suite(.serialized) struct RandomHistoryTests {
    private static let steps = ProcessInfo.processInfo.environment["OPENPIT_HISTORY_STEPS"].flatMap { Int($0) } ?? 2400
    private static let length = 200

    @Test(arguments: [SyncMode.none, .account, .full])
    func `leave the engine and the model with the same answers, sums, stages and states`(mode: SyncMode) throws {
        let first = 1 + UInt64(mode.rawValue) * 100_000
        for seed in first..<first + UInt64(Self.steps / Self.length) {
            let history = try History(seed: seed, mode: mode)
            do {
                for _ in 0..<Self.length { try history.step() }
                try history.end()
            } catch let difference as Difference {
                Issue.record("seed \(seed): \(difference.words)")
                return
            }
        }
    }
}
