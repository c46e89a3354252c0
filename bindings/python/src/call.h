/*
 * One call into an engine, as its callbacks see it: where they leave their exceptions and their mutations.
 *
 * Calls nest, because a hook may call an engine again. Each has its own record on the C stack, so that what fails in an inner
 * call never reaches, hides or clears what failed in the outer one.
 */
#ifndef CALL_H
#define CALL_H

#include "shared_engine.h"

/* What a policy wants done when an order is kept or undone. In a list of its reservation, which shows it to the collector. */
typedef struct PolicyMutation {
    struct PolicyMutation *next;
    struct PolicyMutation **link; /* what points to this one */
    PyObject *commit;
    PyObject *rollback;
} PolicyMutation;

typedef struct Call {
    struct Call *outer;
    PyObject *error; /* of a callback that failed: of the last one, with the others as its context, or of the first */
    PolicyMutation *mutations; /* those that are waiting for commit or rollback */
    bool is_silent;            /* callbacks' exceptions are reported, not raised */
    bool keeps_first;          /* what fails after the first one is reported */
} Call;

/* The call this thread is in. */
extern _Thread_local Call *current_call;

static inline void call_enter(Call *call, const SharedEngine *shared, bool is_silent) {
    call->error = NULL;
    call->mutations = NULL;
    call->is_silent = is_silent;
    call->keeps_first = shared->compatibility.raises_first_error;
    if (!shared->has_callbacks) return;
    call->outer = current_call;
    current_call = call;
}

static inline void call_leave(Call *call, const SharedEngine *shared) {
    if (shared->has_callbacks) current_call = call->outer;
}

/* Raises the call's error, if there is one, otherwise that of a status other than OK. */
int call_check(Call *call, ModuleState *state, openpit_status status);

/* Moves the exception that is set into the current call; `source` is named when it can only be reported. */
void call_fail(PyObject *source);

/* Takes the exception that is set. */
PyObject *take_exception(void);
/* Sets an exception, taking the reference over. */
void set_exception(PyObject *exception);

/* Registers a mutation of an order or an adjustment, from the object a hook returned. */
int call_add_mutation(Call *call, openpit_context *context, ModuleState *state, PyObject *object);

/* Hands the waiting mutations to whoever holds the reservation. */
void move_mutations(PolicyMutation **from, PolicyMutation **to);

#endif
