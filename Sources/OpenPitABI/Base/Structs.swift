import COpenPit

/// A struct of openpit.h that begins with its size, and may grow at its end. The caller may have been compiled against an
/// older header, or a newer one: what one side does not know is zero to the other.
protocol SizedStruct {
    /// Zeros.
    init()
    /// How large the struct was when it was first published. No caller knows less of it; this number never changes.
    static var firstVersionSize: Int { get }
    var struct_size: UInt32 { get set }
}

extension openpit_error: SizedStruct { static var firstVersionSize: Int { 512 } }
extension openpit_order: SizedStruct { static var firstVersionSize: Int { 96 } }
extension openpit_report: SizedStruct { static var firstVersionSize: Int { 168 } }
extension openpit_adjustment: SizedStruct { static var firstVersionSize: Int { 232 } }
extension openpit_reject: SizedStruct { static var firstVersionSize: Int { 64 } }
extension openpit_outcome: SizedStruct { static var firstVersionSize: Int { 160 } }
extension openpit_account_pnl: SizedStruct { static var firstVersionSize: Int { 48 } }
extension openpit_engine_options: SizedStruct { static var firstVersionSize: Int { 48 } }
extension openpit_market_data_options: SizedStruct { static var firstVersionSize: Int { 56 } }
extension openpit_quote: SizedStruct { static var firstVersionSize: Int { 56 } }
extension openpit_spot_funds_settings: SizedStruct { static var firstVersionSize: Int { 96 } }
extension openpit_holding: SizedStruct { static var firstVersionSize: Int { 88 } }
extension openpit_limit: SizedStruct { static var firstVersionSize: Int { 320 } }
extension openpit_limit_options: SizedStruct { static var firstVersionSize: Int { 96 } }
extension openpit_instrument_description: SizedStruct { static var firstVersionSize: Int { 168 } }
extension openpit_account_description: SizedStruct { static var firstVersionSize: Int { 56 } }
extension openpit_input_key: SizedStruct { static var firstVersionSize: Int { 40 } }
extension openpit_limit_status: SizedStruct { static var firstVersionSize: Int { 216 } }
extension openpit_look: SizedStruct { static var firstVersionSize: Int { 208 } }
extension openpit_explanation: SizedStruct { static var firstVersionSize: Int { 16 } }
extension openpit_limit_event: SizedStruct { static var firstVersionSize: Int { 144 } }
extension openpit_limit_change: SizedStruct { static var firstVersionSize: Int { 112 } }
extension openpit_pending_change: SizedStruct { static var firstVersionSize: Int { 24 } }
extension openpit_limit_change_answer: SizedStruct { static var firstVersionSize: Int { 16 } }
extension openpit_group_description: SizedStruct { static var firstVersionSize: Int { 16 } }
extension openpit_cancel: SizedStruct { static var firstVersionSize: Int { 64 } }
extension openpit_session: SizedStruct { static var firstVersionSize: Int { 24 } }
extension openpit_permission: SizedStruct { static var firstVersionSize: Int { 112 } }
extension openpit_release_answer: SizedStruct { static var firstVersionSize: Int { 8 } }
extension openpit_cancel_intent: SizedStruct { static var firstVersionSize: Int { 136 } }
extension openpit_locate: SizedStruct { static var firstVersionSize: Int { 48 } }
extension openpit_grant: SizedStruct { static var firstVersionSize: Int { 72 } }
extension openpit_portfolio_view: SizedStruct { static var firstVersionSize: Int { 80 } }
extension openpit_portfolio_position: SizedStruct { static var firstVersionSize: Int { 88 } }
extension openpit_portfolio_order: SizedStruct { static var firstVersionSize: Int { 48 } }
extension openpit_portfolio_verdict: SizedStruct { static var firstVersionSize: Int { 88 } }
extension openpit_portfolio_limits_view: SizedStruct { static var firstVersionSize: Int { 72 } }
extension openpit_policy: SizedStruct { static var firstVersionSize: Int { 120 } }
extension openpit_mutation: SizedStruct { static var firstVersionSize: Int { 40 } }

/// No struct will ever be larger; a size beyond it was never set.
private let sizeMax = 4096

extension UnsafePointer where Pointee: SizedStruct {
    /// The size as the caller gave it. Nothing else is touched, because nothing else need be there.
    @inline(__always)
    fileprivate var givenSize: Int { Int(UnsafeRawPointer(self).load(as: UInt32.self)) }

    /// The caller's size, once it is known to be that of a version of the struct. A size that is no whole number of
    /// alignments belongs to none, and would leave the items of an array crooked.
    @inline(never)
    fileprivate func checkedSize() throws(Status) -> Int {
        let size = givenSize
        guard size >= Pointee.firstVersionSize, size <= sizeMax, size % MemoryLayout<Pointee>.alignment == 0 else {
            throw .structSize
        }
        return size
    }
}

// MARK: - Inputs

/// Shows `body` the caller's struct as this library knows it: where it lies when it is of our size, else in a copy that is
/// gone afterwards. What the caller does not know is zero in the copy; what this library does not know has to be zero.
@inline(__always)
func withReadable<Struct: SizedStruct, Result>(
    _ pointer: UnsafePointer<Struct>?, _ body: (UnsafePointer<Struct>) throws(Status) -> Result
) throws(Status) -> Result {
    try withReadable(pointer, isPlain: { _ in true }, orElse: { _ in }, body)
}

