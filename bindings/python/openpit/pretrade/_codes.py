"""Why somebody said no, and what a reject stops."""

from __future__ import annotations

from openpit._enum import StrEnum


class RejectScope(StrEnum):
    """What a reject stops: the order, or the account until somebody unblocks it."""

    __module__ = "openpit.pretrade"

    ORDER = "order"
    ACCOUNT = "account"

    @classmethod
    def _missing_(cls, value: object) -> RejectScope:
        raise ValueError("scope must be either 'order' or 'account'")


class RejectCode(StrEnum):
    """The stable name of a reason to reject."""

    __module__ = "openpit.pretrade"

    # generated: reject codes, by tools/generate.py
    MISSING_REQUIRED_FIELD = "MissingRequiredField"
    INVALID_FIELD_FORMAT = "InvalidFieldFormat"
    INVALID_FIELD_VALUE = "InvalidFieldValue"
    UNSUPPORTED_ORDER_TYPE = "UnsupportedOrderType"
    UNSUPPORTED_TIME_IN_FORCE = "UnsupportedTimeInForce"
    UNSUPPORTED_ORDER_ATTRIBUTE = "UnsupportedOrderAttribute"
    DUPLICATE_CLIENT_ORDER_ID = "DuplicateClientOrderId"
    TOO_LATE_TO_ENTER = "TooLateToEnter"
    EXCHANGE_CLOSED = "ExchangeClosed"
    UNKNOWN_INSTRUMENT = "UnknownInstrument"
    UNKNOWN_ACCOUNT = "UnknownAccount"
    UNKNOWN_VENUE = "UnknownVenue"
    UNKNOWN_CLEARING_ACCOUNT = "UnknownClearingAccount"
    UNKNOWN_COLLATERAL_ASSET = "UnknownCollateralAsset"
    INSUFFICIENT_FUNDS = "InsufficientFunds"
    INSUFFICIENT_MARGIN = "InsufficientMargin"
    INSUFFICIENT_POSITION = "InsufficientPosition"
    CREDIT_LIMIT_EXCEEDED = "CreditLimitExceeded"
    RISK_LIMIT_EXCEEDED = "RiskLimitExceeded"
    ORDER_EXCEEDS_LIMIT = "OrderExceedsLimit"
    ORDER_QTY_EXCEEDS_LIMIT = "OrderQtyExceedsLimit"
    ORDER_NOTIONAL_EXCEEDS_LIMIT = "OrderNotionalExceedsLimit"
    POSITION_LIMIT_EXCEEDED = "PositionLimitExceeded"
    CONCENTRATION_LIMIT_EXCEEDED = "ConcentrationLimitExceeded"
    LEVERAGE_LIMIT_EXCEEDED = "LeverageLimitExceeded"
    RATE_LIMIT_EXCEEDED = "RateLimitExceeded"
    PNL_KILL_SWITCH_TRIGGERED = "PnlKillSwitchTriggered"
    ACCOUNT_BLOCKED = "AccountBlocked"
    ACCOUNT_NOT_AUTHORIZED = "AccountNotAuthorized"
    COMPLIANCE_RESTRICTION = "ComplianceRestriction"
    INSTRUMENT_RESTRICTED = "InstrumentRestricted"
    JURISDICTION_RESTRICTION = "JurisdictionRestriction"
    WASH_TRADE_PREVENTION = "WashTradePrevention"
    SELF_MATCH_PREVENTION = "SelfMatchPrevention"
    SHORT_SALE_RESTRICTION = "ShortSaleRestriction"
    RISK_CONFIGURATION_MISSING = "RiskConfigurationMissing"
    REFERENCE_DATA_UNAVAILABLE = "ReferenceDataUnavailable"
    ORDER_VALUE_CALCULATION_FAILED = "OrderValueCalculationFailed"
    SYSTEM_UNAVAILABLE = "SystemUnavailable"
    MARK_PRICE_UNAVAILABLE = "MarkPriceUnavailable"
    ACCOUNT_ADJUSTMENT_BOUNDS_EXCEEDED = "AccountAdjustmentBoundsExceeded"
    ARITHMETIC_OVERFLOW = "ArithmeticOverflow"
    CUSTOM = "Custom"
    OTHER = "Other"
    # end of generated

    def is_evaluation_failure(self) -> bool:
        """Whether the check could not be made, as opposed to made and failed."""
        return self in _EVALUATION_FAILURES


_EVALUATION_FAILURES = frozenset(
    {
        # generated: evaluation failures, by tools/generate.py
        RejectCode.MISSING_REQUIRED_FIELD,
        RejectCode.UNKNOWN_INSTRUMENT,
        RejectCode.UNKNOWN_ACCOUNT,
        RejectCode.UNKNOWN_VENUE,
        RejectCode.UNKNOWN_CLEARING_ACCOUNT,
        RejectCode.UNKNOWN_COLLATERAL_ASSET,
        RejectCode.RISK_CONFIGURATION_MISSING,
        RejectCode.REFERENCE_DATA_UNAVAILABLE,
        RejectCode.ORDER_VALUE_CALCULATION_FAILED,
        RejectCode.SYSTEM_UNAVAILABLE,
        RejectCode.MARK_PRICE_UNAVAILABLE,
        RejectCode.ARITHMETIC_OVERFLOW,
        # end of generated
    }
)
