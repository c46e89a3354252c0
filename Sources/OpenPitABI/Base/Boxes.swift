import Book
import CPlatform
import Controls
import Market
import RiskBase
import RiskCore
import Routing
import Service
import Trading

/// What lies in memory of its own behind a handle. What the core has handles for, such as engines, does not.
protocol Boxed: ~Copyable {
    static var kind: HandleMark.Kind { get }
}

extension EngineBuilder: Boxed {
    static var kind: HandleMark.Kind { .builder }
}

extension Findings: Boxed {
    static var kind: HandleMark.Kind { .result }
}

extension ReferenceBook: Boxed {
    static var kind: HandleMark.Kind { .referenceBook }
}

extension Venue: Boxed {
    static var kind: HandleMark.Kind { .venue }
}

extension Matcher: Boxed {
    static var kind: HandleMark.Kind { .matcher }
}

extension Simulation: Boxed {
    static var kind: HandleMark.Kind { .simulation }
}

extension Portfolio: Boxed {
    static var kind: HandleMark.Kind { .portfolio }
}

extension PortfolioLimits: Boxed {
    static var kind: HandleMark.Kind { .portfolioLimits }
}

extension Desk: Boxed {
    static var kind: HandleMark.Kind { .desk }
}

extension Gates: Boxed {
    static var kind: HandleMark.Kind { .gates }
}

extension PaperBroker: Boxed {
    static var kind: HandleMark.Kind { .paperBroker }
}

extension Wallet: Boxed {
    static var kind: HandleMark.Kind { .wallet }
}

extension OrderManager: Boxed {
    static var kind: HandleMark.Kind { .orderManager }
}

extension Router: Boxed {
    static var kind: HandleMark.Kind { .router }
}

/// The mark lies this far in front of the content.
private let markDistance = 16

extension UnsafeMutablePointer where Pointee: Boxed & ~Copyable {
    /// The content behind a handle.
    @inline(__always)
    init(behind handle: OpaquePointer?) throws(Status) {
        guard let place = Self.known(try required(handle)) else { throw .destroyed }
        self = place
    }

    /// The content behind a handle that leads to such a thing.
    @inline(__always)
    static func known(_ handle: OpaquePointer?) -> Self? {
        guard let handle else { return nil }
        let place = UnsafeMutableRawPointer(handle).assumingMemoryBound(to: Pointee.self)
        return place.mark.pointee.isSet(to: Pointee.kind) ? place : nil
    }

    /// Puts `content` in memory of its own.
    static func make(_ content: consuming Pointee) throws(Status) -> OpaquePointer {
        let size = markDistance + MemoryLayout<Pointee>.size
        guard let memory = cplatform_allocate_zeroed(1, size, markDistance) else { throw .limitReached }
        let place = (memory + markDistance).bindMemory(to: Pointee.self, capacity: 1)
        place.initialize(to: content)
        place.mark.initialize(to: HandleMark(Pointee.kind))
        return OpaquePointer(place)
    }

    /// Ends the content behind a handle. One that is none, or was ended before, is left alone, and `false` tells so. Zeros are left
    /// behind, so that a count that is read without a look at the mark is none.
    @discardableResult
    static func end(_ handle: OpaquePointer?) -> Bool {
        guard let place = known(handle), place.mark.pointee.clear() else { return false }
        place.deinitialize(count: 1)
        cplatform_clear(place, MemoryLayout<Pointee>.size)
        cplatform_free(place.mark)
        return true
    }

    @inline(__always)
    private var mark: UnsafeMutablePointer<HandleMark> {
        (UnsafeMutableRawPointer(self) - markDistance).assumingMemoryBound(to: HandleMark.self)
    }
}
