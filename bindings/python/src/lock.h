/* Lock: the prices reservations were made at, by policy group. */
#ifndef LOCK_H
#define LOCK_H

#include "model.h"

/* Group 0 first, then the groups in the order they were first seen; prices of a group in the order they were added. */
typedef struct LockEntries {
    openpit_lock_entry *items; /* `single`, or memory of its own */
    size_t count;
    size_t capacity;
    openpit_lock_entry single; /* most locks hold one price */
} LockEntries;

typedef struct LockObject {
    MODEL_HEAD
    LockEntries entries;
} LockObject;

/* A LockEntries that is all zeros is empty and ready for use, except that it has to stay where it is. */
void lock_entries_free(LockEntries *entries);

/* Adds a price to its group. Returns -1 with MemoryError. */
int lock_entries_add(LockEntries *entries, openpit_policy_group_id group, openpit_decimal price);

/* Replaces the entries by a copy. Returns -1 with MemoryError. */
int lock_entries_copy(LockEntries *entries, const openpit_lock_entry *items, size_t count);

/* A new Lock with a copy of the entries. */
PyObject *lock_new(ModuleState *state, const openpit_lock_entry *items, size_t count);

int lock_init(PyObject *module, ModuleState *state);

#endif
