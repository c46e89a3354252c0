import Market
import RiskCore

extension RiskEngine {
    /// Collects the policies of an engine, in the order in which they run. One thread at a time.
    public struct Builder: ~Copyable {
        var core: EngineBuilder

        public init(
            _ mode: SyncMode = .none, clock: Clock = .system, compatibility: Compatibility = .level7,
            capacities: EngineCapacities = EngineCapacities()
        ) {
            core = EngineBuilder(mode, clock: clock, compatibility: compatibility, capacities: capacities)
        }

        /// An amount is present and not zero.
        public mutating func addOrderValidation(group: PolicyGroupId = .default) throws(EngineBuildFault) {
            try core.addOrderValidation(group: group)
        }

        /// At most so many orders in a window; at least one barrier.
        public mutating func addRateLimit(
            _ barriers: RateLimitBarrier..., group: PolicyGroupId = .default
        ) throws(PolicyAddFault) {
            try barriers.withUnsafeBufferPointer { (barriers) throws(PolicyAddFault) in
                try core.addRateLimit(barriers, group: group)
            }
        }

        /// The largest order; at least one barrier.
        public mutating func addOrderSizeLimit(
            _ barriers: OrderSizeBarrier..., group: PolicyGroupId = .default
        ) throws(PolicyAddFault) {
            try barriers.withUnsafeBufferPointer { (barriers) throws(PolicyAddFault) in
                try core.addOrderSizeLimit(barriers, group: group)
            }
        }

        /// How far the realised P&L of an account may go; at least one barrier.
        public mutating func addPnlKillSwitch(
            _ barriers: PnlBarrier..., group: PolicyGroupId = .default
        ) throws(PolicyAddFault) {
            try barriers.withUnsafeBufferPointer { (barriers) throws(PolicyAddFault) in
                try core.addPnlKillSwitch(barriers, group: group)
            }
        }

        /// Accounts spend what they own.
        public mutating func addSpotFunds(
            _ options: SpotFundsOptions, group: PolicyGroupId = .default
        ) throws(PolicyAddFault) {
            try core.addSpotFunds(options, group: group)
        }

        /// Has the engine keep what accounts have and earned, also without spot funds. P&L is converted by `quotes`, which take the place
        /// of those given before.
        public mutating func keepLedger(quotes: MarketData? = nil) throws(PolicyAddFault) {
            try core.keepLedger(quotes)
        }

        /// Adds a control of your own; the engine keeps it.
        public mutating func add(_ policy: some Policy, group: PolicyGroupId = .default) throws(EngineBuildFault) {
            let custom = CustomPolicy(policy)
            let fault: EngineBuildFault? = policy.name.withBytes { name in
                do throws(EngineBuildFault) { try core.addPolicy(custom, name: name, group: group) } catch {
                    return error
                }
                return nil
            }
            if let fault {
                custom.destroy?(custom.userData)
                throw fault
            }
        }

        /// The name that two policies had, when that is why there is no engine.
        public var duplicateName: String { String(decoding: core.duplicateName, as: UTF8.self) }

        /// The engine. The builder is spent even when it is refused.
        public mutating func build() throws(EngineBuildFault) -> RiskEngine {
            RiskEngine(try core.build())
        }
    }
}
