import CPlatform

extension UnsafeMutablePointer where Pointee: ~Copyable {
    /// Zeroed room for `count` values that last as long as the process.
    package static func permanent(count: Int = 1) -> Self {
        let length = count * MemoryLayout<Pointee>.stride
        return cplatform_allocate_permanent(length).bindMemory(to: Pointee.self, capacity: count)
    }
}
