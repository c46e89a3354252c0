import COpenPit

/// A struct of openpit.h that begins with its size.
protocol SizedStruct {
    var struct_size: UInt32 { get set }
}

extension openpit_order: SizedStruct {}
extension openpit_report: SizedStruct {}
extension openpit_adjustment: SizedStruct {}
extension openpit_reject: SizedStruct {}
extension openpit_outcome: SizedStruct {}
extension openpit_account_pnl: SizedStruct {}
extension openpit_policy: SizedStruct {}
extension openpit_mutation: SizedStruct {}
extension openpit_engine_options: SizedStruct {}
extension openpit_spot_funds_settings: SizedStruct {}
extension openpit_holding: SizedStruct {}
extension openpit_market_data_options: SizedStruct {}
extension openpit_quote: SizedStruct {}

/// No struct will ever be larger; a size beyond it was never set.
private let sizeMax = 4096

/// The struct of a caller that knows at least as much of it as this library. What the caller knows beyond that must be zero.
@inline(__always)
func readable<Struct: SizedStruct>(_ pointer: UnsafePointer<Struct>?) throws(Status) -> UnsafePointer<Struct> {
    let pointer = try required(pointer)
    if Int(pointer.pointee.struct_size) != MemoryLayout<Struct>.size { try checkForeignSize(pointer) }
    return pointer
}

@inline(never)
private func checkForeignSize<Struct: SizedStruct>(_ pointer: UnsafePointer<Struct>) throws(Status) {
    let size = Int(pointer.pointee.struct_size)
    // A size that is no whole number of alignments belongs to no struct, and would leave the items of an array crooked.
    guard size > MemoryLayout<Struct>.size, size <= sizeMax, size % MemoryLayout<Struct>.alignment == 0 else {
        throw .structSize
    }
    let bytes = UnsafeRawBufferPointer(start: pointer, count: size)
    for byte in bytes[MemoryLayout<Struct>.size...] where byte != 0 { throw .invalidArgument }
}

/// A struct that the library fills for a caller that knows at least as much of it.
@inline(__always)
func writable<Struct: SizedStruct>(
    _ pointer: UnsafeMutablePointer<Struct>?
) throws(Status) -> UnsafeMutablePointer<Struct> {
    let pointer = try required(pointer)
    guard Int(pointer.pointee.struct_size) >= MemoryLayout<Struct>.size else { throw .structSize }
    return pointer
}

extension UnsafeMutablePointer where Pointee: SizedStruct {
    /// Writes everything but the size, which is the caller's.
    func fill(with value: Pointee) {
        let size = pointee.struct_size
        pointee = value
        pointee.struct_size = size
    }
}
