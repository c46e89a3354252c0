/// Any sequence of calls of the C interface.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCalls(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let failures = CallSequence(Array(UnsafeBufferPointer(start: data, count: size))).run()
    precondition(failures.isEmpty, failures.joined(separator: "\n"))
    return 0
}
