import Decimals
import RiskBase

/// What follows from what a metric found.
extension Controls {
    /// Tells what an order meets at a limit. `row` is that of its key, and `node` where that is, if there is one.
    mutating func conclude(
        _ finding: Finding, _ limit: LimitPointer, _ row: RowPointer?, _ node: NodePointer?, _ subject: SubjectPointer,
        _ inputStart: Int, for purpose: Purpose
    ) {
        var (verdict, why) = (Look.Verdict.pass, Look.Why.none)
        var breach = self.breach(finding, of: limit)
        if case .skipped(let reason) = finding.outcome { (verdict, why) = (.skip, reason) }
        if case .lacking = finding.outcome, subject.pointee.isReducing || limit.pointee.limit.passesWithoutData {
            (breach, why) = (nil, .missing)
        }
        let isBreached = breach != nil && finding.isVerdict
        let isThrottled =
            finding.isVerdict && (isBreached ? limit.pointee.limit.throttles : row.map { $0.throttles(limit) } ?? false)
        if isBreached && limit.pointee.limit.action == .notify {
            (breach, verdict) = (nil, .warn)
        } else if breach == nil && entersStage(finding, limit, row) {
            verdict = .warn
        }
        if isThrottled, let row { breach = throttled(row, limit, finding, breach, subject) }
        let isOverridden = breach != nil && subject.pointee.hasGrant && passesByGrant(limit, subject, for: purpose)
        if var breach {
            verdict = isOverridden ? .overridden : .reject
            breach.position = limit.pointee.position
            breach.metric = limit.pointee.limit.metric
            if finding.isVerdict { act(limit, row, node, &breach) }
            if !isOverridden { tell(breach) }
        }
        if purpose == .order, why == .missing || row != nil && !limit.pointee.isQuiet {
            let place = row.flatMap { row in node.map { (row, $0) } }
            let met = MetRow(
                limit: limit, place: place, finding: finding, isBreached: isBreached && !isOverridden,
                isThrottled: isThrottled && breach == nil,
                isWithoutData: why == .missing)
            if !metRows.append(met) { hasLostBreaches = true }
        }
        guard purpose == .explanation else { return }
        look(finding, limit, node, verdict, why, breach?.code, inputStart)
    }

    /// What speaks against the order, whatever the limit does about it.
    mutating func breach(_ finding: Finding, of limit: LimitPointer) -> Breach? {
        switch finding.outcome {
        case .skipped, .kept: return nil
        case .lacking(let code): return Breach(code, by: .limit(limit.pointee.limit.name), .dataMissing)
        case .missingField: return Breach(.missingRequiredField, by: .limit(limit.pointee.limit.name), .fieldMissing)
        case .overflow: return Breach(.arithmeticOverflow, by: .limit(limit.pointee.limit.name), .overflow)
        case .undefined, .broken: return limit.pointee.limit.isUnlimited ? nil : breach(finding, of: limit, nil)
        case .measured:
            if limit.pointee.limit.isUnlimited { return nil }
            do {
                return try finding.breach(of: limit).map { breach(finding, of: limit, $0) }
            } catch {
                return Breach(.arithmeticOverflow, by: .limit(limit.pointee.limit.name), .overflow)
            }
        }
    }

    /// How wide the reject is that an action gives.
    mutating func act(_ limit: LimitPointer, _ row: RowPointer?, _ node: NodePointer?, _ breach: inout Breach) {
        switch limit.pointee.limit.action {
        case .blockAccount:
            // An order is no look that confirms: it finds what was confirmed, or refuses for itself alone.
            guard
                limit.pointee.limit.confirm == 1
                    || row.map({ $0.pointee.confirmed >= limit.pointee.limit.confirm }) ?? false
            else { return }
            breach.scope = .account
            breach.blocksAccount = true
        case .halt:
            guard let node, shapes[Int(node.pointee.shape)].pointee.keys == .account else { return }
            guard limit.pointee.limit.confirm == 1 || node.hasLatch(.halted, by: .limit(limit.pointee.limit.name))
            else { return }
            breach.scope = .account
        case .notify, .reject, .throttle, .reduceOnly: break
        }
    }

