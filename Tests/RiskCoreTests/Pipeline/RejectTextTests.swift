import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

@Suite struct `The words of a reject` {
    @Test(
        arguments: [
            (.instrument, "instrument", "operation.instrument"), (.accountId, "account ID", "operation.account_id"),
            (.side, "side", "operation.side"), (.tradeAmount, "trade amount", "operation.trade_amount"),
            (.price, "price", "operation.price"), (.pnl, "P&L", "financial_impact.pnl"),
            (.fee, "fee", "financial_impact.fee"), (.balanceAsset, "balance asset", "operation.balance_asset"),
        ] as [(RequiredField, String, String)])
    func `name a missing field`(field: RequiredField, label: String, path: String) {
        #expect(
            words(.missingField(field)) == [
                "failed to access required field '\(label)'", "failed to access field '\(path)'",
            ])
    }

    @Test(
        arguments: [
            (.broker, "broker barrier"), (.asset, "asset barrier"), (.account, "account barrier"),
            (.accountAsset, "account+asset barrier"),
        ] as [(Axis, String)])
    func `name the barrier of a rate limit`(axis: Axis, barrier: String) {
        #expect(
            words(.rateLimit(RateLimitText(axis: axis, submitted: 3, limit: .per(seconds: 60, 2)))) == [
                "rate limit exceeded: \(barrier)", "submitted 3 orders in 60s window, max allowed: 2",
            ])
    }

    @Test func `name both assets when caps were matched metric by metric`() {
        let text = OrderSizeText.bothOf(
            instrument("AAPL", "USD"), quantity: decimal("60"), quantityLimit: decimal("5"), notional: decimal("600"),
            notionalLimit: decimal("100"))
        #expect(
            words(.orderSize(text)) == [
                "order size exceeded",
                "requested quantity 60 for asset AAPL, max allowed: 5; requested notional 600 for asset USD, max allowed: 100",
            ])
    }

    @Test func `tell that the engine is gone`() {
        #expect(words(.engineClosed) == ["engine is no longer available", "request handle outlived engine instance"])
        #expect(words(.callbackFailed).first == "policy callback failed")
    }

    private func words(_ text: RejectText) -> [String] {
        var findings = Findings()
        let texts = findings.texts(of: Reject(.other, .order, by: .engine, text))
        return [String(decoding: texts.reason, as: UTF8.self), String(decoding: texts.details, as: UTF8.self)]
    }

    private func instrument(_ underlying: String, _ settlement: String) -> Instrument {
        Instrument(underlying: asset(underlying), settlement: asset(settlement))
    }
}
