import Foundation
import Testing

/// One story of Tests/scenarios/spot_funds.story: what there is, what is done, and what is said about it.
struct FundsStory: CustomTestStringConvertible, Sendable {
    struct Step: Sendable {
        let line: Int
        let text: String
        let saying: String
    }

    let name: String
    var given: [String] = []
    var steps: [Step] = []

    var testDescription: String { name }

    static let all: [FundsStory] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../scenarios/spot_funds.story")
        var stories: [FundsStory] = []
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("scenario ") {
                stories.append(FundsStory(name: String(line.dropFirst("scenario ".count))))
                continue
            }
            let cells = line.components(separatedBy: " | ")
            guard cells.count == 2, var story = stories.popLast() else { return [] }
            if cells[0] == "given" {
                story.given = cells[1].components(separatedBy: "; ")
            } else {
                story.steps.append(Step(line: index + 1, text: cells[0], saying: cells[1]))
            }
            stories.append(story)
        }
        return stories
    }()
}

/// The words of a step, taken from the front.
struct StoryWords {
    private var words: [Substring]

    init(_ text: String) {
        words = text.split(separator: " ")
    }

    var first: String? { words.first.map(String.init) }

    mutating func next() -> String { words.isEmpty ? "" : String(words.removeFirst()) }

    mutating func append(_ word: String) { words.append(Substring(word)) }

    /// Takes the words if they come next.
    mutating func skip(_ expected: String) -> Bool {
        let wanted = expected.split(separator: " ")
        guard words.starts(with: wanted) else { return false }
        words.removeFirst(wanted.count)
        return true
    }

    /// Takes the words wherever they come.
    mutating func remove(_ expected: String) -> Bool {
        let wanted = expected.split(separator: " ")
        guard wanted.count <= words.count else { return false }
        for start in 0...(words.count - wanted.count)
        where words[start..<start + wanted.count].elementsEqual(wanted) {
            words.removeSubrange(start..<start + wanted.count)
            return true
        }
        return false
    }

    /// Takes the first word that satisfies the condition.
    mutating func take(where matches: (String) -> Bool) -> String? {
        guard let index = words.firstIndex(where: { matches(String($0)) }) else { return nil }
        return String(words.remove(at: index))
    }

    /// Takes everything after the word, up to the first word that does not fit.
    mutating func takeAll(after word: String, while fits: (String) -> Bool) -> [String]? {
        guard let index = words.firstIndex(of: Substring(word)) else { return nil }
        words.remove(at: index)
        var taken: [String] = []
        while index < words.count, fits(String(words[index])) { taken.append(String(words.remove(at: index))) }
        return taken
    }
}
