import RiskBase
import TestSupport
import Testing

/// Texts with the account and the group they stand for.
private let hashes: [(String, UInt64, UInt32)] = [
    ("a", 12_638_187_200_555_641_996, 3_826_002_220), ("b", 12_638_190_499_090_526_629, 3_876_335_077),
    ("0", 12_638_135_523_509_116_079, 890_022_063), ("42", 571_532_774_284_038_691, 2_279_835_011),
    ("99224416", 5_354_517_753_543_079_660, 1_063_613_548),
    ("my-account", 10_756_464_830_480_084_277, 3_471_352_213),
    ("trading-account-1", 4_913_979_331_897_519_446, 1_349_597_686),
    ("desk-1", 12_295_673_021_033_698_394, 3_731_453_210), (" a", 559_967_011_469_157_882, 1_891_978_298),
    ("é", 775_207_407_765_167_617, 513_665_217), ("日本", 1_305_338_235_904_577_169, 2_670_128_721),
    (String(repeating: "a", count: 100), 2_919_969_371_350_277_497, 168_538_585),
]

struct AccountIdTests {
    @Test(arguments: hashes)
    func `a text stands for an account and for a group`(text: String, account: UInt64, group: UInt32) {
        #expect(withBytes(text) { AccountId(text: $0) } == AccountId(account))
        #expect(withBytes(text) { AccountGroupId(text: $0) } == AccountGroupId(group))
    }

    @Test func `no text stands for the default group`() {
        #expect(withBytes("3u25abs") { AccountGroupId(text: $0) } == AccountGroupId(1))
        #expect(AccountGroupId.default == AccountGroupId(0))
    }

    @Test(arguments: ["", " ", "\t\r\n", "\u{A0}"])
    func `blank text stands for nothing`(text: String) {
        #expect(withBytes(text) { AccountId(text: $0) } == nil)
        #expect(withBytes(text) { AccountGroupId(text: $0) } == nil)
    }
}
