import Decimals
import RiskBase
import TestSupport
import Testing

@testable import Market

struct QuoteWordsTests {
    @Test(
        arguments: [
            (9, 10, 12, 11), (10, 10, 12, 12), (11, 10, 12, 13), (0, 10, 9, 0), (0, 10, 10, 0), (0, 10, 11, 1),
            (11, 10, .max - 2, .max - 1), (11, 10, .max - 1, .max), (11, 10, .max, .max), (.max, 0, 0, .max),
            (.max, .max, .max, .max), (0, .max, .max, 0),
        ] as [(UInt64, UInt64, UInt64, UInt64)])
    func `a quote grows older by the clock, from before its zero too`(
        age: UInt64, arrival: UInt64, now: UInt64, expected: UInt64
    ) {
        #expect(SourceTime(age, before: arrival).age(at: now) == expected)
    }

    @Test(arguments: [
        Quote(), Quote(mark: decimal("0")), Quote(bid: decimal("-0.5")),
        Quote(mark: decimal("79228162514264337593543950335"), ask: decimal("-0.0000000000000000000000000001")),
        Quote(mark: decimal("1.50"), bid: decimal("-2"), ask: decimal("3")),
    ])
    func `a quote comes back as it went in`(quote: Quote) {
        for age in [0, 10, 11] as [UInt64] {
            let seen = SourceTime(age, before: 10)
            let words = QuoteWords(quote, seen: seen)
            #expect(words.isFilled)
            #expect(words.quote.text == quote.text)
            #expect(words.seen.age(at: 12) == age + 2)
        }
    }

    @Test func `no quote is none of the quotes`() {
        #expect(!QuoteWords.none.isFilled)
        #expect(QuoteWords.none.quote.text == "- - -")
    }
}
