import Controls
import Decimals
import RiskBase

/// How an order is judged, and what becomes of the limits it met.
extension SlowRisk {
    /// A limit that an order met, and what it made of it.
    struct Met {
        let rule: Int
        let key: Traits
        let finding: SlowFinding
        let isBreach: Bool
        let isThrottled: Bool
        let isWithoutData: Bool
    }

    /// What the order is refused with, a line a reject; none when it is accepted, and works from then on.
    mutating func send(_ asked: SlowSubject, isReal: Bool) -> [String] {
        forget()
        var subject = asked
        subject.traits[.group] = ledger.groups[subject.account] ?? 0
        subject = completed(subject)
        if blocked[subject.account] != nil { return ["blocked"] }
        if isReal { endInside(subject.traits) }
        let fault = formFault(subject)
        // Of one that is malformed nobody knows whether it reduces.
        if fault != nil { subject.isReducing = false }
        if let refusal = stateRefusal(subject, isReal: isReal) { return [refusal] }
        if let code = fault {
            if isReal { countReject(subject.traits) }
            return ["order_form \(code) - - order"]
        }
        var met: [Met] = []
        var refusals = judge(subject, isMain: false, isReal: isReal, &met)
        if !refusals.isEmpty {
            if isReal { refused(subject, refusals, met) }
            return refusals.map { $0.text }
        }
        if isReal { endInside(subject.traits) }
        if let refusal = stateRefusal(subject, isReal: isReal) { return [refusal] }
        if subject.isReduceOnly && !subject.isReducing {
            refusals.append(
                Refusal(rule: -1, text: "reduce_only insufficientPosition \(reduceOnlyNumbers(subject)) order"))
        }
        refusals += judge(subject, isMain: true, isReal: isReal, &met)
        if !refusals.isEmpty {
            if isReal { refused(subject, refusals, met) }
            return refusals.map { $0.text }
        }
        if isReal { accept(subject, met) }
        return []
    }

    struct Refusal {
        let rule: Int
        let text: String
        var blocks = false
    }

    private func reduceOnlyNumbers(_ subject: SlowSubject) -> String {
        let cell = plainCell(subject.account, subject.instrument)
        let isAgainst = !cell.quantity.isZero && cell.quantity.isNegative == subject.isBuy
        let others = (subject.isBuy ? cell.buys : cell.sells) - (replaced(by: subject)?.open ?? .zero)
        let left = isAgainst ? positivePart(cell.quantity.magnitude - others) : .zero
        return "\(subject.quantity.shortest) \(left.shortest)"
    }

    private func formFault(_ subject: SlowSubject) -> RejectCode? {
        let judgesIds = rules.contains {
            $0.limit.metric == .clientOrderId && $0.key(of: subject.traits) != nil && $0.admits(subject)
        }
        if !subject.id.isEmpty, ledger.working(subject.id, subject.account) != nil, !judgesIds {
            return .duplicateClientOrderId
        }
        if subject.replaces != nil {
            guard let replaced = replaced(by: subject), replaced.filled < subject.quantity else {
                return .invalidFieldValue
            }
        }
        return nil
    }

    // MARK: - Limits

    private mutating func judge(_ subject: SlowSubject, isMain: Bool, isReal: Bool, _ met: inout [Met]) -> [Refusal] {
        let draft = draft(subject)
        var refusals: [Refusal] = []
        var found: [Met] = []
        // Each limit looks before any of them says anything: what one counts is counted whatever the others say.
        for index in rules.indices {
            let rule = rules[index]
            guard rule.limit.metric.isMainStage == isMain, isInForce(rule) else { continue }
            guard rule.values.agrees(with: subject.traits, on: rule.valued) else { continue }
            let lacking = rule.each & ~saidKeys(subject.traits)
            if lacking.has(.group) { continue }
            if lacking != 0 {
                let family = rule.limit.metric.family
                let isOfOrder = lacking & UInt16(.strategy, .trader, .session, .venue) != 0
                let isJudged = isOfOrder || !subject.isReducing || family == .order || family == .count
                guard rule.admits(subject), isJudged else { continue }
                let finding = SlowFinding(outcome: isOfOrder ? .noField : .missing(.referenceDataUnavailable))
                conclude(index, .nothing, finding, subject, &refusals, &found)
                continue
            }
            let key = subject.traits.restricted(to: rule.keys)
            if isShadowed(index, key) {
                if isReal && rule.admits(subject) { countShadowed(index, key, subject) }
                continue
            }
            var finding = SlowFinding.skipped
            if rule.admits(subject) {
                switch rule.limit.metric.family {
                case .count: finding = countFinding(index, key, subject, isReal: isReal)
                case .order: finding = orderFinding(rule, key, subject, draft)
                case .book: finding = bookFinding(index, key, subject, draft)
                case .condition:
                    if !subject.isReducing {
                        finding = standing(index, key) ?? .skipped
                        if isReal { raisePeak(index, key) }
                    }
                }
            }
            conclude(index, key, finding, subject, &refusals, &found)
        }
        met += found
        return refusals
    }

