import Controls
import Decimals
import RiskBase

/// Stages, breaches that latch, states, and how they end.
extension SlowRisk {
    func row(_ rule: Int, _ key: Traits) -> SlowRow { rows[SlowRowId(rule: rule, key: key)] ?? SlowRow() }

    // MARK: - Observation

    /// Looks at every limit of these nodes, each once.
    mutating func observe(_ nodes: [SlowNode], account: UInt32? = nil) {
        forget()
        var seen: Set<SlowNode> = []
        for node in nodes where seen.insert(node).inserted {
            for index in rules.indices where rules[index].keys == node.keys {
                let rule = rules[index]
                guard rule.values.agrees(with: node.key, on: rule.valued), rule.isObserved, isInForce(rule),
                    !isShadowed(index, node.key)
                else { continue }
                observe(index, node, account)
            }
        }
    }

    private mutating func observe(_ index: Int, _ node: SlowNode, _ account: UInt32?) {
        let rule = rules[index]
        let limit = rule.limit
        guard let finding = standing(index, node.key), let isBreach = finding.isBreach(limit) else { return }
        raisePeak(index, node.key)
        let id = SlowRowId(rule: index, key: node.key)
        if finding.isMeasured { moveStages(index, node.key, finding) }
        var row = row(index, node.key)
        guard isBreach else { return leave(index, node, finding) }
        if !row.isBreached && limit.action == .notify { events.append("breach \(rule.name)") }
        row.isBreached = true
        row.confirmed = min(row.confirmed + 1, Int(limit.confirm))
        rows[id] = row
        guard row.confirmed == Int(limit.confirm) else { return }
        latchAction(index, node.key)
        if limit.action == .blockAccount {
            if let account {
                block(account, index)
            } else if rule.keys.has(.account) {
                block(node.key[.account], index)
            }
        }
    }

    private mutating func leave(_ index: Int, _ node: SlowNode, _ finding: SlowFinding) {
        let limit = rules[index].limit
        let id = SlowRowId(rule: index, key: node.key)
        rows[id, default: SlowRow()].confirmed = 0
        guard isInside(finding, limit) else { return }
        if rows[id]!.isBreached && limit.action == .notify { events.append("clear \(rules[index].name)") }
        rows[id]!.isBreached = false
        let holdsStage = (0..<rows[id]!.stage).contains { limit.stages[$0].action == .reduceOnly }
        let now = now
        end(node, isTold: true) { latch in
            guard latch.rule == index else { return false }
            switch limit.release {
            case .auto: return !(holdsStage && latch.state == .reducing)
            case .after: return now - latch.since >= Int64(limit.releaseAfter)
            case .manual, .nextPeriod: return false
            }
        }
    }

    /// Whether it is inside, with hysteresis also far enough.
    func isInside(_ finding: SlowFinding, _ limit: Limit) -> Bool {
        guard finding.isBreach(limit) == false else { return false }
        return limit.hysteresis.isZero || !finding.reaches(Amount(1 as UInt64) - limit.hysteresis, limit)
    }

    mutating func raisePeak(_ index: Int, _ key: Traits) {
        let rule = rules[index]
        guard rule.limit.metric == .drawdown || rule.limit.metric == .drawdownRatio else { return }
        do throws(SlowLack) {
            let book = book(rule, key)
            let equity = try book.equity()
            rows[SlowRowId(rule: index, key: key), default: SlowRow()].peak = try peak(index, key, book, equity)
        } catch {}
    }

    mutating func moveStages(_ index: Int, _ key: Traits, _ finding: SlowFinding) {
        let rule = rules[index]
        let limit = rule.limit
        let id = SlowRowId(rule: index, key: key)
        var row = row(index, key)
        let node = SlowNode(keys: rule.keys, key: key)
        while row.stage < limit.stageCount, finding.reaches(limit.stages[row.stage].at, limit) {
            let stage = limit.stages[row.stage]
            row.stage += 1
            rows[id] = row
            events.append("warn \(rule.name) \(stage.at.shortest)")
            if stage.action == .reduceOnly { latch(.reducing, node, index) }
        }
        while row.stage > 0 {
            let stage = limit.stages[row.stage - 1]
            if finding.reaches(stage.at - limit.hysteresis, limit) { break }
            row.stage -= 1
            rows[id] = row
            events.append("clear \(rule.name) \(stage.at.shortest)")
            if stage.action == .reduceOnly && limit.release == .auto {
                end(node, isTold: true) { $0.rule == index && $0.state == .reducing }
            }
        }
    }

