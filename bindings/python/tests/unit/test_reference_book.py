"""The reference book: instruments, and when they settle."""

import pytest
from engine_support import USD

import openpit
from openpit.core import (
    InstrumentId,
    ReferenceBook,
    ReferenceBookRegistrationError,
    SettlementScheme,
    UnknownReferenceBookInstrumentId,
)

EUR = openpit.Instrument("AAPL", "EUR")
NOBODY = InstrumentId(99)


@pytest.fixture
def book():
    return ReferenceBook()


def test_numbers_its_instruments(book):
    assert book.register_with_id(EUR, InstrumentId(0)) == InstrumentId(0)
    assert book.resolve(USD) is None
    assert book.register(USD) == InstrumentId(1)
    assert book.resolve(instrument=USD) == InstrumentId(1)


def test_a_known_name_comes_before_a_taken_id(book):
    book.register(USD)
    for call in (lambda: book.register(USD), lambda: book.register_with_id(USD, InstrumentId(0))):
        with pytest.raises(ReferenceBookRegistrationError, match="is already registered") as known:
            call()
        assert (known.value.instrument, known.value.instrument_id) == (USD, None)
    with pytest.raises(ReferenceBookRegistrationError, match="instrument id 0 is already registered") as taken:
        book.register_with_id(EUR, instrument_id=InstrumentId(0))
    assert (taken.value.instrument, taken.value.instrument_id) == (None, InstrumentId(0))


def test_says_when_an_instrument_settles(book):
    aapl = book.register(USD)
    assert book.settlement_scheme(aapl) is None
    book.clear_settlement_scheme(aapl)
    book.set_settlement_scheme(aapl, SettlementScheme.uniform(2))
    book.set_settlement_scheme(aapl, settlement_scheme=SettlementScheme.uniform(1))
    assert book.settlement_scheme(aapl) == SettlementScheme.uniform(1)
    book.clear_settlement_scheme(aapl)
    assert book.settlement_scheme(aapl) is None


def test_unknown_ids_have_an_exception_of_their_own(book):
    for call in (
        lambda: book.settlement_scheme(NOBODY),
        lambda: book.set_settlement_scheme(NOBODY, SettlementScheme.uniform(1)),
        lambda: book.clear_settlement_scheme(NOBODY),
    ):
        with pytest.raises(UnknownReferenceBookInstrumentId, match="unknown reference-book instrument id: 99") as e:
            call()
        assert e.value.instrument_id == NOBODY


def test_arguments_of_another_type_are_refused(book):
    for call, text in (
        (lambda: book.register(5), "instrument must be openpit.core.Instrument"),
        (lambda: book.resolve(5), "instrument must be openpit.core.Instrument"),
        (lambda: book.register_with_id(USD, 5), "'int' object is not an instance of 'InstrumentId'"),
        (lambda: book.settlement_scheme(0), "'int' object is not an instance of 'InstrumentId'"),
        (lambda: book.set_settlement_scheme(NOBODY, 5), "'int' object is not an instance of 'SettlementScheme'"),
        (lambda: ReferenceBook(1), "positional argument"),
    ):
        with pytest.raises(TypeError, match=text):
            call()
