import Decimals
import Market
import RiskBase

/// What every account has of every asset, and what it earned there and over all: what orders set aside from, reports settle in and
/// adjustments correct. It belongs to the engine, and keeps nothing until somebody asks for it.
///
/// Holds are written while an order is checked and taken back by their amounts, so what happens in between stays.
struct CashLedger: ~Copyable {
    let compatibility: Compatibility
    /// Whether anything is kept.
    private(set) var isKept = false
    /// Whether a policy sets funds aside in it, so that fills and releases begin with what was set aside, at the price in the lock.
    private(set) var setsAside = false
    /// Under which policy group a report has the price that its order was set aside at, and what has changed is told.
    private(set) var group = PolicyGroupId.default
    /// Who speaks of what does not fit.
    private(set) var speaker = PolicyName.engine
    var holdings = Holdings()
    private(set) var accountLedgers = RowTable<AccountLedger>()
    /// So many may be kept before one has to ask for room again.
    private var accountRoom = 0
    var rates = ConversionRates(nil)

    init(_ compatibility: Compatibility) {
        self.compatibility = compatibility
    }

    /// Keeps it from now on. Quotes take the place of those given before.
    mutating func keep(_ market: MarketData?) {
        isKept = true
        if let market { rates = ConversionRates(market) }
    }

    /// Keeps it from now on, as what a policy sets funds aside in.
    mutating func keep(_ market: MarketData?, for policy: BuiltinPolicy, _ group: PolicyGroupId) {
        keep(market)
        setsAside = true
        speaker = .builtin(policy)
        self.group = group
    }

    /// Gives everything back, and keeps nothing any more.
    mutating func end() { self = CashLedger(compatibility) }

    /// Ends it where nobody knows what its tables are worth, which are left alone.
    mutating func abandon() { isKept = false }

    /// Makes sure that there is room for what a report may bring: the three assets of a fill may be new to the account, and so
    /// may its P&L. `false` when memory has run out.
    @inline(__always)
    mutating func reserveReport() -> Bool {
        holdings.reserve(3) && (accountLedgers.count < accountRoom || reserveAccount())
    }

    /// Makes sure that there is room for the P&L of one more account. `false`, and no change, when memory has run out.
    @inline(never)
    mutating func reserveAccount() -> Bool {
        guard accountLedgers.reserveOne() else { return false }
        accountRoom = accountLedgers.count + 1
        return true
    }

    /// The P&L of an account, for which there is room; `nil` when there is none.
    @inline(__always)
    mutating func accountLedger(of slot: AccountSlot) -> UnsafeMutablePointer<AccountLedger>? {
        accountLedgers.findOrAdd(slot.key, initial: AccountLedger())
    }

    /// The account's P&L as it stands.
    func accountPnl(of slot: AccountSlot) -> PnlState {
        guard !slot.isNone else { return .value(.zero) }
        return accountLedgers.find(slot.key)?.pointee.state ?? .value(.zero)
    }

    func block(_ code: RejectCode, _ text: FundsText) -> Reject { Reject(code, .account, by: speaker, .funds(text)) }
}

// MARK: - Invariants

extension CashLedger {
    /// What does not hold together in the ledger, or `nil`. `isQuiet` says that no call is on its way. It looks at everything, so
    /// it is for tests.
    func checkInvariants(accountCount: Int, isQuiet: Bool) -> StaticString? {
        if let broken = holdings.checkInvariants(accountCount: accountCount) { return broken }
        if let broken = accountLedgers.checkInvariants() ?? rates.checkInvariants() { return broken }
        var broken: StaticString?
        accountLedgers.forEachKey { (slot, ledger) in
            if slot >= UInt64(accountCount) { broken = "a ledger is of nobody" }
            if isQuiet && ledger.pointee.assertingBatch != 0 { broken = "a batch that has ended asserts a P&L" }
        }
        return broken
    }
}
