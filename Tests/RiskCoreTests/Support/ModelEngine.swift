import Decimals
import Market
import RiskBase

@testable import RiskCore

/// A slow engine that anybody can check by reading: dictionaries, arrays and texts. It knows the four basic policies and
/// one custom policy behind them, and answers as the lines of a scenario do.
struct ModelEngine {
    struct Pair: Hashable {
        var account: UInt64
        var asset: String
    }

    struct Window {
        var maxOrders: UInt64
        var length: UInt64
    }

    struct Counter {
        var opened: UInt64 = 0
        var count: UInt64 = 0
    }

    struct Size {
        var quantity: Decimal
        var notional: Decimal
    }

    struct Bounds {
        var lower: Decimal?
        var upper: Decimal?
    }

    struct Trade {
        var account: UInt64?
        var settlement: String?
        var quantity: Decimal?
        var price: Decimal?
    }

    struct Cause: Equatable {
        var policy: String
        var code: String
        var texts: String
    }

    /// What the custom policy does with the next order.
    enum Custom: CaseIterable, Sendable {
        case accept, rejectOrder, rejectAccount, fail, rejectInMain, rejectAccountInMain
    }

    var now: UInt64 = 0
    // Rate limit.
    var brokerRate: Window?
    var assetRates: [String: Window] = [:]
    var accountRates: [UInt64: Window] = [:]
    var pairRates: [Pair: Window] = [:]
    private var brokerCounter = Counter()
    private var assetCounters: [String: Counter] = [:]
    private var accountLogs: [UInt64: [UInt64]] = [:]
    private var pairLogs: [Pair: [UInt64]] = [:]
    // Order size.
    var brokerSize: Size?
    var assetSizes: [String: Size] = [:]
    var pairSizes: [Pair: Size] = [:]
    // Kill switch.
    var brokerBounds: [String: Bounds] = [:]
    var pairBounds: [Pair: Bounds] = [:]
    var totals: [Pair: Decimal] = [:]
    // Accounts.
    var groups: [UInt64: UInt32] = [:]
    private var blocks: [UInt64: Cause] = [:]
    private var groupBlocks: [UInt32: Cause] = [:]
    private var isEverythingBlocked = false
    /// How many commits and rollbacks the custom policy saw.
    private(set) var commits = 0
    private(set) var rollbacks = 0
}

// MARK: - Orders

extension ModelEngine {
    /// The lines that an order is answered with; none for an order that passed.
    mutating func start(_ trade: Trade, _ custom: Custom, isDry: Bool = false) -> [String] {
        if let blocked = blockReject(of: trade.account) { return [blocked] }
        var rejects: [(scope: String, cause: Cause)] = []
        func reject(_ policy: String, _ code: String, _ scope: String, _ texts: String) {
            rejects.append((scope, Cause(policy: policy, code: code, texts: texts)))
        }
        if let missing = trade.quantity == nil ? "trade amount|trade_amount" : nil {
            reject("OrderValidationPolicy", "MissingRequiredField", "order", Self.missing(missing))
        } else if trade.quantity!.isZero {
            reject(
                "OrderValidationPolicy", "InvalidFieldValue", "order",
                "order quantity must be non-zero | requested quantity 0 is not allowed")
        }
        if let found = rate(trade, isDry) { reject("RateLimitPolicy", found.code, found.scope, found.texts) }
        if let found = size(trade) { reject("OrderSizeLimitPolicy", found.code, found.scope, found.texts) }
        if let found = pnl(trade) { reject("PnlBoundsKillSwitchPolicy", found.code, found.scope, found.texts) }
        switch custom {
        case .rejectOrder: reject("Model", "Other", "order", "r | d")
        case .rejectAccount: reject("Model", "Other", "account", "r | d")
        case .fail:
            reject(
                "Model", "SystemUnavailable", "order",
                "policy callback failed | policy callback returned an error")
        default: break
        }
        var lines = rejects.map { "reject \($0.cause.policy) \($0.cause.code) \($0.scope) | \($0.cause.texts)" }
        if var cause = rejects.first(where: { $0.scope == "account" })?.cause {
            cause.code = "AccountBlocked"
            if isDry {
                lines.append("block \(cause.policy) \(cause.code) account | \(cause.texts)")
            } else {
                block(trade.account, cause)
            }
        }
        return lines
    }

    /// The main stage of an order that passed the start stage.
    mutating func main(_ trade: Trade, _ custom: Custom) -> [String] {
        if let blocked = blockReject(of: trade.account) { return [blocked] }
        guard custom == .rejectInMain || custom == .rejectAccountInMain else { return [] }
        rollbacks += 1
        let scope = custom == .rejectInMain ? "order" : "account"
        if scope == "account" {
            block(trade.account, Cause(policy: "Model", code: "AccountBlocked", texts: "m | d"))
        }
        return ["reject Model Other \(scope) | m | d"]
    }

