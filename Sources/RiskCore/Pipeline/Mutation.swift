import RiskBase

/// One entry of the undo log: something to do when the order is kept, and something to do when it is undone.
enum Mutation: BitwiseCopyable {
    case cash(CashMutation)
    /// A working order, by its number in the ledger of the limits.
    case working(UInt64)
    /// A position or an equity set by hand, by the number under which the limits can take it back.
    case ledger(UInt64)
    case custom(CustomMutation)
}

/// What a custom policy registers. Exactly one of commit and rollback runs, once; release follows it. A result other than 0
/// is a failure, of which later engines take notice.
public struct CustomMutation: BitwiseCopyable {
    public typealias Callback = @convention(c) (UnsafeMutableRawPointer?) -> Int32
    public typealias Release = @convention(c) (UnsafeMutableRawPointer?) -> Void

    public var userData: UnsafeMutableRawPointer?
    public var commit: Callback?
    public var rollback: Callback?
    public var release: Release?

    public init(userData: UnsafeMutableRawPointer?, commit: Callback?, rollback: Callback?, release: Release?) {
        self.userData = userData
        self.commit = commit
        self.rollback = rollback
        self.release = release
    }
}
