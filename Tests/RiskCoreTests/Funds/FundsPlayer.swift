import Decimals
import Market
import RiskBase
import TestSupport

@testable import RiskCore

/// Plays stories of spot funds against an engine that has no other policy.
final class FundsPlayer {
    private let clock: Clock
    let market: MarketData
    let engine: Engine
    let findings: UnsafeMutablePointer<Findings>
    private var lock: [LockEntry] = []
    private var reservation: UInt64 = 0
    /// What the story speaks of, for `state`.
    private var assets: [String] = []

    init(_ given: [String], _ mode: SyncMode = .none) throws {
        findings = .allocate(capacity: 1)
        findings.initialize(to: Findings())
        clock = try Clock.makeManual().unwrapped
        let isStale = given.contains { $0.hasPrefix("stale market data") }
        market = try MarketData.make(
            defaultTtl: isStale ? .within(nanoseconds: 0) : .infinite, mode: mode, clock: clock
        ).unwrapped
        engine = try Self.build(given, mode, clock, market)
        try prepare(given)
    }

    deinit {
        engine.release()
        market.release()
        clock.release()
        findings.deinitialize(count: 1)
        findings.deallocate()
    }

    private static func build(
        _ given: [String], _ mode: SyncMode, _ clock: Clock, _ market: MarketData
    ) throws -> Engine {
        var options = SpotFundsOptions()
        var group: UInt16 = 0
        var barriers: [SpotFundsScopedBarrier] = []
        for text in given {
            var words = StoryWords(text)
            if words.skip("stale market data") || words.skip("market data") {
                options.market = market
                options.settings.slippageBasisPoints = UInt16(words.next())
                options.settings.pricingSource = words.next() == "BOOK_TOP" ? .bookTop : .mark
            } else if words.skip("TRACK_ONLY") {
                options.settings.limitMode = .trackOnly
            } else if words.skip("policy group") {
                group = try UInt16(words.next()).unwrapped
            } else if words.skip("P&L preset") {
                options.settings.limitMode = .trackOnly
                barriers.append(barrier(&words))
            }
        }
        let release: Compatibility = given.contains("release 0.10") ? .level10 : .level7
        var builder = EngineBuilder(mode, clock: clock, compatibility: release)
        try barriers.withUnsafeBufferPointer {
            options.barriers = $0
            try builder.addSpotFunds(options, group: PolicyGroupId(group))
        }
        return try builder.build()
    }

    private func prepare(_ given: [String]) throws {
        let currency = given.first { $0.hasPrefix("ccy ") }.map { String($0.dropFirst(4)) } ?? "USD"
        if !given.contains("no account currency") {
            for account in 1...9 as ClosedRange<UInt64> {
                try engine.setCurrency(try asset(currency), of: AccountId(account))
            }
        }
        for text in given {
            if text.hasPrefix("group ") {
                let accounts = text.drop { $0 != "{" }.split { !$0.isNumber }.compactMap { UInt64($0) }.map(
                    AccountId.init)
                try accounts.withUnsafeBufferPointer { try engine.register($0, in: AccountGroupId(7)) }
            } else if text.contains("/"), text.contains("=") {
                _ = try play("push \(text)")
            } else if text.contains("="), text.first?.isUppercase == true, !text.hasPrefix("P&L") {
                let seed = text.replacing("=", with: " bal=", maxReplacements: 1)
                    .replacing(" avg ", with: " avg=").replacing(" pnl ", with: " pnl=")
                _ = try play("adj \(seed)")
            }
        }
    }

    func asset(_ name: String) throws -> Asset {
        try withBytes(name) { try NameTable.shared.intern($0) }
    }
}

// MARK: - Steps

extension FundsPlayer {
    /// What a step says.
    func play(_ text: String) throws -> String {
        findings.pointee.removeAll()
        var words = StoryWords(text)
        switch words.first {
        case "buy", "sell", "mkt", "dry-run": return try playOrder(&words)
        case "rep":
            _ = words.skip("rep")
            return try playReport(words)
        case "adj", "batch", "account-pnl", "empty": return try playBatch(text)
        case "push", "clear": return try playQuote(&words)
        case "commit": return saying { () throws(EngineError) in try engine.commit(reservation) }
        case "rollback": return saying { () throws(EngineError) in try engine.rollback(reservation) }
        case "reserved":
            return saying { () throws(EngineError) in try engine.read(reservation: reservation, into: findings) }
        case "reload": return try reloadLock()
        case "state": return try state()
        default: return try playOperator(text)
        }
    }