    mutating func finish(commits isCommit: Bool) {
        if isCommit { commits += 1 } else { rollbacks += 1 }
    }

    private static func missing(_ field: String) -> String {
        let parts = field.split(separator: "|")
        return "failed to access required field '\(parts[0])' | failed to access field 'operation.\(parts[1])'"
    }
}

// MARK: - Policies

private typealias Found = (code: String, scope: String, texts: String)

extension ModelEngine {
    private static var noInstrument: Found {
        ("MissingRequiredField", "order", missing("instrument|instrument"))
    }
    private static var noAccount: Found { ("MissingRequiredField", "order", missing("account ID|account_id")) }

    private mutating func rate(_ trade: Trade, _ isDry: Bool) -> Found? {
        if trade.settlement == nil, !assetRates.isEmpty || !pairRates.isEmpty { return Self.noInstrument }
        if trade.account == nil, !accountRates.isEmpty || !pairRates.isEmpty { return Self.noAccount }
        var found: Found?
        func judge(_ axis: String, _ scope: String, _ count: UInt64, _ window: Window) {
            guard count > window.maxOrders, found == nil else { return }
            found = (
                "RateLimitExceeded", scope,
                "rate limit exceeded: \(axis) barrier | submitted \(count) orders in \(window.length)ns window, max allowed: \(window.maxOrders)"
            )
        }
        if let window = brokerRate {
            let counted = charged(brokerCounter, window)
            if !isDry { brokerCounter = counted }
            judge("broker", "order", counted.count, window)
        }
        if let settlement = trade.settlement, let window = assetRates[settlement] {
            let counted = charged(assetCounters[settlement] ?? Counter(), window)
            if !isDry { assetCounters[settlement] = counted }
            judge("asset", "order", counted.count, window)
        }
        if let account = trade.account, let window = accountRates[account] {
            let counted = charged(accountLogs[account] ?? [], window)
            if !isDry { accountLogs[account] = counted }
            judge("account", "account", UInt64(counted.count), window)
        }
        if let account = trade.account, let settlement = trade.settlement {
            let pair = Pair(account: account, asset: settlement)
            if let window = pairRates[pair] {
                let counted = charged(pairLogs[pair] ?? [], window)
                if !isDry { pairLogs[pair] = counted }
                judge("account+asset", "account", UInt64(counted.count), window)
            }
        }
        return found
    }

    private func charged(_ counter: Counter, _ window: Window) -> Counter {
        now - counter.opened >= window.length
            ? Counter(opened: now, count: 1) : Counter(opened: counter.opened, count: counter.count + 1)
    }

    private func charged(_ log: [UInt64], _ window: Window) -> [UInt64] {
        log.drop { now - $0 >= window.length } + [now]
    }

    private func size(_ trade: Trade) -> Found? {
        guard let settlement = trade.settlement else { return Self.noInstrument }
        guard let account = trade.account else { return Self.noAccount }
        guard let quantity = trade.quantity else {
            return ("MissingRequiredField", "order", Self.missing("trade amount|trade_amount"))
        }
        var limits: [(Size, String)] = []
        if let own = pairSizes[Pair(account: account, asset: settlement)] {
            limits.append((own, "account"))
        } else if let common = assetSizes[settlement] {
            limits.append((common, "order"))
        }
        if let brokerSize { limits.append((brokerSize, "order")) }
        for (limit, scope) in limits {
            guard let notional = trade.price?.magnitude.multiplied(by: quantity) else {
                return (
                    "OrderValueCalculationFailed", "order",
                    "order value calculation failed | price not provided for evaluating cash flow/notional/volume"
                )
            }
            let ofQuantity = "\(quantity), max allowed: \(limit.quantity)"
            let ofNotional = "\(notional), max allowed: \(limit.notional)"
            switch (quantity > limit.quantity, notional > limit.notional) {
            case (true, true):
                return (
                    "OrderExceedsLimit", scope,
                    "order size exceeded | requested quantity \(ofQuantity); requested notional \(ofNotional)"
                )
            case (true, false):
                return ("OrderQtyExceedsLimit", scope, "order quantity exceeded | requested \(ofQuantity)")
            case (false, true):
                return ("OrderNotionalExceedsLimit", scope, "order notional exceeded | requested \(ofNotional)")
            case (false, false): continue
            }
        }
        return nil
    }

    private func pnl(_ trade: Trade) -> Found? {
        guard let settlement = trade.settlement else { return Self.noInstrument }
        guard let account = trade.account else { return Self.noAccount }
        let pair = Pair(account: account, asset: settlement)
        let total = totals[pair] ?? .zero
        for (bounds, barrier) in [(brokerBounds[settlement], "broker"), (pairBounds[pair], "account + asset")] {
            guard let bounds, let sides = sides(of: bounds, breachedBy: total) else { continue }
            return (
                "PnlKillSwitchTriggered", "account",
                "pnl kill switch triggered: \(barrier) barrier | \(sides) bound breached: realized pnl \(total), "
                    + "lower_bound \(spelled(bounds.lower)), upper_bound \(spelled(bounds.upper)), "
                    + "settlement asset \(settlement)"
            )
        }
        return nil
    }

