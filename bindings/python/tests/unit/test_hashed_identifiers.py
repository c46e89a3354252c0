"""The number of an account or group that is given by a text: FNV-1a over its UTF-8, 64 and 32 bits."""

import pytest

from openpit.param import AccountGroupId, AccountId

HASHED = [
    ("a", 12638187200555641996, 3826002220),
    ("b", 12638190499090526629, 3876335077),
    ("0", 12638135523509116079, 890022063),
    ("42", 571532774284038691, 2279835011),
    ("99224416", 5354517753543079660, 1063613548),
    ("my-account", 10756464830480084277, 3471352213),
    ("trading-account-1", 4913979331897519446, 1349597686),
    ("desk-1", 12295673021033698394, 3731453210),
    (" a", 559967011469157882, 1891978298),
    ("é", 775207407765167617, 513665217),
    ("日本", 1305338235904577169, 2670128721),
    ("a" * 100, 2919969371350277497, 168538585),
]


@pytest.mark.parametrize(("text", "account", "group"), HASHED)
def test_hashes_the_bytes_of_a_text(text, account, group):
    assert AccountId.from_string(text).value == account
    assert AccountGroupId.from_string(text).value == group


def test_a_group_never_hashes_to_the_default_group():
    assert AccountGroupId.from_string("3u25abs").value == 1


def test_constructors_have_a_second_name():
    assert AccountId.from_u64(7) == AccountId.from_int(7)
    assert AccountId.from_str("a") == AccountId.from_string("a")
    assert AccountGroupId.from_u64(7) == AccountGroupId.from_int(7)
    assert AccountGroupId.from_str("a") == AccountGroupId.from_string("a")
