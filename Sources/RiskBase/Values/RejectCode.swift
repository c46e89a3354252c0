/// Why somebody said no.
public enum RejectCode: UInt16, CaseIterable, Sendable, BitwiseCopyable {
    case missingRequiredField = 1
    case invalidFieldFormat = 2
    case invalidFieldValue = 3
    case unsupportedOrderType = 4
    case unsupportedTimeInForce = 5
    case unsupportedOrderAttribute = 6
    case duplicateClientOrderId = 7
    case tooLateToEnter = 8
    case exchangeClosed = 9
    case unknownInstrument = 10
    case unknownAccount = 11
    case unknownVenue = 12
    case unknownClearingAccount = 13
    case unknownCollateralAsset = 14
    case insufficientFunds = 15
    case insufficientMargin = 16
    case insufficientPosition = 17
    case creditLimitExceeded = 18
    case riskLimitExceeded = 19
    case orderExceedsLimit = 20
    case orderQtyExceedsLimit = 21
    case orderNotionalExceedsLimit = 22
    case positionLimitExceeded = 23
    case concentrationLimitExceeded = 24
    case leverageLimitExceeded = 25
    case rateLimitExceeded = 26
    case pnlKillSwitchTriggered = 27
    case accountBlocked = 28
    case accountNotAuthorized = 29
    case complianceRestriction = 30
    case instrumentRestricted = 31
    case jurisdictionRestriction = 32
    case washTradePrevention = 33
    case selfMatchPrevention = 34
    case shortSaleRestriction = 35
    case riskConfigurationMissing = 36
    case referenceDataUnavailable = 37
    case orderValueCalculationFailed = 38
    case systemUnavailable = 39
    case markPriceUnavailable = 40
    case accountAdjustmentBoundsExceeded = 41
    case arithmeticOverflow = 42
    /// The caller's own; the user data of the reject says which.
    case custom = 254
    case other = 255
}

extension RejectCode {
    /// Whether it says that a control could not come to a verdict, rather than what its verdict was.
    public var isEvaluationFailure: Bool {
        switch self {
        case .missingRequiredField, .unknownInstrument, .unknownAccount, .unknownVenue, .unknownClearingAccount,
            .unknownCollateralAsset, .riskConfigurationMissing, .referenceDataUnavailable,
            .orderValueCalculationFailed, .systemUnavailable, .markPriceUnavailable, .arithmeticOverflow:
            true
        default: false
        }
    }
}
