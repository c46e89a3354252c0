import COpenPit
import Decimals
import Market
import RiskBase
import RiskCore

@c @implementation
public func openpit_engine_builder_keep_ledger(
    _ builder: OpaquePointer?, _ market: OpaquePointer?, _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    answer(error) { (detail) throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        var service: MarketData?
        if let market { service = try MarketData(market) }
        do throws(PolicyAddFault) { try builder.pointee.keepLedger(service) } catch let fault {
            throw detail.status(of: fault)
        }
    }
}

@c @implementation
public func openpit_engine_read_holding(
    _ engine: OpaquePointer?, _ account: openpit_account_id, _ asset: openpit_asset,
    _ holding: UnsafeMutablePointer<openpit_holding>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let holding = try Output(holding)
        let asset = try named(asset)
        let found = try using { () throws(EngineError) in try engine.holding(of: AccountId(account), asset) }
        holding.fill { $0 = openpit_holding(found) }
    }
}

@c @implementation
public func openpit_engine_read_spot_funds_account_pnl(
    _ engine: OpaquePointer?, _ account: openpit_account_id, _ pnl: UnsafeMutablePointer<openpit_decimal>?,
    _ halt: UnsafeMutablePointer<openpit_halt_reason>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let pnl = try required(pnl)
        let halt = try required(halt)
        switch try using({ () throws(EngineError) in try engine.accountPnl(of: AccountId(account)) }) {
        case .value(let value):
            pnl.pointee = openpit_decimal(value)
            halt.pointee = 0
        case .halted(let reason):
            pnl.pointee = openpit_decimal(.zero)
            halt.pointee = reason.rawValue
        }
    }
}

extension openpit_holding {
    fileprivate init(_ holding: Holding) {
        self.init()
        balance = openpit_decimal(holding.balance)
        held = openpit_decimal(holding.held)
        incoming = openpit_decimal(holding.incoming)
        if let average = holding.average {
            fields |= UInt16(OPENPIT_HOLDING_HAS_AVERAGE_ENTRY_PRICE)
            average_entry_price = openpit_decimal(average)
        }
        switch holding.pnl {
        case .absent: break
        case .value(let value):
            fields |= UInt16(OPENPIT_HOLDING_HAS_REALIZED_PNL)
            realized_pnl = openpit_decimal(value)
        case .halted(let reason):
            fields |= UInt16(OPENPIT_HOLDING_HAS_REALIZED_PNL)
            halt_reason = reason.rawValue
        }
    }
}
