/*
 * openpit/market.h: quotes and how old they may become, and what is known about instruments for good.
 *
 * What holds for all of them is told in openpit.h.
 */
#ifndef OPENPIT_MARKET_H
#define OPENPIT_MARKET_H

#include "names.h"
#include "numbers.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Market data --------------------------------------------------------------------------------------------- */

/**
 * Quotes, and how old they may become. Feeds push them, policies and you read them. An engine made with the service keeps
 * it alive, and one service may serve several engines.
 *
 * Threads: with OPENPIT_SYNC_FULL or OPENPIT_SYNC_ACCOUNT any thread may do anything: a reader never waits, it sees a push
 * to several places in all of them or in none, and writers take turns. With OPENPIT_SYNC_NONE calls must not overlap.
 */
typedef struct openpit_market_data openpit_market_data;

/** The number an instrument is registered under, the same in market data and reference book if you say so. */
typedef uint64_t openpit_instrument_id;

/** How old a quote may become, in nanoseconds: at this age it has expired. The longest finite time is 2^64 - 3. */
typedef uint64_t openpit_quote_ttl;
#define OPENPIT_QUOTE_TTL_INFINITE UINT64_MAX

/** How a service is made. NULL in its place means: any thread, the system's monotonic clock, quotes never expire. */
typedef struct openpit_market_data_options {
    uint32_t struct_size;
    openpit_sync_mode sync_mode;
    openpit_clock *clock;          /* NULL: the system's monotonic clock */
    openpit_quote_ttl default_ttl; /* where no other one is set */
    uint64_t reserved[4];
} openpit_market_data_options;

/** Makes a service without instruments. `options` may be NULL and is read now. */
OPENPIT_API openpit_status
openpit_market_data_create(const openpit_market_data_options *options,
                           OPENPIT_OWN openpit_market_data **service); /* openpit_market_data_destroy */
/** Gives the caller's reference back. Engines made with the service keep theirs. */
OPENPIT_API void openpit_market_data_destroy(openpit_market_data *service);

/* Instruments. Automatic ids start at 0 and skip those taken; nothing is ever unregistered. */

/**
 * Registers underlying/settlement under the next automatic id.
 *
 * @param ttl  the instrument's own TTL; NULL for none.
 * @return OPENPIT_STATUS_INSTRUMENT_REGISTERED when the instrument is known already.
 */
OPENPIT_API openpit_status openpit_market_data_register(openpit_market_data *service, openpit_asset underlying,
                                                        openpit_asset settlement, const openpit_quote_ttl *ttl,
                                                        openpit_instrument_id *instrument);
/** Registers it under `instrument`; OPENPIT_STATUS_INSTRUMENT_ID_TAKEN when another one has that id. */
OPENPIT_API openpit_status openpit_market_data_register_as(openpit_market_data *service, openpit_asset underlying,
                                                           openpit_asset settlement, openpit_instrument_id instrument,
                                                           const openpit_quote_ttl *ttl);
/** The id of a registered instrument, else OPENPIT_STATUS_UNKNOWN_INSTRUMENT. The swapped pair is another instrument. */
OPENPIT_API openpit_status openpit_market_data_resolve(const openpit_market_data *service, openpit_asset underlying,
                                                       openpit_asset settlement, openpit_instrument_id *instrument);

/* Pushing. A push makes the whole quote young again, also when it fills in some of its prices only. */

enum {
    OPENPIT_QUOTE_HAS_MARK = 1u << 0,
    OPENPIT_QUOTE_HAS_BID = 1u << 1,
    OPENPIT_QUOTE_HAS_ASK = 1u << 2,
    OPENPIT_QUOTE_ALL_FIELDS = (1u << 3) - 1
};

/** What an instrument is worth, as far as somebody said. Any sign; a crossed book is a book. */
typedef struct openpit_quote {
    uint32_t struct_size;
    uint32_t fields; /* OPENPIT_QUOTE_HAS_* bits; none at all is a quote too */
    openpit_decimal mark;
    openpit_decimal bid;
    openpit_decimal ask;
} openpit_quote;

