import Market
import RiskBase
import Testing

@testable import RiskCore

@Suite struct `Scenarios` {
    @Test func `are found`() {
        #expect(Scenario.all.count > 100)
    }

    @Test(arguments: Scenario.all)
    func `go as they are told`(scenario: Scenario) throws {
        for mode in modes {
            let player = try ScenarioPlayer(mode)
            for step in scenario.steps {
                for _ in 0..<step.repetitions {
                    let said = try player.play(step)
                    let told = step.sayings.map { saying in
                        // The words of a refusal are the C interface's.
                        saying[0].hasPrefix("refused") ? saying[0] : saying.joined(separator: " | ")
                    }
                    #expect(said == told, "\(scenario.file):\(step.line)")
                }
            }
        }
    }
}
