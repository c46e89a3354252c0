/// The pointer itself, once it is known not to be NULL.
@inline(__always)
func required<Pointer>(_ pointer: Pointer?) throws(Status) -> Pointer {
    guard let pointer else { throw .nullArgument }
    return pointer
}
