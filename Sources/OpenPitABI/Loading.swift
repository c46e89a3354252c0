import Controls
import Decimals
import Market
import RiskBase
import RiskCore
import Routing
import Trading

/// Uses once what the Swift runtime describes, in memory that it takes, when it is first used: some generic types. Refused
/// memory ends the process there, so it is asked for while the library is loaded and never again. See docs/workarounds.md;
/// Tests/memory proves that nothing is missing.
@_cdecl("cplatform_when_loaded")
func whenLoaded() {
    let instrument = Instrument(underlying: Asset(id: 1), settlement: Asset(id: 2))
    if let book = ReferenceBook() { _ = try? book.register(instrument) }
    if let market = MarketData.make(defaultTtl: .infinite) {
        _ = try? market.push(Quote(mark: .zero, bid: nil, ask: nil), to: instrument)
        useOnce(market)
        market.release()
    }
}

/// An engine that has spot funds.
private func useOnce(_ market: MarketData) {
    var options = SpotFundsOptions()
    options.market = market
    var builder = EngineBuilder()
    try? builder.addSpotFunds(options)
    try? builder.build().release()
    useRouterOnce()
    useLimitsOnce()
}

/// A router of an engine that passes every order, and an order that it takes in and lets end. Nothing has a name yet, so the order is
/// of an instrument without one.
private func useRouterOnce() {
    var builder = EngineBuilder()
    try? builder.addOrderValidation()
    guard let engine = try? builder.build() else { return }
    defer { engine.release() }
    guard var router = try? Router.make(engine, Router.Options()) else { return }
    var order = Order(
        account: AccountId(1), instrument: Instrument(underlying: .none, settlement: .none), side: .buy,
        amount: .quantity(Decimal(1 as UInt64)), price: Decimal(1 as UInt64))
    let (id, other): (StaticString, StaticString) = ("a", "b")
    for number in 0..<2 {
        order.clientOrderId = number == 0 ? id.bytes : other.bytes
        _ = try? router.submit(&order, at: 0, into: nil)
    }
    for event in OrderEvent.allCases { _ = try? router.apply(RouteEvent(event, of: 1), into: nil) }
}

/// An engine that has limits of every kind of metric.
private func useLimitsOnce() {
    var builder = EngineBuilder()
    useOnce(.orderQuantity, &builder)
    useOnce(.messageRate, &builder)
    useOnce(.workingNotional, &builder)
    useOnce(.selfTrade, &builder)
    try? builder.build().release()
}

private func useOnce(_ metric: Metric, _ builder: inout EngineBuilder) {
    var limit = Limit(metric, name: .none)
    limit.window = 1
    try? builder.addLimit(limit)
}
