import COpenPit
import Decimals
import RiskBase
import RiskCore

extension AccountAdjustment {
    init(_ adjustment: openpit_adjustment) throws(Status) {
        guard adjustment.fields & ~UInt32(OPENPIT_ADJUSTMENT_ALL_FIELDS) == 0,
            adjustment.reserved.0 | adjustment.reserved.1 | UInt64(adjustment.reserved_tail) == 0
        else { throw .invalidArgument }
        self.init(
            operation: try Operation(adjustment),
            balance: BoundedChange(
                try AmountChange(adjustment.balance_change, adjustment.balance),
                lower: try adjustment.field(OPENPIT_ADJUSTMENT_HAS_BALANCE_LOWER, adjustment.balance_lower),
                upper: try adjustment.field(OPENPIT_ADJUSTMENT_HAS_BALANCE_UPPER, adjustment.balance_upper)),
            held: BoundedChange(
                try AmountChange(adjustment.held_change, adjustment.held),
                lower: try adjustment.field(OPENPIT_ADJUSTMENT_HAS_HELD_LOWER, adjustment.held_lower),
                upper: try adjustment.field(OPENPIT_ADJUSTMENT_HAS_HELD_UPPER, adjustment.held_upper)),
            incoming: BoundedChange(
                try AmountChange(adjustment.incoming_change, adjustment.incoming),
                lower: try adjustment.field(OPENPIT_ADJUSTMENT_HAS_INCOMING_LOWER, adjustment.incoming_lower),
                upper: try adjustment.field(OPENPIT_ADJUSTMENT_HAS_INCOMING_UPPER, adjustment.incoming_upper)),
            userData: adjustment.user_data)
    }
}

extension AccountAdjustment.Operation {
    /// `nil` for an adjustment about nothing.
    fileprivate init?(_ adjustment: openpit_adjustment) throws(Status) {
        let average = try adjustment.field(
            OPENPIT_ADJUSTMENT_HAS_AVERAGE_ENTRY_PRICE, adjustment.average_entry_price)
        switch Int(adjustment.kind) {
        case Int(OPENPIT_ADJUSTMENT_NONE): return nil
        case Int(OPENPIT_ADJUSTMENT_BALANCE):
            self = .balance(
                AccountAdjustment.Balance(
                    asset: try optionallyNamed(adjustment.asset), averageEntryPrice: average,
                    realizedPnl: try PnlState(adjustment)))
        case Int(OPENPIT_ADJUSTMENT_POSITION):
            self = .position(
                AccountAdjustment.Position(
                    instrument: try pair(adjustment.underlying, adjustment.settlement),
                    collateral: try optionallyNamed(adjustment.collateral), averageEntryPrice: average,
                    mode: try optional(adjustment.mode), leverage: try multiplier(adjustment.leverage)))
        case Int(OPENPIT_ADJUSTMENT_ACCOUNT_PNL):
            guard let state = try PnlState(adjustment) else { throw .invalidArgument }
            self = .accountPnl(state)
        case Int(OPENPIT_ADJUSTMENT_EQUITY): self = .equity(try optionallyNamed(adjustment.asset))
        case Int(OPENPIT_ADJUSTMENT_LEDGER_POSITION):
            self = .ledgerPosition(
                AccountAdjustment.LedgerPosition(
                    instrument: try pair(adjustment.underlying, adjustment.settlement), averageEntryPrice: average,
                    strategy: try optionallyNamed(adjustment.strategy), trader: try optionallyNamed(adjustment.trader),
                    venue: try optionallyNamed(adjustment.venue)))
        default: throw .invalidArgument
        }
    }
}

extension PnlState {
    /// `nil` when the adjustment says nothing about P&L.
    fileprivate init?(_ adjustment: openpit_adjustment) throws(Status) {
        if let reason: HaltReason = try optional(adjustment.halt_reason) {
            self = .halted(reason)
        } else if let pnl = try adjustment.field(OPENPIT_ADJUSTMENT_HAS_PNL, adjustment.pnl) {
            self = .value(pnl)
        } else {
            return nil
        }
    }
}

extension AmountChange {
    fileprivate init?(_ change: openpit_change, _ amount: openpit_decimal) throws(Status) {
        switch Int(change) {
        case Int(OPENPIT_CHANGE_NONE): return nil
        case Int(OPENPIT_CHANGE_DELTA): self = .delta(try Decimal(amount))
        case Int(OPENPIT_CHANGE_ABSOLUTE): self = .absolute(try Decimal(amount))
        default: throw .invalidArgument
        }
    }
}

