import CPlatform

/// A word in what a handle leads to. It tells what is there from what was destroyed, and from things of other kinds.
public struct HandleMark: BitwiseCopyable {
    /// What a handle may lead to. The numbers are such that hardly any other memory has them.
    public enum Kind: UInt32, Sendable, BitwiseCopyable {
        case engine = 0x9E37_79B1
        case builder = 0x85EB_CA77
        case result = 0xC2B2_AE3D
        case clock = 0x27D4_EB2F
        case marketData = 0x1656_67B1
        case referenceBook = 0xD3A2_646C
        case venue = 0x4CF5_AD43
        case matcher = 0xE654_6B64
        case simulation = 0x38B3_4AE5
        case portfolio = 0x5BD1_E995
        case portfolioLimits = 0x7FEB_352D
        case desk = 0x846C_A68B
        case paperBroker = 0xA54F_F53A
        case wallet = 0x510E_527F
        case orderManager = 0x9B05_688C
        case router = 0x1F83_D9AB
        case gates = 0xC0AC_29B7
    }

    @usableFromInline
    var word: UInt32

    public init(_ kind: Kind) {
        word = kind.rawValue
    }

    @inlinable
    @inline(__always)
    public func isSet(to kind: Kind) -> Bool { word == kind.rawValue }

    /// Clears the mark; `false` when that had been done before. Of two threads that destroy at once one is told `true`.
    @discardableResult
    public mutating func clear() -> Bool { cplatform_exchange(&word, 0) != 0 }
}
