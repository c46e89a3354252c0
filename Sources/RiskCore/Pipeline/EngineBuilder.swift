import CPlatform
import Decimals
import Market
import RiskBase

/// Collects the policies of an engine. One thread at a time.
public struct EngineBuilder: ~Copyable {
    /// The engine in the making; `nil` once it was made or refused.
    private(set) var engine: Engine?
    /// Whether there was no memory for an engine: the builder makes none then.
    public let isRefused: Bool
    private var conflicting = DuplicateName()

    public init(
        _ mode: SyncMode = .none, clock: Clock = .system, compatibility: Compatibility = .level7,
        capacities: EngineCapacities = EngineCapacities()
    ) {
        engine = Engine(mode, clock, compatibility, capacities)
        isRefused = engine == nil
    }

    deinit { engine?.release() }

    /// The engine. The builder is spent even when it is refused.
    public mutating func build() throws(EngineBuildFault) -> Engine {
        let engine = try unspent()
        if let conflict = engine.state.pointee.policies.conflict(&conflicting) {
            self.engine = nil
            engine.release()
            throw conflict
        }
        self.engine = nil
        return engine
    }

    /// Gives its engine back: what it was told has gone to another one.
    package mutating func spend() {
        engine?.release()
        engine = nil
    }

    /// The name that two policies had, when that is why there is no engine; valid as long as the builder.
    public var duplicateName: UnsafeBufferPointer<UInt8> { conflicting.text }

    private func unspent() throws(EngineBuildFault) -> Engine {
        guard let engine else { throw isRefused ? .limitReached : .consumed }
        return engine
    }

    private mutating func append(_ name: PolicyName, _ group: PolicyGroupId, _ kind: PolicyKind, to engine: Engine) {
        engine.state.pointee.policies.append(PolicyList.Entry(name: name, group: group, kind: kind))
    }

    /// Makes a policy in a place of its own and appends it; all or nothing.
    mutating func add<Policy: ConfigurablePolicy & ~Copyable>(
        _ group: PolicyGroupId, _ kind: (UnsafeMutablePointer<Policy>) -> PolicyKind,
        _ make: (Engine) throws(PolicyFault) -> Policy
    ) throws(PolicyAddFault) {
        guard let engine else { throw isRefused ? .limitReached : .builderConsumed }
        guard engine.state.pointee.policies.reserveOne(), let place = PolicyKind.place(of: Policy.self) else {
            throw .limitReached
        }
        do throws(PolicyFault) {
            place.initialize(to: try make(engine))
        } catch {
            cplatform_free(place)
            if case .limitReached = error { throw .limitReached }
            throw .refused(error)
        }
        append(.builtin(Policy.builtin), group, kind(place), to: engine)
        if Policy.needsTime { engine.state.pointee.needsTime = true }
    }

    private mutating func add<Policy: BarrierPolicy & ~Copyable>(
        _ barriers: UnsafeBufferPointer<Policy.Barrier>, _ group: PolicyGroupId,
        _ kind: (UnsafeMutablePointer<Policy>) -> PolicyKind
    ) throws(PolicyAddFault) {
        try add(group, kind) { (engine) throws(PolicyFault) in
            try Policy(
                barriers, engine.state.pointee.compatibility, engine.state.pointee.clock,
                in: &engine.state.pointee.accounts)
        }
    }
}

/// Why a policy was not added.
public enum PolicyAddFault: Error, BitwiseCopyable {
    case builderConsumed
    case refused(PolicyFault)
    /// Memory or the accounts have run out.
    case limitReached
}

extension EngineBuilder {
    public mutating func addOrderValidation(group: PolicyGroupId = .default) throws(EngineBuildFault) {
        let engine = try unspent()
        guard engine.state.pointee.policies.reserveOne() else { throw .limitReached }
        append(.builtin(.orderValidation), group, .orderValidation, to: engine)
    }

    public mutating func addRateLimit(
        _ barriers: UnsafeBufferPointer<RateLimitBarrier>, group: PolicyGroupId = .default
    ) throws(PolicyAddFault) {
        try add(barriers, group, PolicyKind.rateLimit)
    }

    public mutating func addOrderSizeLimit(
        _ barriers: UnsafeBufferPointer<OrderSizeBarrier>, group: PolicyGroupId = .default
    ) throws(PolicyAddFault) {
        try add(barriers, group, PolicyKind.orderSizeLimit)
    }

    public mutating func addPnlKillSwitch(
        _ barriers: UnsafeBufferPointer<PnlBarrier>, group: PolicyGroupId = .default
    ) throws(PolicyAddFault) {
        try add(barriers, group, PolicyKind.pnlKillSwitch)
    }

    /// Has the engine keep what accounts have and earned, also where no policy sets funds aside. P&L is converted by `market`, which
    /// takes the place of quotes given before.
    public mutating func keepLedger(_ market: MarketData? = nil) throws(PolicyAddFault) {
        guard let engine else { throw isRefused ? .limitReached : .builderConsumed }
        do throws(PolicyFault) { try engine.requireReadable(market) } catch { throw .refused(error) }
        engine.state.pointee.ledger.keep(market)
    }

    /// Adds a policy from outside, with a copy of its name; on success its user data is the engine's until `destroy` is called.
    public mutating func addPolicy(
        _ policy: CustomPolicy, name: UnsafeBufferPointer<UInt8>, group: PolicyGroupId = .default
    ) throws(EngineBuildFault) {
        let engine = try unspent()
        guard name.isEmpty || engine.state.pointee.policies.nameCount < engine.state.pointee.nameMax,
            engine.state.pointee.policies.reserveOne(nameLength: name.count),
            let place = PolicyKind.place(of: CustomPolicy.self)
        else { throw .limitReached }
        place.initialize(to: policy)
        append(engine.state.pointee.policies.keep(name), group, .custom(place), to: engine)
        engine.state.pointee.runsForeignCode = true
    }
}

extension Engine {
    /// Refuses quotes for one thread where there may be several.
    func requireReadable(_ market: MarketData?) throws(PolicyFault) {
        if let market, !market.isMultiThreaded, state.pointee.lock.isInUse { throw .singleThreadedMarket }
    }
}
