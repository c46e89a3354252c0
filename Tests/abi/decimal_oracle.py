#!/usr/bin/env python3
"""Compares the decimal arithmetic of the library with its specification, on random numbers.

The specification is written down twice: as rules on Python's integers, which fix every digit, scale and sign, and with
Python's decimal module, which knows nothing of these rules and checks that each result is the exact one, correctly
rounded. `decimal_oracle.py COUNT SEED` repeats a run.
"""

import ctypes
import decimal
import os
import random
import struct
import sys

LARGEST = 2**96 - 1
CARRIED = 7922816251426433759354395034
OK, INVALID_FLOAT, OVERFLOW, DIVISION_BY_ZERO = 0, 21, 24, 26
PRICE = 3

# A number is (isNegative, mantissa, scale); None stands for an overflow.
ZERO = (False, 0, 0)
exactly = decimal.Context(prec=400, Emin=-10000, Emax=10000)


# ---- The rules ------------------------------------------------------------------------------------------------------


def half_even(natural, divisor):
    quotient, rest = divmod(natural, divisor)
    return quotient + (2 * rest > divisor or (2 * rest == divisor and quotient % 2 == 1))


def fit(natural, scale, is_negative):
    count = max(0, scale - 28)
    while natural // 10**count > LARGEST:
        count += 1
    if count > scale:
        return None
    mantissa, scale = half_even(natural, 10**count), scale - count
    if mantissa > LARGEST:
        if scale == 0:
            return None
        mantissa, scale = CARRIED, scale - 1
    return is_negative, mantissa, scale


def add(left, right):
    if left[1] == 0:
        return right
    if right[1] == 0:
        return left
    scale = max(left[2], right[2])
    total = sum((-m if n else m) * 10 ** (scale - s) for n, m, s in (left, right))
    if abs(total) > LARGEST:
        return fit(abs(total), scale, total < 0)
    return total < 0, abs(total), scale


def subtract(left, right):
    return add(left, right if right[1] == 0 else (not right[0], right[1], right[2]))


def multiply(left, right):
    if left[1] == 0 or right[1] == 0:
        return ZERO
    is_negative, natural, scale = left[0] != right[0], left[1] * right[1], left[2] + right[2]
    if left[1] >= 2**32 or right[1] >= 2**32:
        return fit(natural, scale, is_negative)
    if scale <= 28:
        return is_negative, natural, scale
    if scale > 47:
        return ZERO
    mantissa = half_even(natural, 10 ** (scale - 28))
    return is_negative and mantissa > 0, mantissa, 28


def divide(left, right):
    if left[1] == 0:
        return ZERO
    scale, divisor = left[2] - right[2], right[1]
    quotient, rest = divmod(left[1], divisor)
    is_inexact = False
    while True:
        if rest == 0:
            if scale >= 0:
                break
            power = min(9, -scale)
        else:
            is_inexact = True
            power = (
                0
                if scale == 28
                else max(p for p in range(10) if quotient * 10**p <= LARGEST and (scale <= 19 or scale + p <= 28))
            )
            if scale != 28 and power < 9 and scale + power < 0:
                return None
            if power == 0:
                quotient += 2 * rest > divisor or (2 * rest == divisor and quotient % 2 == 1)
                if quotient > LARGEST:
                    scale -= 1
                    if scale < 0:
                        return None
                    quotient = CARRIED
                break
        scale += power
        quotient *= 10**power
        if quotient > LARGEST:
            return None
        digits, rest = divmod(rest * 10**power, divisor)
        quotient += digits
        if quotient > LARGEST:
            scale -= 1
            if scale < 0:
                return None
            quotient, last = divmod(quotient, 10)
            quotient += last > 5 or (last == 5 and (rest > 0 or quotient % 2 == 1))
            break
    if is_inexact:
        while scale >= 8 and quotient % 2**32 == 0 and quotient % 10**8 == 0:
            quotient, scale = quotient // 10**8, scale - 8
        for count in (4, 2, 1):
            if scale >= count and quotient % 10**count == 0:
                quotient, scale = quotient // 10**count, scale - count
    return left[0] != right[0] and quotient > 0, quotient, scale


def remainder(left, right):
    scale = max(left[2], right[2])
    dividend, divisor = left[1] * 10 ** (scale - left[2]), right[1] * 10 ** (scale - right[2])
    if dividend == 0 or dividend == divisor:
        return ZERO
    if dividend < divisor:
        return left
    rest = dividend % divisor
    return left[0] and rest > 0, rest, scale


def rounded(value, scale, strategy):
    is_negative, mantissa, old_scale = value
    if scale >= old_scale:
        return value
    unit = 10 ** (old_scale - scale)
    kept, rest = divmod(mantissa, unit)
    kept += (
        2 * rest > unit or (2 * rest == unit and kept % 2 == 1),
        2 * rest >= unit,
        rest > 0 and not is_negative,
        rest > 0 and is_negative,
    )[strategy]
    return is_negative and (kept > 0 or mantissa == 0), kept, scale


