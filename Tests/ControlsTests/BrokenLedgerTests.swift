import CPlatform
import Decimals
import RiskBase
import TestSupport
import Testing

@testable import Controls

/// Breaks something in the tables of limits on purpose, and sees that it is told, and noticed by the call that comes upon it.
@Suite struct `A broken ledger` {
    /// Three orders of one account, ids a to c, of which the second has ended.
    private func desk() throws -> Desk {
        let desk = try Desk()
        try desk.limit(.grossExposure) {
            $0.upper = decimal("1000000")
            $0.currency = asset("USD")
        }
        try desk.limit(.positionNet) {
            $0.upper = decimal("1000")
            $0.scope.each = [.account, .instrument]
        }
        try desk.limit(.duplicateOrders) { $0.upper = decimal("5") }
        try desk.limit(.clientOrderId)
        try desk.quote("AAPL/USD", mark: "100", bid: "99", ask: "101")
        for (price, id) in [("100", "a"), ("99", "b"), ("98", "c")] {
            #expect(
                desk.send {
                    $0.price = price
                    $0.id = id
                } == [])
        }
        desk.report {
            $0.id = "b"
            $0.event = .cancelled
        }
        #expect(desk.controls.pointee.checkInvariants() == nil)
        #expect(!cplatform_is_contradicted())
        return desk
    }

    private func order(_ desk: Desk, _ id: String) throws -> WorkingOrderPointer {
        let found = withText(id) { desk.controls.pointee.ledger.order(ClientOrderId($0), of: 7, evenEnded: true) }
        return try #require(found)
    }

    /// States that it is told, and that the call contradicts itself.
    private func expect(_ told: String, _ desk: Desk, _ call: () -> Void) {
        #expect(desk.controls.pointee.checkInvariants().words == told)
        call()
        #expect(cplatform_take_contradiction())
        desk.brokenAtEnd = desk.controls.pointee.checkInvariants().words
    }

    private func end(_ desk: Desk, _ id: String) {
        desk.report {
            $0.id = id
            $0.event = .cancelled
        }
    }

    @Test func `knows an order whose neighbour is not there`() throws {
        let desk = try desk()
        try order(desk, "a").pointee.next = 77
        expect("the working orders lead astray", desk) { end(desk, "a") }
    }

    @Test func `knows an order that is nobody's neighbour`() throws {
        let desk = try desk()
        try order(desk, "c").pointee.previous = 0
        expect("an order does not know which came before it", desk) { end(desk, "c") }
    }

    @Test func `knows an id that leads to an order that is not there`() throws {
        let desk = try desk()
        try order(desk, "a").pointee.nextWithHash = 77
        expect("an order is not found by its client order id", desk) { end(desk, "a") }
    }

    @Test func `knows a handle that leads to an order that is not there`() throws {
        let desk = try desk()
        let (key, handle) = (try order(desk, "a").pointee.key, try order(desk, "a").pointee.orderId)
        desk.controls.pointee.ledger.orders.remove(key)
        expect("the working orders lead astray", desk) { _ = desk.controls.pointee.ledger.order(handle: handle) }
    }

    @Test func `knows the end of orders that ended, which is not there`() throws {
        let desk = try desk()
        desk.controls.pointee.ledger.orders.remove(try order(desk, "b").pointee.key)
        expect("the orders that have ended lead astray", desk) { end(desk, "a") }
    }

    @Test func `knows a book that has another sum than its cells`() throws {
        let desk = try desk()
        let shape = try #require(desk.controls.pointee.shapes.contents.first { $0.pointee.hasBooks })
        shape.pointee.forEachNode { node in
            node.forEachBook { $0.pointee.sums[.working] = decimal("1") }
        }
        desk.brokenAtEnd = "a book has another sum than its cells"
    }

    @Test func `knows a window whose times lie outside of its memory`() throws {
        var window = SlidingWindow()
        defer { window.free() }
        let hasRoom = window.reserveOne(atMost: 4)
        #expect(hasRoom)
        window.add(5)
        #expect(window.checkInvariants() == nil && !cplatform_is_contradicted())
        var broken = window
        withUnsafeMutableBytes(of: &broken) { $0.storeBytes(of: 1 << 40, toByteOffset: 16, as: Int.self) }
        #expect(broken.checkInvariants().words == "a window has times outside of its memory")
        broken.add(6)
        _ = broken.time(at: 3)
        #expect(cplatform_take_contradiction())
    }
}
