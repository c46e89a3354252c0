import RiskBase

extension EngineBuilder {
    /// Adds spot funds. At most one policy of an engine can be that.
    public mutating func addSpotFunds(
        _ options: SpotFundsOptions, group: PolicyGroupId = .default
    ) throws(PolicyAddFault) {
        try add(group, PolicyKind.spotFunds) { (engine) throws(PolicyFault) in
            try engine.requireReadable(options.market)
            let policy = try SpotFundsPolicy(
                options, group: group, engine.state.pointee.compatibility, in: &engine.state.pointee.accounts)
            engine.state.pointee.ledger.keep(options.market, for: .spotFunds, group)
            return policy
        }
    }
}
