import RiskBase

extension Engine {
    /// The name of a policy; one that is new is kept, and counts. Blank ones are names too, and an empty text is none.
    public func policyName(_ text: UnsafeBufferPointer<UInt8>) throws(NameError) -> PolicyName {
        if text.isEmpty { return .custom(.none) }
        if let known = state.pointee.names.find(text) { return .custom(known) }
        return try attend { () throws(NameError) in
            guard state.pointee.nameCount < state.pointee.nameMax else { throw .limitReached }
            let name = try state.pointee.names.intern(text, allowingBlank: true)
            state.pointee.nameCount += 1
            return .custom(name)
        }
    }
}
