import RiskBase

extension Controls {
    /// When the period began that it is now; `nil` where there is no answer. Days are those of UTC.
    mutating func periodStart(_ period: LimitPeriod, of node: NodePointer, at now: Int64) -> Int64? {
        let day = now.days
        switch period {
        case .day: return start(of: day)
        // 1 January 1970 was a Thursday.
        case .week: return start(of: (day + 3) - ((day + 3) % 7 + 7) % 7 - 3)
        case .month: return start(of: day - Self.dayOfMonth(day) + 1)
        case .all: return .min
        }
    }

    private mutating func start(of day: Int64) -> Int64? {
        let (instant, overflow) = day.multipliedReportingOverflow(by: Int64.dayLength)
        return overflow ? nil : instant
    }

    /// Of days since 1970. Years are counted from March on, so that the odd day comes last.
    private static func dayOfMonth(_ day: Int64) -> Int64 {
        // Three such eras before 1970 are more than time can go back.
        let dayOfEra = (day + 719_468 + 3 * 146_097) % 146_097
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        return dayOfYear - (153 * month + 2) / 5 + 1
    }
}

extension Int64 {
    fileprivate static var dayLength: Int64 { 86_400_000_000_000 }

    fileprivate var days: Int64 { self / Self.dayLength - (self % Self.dayLength < 0 ? 1 : 0) }
}