    private func saying(_ act: () throws(EngineError) -> Void) -> String {
        guard let fault = failure(act) else { return "ok" }
        return "\(fault)"
    }

    /// Sends the lock through every format, one after another.
    private func reloadLock() throws -> String {
        for format in LockFormat.allCases {
            lock = try format.encode(lock).withUnsafeBufferPointer { (bytes) throws(LockFailure) in
                try format.entries(in: bytes)
            }
        }
        return said(lock)
    }

    private func playOrder(_ words: inout StoryWords) throws -> String {
        let isDryRun = words.skip("dry-run")
        let isDropped = words.remove("handle dropped")
        let isLeftOpen = words.remove("(not finalised)")
        let isRolledBack = words.remove("then rollback")
        let isFilled = words.remove("+ full final fill")
        let report = words
        let order = try self.order(&words)
        if isDryRun {
            _ = try engine.dryRun(order, throughMainStage: true, into: findings)
            return said()
        }
        guard let reservation = try engine.executePreTrade(order, into: findings) else { return said() }
        let answer = said()
        lock = (0..<findings.pointee.lockCount).compactMap { findings.pointee.lockEntry(at: $0) }
        self.reservation = reservation
        if isRolledBack || isDropped { try engine.rollback(reservation) }
        if isLeftOpen || isRolledBack || isDropped { return answer }
        try engine.commit(reservation)
        if !isFilled { return answer }
        return try playReport(report, isFullFill: true)
    }

    private func account(_ words: inout StoryWords) throws -> AccountId {
        guard words.remove("(acct") else { return AccountId(1) }
        return AccountId(try UInt64(words.take { $0.hasSuffix(")") }.unwrapped.dropLast()).unwrapped)
    }

    func instrument(_ words: inout StoryWords) throws -> Instrument {
        let names = (words.take { $0.contains("/") } ?? "AAPL/USD").split(separator: "/").map(String.init)
        for name in names where !assets.contains(name) { assets.append(name) }
        return Instrument(underlying: try asset(names[0]), settlement: try asset(names[1]))
    }

    private func order(_ words: inout StoryWords) throws -> Order {
        let absent = words.takeAll(after: "without") { _ in true } ?? []
        let account = try account(&words)
        let instrument = try instrument(&words)
        _ = words.skip("mkt")
        let side = words.next() == "buy" ? Side.buy : .sell
        let isVolume = words.skip("vol")
        let terms = words.next().filter { $0 != "," }.split(separator: "@").map { decimal(String($0)) }
        var order = Order(
            account: account, instrument: instrument, side: side,
            amount: isVolume ? .volume(terms[0]) : .quantity(terms[0]), price: terms.count > 1 ? terms[1] : nil)
        for name in absent { try order.drop(name) }
        return order
    }

    private func playReport(_ given: StoryWords, isFullFill: Bool = false) throws -> String {
        var words = given
        let absent = words.takeAll(after: "without") { _ in true } ?? []
        let impact = words.takeAll(after: "impact") { _ in true }
        let fee = words.takeAll(after: "fee") { _ in true }
        var feeWords = StoryWords((fee ?? []).joined(separator: " "))
        let prices = feeWords.takeAll(after: "lock", while: { _ in true }) ?? words.takeAll(after: "lock") { _ in true }
        var rest = StoryWords((prices ?? []).joined(separator: " "))
        if let pair = feeWords.take(where: { $0.contains("/") }) ?? rest.take(where: { $0.contains("/") }) {
            words.append(pair)
        }
        var lock = self.lock
        if prices != nil {
            lock = []
            while let entry = rest.first {
                _ = rest.next()
                let parts = entry.split(separator: ":").map(String.init)
                if entry == "none" { continue }
                lock.append(
                    LockEntry(
                        price: decimal(parts.last ?? ""),
                        policyGroup: PolicyGroupId(parts.count > 1 ? UInt16(parts[0]) ?? 0 : 0)))
            }
        }
        var report = ExecutionReport()
        report.account = try account(&words)
        report.instrument = try instrument(&words)
        report.side = words.next() == "buy" ? .buy : .sell
        report.isFinal = words.remove("F") || isFullFill
        report.leavesQuantity = decimal(
            words.take { $0.hasPrefix("L") }.map { String($0.dropFirst()) } ?? "0")
        if !words.skip("no trade") {
            let terms = words.next().split(separator: "@").map { decimal(String($0)) }
            report.trade = ExecutionReport.Trade(price: terms[1], quantity: terms[0])
        }
        if fee != nil {
            let amount = decimal(feeWords.next())
            report.fillFee = ExecutionReport.Fee(amount: amount, asset: try asset(feeWords.next()))
        }
        if let impact {
            report.financialImpact = .init(pnl: decimal(impact[0]), fee: decimal(impact[1]))
        }
        try lock.withUnsafeBufferPointer { entries in
            report.lock = entries
            for name in absent { try report.drop(name) }
            try withUnsafePointer(to: report) { try engine.apply($0, into: findings) }
        }
        return said()
    }