extension openpit_adjustment {
    fileprivate func field(_ bit: some BinaryInteger, _ decimal: openpit_decimal) throws(Status) -> Decimal? {
        fields & UInt32(bit) != 0 ? try Decimal(decimal) : nil
    }

    /// The adjustment as a custom policy sees it.
    init(_ adjustment: AccountAdjustment) {
        self.init()
        struct_size = UInt32(MemoryLayout<openpit_adjustment>.size)
        switch adjustment.operation {
        case nil: break
        case .balance(let balance):
            kind = openpit_adjustment_kind(OPENPIT_ADJUSTMENT_BALANCE)
            asset = balance.asset.id
            Self.write(
                balance.averageEntryPrice, OPENPIT_ADJUSTMENT_HAS_AVERAGE_ENTRY_PRICE, &average_entry_price, &fields)
            if let pnl = balance.realizedPnl { set(pnl) }
        case .position(let position):
            kind = openpit_adjustment_kind(OPENPIT_ADJUSTMENT_POSITION)
            underlying = position.instrument?.underlying.id ?? 0
            settlement = position.instrument?.settlement.id ?? 0
            collateral = position.collateral.id
            mode = position.mode?.rawValue ?? 0
            leverage = position.leverage?.tenths ?? 0
            Self.write(
                position.averageEntryPrice, OPENPIT_ADJUSTMENT_HAS_AVERAGE_ENTRY_PRICE, &average_entry_price, &fields)
        case .accountPnl(let state):
            kind = openpit_adjustment_kind(OPENPIT_ADJUSTMENT_ACCOUNT_PNL)
            set(state)
        case .equity(let asset):
            kind = openpit_adjustment_kind(OPENPIT_ADJUSTMENT_EQUITY)
            self.asset = asset.id
        case .ledgerPosition(let position):
            kind = openpit_adjustment_kind(OPENPIT_ADJUSTMENT_LEDGER_POSITION)
            underlying = position.instrument?.underlying.id ?? 0
            settlement = position.instrument?.settlement.id ?? 0
            strategy = position.strategy.id
            trader = position.trader.id
            venue = position.venue.id
            Self.write(
                position.averageEntryPrice, OPENPIT_ADJUSTMENT_HAS_AVERAGE_ENTRY_PRICE, &average_entry_price, &fields)
        }
        Self.write(adjustment.balance.change, &balance_change, &balance)
        Self.write(adjustment.balance.lower, OPENPIT_ADJUSTMENT_HAS_BALANCE_LOWER, &balance_lower, &fields)
        Self.write(adjustment.balance.upper, OPENPIT_ADJUSTMENT_HAS_BALANCE_UPPER, &balance_upper, &fields)
        Self.write(adjustment.held.change, &held_change, &held)
        Self.write(adjustment.held.lower, OPENPIT_ADJUSTMENT_HAS_HELD_LOWER, &held_lower, &fields)
        Self.write(adjustment.held.upper, OPENPIT_ADJUSTMENT_HAS_HELD_UPPER, &held_upper, &fields)
        Self.write(adjustment.incoming.change, &incoming_change, &incoming)
        Self.write(adjustment.incoming.lower, OPENPIT_ADJUSTMENT_HAS_INCOMING_LOWER, &incoming_lower, &fields)
        Self.write(adjustment.incoming.upper, OPENPIT_ADJUSTMENT_HAS_INCOMING_UPPER, &incoming_upper, &fields)
        user_data = adjustment.userData
    }

    private static func write(
        _ value: Decimal?, _ bit: some BinaryInteger, _ field: inout openpit_decimal, _ fields: inout UInt32
    ) {
        guard let value else { return }
        fields |= UInt32(bit)
        field = openpit_decimal(value)
    }

    private mutating func set(_ state: PnlState) {
        switch state {
        case .value(let value): Self.write(value, OPENPIT_ADJUSTMENT_HAS_PNL, &pnl, &fields)
        case .halted(let reason): halt_reason = reason.rawValue
        }
    }

    private static func write(_ change: AmountChange?, _ kind: inout openpit_change, _ amount: inout openpit_decimal) {
        switch change {
        case nil: break
        case .delta(let value):
            kind = openpit_change(OPENPIT_CHANGE_DELTA)
            amount = openpit_decimal(value)
        case .absolute(let value):
            kind = openpit_change(OPENPIT_CHANGE_ABSOLUTE)
            amount = openpit_decimal(value)
        }
    }
}
