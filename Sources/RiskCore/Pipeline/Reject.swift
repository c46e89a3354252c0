import CPlatform
import RiskBase

/// One reject, or one block of an account. A plain record: its texts are made when somebody reads them.
public struct Reject: BitwiseCopyable {
    public var code: RejectCode
    public var scope: RejectScope
    package var policy: PolicyName
    /// 0 unless a custom policy set it.
    public var userData: UInt64 = 0
    var text: RejectText

    init(_ code: RejectCode, _ scope: RejectScope, by policy: PolicyName, _ text: RejectText) {
        self.code = code
        self.scope = scope
        self.policy = policy
        self.text = text
    }

    /// The reject of a check that lacked a field of the order or report.
    static func missing(_ field: RequiredField, by policy: BuiltinPolicy) -> Reject {
        Reject(.missingRequiredField, .order, by: .builtin(policy), .missingField(field))
    }
}

extension Reject {
    /// The reject, or the block, of something that cannot be recorded.
    static func memoryRefused(_ scope: RejectScope, by policy: PolicyName) -> Reject {
        Reject(.systemUnavailable, scope, by: policy, .memoryRefused)
    }
}

extension Reject {
    /// How many bytes of an arena are its texts.
    var textLength: Int {
        var length = 0
        if case .custom(let name) = policy { length += Int(name.length) }
        if case .custom(let reason, let details) = text { length += Int(reason.length) + Int(details.length) }
        return length
    }

    /// The same with copies of its texts in another arena, which has room for them.
    func copied(from texts: borrowing TextArena, to others: inout TextArena) -> Reject {
        var copy = self
        if case .custom(let name) = policy { copy.policy = .custom(others.add(texts.text(name))) }
        if case .custom(let reason, let details) = text {
            let reason = others.add(texts.text(reason))
            copy.text = .custom(reason: reason, details: others.add(texts.text(details)))
        }
        return copy
    }

    /// What can be said without any text.
    var withoutTexts: Reject {
        var bare = self
        bare.text = .causeLost
        if case .custom = policy { bare.policy = .engine }
        return bare
    }
}

extension Buffer<Reject> {
    /// Takes down a reject or a block. Out of line: a check is small, and fast, without the words it hardly ever says.
    @inline(never)
    mutating func add(_ reject: Reject) {
        if !append(reject) { cplatform_contradict() }
    }
}