    // MARK: - States

    /// One that is blocked keeps its cause.
    mutating func block(_ account: UInt32, _ rule: Int) {
        if blocked[account] == nil { blocked[account] = rule }
    }

    /// The state of a key, where a blocked account is halted.
    func shownState(_ node: SlowNode) -> TradingState {
        node.keys == UInt16(.account) && blocked[node.key[.account]] != nil ? .halted : state(node)
    }

    mutating func latchAction(_ rule: Int, _ key: Traits) {
        let node = SlowNode(keys: rules[rule].keys, key: key)
        switch rules[rule].limit.action {
        case .reduceOnly: latch(.reducing, node, rule)
        case .halt: latch(.halted, node, rule)
        default: break
        }
    }

    func hasLatch(_ node: SlowNode, _ state: TradingState, _ rule: Int?) -> Bool {
        (latches[node] ?? []).contains { $0.rule == rule && $0.state.rawValue >= state.rawValue }
    }

    func state(_ node: SlowNode) -> TradingState { worst(latches[node] ?? [])?.state ?? .active }

    private func worst(_ latches: [SlowLatch]) -> SlowLatch? {
        latches.reduce(nil) { worst, next in
            worst.map { $0.state.rawValue >= next.state.rawValue } ?? false ? worst : next
        }
    }

    mutating func latch(_ state: TradingState, _ node: SlowNode, _ rule: Int?) {
        if hasLatch(node, state, rule) { return }
        let before = self.state(node)
        latches[node, default: []].append(SlowLatch(state: state, rule: rule, since: now))
        tell(node, before, rule)
    }

    private mutating func tell(_ node: SlowNode, _ before: TradingState, _ rule: Int?) {
        let after = state(node)
        if after != before { events.append("state \(rule.map { rules[$0].name } ?? "-") \(after)") }
    }

    mutating func end(_ node: SlowNode, isTold: Bool, _ ends: (SlowLatch) -> Bool) {
        let before = state(node)
        let over = (latches[node] ?? []).filter(ends)
        guard let last = over.first else { return }
        latches[node]!.removeAll(where: ends)
        tell(node, before, last.rule)
        if isTold, let rule = last.rule { events.append("release \(rules[rule].name) \(state(node))") }
    }

    /// What is said by hand: ends the states of a key, or those that one limit has caused.
    mutating func release(_ node: SlowNode, _ rule: Int?) {
        let before = state(node)
        let over = (latches[node] ?? []).filter { rule == nil || $0.rule == rule }
        latches[node]?.removeAll { rule == nil || $0.rule == rule }
        if let last = over.first { tell(node, before, last.rule) }
        events.append("release \(rule.map { rules[$0].name } ?? "-") \(state(node))")
        for index in rules.indices
        where rules[index].keys == node.keys && rules[index].values.agrees(with: node.key, on: rules[index].valued)
            && (rule == nil || rule == index)
        {
            let id = SlowRowId(rule: index, key: node.key)
            if rows[id] != nil { (rows[id]!.isBreached, rows[id]!.confirmed) = (false, 0) }
            if rules[index].limit.metric == .repeatedExecutions {
                let name = tallyName(index, node.key)
                tallies[name]?.times.removeAll()
                tallies[name]?.first = 0
            }
        }
        let account = node.key[.account]
        if node.keys == UInt16(.account), rule == nil || blocked[account] == rule { blocked[account] = nil }
    }

    /// The most severe state an order meets, as a reject; of several that are as severe, each may speak.
    func stateRefusal(_ subject: SlowSubject, isReal: Bool) -> String? {
        var met: [(node: SlowNode, latch: SlowLatch)] = []
        for (node, latches) in latches where subject.traits.restricted(to: node.keys) == node.key {
            if let latch = worst(latches.filter { isReal || !endsInside($0, node) }) { met.append((node, latch)) }
        }
        guard let worst = met.map({ $0.latch.state.rawValue }).max(),
            worst == TradingState.halted.rawValue || !subject.isReducing
        else { return nil }
        let answers = met.filter { $0.latch.state.rawValue == worst }.map { answer($0.node, $0.latch) }
        return "state:\(answers.joined(separator: ";"))"
    }

