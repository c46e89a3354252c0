import RiskBase

/// Which release of the reference interface an engine answers as, where releases differ. Numbers as in openpit.h.
public enum Compatibility: UInt32, Sendable, BitwiseCopyable {
    case level7 = 0
    case level10 = 10

    var isLater: Bool { self == .level10 }
}
