"""The differences that are meant: a rule for each row of `docs/migration.md` that random histories can meet.

A rule is as narrow as its row: it looks at the step, at what both packages answered, and where it has to, at what happened
before. Its name is how the row begins.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from comparison import NOTHING


@dataclass(frozen=True)
class Row:
    """A row of the table, and what a difference it explains looks like."""

    name: str
    matches: Callable
    parts: bool = False  # from there on the two engines know different things, and are not compared any further
    releases: tuple = ("0.7", "0.10")


def of(release: str) -> list:
    return [row for row in ROWS if release in row.releases]


def explain(difference):
    """The row that explains this difference, or None."""
    return next((row for row in of(difference.release) if row.matches(difference)), None)


# --- what rules ask ----------------------------------------------------------------------------------


def raised(answer) -> dict:
    return answer.get("raises", {}) if isinstance(answer, dict) else {}


def says(error: dict, kind: str, text: str) -> bool:
    return error.get("type") == kind and text in error.get("text", "")


def either_at(difference, *ends: str) -> bool:
    return difference.path.endswith(ends)


def made(value, kind: str):
    """Every argument of this kind in a step."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key.endswith(kind):
                yield item
            yield from made(item, kind)
    elif isinstance(value, list):
        for item in value:
            yield from made(item, kind)


def spoken(difference) -> list:
    """The arguments the difference is about: those of the step, and of what hooks did in it."""
    steps = difference.history["steps"]
    return steps if ".events" in difference.path else [difference.step]


def errors(answer):
    """Every error in an answer, of nested calls too."""
    if isinstance(answer, dict):
        if "type" in answer and "text" in answer:
            yield answer
        for item in answer.values():
            yield from errors(item)
    elif isinstance(answer, list):
        for item in answer:
            yield from errors(item)


UNVERIFIED = "account could not be verified"

# --- rules -------------------------------------------------------------------------------------------


def pays_for_itself(difference) -> bool:
    """A report about an instrument of one asset: its P&L stopped for another reason, then or before; or a held amount."""
    steps = difference.history["steps"][: difference.number]
    reports = [step for step in steps if step["op"].endswith("report")]
    if not any(len(set(item)) == 1 for item in made(reports, "Instrument") if isinstance(item, list)):
        return False
    is_halt = "halt reason" in str(difference.reference) and "halt reason" in str(difference.ours)
    told = ".halt_reason", ".realized_pnl", ".absolute.PositionSize"
    return is_halt or difference.step in reports and either_at(difference, *told)


def is_short(difference) -> bool:
    """An order of an instrument of one asset, and a limit of its position."""
    is_such = any(len(set(item)) == 1 for item in made(spoken(difference), "Instrument") if isinstance(item, list))
    return is_such and "projected worst-case position" in json.dumps(difference.answers)


OVERFLOW = '"code": "ArithmeticOverflow"'


def does_not_fit(difference) -> bool:
    """A report of which something does not fit in a number: what is told of amounts, blocks or the account's P&L, then, or of
    amounts later."""
    is_report = difference.step["op"].endswith("report")
    if is_report and OVERFLOW in json.dumps(difference.answers[1]):
        return True
    steps = zip(difference.history["steps"], difference.reference_so_far, strict=False)
    reports = [answer for step, answer in steps if step["op"].endswith("report")]
    return OVERFLOW in json.dumps(reports) and either_at(difference, ".absolute.PositionSize")


def cannot_be_debited(difference) -> bool:
    """The same for the P&L of the position, when it is the fee."""
    texts = "fee debit overflow", "fee "
    is_told = any(text in json.dumps(difference.answers[1]) for text in texts)
    return does_not_fit(difference) and is_told and either_at(difference, ".realized_pnl")


def drops_the_average(difference) -> bool:
    """The average of a position that has stopped: ours has none, or the right one."""
    if "PnlHaltReason." not in json.dumps([difference.reference_so_far, difference.history["steps"]]):
        return False
    return either_at(difference, ".average_entry_price", ".average_entry_price.Price")


def answers_wrongly(difference) -> bool:
    """The main hook's answer is a TypeError of ours, and the reference goes on."""
    ours, reference = (list(errors(answer)) for answer in reversed(difference.answers))
    is_told = [says(error, "TypeError", "perform_pre_trade_check must return") for error in ours]
    return any(is_told) and not any("perform_pre_trade_check" in error["text"] for error in reference)


def yields_nothing(difference) -> bool:
    """The start hook's generator returned its rejects."""
    return any(says(error, "TypeError", "check_pre_trade_start") for error in errors(difference.answers[1]))


def blocks_in_a_dry_run(difference) -> bool:
    """A hook blocked an account in a dry run, and the reference now knows a block that we do not."""
    before = json.dumps(difference.reference_so_far)
    if '"in a dry run": true' not in before:
        return False
    reference, ours = (json.dumps(answer) for answer in difference.answers)
    is_refused = '"reason": "blocked"' in reference or UNVERIFIED in reference
    return is_refused or "account is not blocked" in ours and "account is not blocked" not in reference