/** What becomes of the prices that a pushed quote does not have. */
typedef uint32_t openpit_quote_update;
enum {
    OPENPIT_QUOTE_REPLACE = 0, /* they are gone */
    OPENPIT_QUOTE_PATCH = 1    /* they keep their value */
};

/**
 * Pushes a quote for everybody who has no quote of their own.
 *
 * @param source_age  nanoseconds the quote was old on arrival; a negative age counts as 0.
 * @return OPENPIT_STATUS_UNKNOWN_INSTRUMENT for an id that was not registered.
 */
OPENPIT_API openpit_status openpit_market_data_push(openpit_market_data *service, openpit_instrument_id instrument,
                                                    const openpit_quote *quote, openpit_quote_update update,
                                                    int64_t source_age);
/** The same, found by name; registers the instrument when it is new. `instrument` may be NULL. */
OPENPIT_API openpit_status openpit_market_data_push_by_name(openpit_market_data *service, openpit_asset underlying,
                                                            openpit_asset settlement, const openpit_quote *quote,
                                                            openpit_quote_update update, int64_t source_age,
                                                            openpit_instrument_id *instrument);
/**
 * Pushes a quote for the accounts and groups named; the default group stands for everybody. OPENPIT_STATUS_NO_TARGETS,
 * whatever the instrument, when nobody is named.
 */
OPENPIT_API openpit_status openpit_market_data_push_for(openpit_market_data *service, openpit_instrument_id instrument,
                                                        const openpit_quote *quote, openpit_quote_update update,
                                                        int64_t source_age, const openpit_account_id *accounts,
                                                        size_t account_count, const openpit_account_group_id *groups,
                                                        size_t group_count);
/** Forgets the instrument's quotes, whoever they are for. Its id and its TTLs stay. An unknown id is ignored. */
OPENPIT_API openpit_status openpit_market_data_clear(openpit_market_data *service, openpit_instrument_id instrument);

/* Reading. */

/** Where a reader looks for a quote. The search ends at the first place that has one, whatever it lacks or its age. */
typedef uint32_t openpit_quote_resolution;
enum {
    OPENPIT_QUOTE_ACCOUNT_ONLY = 0,
    OPENPIT_QUOTE_ACCOUNT_THEN_GROUP = 1,
    OPENPIT_QUOTE_ACCOUNT_THEN_GROUP_THEN_DEFAULT = 2
};

/** Whether a reader's group is known. */
typedef uint32_t openpit_reader_group;
enum {
    OPENPIT_READER_GROUP_NONE = 0,
    OPENPIT_READER_GROUP_KNOWN = 1,
    /** Where it costs something to find out: answers OPENPIT_STATUS_GROUP_NEEDED when it matters; then ask again. */
    OPENPIT_READER_GROUP_UNKNOWN = 2
};

/** Who reads. */
typedef struct openpit_quote_reader {
    openpit_account_id account;
    openpit_account_group_id group;   /* with OPENPIT_READER_GROUP_KNOWN; the default group is a group here */
    openpit_reader_group group_state; /* OPENPIT_READER_GROUP_* */
} openpit_quote_reader;

/**
 * Reads a quote. No lock, no allocation.
 *
 * @param quote  set struct_size first. Written on OPENPIT_STATUS_OK, and with the old quote on
 *               OPENPIT_STATUS_QUOTE_EXPIRED.
 * @return OPENPIT_STATUS_UNKNOWN_INSTRUMENT, OPENPIT_STATUS_QUOTE_UNAVAILABLE and OPENPIT_STATUS_QUOTE_EXPIRED are three
 *         different answers, and none of them is a price to trade at.
 */
OPENPIT_API openpit_status openpit_market_data_get(const openpit_market_data *service, openpit_instrument_id instrument,
                                                   openpit_quote_reader reader, openpit_quote_resolution resolution,
                                                   openpit_quote *quote);

/* TTLs. */

