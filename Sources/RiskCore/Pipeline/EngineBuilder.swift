import Decimals
import Market
import RiskBase

/// Collects the policies of an engine. One thread at a time.
public struct EngineBuilder: ~Copyable {
    /// The engine in the making; `nil` once it was made or refused.
    private var engine: Engine?

    public init(_ mode: SyncMode = .none, clock: Clock = .system, compatibility: Compatibility = .level7) {
        engine = Engine(mode, clock, compatibility)
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
        guard let engine else { throw .consumed }
        return engine
    }

    private mutating func append(_ name: PolicyName, _ group: PolicyGroupId, _ kind: PolicyList.Kind, to engine: Engine)
    {
        engine.state.pointee.policies.append(PolicyList.Entry(name: name, group: group, kind: kind))
    }
}

/// Why a policy was not added.
public enum PolicyAddFault: Error, BitwiseCopyable {
    case builderConsumed
    case refused(PolicyFault)
}

extension EngineBuilder {
    public mutating func addOrderValidation(group: PolicyGroupId = .default) throws(EngineBuildFault) {
        append(.orderValidation, group, .orderValidation, to: try unspent())
    }

    public mutating func addRateLimit(
        _ barriers: UnsafeBufferPointer<RateLimitBarrier>, group: PolicyGroupId = .default
    ) throws(PolicyAddFault) {
        let engine = try unspentForPolicy()
        let policy: RateLimitPolicy
        do throws(PolicyFault) {
            policy = try RateLimitPolicy(
                barriers, epoch: engine.state.pointee.clock.now(), engine.state.pointee.compatibility,
                in: &engine.state.pointee.accounts)
        } catch {
            throw .refused(error)
        }
        append(.rateLimit, group, .rateLimit(PolicyList.Kind.box(policy)), to: engine)
        engine.state.pointee.needsTime = true
    }

    public mutating func addOrderSizeLimit(
        _ barriers: UnsafeBufferPointer<OrderSizeBarrier>, group: PolicyGroupId = .default
    ) throws(PolicyAddFault) {
        let engine = try unspentForPolicy()
        let policy: OrderSizeLimitPolicy
        do throws(PolicyFault) {
            policy = try OrderSizeLimitPolicy(
                barriers, engine.state.pointee.compatibility, in: &engine.state.pointee.accounts)
        } catch {
            throw .refused(error)
        }
        append(.orderSizeLimit, group, .orderSizeLimit(PolicyList.Kind.box(policy)), to: engine)
    }

    public mutating func addPnlKillSwitch(
        _ barriers: UnsafeBufferPointer<PnlBarrier>, group: PolicyGroupId = .default
    ) throws(PolicyAddFault) {
        let engine = try unspentForPolicy()
        let policy: PnlKillSwitchPolicy
        do throws(PolicyFault) {
            policy = try PnlKillSwitchPolicy(
                barriers, engine.state.pointee.compatibility, in: &engine.state.pointee.accounts)
        } catch {
            throw .refused(error)
        }
        append(.pnlKillSwitch, group, .pnlKillSwitch(PolicyList.Kind.box(policy)), to: engine)
    }

    /// Adds spot funds. At most one policy of an engine can be that.
    public mutating func addSpotFunds(
        _ options: SpotFundsOptions, group: PolicyGroupId = .default
    ) throws(PolicyAddFault) {
        let engine = try unspentForPolicy()
        if let market = options.market, !market.isMultiThreaded, engine.state.pointee.lock.isInUse {
            throw .refused(.singleThreadedMarket)
        }
        let policy: SpotFundsPolicy
        do throws(PolicyFault) {
            policy = try SpotFundsPolicy(
                options, group: group, engine.state.pointee.compatibility, in: &engine.state.pointee.accounts)
        } catch {
            throw .refused(error)
        }
        append(.spotFunds, group, .spotFunds(PolicyList.Kind.box(policy)), to: engine)
    }

    /// Adds a policy from outside; on success its user data is the engine's until `destroy` is called.
    public mutating func addPolicy(
        _ policy: CustomPolicy, name: PolicyName, group: PolicyGroupId = .default
    ) throws(EngineBuildFault) {
        let engine = try unspent()
        append(name, group, .custom(PolicyList.Kind.box(policy)), to: engine)
        engine.state.pointee.runsForeignCode = true
    }

    private func unspentForPolicy() throws(PolicyAddFault) -> Engine {
        guard let engine else { throw .builderConsumed }
        return engine
    }
}