    private func playQuote(_ words: inout StoryWords) throws -> String {
        let isClear = words.next() == "clear"
        let instrument = try instrument(&words)
        let id = try market.resolve(instrument) ?? market.register(instrument)
        if isClear {
            market.clear(id)
            return "ok"
        }
        var accounts: [AccountId] = []
        var groups: [AccountGroupId] = []
        if words.skip("for acct") {
            accounts = [AccountId(try UInt64(words.next()).unwrapped)]
        } else if words.skip("for group") {
            groups = [AccountGroupId(try UInt32(words.next()).unwrapped)]
        }
        var quote = Quote()
        while words.first != nil {
            let parts = words.next().split(separator: "=").map(String.init)
            switch parts[0] {
            case "mark": quote.mark = decimal(parts[1])
            case "bid": quote.bid = decimal(parts[1])
            default: quote.ask = decimal(parts[1])
            }
        }
        if accounts.isEmpty && groups.isEmpty {
            try market.push(quote, to: id)
        } else {
            try accounts.withUnsafeBufferPointer { accounts in
                try groups.withUnsafeBufferPointer { try market.push(quote, to: id, accounts: accounts, groups: $0) }
            }
        }
        return "ok"
    }
}

// MARK: - Adjustments

extension FundsPlayer {
    private func playBatch(_ text: String) throws -> String {
        var items = [text]
        if text.hasPrefix("batch [") {
            items = text.dropFirst("batch [".count).dropLast().components(separatedBy: ", ")
        } else if text == "empty batch" {
            items = []
        }
        let adjustments = try items.map(adjustment)
        let failed = try adjustments.withUnsafeBufferPointer {
            try engine.apply($0, to: AccountId(1), into: findings)
        }
        guard let failed else { return said() }
        return "failed_index \(failed); \(said())"
    }

    private func adjustment(_ text: String) throws -> AccountAdjustment {
        var words = StoryWords(text)
        if words.skip("account-pnl") {
            _ = words.skip("adj")
            return AccountAdjustment(operation: .accountPnl(state(words.next())))
        }
        _ = words.skip("adj")
        if words.skip("without operation") { return AccountAdjustment() }
        let isPosition = words.skip("position")
        let name = words.next()
        if !assets.contains(name) { assets.append(name) }
        var balance = AccountAdjustment.Balance(asset: try asset(name))
        var adjustment = AccountAdjustment()
        while words.first != nil {
            let word = words.next()
            let value = decimal(String(word.drop { !"+-=".contains($0) }.drop { "=+".contains($0) }))
            let change = word.contains("=") ? AmountChange.absolute(value) : .delta(value)
            switch word.prefix({ $0.isLetter }) {
            case "bal": adjustment.balance.change = change
            case "held": adjustment.held.change = change
            case "inc": adjustment.incoming.change = change
            case "avg": balance.averageEntryPrice = value
            case "pnl": balance.realizedPnl = state(String(word.drop { $0 != "=" }.dropFirst()))
            case "with":
                _ = words.skip("lower")
                adjustment.balance.lower = decimal(words.next())
            case "bounds": takeBounds(&words, &adjustment)
            default: throw ScenarioFault(text: text)
            }
        }
        adjustment.operation =
            isPosition
            ? .position(.init(instrument: nil, collateral: balance.asset, averageEntryPrice: nil, mode: nil))
            : .balance(balance)
        return adjustment
    }

