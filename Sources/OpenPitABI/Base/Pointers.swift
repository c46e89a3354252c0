/// The pointer itself, once it is known not to be NULL.
@inline(__always)
func required<Pointer>(_ pointer: Pointer?) throws(Status) -> Pointer {
    guard let pointer else { throw .nullArgument }
    return pointer
}

/// The `count` items behind a pointer, which may be NULL when there are none.
@inline(__always)
func items<Item>(_ pointer: UnsafePointer<Item>?, _ count: Int) throws(Status) -> UnsafeBufferPointer<Item> {
    if count == 0 { return UnsafeBufferPointer(start: nil, count: 0) }
    let pointer = try required(pointer)
    // A size_t arrives as Int; one that turns out negative is larger than any object, and so may the items be together.
    guard count > 0, count <= Int.max / MemoryLayout<Item>.stride else { throw .invalidArgument }
    return UnsafeBufferPointer(start: pointer, count: count)
}
