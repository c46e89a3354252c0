import Decimals
import RiskBase

/// What follows from what a metric found.
extension Controls {
    mutating func conclude(
        _ finding: Finding, _ row: RowPointer, _ node: NodePointer, _ subject: Subject, _ inputStart: Int,
        for purpose: Purpose
    ) {
        conclude(finding, row.pointee.limit, node, subject, inputStart, for: purpose)
    }

    /// Tells what an order meets at a limit. `node` is where its row is, if there is one.
    mutating func conclude(
        _ finding: Finding, _ limit: LimitPointer, _ node: NodePointer?, _ subject: Subject, _ inputStart: Int,
        for purpose: Purpose
    ) {
        let record = limit.pointee.limit
        var (verdict, why) = (Look.Verdict.pass, Look.Why.none)
        var breach: Breach?
        switch finding.outcome {
        case .skipped(let reason): (verdict, why) = (.skip, reason)
        case .kept: break
        case .lacking(let code):
            if subject.isReducing || record.passesWithoutData {
                why = .missing
            } else {
                breach = Breach(code, by: .limit(record.name), .dataMissing)
            }
        case .missingField: breach = Breach(.missingRequiredField, by: .limit(record.name), .fieldMissing)
        case .overflow: breach = Breach(.arithmeticOverflow, by: .limit(record.name), .overflow)
        case .undefined, .broken: if !record.isUnlimited { breach = self.breach(finding, of: record, nil) }
        case .measured:
            if record.isUnlimited { break }
            do {
                if let bound = try finding.breach(of: record) { breach = self.breach(finding, of: record, bound) }
            } catch {
                breach = Breach(.arithmeticOverflow, by: .limit(record.name), .overflow)
            }
            if breach == nil && entersStage(finding, record) { verdict = .warn }
        }
        if var breach {
            breach.position = limit.pointee.position
            breach.metric = record.metric
            // What is too large, or lacks a field or data, is refused whatever the limit does with what it can measure.
            if finding.isVerdict && record.action == .notify {
                verdict = .warn
            } else {
                verdict = .reject
                if record.action == .blockAccount && finding.isVerdict { breach.scope = .account }
                tell(breach)
            }
        }
        guard purpose == .explanation else { return }
        look(finding, limit, node, verdict, why, breach?.code, inputStart)
    }

    private func entersStage(_ finding: Finding, _ limit: Limit) -> Bool {
        for index in 0..<limit.stageCount where finding.reaches(limit.stages[index].at, of: limit) { return true }
        return false
    }

    private func breach(_ finding: Finding, of limit: Limit, _ bound: Bound?) -> Breach {
        let code = finding.code ?? (bound == .lower && limit.metric.family == .order ? .invalidFieldValue : limit.metric.code)
        let text: BreachText
        switch (finding.outcome, bound) {
        case (.undefined, _): text = .undefinedValue
        case (.broken, _): text = .ruleBroken
        case (_, .lower): text = .belowLimit
        default: text = .aboveLimit
        }
        var breach = Breach(code, by: .limit(limit.name), text)
        breach.bound = bound
        breach.retryAfter = finding.retryAfter
        if let shown = finding.shown {
            (breach.value, breach.limit) = (shown.value, shown.limit)
        } else if let bound {
            breach.value = bound == .lower ? finding.shownLow : finding.shownValue
            breach.limit = bound == .lower ? limit.lower : limit.upper
        }
        return breach
    }

    // MARK: - Looks

    @inline(never)
    mutating func skip(_ limit: LimitPointer, _ node: NodePointer, _ why: Look.Why, for purpose: Purpose) {
        guard purpose == .explanation else { return }
        look(.skipped(why), limit, node, .skip, why, nil, world.uses.count)
    }

    private mutating func look(
        _ finding: Finding, _ limit: LimitPointer, _ node: NodePointer?, _ verdict: Look.Verdict, _ why: Look.Why,
        _ code: RejectCode?, _ inputStart: Int
    ) {
        let record = limit.pointee.limit
        var look = Look(
            name: record.name, metric: record.metric, scope: record.scope, position: limit.pointee.position,
            verdict: verdict)
        if let node { look.scope.fill(from: node.pointee.values) }
        look.why = why
        (look.lower, look.upper) = (record.lower, record.upper)
        (look.used, look.asked) = (finding.used, finding.asked)
        if case .measured = finding.outcome {
            look.value = finding.shownValue
            if !record.isUnlimited {
                look.headroom = finding.headroom(of: record)
                look.utilization = finding.utilization(of: record)
            }
        }
        if let shown = finding.shown { look.value = shown.value }
        look.code = code
        look.inputStart = UInt32(truncatingIfNeeded: inputStart)
        look.inputCount = UInt32(truncatingIfNeeded: world.uses.count - inputStart)
        _ = looks.append(look)
    }

    /// Refuses an order for what is no limit.
    mutating func refuse(
        _ code: RejectCode, by speaker: Speaker, _ text: BreachText, value: Decimal? = nil, limit: Decimal? = nil
    ) {
        var breach = Breach(code, by: speaker, text)
        (breach.value, breach.limit) = (value, limit)
        tell(breach)
    }

    private mutating func tell(_ breach: Breach) {
        if !breaches.append(breach) { hasLostBreaches = true }
    }
}

extension Finding {
    /// Whether the limit came to a verdict, on which its action has a say.
    fileprivate var isVerdict: Bool {
        switch outcome {
        case .measured, .undefined, .broken: true
        default: false
        }
    }
}

extension Scope {
    /// With the values in place of what stood for each of them.
    mutating func fill(from values: KeyValues) {
        for key in each.ordered { self.values[key] = values[key] }
        each = []
    }
}
