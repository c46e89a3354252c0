import COpenPit

private let version: StaticString = "0.1.0"

@c @implementation
public func openpit_version_string() -> UnsafePointer<CChar>? {
    version.cString
}

@c @implementation
public func openpit_abi_version() -> UInt32 {
    UInt32(OPENPIT_ABI_VERSION)
}
