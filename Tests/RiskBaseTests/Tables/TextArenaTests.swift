import Testing

@testable import RiskBase

@Suite struct `A text arena` {
    @Test(arguments: [[], [""], ["a"], ["", "a", ""], ["Grüße", "x", "漢字", ""]])
    func `gives back the texts it was given`(texts: [String]) {
        var arena = TextArena()
        let slices = texts.map { arena.add($0) }
        #expect(slices.map { String(decoding: arena.text($0), as: UTF8.self) } == texts)
        #expect(arena.count == texts.reduce(0) { $0 + $1.utf8.count })
    }

    @Test func `forgets everything at once`() {
        var arena = TextArena()
        _ = arena.add("abc")
        arena.removeAll()
        #expect(arena.count == 0)
        #expect(String(decoding: arena.text(arena.add("de")), as: UTF8.self) == "de")
    }
}
