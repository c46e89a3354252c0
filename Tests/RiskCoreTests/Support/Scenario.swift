import Foundation
import Testing

/// One story of Tests/scenarios: see the README there for how it is told.
struct Scenario: CustomTestStringConvertible, Sendable {
    struct Step {
        let line: Int
        let repetitions: Int
        /// What happens, as words: `order B 5@10 EUR`.
        let words: [String]
        /// The rest of the step behind a colon, item by item: barriers.
        let items: [[String]]
        /// What is said, in order: `ok`, `reject …`, `block …` or `refused …`, then texts.
        var sayings: [[String]]
    }

    let name: String
    let file: String
    var steps: [Step] = []

    var testDescription: String { name }
}

struct ScenarioFault: Error {
    let text: String
}

extension Scenario {
    /// Every scenario of every file beside the tests.
    static let all: [Scenario] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../scenarios")
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "txt" }.sorted { $0.path < $1.path }.flatMap { file in
            parse((try? String(contentsOf: file, encoding: .utf8)) ?? "", file: file.lastPathComponent)
        }
    }()

    static func parse(_ text: String, file: String) -> [Scenario] {
        var scenarios: [Scenario] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("scenario ") {
                scenarios.append(Scenario(name: String(line.dropFirst("scenario ".count)), file: file))
                continue
            }
            let cells = line.components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard var scenario = scenarios.popLast() else { return [] }
            if cells[0] == "+" {
                scenario.steps[scenario.steps.count - 1].sayings.append(Array(cells.dropFirst()))
            } else {
                scenario.steps.append(Step(cells, line: index + 1))
            }
            scenarios.append(scenario)
        }
        return scenarios
    }
}

extension Scenario.Step {
    fileprivate init(_ cells: [String], line: Int) {
        let parts = cells[0].split(separator: ":", maxSplits: 1).map(String.init)
        var words = parts[0].split(separator: " ").map(String.init)
        var repetitions = 1
        if words.count > 2, words[1] == "x", let times = Int(words[0]) {
            repetitions = times
            words.removeFirst(2)
        }
        let items = parts.count < 2 ? [] : parts[1].split(separator: ";")
        self.init(
            line: line, repetitions: repetitions, words: words,
            items: items.map { $0.split(separator: " ").map(String.init) }.filter { !$0.isEmpty },
            sayings: [cells.count > 1 ? Array(cells.dropFirst()) : ["ok"]])
    }
}