    private func takeBounds(_ words: inout StoryWords, _ adjustment: inout AccountAdjustment) {
        while words.first != nil {
            let name = words.next().filter { $0 != "{" && $0 != ":" }
            let value = decimal(words.next().filter { $0 != "}" && $0 != "," })
            switch name {
            case "balance_lower": adjustment.balance.lower = value
            case "balance_upper": adjustment.balance.upper = value
            case "held_lower": adjustment.held.lower = value
            case "held_upper": adjustment.held.upper = value
            default: adjustment.incoming.upper = value
            }
        }
    }

    private func state(_ text: String) -> PnlState {
        let reasons: [HaltReason] = [
            .missingFx, .missingAccountCurrency, .missingInitialPnl, .missingCostBasis, .arithmeticOverflow,
        ]
        for reason in reasons where reason.word == text { return .halted(reason) }
        return .value(decimal(text))
    }
}

// MARK: - Sayings

extension FundsPlayer {
    /// What there is to say, in the words of the stories.
    func said() -> String {
        let answer = Answer(findings)
        var parts = answer.rejects.map {
            "REJECT \($0.scope == .order ? "order" : "account")/\($0.code.text) \"\($0.reason)\" \"\($0.details)\""
        }
        parts += (0..<findings.pointee.outcomeCount).compactMap { findings.pointee.outcome(at: $0) }.map(spelled)
        if findings.pointee.lockCount > 0 {
            parts.append(said((0..<findings.pointee.lockCount).compactMap { findings.pointee.lockEntry(at: $0) }))
        }
        parts += (0..<findings.pointee.accountPnlCount).compactMap { findings.pointee.accountPnl(at: $0) }.map {
            let account = $0.account.value == 1 ? "" : " \($0.account.value)"
            return "acct\(account) p\(spelled($0.pnl))"
        }
        parts += answer.blocks.map {
            "BLOCK \($0.code.text) \"\($0.reason)\" \"\($0.details)\""
        }
        return parts.isEmpty ? "ok" : parts.joined(separator: "; ")
    }

    private func said(_ lock: [LockEntry]) -> String {
        let prices = lock.map {
            $0.policyGroup == .default ? short($0.price) : "\($0.policyGroup.value):\(short($0.price))"
        }
        return "lock \(prices.joined(separator: " "))"
    }

    private func spelled(_ outcome: Outcome) -> String {
        var parts: [String] = []
        if let change = outcome.balance { parts.append("b\(spelled(change))") }
        if let change = outcome.held { parts.append("h\(spelled(change))") }
        if let change = outcome.incoming { parts.append("i\(spelled(change))") }
        if let pnl = outcome.realizedPnl { parts.append("p\(spelled(pnl))") }
        if let average = outcome.averageEntryPrice { parts.append("avg \(short(average))") }
        let group = outcome.policyGroup == .default ? "" : "[g\(outcome.policyGroup.value)] "
        return group + ([name(of: outcome.asset)] + parts).joined(separator: " ")
    }

    private func spelled(_ change: ChangedAmount) -> String {
        "\(change.delta.isNegative ? "" : "+")\(short(change.delta))>\(short(change.absolute))"
    }

    private func spelled(_ pnl: ChangedPnl) -> String {
        switch pnl {
        case .changed(let change): spelled(change)
        case .halted(let reason): " HALT \(reason.word)"
        }
    }

    private func state() throws -> String {
        try assets.map { name in
            let holding = try engine.holding(of: AccountId(1), try asset(name))
            let average = holding.average.map { " avg \(short($0))" } ?? ""
            return "\(name) b=\(short(holding.balance)) h=\(short(holding.held)) i=\(short(holding.incoming))\(average)"
        }.sorted().joined(separator: "; ")
    }
}

/// The number without zeros at its end.
func short(_ number: Decimal) -> String {
    if number.isZero { return "0" }
    var text = "\(number)"
    if text.contains(".") {
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
    }
    return text
}

extension HaltReason {
    /// The reason as the stories spell it.
    var word: String {
        switch self {
        case .missingFx: "MISSING_FX"
        case .missingAccountCurrency: "MISSING_ACCOUNT_CURRENCY"
        case .missingInitialPnl: "MISSING_INITIAL_PNL"
        case .missingCostBasis: "MISSING_COST_BASIS"
        case .arithmeticOverflow: "ARITHMETIC_OVERFLOW"
        }
    }
}

extension StringProtocol {
    fileprivate func prefix(_ belongs: (Character) -> Bool) -> String { String(prefix(while: belongs)) }
}