    private func saidKeys(_ traits: Traits) -> UInt16 {
        var keys: UInt16 = 0
        for index in traits.indices where traits[index] != 0 { keys |= 1 << UInt16(index) }
        return keys
    }

    func isInForce(_ rule: SlowRule) -> Bool { rule.limit.effectiveFrom <= now && now < rule.limit.effectiveUntil }

    /// Whether another limit of its measure that names more stands in its place.
    func isShadowed(_ index: Int, _ key: Traits) -> Bool {
        let rule = rules[index]
        return rules.contains { other in
            other.hasMeasure(of: rule) && isInForce(other) && other.values.agrees(with: key, on: other.valued)
                && other.valued != rule.valued && other.valued & rule.valued == rule.valued
        }
    }

    /// Messages count for the rows of a measure together; a bucket is a row's own.
    private mutating func countShadowed(_ index: Int, _ key: Traits, _ subject: SlowSubject) {
        let limit = rules[index].limit
        guard limit.metric == .messageRate, limit.own.algorithm == .tokenBucket else { return }
        _ = countFinding(index, key, subject, isReal: true)
    }

    private mutating func conclude(
        _ index: Int, _ key: Traits, _ finding: SlowFinding, _ subject: SlowSubject, _ refusals: inout [Refusal],
        _ met: inout [Met]
    ) {
        let rule = rules[index]
        let limit = rule.limit
        var text: String?
        var isWithoutData = false
        if let code = finding.missing {
            isWithoutData = subject.isReducing || limit.passesWithoutData
            if !isWithoutData { text = "\(rule.name) \(code) - -" }
        } else if case .noField = finding.outcome {
            text = "\(rule.name) missingRequiredField - -"
        }
        let isBreach = finding.isBreach(limit) ?? false
        if isBreach && limit.action != .notify { text = "\(rule.name) \(breach(rule, finding))" }
        var scope = "order"
        var blocks = false
        if isBreach && text != nil {
            let isConfirmed = limit.confirm == 1
            let row = rows[SlowRowId(rule: index, key: key)]
            switch limit.action {
            case .blockAccount where isConfirmed || row?.confirmed ?? 0 >= Int(limit.confirm):
                (scope, blocks) = ("account", true)
            case .halt
            where rule.keys == UInt16(.account)
                && (isConfirmed || hasLatch(SlowNode(keys: rule.keys, key: key), .halted, index)):
                scope = "account"
            default: break
            }
        }
        // What is throttled passes as long as few did.
        let throttles =
            isBreach
            ? limit.action == .throttle && limit.metric != .messageRate
            : stageThrottles(index, key) && finding.isVerdict
        var isThrottled = false
        if throttles {
            let passed = (rows[SlowRowId(rule: index, key: key)]?.passed ?? []).filter {
                now - $0 < Int64(limit.throttle.window)
            }
            if passed.count < Int(limit.throttle.upper) {
                (text, isThrottled) = (nil, true)
            } else {
                let numbers = isBreach ? self.numbers(rule, finding) : "- -"
                text = "\(rule.name) rateLimitExceeded \(numbers)"
            }
        }
        if let text { refusals.append(Refusal(rule: index, text: "\(text) \(scope)", blocks: blocks)) }
        met.append(
            Met(
                rule: index, key: key, finding: finding, isBreach: isBreach, isThrottled: isThrottled,
                isWithoutData: isWithoutData))
    }

    private func stageThrottles(_ index: Int, _ key: Traits) -> Bool {
        let limit = rules[index].limit
        let entered = rows[SlowRowId(rule: index, key: key)]?.stage ?? 0
        for stage in 0..<entered where limit.stages[stage].action == .throttle { return true }
        return false
    }

    private func breach(_ rule: SlowRule, _ finding: SlowFinding) -> String {
        let isLower = finding.isMeasured && finding.passes(rule.limit) < 0
        var code = rule.limit.metric.code
        if isLower && rule.limit.metric.family == .order { code = .invalidFieldValue }
        return "\(finding.code ?? code) \(numbers(rule, finding))"
    }

    private func numbers(_ rule: SlowRule, _ finding: SlowFinding) -> String {
        func text(_ amount: Amount?) -> String { amount.map { "\($0.shortest)" } ?? "-" }
        switch finding.outcome {
        case .broken: return "\(text(finding.shown.0)) \(text(finding.shown.1))"
        case .measured where finding.passes(rule.limit) < 0:
            return "\(text(finding.shownLow)) \(text(rule.limit.lower))"
        case .measured: return "\(text(finding.shownValue)) \(text(finding.upperBound(rule.limit)))"
        default: return "- -"
        }
    }

