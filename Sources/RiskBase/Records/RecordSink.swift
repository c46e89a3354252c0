/// What is known of every command that was carried out, whichever it was.
package struct RecordHead: BitwiseCopyable, Sendable {
    /// Counts the engine's commands from 1, in the order in which they took effect.
    package let sequence: UInt64
    /// The engine's time when the command began, in nanoseconds.
    package let time: UInt64
    package let command: CommandKind
    /// Whether the call ended without an error. One that failed may have had an effect nevertheless.
    package let isDone: Bool

    package init(sequence: UInt64, time: UInt64, command: CommandKind, isDone: Bool) {
        self.sequence = sequence
        self.time = time
        self.command = command
        self.isDone = isDone
    }
}

/// Somebody who is told every command of an engine, while the engine's lock is held: it has to be quick, must not call the
/// engine, and may read the command only until it returns. Each kind of command has a type of its own.
package struct RecordSink: BitwiseCopyable {
    package typealias Take =
        @convention(c) (_ context: UnsafeMutableRawPointer?, _ head: UnsafeRawPointer, _ command: UnsafeRawPointer) ->
        Void

    package let context: UnsafeMutableRawPointer?
    package let take: Take

    package init(context: UnsafeMutableRawPointer?, take: @escaping Take) {
        self.context = context
        self.take = take
    }
}
