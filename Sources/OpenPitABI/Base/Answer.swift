import COpenPit

/// Runs the body of an export that has nothing to add to its status.
@inline(__always)
func answer(_ body: () throws(Status) -> Void) -> openpit_status {
    do throws(Status) {
        try body()
        return Status.ok.rawValue
    } catch {
        return error.rawValue
    }
}

/// Runs the body of an export that explains its failure in the caller's `error`, if there is one. The body leaves in
/// `detail` what it has to say before it throws.
func answer(
    _ error: UnsafeMutablePointer<openpit_error>?, _ body: (inout ErrorDetail) throws(Status) -> Void
) -> openpit_status {
    let output: Output<openpit_error>?
    do throws(Status) {
        output = if let error { try Output(error) } else { nil }
    } catch let status {
        return status.rawValue
    }
    var detail = ErrorDetail()
    do throws(Status) {
        try body(&detail)
        return Status.ok.rawValue
    } catch let status {
        output?.fill { $0.fill(status, detail) }
        return status.rawValue
    }
}

/// What there is to say about a failed call besides its status.
struct ErrorDetail {
    /// One sentence; that of the status when it is empty.
    var message = Message()
    /// OPENPIT_PARSE_CAUSE_*, or 0.
    var cause: UInt32 = 0
    var account: UInt64 = 0
    var accountGroup: UInt32 = 0
    /// The number concerned, or 0.
    var value: UInt64 = 0
}

extension openpit_error {
    /// Writes everything but `struct_size`. A message that is too long is cut at the edge of a character.
    mutating func fill(_ status: Status, _ detail: ErrorDetail) {
        self.status = status.rawValue
        cause = detail.cause
        account_group = detail.accountGroup
        account = detail.account
        value = detail.value
        reserved = 0
        if detail.message.isEmpty {
            write(status.message.bytes)
        } else {
            detail.message.withBytes { write($0) }
        }
    }

    private mutating func write(_ text: UnsafeBufferPointer<UInt8>) {
        let length = withUnsafeMutableBytes(of: &message) { buffer in
            let cut = text.prefix(buffer.count - 1)
            var length = cut.count
            if length < text.count {
                // The byte that no longer fits goes on with a character: the whole of that character goes.
                var first = cut.endIndex
                while length > 0, text[first] & 0xC0 == 0x80 {
                    length -= 1
                    text.formIndex(before: &first)
                }
            }
            buffer.copyBytes(from: text.prefix(length))
            buffer[length] = 0
            return length
        }
        message_length = UInt32(length)
    }
}
