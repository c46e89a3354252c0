/// Whether a fill opened a position or closed one.
public enum PositionEffect: UInt8, Sendable, BitwiseCopyable {
    case open = 1
    case close = 2
}