/** What a TTL is set for. */
typedef uint32_t openpit_ttl_axis;
enum {
    OPENPIT_TTL_ACCOUNT = 0,
    OPENPIT_TTL_GROUP = 1,
    OPENPIT_TTL_INSTRUMENT = 2,
    OPENPIT_TTL_INSTRUMENT_ACCOUNT = 3,
    OPENPIT_TTL_INSTRUMENT_GROUP = 4
};

/**
 * Where a TTL applies. For each reader the first one that is set counts: instrument and account, instrument and group,
 * instrument and default group, account, group, default group, instrument, the service's own.
 */
typedef struct openpit_ttl_scope {
    openpit_ttl_axis axis;
    openpit_account_group_id group;   /* for the axes with a group */
    openpit_account_id account;       /* for the axes with an account */
    openpit_instrument_id instrument; /* for the axes with an instrument */
} openpit_ttl_scope;

/** Sets a TTL, also for the quotes there are. */
OPENPIT_API openpit_status openpit_market_data_set_ttl(openpit_market_data *service, openpit_ttl_scope scope,
                                                       openpit_quote_ttl ttl);
/** Clears a TTL; there need not be one. */
OPENPIT_API openpit_status openpit_market_data_clear_ttl(openpit_market_data *service, openpit_ttl_scope scope);

/* ---- Reference book ------------------------------------------------------------------------------------------ */

/** What is known about instruments for good: when they settle. Kept for the caller; no check reads it. Safe from any thread. */
typedef struct openpit_reference_book openpit_reference_book;

/** Makes a book without instruments. */
OPENPIT_API openpit_status
openpit_reference_book_create(OPENPIT_OWN openpit_reference_book **book); /* openpit_reference_book_destroy */
OPENPIT_API void openpit_reference_book_destroy(openpit_reference_book *book);

/** Registers underlying/settlement as market data does, in a registry of its own. */
OPENPIT_API openpit_status openpit_reference_book_register(openpit_reference_book *book, openpit_asset underlying,
                                                           openpit_asset settlement, openpit_instrument_id *instrument);
OPENPIT_API openpit_status openpit_reference_book_register_as(openpit_reference_book *book, openpit_asset underlying,
                                                              openpit_asset settlement,
                                                              openpit_instrument_id instrument);
OPENPIT_API openpit_status openpit_reference_book_resolve(const openpit_reference_book *book, openpit_asset underlying,
                                                          openpit_asset settlement, openpit_instrument_id *instrument);

/** What a settlement lag counts. */
typedef uint32_t openpit_settlement_unit;
enum { OPENPIT_SETTLEMENT_BUSINESS_DAYS = 0, OPENPIT_SETTLEMENT_CALENDAR_DAYS = 1 };

/** How long after the trade something is due: T+count. */
typedef struct openpit_settlement_lag {
    uint64_t count;
    openpit_settlement_unit unit;
    uint32_t reserved;
} openpit_settlement_lag;

/** When the two sides of a trade are due. */
typedef struct openpit_settlement_scheme {
    openpit_settlement_lag delivery;
    openpit_settlement_lag payment;
} openpit_settlement_scheme;

/** Sets when an instrument settles; OPENPIT_STATUS_UNKNOWN_INSTRUMENT for an id that was not registered. */
OPENPIT_API openpit_status openpit_reference_book_set_settlement_scheme(openpit_reference_book *book,
                                                                        openpit_instrument_id instrument,
                                                                        const openpit_settlement_scheme *scheme);
/** Clears it; there need not be one. */
OPENPIT_API openpit_status openpit_reference_book_clear_settlement_scheme(openpit_reference_book *book,
                                                                          openpit_instrument_id instrument);
/** When an instrument settles; OPENPIT_STATUS_NOT_FOUND when nobody said, which means at once. */
OPENPIT_API openpit_status openpit_reference_book_settlement_scheme(const openpit_reference_book *book,
                                                                    openpit_instrument_id instrument,
                                                                    openpit_settlement_scheme *scheme);

#ifdef __cplusplus
}
#endif

#endif
