import Decimals
import RiskBase

/// Stops an account whose realised P&L in one settlement asset leaves its bounds.
///
/// Every report is added to its account's total, barrier or not, so that a barrier added later judges the true total.
struct PnlKillSwitchPolicy: ~Copyable {
    private var brokers = RowTable<PnlBounds>()
    private var accountBounds = RowTable<PnlBounds>()
    private var totals = RowTable<Decimal>()
    /// So many totals may be there before one has to ask for room again.
    private var totalRoom = 0
    private var barrierCounts = BarrierCounts()
    private let writesBoundsAsOptionals: Bool

    init(
        _ barriers: UnsafeBufferPointer<PnlBarrier>, _ compatibility: Compatibility, in accounts: inout Accounts
    ) throws(PolicyFault) {
        writesBoundsAsOptionals = compatibility.has(.writesBoundsAsOptionals)
        try barriers.validate()
        guard !barriers.isEmpty else { throw .noBarriers(.pnlKillSwitch) }
        try replace(AxisSet(rawValue: .max), by: barriers, in: &accounts)
        for barrier in barriers {
            guard case .account(let id, let initial?) = barrier.scope else { continue }
            guard let slot = accounts.slotAdding(id), setTotal(initial, of: slot, in: barrier.settlement) else {
                throw .limitReached
            }
        }
    }
}

// MARK: - Check

extension PnlKillSwitchPolicy {
    mutating func check(_ order: UnsafePointer<Order>, slot: AccountSlot, rejects: inout Buffer<Reject>) {
        guard let instrument = order.pointee.instrument else {
            return rejects.add(.missing(.instrument, by: .pnlKillSwitch))
        }
        guard order.pointee.account != nil else { return rejects.add(.missing(.accountId, by: .pnlKillSwitch)) }
        let settlement = instrument.settlement
        let total = slot.isNone ? .zero : totals.find(slot.key(settlement))?.pointee ?? .zero
        guard let breach = breach(by: total, slot: slot, settlement) else { return }
        rejects.add(
            Reject(
                .pnlKillSwitchTriggered, .account, by: .pnlKillSwitch,
                .pnlBreached(
                    breach.axis, total: total, bounds: breach.bounds.pointee, asset: settlement,
                    asOptionals: writesBoundsAsOptionals)))
    }

    /// The barrier that `total` breaches; the broker's is looked at first.
    @_transparent
    private mutating func breach(
        by total: Decimal, slot: AccountSlot, _ settlement: Asset
    ) -> (axis: Axis, bounds: UnsafeMutablePointer<PnlBounds>)? {
        if let bounds = brokers.find(UInt64(settlement.id)), bounds.pointee.areBreached(by: total) {
            return (.broker, bounds)
        }
        if !slot.isNone, !accountBounds.isEmpty, let bounds = accountBounds.find(slot.key(settlement)),
            bounds.pointee.areBreached(by: total)
        {
            return (.accountAsset, bounds)
        }
        return nil
    }
}

// MARK: - Reports

extension PnlKillSwitchPolicy {
    /// Makes sure that there is room for one more total. `false` when memory has run out.
    @inline(__always)
    mutating func reserveReport() -> Bool { totals.count < totalRoom || reserveTotal() }

    @inline(never)
    private mutating func reserveTotal() -> Bool {
        guard totals.reserveOne() else { return false }
        totalRoom = totals.count + 1
        return true
    }

    /// Adds the report's P&L less its fee to the total, for which there is room. A breach, and a report that cannot be added, ask
    /// for a block.
    mutating func apply(_ report: UnsafePointer<ExecutionReport>, slot: AccountSlot, blocks: inout Buffer<Reject>) {
        guard let instrument = report.pointee.instrument else { return blocks.add(.unusable(.instrument)) }
        guard report.pointee.account != nil else { return blocks.add(.unusable(.accountId)) }
        guard let impact = report.pointee.financialImpact else { return blocks.add(.unusable(.pnl)) }
        let settlement = instrument.settlement

        guard let increment = impact.pnl.adding(impact.fee.flipped) else {
            return blocks.add(.overflow(.pnlFeeOverflow(pnl: impact.pnl, fee: impact.fee, asset: settlement)))
        }
        guard let total = totals.findOrAdd(slot.key(settlement), initial: .zero) else {
            return blocks.add(.memoryRefused(.account, by: .pnlKillSwitch))
        }
        guard let new = total.pointee.adding(increment) else {
            return blocks.add(
                .overflow(.pnlTotalOverflow(previous: total.pointee, increment: increment, asset: settlement)))
        }
        total.pointee = new
        guard breach(by: new, slot: slot, settlement) != nil else { return }
        blocks.add(
            Reject(.pnlKillSwitchTriggered, .account, by: .pnlKillSwitch, .pnlReported(total: new, asset: settlement)))
    }
}

extension Reject {
    /// The block of an account whose report lacks a field.
    fileprivate static func unusable(_ field: RequiredField) -> Reject {
        Reject(.missingRequiredField, .account, by: .pnlKillSwitch, .missingField(field))
    }

    fileprivate static func overflow(_ text: RejectText) -> Reject {
        Reject(.orderValueCalculationFailed, .account, by: .pnlKillSwitch, text)
    }
}

// MARK: - Configuration

extension PnlKillSwitchPolicy {
    /// Replaces the barriers of the axes in `axes`, all or none. Totals are kept.
    mutating func configure(
        _ axes: AxisSet, _ barriers: UnsafeBufferPointer<PnlBarrier>, in accounts: inout Accounts
    ) throws(PolicyFault) {
        try barrierCounts.checkSteps(axes, adding: barriers, .pnlKillSwitch)
        try replace(axes, by: barriers, in: &accounts)
    }

    /// `false`, and no change, when memory has run out.
    mutating func setTotal(_ total: Decimal, of slot: AccountSlot, in settlement: Asset) -> Bool {
        totals.set(slot.key(settlement), total)
    }

    private mutating func replace(
        _ axes: AxisSet, by barriers: UnsafeBufferPointer<PnlBarrier>, in accounts: inout Accounts
    ) throws(PolicyFault) {
        var brokers = RowTable<PnlBounds>()
        var accountBounds = RowTable<PnlBounds>()
        for barrier in barriers where axes.contains(barrier.axis) {
            let isKept: Bool
            switch barrier.scope {
            case .broker: isKept = brokers.set(UInt64(barrier.settlement.id), barrier.bounds)
            case .account(let id, _):
                let slot = accounts.slotAdding(id)
                isKept = slot.map { accountBounds.set($0.key(barrier.settlement), barrier.bounds) } ?? false
            }
            guard isKept else { throw .limitReached }
        }
        if axes.contains(.broker) { swap(&brokers, &self.brokers) }
        if axes.contains(.accountAsset) { swap(&accountBounds, &self.accountBounds) }
        barrierCounts.replace(axes, by: BarrierCounts(of: barriers))
    }
}

// MARK: - Invariants

extension PnlKillSwitchPolicy {
    func checkInvariants() -> StaticString? {
        brokers.checkInvariants() ?? accountBounds.checkInvariants() ?? totals.checkInvariants()
    }
}
