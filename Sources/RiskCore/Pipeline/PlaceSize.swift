/// One of the sizes that places have: 48, 64, 80, and so on to 1024, then 2048, 4096 and 8192 bytes.
struct PlaceSize: BitwiseCopyable {
    private static var stepBits: Int { 4 }
    private static var leastSteps: Int { 3 }
    private static var evenMax: Int { 1024 }
    private static var evenLast: Int { 61 }
    static var bytesMax: Int { 8192 }
    static var count: Int { 65 }

    let number: Int

    init(number: Int) { self.number = number }

    /// The smallest size that has room for so many bytes, no more than `bytesMax`.
    init(holding bytes: Int) {
        if bytes <= Self.evenMax {
            number = max((bytes + 15) >> Self.stepBits, Self.leastSteps) - Self.leastSteps
        } else {
            number = Self.evenLast + (bytes <= 2048 ? 1 : bytes <= 4096 ? 2 : 3)
        }
    }

    var bytes: Int {
        number <= Self.evenLast
            ? (number + Self.leastSteps) << Self.stepBits : Self.evenMax << (number - Self.evenLast)
    }

    /// So many that even a chunk of small ones is memory that the system takes back at once; and fewer of large ones, so that no
    /// chunk is much larger than 256 KiB.
    var placeCount: Int { min(1400, (256 << 10) / bytes) }

    var chunkBytes: Int { KeptChunk.headSize + placeCount * bytes }
}
