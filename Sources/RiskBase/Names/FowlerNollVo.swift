/// FNV-1a, the hash that turns names into ids: the same everywhere and for ever. Multiplication wraps by design.
enum FowlerNollVo {
    static func hash64(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    static func hash32(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
        bytes.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }
}
