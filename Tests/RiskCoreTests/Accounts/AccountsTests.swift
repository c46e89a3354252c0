import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

@Suite struct `Groups of accounts` {
    private func make() throws -> TestEngine { try TestEngine(.none, .validation) }

    @Test func `take all accounts or none`() throws {
        let test = try make()
        let engine = test.engine
        try engine.register(1, 2, group: 3)
        let fault = failure { () throws(GroupFault) in try engine.register(9, 1, group: 4) }
        #expect(fault?.cause == .alreadyGrouped)
        #expect(fault?.account == AccountId(1) && fault?.currentGroup == AccountGroupId(3))
        #expect([1, 2, 9].map { engine.group(of: $0) } == [3, 3, 0])
        let again = failure { () throws(GroupFault) in try engine.register(1, group: 3) }
        #expect("\((again?.message)!)" == "account is already registered in a different group")
    }

    @Test func `let all accounts go or none`() throws {
        let test = try make()
        let engine = test.engine
        try engine.register(1, group: 3)
        try engine.register(2, group: 4)
        let other = failure { () throws(GroupFault) in try engine.unregister(1, 2, group: 3) }
        #expect(other?.cause == .otherGroup && other?.account == AccountId(2))
        #expect("\((other?.message)!)" == "account is not in the requested group; it belongs to a different group")
        let none = failure { () throws(GroupFault) in try engine.unregister(1, 7, group: 3) }
        #expect(none?.cause == .noGroup && none?.account == AccountId(7))
        #expect("\((none?.message)!)" == "account is not in the requested group; it belongs to no group")
        #expect([1, 2, 7].map { engine.group(of: $0) } == [3, 4, 0])
        try engine.unregister(1, group: 3)
        try engine.register(1, group: 4)
        #expect(engine.group(of: 1) == 4)
    }

    @Test func `take an account that is named twice, and no account at all`() throws {
        let test = try make()
        let engine = test.engine
        try engine.register(5, 5, group: 8)
        try engine.register(group: 8)
        #expect(engine.group(of: 5) == 8)
        try engine.unregister(5, 5, group: 8)
        try engine.unregister(group: 8)
        #expect(engine.group(of: 5) == 0)
    }

    @Test func `do not include the default one`() throws {
        let test = try make()
        let engine = test.engine
        let faults = [
            failure { () throws(GroupFault) in try engine.register(group: 0) },
            failure { () throws(GroupFault) in try engine.unregister(1, group: 0) },
        ]
        #expect(faults.map { $0?.cause } == [.reservedGroup, .reservedGroup])
        #expect("\((faults[0]?.message)!)" == "the reserved default account group is not a valid target")
    }
}

@Suite struct `Blocks` {
    private func make() throws -> TestEngine { try TestEngine(.none, .validation) }

    @Test func `keep their first cause until somebody replaces it`() throws {
        let test = try make()
        let engine = test.engine
        engine.block(1, "x")
        engine.block(1, "y")
        #expect(try test.start().rejects.map(\.description) == ["Engine AccountBlocked account | x | x"])
        try engine.replaceBlockReason(of: 1, "ops")
        #expect(try test.start().rejects.map(\.description) == ["Engine AccountBlocked account | ops | ops"])
        engine.unblock(1)
        engine.unblock(1)
        engine.unblock(99)
        #expect(try test.start() == Answer())
        #expect(failure { () throws(BlockFault) in try engine.replaceBlockReason(of: 1, "z") } == .accountNotBlocked)
        #expect(failure { () throws(BlockFault) in try engine.replaceBlockReason(of: 77, "z") } == .accountNotBlocked)
    }

    @Test func `of groups keep theirs`() throws {
        let test = try make()
        let engine = test.engine
        try engine.register(1, group: 5)
        #expect(failure { () throws(BlockFault) in try engine.replaceBlockReason(group: 5, "z") } == .groupNotBlocked)
        try engine.block(group: 5, "x")
        try engine.block(group: 5, "y")
        #expect(test.block()?.reason == "x")
        try engine.replaceBlockReason(group: 5, "ops")
        #expect(test.block()?.reason == "ops")
        try engine.unblock(group: 5)
        try engine.unblock(group: 5)
        try engine.unblock(group: 6)
        #expect(test.block() == nil)
    }

