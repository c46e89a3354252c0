import Controls
import RiskBase
import Testing

@testable import RiskCore

struct RequestTests {
    @Test(arguments: ["11@10", "1@10"])
    func `judges a request as itself, whatever order came since its start`(other: String) throws {
        let engine = try LimitedEngine([
            limit(.orderQuantity, "size", upper: "10"),
            limit(.workingNotional, "value", upper: "1000") { $0.currency = asset("USD") },
        ])
        var order = limited("5@10", nil)
        let request = try #require(try engine.engine.startPreTrade(&order, into: engine.findings[0]))
        var between = limited(other, nil)
        _ = try engine.engine.startPreTrade(&between, into: nil)
        #expect(try engine.engine.execute(request: request, into: engine.findings[0]) != nil)
        #expect(try engine.used("value") == "50")
    }
}
