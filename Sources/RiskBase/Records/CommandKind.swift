/// What an engine can be told to do. The numbers stand in records and never change.
@frozen package enum CommandKind: UInt16, CaseIterable, Sendable, BitwiseCopyable {
    case startPreTrade = 1
    case executeRequest = 2
    case executePreTrade = 3
    case dropRequest = 4
    case commit = 5
    case rollback = 6
    case applyReport = 7
    case applyAdjustments = 8
    case applyDropCopy = 9
    case executeList = 10
    case checkCancel = 11
    case registerInGroup = 20
    case unregisterFromGroup = 21
    case blockAccount = 22
    case unblockAccount = 23
    case replaceAccountBlock = 24
    case blockGroup = 25
    case unblockGroup = 26
    case replaceGroupBlock = 27
    case unblockEverything = 28
    case setAccountCurrency = 29
    case setGroupCurrency = 30
    case configureRateLimit = 40
    case configureOrderSizeLimit = 41
    case configurePnlKillSwitch = 42
    case setKillSwitchPnl = 43
    case configureSpotFunds = 44
    case configureSpotFundsBarriers = 45
    case setAccountPnl = 46
    case setInput = 60
    case clearInput = 61
    case changeLimits = 62
}