    @Test func `of the default group are refused`() throws {
        let test = try make()
        let engine = test.engine
        let faults = [
            failure { () throws(BlockFault) in try engine.block(group: 0, "x") },
            failure { () throws(BlockFault) in try engine.unblock(group: 0) },
            failure { () throws(BlockFault) in try engine.replaceBlockReason(group: 0, "x") },
        ]
        #expect(faults == [.reservedGroup, .reservedGroup, .reservedGroup])
        #expect("\(BlockFault.reservedGroup.message)" == "the reserved default account group is not a valid target")
        #expect("\(BlockFault.accountNotBlocked.message)" == "account is not blocked")
        #expect("\(BlockFault.groupNotBlocked.message)" == "account group is not blocked")
    }

    @Test func `are met account first, then group, then everybody`() throws {
        let test = try TestEngine(.none, .custom(Hooks("A", report: { hook, _ in try hook.addBlock("a") })))
        let engine = test.engine
        try engine.register(1, group: 5)
        engine.block(1, "own")
        try engine.block(group: 5, "grp")
        _ = try test.report("0", of: nil)
        #expect(test.block()?.reason == "own")
        engine.unblock(1)
        #expect(test.block()?.reason == "grp")
        try engine.unblock(group: 5)
        #expect(test.block()?.reason == "account is blocked due to kill-switch")
        try engine.unblockEverything()
        #expect(test.block() == nil)
    }

    @Test(arguments: [nil, 5] as [UInt32?])
    func `of anybody stop an order of nobody`(group: UInt32?) throws {
        let test = try make()
        if let group { try test.engine.block(group: group, "grp") } else { test.engine.block(5, "own") }
        #expect(
            try test.start(order(of: nil)).rejects.map(\.description) == [
                "Engine MissingRequiredField order | account could not be verified as account ID is missing | unable to check account for blocking"
            ])
        #expect(try test.start() == Answer())
        if let group { try test.engine.unblock(group: group) } else { test.engine.unblock(5) }
        #expect(try test.start(order(of: nil)) == Answer())
    }

    @Test func `are made by the first reject that concerns the account, in another code`() throws {
        func policy(_ name: String, _ rejects: [(String, RejectScope)]) -> TestPolicy {
            .custom(
                Hooks(
                    name,
                    start: { hook, _ in
                        for (reason, scope) in rejects {
                            try hook.reject(reason, "d", scope, code: .riskLimitExceeded, userData: 77)
                        }
                    }))
        }
        let test = try TestEngine(
            .none, policy("A", [("a", .order)]), policy("B", [("b", .order), ("b1", .account), ("b2", .account)]),
            policy("C", [("c1", .account)]))
        #expect(try test.start().reasons == ["a", "b", "b1", "b2", "c1"])
        #expect(try test.start().rejects.map(\.description) == ["B AccountBlocked account token 77 | b1 | d"])
        #expect(try test.start(order(of: 2)).rejects.count == 5)
    }

    @Test func `are everybody's when the order that caused them has no account`() throws {
        let test = try TestEngine(
            .none,
            .custom(
                Hooks("A", start: { hook, order in if order.account == nil { try hook.reject("a", "d", .account) } })))
        _ = try test.start(order(of: nil))
        #expect(try test.start().reasons == ["account is blocked due to kill-switch"])
    }

    @Test func `tell a cause of any policy as it was given`() throws {
        let test = try make()
        withBytes("Desk") { desk in
            withBytes("why") { why in
                withBytes("how") { how in
                    try? test.engine.block(
                        AccountId(1), .washTradePrevention, by: desk, reason: why, details: how, userData: .max)
                }
            }
        }
        #expect(
            test.block()?.description == "Desk WashTradePrevention account token 18446744073709551615 | why | how")
    }
}

@Suite struct `Currencies` {
    @Test func `are the account's, else its group's, else the default group's`() throws {
        let test = try TestEngine(.none, .validation)
        let engine = test.engine
        func currency() -> String { name(of: (try? engine.currency(of: AccountId(1))) ?? .none) }
        #expect(currency() == "")
        try engine.setCurrency(asset("USD"), of: AccountGroupId.default)
        #expect(currency() == "USD")
        try engine.setCurrency(asset("EUR"), of: AccountGroupId(5))
        #expect(currency() == "USD")
        try engine.register(1, group: 5)
        #expect(currency() == "EUR")
        try engine.setCurrency(asset("GBP"), of: AccountId(1))
        #expect(currency() == "GBP")
        try engine.setCurrency(.none, of: AccountId(1))
        #expect(currency() == "EUR")
        try engine.setCurrency(.none, of: AccountGroupId(5))
        #expect(currency() == "USD")
        try engine.setCurrency(.none, of: AccountGroupId.default)
        #expect(currency() == "")
    }
}
