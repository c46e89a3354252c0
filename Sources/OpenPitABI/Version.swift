import COpenPit

/// The bytes live in the library's read-only data, so the pointer stays valid as long as the library is loaded.
private let version: StaticString = "0.1.0"

@c @implementation
public func openpit_version_string() -> UnsafePointer<CChar>? {
    UnsafeRawPointer(version.utf8Start).assumingMemoryBound(to: CChar.self)
}

@c @implementation
public func openpit_abi_version() -> UInt32 {
    UInt32(OPENPIT_ABI_VERSION)
}
