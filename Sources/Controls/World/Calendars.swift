import RiskBase

/// An instant from which on a calendar says something else.
package struct CalendarStep: BitwiseCopyable {
    /// Unix nanoseconds.
    package var instant: Int64
    /// The phase from then on.
    package var phase = SessionPhase.continuous
    /// What begins then. A week or a month begins with a day.
    package var rolls = Rolls()
    /// Whether it is too late for new orders from then on.
    package var isPastLastEntry = false

    package init(_ instant: Int64) { self.instant = instant }

    package struct Rolls: OptionSet, BitwiseCopyable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static var day: Rolls { Rolls(rawValue: 1) }
        package static var week: Rolls { Rolls(rawValue: 2) }
        package static var month: Rolls { Rolls(rawValue: 4) }
    }
}

/// When the periods that it is now began, and when the next day does.
struct PeriodStarts: BitwiseCopyable {
    var day = Int64.min
    var week = Int64.min
    var month = Int64.min
    var next = Int64.min

    func start(of period: LimitPeriod) -> Int64 {
        switch period {
        case .day: day
        case .week: week
        case .month: month
        case .all: .min
        }
    }
}

/// Trading days and sessions, as somebody has worked them out who knows time zones: instants, through which time steps.
struct Calendars: ~Copyable {
    private var calendars = Buffer<Calendar>()
    private var points = Buffer<Point>()
    /// When the next one is about to end.
    private(set) var warning = Int64.max

    init() {}

    struct Point: BitwiseCopyable {
        let step: CalendarStep
        var starts: PeriodStarts
    }

    struct Calendar: BitwiseCopyable {
        let first: Int
        let count: Int
        /// From then on it says nothing.
        let end: Int64
        /// Where time was when somebody last asked.
        var place = 0
        var hasWarned = false
    }

    private static var warningTime: UInt64 { 30 * 86_400_000_000_000 }

    /// Adds a calendar of these steps, which are sorted. Returns one more than its number; `nil`, and no change, when memory has run
    /// out or it has no steps.
    mutating func add(_ steps: UnsafeBufferPointer<CalendarStep>, until end: Int64) -> UInt32? {
        guard !steps.isEmpty, calendars.reserve(1), points.reserve(steps.count) else { return nil }
        let first = points.count
        var starts = PeriodStarts()
        for step in steps {
            if step.rolls.contains(.day) { starts.day = step.instant }
            if step.rolls.contains(.week) { starts.week = step.instant }
            if step.rolls.contains(.month) { starts.month = step.instant }
            points.append(Point(step: step, starts: starts))
        }
        var next = end
        for index in (first..<points.count).reversed() {
            points.pointer(at: index).pointee.starts.next = next
            if points[index].step.rolls.contains(.day) { next = points[index].step.instant }
        }
        calendars.append(Calendar(first: first, count: steps.count, end: end))
        warning = Swift.min(warning, end.subtractingClamped(Self.warningTime))
        return UInt32(truncatingIfNeeded: calendars.count)
    }

    /// Whether some calendar is about to end, of which nobody was told.
    mutating func takeWarning(at now: Int64) -> Bool {
        guard now >= warning else { return false }
        var isDue = false
        warning = .max
        for index in 0..<calendars.count where !calendars[index].hasWarned {
            let time = calendars[index].end.subtractingClamped(Self.warningTime)
            if time <= now && !isDue {
                calendars.pointer(at: index).pointee.hasWarned = true
                isDue = true
            } else {
                warning = Swift.min(warning, time)
            }
        }
        return isDue
    }

    /// When the periods of now began; `nil` where the calendar has no answer. Without a calendar days begin at midnight UTC.
    func periods(of number: UInt32, at now: Int64) -> PeriodStarts? {
        number == 0 ? .utc(now) : point(of: number, at: now)?.pointee.starts
    }

    /// What a calendar says of now; `nil` where it has no answer.
    func step(of number: UInt32, at now: Int64) -> CalendarStep? { point(of: number, at: now)?.pointee.step }

    private func point(of number: UInt32, at now: Int64) -> UnsafeMutablePointer<Point>? {
        guard number > 0, number <= calendars.count else { return nil }
        let calendar = calendars.pointer(at: Int(number) - 1)
        guard now < calendar.pointee.end, now >= points[calendar.pointee.first].step.instant else { return nil }
        let points = points.pointer(at: calendar.pointee.first)
        var place = calendar.pointee.place
        // Time mostly stands between the same two steps, or has come to the next one.
        if now < points[place].step.instant
            || place + 2 < calendar.pointee.count && now >= points[place + 2].step.instant
        {
            place = Self.search(points, calendar.pointee.count, now)
        } else if place + 1 < calendar.pointee.count && now >= points[place + 1].step.instant {
            place += 1
        }
        calendar.pointee.place = place
        return points + place
    }

    /// The last one that is not later.
    private static func search(_ points: UnsafeMutablePointer<Point>, _ count: Int, _ now: Int64) -> Int {
        var (low, high) = (0, count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if points[middle].step.instant <= now { low = middle } else { high = middle }
        }
        return low
    }
}

extension PeriodStarts {
    private static var dayLength: Int64 { 86_400_000_000_000 }

    /// Days of UTC, weeks that begin on Monday, months of the Gregorian calendar.
    static func utc(_ now: Int64) -> PeriodStarts {
        let day = now.dividedDown(by: dayLength)
        var starts = PeriodStarts()
        starts.day = start(day)
        // 1 January 1970 was a Thursday.
        starts.week = start((day + 3).dividedDown(by: 7) * 7 - 3)
        starts.month = start(day - dayOfMonth(day) + 1)
        starts.next = start(day + 1)
        return starts
    }

    private static func start(_ day: Int64) -> Int64 {
        let (instant, overflow) = day.multipliedReportingOverflow(by: dayLength)
        return overflow ? (day < 0 ? .min : .max) : instant
    }

    /// Of days since 1970. The years are counted from March on, so that the odd day comes last.
    private static func dayOfMonth(_ day: Int64) -> Int64 {
        let shifted = day + 719_468
        let dayOfEra = shifted - shifted.dividedDown(by: 146_097) * 146_097
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * dayOfYear + 2) / 153
        return dayOfYear - (153 * month + 2) / 5 + 1
    }
}

extension Int64 {
    fileprivate func dividedDown(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}

extension Controls {
    /// Adds a calendar; see `CalendarStep`. Returns what accounts, groups and instruments name it by; `nil`, and no change, when
    /// memory has run out.
    package mutating func addCalendar(_ steps: UnsafeBufferPointer<CalendarStep>, until end: Int64) -> UInt32? {
        world.calendars.add(steps, until: end)
    }
}
