"""What is seen of a value, as JSON: numbers as values, without the zeros they happen to be printed with."""

import decimal
import enum
import re

# The attributes that are read; those that are None are left out. A name with "()" is a method.
SEEN = {
    "StartResult": "ok rejects",
    "ExecuteResult": "ok rejects",
    "DryRunReport": "is_pass rejects account_block lock account_adjustments",
    "DropCopyResult": "ok rejects",
    "PostTradeResult": "account_blocks account_pnls account_adjustments",
    "AccountAdjustmentBatchResult": "ok failed_index rejects outcomes account_blocks",
    "PolicyConfigurationResult": "account_blocks",
    "AccountBlockOutcomes": "account_blocks",
    "AccountBlockOutcome": "account_id block",
    "Reject": "policy code reason details scope user_data",
    "AccountBlock": "policy code reason details user_data",
    "AccountAdjustmentOutcome": "policy_group_id entry",
    "AccountOutcomeEntry": "asset balance held incoming realized_pnl average_entry_price",
    "OutcomeAmount": "delta absolute",
    "PnlOutcome": "pnl halt_reason",
    "PnlOutcomeAmount": "delta absolute",
    "AccountPnlOutcome": "policy_group_id account_id pnl halt_reason",
    "Lock": "entries()",
    "AccountId": "value",
    "AccountGroupId": "value",
    "InstrumentId": "value",
    "Quote": "mark bid ask",
}
NUMBERS = {"Price", "Quantity", "Volume", "Pnl", "Fee", "PositionSize", "Notional", "CashFlow"}
OPAQUE = {"Request", "Reservation", "DropCopyOperation"}
# Read, but told nowhere else, of an error.
ERROR_ATTRIBUTES = ("kind", "quote", "instrument_id")
# Texts of the interpreter, of the binding of arguments and of parsers, which no contract promises.
FOREIGN = re.compile(
    r"missing \d+ required|unexpected keyword|positional|multiple values|required argument|out of range integral"
    r"|is not an instance of|not iterable|has no attribute|interpreted as an integer|must be real number"
    r"|decode failed: |cannot be converted|unsupported operand|has settings type"
)
NUMBER_IN_TEXT = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w])")


def plain(number: str) -> str:
    """The text of a value: every one of its digits, and no zero that adds nothing."""
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return "0" if number == "-0" else number


def plain_text(text: str) -> str:
    return NUMBER_IN_TEXT.sub(lambda found: plain(found.group()), text)


def describe(value):
    kind = type(value)
    name = kind.__name__
    if value is None or kind in (bool, int):
        return value
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, str):
        return plain_text(str.__str__(value))
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, list):
        return [describe(item) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [describe(item) for item in value]}
    if name in NUMBERS:
        return {name: plain(str(value))}
    if isinstance(value, decimal.Decimal):
        return {"Decimal": plain(f"{value:f}")}
    if name in OPAQUE:
        return name
    if name in SEEN:
        seen = {field: describe(attribute(value, field)) for field in SEEN[name].split()}
        return {name: {field: item for field, item in seen.items() if item is not None}}
    for member, constant in vars(kind).items():
        if type(constant) is kind and constant == value:
            return f"{name}.{member}"
    return {"instance of": name}


def attribute(value, field: str):
    """The attribute, called where an older release has a method in its place."""
    found = getattr(value, field.removesuffix("()"))
    is_method = field.endswith("()") or type(found).__name__ == "builtin_function_or_method"
    return found() if is_method else found


def describe_error(error: BaseException) -> dict:
    text = str(error)
    seen = {"type": type(error).__name__, "text": plain_text(text)}
    if FOREIGN.search(text):
        seen["text"] = "(not promised)"
    for name in ERROR_ATTRIBUTES:
        if getattr(error, name, None) is not None:
            seen[name] = describe(getattr(error, name))
    return seen
