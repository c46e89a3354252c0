import Market
import RiskBase

@testable import RiskCore

extension FundsModel {
    mutating func play(_ step: FundsStep) throws -> FundsAnswer {
        switch step {
        case .order(let order, let purpose): return take(order, purpose)
        case .report(let report): return try settle(report)
        case .adjust(let account, let batch): return adjust(account, batch)
        case .assertPnl(let account, let pnl): return assert(pnl, of: account)
        case .commit(let number): open.remove(at: number)
        case .rollback(let number): try rollBack(number)
        case .configure(let settings): configure(settings)
        case .barriers(let axes, let barriers): replaceBarriers(axes, barriers)
        case .push(let quote, let id, let update, let accounts, let groups):
            market.push(quote, to: id, update, accounts: accounts, groups: groups)
        case .clear(let id): market.clear(id)
        case .wait(let nanoseconds): market.wait(nanoseconds)
        case .move(let account, let group): groups[account] = group
        case .accountCurrency(let account, let currency): accountCurrencies[account] = currency
        case .groupCurrency(let group, let currency): groupCurrencies[group] = currency
        case .unblock(let account): blocks[account] = nil
        }
        return FundsAnswer()
    }
}
