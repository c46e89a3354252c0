import CPlatform

/// The bytes of names, one after the other in chunks. They stay where they are, and go with all others.
struct NameTexts: ~Copyable {
    /// What lies before the bytes of a chunk: the way to the others.
    private struct Head: BitwiseCopyable {
        var next: UnsafeMutablePointer<Head>?
    }

    private static var chunkLength: Int { 32768 - MemoryLayout<Head>.stride }

    /// The chunk that has room.
    private var newest: UnsafeMutablePointer<Head>?
    private var used = Self.chunkLength

    init() {}

    deinit {
        var next = newest
        while let chunk = next {
            next = chunk.pointee.next
            cplatform_free(chunk)
        }
    }

    /// A copy of `name`; `nil`, and no change, when memory has run out.
    mutating func keep(_ name: UnsafeBufferPointer<UInt8>) -> UnsafePointer<UInt8>? {
        guard let place = place(for: name.count) else { return nil }
        _ = UnsafeMutableBufferPointer(start: place, count: name.count).initialize(fromContentsOf: name)
        return UnsafePointer(place)
    }

    private mutating func place(for length: Int) -> UnsafeMutablePointer<UInt8>? {
        if length > Self.chunkLength / 4, let newest { return Self.add(length, behind: &newest.pointee.next) }
        if length > Self.chunkLength - used {
            let whole = max(length, Self.chunkLength)
            guard let bytes = Self.add(whole, behind: &newest) else { return nil }
            used = length
            return bytes
        }
        used += length
        return newest.map { Self.bytes(of: $0) + (used - length) }
    }

    /// Puts a chunk in front of `next`.
    private static func add(
        _ length: Int, behind next: inout UnsafeMutablePointer<Head>?
    ) -> UnsafeMutablePointer<UInt8>? {
        guard let memory = cplatform_allocate(1, MemoryLayout<Head>.stride + length) else { return nil }
        let chunk = memory.bindMemory(to: Head.self, capacity: 1)
        chunk.initialize(to: Head(next: next))
        next = chunk
        return bytes(of: chunk)
    }

    private static func bytes(of chunk: UnsafeMutablePointer<Head>) -> UnsafeMutablePointer<UInt8> {
        UnsafeMutableRawPointer(chunk + 1).assumingMemoryBound(to: UInt8.self)
    }
}
