import CPlatform
import RiskBase

/// One reject, or one block of an account. A plain record: its texts are made when somebody reads them.
public struct Reject: BitwiseCopyable {
    public var code: RejectCode
    public var scope: RejectScope
    public var policy: PolicyName
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
    static func missing(_ field: RequiredField, by policy: PolicyName) -> Reject {
        Reject(.missingRequiredField, .order, by: policy, .missingField(field))
    }
}

extension Reject {
    /// The reject, or the block, of something that cannot be recorded.
    static func memoryRefused(_ scope: RejectScope, by policy: PolicyName) -> Reject {
        Reject(.systemUnavailable, scope, by: policy, .memoryRefused)
    }
}

extension Buffer<Reject> {
    /// Takes down a reject or a block. Out of line: a check is small, and fast, without the words it hardly ever says.
    @inline(never)
    mutating func add(_ reject: Reject) {
        if !append(reject) { cplatform_contradict() }
    }
}