    /// What a message of an account is refused with that is about to cancel an order.
    mutating func cancelMessage(_ account: UInt32) -> [String] {
        var traits = Traits.nothing
        traits[.account] = account
        traits[.group] = ledger.groups[account] ?? 0
        var refusals: [Refusal] = []
        for index in rules.indices {
            let limit = rules[index].limit
            guard limit.metric == .messageRate || limit.metric == .orderToTrade, isInForce(rules[index]),
                let key = rules[index].key(of: traits), limit.only == OrderFilter(), limit.own.kinds.contains(.cancel)
            else { continue }
            if isShadowed(index, key) { continue }
            guard limit.metric == .messageRate else {
                _ = ratioFinding(index, key, .cancel, false, isReal: true)
                continue
            }
            let finding = rateFinding(index, key, .cancel, isReal: true)
            guard finding.isBreach(limit) == true, limit.action != .notify else { continue }
            refusals.append(Refusal(rule: index, text: "\(rules[index].name) \(breach(rules[index], finding)) order"))
        }
        return refusals.map { $0.text }
    }

    // MARK: - Afterwards

    private mutating func refused(_ subject: SlowSubject, _ refusals: [Refusal], _ met: [Met]) {
        if refusals.contains(where: { $0.rule < 0 || rules[$0.rule].limit.metric != .rejectRate }) {
            countReject(subject.traits)
        }
        for one in met where one.isBreach && rules[one.rule].limit.metric.isMainStage == rules.isMain(refusals) {
            if rules[one.rule].limit.confirm == 1 { latchAction(one.rule, one.key) }
        }
        if let block = refusals.first(where: { $0.blocks }) { self.block(subject.account, block.rule) }
    }

    private mutating func accept(_ subject: SlowSubject, _ met: [Met]) {
        orderCount += 1
        let draft = draft(subject)
        let margin = addedMargin(by: draft)
        let order = SlowOrder(
            id: subject.id, number: orderCount, subject, open: draft.open, filled: draft.replaced?.filled ?? .zero,
            notional: draft.notional, isUnpriced: draft.isUnpriced, at: now)
        ledger.orders.append(order)
        if let replaced = draft.replaced { (order.replaces, replaced.replacedBy) = (replaced, order) }
        order.margin = margin
        order.marginCount = marginCount[subject.account] ?? 0
        addedMargin[subject.account, default: [:]][settlement(order.instrument), default: .zero] += margin
        forget()
        countAccepted(order, subject)
        for one in met { pass(one) }
    }

    func settlement(_ instrument: Int) -> Asset { world.instruments[instrument].name.settlement }

    /// What an order adds to the margin its account needs.
    private func addedMargin(by draft: SlowDraft) -> Amount {
        let book = SlowBook(risk: self, rule: rules[0], key: .nothing, keys: 0, cells: [])
        func all(_ cells: [SlowCell]) -> Amount {
            cells.reduce(.zero) {
                $1.traits[.account] == draft.traits[.account] && $1.instrument == draft.instrument
                    ? $0 + (book.margin($1) ?? .zero) : $0
            }
        }
        return all(cells(0, with: draft)) - all(cells(0))
    }

    private mutating func pass(_ met: Met) {
        let rule = rules[met.rule]
        let limit = rule.limit
        let id = SlowRowId(rule: met.rule, key: met.key)
        let family = limit.metric.family
        if family == .order {
            for index in 0..<limit.stageCount
            where met.finding.isMeasured && met.finding.reaches(limit.stages[index].at, limit) {
                events.append("warn \(rule.name) \(limit.stages[index].at.shortest)")
            }
        } else if limit.stageCount > 0 && met.finding.isMeasured {
            // Of a book with two sides the order is about one, and the stages about both.
            moveStages(met.rule, met.key, family == .count ? met.finding : standing(met.rule, met.key) ?? met.finding)
        }
        if met.isBreach && limit.action == .notify {
            let tellsEach = family == .order || family == .count
            if tellsEach || !(rows[id]?.isBreached ?? false) { events.append("breach \(rule.name)") }
            if !tellsEach { rows[id, default: SlowRow()].isBreached = true }
        }
        if met.isWithoutData { events.append("missing \(rule.name)") }
        if met.isThrottled { rows[id, default: SlowRow()].passed.append(now) }
    }
}

extension [SlowRule] {
    /// In which stage the order was refused.
    fileprivate func isMain(_ refusals: [SlowRisk.Refusal]) -> Bool {
        refusals.contains { $0.rule < 0 || self[$0.rule].limit.metric.isMainStage }
    }
}

extension SlowFinding {
    /// Whether the limit came to a verdict.
    var isVerdict: Bool {
        switch outcome {
        case .kept, .broken, .undefined, .measured: true
        case .skipped, .missing, .noField: false
        }
    }
}
