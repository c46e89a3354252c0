import RiskBase

@testable import RiskCore

extension Engine {
    /// Has all requests and reservations leave the frames of their calls, as if many had begun to wait since.
    func packWaiting() { attend { state.pointee.frames.packWaiting() } }
}
