/* EngineBuilder, SyncedEngineBuilder and ReadyEngineBuilder: the stages of building an engine. */
#ifndef BUILDER_H
#define BUILDER_H

#include "callback.h"

#define CAPACITY_COUNT 3

/* What the first stages chose. */
typedef struct EngineChoices {
    openpit_sync_mode mode;
    openpit_compatibility compatibility;
    uint64_t capacities[CAPACITY_COUNT]; /* accounts, open requests and reservations, names; 0 is the default */
} EngineChoices;

typedef struct ReadyBuilder {
    PyObject_HEAD EngineChoices choices;
    openpit_engine_builder *native; /* NULL once it was built */
    PythonPolicy *policies;         /* those of the native builder, for the collector */
    PyObject *clock;                /* a Clock, or None */
    PyObject *market;               /* the quotes the limits read, or NULL */
    PyObject *configuration;        /* what the engine is configured from, or NULL */
} ReadyBuilder;

PyObject *engine_builder_new(ModuleState *state);

/* A builder without policies; `clock` is a Clock or None. */
PyObject *ready_builder_new(ModuleState *state, EngineChoices choices, PyObject *clock);

/* What is built of a ReadyEngineBuilder that was not built yet; NULL with an exception for anything else. */
openpit_engine_builder *ready_builder_native(ModuleState *state, PyObject *object);

/* Always NULL, with an exception: the builder was built, or refused something. */
PyObject *raise_spent_builder(void);
PyObject *raise_refused_building(ModuleState *state, openpit_status status, const openpit_error *error);

int builder_init(PyObject *module, ModuleState *state);

#endif
