import RiskBase

/// What a hook said that the engine could not take. The hook has failed then, whether or not it looked at the answer: nobody
/// can tell whether it was about to say no.
public struct HookFault: BitwiseCopyable, Sendable {
    /// What it was about, such as "a reject".
    let word: StaticString
    /// Which part of that was wrong, such as "its scope"; empty when there is no single one.
    let part: StaticString
    /// Why, as a sentence without a full stop.
    let reason: StaticString

    public init(_ word: StaticString, _ part: StaticString, _ reason: StaticString) {
        self.word = word
        self.part = part
        self.reason = reason
    }
}

extension HookFault {
    func write(to writer: inout TextWriter) {
        writer.write(word)
        writer.write(" was not taken: ")
        if part.utf8CodeUnitCount > 0 {
            writer.write(part)
            writer.write(": ")
        }
        writer.write(reason)
    }
}
