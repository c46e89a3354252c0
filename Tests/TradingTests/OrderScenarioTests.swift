import Decimals
import Testing

import struct Foundation.URL

@testable import Trading

/// Plays the cases in `Tests/scenarios/orders`, which tells how to read them.
struct OrderScenarioTests {
    struct Scenario: CustomTestStringConvertible, Sendable {
        var name: String
        var lines: [String] = []
        var testDescription: String { name }
    }

    private static var folder: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "scenarios/orders")
    }

    static let scenarios: [Scenario] = "ABCDEFHIJK".flatMap { matrix in
        let text = (try? String(contentsOf: folder.appending(path: "\(matrix).txt"), encoding: .utf8)) ?? ""
        var scenarios: [Scenario] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("scenario ") {
                scenarios.append(Scenario(name: String(line.dropFirst("scenario ".count))))
            } else if !scenarios.isEmpty {
                scenarios[scenarios.count - 1].lines.append(line.trimmingPrefix("  ").description)
            }
        }
        return scenarios
    }

    @Test func `every matrix has its cases`() {
        #expect(Self.scenarios.count == 45)
        #expect(Set(Self.scenarios.map { $0.name.prefix { $0 != ":" } }).count == Self.scenarios.count)
    }

    @Test(arguments: scenarios)
    func `an order lives as the case says`(scenario: Scenario) throws {
        var life = OrderLife(quantity: .zero)
        for line in scenario.lines {
            let parts = line.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
            if parts[0][0] == "order" {
                life = OrderLife(quantity: try number(parts[0][1]))
                for event in [OrderEvent.accepted, .submitted] { _ = try life.apply(event) }
                continue
            }
            let before = life
            let effects = try happen(parts[0], &life)
            let told = Self.described(life, effects, changed: life != before)
            #expect(Self.agrees(told, parts[1]), "\(line): \(told)")
        }
    }

    private func happen(_ words: [String], _ life: inout OrderLife) throws -> OrderEffects {
        let event = try #require(OrderEvent.allCases.first { "\($0)" == words[0] })
        let quantity = words.count > 1 ? try number(words[1]) : .zero
        let price = words.count > 3 ? try number(words[3]) : .zero
        do {
            return try life.apply(event, quantity: quantity, price: price)
        } catch TradingFailure.invalid {
            return .refused
        }
    }

    /// What is so: the state with its numbers, what waits, and the effects, as words.
    private static func described(_ life: OrderLife, _ effects: OrderEffects, changed: Bool) -> [String] {
        if effects.contains(.refused) { return changed ? ["changed"] : ["refused"] }
        let left = life.state.isTerminal ? Decimal.zero : life.remaining
        var words = ["\(life.state)", "\(life.filled)/\(left)"]
        func waits(_ count: UInt32, _ word: String) {
            if count > 0 { words += ["\(count)", count == 1 ? word : word + "s"] }
        }
        waits(life.pendingCancels, "cancel")
        waits(life.pendingReplaces, "replace")
        let names: [(OrderEffects, String)] = [
            (.sendCancel, "sendCancel"), (.sendReplace, "sendReplace"), (.settle, "settle"), (.resize, "resize"),
            (.release, "release"), (.late, "late"), (.overfilled, "overfilled"),
        ]
        return words + names.filter { effects.contains($0.0) }.map(\.1)
    }

    /// Whether all that a case says is so. It may leave out effects, but not what waits.
    private static func agrees(_ told: [String], _ expected: [String]) -> Bool {
        let expected = expected.map { $0.hasSuffix(",") ? String($0.dropLast()) : $0 }
        let waiting = Set(["cancel", "cancels", "replace", "replaces"])
        return expected.prefix(2) == told.prefix(2) && Set(expected).isSubset(of: told)
            && waiting.isDisjoint(with: Set(told).subtracting(expected))
    }
}
