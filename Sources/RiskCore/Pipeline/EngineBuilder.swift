import CPlatform
import Decimals
import Market
import RiskBase

/// Collects the policies of an engine. One thread at a time.
public struct EngineBuilder: ~Copyable {
    /// The engine in the making; `nil` once it was made or refused.
    private var engine: Engine?
    /// Whether there was no memory for an engine: the builder makes none then.
    public let isRefused: Bool

    public init(
        _ mode: SyncMode = .none, clock: Clock = .system, compatibility: Compatibility = .level7,
        limits: EngineLimits = EngineLimits()
    ) {
        engine = Engine(mode, clock, compatibility, limits)
        isRefused = engine == nil
    }

    deinit { engine?.release() }

    /// The engine. The builder is spent even when it is refused.
    public mutating func build() throws(EngineBuildFault) -> Engine {
        let engine = try unspent()
        if let conflict = engine.state.pointee.policies.conflict() {
            self.engine = nil
            engine.release()
            throw conflict
        }
        self.engine = nil
        return engine
    }

    private func unspent() throws(EngineBuildFault) -> Engine {
        guard let engine else { throw isRefused ? .limitReached : .consumed }
        return engine
    }

    private mutating func append(_ name: PolicyName, _ group: PolicyGroupId, _ kind: PolicyList.Kind, to engine: Engine)
    {
        engine.state.pointee.policies.append(PolicyList.Entry(name: name, group: group, kind: kind))
    }

    /// Makes a policy in a place of its own and appends it; all or nothing.
    private mutating func append<Policy: ~Copyable>(
        _ name: PolicyName, _ group: PolicyGroupId, to engine: Engine,
        _ kind: (UnsafeMutablePointer<Policy>) -> PolicyList.Kind, _ make: () throws(PolicyFault) -> Policy
    ) throws(PolicyAddFault) {
        guard engine.state.pointee.policies.reserveOne(), let place = PolicyList.Kind.place(of: Policy.self) else {
            throw .limitReached
        }
        do throws(PolicyFault) {
            place.initialize(to: try make())
        } catch {
            cplatform_free(place)
            if case .limitReached = error { throw .limitReached }
            throw .refused(error)
        }
        append(name, group, kind(place), to: engine)
    }
}

/// Why a policy was not given a name.
public enum PolicyNameFault: Error, BitwiseCopyable {
    case builderConsumed
    case refused(NameError)
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
        append(.orderValidation, group, .orderValidation, to: engine)
    }

    public mutating func addRateLimit(
        _ barriers: UnsafeBufferPointer<RateLimitBarrier>, group: PolicyGroupId = .default
    ) throws(PolicyAddFault) {
        let engine = try unspentForPolicy()
        try append(.rateLimit, group, to: engine, PolicyList.Kind.rateLimit) { () throws(PolicyFault) in
            try RateLimitPolicy(
                barriers, epoch: engine.state.pointee.clock.now(), engine.state.pointee.compatibility,
                in: &engine.state.pointee.accounts)
        }
        engine.state.pointee.needsTime = true
    }

    public mutating func addOrderSizeLimit(
        _ barriers: UnsafeBufferPointer<OrderSizeBarrier>, group: PolicyGroupId = .default
    ) throws(PolicyAddFault) {
        let engine = try unspentForPolicy()
        try append(.orderSizeLimit, group, to: engine, PolicyList.Kind.orderSizeLimit) { () throws(PolicyFault) in
            try OrderSizeLimitPolicy(
                barriers, engine.state.pointee.compatibility, in: &engine.state.pointee.accounts)
        }
    }

    public mutating func addPnlKillSwitch(
        _ barriers: UnsafeBufferPointer<PnlBarrier>, group: PolicyGroupId = .default
    ) throws(PolicyAddFault) {
        let engine = try unspentForPolicy()
        try append(.pnlKillSwitch, group, to: engine, PolicyList.Kind.pnlKillSwitch) { () throws(PolicyFault) in
            try PnlKillSwitchPolicy(
                barriers, engine.state.pointee.compatibility, in: &engine.state.pointee.accounts)
        }
    }

    /// Adds spot funds. At most one policy of an engine can be that.
    public mutating func addSpotFunds(
        _ options: SpotFundsOptions, group: PolicyGroupId = .default
    ) throws(PolicyAddFault) {
        let engine = try unspentForPolicy()
        if let market = options.market, !market.isMultiThreaded, engine.state.pointee.lock.isInUse {
            throw .refused(.singleThreadedMarket)
        }
        try append(.spotFunds, group, to: engine, PolicyList.Kind.spotFunds) { () throws(PolicyFault) in
            try SpotFundsPolicy(
                options, group: group, engine.state.pointee.compatibility, in: &engine.state.pointee.accounts)
        }
    }

    /// The name of a policy, of which the engine keeps as many as its limits say.
    public func policyName(_ text: UnsafeBufferPointer<UInt8>) throws(PolicyNameFault) -> PolicyName {
        guard let engine else { throw isRefused ? .refused(.limitReached) : .builderConsumed }
        do throws(NameError) { return try engine.policyName(text) } catch { throw .refused(error) }
    }

    /// Adds a policy from outside; on success its user data is the engine's until `destroy` is called.
    public mutating func addPolicy(
        _ policy: CustomPolicy, name: PolicyName, group: PolicyGroupId = .default
    ) throws(EngineBuildFault) {
        let engine = try unspent()
        guard engine.state.pointee.policies.reserveOne(), let place = PolicyList.Kind.place(of: CustomPolicy.self)
        else {
            throw .limitReached
        }
        place.initialize(to: policy)
        append(name, group, .custom(place), to: engine)
        engine.state.pointee.runsForeignCode = true
    }

    private func unspentForPolicy() throws(PolicyAddFault) -> Engine {
        guard let engine else { throw isRefused ? .limitReached : .builderConsumed }
        return engine
    }
}
