import RiskBase

/// A control from outside: a table of functions. A function left `nil` accepts; a result other than 0 is a failure.
///
/// The first pointer stands for a `Hook`, which `Hook.init` finds by it; the other one is to the `Order`, `ExecutionReport`
/// or `AccountAdjustment` in question. They are raw because a function that C can call cannot name them.
public struct CustomPolicy: BitwiseCopyable {
    public typealias Check =
        @convention(c) (
            _ userData: UnsafeMutableRawPointer?, _ hook: UnsafeMutableRawPointer, _ subject: UnsafeRawPointer
        ) -> Int32

    public var userData: UnsafeMutableRawPointer?
    public var checkPreTradeStart: Check?
    public var performPreTradeCheck: Check?
    public var applyExecutionReport: Check?
    public var applyAccountAdjustment: Check?
    /// The checks of a dry run; the ordinary ones stand in for them.
    public var checkPreTradeStartDryRun: Check?
    public var performPreTradeCheckDryRun: Check?
    /// Called once, when neither engine nor builder needs the policy any more.
    public var destroy: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?

    public init(userData: UnsafeMutableRawPointer?) {
        self.userData = userData
    }

    func hook(for stage: Hook.Stage, isDryRun: Bool) -> Check? {
        switch stage {
        case .start: isDryRun ? checkPreTradeStartDryRun ?? checkPreTradeStart : checkPreTradeStart
        case .main: isDryRun ? performPreTradeCheckDryRun ?? performPreTradeCheck : performPreTradeCheck
        case .report: applyExecutionReport
        case .adjustment: applyAccountAdjustment
        }
    }
}
