import Decimals
import Market
import RiskBase
import TestSupport

@testable import RiskCore

/// Throws the next step of a history.
struct FundsDice {
    private var random: SplitMix64
    /// Position limits need sums that keep every digit, so histories with limits do without quotients that do not end.
    private let hasPositionLimits: Bool

    /// Whether orders and adjustments are now and then of numbers near the end of what a decimal holds.
    private let isExtreme: Bool

    static let accounts = [1, 2, 3].map { AccountId($0) }
    static let assets = ["USD", "EUR", "AAPL", "MSFT", "BNB", "GAS"].map { asset($0) }

    init(seed: UInt64, isExtreme: Bool = false) {
        random = SplitMix64(seed: seed)
        self.isExtreme = isExtreme
        hasPositionLimits = seed % 4 == 0 && !isExtreme
    }

    /// What a history begins with: accounts that have a currency, money and shares, and a market with quotes.
    mutating func opening() -> [FundsStep] {
        Self.accounts.flatMap { account in
            [.accountCurrency(account, asset("USD")), .adjust(account, endowment())]
        }
            + FundsMarket.known.compactMap(FundsMarket.id).map { id in
                .push(Quote(mark: decimal("1.25")), id, .replace, accounts: [], groups: [.default])
            }
    }

    /// A step for a history with so many open orders.
    mutating func step(open: Int) -> FundsStep {
        switch random.next(below: 40) {
        case 0..<12: order()
        case 12..<16 where open > 0: random.once(in: 2) ? .commit(anyOf(open)) : .rollback(anyOf(open))
        case 16..<26: .report(report())
        case 26..<29: .adjust(account(), (0...random.next(below: 3)).map { _ in adjustment() })
        case 29..<31: .adjust(account(), endowment())
        case 31..<34: quote()
        case 34: .wait(nanoseconds: random.next(below: 60))
        case 35: .configure(settings())
        case 36: random.once(in: 2) ? barriers() : .assertPnl(account(), state())
        case 37: random.once(in: 2) ? .move(account(), group()) : currency()
        default: .unblock(account())
        }
    }

    private mutating func anyOf(_ count: Int) -> Int { Int(random.next(below: UInt64(count))) }
    private mutating func account() -> AccountId { random.element(of: Self.accounts) }
    private mutating func anyAsset() -> Asset { random.element(of: Self.assets) }
    private mutating func group() -> AccountGroupId {
        random.element(of: [.default, AccountGroupId(7), AccountGroupId(8)])
    }
    private mutating func number(_ texts: String) -> Decimal {
        decimal(random.element(of: texts.split(separator: " ").map(String.init)))
    }
    /// One of these, or in an extreme history perhaps the largest, the half of it, or the smallest there is.
    private mutating func numberOrExtreme(_ texts: String) -> Decimal {
        guard isExtreme, random.once(in: 8) else { return number(texts) }
        return number(
            "79228162514264337593543950335 39614081257132168796771975168 0.0000000000000000000000000001 7.9228162514264337593543950335"
        )
    }

    private mutating func perhaps<Value>(_ value: Value) -> Value? { random.once(in: 2) ? value : nil }

    // MARK: Orders and reports

    private static let quantities = "0 1 1 2 3 5 10 0.5 1.25 7.333 12.0"
    private var prices: String {
        hasPositionLimits ? "10 8 12.5 10 9.5 10 20" : "10 10 9.5 11 12.25 3 100 0.07 10.00 0 -2"
    }

    private mutating func quantity() -> Decimal { number(Self.quantities) }
    private mutating func price() -> Decimal { number(prices) }

    private mutating func side() -> Side { random.once(in: 2) ? .buy : .sell }

    mutating func instrument() -> Instrument {
        random.element(of: [0, 0, 0, 1, 1, 2, 6].map { FundsMarket.instruments[$0] })
    }

    private mutating func order() -> FundsStep {
        let amount: TradeAmount =
            random.once(in: 4) && !hasPositionLimits
            ? .volume(numberOrExtreme("10 33.3 0 100 21")) : .quantity(numberOrExtreme(Self.quantities))
        let price = random.once(in: 4) ? nil : numberOrExtreme(prices)
        let order = Order(account: account(), instrument: instrument(), side: side(), amount: amount, price: price)
        return .order(order, random.element(of: [.order, .order, .order, .order, .dryRun, .dropCopy]))
    }

    private mutating func report() -> FundsReport {
        var report = FundsReport(account: account(), instrument: instrument(), side: side())
        let lock = LockEntry(price: price(), policyGroup: .default)
        let other = LockEntry(price: price(), policyGroup: PolicyGroupId(9))
        report.lock = random.element(of: [[lock], [lock], [lock], [lock], [lock, other], [other, lock]])
        if random.once(in: 40) { report.lock = random.element(of: [[], [other], [lock, lock]]) }
        if !random.once(in: 4) { report.trade = .init(price: price(), quantity: quantity()) }
        if random.once(in: 3) {
            report.fee = .init(
                amount: number("1 0.5 0.07 2 0 -0.25"),
                asset: random.element(of: [
                    report.instrument.settlement, report.instrument.underlying, asset("BNB"), asset("EUR"),
                    asset("GAS"),
                ]))
        }
        report.leaves = quantity()
        report.isFinal = random.once(in: 2)
        return report
    }

