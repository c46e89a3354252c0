// Written by tools/generate.py from tools/lists/reject-codes.toml.

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
    /// The caller's own; user_data says which.
    case custom = 254
    case other = 255
}

extension RejectCode {
    /// Whether it says that a control could not come to a verdict, rather than what its verdict was.
    public var isEvaluationFailure: Bool {
        switch self {
        case .missingRequiredField, .unknownInstrument, .unknownAccount, .unknownVenue, .unknownClearingAccount,
            .unknownCollateralAsset, .riskConfigurationMissing, .referenceDataUnavailable, .orderValueCalculationFailed,
            .systemUnavailable, .markPriceUnavailable, .arithmeticOverflow:
            true
        default: false
        }
    }

    /// The code as a word, such as `OrderQtyExceedsLimit`.
    public var name: StaticString {
        switch self {
        case .missingRequiredField: "MissingRequiredField"
        case .invalidFieldFormat: "InvalidFieldFormat"
        case .invalidFieldValue: "InvalidFieldValue"
        case .unsupportedOrderType: "UnsupportedOrderType"
        case .unsupportedTimeInForce: "UnsupportedTimeInForce"
        case .unsupportedOrderAttribute: "UnsupportedOrderAttribute"
        case .duplicateClientOrderId: "DuplicateClientOrderId"
        case .tooLateToEnter: "TooLateToEnter"
        case .exchangeClosed: "ExchangeClosed"
        case .unknownInstrument: "UnknownInstrument"
        case .unknownAccount: "UnknownAccount"
        case .unknownVenue: "UnknownVenue"
        case .unknownClearingAccount: "UnknownClearingAccount"
        case .unknownCollateralAsset: "UnknownCollateralAsset"
        case .insufficientFunds: "InsufficientFunds"
        case .insufficientMargin: "InsufficientMargin"
        case .insufficientPosition: "InsufficientPosition"
        case .creditLimitExceeded: "CreditLimitExceeded"
        case .riskLimitExceeded: "RiskLimitExceeded"
        case .orderExceedsLimit: "OrderExceedsLimit"
        case .orderQtyExceedsLimit: "OrderQtyExceedsLimit"
        case .orderNotionalExceedsLimit: "OrderNotionalExceedsLimit"
        case .positionLimitExceeded: "PositionLimitExceeded"
        case .concentrationLimitExceeded: "ConcentrationLimitExceeded"
        case .leverageLimitExceeded: "LeverageLimitExceeded"
        case .rateLimitExceeded: "RateLimitExceeded"
        case .pnlKillSwitchTriggered: "PnlKillSwitchTriggered"
        case .accountBlocked: "AccountBlocked"
        case .accountNotAuthorized: "AccountNotAuthorized"
        case .complianceRestriction: "ComplianceRestriction"
        case .instrumentRestricted: "InstrumentRestricted"
        case .jurisdictionRestriction: "JurisdictionRestriction"
        case .washTradePrevention: "WashTradePrevention"
        case .selfMatchPrevention: "SelfMatchPrevention"
        case .shortSaleRestriction: "ShortSaleRestriction"
        case .riskConfigurationMissing: "RiskConfigurationMissing"
        case .referenceDataUnavailable: "ReferenceDataUnavailable"
        case .orderValueCalculationFailed: "OrderValueCalculationFailed"
        case .systemUnavailable: "SystemUnavailable"
        case .markPriceUnavailable: "MarkPriceUnavailable"
        case .accountAdjustmentBoundsExceeded: "AccountAdjustmentBoundsExceeded"
        case .arithmeticOverflow: "ArithmeticOverflow"
        case .custom: "Custom"
        case .other: "Other"
        }
    }

    /// What the code means, in a sentence without a full stop.
    public var sentence: StaticString {
        switch self {
        case .missingRequiredField: "a field the check needs is absent"
        case .invalidFieldFormat: "a field is malformed"
        case .invalidFieldValue: "a field has a value that is not allowed"
        case .unsupportedOrderType: "the order type is not handled"
        case .unsupportedTimeInForce: "the time in force is not handled"
        case .unsupportedOrderAttribute: "a requested attribute is not handled"
        case .duplicateClientOrderId: "the client order id was used before"
        case .tooLateToEnter: "the time for entering orders is over"
        case .exchangeClosed: "the exchange is closed"
        case .unknownInstrument: "the instrument is not known"
        case .unknownAccount: "the account is not known"
        case .unknownVenue: "the venue is not known"
        case .unknownClearingAccount: "the clearing account is not known"
        case .unknownCollateralAsset: "the collateral asset is not known"
        case .insufficientFunds: "there is not enough cash"
        case .insufficientMargin: "there is not enough margin"
        case .insufficientPosition: "the position is too small"
        case .creditLimitExceeded: "the credit line would be exceeded"
        case .riskLimitExceeded: "a risk limit would be exceeded"
        case .orderExceedsLimit: "more than one order size limit is exceeded"
        case .orderQtyExceedsLimit: "the order quantity limit is exceeded"
        case .orderNotionalExceedsLimit: "the order notional limit is exceeded"
        case .positionLimitExceeded: "the position limit would be exceeded"
        case .concentrationLimitExceeded: "the concentration limit would be exceeded"
        case .leverageLimitExceeded: "the leverage limit would be exceeded"
        case .rateLimitExceeded: "too many orders came in the window"
        case .pnlKillSwitchTriggered: "a profit and loss bound was passed"
        case .accountBlocked: "the account or its group is blocked"
        case .accountNotAuthorized: "the account lacks the permission"
        case .complianceRestriction: "a compliance rule forbids it"
        case .instrumentRestricted: "the instrument is restricted"
        case .jurisdictionRestriction: "a jurisdiction rule forbids it"
        case .washTradePrevention: "it could trade with an order of the same owner"
        case .selfMatchPrevention: "it could match an own order"
        case .shortSaleRestriction: "a short sale rule forbids it"
        case .riskConfigurationMissing: "the risk settings it needs are missing"
        case .referenceDataUnavailable: "the reference data it needs is missing"
        case .orderValueCalculationFailed: "the value of the order could not be computed"
        case .systemUnavailable: "the risk system cannot answer now"
        case .markPriceUnavailable: "the mark price it needs is missing"
        case .accountAdjustmentBoundsExceeded: "the adjustment would leave its bounds"
        case .arithmeticOverflow: "a number left the range of decimals"
        case .custom: "a reason of the caller, which its user data names"
        case .other: "nothing more precise fits"
        }
    }
}