def from_double(value):
    bits = struct.unpack("<Q", struct.pack("<d", value))[0]
    is_negative, exponent, mantissa = bits >> 63 == 1, bits >> 52 & 0x7FF, bits & (2**52 - 1)
    if exponent == 0x7FF:
        return None
    if exponent == 0 and mantissa == 0:
        return is_negative, 0, 0
    tens = max(exponent, 1) - 1075
    mantissa += 2**52 if exponent else 0
    fives = -tens
    while fives > 0:
        fives -= 1
        if mantissa % 2 == 0:
            mantissa, tens = mantissa // 2, tens + 1
        elif mantissa * 5 <= LARGEST:
            mantissa *= 5
        else:
            mantissa, tens = mantissa // 2, tens + 1
    while fives < 0:
        if mantissa < 2**95:
            mantissa, tens = mantissa * 2, tens - 1
        elif 2 * tens > -fives:
            return None
        else:
            mantissa //= 5
        fives += 1
    while tens > 0:
        mantissa, tens = mantissa * 10, tens - 1
        if mantissa > LARGEST:
            return None
    while tens < -28 or (tens < 0 and mantissa >= 2**52):
        is_scale_in_range = tens >= -28
        mantissa, digit = divmod(mantissa, 10)
        tens += 1
        if mantissa == 0 and not is_scale_in_range:
            tens = 0
        else:
            mantissa += digit >= 5
    while tens < 0 and mantissa % 10 == 0:
        mantissa, tens = mantissa // 10, tens + 1
    return is_negative, mantissa, -tens


# ---- The library ----------------------------------------------------------------------------------------------------


class Decimal(ctypes.Structure):
    _fields_ = [
        ("low", ctypes.c_uint64),
        ("high", ctypes.c_uint32),
        ("scale", ctypes.c_uint8),
        ("negative", ctypes.c_uint8),
        ("reserved", ctypes.c_uint16),
    ]


class Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("length", ctypes.c_size_t)]


library = ctypes.CDLL(os.path.join(os.path.dirname(__file__), "../../build/lib/libopenpit.so"))


def declare(name, result, *arguments):
    function = getattr(library, "openpit_decimal_" + name)
    function.restype, function.argtypes = result, arguments
    return function


Output = ctypes.POINTER(Decimal)
BINARY = [
    (name, rule, declare(name, ctypes.c_uint32, ctypes.c_uint32, Decimal, Decimal, Output))
    for name, rule in [
        ("add", add),
        ("subtract", subtract),
        ("multiply", multiply),
        ("divide", divide),
        ("remainder", remainder),
    ]
]
ROUND = declare("round", ctypes.c_uint32, ctypes.c_uint32, Decimal, ctypes.c_uint32, ctypes.c_uint32, Output)
COMPARE = declare("compare", ctypes.c_int, Decimal, Decimal)
HASH = declare("hash", ctypes.c_uint64, Decimal)
FORMAT = declare("format", ctypes.c_uint32, Decimal, ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_size_t))
PARSE = declare("parse", ctypes.c_uint32, ctypes.c_uint32, Text, Output, ctypes.c_void_p)
FROM_DOUBLE = declare("from_double_rounded", ctypes.c_uint32, ctypes.c_uint32, ctypes.c_double, Output)
FROM_SHORTEST = declare("from_double", ctypes.c_uint32, ctypes.c_uint32, ctypes.c_double, Output, ctypes.c_void_p)
TO_DOUBLE = declare("to_double", ctypes.c_double, Decimal)
result = Decimal()


def passed(value):
    return Decimal(value[1] & (2**64 - 1), value[1] >> 64, value[2], value[0], 0)


def returned():
    return bool(result.negative), result.high << 64 | result.low, result.scale


def exact(value):
    return decimal.Decimal((int(value[0]), tuple(map(int, str(value[1]))), -value[2]))


# ---- Numbers to try -------------------------------------------------------------------------------------------------

EDGES = (
    [
        0,
        1,
        2,
        5,
        10,
        2**32 - 1,
        2**32,
        2**63,
        2**64 - 1,
        2**64,
        LARGEST - 1,
        LARGEST,
        LARGEST // 10,
        CARRIED,
        LARGEST // 2 + 1,
    ]
    + [10**n for n in range(29)]
    + [5 * 10**n for n in range(28)]
)


def random_number(source):
    choice = source.random()
    if choice < 0.15:
        mantissa = source.choice(EDGES)
    elif choice < 0.55:
        mantissa = source.getrandbits(source.randrange(1, 40))
    else:
        mantissa = source.getrandbits(source.randrange(1, 97))
    scale = source.randrange(9) if source.random() < 0.5 else source.randrange(29)
    return source.random() < 0.5, mantissa, scale


def random_double(source):
    if source.random() < 0.3:
        return struct.unpack("<d", struct.pack("<Q", source.getrandbits(64)))[0]
    return source.choice((1, -1)) * source.random() * 10.0 ** source.randrange(-32, 32)