    // MARK: Adjustments

    private mutating func state() -> PnlState {
        if random.once(in: 6) { return .halted(random.element(of: [.missingFx, .missingCostBasis])) }
        return .value(number("0 0 5 -5 12.5 -40"))
    }

    private mutating func change() -> BoundedChange {
        let amount = numberOrExtreme("0 1 10 -3 7.5 100 -0.25")
        var change = BoundedChange(random.once(in: 2) ? .absolute(amount) : .delta(amount))
        if random.once(in: 10) { change.lower = number("0 -10 5") }
        if random.once(in: 10) { change.upper = number("100 10 5") }
        return change
    }

    private mutating func adjustment() -> AccountAdjustment {
        if random.once(in: 8) { return AccountAdjustment(operation: .accountPnl(state())) }
        if random.once(in: 40) { return AccountAdjustment() }
        var operation = AccountAdjustment.Balance(asset: anyAsset())
        if random.once(in: 4) { operation.averageEntryPrice = price() }
        if random.once(in: 4) { operation.realizedPnl = state() }
        var item = AccountAdjustment(operation: .balance(operation))
        if random.once(in: 2) { item.balance = change() }
        if random.once(in: 4) { item.held = change() }
        if random.once(in: 4) { item.incoming = change() }
        return item
    }

    /// Money, shares (mostly with a basis), and a P&L to go on with: orders pass again and positions earn.
    private mutating func endowment() -> [AccountAdjustment] {
        let shares = AccountAdjustment.Balance(
            asset: random.element(of: [asset("AAPL"), asset("MSFT")]),
            averageEntryPrice: random.once(in: 4) ? nil : price(),
            realizedPnl: .value(number("0 1.5")))
        return [
            AccountAdjustment(
                operation: .balance(.init(asset: asset("USD"))), balance: BoundedChange(.delta(decimal("500")))),
            AccountAdjustment(operation: .balance(shares), balance: BoundedChange(.absolute(decimal("20")))),
            AccountAdjustment(operation: .accountPnl(.value(.zero))),
        ]
    }

    // MARK: Market

    private mutating func quote() -> FundsStep {
        let id = InstrumentId(random.next(below: UInt64(FundsMarket.known.count)))
        if random.once(in: 8) { return .clear(id) }
        let prices = "10 9.5 11 1.1 0.8 3 0 -1"
        let quote = Quote(
            mark: random.once(in: 8) ? nil : number(prices), bid: perhaps(number(prices)), ask: perhaps(number(prices)))
        let update: QuoteUpdate = random.once(in: 4) ? .patch : .replace
        return switch random.next(below: 6) {
        case 0: .push(quote, id, update, accounts: [account()], groups: [group()])
        case 1: .push(quote, id, update, accounts: [], groups: [group()])
        default: .push(quote, id, update, accounts: [], groups: [.default])
        }
    }

    // MARK: Settings

    private mutating func settings() -> FundsSettings {
        var settings = FundsSettings()
        let id = InstrumentId(random.next(below: 3))
        let mode = random.element(of: [SpotFundsLimitMode.enforce, .trackOnly])
        let slippage = random.element(of: [0, 33, 100, 10_000] as [UInt16])
        switch random.next(below: 9) {
        case 0...1: settings.limitMode = mode
        case 2: settings.slippageBasisPoints = slippage
        case 3: settings.pricingSource = random.element(of: [.mark, .bookTop])
        case 4: settings.modePins = [SpotFundsModePin(.account(account()), perhaps(mode))]
        case 5: settings.modePins = [SpotFundsModePin(.group(group()), perhaps(mode))]
        case 6: settings.overrides = [SpotFundsOverride(.instrument(id), basisPoints: perhaps(slippage))]
        case 7:
            settings.overrides = [
                SpotFundsOverride(.instrumentAccount(id, account()), basisPoints: perhaps(slippage)),
                SpotFundsOverride(.instrumentGroup(id, group()), basisPoints: perhaps(slippage)),
            ]
        default: break
        }
        if hasPositionLimits {
            settings.positionLimits = [
                SpotFundsPositionLimit(account: account(), asset: anyAsset(), limit: perhaps(number("0 5 20 40 1000")))
            ]
        }
        return settings
    }

    private mutating func barriers() -> FundsStep {
        let bounds = PnlBounds(lower: number("-40 -5 -100 -1000"), upper: perhaps(number("5 12.5 100 1000")))
        let scope: SpotFundsScopedBarrier.Scope = random.element(of: [.global, .group(group()), .account(account())])
        let axes: SpotFundsBarrierAxes =
            switch scope {
            case .global: .global
            case .group: .groups
            case .account: .accounts
            }
        return .barriers(axes, random.once(in: 2) ? [] : [SpotFundsScopedBarrier(scope, SpotFundsBarrier(bounds))])
    }

    private mutating func currency() -> FundsStep {
        let currency = random.element(of: [asset("USD"), asset("USD"), asset("USD"), asset("EUR"), .none])
        return random.once(in: 2) ? .groupCurrency(group(), currency) : .accountCurrency(account(), currency)
    }
}