    private func sides(of bounds: Bounds, breachedBy total: Decimal) -> String? {
        let lower = bounds.lower.map { total < $0 } ?? false
        let upper = bounds.upper.map { total > $0 } ?? false
        let sides = (lower ? ["lower"] : []) + (upper ? ["upper"] : [])
        return sides.isEmpty ? nil : sides.joined(separator: " and ")
    }

    private func spelled(_ bound: Decimal?) -> String { bound.map { "Some(Pnl(\($0)))" } ?? "None" }

    /// Forgets what goes with an asset's barrier.
    mutating func setRates(broker: Window??, assets: [String: Window]?, accounts: [UInt64: Window]?) {
        if let broker {
            if broker == nil || brokerRate == nil { brokerCounter = Counter() }
            brokerRate = broker
        }
        if let assets {
            assetCounters = assetCounters.filter { assetRates[$0.key] != nil && assets[$0.key] != nil }
            assetRates = assets
        }
        if let accounts { accountRates = accounts }
    }
}

// MARK: - Reports

extension ModelEngine {
    mutating func report(_ account: UInt64?, _ settlement: String, pnl: Decimal?, fee: Decimal, customBlocks: Bool)
        -> [String]
    {
        var causes: [Cause] = []
        if let account {
            let pair = Pair(account: account, asset: settlement)
            if let pnl, let delta = pnl.adding(fee.flipped), let total = (totals[pair] ?? .zero).adding(delta) {
                totals[pair] = total
                if [brokerBounds[settlement], pairBounds[pair]].contains(where: {
                    $0.map { sides(of: $0, breachedBy: total) != nil } ?? false
                }) {
                    causes.append(
                        Cause(
                            policy: "PnlBoundsKillSwitchPolicy", code: "PnlKillSwitchTriggered",
                            texts: "pnl kill switch triggered | realized pnl \(total), settlement asset \(settlement)"))
                }
            } else {
                causes.append(
                    Cause(
                        policy: "PnlBoundsKillSwitchPolicy", code: "MissingRequiredField",
                        texts: "failed to access required field 'P&L' | failed to access field 'financial_impact.pnl'"))
            }
        } else {
            causes.append(
                Cause(
                    policy: "PnlBoundsKillSwitchPolicy", code: "MissingRequiredField",
                    texts: Self.missing("account ID|account_id")))
        }
        if customBlocks { causes.append(Cause(policy: "Model", code: "Other", texts: "b | d")) }
        if let first = causes.first { block(account, first) }
        return causes.map { "block \($0.policy) \($0.code) account | \($0.texts)" }
    }
}

// MARK: - Blocks

extension ModelEngine {
    /// What an order of the account is answered with, when it is blocked.
    func blockReject(of account: UInt64?) -> String? {
        if blocks.isEmpty && groupBlocks.isEmpty && !isEverythingBlocked { return nil }
        guard let account else {
            return
                "reject Engine MissingRequiredField order | account could not be verified as account ID is missing | unable to check account for blocking"
        }
        let everything = Cause(
            policy: "Engine", code: "AccountBlocked",
            texts:
                "account is blocked due to kill-switch | kill-switch was previously triggered for this account")
        let cause =
            blocks[account] ?? groups[account].flatMap { groupBlocks[$0] } ?? (isEverythingBlocked ? everything : nil)
        return cause.map { "reject \($0.policy) \($0.code) account | \($0.texts)" }
    }

    private mutating func block(_ account: UInt64?, _ cause: Cause) {
        guard let account else { return isEverythingBlocked = true }
        if blocks[account] == nil { blocks[account] = cause }
    }

    mutating func block(_ account: UInt64, _ reason: String) {
        block(account, Cause(policy: "Engine", code: "AccountBlocked", texts: "\(reason) | \(reason)"))
    }

    mutating func unblock(_ account: UInt64) { blocks[account] = nil }

    /// Tells whether there was something to replace.
    mutating func replace(_ account: UInt64, _ reason: String) -> Bool {
        guard blocks[account] != nil else { return false }
        blocks[account] = Cause(policy: "Engine", code: "AccountBlocked", texts: "\(reason) | \(reason)")
        return true
    }

    mutating func block(group: UInt32, _ reason: String) {
        guard groupBlocks[group] == nil else { return }
        groupBlocks[group] = Cause(policy: "Engine", code: "AccountBlocked", texts: "\(reason) | \(reason)")
    }

    mutating func unblock(group: UInt32) { groupBlocks[group] = nil }
    mutating func unblockEverything() { isEverythingBlocked = false }
}
