import RiskBase
import TestSupport
import Testing

private typealias Lock = [LockEntry]

private func lock(_ entries: [(UInt16, String)]) -> Lock {
    entries.map { LockEntry(price: decimal($1), policyGroup: PolicyGroupId($0)) }
}

/// Entries as text, so that scales are compared too.
private func spelt(_ lock: Lock) -> [String] {
    lock.map { "\($0.policyGroup.value): \($0.price)" }
}

private func decode(_ format: LockFormat, _ bytes: [UInt8]) throws -> Lock {
    try bytes.withUnsafeBufferPointer { (bytes) throws(LockFailure) in try format.entries(in: bytes) }
}

private func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

private func hexadecimal(_ text: String) -> String {
    text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

private let tiny = "0.000000000000000000000001"

struct LockFormatTests {
    @Test(
        arguments: [
            ([], "[]", "90", "80"),
            ([(0, "185")], #"[["185"]]"#, "9191a3313835", "818163313835"),
            ([(7, "200")], #"[[],[7,"200"]]"#, "92909207a3323030", "8280820763323030"),
            (
                [(0, "185"), (7, "200"), (7, "201")], #"[["185"],[7,"200","201"]]"#, "9291a33138359307a3323030a3323031",
                "82816331383583076332303063323031"
            ),
            (
                [(300, tiny)], "[[],[300,\"\(tiny)\"]]", "929092cd012cba" + hexadecimal(tiny),
                "82808219012c781a" + hexadecimal(tiny)
            ),
            ([(0, "1.500")], #"[["1.500"]]"#, "9191a5" + hexadecimal("1.500"), "818165" + hexadecimal("1.500")),
        ] as [([(UInt16, String)], String, String, String)])
    func `writes and reads the three formats`(
        entries: [(UInt16, String)], json: String, messagePack: String, cbor: String
    ) throws {
        let lock = lock(entries)
        #expect(String(decoding: LockFormat.json.encode(lock), as: UTF8.self) == json)
        #expect(LockFormat.msgpack.encode(lock) == bytes(messagePack))
        #expect(LockFormat.cbor.encode(lock) == bytes(cbor))
        for format in LockFormat.allCases {
            #expect(try spelt(decode(format, format.encode(lock))) == spelt(lock))
        }
    }

    @Test(arguments: [
        (15, "9f", "8f"), (16, "dc0010", "90"), (23, "dc0017", "97"), (24, "dc0018", "9818"), (255, "dc00ff", "98ff"),
        (256, "dc0100", "990100"), (65_535, "dcffff", "99ffff"), (65_536, "dd00010000", "9a00010000"),
    ])
    func `takes the shortest head for each length`(count: Int, messagePack: String, cbor: String) throws {
        let lock = lock(Array(repeating: (0, "1"), count: count))
        let packed = LockFormat.msgpack.encode(lock)
        #expect(packed == bytes("91" + messagePack) + Array(repeating: [0xA1, 0x31], count: count).joined())
        let encoded = LockFormat.cbor.encode(lock)
        #expect(encoded == bytes("81" + cbor) + Array(repeating: [0x61, 0x31], count: count).joined())
        for format in LockFormat.allCases { #expect(try decode(format, format.encode(lock)) == lock) }
    }

    @Test(
        arguments: [
            (1, "01", "01"), (23, "17", "17"), (24, "18", "1818"), (127, "7f", "187f"), (128, "cc80", "1880"),
            (255, "ccff", "18ff"), (256, "cd0100", "190100"), (65_535, "cdffff", "19ffff"),
        ] as [(UInt16, String, String)])
    func `takes the shortest head for each group`(group: UInt16, messagePack: String, cbor: String) throws {
        let lock = lock([(group, "1")])
        #expect(LockFormat.msgpack.encode(lock) == bytes("929092" + messagePack + "a131"))
        #expect(LockFormat.cbor.encode(lock) == bytes("828082" + cbor + "6131"))
        for format in LockFormat.allCases { #expect(try decode(format, format.encode(lock)) == lock) }
    }
}

// MARK: - Reading what others write

extension LockFormatTests {
    @Test(arguments: [
        (" [ [ \"1\" ,\t2 ] ,\r\n[7,3]]\n", ["0: 1", "0: 2", "7: 3"]), (#"[["1e3","1_000"]]"#, ["0: 1000", "0: 1000"]),
        ("[[1.50,-5,1.5E+2,0,-0,2.5e-7]]", ["0: 1.5", "0: -5", "0: 150", "0: 0", "0: 0", "0: 0.00000025"]),
        (
            #"[[100.00,"100.00"],[7,-0.0,1.1234567890123456789]]"#,
            ["0: 100", "0: 100.00", "7: 0", "7: 1.1234567890123456789"]
        ),
        (#"[["\u0031\u002E5"],[7,"\u002D1"]]"#, ["0: 1.5", "7: -1"]), ("[[],[7]]", []), ("[[]]", []),
        ("[[],[7,1],[8,3],[7,2]]", ["7: 1", "7: 2", "8: 3"]), ("[[18446744073709551616]]", ["0: 18446744073709551616"]),
    ])
    func `reads other spellings in JSON`(text: String, entries: [String]) throws {
        #expect(try spelt(decode(.json, Array(text.utf8))) == entries)
    }

    @Test(arguments: [
        ("9191d90131", ["0: 1"]), ("9191da000131", ["0: 1"]), ("9191db0000000131", ["0: 1"]), ("919105", ["0: 5"]),
        ("9191ff", ["0: -1"]), ("9191cc05", ["0: 5"]), ("9191cd0005", ["0: 5"]), ("9191ce00000005", ["0: 5"]),
        ("9191cfffffffffffffffff", ["0: 18446744073709551615"]), ("9191d080", ["0: -128"]),
        ("9191d18000", ["0: -32768"]),
        ("9191d280000000", ["0: -2147483648"]), ("9191d38000000000000000", ["0: -9223372036854775808"]),
        ("9191ca3fc00000", ["0: 1.5"]), ("9191cb3fb999999999999a", ["0: 0.1"]), ("9191a131ff", ["0: 1"]),
        ("929092cf0000000000000007a131", ["7: 1"]), ("929092d007a131", ["7: 1"]), ("dc000191a131", ["0: 1"]),
        ("dd0000000191a131", ["0: 1"]),
    ])
    func `reads other spellings in MessagePack`(data: String, entries: [String]) throws {
        #expect(try spelt(decode(.msgpack, bytes(data))) == entries)
    }

    @Test(arguments: [
        ("81 81 780131", ["0: 1"]), ("81 81 79000131", ["0: 1"]), ("81 81 7b000000000000000131", ["0: 1"]),
        ("81 81 7f 6131 6132 ff", ["0: 12"]), ("81 81 05", ["0: 5"]), ("81 81 39ffff", ["0: -65536"]),
        ("81 81 1bffffffffffffffff", ["0: 18446744073709551615"]), ("81 81 f93c00", ["0: 1"]),
        ("81 81 f9c400", ["0: -4"]), ("81 81 f90001", ["0: 0.00000005960464477539063"]),
        ("81 81 fa3fc00000", ["0: 1.5"]),
        ("81 81 fb3fb999999999999a", ["0: 0.1"]), ("9f 9f 6131 ff ff", ["0: 1"]), ("9f ff", []), ("81 9f ff", []),
        ("82 80 9f 07 6131 ff", ["7: 1"]), ("98 01 81 6131", ["0: 1"]), ("82 80 82 1b0000000000000007 6131", ["7: 1"]),
        ("81 80 ff", []), ("81 81 6131 00", ["0: 1"]),
    ])
    func `reads other spellings in CBOR`(data: String, entries: [String]) throws {
        #expect(try spelt(decode(.cbor, bytes(data.filter { $0 != " " }))) == entries)
    }
}

// MARK: - Refusing what is no lock

extension LockFormatTests {
    @Test(arguments: [
        ("[[],[]]", "[[],[0,1]]"), ("[[],[]]", "[[],[0]]"),
    ])
    func `a section names its group, and never the default one`(anonymous: String, tagged: String) throws {
        let nameless = try #require(throws: LockFailure.self) { try decode(.json, Array(anonymous.utf8)) }
        #expect("\(nameless.reason)" == "non-default group section must start with a group_id")
        let repeated = try #require(throws: LockFailure.self) { try decode(.json, Array(tagged.utf8)) }
        let reason = "default group must be encoded as the first sublist, not as a tagged section"
        #expect("\(repeated.reason)" == reason)
    }

    @Test(arguments: [
        "", " ", "[", "[[", "[[1", "[[\"1", "[[\"1\"", "[[1]", "]", "{}", "null", "1", "\"\"", "[1]", "[null]", "[{}]",
        "[[true]]", "[[null]]", "[[[]]]", "[[]]x", "[] []", "[]]", "[[1],]", "[[1,]]", "[,[1]]", "[[1 2]]", "[[1][2]]",
        "[[01]]", "[[1.]]", "[[.5]]", "[[+1]]", "[[-]]", "[[1e]]", "[[1e+]]", "[[NaN]]", "[[\"NaN\"]]", "[[\"\"]]",
        "[[\"1\n\"]]", "[[\" 1\"]]", #"[["\n"]]"#, #"[["\u00"]]"#, #"[["\u00g1"]]"#, #"[["\ud800"]]"#, #"[["1\"#,
        "[[1e29]]", "[[79228162514264337593543950336]]", "[[],[7.0,1]]", "[[],[\"7\",1]]", "[[],[65536,1]]",
        "[[],[-1,1]]", "[[],[1e1,1]]", "[[],7]", "\u{FEFF}[]",
    ])
    func `refuses JSON that is no lock`(text: String) {
        #expect(throws: LockFailure.self) { try decode(.json, Array(text.utf8)) }
    }

    @Test(arguments: [
        "", "c0", "80", "8190", "c1", "91", "91c0", "9191", "9191a2", "9191a231", "9191c40131", "9191c0", "9191c3",
        "9191cb7ff8000000000000", "9191cb45f431e0fae6d721", "9191d6ffaabbccdd", "9191a2c328", "9191a0", "929090",
        "929092cb401c000000000000a131", "929092a137a131", "929092ce00010000a131", "929092ffa131", "92909200a131",
        "ddffffffff", "91ddffffffff", "91ddffffffffa131", "9191dbffffffff", "9191dbffffffff31",
    ])
    func `refuses MessagePack that is no lock`(data: String) {
        #expect(throws: LockFailure.self) { try decode(.msgpack, bytes(data)) }
    }

    @Test(arguments: [
        "", "a0", "f6", "00", "81", "8181", "81f6", "818161", "81814131", "81815f4131ff", "8181f5", "8181f6", "8181f7",
        "8181ff", "8181f97e00", "8181f97c00", "8181fb7ff8000000000000", "8181fb45f431e0fae6d721", "8181c06131",
        "8181c24101", "8181f801", "81811c", "81813f", "818160", "818162c328", "81817f6131", "81817f7f6131ffff",
        "81817f4131ff", "828080", "828082206131", "828082006131", "8280821a000100006131",
        "828082fb401c0000000000006131",
        "828081f6", "8280", "9f", "9f9f6131", "9f9f6131ff", "9bffffffffffffffff", "819bffffffffffffffff",
        "819bffffffffffffffff6131", "81817bffffffffffffffff", "81817bffffffffffffffff31",
    ])
    func `refuses CBOR that is no lock`(data: String) {
        #expect(throws: LockFailure.self) { try decode(.cbor, bytes(data)) }
    }

    @Test(arguments: LockFormat.allCases)
    func `a lock cut short is no lock`(format: LockFormat) {
        let whole = format.encode(lock([(0, "185"), (7, "1.500"), (300, tiny)]))
        for length in 0..<whole.count {
            #expect(throws: LockFailure.self) { try decode(format, Array(whole[..<length])) }
        }
    }

    @Test(arguments: LockFormat.allCases)
    func `a lock with one byte altered is no lock, or plainly another one`(format: LockFormat) {
        // Prices that begin with no zero and end with none: no other text spells the same numbers.
        let lock = lock([(0, "185"), (7, "1.5"), (7, "-2"), (200, "31.25")])
        let whole = format.encode(lock)
        for place in whole.indices {
            for change in UInt8(1)...255 {
                var damaged = whole
                damaged[place] ^= change
                guard let other = try? decode(format, damaged) else { continue }
                #expect(other != lock, "byte \(place) became \(damaged[place])")
            }
        }
    }

    @Test(arguments: LockFormat.allCases, LockFormat.allCases)
    func `a lock is read in its own format only`(written: LockFormat, read: LockFormat) {
        let lock = lock([(0, "185"), (7, "200")])
        #expect((try? decode(read, written.encode(lock))) == (written == read ? lock : nil))
    }

    @Test(arguments: LockFormat.allCases)
    func `damaged bytes are refused or read, and what was read survives another journey`(format: LockFormat) throws {
        let seed = UInt64.random(in: 1...UInt64.max)
        var generator = Xorshift(state: seed)
        let whole = format.encode(lock([(0, "185"), (7, "1.500"), (7, "-2"), (300, tiny)]))
        for _ in 0..<20_000 {
            var damaged = whole
            for _ in 0...generator.next() % 3 {
                damaged[Int(generator.next() % UInt64(damaged.count))] = UInt8(truncatingIfNeeded: generator.next())
            }
            guard let lock = try? decode(format, damaged) else { continue }
            #expect(try decode(format, format.encode(lock)) == lock, "seed \(seed)")
        }
    }
}

/// Random numbers that a seed repeats.
private struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
