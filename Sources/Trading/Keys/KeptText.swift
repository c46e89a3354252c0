import CPlatform

/// A text that somebody keeps: in two words when it is short, else in memory of its own, which its keeper gives back.
package struct KeptText: BitwiseCopyable {
    private var first: UInt64 = 0
    private var second: UInt64 = 0
    private var length: UInt32 = 0

    private static var shortLength: Int { 16 }

    package init() {}

    /// `nil` when memory has run out.
    package init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count <= Int(UInt32.max) else { return nil }
        length = UInt32(truncatingIfNeeded: text.count)
        guard let source = text.baseAddress, !text.isEmpty else { return }
        if text.count <= Self.shortLength {
            withUnsafeMutableBytes(of: &self) { $0.baseAddress?.copyMemory(from: source, byteCount: text.count) }
            return
        }
        guard let memory = cplatform_allocate(text.count, 1) else { return nil }
        memory.copyMemory(from: source, byteCount: text.count)
        first = UInt64(UInt(bitPattern: memory))
    }

    package var isEmpty: Bool { length == 0 }

    /// Gives back what it lies in.
    package func destroy() {
        if Int(length) > Self.shortLength { cplatform_free(UnsafeMutableRawPointer(bitPattern: UInt(first))) }
    }

    package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let count = Int(length)
        if count > Self.shortLength {
            let start = UnsafePointer<UInt8>(bitPattern: UInt(first))
            return body(UnsafeBufferPointer(start: start, count: count))
        }
        return withUnsafeBytes(of: self) { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return body(UnsafeBufferPointer(start: start, count: count))
        }
    }

    package func equals(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard text.count == Int(length) else { return false }
        guard let other = text.baseAddress, !text.isEmpty else { return true }
        return withBytes { bytes in
            bytes.baseAddress.map { memcmp($0, other, text.count) == 0 } ?? false
        }
    }
}

extension UnsafeMutablePointer<KeptText> {
    /// The bytes where they lie, as long as nothing is kept in its place.
    package var bytes: UnsafeBufferPointer<UInt8> {
        pointee.withBytes { bytes in
            // Short ones lie in here.
            let isShort = bytes.count <= 16
            let here = UnsafeRawPointer(self).assumingMemoryBound(to: UInt8.self)
            return UnsafeBufferPointer(start: isShort ? here : bytes.baseAddress, count: bytes.count)
        }
    }
}
