import CPlatform
import Decimals
import RiskBase

/// A state that holds for a key until something ends it: what a breach has latched, or what somebody has set.
struct Latch: BitwiseCopyable {
    let state: TradingState
    let cause: Speaker
    /// What the limit that caused it says about its end; of one that was set by hand, and of one whose limit is gone, manual.
    var release = LimitRelease.manual
    var releaseAfter: UInt64 = 0
    var role = Asset.none
    /// Of what the limit is about: the next one may end it.
    var period = LimitPeriod.all
    /// Unix nanoseconds.
    let since: Int64
    var next: LatchPointer?
}

typealias LatchPointer = UnsafeMutablePointer<Latch>

extension Latch {
    /// Takes what its limit says about its end. Nobody but a person ends that of a limit that is gone.
    mutating func take(releaseOf limit: Limit?) {
        release = limit?.release ?? .manual
        releaseAfter = limit?.releaseAfter ?? 0
        role = limit?.releaseRole ?? .none
        period = limit?.period ?? .all
    }

    /// Whether it may end with the first look that finds the value inside.
    func mayEndInside(at now: Int64) -> Bool {
        release == .after && now >= since.addingClamped(releaseAfter)
    }
}

extension NodePointer {
    /// The most severe state of the key, and who caused it first, of those that are not `over`.
    func latch(butThose over: (LatchPointer) -> Bool = { _ in false }) -> LatchPointer? {
        var found: LatchPointer?
        var next = pointee.latches
        while let latch = next {
            next = latch.pointee.next
            // New ones come first, so that of equals the last one found is the first that was.
            let isMoreSevere = found.map { $0.pointee.state.rawValue <= latch.pointee.state.rawValue } ?? true
            if isMoreSevere && !over(latch) { found = latch }
        }
        return found
    }

    var state: TradingState { latch()?.pointee.state ?? .active }

    func forEachLatch(_ body: (LatchPointer) -> Void) {
        var next = pointee.latches
        while let latch = next {
            next = latch.pointee.next
            body(latch)
        }
    }

    /// The most severe state that this cause has latched.
    func state(latchedBy cause: Speaker) -> TradingState {
        if hasLatch(.halted, by: cause) { return .halted }
        return hasLatch(.reducing, by: cause) ? .reducing : .active
    }

    /// Whether this cause has latched this state, or a more severe one.
    func hasLatch(_ state: TradingState, by cause: Speaker) -> Bool {
        var next = pointee.latches
        while let latch = next {
            if latch.pointee.cause == cause && latch.pointee.state.rawValue >= state.rawValue { return true }
            next = latch.pointee.next
        }
        return false
    }

    /// `false`, and no change, when memory has run out.
    func add(_ latch: Latch) -> Bool {
        guard let memory = cplatform_allocate(1, MemoryLayout<Latch>.stride) else { return false }
        let place = memory.bindMemory(to: Latch.self, capacity: 1)
        place.initialize(to: latch)
        place.pointee.next = pointee.latches
        pointee.latches = place
        return true
    }

    /// Ends those that `ends` says, and tells each of them.
    func removeLatches(_ ends: (LatchPointer) -> Bool, _ tell: (Latch) -> Void) {
        var before: LatchPointer?
        var next = pointee.latches
        while let latch = next {
            next = latch.pointee.next
            guard ends(latch) else {
                before = latch
                continue
            }
            if let before { before.pointee.next = next } else { pointee.latches = next }
            tell(latch.pointee)
            cplatform_free(latch)
        }
    }
}
