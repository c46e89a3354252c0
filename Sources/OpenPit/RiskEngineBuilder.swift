import RiskCore

extension RiskEngine {
    /// Collects the policies of an engine, in the order in which they run. One thread at a time.
    public struct Builder: ~Copyable {
        private var core: EngineBuilder

        public init(
            _ mode: SyncMode = .none, clock: Clock = .system, compatibility: Compatibility = .level7,
            limits: EngineLimits = EngineLimits()
        ) {
            core = EngineBuilder(mode, clock: clock, compatibility: compatibility, limits: limits)
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

        /// Adds a control of your own; the engine keeps it.
        public mutating func add(_ policy: some Policy, group: PolicyGroupId = .default) throws(EngineBuildFault) {
            let name = try name(policy.name)
            let custom = CustomPolicy(policy)
            do throws(EngineBuildFault) {
                try core.addPolicy(custom, name: name, group: group)
            } catch {
                custom.destroy?(custom.userData)
                throw error
            }
        }

        /// The name, which the engine keeps; one that is too long is as good as none.
        private func name(_ name: String) throws(EngineBuildFault) -> PolicyName {
            var fault: EngineBuildFault?
            let made = name.withBytes { name -> PolicyName in
                do throws(PolicyNameFault) { return try core.policyName(name) } catch {
                    switch error {
                    case .builderConsumed: fault = .consumed
                    case .refused(.limitReached): fault = .limitReached
                    case .refused(.tooLong), .refused(.blank): break
                    }
                    return .custom(.none)
                }
            }
            if let fault { throw fault }
            return made
        }

        /// The engine. The builder is spent even when it is refused.
        public mutating func build() throws(EngineBuildFault) -> RiskEngine {
            RiskEngine(try core.build())
        }
    }
}
