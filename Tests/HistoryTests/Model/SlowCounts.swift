import Controls
import Decimals
import RiskBase

/// What was counted for limits of one measure and one key.
struct SlowTally {
    /// Each message, order, fill or reject, and which order it was, if that may be taken back.
    var times: [(time: Int64, order: Int)] = []
    var trades: [Int64] = []
    /// Since when it counts, where neither window nor period says: how many there were before.
    var first = 0
    var epoch = 0
}

struct SlowUsedId {
    let id: String
    let account: UInt32
    let time: Int64
    var order = 0
}

extension SlowRisk {
    static let day: Int64 = 86_400_000_000_000

    /// When the period began that `time` belongs to: days, weeks from Monday and months in UTC.
    static func start(of period: LimitPeriod, at time: Int64) -> Int64 {
        let days = time / day
        switch period {
        case .day: return days * day
        // The first day of 1970 was a Thursday.
        case .week: return (days - (days + 3) % 7) * day
        case .month:
            var (start, month, year): (Int64, Int, Int64) = (0, 0, 1970)
            while true {
                let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
                let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
                if start + lengths[month] > days { return start * day }
                start += lengths[month]
                (month, year) = month == 11 ? (0, year + 1) : (month + 1, year)
            }
        case .all: return .min
        }
    }

    /// Limits of one measure and shape count together.
    func tallyName(_ rule: Int, _ key: Traits) -> String {
        let first = rules.firstIndex { $0.hasMeasure(of: rules[rule]) }!
        return "\(first) \(key)"
    }

    /// How many events count, of those that are kept at most.
    func counted(_ rule: Int, _ key: Traits) -> Int {
        let limit = rules[rule].limit
        guard let tally = tallies[tallyName(rule, key)] else { return 0 }
        if limit.window != 0 {
            let all = tally.times.filter { now - $0.time < Int64(limit.window) }.count
            let kept = rules.filter { $0.hasMeasure(of: rules[rule]) }.map { $0.timesMax }.max()!
            return min(all, kept)
        }
        if let period = limit.period {
            let start = Self.start(of: period, at: now)
            return tally.times.filter { $0.time >= start }.count
        }
        return tally.times.count - tally.first
    }

    /// What a counting limit stands at.
    func count(_ rule: Int, _ key: Traits) -> SlowFinding? {
        let limit = rules[rule].limit
        switch limit.metric {
        case .messageRate where limit.own.algorithm == .tokenBucket:
            let debt = debt(rule, key)
            return .of(r12(Amount(exactly: debt)!.divided(by: Amount(limit.window))!))
        case .orderToTrade:
            return .ratio(Amount(Int64(counted(rule, key))), of: Amount(Int64(max(1, trades(rule, key)))))
        default: return .of(Amount(Int64(counted(rule, key))))
        }
    }

    func trades(_ rule: Int, _ key: Traits) -> Int {
        let start = Self.start(of: rules[rule].limit.period ?? .day, at: now)
        return tallies[tallyName(rule, key)]?.trades.filter { $0 >= start }.count ?? 0
    }

    func debt(_ rule: Int, _ key: Traits) -> Int128 {
        guard let row = rows[SlowRowId(rule: rule, key: key)], let time = row.debtTime else { return 0 }
        let upper = Int128(rules[rule].wholeUpper)
        return max(0, row.debt - Int128(now - time) * upper)
    }

    // MARK: - An order

    /// What a counting limit makes of an order, which it counts when it comes.
    mutating func countFinding(_ rule: Int, _ key: Traits, _ subject: SlowSubject, isReal: Bool) -> SlowFinding {
        let limit = rules[rule].limit
        let isReplace = subject.replaces != nil
        let one = Amount(1 as UInt64)
        switch limit.metric {
        case .clientOrderId: return idFinding(rule, key, subject, isReal: isReal)
        case .duplicateOrders:
            return isReplace ? .skipped : .of(Amount(Int64(doubles(rule, key, subject).count)) + one)
        case .repeatedExecutions:
            if limit.own.countsExecutions == .fills {
                return subject.isReducing ? .skipped : .of(Amount(Int64(counted(rule, key))))
            }
            return isReplace ? .skipped : .of(Amount(Int64(counted(rule, key))) + one)
        case .rejectRate: return subject.isReducing ? .skipped : .of(Amount(Int64(counted(rule, key))))
        case .messageRate: return rateFinding(rule, key, isReplace ? .replace : .new, isReal: isReal)
        default: return ratioFinding(rule, key, isReplace ? .replace : .new, subject.isReducing, isReal: isReal)
        }
    }

