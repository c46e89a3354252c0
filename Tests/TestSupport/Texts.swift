import Decimals

/// The number a test spells.
package func decimal(_ text: String) -> Decimal {
    withBytes(text) { Decimal(parsing: $0) } ?? .zero.flipped
}

/// The UTF-8 bytes of a text, as the library takes them.
package func withBytes<Result, Failure: Error>(
    _ text: String, _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
) throws(Failure) -> Result {
    try Array(text.utf8).withUnsafeBufferPointer(body)
}

/// What `body` fails with; `nil` when it does not.
package func failure<Failure: Error>(_ body: () throws(Failure) -> Void) -> Failure? {
    do throws(Failure) {
        try body()
        return nil
    } catch {
        return error
    }
}

package struct NothingThere: Error {
    package init() {}
}

extension Optional {
    package var unwrapped: Wrapped {
        get throws {
            guard let self else { throw NothingThere() }
            return self
        }
    }
}

extension StaticString? {
    /// What an invariant that does not hold is called, to be compared.
    public var words: String? { map { "\($0)" } }
}
