import RiskBase

@testable import Controls

/// A calendar in which these periods begin then.
func calendar(_ steps: [(Int64, CalendarStep.Rolls)]) -> [CalendarStep] {
    steps.map {
        var step = CalendarStep($0.0)
        step.rolls = $0.1
        return step
    }
}
