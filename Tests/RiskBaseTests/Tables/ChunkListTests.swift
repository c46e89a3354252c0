import CPlatform
import Testing

@testable import RiskBase

@Suite struct `The list of chunks` {
    private struct Row: BitwiseCopyable { var number = 0 }

    private static func chunk(_ number: Int) -> UnsafeMutablePointer<Row> {
        UnsafeMutablePointer(bitPattern: (number + 1) * 32768).unsafelyUnwrapped
    }

    @Test func `keeps every chunk while it grows, and moves a few with each`() {
        var list = ChunkList<Row>()
        for number in 0..<20_000 {
            let (before, length) = (list.copied, list.capacity)
            let hasRoom = list.reserveOne()
            #expect(hasRoom)
            // What is left when the longer list takes over is what one chunk takes along.
            if list.capacity != length, length >= 2 * ChunkList<Row>.shortLength {
                #expect(length - before <= ChunkList<Row>.chunksPerStep)
            }
            list.append(Self.chunk(number))
            #expect(list.copied - before <= ChunkList<Row>.chunksPerStep)
        }
        #expect(list.count == 20_000 && list.checkInvariants() == nil)
        for number in 0..<20_000 { #expect(list.contents[number] == Self.chunk(number)) }
    }

    @Test func `tells chunks that are miscounted or were lost on their way`() {
        var list = ChunkList<Row>()
        for number in 0..<100 {
            _ = list.reserveOne()
            list.append(Self.chunk(number))
        }
        #expect(list.checkInvariants() == nil && list.longer == nil)
        for number in 100..<300 {
            _ = list.reserveOne()
            list.append(Self.chunk(number))
        }
        #expect(list.checkInvariants() == nil && list.longer != nil && list.copied > 0)
        list.longer?.pointee = Self.chunk(7)
        #expect(list.checkInvariants().words == "a chunk was lost on its way")
        list.longer?.pointee = Self.chunk(0)
        list.count = list.capacity + 1
        #expect(list.checkInvariants().words == "a list counts more chunks than it has room for")
        list.append(Self.chunk(0))
        #expect(cplatform_take_contradiction())
        list.count = 300
    }
}