def was_not_recorded(difference) -> bool:
    """A drop copy that is refused or fails, or whose hooks do something: blocks asked for in it may be known to us alone."""
    steps = zip(difference.history["steps"], difference.reference_so_far, strict=False)
    copies = [json.dumps(answer) for step, answer in steps if "drop_copy" in step["op"]]
    if not any(word in answer for answer in copies for word in ('"ok": false', '"raises"', '"did"')):
        return False
    if difference.step["op"] == "read" and ".AccountBlock." in difference.path:
        return True
    reference, ours = (json.dumps(answer) for answer in difference.answers)
    known = [text for text in (UNVERIFIED, '"scope": "account"', "AccountBlocked") if text in ours]
    return bool(known) or "account is not blocked" in reference and "account is not blocked" not in ours


def needs_one_cap(difference) -> bool:
    """A limit with one cap: the reference cannot make it."""
    sizes = [
        limit
        for limit in made(spoken(difference), "OrderSizeLimit")
        if isinstance(limit, dict) and sum(cap is not None for cap in limit.values()) == 1
    ]
    text = "must be a Decimal, str, int, or float"
    return bool(sizes) and any(
        error["type"] == "TypeError" or says(error, "ValueError", text) for error in errors(difference.answers[0])
    )


def lacks_a_limit(difference) -> bool:
    """A barrier for all orders without a limit: ours refuses it."""
    barriers = [
        barrier for barrier in made(spoken(difference), "OrderSizeBrokerBarrier") if barrier.get("limit", 0) is None
    ]
    return bool(barriers) and any(
        says(error, "TypeError", "limit must be OrderSizeLimit") for error in errors(difference.answers[1])
    )


def is_said_twice(difference) -> bool:
    """A size barrier with the key of another."""
    return any("duplicate a" in error["text"] for error in errors(difference.answers[0]))


def has_no_cap(difference) -> bool:
    """A size limit without any cap, which ours refuses where it is made."""
    return any(not any(limit.values()) for limit in made(spoken(difference), "OrderSizeLimit") if limit is not None)


def names_leaves(difference) -> bool:
    names = {
        "fill.remaining_reserved_quantity": "fill.leaves_quantity",
        "'remaining reserved quantity'": "'remaining quantity'",
    }
    pairs = difference.reference, difference.ours
    return all(isinstance(text, str) for text in pairs) and any(
        newer in pairs[0] and pairs[0].replace(newer, older) == pairs[1] for newer, older in names.items()
    )


def is_not_finite(difference) -> bool:
    texts = difference.reference, difference.ours
    is_text = all(isinstance(text, str) for text in texts)
    return is_text and texts[0].endswith("is not finite") and texts[1].startswith("invalid format for")


def has_an_exponent(difference) -> bool:
    """An error of the reference for a number with an exponent or too many decimals."""
    reference, ours = (
        [error["text"] for error in errors(answer) if says(error, "ParamError", "invalid format for")]
        for answer in difference.answers
    )
    return any(text not in ours for text in reference)


def both_overflow_and_lack(difference) -> bool:
    """Of two reasons to stop, the one that weighs more."""
    reasons = ("PnlHaltReason.MISSING_FX", "PnlHaltReason.ARITHMETIC_OVERFLOW")
    details = ("halt reason MissingFx", "halt reason ArithmeticOverflow")
    has_fee = bool(list(made(difference.step, "MonetaryAmount")))
    pair = difference.reference, difference.ours
    return has_fee and (pair in (reasons, details) or pair[::-1] in (reasons, details))


def loses_an_exception(difference) -> bool:
    """A hook calls the engine, and a callback raises: the exception is raised by one of the calls, or by none."""
    answers = difference.answers
    if '"did"' not in json.dumps(answers):
        return False
    if difference.path.endswith(".events"):
        # The call it is raised by comes to nothing, so that more is rolled back.
        raised, quiet = sorted((answer.get("events", []) for answer in answers), key=len, reverse=True)
        calls = [[event["call"] for event in events] for events in (raised, quiet)]
        extra = calls[0][len(calls[1]) :]
        raises = '"raise"' in json.dumps(difference.history["steps"][: difference.number])
        return raises and calls[0][: len(calls[1])] == calls[1] and all(call.endswith(".rollback") for call in extra)
    return difference.path.endswith(".raises") and NOTHING in (difference.reference, difference.ours)


