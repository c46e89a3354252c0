import RiskBase

/// Whose funds a call is about, and the group that counts in it.
struct FundsOwner: BitwiseCopyable {
    let slot: AccountSlot
    let group: AccountGroupId

    init(_ slot: AccountSlot, _ group: AccountGroupId) {
        self.slot = slot
        self.group = group
    }

    @inline(__always)
    init(_ frame: FramePointer, _ accounts: borrowing Accounts) {
        self.init(frame.pointee.slot, frame.accountGroup(in: accounts))
    }
}