    /// What a rate of messages makes of one more, which is counted unless the row refuses it and counts only what passes.
    mutating func rateFinding(_ rule: Int, _ key: Traits, _ kind: ParameterKinds, isReal: Bool) -> SlowFinding {
        let limit = rules[rule].limit
        guard limit.own.kinds.contains(kind) else { return .skipped }
        let reserve = kind == .cancel ? Amount.zero : Amount(limit.own.cancelReserve)
        if limit.own.algorithm == .tokenBucket { return tokenFinding(rule, key, reserve, isReal: isReal) }
        var finding = SlowFinding.of(Amount(Int64(counted(rule, key))) + Amount(1 as UInt64))
        if !reserve.isZero { finding.upper = limit.upper! - reserve }
        let isRefused = finding.isBreach(limit) == true && limit.action != .notify
        if isReal && !(isRefused && limit.own.countsMessages == .passed) {
            tallies[tallyName(rule, key), default: SlowTally()].times.append((now, 0))
        }
        return finding
    }

    private mutating func tokenFinding(_ rule: Int, _ key: Traits, _ reserve: Amount, isReal: Bool) -> SlowFinding {
        let limit = rules[rule].limit
        let burst = limit.own.burst == 0 ? limit.upper! : Amount(limit.own.burst)
        let debt = debt(rule, key)
        var finding = SlowFinding.ratio(Amount(exactly: debt + Int128(limit.window))!, of: Amount(limit.window))
        finding.upper = burst - reserve
        let isRefused = finding.isBreach(limit) == true && limit.action != .notify
        if isReal {
            let row = SlowRowId(rule: rule, key: key)
            rows[row, default: SlowRow()].debt = debt + (isRefused ? 0 : Int128(limit.window))
            rows[row]!.debtTime = now
        }
        return finding
    }

    mutating func ratioFinding(
        _ rule: Int, _ key: Traits, _ kind: ParameterKinds, _ isReducing: Bool, isReal: Bool
    ) -> SlowFinding {
        let limit = rules[rule].limit
        let counts = limit.own.kinds.contains(kind)
        let isNew = limit.own.per == .new && kind == .new
        let name = tallyName(rule, key)
        var (messages, trades) = (counted(rule, key), trades(rule, key))
        if counts { messages += 1 }
        if isNew { trades += 1 }
        if isReal && counts { tallies[name, default: SlowTally()].times.append((now, 0)) }
        if isReal && isNew { tallies[name, default: SlowTally()].trades.append(now) }
        let isCondition = !limit.own.kinds.contains(.new)
        if isCondition ? isReducing : !counts { return .skipped }
        if messages < Int(limit.own.minCount) { return .skipped }
        return .ratio(Amount(Int64(messages)), of: Amount(Int64(max(1, trades))))
    }

    private mutating func idFinding(_ rule: Int, _ key: Traits, _ subject: SlowSubject, isReal: Bool) -> SlowFinding {
        if subject.id.isEmpty { return SlowFinding(outcome: .noField) }
        let name = tallyName(rule, key)
        let limit = rules[rule].limit
        let own = (ids[name] ?? []).filter { $0.account == subject.account }.suffix(Int(limit.own.capacity))
        let isUsed = own.contains { $0.id == subject.id && now - $0.time < Int64(limit.window) }
        let isWorking = ledger.working(subject.id, subject.account) != nil
        if isUsed || isWorking { return .rule(false) }
        if isReal { ids[name, default: []].append(SlowUsedId(id: subject.id, account: subject.account, time: now)) }
        return .rule(true)
    }

    /// Accepted orders that are like this one.
    private func doubles(_ rule: Int, _ key: Traits, _ subject: SlowSubject) -> [Int64] {
        let limit = rules[rule].limit
        let likeness = likeness(limit.own.fields, subject)
        return (tallies["\(tallyName(rule, key)) \(likeness)"]?.times ?? []).map { $0.time }.filter {
            now - $0 < Int64(limit.window)
        }
    }

