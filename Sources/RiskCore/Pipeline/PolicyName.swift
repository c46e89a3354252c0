import Controls
import RiskBase

/// Who speaks in a reject: the engine, a built-in policy, or a custom policy by its name.
package enum PolicyName: BitwiseCopyable {
    case engine
    case builtin(BuiltinPolicy)
    /// A text among those that whoever keeps the name has.
    case custom(TextSlice)
    /// A limit, by its name, or a rule beside the limits.
    case limit(Name)
    case rule(Rule)
}

extension PolicyName {
    /// The text of a name that never changes; empty for that of a custom policy.
    package var fixedText: UnsafeBufferPointer<UInt8> {
        switch self {
        case .engine: Self.bytes("Engine")
        case .builtin(let policy): policy.name
        case .rule(let rule): Self.bytes(rule.name)
        case .limit(let name): NameTable.shared.text(of: name) ?? UnsafeBufferPointer(start: nil, count: 0)
        case .custom: UnsafeBufferPointer(start: nil, count: 0)
        }
    }

    static func bytes(_ text: StaticString) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    /// The text of the name; that of a custom policy is one of `texts`, and valid until one is added to them.
    func text(in texts: borrowing TextArena) -> UnsafeBufferPointer<UInt8> {
        if case .custom(let name) = self { texts.text(name) } else { fixedText }
    }
}
