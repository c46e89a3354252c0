/// The bits that tell which optional fields of a record are set.
@usableFromInline package protocol FieldSet: OptionSet, BitwiseCopyable where RawValue == UInt32, Element == Self {}

extension FieldSet {
    @inlinable package mutating func set(_ field: Self, _ isSet: Bool) {
        if isSet { insert(field) } else { remove(field) }
    }

    /// Says whether the field has a value, and hands the value on.
    @inlinable package mutating func set<Value>(_ field: Self, _ value: Value?) -> Value? {
        set(field, value != nil)
        return value
    }
}