    private func likeness(_ fields: ParameterFields, _ subject: SlowSubject) -> String {
        var parts: [String] = []
        if fields.contains(.account) { parts.append("\(subject.account)") }
        if fields.contains(.instrument) { parts.append("\(subject.instrument)") }
        if fields.contains(.side) { parts.append("\(subject.isBuy)") }
        if fields.contains(.quantity) { parts.append("\(subject.quantity.shortest)") }
        if fields.contains(.price) { parts.append("\(subject.price.map { "\($0.shortest)" } ?? "-")") }
        if fields.contains(.strategy) { parts.append("\(subject.traits[.strategy])") }
        if fields.contains(.trader) { parts.append("\(subject.traits[.trader])") }
        if fields.contains(.venue) { parts.append("\(subject.traits[.venue])") }
        if fields.contains(.orderType) { parts.append("\(subject.type)") }
        return parts.joined(separator: "|")
    }

    /// An order was accepted: what counts those has one more.
    mutating func countAccepted(_ order: SlowOrder, _ subject: SlowSubject) {
        for (rule, key) in firsts(subject.traits) where rules[rule].admits(subject) {
            let limit = rules[rule].limit
            switch limit.metric {
            case .clientOrderId:
                let name = tallyName(rule, key)
                if let index = ids[name]?.lastIndex(where: { $0.id == subject.id && $0.account == subject.account }) {
                    ids[name]![index].order = order.number
                }
            case .duplicateOrders where subject.replaces == nil:
                let name = "\(tallyName(rule, key)) \(likeness(limit.own.fields, subject))"
                tallies[name, default: SlowTally()].times.append((now, order.number))
            case .repeatedExecutions where subject.replaces == nil && limit.own.countsExecutions == .orders:
                tallies[tallyName(rule, key), default: SlowTally()].times.append((now, order.number))
            default: break
            }
        }
    }

    /// An order never was: what counted it has one less.
    mutating func uncount(_ order: SlowOrder) {
        for name in tallies.keys {
            while let index = tallies[name]!.times.firstIndex(where: { $0.order == order.number }) {
                tallies[name]!.times.remove(at: index)
                if index < tallies[name]!.first { tallies[name]!.first -= 1 }
            }
        }
        for name in ids.keys { ids[name]!.removeAll { $0.order == order.number } }
    }

    /// Of the limits of each measure that something with these traits belongs to, the first.
    func firsts(_ traits: Traits) -> [(Int, Traits)] {
        var found: [(Int, Traits)] = []
        for (index, rule) in rules.enumerated() {
            guard let key = rule.key(of: traits) else { continue }
            if found.contains(where: { rules[$0.0].hasMeasure(of: rule) }) { continue }
            found.append((index, key))
        }
        return found
    }

    mutating func countReject(_ traits: Traits) {
        for (rule, key) in firsts(traits)
        where rules[rule].limit.metric == .rejectRate && rules[rule].limit.own.rejectsOf.contains(.engine) {
            tallies[tallyName(rule, key), default: SlowTally()].times.append((now, 0))
        }
    }

    mutating func countVenueReject(_ traits: Traits) {
        for (rule, key) in firsts(traits)
        where rules[rule].limit.metric == .rejectRate && rules[rule].limit.own.rejectsOf.contains(.venue) {
            tallies[tallyName(rule, key), default: SlowTally()].times.append((now, 0))
        }
    }

    /// A trade: returns the limits that it is an observation of.
    mutating func countFill(_ traits: Traits) -> [SlowNode] {
        var nodes: [SlowNode] = []
        for (rule, key) in firsts(traits) {
            let limit = rules[rule].limit
            if limit.metric == .repeatedExecutions && limit.own.countsExecutions == .fills {
                tallies[tallyName(rule, key), default: SlowTally()].times.append((now, 0))
                nodes.append(SlowNode(keys: rules[rule].keys, key: key))
            } else if limit.metric == .orderToTrade && limit.own.per == .trades {
                tallies[tallyName(rule, key), default: SlowTally()].trades.append(now)
            }
        }
        return nodes
    }
}

extension SlowRule {
    var wholeUpper: UInt64 { limit.upper.map { $0.rounded(scale: 0, .down).low } ?? 65_535 }

    /// How many times of a window are kept.
    var timesMax: Int { Int(wholeUpper) + 1 }

    func admits(_ subject: SlowSubject) -> Bool {
        let only = limit.only
        if only.sides != 0 && only.sides & 1 << (subject.isBuy ? Side.buy : .sell).rawValue == 0 { return false }
        return only.orderTypes == 0 || only.orderTypes & 1 << subject.type.rawValue != 0
    }
}
