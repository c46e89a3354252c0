import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

@Suite struct `An engine builder` {
    @Test(
        arguments: [
            ([], "no policies"),
            ([.validation, .validation], "name OrderValidationPolicy"),
            ([.orderValidation(group: 3), .rateLimit([RateLimitBarrier(.broker, 1)], group: 3)], "group 3"),
            (
                [
                    .rateLimit([RateLimitBarrier(.broker, 1)], group: 3),
                    .rateLimit([RateLimitBarrier(.broker, 1)], group: 4),
                ], "name RateLimitPolicy"
            ),
            // Both faults: the name is looked at first.
            (
                [
                    .orderValidation(group: 3), .rateLimit([RateLimitBarrier(.broker, 1)], group: 3),
                    .rateLimit([RateLimitBarrier(.broker, 1)]),
                ], "name RateLimitPolicy"
            ),
            ([.custom(Hooks("x")), .custom(Hooks("y")), .custom(Hooks("y")), .custom(Hooks("x"))], "name y"),
            ([.custom(Hooks("RateLimitPolicy")), .rateLimit([RateLimitBarrier(.broker, 1)])], "name RateLimitPolicy"),
            ([.custom(Hooks("x", group: 7)), .custom(Hooks("y", group: 7))], "group 7"),
            ([.custom(Hooks("")), .custom(Hooks(""))], "name "),
        ] as [([TestPolicy], String)])
    func `refuses policies that cannot run together`(policies: [TestPolicy], fault: String) throws {
        var builder = EngineBuilder()
        for policy in policies { try builder.add(policy) }
        let thrown = failure { () throws(EngineBuildFault) in _ = try builder.build() }
        let name = String(decoding: builder.duplicateName, as: UTF8.self)
        #expect(thrown.map { described($0, name) } == fault)
    }

    @Test func `lets any number of policies share group 0`() throws {
        _ = try TestEngine(
            .none, .validation, .rateLimit([RateLimitBarrier(.broker, 1)]), .custom(Hooks("x")), .custom(Hooks("")))
    }

    @Test func `is spent by a build, also by one that fails`() throws {
        var builder = EngineBuilder()
        #expect(
            failure { () throws(EngineBuildFault) in _ = try builder.build() }.map { described($0) } == "no policies")
        #expect(failure { () throws(EngineBuildFault) in _ = try builder.build() }.map { described($0) } == "consumed")
        #expect(throws: EngineBuildFault.self) { try builder.add(.validation) }
        #expect(throws: PolicyAddFault.self) { try builder.add(.rateLimit([RateLimitBarrier(.broker, 1)])) }
        #expect(throws: PolicyAddFault.self) { try builder.add(.orderSize([OrderSizeBarrier(.broker, quantity: "1")])) }
        #expect(throws: PolicyAddFault.self) { try builder.add(.killSwitch([PnlBarrier(.broker, lower: "1")])) }
    }

    @Test(
        arguments: [
            (.rateLimit([]), "noBarriers(RiskCore.BuiltinPolicy.rateLimit)"),
            (.rateLimit([RateLimitBarrier(.broker, 1, seconds: 0)]), "invalidWindow"),
            (.orderSize([]), "noBarriers(RiskCore.BuiltinPolicy.orderSizeLimit)"),
            (.orderSize([OrderSizeBarrier(.broker)]), "noCaps"),
            (.killSwitch([]), "noBarriers(RiskCore.BuiltinPolicy.pnlKillSwitch)"),
        ] as [(TestPolicy, String)])
    func `refuses a policy without limits, and goes on`(policy: TestPolicy, fault: String) throws {
        var builder = EngineBuilder()
        let thrown = #expect(throws: PolicyAddFault.self) { try builder.add(policy) }
        guard case .refused(let cause) = thrown else { throw NothingThere() }
        #expect("\(cause)" == fault)
        try builder.add(.validation)
        try builder.build().release()
    }

    @Test func `destroys its policies, latest first, when no engine took them`() throws {
        let log = Log()
        for builds in [false, true] {
            var builder = EngineBuilder()
            for name in ["a", "b"] {
                let hooks = Hooks(name, group: 7)
                hooks.onDestroy = { log.add(name) }
                try builder.add(.custom(hooks))
            }
            if builds { #expect(throws: EngineBuildFault.self) { _ = try builder.build() } }
            _ = consume builder
            #expect(log.take() == ["b", "a"])
        }
    }
}

private func described(_ fault: EngineBuildFault, _ duplicateName: String = "") -> String {
    switch fault {
    case .noPolicies: "no policies"
    case .duplicateName: "name \(duplicateName)"
    case .duplicateGroup(let group): "group \(group.value)"
    case .consumed: "consumed"
    case .limitReached: "limit reached"
    }
}
