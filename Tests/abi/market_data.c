// Every function of the section "Market data".
#include <openpit.h>

#include "check.h"

static openpit_market_data *service;
static openpit_clock *service_clock;
static openpit_asset aapl, usd, eur;

static openpit_asset asset(const char *name) {
    openpit_asset id = 0;
    openpit_asset_intern((openpit_text){name, strlen(name)}, &id);
    return id;
}

static openpit_quote quote(uint32_t fields, int64_t mark, int64_t bid, int64_t ask) {
    return (openpit_quote){.struct_size = sizeof(openpit_quote),
                           .fields = fields,
                           .mark = openpit_decimal_from_int64(mark),
                           .bid = openpit_decimal_from_int64(bid),
                           .ask = openpit_decimal_from_int64(ask)};
}

static openpit_quote marked(int64_t mark) { return quote(OPENPIT_QUOTE_HAS_MARK, mark, 0, 0); }

static openpit_quote_reader reader(openpit_account_id account) { return (openpit_quote_reader){.account = account}; }

static openpit_quote_reader member(openpit_account_id account, openpit_account_group_id group) {
    return (openpit_quote_reader){.account = account, .group = group, .group_state = OPENPIT_READER_GROUP_KNOWN};
}

/// What a reader of the widest resolution is told; `mark` is that of the quote, or -1.
static openpit_status get(openpit_instrument_id instrument, openpit_quote_reader who, int64_t *mark) {
    openpit_quote found = quote(OPENPIT_QUOTE_HAS_MARK, -1, 0, 0);
    openpit_status status =
        openpit_market_data_get(service, instrument, who, OPENPIT_QUOTE_ACCOUNT_THEN_GROUP_THEN_DEFAULT, &found);
    *mark = (found.mark.negative ? -1 : 1) * (int64_t)found.mark.low;
    return status;
}

#define check_get(instrument, who, expected_status, expected_mark)                                                     \
    do {                                                                                                               \
        int64_t mark;                                                                                                  \
        check_equal(get(instrument, who, &mark), expected_status);                                                     \
        check_equal(mark, expected_mark);                                                                              \
    } while (0)

static void begin(openpit_quote_ttl ttl) {
    openpit_market_data_options options = {
        .struct_size = sizeof options, .sync_mode = OPENPIT_SYNC_FULL, .default_ttl = ttl};
    openpit_clock_create(&service_clock);
    options.clock = service_clock;
    check_equal(openpit_market_data_create(&options, &service), OPENPIT_STATUS_OK);
}

static void end(void) {
    openpit_market_data_destroy(service);
    openpit_clock_destroy(service_clock);
}