/// The same for a struct that has grown: one that is not as plain as it was before is checked first. Callers who use nothing of
/// what is new do not pay for it, and so the check shares its place with what callers of another size need.
@inline(__always)
func withReadable<Struct: SizedStruct, Result>(
    _ pointer: UnsafePointer<Struct>?, isPlain: (UnsafePointer<Struct>) -> Bool,
    orElse check: (UnsafePointer<Struct>) throws(Status) -> Void,
    _ body: (UnsafePointer<Struct>) throws(Status) -> Result
) throws(Status) -> Result {
    let pointer = try required(pointer)
    return try _withUnprotectedUnsafeTemporaryAllocation(
        of: Struct.self, capacity: 1
    ) { (room) throws(Status) -> Result in
        var readable = pointer
        if pointer.givenSize != MemoryLayout<Struct>.size || !isPlain(pointer) {
            readable = try completed(pointer, in: room.baseAddress.unsafelyUnwrapped, check)
        }
        return try body(readable)
    }
}

@inline(never)
private func completed<Struct: SizedStruct>(
    _ pointer: UnsafePointer<Struct>, in copy: UnsafeMutablePointer<Struct>,
    _ check: (UnsafePointer<Struct>) throws(Status) -> Void
) throws(Status) -> UnsafePointer<Struct> {
    let readable = try pointer.givenSize == MemoryLayout<Struct>.size ? pointer : completed(pointer, in: copy)
    try check(readable)
    return readable
}

private func completed<Struct: SizedStruct>(
    _ pointer: UnsafePointer<Struct>, in copy: UnsafeMutablePointer<Struct>
) throws(Status) -> UnsafePointer<Struct> {
    let given = UnsafeRawBufferPointer(start: pointer, count: try pointer.checkedSize())
    let size = MemoryLayout<Struct>.size
    for byte in given.dropFirst(size) where byte != 0 { throw .unknownField }
    copy.initialize(to: Struct())
    UnsafeMutableRawPointer(copy).copyMemory(from: pointer, byteCount: min(given.count, size))
    copy.pointee.struct_size = UInt32(size)
    return UnsafePointer(copy)
}

/// The caller's struct as this library knows it, copied.
func read<Struct: SizedStruct>(_ pointer: UnsafePointer<Struct>?) throws(Status) -> Struct {
    try withReadable(pointer) { (readable) throws(Status) in readable.pointee }
}

/// Reads an array. Its items lie as far apart as the caller's struct is large, and say so all of them.
func forEach<Struct: SizedStruct>(
    _ first: UnsafePointer<Struct>?, _ count: Int, _ body: (Struct) throws(Status) -> Void
) throws(Status) {
    if count == 0 { return }
    let first = try required(first)
    let stride = try first.checkedSize()
    // A size_t arrives as Int; one that turns out negative is larger than any object, and so may the items be together.
    guard count > 0, count <= Int.max / stride else { throw .invalidArgument }
    for index in 0..<count {
        let item = (UnsafeRawPointer(first) + index * stride).assumingMemoryBound(to: Struct.self)
        guard item.givenSize == stride else { throw .structSize }
        try body(try read(item))
    }
}

// MARK: - Outputs

/// A struct of the caller's that the library fills.
struct Output<Struct: SizedStruct> {
    private let pointer: UnsafeMutablePointer<Struct>

    @inline(__always)
    private var isOurs: Bool { UnsafePointer(pointer).givenSize == MemoryLayout<Struct>.size }

    @inline(__always)
    init(_ pointer: UnsafeMutablePointer<Struct>?) throws(Status) {
        self.pointer = try required(pointer)
        if !isOurs { _ = try UnsafePointer(self.pointer).checkedSize() }
    }

    /// How large the caller says it is, which is how far apart the items of an array lie.
    var givenSize: Int { UnsafePointer(pointer).givenSize }

    /// Lets `write` set every field; the size stays the caller's. The caller receives what there is room for, and zeros where
    /// it knows more than this library.
    @inline(__always)
    func fill(_ write: (inout Struct) -> Void) {
        _withUnprotectedUnsafeTemporaryAllocation(of: Struct.self, capacity: 1) { room in
            let isOurs = isOurs
            var target = pointer
            if !isOurs {
                target = room.baseAddress.unsafelyUnwrapped
                target.initialize(to: Struct())
            }
            write(&target.pointee)
            target.pointee.struct_size = UInt32(MemoryLayout<Struct>.size)
            if !isOurs { handOver(target) }
        }
    }

    /// The size is looked at anew: while a call was under way, foreign code may have changed it.
    @inline(never)
    private func handOver(_ filled: UnsafeMutablePointer<Struct>) {
        guard let size = try? UnsafePointer(pointer).checkedSize() else { return }
        filled.pointee.struct_size = UInt32(size)
        let ours = MemoryLayout<Struct>.size
        let room = UnsafeMutableRawPointer(pointer)
        room.copyMemory(from: filled, byteCount: min(size, ours))
        if size > ours { (room + ours).initializeMemory(as: UInt8.self, repeating: 0, count: size - ours) }
    }
}