def keeps_rounding(difference) -> bool:
    """A number that differs in its last digits, after a batch or an order was taken back, or what comes of its being nothing."""
    before = json.dumps([difference.reference_so_far, difference.history["steps"][: difference.number]])
    # A reservation that a hook made is let go of, and rolled back, when the hook has returned.
    was_taken_back = any(word in before for word in ('"ok": false', "rollback", '"drop"', '"did"'))
    if difference.path.endswith(".account_blocks"):
        # A position of almost nothing gains something when it is sold, and one of nothing does not.
        halts = "account pnl calculation halted" in json.dumps([difference.reference, difference.ours])
        return was_taken_back and halts and re.search(r"\d\.\d{16}", before) is not None
    try:
        reference, ours = Decimal(difference.reference), Decimal(difference.ours)
    except (InvalidOperation, TypeError, ValueError):
        return False
    # What rounding takes is a last digit of the largest number that came along.
    largest = max([Decimal(1), *(Decimal(text) for text in re.findall(r"\d+(?:\.\d+)?", before))])
    return was_taken_back and abs(reference - ours) <= largest * Decimal("1e-26")


def begins_a_window_anew(difference) -> bool:
    """How many orders a fixed window of an instant has seen, or whom it refuses, where a hook checks an order within another."""
    counted = "orders in 1µs window"
    if all(counted in str(side) for side in (difference.reference, difference.ours)):
        is_row = True
    else:
        reference, ours = (json.dumps(answer, ensure_ascii=False).count(counted) for answer in difference.answers)
        is_row = reference != ours
    return is_row and '"did"' in json.dumps([difference.reference_so_far, difference.answers])


def are_the_same_accounts(difference) -> bool:
    """The accounts that a new barrier blocks, in another order."""
    told = [list(made(answer, "AccountBlockOutcomes")) for answer in difference.answers]
    reference, ours = (
        sorted(json.dumps(block) for item in items for block in item["account_blocks"]) for items in told
    )
    return len(ours) > 1 and reference == ours


def judges_strangers(difference) -> bool:
    """A new barrier, and more accounts that it blocks with a P&L of zero, or none yet."""
    told = [
        [block for item in made(answer, "AccountBlockOutcomes") for block in item["account_blocks"]]
        for answer in difference.answers
    ]
    reference, ours = told
    more = [block for block in ours if block not in reference]
    is_new = all("realized pnl 0," in json.dumps(block) or "currency mismatch" in json.dumps(block) for block in more)
    return bool(more) and is_new and all(block in ours for block in reference)


def undoes_a_block(difference) -> bool:
    """An order that is rejected with account scope, whose rollback callback does something to accounts."""
    before = json.dumps(difference.reference_so_far)
    undid = '.rollback", "did"' in before and '"scope": "account"' in before
    return undid and any("AccountBlocked" in json.dumps(answer) for answer in difference.answers)


ROWS = [
    Row("a fill of an asset that pays for itself", pays_for_itself, parts=True),
    Row("a position limit of an asset that pays for itself", is_short, parts=True, releases=("0.10",)),
    Row("spot funds: a fee that cannot be debited", cannot_be_debited, parts=True),
    Row("spot funds: when all a report changes of one asset", does_not_fit, parts=True),
    Row("spot funds: when a gain does not fit, or a new average", drops_the_average, parts=True),
    Row("a main check written with `yield`", answers_wrongly, parts=True),
    Row("a generator of rejects that returns them", yields_nothing, parts=True),
    Row("a hook that blocks an account in a dry run", blocks_in_a_dry_run, parts=True),
    Row("an order checked by a hook, within the check of another", begins_a_window_anew, parts=True),
    Row("a batch or an order that is taken back keeps what rounding took", keeps_rounding, parts=True),
    Row("accounts that a new barrier blocks are told in ascending order", are_the_same_accounts, releases=("0.10",)),
    Row("a new barrier blocks accounts that have had", judges_strangers, parts=True, releases=("0.10",)),
    Row("a rollback callback that unblocks the account", undoes_a_block, parts=True, releases=("0.10",)),
    Row("a drop copy that is not recorded", was_not_recorded, parts=True, releases=("0.10",)),
    Row("a size limit needs both caps", needs_one_cap, parts=True, releases=("0.7",)),
    Row("a size barrier of all orders whose `limit` is None", lacks_a_limit, parts=True),
    Row("an exception of a callback may be lost", loses_an_exception, parts=True),
    Row("a fill whose gain does not fit and whose fee has no rate", both_overflow_and_lack, parts=True),
    Row("a size barrier given twice", is_said_twice, parts=True, releases=("0.10",)),
    Row(
        "`OrderSizeLimit()`, or one with None for both caps, is refused when it is registered",
        has_no_cap,
        releases=("0.10",),
    ),
    Row("a missing quantity is called `fill.remaining_reserved_quantity`", names_leaves, releases=("0.10",)),
    Row("a text with an exponent, or with more than 28 decimals", has_an_exponent, parts=True, releases=("0.10",)),
    Row("a `decimal.Decimal` that is no number", is_not_finite, releases=("0.10",)),
]
