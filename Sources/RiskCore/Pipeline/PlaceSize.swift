/// One of the sizes that places have: 64, 96, 128, and so on to 1024, then 2048, 4096 and 8192 bytes.
struct PlaceSize: BitwiseCopyable {
    /// The number of a place ends with its offset in the chunk, in that many bits.
    static var offsetBits: UInt32 { 10 }
    static var chunkCountMax: Int { Handle.placeCountMax >> Int(offsetBits) }

    private static var stepBits: Int { 5 }
    private static var evenMax: Int { 1024 }
    private static var evenLast: Int { 30 }
    static var bytesMax: Int { 8192 }
    static var count: Int { 34 }

    /// What is enough for an order that is elsewhere.
    static var least: PlaceSize { PlaceSize(holding: KeptOrder.leastSize) }

    private let step: UInt32

    /// The smallest size that has room for so many bytes, no more than `bytesMax`.
    @inline(__always)
    init(holding bytes: Int) {
        let steps = (bytes &+ 31) >> Self.stepBits
        if bytes <= Self.evenMax {
            step = UInt32(truncatingIfNeeded: max(steps, 2) &- 2)
        } else {
            step = bytes <= 2048 ? 31 : bytes <= 4096 ? 32 : 33
        }
    }

    @inline(__always)
    var number: Int { Int(step) }

    var bytes: Int {
        number <= Self.evenLast ? (number + 2) << Self.stepBits : Self.evenMax << (number - Self.evenLast)
    }

    /// As many as can be numbered, so that even a chunk of small ones is memory that the system takes back at once; and fewer of
    /// large ones, so that no chunk is much larger than 512 KiB.
    var placeCount: Int { min(1 << Int(Self.offsetBits), (512 << 10) / bytes) }

    var chunkBytes: Int { KeptChunk.headSize + placeCount * bytes }
}
