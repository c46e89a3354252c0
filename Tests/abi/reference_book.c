// Every function of the section "Reference book".
#include <openpit.h>

#include "check.h"

static openpit_asset asset(const char *name) {
    openpit_asset id = 0;
    openpit_asset_intern((openpit_text){name, strlen(name)}, &id);
    return id;
}

int main(void) {
    openpit_reference_book *book = NULL;
    openpit_asset aapl = asset("AAPL"), usd = asset("USD"), eur = asset("EUR");
    openpit_instrument_id id = 99;
    openpit_settlement_scheme found = {{7, 0, 0}, {7, 0, 0}};

    test("a book begins empty and numbers its instruments") {
        check_equal(openpit_reference_book_create(&book), OPENPIT_STATUS_OK);
        check_equal(openpit_reference_book_resolve(book, aapl, usd, &id), OPENPIT_STATUS_UNKNOWN_INSTRUMENT);
        check_equal(openpit_reference_book_register_as(book, eur, usd, 0), OPENPIT_STATUS_OK);
        check_equal(openpit_reference_book_register(book, aapl, usd, &id), OPENPIT_STATUS_OK);
        check_equal(id, 1);
        check_equal(openpit_reference_book_resolve(book, eur, usd, &id), OPENPIT_STATUS_OK);
        check_equal(id, 0);
    }
    test("a known name comes before a taken id") {
        check_equal(openpit_reference_book_register(book, aapl, usd, &id), OPENPIT_STATUS_INSTRUMENT_REGISTERED);
        check_equal(openpit_reference_book_register_as(book, aapl, usd, 1), OPENPIT_STATUS_INSTRUMENT_REGISTERED);
        check_equal(openpit_reference_book_register_as(book, usd, aapl, 1), OPENPIT_STATUS_INSTRUMENT_ID_TAKEN);
        check_equal(openpit_reference_book_register(book, 0, usd, &id), OPENPIT_STATUS_NOT_FOUND);
    }
    test("when an instrument settles is what was said last, if anything") {
        openpit_settlement_scheme scheme = {{2, OPENPIT_SETTLEMENT_BUSINESS_DAYS, 0},
                                            {UINT64_MAX, OPENPIT_SETTLEMENT_CALENDAR_DAYS, 0}};
        check_equal(openpit_reference_book_settlement_scheme(book, 1, &found), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_reference_book_clear_settlement_scheme(book, 1), OPENPIT_STATUS_OK);
        check_equal(openpit_reference_book_set_settlement_scheme(book, 1, &scheme), OPENPIT_STATUS_OK);
        check_equal(openpit_reference_book_settlement_scheme(book, 1, &found), OPENPIT_STATUS_OK);
        check(memcmp(&found, &scheme, sizeof found) == 0);
        check_equal(openpit_reference_book_clear_settlement_scheme(book, 1), OPENPIT_STATUS_OK);
        check_equal(openpit_reference_book_settlement_scheme(book, 1, &found), OPENPIT_STATUS_NOT_FOUND);
    }
    test("an unknown instrument does not settle") {
        openpit_settlement_scheme scheme = {{0, 0, 0}, {0, 0, 0}};
        check_equal(openpit_reference_book_set_settlement_scheme(book, 77, &scheme), OPENPIT_STATUS_UNKNOWN_INSTRUMENT);
        check_equal(openpit_reference_book_clear_settlement_scheme(book, 77), OPENPIT_STATUS_UNKNOWN_INSTRUMENT);
        check_equal(openpit_reference_book_settlement_scheme(book, 77, &found), OPENPIT_STATUS_UNKNOWN_INSTRUMENT);
    }
    test("a scheme that is not understood is refused") {
        openpit_settlement_scheme foreign = {{0, 2, 0}, {0, 0, 0}}, reserved = {{0, 0, 0}, {0, 0, 1}};
        check_equal(openpit_reference_book_set_settlement_scheme(book, 1, &foreign), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_reference_book_set_settlement_scheme(book, 1, &reserved), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_reference_book_settlement_scheme(book, 1, &found), OPENPIT_STATUS_NOT_FOUND);
    }
    test("NULL is nothing") {
        check_equal(openpit_reference_book_create(NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_reference_book_register(NULL, aapl, usd, &id), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_reference_book_register(book, usd, eur, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_reference_book_register_as(NULL, aapl, usd, 5), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_reference_book_resolve(NULL, aapl, usd, &id), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_reference_book_resolve(book, aapl, usd, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_reference_book_set_settlement_scheme(NULL, 1, &found), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_reference_book_set_settlement_scheme(book, 1, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_reference_book_clear_settlement_scheme(NULL, 1), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_reference_book_settlement_scheme(NULL, 1, &found), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_reference_book_settlement_scheme(book, 1, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        openpit_reference_book_destroy(NULL);
    }
    openpit_reference_book_destroy(book);
    return report();
}