    /// The reject of an order that comes too soon after others that were let through; `nil` lets this one through.
    private mutating func throttled(
        _ row: RowPointer, _ limit: LimitPointer, _ finding: Finding, _ breach: Breach?, _ subject: SubjectPointer
    ) -> Breach? {
        let throttle = limit.pointee.limit.throttle
        let most = Int(clamping: throttle.upper)
        let passed = row.pointee.passed.count(at: subject.pointee.now, window: throttle.window)
        if passed < most && row.pointee.passed.reserveOne(atMost: most) { return nil }
        var refused =
            breach ?? Breach(limit.pointee.limit.metric.code, by: .limit(limit.pointee.limit.name), .aboveLimit)
        refused.code = .rateLimitExceeded
        if passed > 0 {
            let free = row.pointee.passed.time(at: passed - most).addingClamped(throttle.window)
            refused.retryAfter = UInt64(clamping: free &- subject.pointee.now)
        }
        return refused
    }

    /// Whether it comes to a stage that the row is not in yet. What single orders are measured by is never in one.
    private mutating func entersStage(_ finding: Finding, _ limit: LimitPointer, _ row: RowPointer?) -> Bool {
        let entered = limit.pointee.family == .order ? 0 : row?.pointee.stage ?? 0
        for index in min(entered, limit.pointee.limit.stageCount)..<limit.pointee.limit.stageCount
        where finding.reaches(limit.pointee.limit.stages[index].at, of: limit) { return true }
        return false
    }

    /// A breach of the bound, or of a rule.
    private mutating func breach(_ finding: Finding, of limit: LimitPointer, _ bound: Bound?) -> Breach {
        let code =
            finding.code
            ?? (bound == .lower && limit.pointee.family == .order
                ? .invalidFieldValue : limit.pointee.limit.metric.code)
        let text: BreachText
        switch (finding.outcome, bound) {
        case (.undefined, _): text = .undefinedValue
        case (.broken, _): text = .ruleBroken
        case (_, .lower): text = .belowLimit
        default: text = .aboveLimit
        }
        var breach = Breach(code, by: .limit(limit.pointee.limit.name), text)
        breach.bound = bound
        breach.retryAfter = finding.retryAfter
        if let shown = finding.shown {
            (breach.value, breach.limit) = (shown.value, shown.limit)
        } else if let bound {
            breach.value = bound == .lower ? finding.shownLow : finding.shownValue
            breach.limit = bound == .lower ? limit.pointee.limit.lower : finding.upper(of: limit)
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
        var look = Look(
            name: limit.pointee.limit.name, metric: limit.pointee.limit.metric, scope: limit.pointee.limit.scope,
            position: limit.pointee.position,
            verdict: verdict)
        if let node { look.scope.fill(from: node.pointee.values) }
        look.why = why
        (look.lower, look.upper) = (limit.pointee.limit.lower, limit.pointee.limit.upper)
        (look.used, look.asked) = (finding.shownUsed, finding.shownAsked)
        if case .measured = finding.outcome {
            look.value = finding.shownValue
            if !limit.pointee.limit.isUnlimited {
                look.headroom = finding.headroom(of: limit)
                look.utilization = finding.utilization(of: limit)
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

    mutating func tell(_ breach: Breach) {
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

extension Limit {
    /// Whether some of what passes its bound is let through. A rate of messages is one already.
    fileprivate var throttles: Bool { action == .throttle && metric != .messageRate }

    /// Whether its rows may have something to do once it is known what becomes of the order.
    var hasAfterlife: Bool {
        if stageCount > 0 || metric == .selfTrade && own.mode != .cancelNewest { return true }
        switch action {
        case .reject: return false
        case .notify, .throttle, .blockAccount, .reduceOnly, .halt: return true
        }
    }
}

extension RowPointer {
    /// Whether a stage that is entered throttles what comes.
    fileprivate func throttles(_ limit: LimitPointer) -> Bool {
        for index in 0..<pointee.stage where limit.pointee.limit.stages[index].action == .throttle { return true }
        return false
    }
}
