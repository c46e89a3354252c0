/* Reject and AccountBlock: why somebody said no, and what a hook may give in their place. */
#ifndef REJECT_H
#define REJECT_H

#include "shared_engine.h"

/* A reject on its way into the library, with the objects its texts are borrowed from. */
typedef struct GivenReject {
    openpit_reject native;
    PyObject *texts[2];
} GivenReject;

/* What an iterable of rejects held. Starts as {0}. */
typedef struct GivenRejects {
    GivenReject *items;
    Py_ssize_t count;
    Py_ssize_t capacity;
} GivenRejects;

void given_rejects_free(GivenRejects *rejects);

/* Reads an iterable of PolicyReject objects, or of anything with the same attributes. */
int given_rejects_read(ModuleState *state, PyObject *iterable, GivenRejects *rejects);

/* A new list of AccountBlock objects, made of an iterable of them or of anything with the same attributes. */
PyObject *account_blocks_from_iterable(ModuleState *state, PyObject *iterable);

/* Borrows what an AccountBlock object says. */
int account_block_read(PyObject *block, openpit_reject *cause);

PyObject *reject_new(SharedEngine *shared, const openpit_reject *reject);
PyObject *account_block_new(SharedEngine *shared, const openpit_reject *block);

int reject_init(PyObject *module, ModuleState *state);

#endif
