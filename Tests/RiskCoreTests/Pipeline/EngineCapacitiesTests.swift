import RiskBase
import TestSupport
import Testing

@testable import RiskCore

private func engine(_ capacities: EngineCapacities, _ policies: TestPolicy...) throws -> Engine {
    var builder = EngineBuilder(capacities: capacities)
    for policy in policies { try builder.add(policy) }
    return try builder.build()
}

@Suite struct `The capacities of an engine` {
    @Test func `are the defaults where nothing is said, and no more than there can be`() {
        let (none, most) = (EngineCapacities(), EngineCapacities(accountMax: .max, openMax: .max, nameMax: .max))
        #expect(none.accountMax == 16_777_216 && none.openMax == 1_048_576 && none.nameMax == 65_536)
        #expect(most.accountMax == UInt64(UInt32.max) - 1 && most.openMax == 67_107_840)
        #expect(EngineCapacities(accountMax: 1, openMax: 2, nameMax: 3).openMax == 2)
    }

    @Test(arguments: [2, 3, 4], [false, true])
    func `allow so many open orders, and the next one when one is finalised`(wanted: Int, isPacked: Bool) throws {
        let engine = try engine(EngineCapacities(openMax: 3), .validation)
        defer { engine.release() }
        var open: [UInt64] = []
        for number in 0..<wanted {
            // A request is as good as a reservation.
            do throws(EngineError) {
                let handle =
                    number == 1
                    ? try engine.startPreTrade(order(), into: nil) : try engine.executePreTrade(order(), into: nil)
                open.append(handle ?? 0)
            } catch {
                #expect(error == .limitReached && number == 3)
            }
            if isPacked { engine.packWaiting() }
        }
        #expect(open.count == min(wanted, 3) && !open.contains(0) && engine.checkInvariants() == nil)
        // What leaves nothing open goes on.
        _ = try engine.register(1, group: 3)
        try engine.commit(open[0])
        open[0] = try engine.executePreTrade(order(), into: nil).unwrapped
        #expect(engine.checkInvariants() == nil)
        let reservation = try engine.execute(request: open.remove(at: 1), into: nil).unwrapped
        for reservation in open + [reservation] { try engine.rollback(reservation) }
        #expect(engine.checkInvariants() == nil)
    }

    @Test func `reject an order whose place was taken by its own hook`() throws {
        let taken = UnsafeMutablePointer<UInt64>.allocate(capacity: 2)
        taken.initialize(repeating: 0, count: 2)
        defer { taken.deallocate() }
        let outer = Hooks(
            "Outer",
            start: { hook, order in
                guard order.account == AccountId(1) else { return }
                for index in 0..<2 {
                    taken[index] = try hook.engine.executePreTrade(RiskCoreTests.order(of: 2), into: nil).unwrapped
                }
            })
        let engine = try engine(EngineCapacities(openMax: 2), .custom(outer))
        defer { engine.release() }
        let findings = UnsafeMutablePointer<Findings>.allocate(capacity: 1)
        findings.initialize(to: Findings())
        defer {
            findings.deinitialize(count: 1)
            findings.deallocate()
        }
        #expect(try engine.executePreTrade(order(of: 1), into: findings) == nil)
        let said = Answer(findings)
        #expect(said.rejects.map(\.code) == [.systemUnavailable])
        #expect(engine.checkInvariants() == nil)
        for index in 0..<2 { try engine.rollback(taken[index]) }
        let reservation = try engine.executePreTrade(order(of: 2), into: nil).unwrapped
        try engine.commit(reservation)
    }

    @Test(arguments: [2, 3, 4])
    func `allow so many accounts`(wanted: UInt64) throws {
        let engine = try engine(EngineCapacities(accountMax: 3), .validation, .spotFunds())
        defer { engine.release() }
        let findings = UnsafeMutablePointer<Findings>.allocate(capacity: 1)
        findings.initialize(to: Findings())
        defer {
            findings.deinitialize(count: 1)
            findings.deallocate()
        }
        for account in 1..<wanted { try engine.setCurrency(asset("USD"), of: AccountId(account)) }
        let last = AccountId(wanted)
        guard wanted > 3 else { return try engine.setCurrency(asset("USD"), of: last) }
        let currency = asset("USD")
        let fault = failure { () throws(EngineError) in try engine.setCurrency(currency, of: last) }
        #expect(fault == .limitReached)
        let refusal = failure { () throws(GroupFault) in try engine.register(wanted, group: 3) }
        #expect(refusal?.cause == .limitReached)
        #expect(try engine.currency(of: last).isNone)
        // An order that would need a place is judged, and rejected.
        var order = order("1@0", of: wanted)
        #expect(try engine.executePreTrade(&order, into: findings) == nil)
        #expect(Answer(findings).rejects.map(\.code) == [.systemUnavailable])
        #expect(engine.checkInvariants() == nil)
        order = RiskCoreTests.order("1@0", of: 3)
        try engine.commit(engine.executePreTrade(&order, into: nil).unwrapped)
    }

    @Test(arguments: [2, 3, 4])
    func `allow so many names of custom policies`(wanted: Int) throws {
        var builder = EngineBuilder(capacities: EngineCapacities(nameMax: 3))
        // One without a name takes none.
        let nameless = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
        try builder.addPolicy(CustomPolicy(userData: nil), name: nameless)
        for number in 1...wanted {
            let isRefused = withBytes("policy \(number)") { name in
                do throws(EngineBuildFault) {
                    try builder.addPolicy(CustomPolicy(userData: nil), name: name)
                    return false
                } catch {
                    if case .limitReached = error { return true }
                    return false
                }
            }
            #expect(isRefused == (number > 3))
        }
        let engine = try builder.build()
        #expect(engine.state.pointee.policies.entries.count == 1 + min(wanted, 3) && engine.checkInvariants() == nil)
        engine.release()
    }
}
