"""Makes a history shorter for as long as it still differs."""

import copy
import re

NUMBER = re.compile(r"-?[0-9.]+")


def shrunk(history: dict, differs) -> dict:
    """The history without all that may be left out: steps, then parts of their arguments."""
    history = _without_steps(history, differs)
    is_shorter = True
    while is_shorter:
        is_shorter = False
        for path in _places(history["steps"], ()):
            trial = copy.deepcopy(history)
            if not _remove(trial["steps"], path) or not differs(trial):
                continue
            history, is_shorter = trial, True
            break
    return _with_plain_numbers(history, differs)


def _with_plain_numbers(history: dict, differs) -> dict:
    for path in list(_places(history["steps"], ())):
        for plain in ("1", "2", "10"):
            trial = copy.deepcopy(history)
            if _replace(trial["steps"], path, plain) and differs(trial):
                history = trial
                break
    return history


def _replace(value, path: tuple, plain: str) -> bool:
    *way, last = path
    for key in way:
        value = value[key]
    old = value[last]
    if not isinstance(old, str) or len(old) <= len(plain) or not NUMBER.fullmatch(old):
        return False
    value[last] = plain
    return True


def _without_steps(history: dict, differs) -> dict:
    size = len(history["steps"])
    while size > 0:
        start = 0
        while start < len(history["steps"]):
            steps = history["steps"]
            trial = history | {"steps": steps[:start] + steps[start + size :]}
            if differs(trial):
                history = trial
            else:
                start += size
        size //= 2
    return history


def _places(value, path: tuple):
    """Where something may be taken out, the largest things first."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    items = list(items)
    for key, _ in items:
        yield (*path, key)
    for key, item in items:
        yield from _places(item, (*path, key))


def _remove(value, path: tuple) -> bool:
    *way, last = path
    for key in way:
        value = value[key]
    is_maker = isinstance(value, dict) and isinstance(last, str) and last[:1].isupper()
    if is_maker or last in ("op", "as"):
        return False
    del value[last]
    return True