static void making(void) {
    test("a service needs no options") {
        openpit_market_data *made = NULL;
        check_equal(openpit_market_data_create(NULL, &made), OPENPIT_STATUS_OK);
        openpit_market_data_destroy(made);
        openpit_market_data_destroy(NULL);
    }
    test("the service keeps its clock alive") {
        openpit_instrument_id id;
        begin(10);
        openpit_clock_destroy(service_clock);
        check_equal(openpit_market_data_register(service, aapl, usd, NULL, &id), OPENPIT_STATUS_OK);
        openpit_quote pushed = marked(1);
        check_equal(openpit_market_data_push(service, id, &pushed, OPENPIT_QUOTE_REPLACE, 0), OPENPIT_STATUS_OK);
        check_get(id, reader(1), OPENPIT_STATUS_OK, 1);
        openpit_market_data_destroy(service);
    }
    test("options that are not understood are refused") {
        openpit_market_data *made = NULL;
        openpit_market_data_options options = {.struct_size = sizeof options};
        check_equal(openpit_market_data_create(&options, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        options.sync_mode = 3;
        check_equal(openpit_market_data_create(&options, &made), OPENPIT_STATUS_INVALID_ARGUMENT);
        options.sync_mode = OPENPIT_SYNC_NONE, options.reserved[3] = 1;
        check_equal(openpit_market_data_create(&options, &made), OPENPIT_STATUS_INVALID_ARGUMENT);
        options.struct_size = 0;
        check_equal(openpit_market_data_create(&options, &made), OPENPIT_STATUS_STRUCT_SIZE);
        check(made == NULL);
    }
}

static void registration(void) {
    openpit_instrument_id id = 99;
    begin(OPENPIT_QUOTE_TTL_INFINITE);
    test("automatic ids start at 0 and skip those taken") {
        check_equal(openpit_market_data_register_as(service, eur, usd, 0, NULL), OPENPIT_STATUS_OK);
        check_equal(openpit_market_data_register(service, aapl, usd, NULL, &id), OPENPIT_STATUS_OK);
        check_equal(id, 1);
        check_equal(openpit_market_data_register_as(service, usd, eur, UINT64_MAX, NULL), OPENPIT_STATUS_OK);
        check_equal(openpit_market_data_resolve(service, usd, eur, &id), OPENPIT_STATUS_OK);
        check(id == UINT64_MAX);
    }
    test("a known name comes before a taken id") {
        check_equal(openpit_market_data_register(service, aapl, usd, NULL, &id), OPENPIT_STATUS_INSTRUMENT_REGISTERED);
        check_equal(openpit_market_data_register_as(service, aapl, usd, 1, NULL), OPENPIT_STATUS_INSTRUMENT_REGISTERED);
        check_equal(openpit_market_data_register_as(service, aapl, eur, 1, NULL), OPENPIT_STATUS_INSTRUMENT_ID_TAKEN);
        check_equal(openpit_market_data_resolve(service, aapl, eur, &id), OPENPIT_STATUS_UNKNOWN_INSTRUMENT);
    }
    test("an instrument has two assets with a name") {
        check_equal(openpit_market_data_register(service, 0, usd, NULL, &id), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_market_data_register_as(service, aapl, UINT32_MAX, 7, NULL), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_market_data_resolve(service, aapl, 0, &id), OPENPIT_STATUS_NOT_FOUND);
        check(id == UINT64_MAX);
    }
    test("NULL is neither a service nor a place for an id") {
        check_equal(openpit_market_data_register(NULL, aapl, usd, NULL, &id), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_market_data_register(service, aapl, eur, NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_market_data_register_as(NULL, aapl, usd, 5, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_market_data_resolve(NULL, aapl, usd, &id), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_market_data_resolve(service, aapl, usd, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    end();
}

static void pushing(void) {
    openpit_instrument_id id = 99;
    openpit_quote found = marked(0);
    begin(OPENPIT_QUOTE_TTL_INFINITE);
    test("a push by name registers, and tells the id to who wants it") {
        openpit_quote pushed = quote(OPENPIT_QUOTE_HAS_MARK | OPENPIT_QUOTE_HAS_BID, 1, -2, 0);
        check_equal(openpit_market_data_push_by_name(service, aapl, usd, &pushed, OPENPIT_QUOTE_REPLACE, 0, &id),
                    OPENPIT_STATUS_OK);
        check_equal(id, 0);
        check_equal(openpit_market_data_push_by_name(service, aapl, usd, &pushed, OPENPIT_QUOTE_REPLACE, 0, NULL),
                    OPENPIT_STATUS_OK);
    }
    test("a patch keeps what it does not name, a push does not") {
        openpit_quote pushed = quote(OPENPIT_QUOTE_HAS_ASK, 0, 0, 3);
        check_equal(openpit_market_data_push(service, id, &pushed, OPENPIT_QUOTE_PATCH, 0), OPENPIT_STATUS_OK);
        check_equal(
            openpit_market_data_get(service, id, reader(1), OPENPIT_QUOTE_ACCOUNT_THEN_GROUP_THEN_DEFAULT, &found),
            OPENPIT_STATUS_OK);
        check_equal(found.fields, OPENPIT_QUOTE_ALL_FIELDS);
        check_equal(found.bid.low, 2);
        check_equal(found.bid.negative, 1);
        check_equal(found.ask.low, 3);
        check_equal(openpit_market_data_push(service, id, &pushed, OPENPIT_QUOTE_REPLACE, 0), OPENPIT_STATUS_OK);
        check_equal(
            openpit_market_data_get(service, id, reader(1), OPENPIT_QUOTE_ACCOUNT_THEN_GROUP_THEN_DEFAULT, &found),
            OPENPIT_STATUS_OK);
        check_equal(found.fields, OPENPIT_QUOTE_HAS_ASK);
    }
    test("a push for accounts and groups is for them alone, until all is cleared") {
        openpit_account_id accounts[] = {1, 2};
        openpit_account_group_id groups[] = {7};
        openpit_quote pushed = marked(5), everybody = marked(6);
        check_equal(openpit_market_data_push(service, id, &everybody, OPENPIT_QUOTE_REPLACE, 0), OPENPIT_STATUS_OK);
        check_equal(
            openpit_market_data_push_for(service, id, &pushed, OPENPIT_QUOTE_REPLACE, 0, accounts, 2, groups, 1),
            OPENPIT_STATUS_OK);
        check_get(id, reader(2), OPENPIT_STATUS_OK, 5);
        check_get(id, member(3, 7), OPENPIT_STATUS_OK, 5);
        check_get(id, member(3, 8), OPENPIT_STATUS_OK, 6);
        check_equal(openpit_market_data_clear(service, id), OPENPIT_STATUS_OK);
        check_get(id, reader(2), OPENPIT_STATUS_QUOTE_UNAVAILABLE, -1);
        check_get(id, reader(3), OPENPIT_STATUS_QUOTE_UNAVAILABLE, -1);
        check_equal(openpit_market_data_clear(service, 77), OPENPIT_STATUS_OK);
    }
    test("nobody to push for is reported before an unknown instrument") {
        openpit_account_id account = 1;
        openpit_quote pushed = marked(1);
        check_equal(openpit_market_data_push_for(service, 77, &pushed, OPENPIT_QUOTE_REPLACE, 0, NULL, 0, NULL, 0),
                    OPENPIT_STATUS_NO_TARGETS);
        check_equal(openpit_market_data_push_for(service, 77, &pushed, OPENPIT_QUOTE_REPLACE, 0, &account, 1, NULL, 0),
                    OPENPIT_STATUS_UNKNOWN_INSTRUMENT);
        check_equal(openpit_market_data_push(service, 77, &pushed, OPENPIT_QUOTE_REPLACE, 0),
                    OPENPIT_STATUS_UNKNOWN_INSTRUMENT);
    }
    test("a crossed book and an empty quote are quotes") {
        openpit_quote crossed = quote(OPENPIT_QUOTE_HAS_BID | OPENPIT_QUOTE_HAS_ASK, 0, 2, 1),
                      empty = quote(0, 9, 9, 9);
        check_equal(openpit_market_data_push(service, id, &crossed, OPENPIT_QUOTE_REPLACE, 0), OPENPIT_STATUS_OK);
        check_equal(openpit_market_data_push(service, id, &empty, OPENPIT_QUOTE_REPLACE, 0), OPENPIT_STATUS_OK);
        check_get(id, reader(1), OPENPIT_STATUS_OK, 0);
    }
    test("a quote that is none is refused") {
        openpit_quote bad = marked(1);
        bad.mark.scale = 29;
        check_equal(openpit_market_data_push(service, id, &bad, OPENPIT_QUOTE_REPLACE, 0),
                    OPENPIT_STATUS_INVALID_DECIMAL);
        bad.fields = 0;
        check_equal(openpit_market_data_push(service, id, &bad, OPENPIT_QUOTE_REPLACE, 0), OPENPIT_STATUS_OK);
        bad.fields = OPENPIT_QUOTE_ALL_FIELDS + 1;
        check_equal(openpit_market_data_push(service, id, &bad, OPENPIT_QUOTE_REPLACE, 0),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        bad.fields = 0, bad.struct_size = 4;
        check_equal(openpit_market_data_push(service, id, &bad, OPENPIT_QUOTE_REPLACE, 0), OPENPIT_STATUS_STRUCT_SIZE);
    }
    test("NULL, foreign numbers and impossible counts are refused") {
        openpit_account_id account = 1;
        openpit_quote good = marked(1);
        check_equal(openpit_market_data_push(NULL, id, &good, OPENPIT_QUOTE_REPLACE, 0), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_market_data_push(service, id, NULL, OPENPIT_QUOTE_REPLACE, 0),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_market_data_push(service, id, &good, 2, 0), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_market_data_push_by_name(NULL, aapl, usd, &good, OPENPIT_QUOTE_REPLACE, 0, NULL),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_market_data_push_by_name(service, 0, usd, &good, OPENPIT_QUOTE_REPLACE, 0, NULL),
                    OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_market_data_push_for(NULL, id, &good, OPENPIT_QUOTE_REPLACE, 0, &account, 1, NULL, 0),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_market_data_push_for(service, id, &good, OPENPIT_QUOTE_REPLACE, 0, NULL, 1, NULL, 0),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(
            openpit_market_data_push_for(service, id, &good, OPENPIT_QUOTE_REPLACE, 0, &account, SIZE_MAX, NULL, 0),
            OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_market_data_clear(NULL, id), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    end();
}

static void reading(void) {
    openpit_instrument_id id = 0;
    openpit_quote pushed = marked(1);
    begin(10);
    openpit_market_data_register(service, aapl, usd, NULL, &id);
    test("a quote expires when its age reaches the TTL, and still says what it was") {
        static const struct {
            int64_t source_age;
            openpit_status status;
        } cases[] = {{INT64_MIN, OPENPIT_STATUS_OK},
                     {-1, OPENPIT_STATUS_OK},
                     {0, OPENPIT_STATUS_OK},
                     {6, OPENPIT_STATUS_OK},
                     {7, OPENPIT_STATUS_QUOTE_EXPIRED},
                     {8, OPENPIT_STATUS_QUOTE_EXPIRED},
                     {INT64_MAX, OPENPIT_STATUS_QUOTE_EXPIRED}};
        for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
            openpit_market_data_push(service, id, &pushed, OPENPIT_QUOTE_REPLACE, cases[index].source_age);
            openpit_clock_advance(service_clock, 3);
            check_get(id, reader(1), cases[index].status, 1);
        }
    }
    test("time passes by the service's clock") {
        openpit_market_data_push(service, id, &pushed, OPENPIT_QUOTE_REPLACE, 0);
        openpit_clock_advance(service_clock, 9);
        check_get(id, reader(1), OPENPIT_STATUS_OK, 1);
        openpit_clock_advance(service_clock, 1);
        check_get(id, reader(1), OPENPIT_STATUS_QUOTE_EXPIRED, 1);
        openpit_clock_advance(service_clock, 1);
        check_get(id, reader(1), OPENPIT_STATUS_QUOTE_EXPIRED, 1);
    }
    test("unknown and unavailable are two answers that write nothing") {
        openpit_quote found = marked(-1);
        check_get(77, reader(1), OPENPIT_STATUS_UNKNOWN_INSTRUMENT, -1);
        check_equal(openpit_market_data_get(service, id, member(1, 7), OPENPIT_QUOTE_ACCOUNT_ONLY, &found),
                    OPENPIT_STATUS_QUOTE_UNAVAILABLE);
        check_equal(openpit_market_data_get(service, id, member(1, 7), OPENPIT_QUOTE_ACCOUNT_THEN_GROUP, &found),
                    OPENPIT_STATUS_QUOTE_UNAVAILABLE);
        check_equal(found.mark.low, 1);
    }
    test("the default group is a group to a reader who names it") {
        openpit_quote found = marked(-1);
        openpit_market_data_push(service, id, &pushed, OPENPIT_QUOTE_REPLACE, 0);
        check_equal(openpit_market_data_get(service, id, member(1, 0), OPENPIT_QUOTE_ACCOUNT_THEN_GROUP, &found),
                    OPENPIT_STATUS_OK);
        check_equal(openpit_market_data_get(service, id, reader(1), OPENPIT_QUOTE_ACCOUNT_THEN_GROUP, &found),
                    OPENPIT_STATUS_QUOTE_UNAVAILABLE);
    }
    test("a group that is not known is asked for when it matters") {
        openpit_quote_reader unknown = {.account = 1, .group_state = OPENPIT_READER_GROUP_UNKNOWN};
        openpit_ttl_scope scope = {.axis = OPENPIT_TTL_INSTRUMENT_ACCOUNT, .account = 1, .instrument = id};
        openpit_account_id account = 1;
        check_get(id, unknown, OPENPIT_STATUS_GROUP_NEEDED, -1);
        openpit_market_data_push_for(service, id, &pushed, OPENPIT_QUOTE_REPLACE, 0, &account, 1, NULL, 0);
        check_get(id, unknown, OPENPIT_STATUS_GROUP_NEEDED, -1);
        openpit_market_data_set_ttl(service, scope, 1);
        check_get(id, unknown, OPENPIT_STATUS_OK, 1);
    }
    test("NULL and foreign numbers are refused") {
        openpit_quote found = marked(-1);
        openpit_quote_reader foreign = {.group_state = 3};
        check_equal(openpit_market_data_get(NULL, id, reader(1), OPENPIT_QUOTE_ACCOUNT_ONLY, &found),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_market_data_get(service, id, reader(1), OPENPIT_QUOTE_ACCOUNT_ONLY, NULL),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_market_data_get(service, id, reader(1), 3, &found), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_market_data_get(service, id, foreign, OPENPIT_QUOTE_ACCOUNT_ONLY, &found),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        found.struct_size = 0;
        check_equal(openpit_market_data_get(service, id, reader(1), OPENPIT_QUOTE_ACCOUNT_ONLY, &found),
                    OPENPIT_STATUS_STRUCT_SIZE);
    }
    end();
}

static void ttls(void) {
    openpit_instrument_id id = 0;
    openpit_quote pushed = marked(1);
    begin(0);
    openpit_market_data_register(service, aapl, usd, NULL, &id);
    openpit_market_data_push(service, id, &pushed, OPENPIT_QUOTE_REPLACE, 0);
    test("of two TTLs the more particular one counts, until it is cleared") {
        openpit_ttl_scope ladder[] = {
            {.axis = OPENPIT_TTL_INSTRUMENT, .instrument = id},
            {.axis = OPENPIT_TTL_GROUP, .group = OPENPIT_DEFAULT_ACCOUNT_GROUP},
            {.axis = OPENPIT_TTL_GROUP, .group = 7},
            {.axis = OPENPIT_TTL_ACCOUNT, .account = 1},
            {.axis = OPENPIT_TTL_INSTRUMENT_GROUP, .instrument = id, .group = OPENPIT_DEFAULT_ACCOUNT_GROUP},
            {.axis = OPENPIT_TTL_INSTRUMENT_GROUP, .instrument = id, .group = 7},
            {.axis = OPENPIT_TTL_INSTRUMENT_ACCOUNT, .instrument = id, .account = 1},
        };
        int steps = sizeof ladder / sizeof *ladder;
        for (int step = 0; step < steps; step++) {
            openpit_quote_ttl ttl = step % 2 == 0 ? OPENPIT_QUOTE_TTL_INFINITE : 0;
            check_equal(openpit_market_data_set_ttl(service, ladder[step], ttl), OPENPIT_STATUS_OK);
            check_get(id, member(1, 7), ttl == 0 ? OPENPIT_STATUS_QUOTE_EXPIRED : OPENPIT_STATUS_OK, 1);
        }
        for (int step = steps - 1; step >= 0; step--) {
            check_equal(openpit_market_data_clear_ttl(service, ladder[step]), OPENPIT_STATUS_OK);
            check_get(id, member(1, 7), step % 2 == 0 ? OPENPIT_STATUS_QUOTE_EXPIRED : OPENPIT_STATUS_OK, 1);
            check_equal(openpit_market_data_clear_ttl(service, ladder[step]), OPENPIT_STATUS_OK);
        }
    }
    test("an instrument is registered with a TTL of its own") {
        openpit_quote_ttl ttl = 1;
        check_equal(openpit_market_data_register(service, eur, usd, &ttl, &id), OPENPIT_STATUS_OK);
        openpit_market_data_push(service, id, &pushed, OPENPIT_QUOTE_REPLACE, 0);
        check_get(id, reader(1), OPENPIT_STATUS_OK, 1);
        ttl = OPENPIT_QUOTE_TTL_INFINITE;
        check_equal(openpit_market_data_register_as(service, usd, eur, 9, &ttl), OPENPIT_STATUS_OK);
        openpit_market_data_push(service, 9, &pushed, OPENPIT_QUOTE_REPLACE, INT64_MAX);
        check_get(9, reader(1), OPENPIT_STATUS_OK, 1);
    }
    test("an unknown instrument, a foreign axis and NULL are refused") {
        openpit_ttl_scope scope = {.axis = OPENPIT_TTL_INSTRUMENT, .instrument = 77};
        check_equal(openpit_market_data_set_ttl(service, scope, 1), OPENPIT_STATUS_UNKNOWN_INSTRUMENT);
        check_equal(openpit_market_data_clear_ttl(service, scope), OPENPIT_STATUS_UNKNOWN_INSTRUMENT);
        scope.axis = OPENPIT_TTL_INSTRUMENT_GROUP;
        check_equal(openpit_market_data_set_ttl(service, scope, 1), OPENPIT_STATUS_UNKNOWN_INSTRUMENT);
        scope.axis = OPENPIT_TTL_INSTRUMENT_ACCOUNT;
        check_equal(openpit_market_data_clear_ttl(service, scope), OPENPIT_STATUS_UNKNOWN_INSTRUMENT);
        scope.axis = 5;
        check_equal(openpit_market_data_set_ttl(service, scope, 1), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_market_data_clear_ttl(service, scope), OPENPIT_STATUS_INVALID_ARGUMENT);
        scope.axis = OPENPIT_TTL_ACCOUNT;
        check_equal(openpit_market_data_set_ttl(NULL, scope, 1), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_market_data_clear_ttl(NULL, scope), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    end();
}

int main(void) {
    aapl = asset("AAPL"), usd = asset("USD"), eur = asset("EUR");
    making();
    registration();
    pushing();
    reading();
    ttls();
    return report();
}
