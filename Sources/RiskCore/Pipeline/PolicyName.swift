import Controls
import RiskBase

/// Who speaks in a reject: the engine, a built-in policy, or a custom policy by its interned name.
public enum PolicyName: Equatable, Sendable, BitwiseCopyable {
    case engine
    case orderValidation
    case rateLimit
    case orderSizeLimit
    case pnlKillSwitch
    case spotFunds
    case custom(Asset)
    /// A limit, by its name, or a rule beside the limits.
    case limit(Asset)
    case rule(Rule)

    /// The text of the name; valid for ever.
    public var text: UnsafeBufferPointer<UInt8> {
        switch self {
        case .engine: Self.bytes("Engine")
        case .orderValidation: Self.bytes("OrderValidationPolicy")
        case .rateLimit: Self.bytes("RateLimitPolicy")
        case .orderSizeLimit: Self.bytes("OrderSizeLimitPolicy")
        case .pnlKillSwitch: Self.bytes("PnlBoundsKillSwitchPolicy")
        case .spotFunds: Self.bytes("SpotFundsPolicy")
        case .rule(let rule): Self.bytes(rule.name)
        case .custom(let name), .limit(let name): NameTable.shared.name(of: name) ?? UnsafeBufferPointer(start: nil, count: 0)
        }
    }

    private static func bytes(_ text: StaticString) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }
}

extension PolicyName {
    /// Whether both read the same, which a custom policy and a built-in one may.
    func isEqual(to other: PolicyName) -> Bool { matches(other.text) }

    func matches(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        text.count == other.count && text.elementsEqual(other)
    }
}
