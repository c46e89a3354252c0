import COpenPit

@c @implementation
public func openpit_status_name(_ status: openpit_status) -> UnsafePointer<CChar>? {
    (Status(rawValue: status)?.name ?? "UNKNOWN").cString
}

@c @implementation
public func openpit_status_message(_ status: openpit_status) -> UnsafePointer<CChar>? {
    (Status(rawValue: status)?.message ?? "the number is no status").cString
}
