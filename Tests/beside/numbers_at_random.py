"""Numbers that histories are made of: mostly those of a day's trading, sometimes those at the ends of the range."""

import random

LARGEST = 2**96 - 1
# How often a history takes its numbers from where: a plain day, many digits, the ends of the range.
TASTES = {
    "plain": {"small": 80, "cents": 15, "zero": 5},
    "digits": {"small": 35, "cents": 35, "zero": 5, "digits": 20, "tiny": 5},
    "huge": {"small": 45, "cents": 10, "zero": 5, "digits": 10, "tiny": 5, "huge": 25},
}


def taste(rng: random.Random) -> dict:
    return TASTES[rng.choices(list(TASTES), [65, 20, 15])[0]]


def magnitude(rng: random.Random, weights: dict) -> str:
    """A number without a sign, as text."""
    kind = rng.choices(list(weights), list(weights.values()))[0]
    if kind == "small":
        return str(rng.choice([1, 1, 2, 3, 5, 10, rng.randint(1, 30), rng.randint(1, 500)]))
    if kind == "cents":
        return f"{rng.randint(0, 40)}.{rng.choice(['5', '50', '25', '01', '99', '333', '10'])}"
    if kind == "zero":
        return rng.choice(["0", "0", "0.00"])
    if kind == "tiny":
        return f"0.{'0' * rng.randint(20, 27)}{rng.randint(1, 9)}"
    if kind == "digits":
        digits = str(rng.randrange(10 ** rng.randint(1, 28)))
        point = rng.randint(0, len(digits))
        return f"{digits[:point] or '0'}.{digits[point:]}".rstrip(".")
    return huge(rng)


def huge(rng: random.Random) -> str:
    value = rng.choice([LARGEST, LARGEST - 1, LARGEST // 2, LARGEST // 2 + 1, LARGEST // 10, 10**28, 2**64, 10**14])
    if rng.random() < 0.3:
        value -= rng.randint(0, 3)
    if rng.random() < 0.3:
        digits = str(value)
        point = rng.randint(1, len(digits))
        return f"{digits[:point]}.{digits[point:]}".rstrip(".")
    return str(value)
