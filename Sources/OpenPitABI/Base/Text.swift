import COpenPit

extension openpit_text {
    /// The bytes; a NULL pointer stands for no text when the length is 0 and is a mistake otherwise.
    func bytes() throws(Status) -> UnsafeBufferPointer<UInt8> {
        try items(UnsafeRawPointer(data)?.assumingMemoryBound(to: UInt8.self), length)
    }

    /// The bytes, once they are known to be UTF-8.
    func utf8() throws(Status) -> UnsafeBufferPointer<UInt8> {
        let bytes = try bytes()
        guard bytes.isUTF8 else { throw .invalidUtf8 }
        return bytes
    }

    /// Text that stays valid as long as `bytes`.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.init(
            data: bytes.baseAddress.map { UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) },
            length: bytes.count)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes are well-formed UTF-8.
    var isUTF8: Bool {
        (try? UTF8Span(validating: span)) != nil
    }
}
