import RiskBase
import Testing

struct RejectCodeTests {
    @Test func `each code has the name of its case, capitalised`() {
        for code in RejectCode.allCases {
            let name = "\(code)"
            #expect("\(code.name)" == name.prefix(1).uppercased() + name.dropFirst())
        }
    }

    @Test func `each code has a sentence of its own`() {
        let sentences = Set(RejectCode.allCases.map { "\($0.sentence)" })
        #expect(sentences.count == RejectCode.allCases.count)
        #expect(RejectCode.allCases.count == 44)
    }
}