# ---- Checks ---------------------------------------------------------------------------------------------------------


class Mismatch(Exception):
    pass


def require(holds, *what):
    if not holds:
        raise Mismatch(*what)


def check_binary(source):
    left, right = random_number(source), random_number(source)
    if source.random() < 0.2:
        right = (right[0], left[1] + source.randrange(-1, 2) if 0 < left[1] < LARGEST else left[1], left[2])
    name, rule, function = source.choice(BINARY)
    status = function(PRICE, passed(left), passed(right), result)
    if right[1] == 0 and name in ("divide", "remainder"):
        require(status == DIVISION_BY_ZERO, name, left, right, status)
        return
    expected = rule(left, right)
    require(status == (OVERFLOW if expected is None else OK), name, left, right, status, expected)
    if expected is None:
        return
    require(returned() == expected, name, left, right, returned(), expected)
    check_value(name, left, right, exact(expected))


def check_value(name, left, right, value):
    """The result is the exact one, or as near to it as its digits allow."""
    left, right = exact(left), exact(right)
    if name == "divide":
        # The quotient is too long to be exact, so what it is off by is multiplied back.
        error = abs(exactly.subtract(exactly.multiply(value, right), left))
        unit = exactly.multiply(abs(right), ulp(exactly.divide(left, right)))
    else:
        true = {
            "add": exactly.add,
            "subtract": exactly.subtract,
            "multiply": exactly.multiply,
            "remainder": exactly.remainder,
        }[name](left, right)
        error, unit = abs(exactly.subtract(value, true)), ulp(true)
        if name == "remainder":
            unit = 0
    require(2 * error <= unit, name, left, right, value)


def ulp(value):
    """What the last digit of the best approximation is worth: at most 28 digits behind the point, 96 bits in all."""
    places = 28
    while places > 0 and abs(value).scaleb(places, exactly) > LARGEST:
        places -= 1
    return decimal.Decimal(1).scaleb(-places)


def check_comparison(source):
    left, right = random_number(source), random_number(source)
    if source.random() < 0.3:
        grow = source.randrange(0, 29 - left[2])
        if left[1] * 10**grow <= LARGEST:
            right = (left[0], left[1] * 10**grow, left[2] + grow)
    order = COMPARE(passed(left), passed(right))
    require(order == int(exact(left).compare(exact(right))), "compare", left, right, order)
    if order == 0:
        require(HASH(passed(left)) == HASH(passed(right)), "hash", left, right)


def check_rounding(source):
    value, scale, strategy = random_number(source), source.randrange(30), source.randrange(4)
    require(ROUND(PRICE, passed(value), scale, strategy, result) == OK, "round", value, scale, strategy)
    require(returned() == rounded(value, scale, strategy), "round", value, scale, strategy, returned())
    mode = (decimal.ROUND_HALF_EVEN, decimal.ROUND_HALF_UP, decimal.ROUND_CEILING, decimal.ROUND_FLOOR)[strategy]
    if scale < value[2]:
        true = exact(value).quantize(decimal.Decimal(1).scaleb(-scale), mode, exactly)
        require(exact(returned()) == true, "round", value, scale, strategy, returned(), true)


def check_text(source):
    value = random_number(source)
    buffer, length = ctypes.create_string_buffer(32), ctypes.c_size_t()
    require(FORMAT(passed(value), buffer, 32, length) == OK, "format", value)
    text = buffer.raw[: length.value]
    require(text.decode() == format(exact(value), "f"), "format", value, text)
    require(PARSE(PRICE, Text(text, len(text)), result, None) == OK, "parse", text)
    require(returned() == (value[0] and value[1] > 0, value[1], value[2]), "parse", text, returned())


def check_double(source):
    value = random_double(source)
    expected = from_double(value)
    status = FROM_DOUBLE(PRICE, value, result)
    require(status == (INVALID_FLOAT if expected is None else OK), "from_double_rounded", value, status)
    if expected is not None:
        require(returned() == expected, "from_double_rounded", value, returned(), expected)
    if 1e-11 < abs(value) < 1e28:
        require(FROM_SHORTEST(PRICE, value, result, None) == OK, "from_double", value)
        require(float(exact(returned())) == value, "from_double", value, returned())
    number = random_number(source)
    require(TO_DOUBLE(passed(number)) == float(exact(number)), "to_double", number)


CHECKS = [check_binary] * 7 + [check_comparison, check_rounding, check_text, check_double]


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.getrandbits(64)
    source = random.Random(seed)
    sentence = f"{count} random operations follow the specification to the digit, seed {seed}"
    try:
        for _ in range(count):
            source.choice(CHECKS)(source)
    except Mismatch as mismatch:
        print("   ", *mismatch.args)
        print("not ok -", sentence)
        return 1
    print("ok -", sentence)
    return 0


if __name__ == "__main__":
    sys.exit(main())
