/// Which policy a lock price or an outcome belongs to. The default group may be shared; any other names one policy.
public struct PolicyGroupId: Hashable, Sendable, BitwiseCopyable {
    public let value: UInt16

    @inlinable public init(_ value: UInt16) {
        self.value = value
    }

    @inlinable public static var `default`: PolicyGroupId { PolicyGroupId(0) }
}
