"""Where the answers of two packages to the same history differ."""

import re
from dataclasses import dataclass


@dataclass
class Difference:
    """One place of one step where the answers differ."""

    history: dict
    release: str
    number: int  # of the step, from 1; one more than there are when all was let go of
    path: str
    reference: object
    ours: object
    answers: tuple  # of the reference and ours, to the whole step
    reference_so_far: list  # its answers up to this step

    @property
    def step(self) -> dict:
        steps = self.history["steps"]
        return steps[self.number - 1] if self.number <= len(steps) else {"op": "(end)"}

    @property
    def kind(self) -> tuple:
        """What it is about, whatever the numbers."""
        return tuple(re.sub(r"\d+", "", text) for text in (self.step["op"], self.path))

    def __str__(self) -> str:
        where = f"step {self.number} ({self.step['op']}) {self.path}"
        return f"{where}: reference {self.reference!r}, ours {self.ours!r}"


NOTHING = "(nothing)"
NOT_PROMISED = "(not promised)"


def differences(history: dict, release: str, reference: list, ours: list):
    """Every place where these answers differ, step by step."""
    if len(reference) != len(ours):
        yield Difference(history, release, 1, "", reference[-1], ours[-1], (reference[-1], ours[-1]), reference)
        return
    for number, answers in enumerate(zip(reference, ours, strict=True), 1):
        for path, left, right in _places("", *answers):
            yield Difference(history, release, number, path, left, right, answers, reference[:number])


def _places(path: str, left, right):
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(left.keys() | right.keys()):
            yield from _places(f"{path}.{key}", left.get(key, NOTHING), right.get(key, NOTHING))
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from _places(f"{path}[{index}]", one, other)
    elif left != NOT_PROMISED and (type(left) is not type(right) or left != right):
        yield path, left, right
