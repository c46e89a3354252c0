import Decimals
import RiskBase

/// Why a part of a report was not settled.
enum SettlementFault: Error, BitwiseCopyable {
    case overflow(FundsOverflow)
    case noLockPrice(LockUse, PolicyGroupId)
    case manyLockPrices(LockUse, PolicyGroupId)
    /// There was no room for it.
    case unrecorded

    func block(by speaker: PolicyName) -> Reject {
        switch self {
        case .overflow(let overflow): Reject(.arithmeticOverflow, .account, by: speaker, .funds(.overflow(overflow)))
        case .noLockPrice(let use, let group):
            Reject(.missingRequiredField, .account, by: speaker, .funds(.noLockPrice(use, group)))
        case .manyLockPrices(let use, let group):
            Reject(.other, .account, by: speaker, .funds(.manyLockPrices(use, group)))
        case .unrecorded: .memoryRefused(.account, by: speaker)
        }
    }
}

/// What one report has changed in one asset so far.
struct HoldingDraft: BitwiseCopyable {
    let asset: Asset
    let key: UInt64
    private var change = Amounts()
    private var absolute = Amounts()

    init(_ asset: Asset, _ slot: AccountSlot) {
        self.asset = asset
        key = slot.key(asset)
    }

    /// Adds a change that leads to `amounts`. Returns the first amount whose sum of changes does not fit; then nothing is
    /// noted.
    @inline(__always)
    mutating func add(_ more: Amounts, leadingTo amounts: Amounts) -> AmountField? {
        if change.isZero {
            change = more
            absolute = amounts
            return nil
        }
        guard let held = change.held.adding(more.held) else { return .held }
        guard let balance = change.balance.adding(more.balance) else { return .balance }
        guard let incoming = change.incoming.adding(more.incoming) else { return .incoming }
        change = Amounts(balance: balance, held: held, incoming: incoming)
        absolute = amounts
        return nil
    }

    var isUnchanged: Bool { change.isZero }

    /// Tells it. An outcome begins without a word about the position.
    @inline(__always)
    mutating func tell(as group: PolicyGroupId, to frame: FramePointer) -> UnsafeMutablePointer<Outcome> {
        let outcome = frame.findings.pointee.outcomes.appendPlace()
        outcome.initialize(to: Outcome(policyGroup: group, asset: asset))
        outcome.pointee.balance = Self.changed(change.balance, absolute.balance)
        outcome.pointee.held = Self.changed(change.held, absolute.held)
        outcome.pointee.incoming = Self.changed(change.incoming, absolute.incoming)
        return outcome
    }

    private static func changed(_ delta: Decimal, _ absolute: Decimal) -> ChangedAmount? {
        delta.isZero ? nil : ChangedAmount(delta: delta, absolute: absolute)
    }
}

/// What one report has done so far: the changes of each asset, told once at the end.
struct SettlementDraft: BitwiseCopyable {
    let instrument: Instrument
    let side: Side
    let owner: FundsOwner
    private let group: PolicyGroupId
    var underlying: HoldingDraft
    var settlement: HoldingDraft
    /// The asset of a fee, when it is neither of the two.
    private var third: HoldingDraft?
    /// What the account's P&L gains; `nil` when the report does not concern it.
    var contribution: ConvertedAmount?
    /// Why the position's P&L stopped in this report.
    var halt: HaltReason?
    private var pnl = ChangedAmount(delta: .zero, absolute: .zero)
    private var tellsPnl = false
    private var average: Decimal?

    init(_ instrument: Instrument, _ side: Side, _ owner: FundsOwner, _ group: PolicyGroupId) {
        self.instrument = instrument
        self.side = side
        self.owner = owner
        self.group = group
        underlying = HoldingDraft(instrument.underlying, owner.slot)
        settlement = HoldingDraft(instrument.settlement, owner.slot)
    }

    /// Notes what a fill did to the position.
    mutating func note(_ result: PositionFill.Result?) {
        guard let result else { return }
        halt = result.halt
        pnl = ChangedAmount(delta: result.realized, absolute: result.pnl.valueOrZero)
        average = result.average
        tellsPnl = result.tellsPnl && !result.pnl.isHalted
    }

    /// Notes what a fee takes off the position's P&L, and whether that is told although it may be nothing; `false` when the
    /// sum of changes does not fit.
    mutating func addToPnl(_ delta: Decimal, leadingTo absolute: Decimal, tells: Bool) -> Bool {
        guard let sum = pnl.delta.adding(delta) else { return false }
        pnl = ChangedAmount(delta: sum, absolute: absolute)
        if tells { tellsPnl = true }
        return true
    }

    /// Notes the debit of a fee with the asset it was paid in.
    mutating func addFee(_ change: Amounts, _ asset: Asset, leadingTo amounts: Amounts) -> AmountField? {
        if asset == underlying.asset { return underlying.add(change, leadingTo: amounts) }
        if asset == settlement.asset { return settlement.add(change, leadingTo: amounts) }
        var draft = HoldingDraft(asset, owner.slot)
        let fault = draft.add(change, leadingTo: amounts)
        third = draft
        return fault
    }

    /// Tells what has changed: underlying, settlement asset, and the asset of a fee.
    mutating func publish(into frame: UnsafeMutablePointer<Frame>) {
        let tellsPnl = tellsPnl || !pnl.delta.isZero
        if !underlying.isUnchanged || halt != nil || tellsPnl || average != nil {
            let outcome = underlying.tell(as: group, to: frame)
            if let halt {
                outcome.pointee.realizedPnl = .halted(halt)
            } else {
                if tellsPnl { outcome.pointee.realizedPnl = .changed(pnl) }
                outcome.pointee.averageEntryPrice = average
            }
        }
        if !settlement.isUnchanged { _ = settlement.tell(as: group, to: frame) }
        if var third, !third.isUnchanged { _ = third.tell(as: group, to: frame) }
    }
}

extension UnsafeBufferPointer<LockEntry> {
    /// The one price that the policy group `group` reserved the order at.
    func price(of group: PolicyGroupId, for use: LockUse) throws(SettlementFault) -> Decimal {
        var price: Decimal?
        for entry in self where entry.policyGroup == group {
            guard price == nil else { throw .manyLockPrices(use, group) }
            price = entry.price
        }
        guard let price else { throw .noLockPrice(use, group) }
        return price
    }
}
