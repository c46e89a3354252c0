/*
 * openpit/rules.h: what is no metric and refuses orders all the same: calendars and sessions, permissions, required limits.
 *
 * What holds for all of them is told in openpit.h. All of it is told to the builder, as limits are.
 */
#ifndef OPENPIT_RULES_H
#define OPENPIT_RULES_H

#include "limits.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Calendars ----------------------------------------------------------------------------------------------- */

/** What begins at an instant of a calendar, and what holds from then on. A week or a month begins with a day. */
enum {
    OPENPIT_CALENDAR_DAY_BEGINS = 1u << 0,
    OPENPIT_CALENDAR_WEEK_BEGINS = 1u << 1,
    OPENPIT_CALENDAR_MONTH_BEGINS = 1u << 2,
    OPENPIT_CALENDAR_IS_PAST_LAST_ENTRY = 1u << 3, /* too late for orders that do not reduce */
    OPENPIT_CALENDAR_ALL_FLAGS = (1u << 4) - 1
};

/** An instant from which on a calendar says something else. */
typedef struct openpit_calendar_instant {
    int64_t time; /* Unix nanoseconds */
    openpit_phase phase;
    uint8_t flags; /* OPENPIT_CALENDAR_* */
    uint8_t reserved[6];
} openpit_calendar_instant;

/**
 * Adds a calendar, worked out by somebody who knows time zones: instants, ascending, of which the first tells how things are when
 * the engine starts. From `end` on it has no answer. Writes what instruments, accounts and venues name it by; 0 is no calendar.
 */
OPENPIT_API openpit_status openpit_engine_builder_add_calendar(openpit_engine_builder *builder,
                                                               const openpit_calendar_instant *instants, size_t count,
                                                               int64_t end, uint32_t *calendar);
/** Gives a venue the calendar that counts for what has none of its own. */
OPENPIT_API openpit_status openpit_engine_builder_set_venue_calendar(openpit_engine_builder *builder,
                                                                     openpit_name venue, uint32_t calendar);

/* ---- Sessions ------------------------------------------------------------------------------------------------ */

/** A session that has to be heard of, see openpit_engine_heartbeat. */
typedef struct openpit_session {
    uint32_t struct_size;
    openpit_name name;
    uint64_t heartbeat;            /* nanoseconds: silent for so long, it is lost, and its orders are to be cancelled */
    openpit_trading_state on_loss; /* what its orders meet then; 0: none */
    uint8_t is_released_by_heartbeat; /* 1: the next heartbeat ends that state */
    uint8_t reserved[6];
} openpit_session;

/** Adds a session, which orders name. One without a heartbeat is never lost. */
OPENPIT_API openpit_status openpit_engine_builder_add_session(openpit_engine_builder *builder,
                                                              const openpit_session *session);

/* ---- Permissions --------------------------------------------------------------------------------------------- */

/** Something that is allowed, or denied. What does not belong to its aspect is 0. */
typedef struct openpit_permission_item {
    openpit_aspect aspect;
    uint8_t is_allowed; /* 0: denied */
    uint8_t word;       /* an order type, time in force, OPENPIT_ATTRIBUTE_*, or side; of short 1, of short_exempt 2 */
    uint8_t reserved;
    openpit_name name;    /* a strategy, trader or venue; the kind of a class; the underlying of an instrument */
    openpit_name name_of; /* such as tech of the kind sector; the settlement of an instrument */
} openpit_permission_item;

/** What there is to say about a permission. */
enum {
    OPENPIT_PERMISSION_HAS_EFFECTIVE_FROM = 1u << 0,
    OPENPIT_PERMISSION_HAS_EFFECTIVE_UNTIL = 1u << 1,
    OPENPIT_PERMISSION_EXCEPTS_REDUCING = 1u << 2,
    OPENPIT_PERMISSION_ALL_FIELDS = (1u << 3) - 1
};

/** A row that allows or denies. All that match an order are asked; each gives at most one reject, with its name. */
typedef struct openpit_permission {
    uint32_t struct_size;
    uint32_t fields; /* OPENPIT_PERMISSION_* */
    openpit_name name;
    openpit_phase phase; /* in which it counts; 0: always */
    uint8_t reserved;
    openpit_reject_code code; /* in place of that of the aspect; 0: that */
    uint32_t
        allowed_aspects; /* bits 1u << OPENPIT_ASPECT_*: of which it has a list of what is allowed, which may be empty */
    uint32_t reserved_word;
    openpit_scope scope; /* each key has a value */
    int64_t effective_from;
    int64_t effective_until;
    const openpit_permission_item *items;
    size_t item_count;
} openpit_permission;

/** Adds a permission behind those there are. */
OPENPIT_API openpit_status openpit_engine_builder_add_permission(openpit_engine_builder *builder,
                                                                 const openpit_permission *permission);

/**
 * Refuses every order that no limit of this metric matches: one in a scope that has these keys, bits 1u << OPENPIT_SCOPE_KEY_*, or
 * with 0 in any scope.
 */
OPENPIT_API openpit_status openpit_engine_builder_require(openpit_engine_builder *builder, openpit_metric metric,
                                                          uint16_t keys);

#ifdef __cplusplus
}
#endif

#endif
