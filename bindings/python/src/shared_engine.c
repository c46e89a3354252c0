#include "shared_engine.h"

#include "errors.h"

SharedEngine *shared_engine_new(ModuleState *state, openpit_engine *native, bool has_callbacks) {
    SharedEngine *shared = PyMem_Calloc(1, sizeof *shared);
    if (shared == NULL) return (SharedEngine *)PyErr_NoMemory();
    openpit_status status = openpit_engine_retain_weak(native);
    if (status != OPENPIT_STATUS_OK) {
        PyMem_Free(shared);
        return (SharedEngine *)raise_status(state, status, "engine");
    }
    shared->references = 1;
    shared->state = state;
    shared->native = native;
    shared->has_callbacks = has_callbacks;
    return shared;
}

void shared_engine_free(SharedEngine *shared) {
    for (int i = 0; i < shared->spare_count; i++) openpit_result_destroy(shared->spare[i]);
    openpit_engine_release_weak(shared->native);
    PyMem_Free(shared);
}

openpit_result *shared_engine_new_result(SharedEngine *shared) {
    openpit_result *result;
    openpit_status status = openpit_result_create(&result);
    if (status != OPENPIT_STATUS_OK) return (openpit_result *)raise_status(shared->state, status, "result");
    return result;
}
