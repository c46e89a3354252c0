/// How a sell is marked that is not marked long.
public enum ShortMark: Sendable, BitwiseCopyable {
    case short
    case shortExempt
}