    private func answer(_ node: SlowNode, _ latch: SlowLatch) -> String {
        let keys = node.keys
        let isHalted = latch.state == .halted
        var code = RejectCode.accountBlocked
        if keys & UInt16(.instrument, .underlying, .class) != 0 {
            code = .instrumentRestricted
        } else if keys.has(.venue) {
            code = .exchangeClosed
        } else if keys & UInt16(.strategy, .trader, .session) != 0 {
            code = .accountNotAuthorized
        }
        let isWide = isHalted && [0, UInt16(.account), UInt16(.group)].contains(keys)
        return "\(latch.rule.map { rules[$0].name } ?? "Engine") \(code) - - \(isWide ? "account" : "order")"
    }

    /// Ends what was to last for some time and has, where an order finds the value inside.
    mutating func endInside(_ traits: Traits) {
        for node in Array(latches.keys) where traits.restricted(to: node.keys) == node.key {
            for latch in latches[node]! where endsInside(latch, node) {
                if let rule = latch.rule { raisePeak(rule, node.key) }
                end(node, isTold: true) { $0.rule == latch.rule && $0.state == latch.state && $0.since == latch.since }
            }
        }
    }

    private func endsInside(_ latch: SlowLatch, _ node: SlowNode) -> Bool {
        guard let rule = latch.rule, rules[rule].limit.release == .after,
            now - latch.since >= Int64(rules[rule].limit.releaseAfter)
        else { return false }
        return standing(rule, node.key).map { isInside($0, rules[rule].limit) } ?? false
    }

    // MARK: - Time

    /// Comes to a later time: periods begin with what there was before it.
    mutating func advance(to time: Int64) {
        for period in [LimitPeriod.day, .week, .month] {
            guard Self.start(of: period, at: time) != Self.start(of: period, at: now) else { continue }
            starts[period] = ledger.entries.mapValues { $0.count }
            gains[period] = gainsNow()
            rebased.removeAll { $0.period == period }
            for id in rows.keys where rules[id.rule].limit.period == period { rows[id]!.peak = nil }
        }
        let before = now
        now = time
        forget()
        let rules = rules
        for node in Array(latches.keys) {
            end(node, isTold: true) { latch in
                guard let rule = latch.rule, rules[rule].limit.release == .nextPeriod else { return false }
                let period = rules[rule].limit.period ?? .all
                return Self.start(of: period, at: time) > latch.since && Self.start(of: period, at: time) > before
            }
        }
    }

    /// What positions have gained, by how much cells tell apart.
    func gainsNow() -> [UInt16: [SlowPlace: Amount]] {
        var gains: [UInt16: [SlowPlace: Amount]] = [:]
        for fineness in ledger.positions.keys {
            for cell in cells(fineness) {
                gains[fineness, default: [:]][SlowPlace(cell.traits, cell.instrument, fineness: fineness)] =
                    cell.value - cell.cost
            }
        }
        return gains
    }

    mutating func rebase(_ part: RebasedPart, _ account: UInt32) {
        let period: LimitPeriod? =
            switch part {
            case .peak: nil
            case .day: .day
            case .week: .week
            case .month: .month
            }
        var nodes: [SlowNode] = []
        for id in allRows() where rules[id.rule].keys.has(.account) && id.key[.account] == account {
            nodes.append(SlowNode(keys: rules[id.rule].keys, key: id.key))
            guard rules[id.rule].limit.metric == .drawdown || rules[id.rule].limit.metric == .drawdownRatio else {
                continue
            }
            if let period {
                if rules[id.rule].limit.period == period { rows[id, default: SlowRow()].peak = nil }
            } else if let equity = try? book(rules[id.rule], id.key).equity() {
                rows[id, default: SlowRow()].peak = equity
            }
        }
        for fineness in ledger.positions.keys {
            for cell in cells(fineness) where cell.traits[.account] == account {
                nodes += self.nodes(of: cell.traits, fineness: fineness).filter { $0.keys.has(.account) }
            }
        }
        if let period {
            rebased.append(
                SlowRebase(
                    account: account, period: period, entries: ledger.entries.mapValues { $0.count }, gains: gainsNow())
            )
        }
        observe(nodes)
    }
}

extension SlowRule {
    /// Whether it is looked at when no order asks.
    var isObserved: Bool {
        limit.metric.family == .book || limit.metric.family == .condition
            || limit.metric == .repeatedExecutions && limit.own.countsExecutions == .fills
    }

    var readsBooks: Bool {
        switch limit.metric {
        case .valueAtRisk, .suppliedFigure: false
        default: limit.metric.family == .book || limit.metric.family == .condition || limit.metric == .participation
        }
    }
}
