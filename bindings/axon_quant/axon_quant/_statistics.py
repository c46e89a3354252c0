"""What the contract types as float statistics: no money is counted here."""

from collections.abc import Iterable

WINDOW = 252
_SAMPLES_MIN = 5


def historical_var_95(increments: Iterable[float]) -> float:
    """The loss that 95 % of the increments stay above, from their own distribution; 0.0 for fewer than five."""
    ordered = sorted(increments)
    if len(ordered) < _SAMPLES_MIN:
        return 0.0
    return max(0.0, -ordered[len(ordered) * 5 // 100])
