import COpenPit
import OpenPitABI
import Testing

struct VersionTests {
    @Test func `the loaded library and the header agree on the version`() {
        let header = "\(OPENPIT_VERSION_MAJOR).\(OPENPIT_VERSION_MINOR).\(OPENPIT_VERSION_PATCH)"
        #expect(String(cString: openpit_version_string()) == header)
    }

    @Test func `the loaded library and the header agree on the ABI generation`() {
        #expect(openpit_abi_version() == UInt32(OPENPIT_ABI_VERSION))
    }
}
