/*
 * openpit/wire.h: lock prices as bytes, for the way to a venue and back.
 *
 * What holds for all of them is told in openpit.h.
 */
#ifndef OPENPIT_WIRE_H
#define OPENPIT_WIRE_H

#include "records.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Locks on the wire --------------------------------------------------------------------------------------- */

/** How a lock is written. */
typedef uint32_t openpit_lock_format;
enum { OPENPIT_LOCK_JSON = 0, OPENPIT_LOCK_MSGPACK = 1, OPENPIT_LOCK_CBOR = 2 };

/**
 * Writes lock entries: an array whose first item lists the prices of group 0, and whose further items are a group id and its
 * prices. Writes `length` also on OPENPIT_STATUS_BUFFER_TOO_SMALL, so that the caller can come again.
 */
OPENPIT_API openpit_status openpit_lock_encode(openpit_lock_format format, const openpit_lock_entry *entries,
                                               size_t count, uint8_t *buffer, size_t capacity, size_t *length);
/** Reads what openpit_lock_encode wrote, group 0 first. Writes `count` also on OPENPIT_STATUS_BUFFER_TOO_SMALL. */
OPENPIT_API openpit_status openpit_lock_decode(openpit_lock_format format, const uint8_t *data, size_t length,
                                               openpit_lock_entry *entries, size_t capacity, size_t *count,
                                               openpit_error *error);

#ifdef __cplusplus
}
#endif

#endif
