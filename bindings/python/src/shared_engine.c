#include "shared_engine.h"

#include "errors.h"
#include "text.h"

static Compatibility compatibility_of(openpit_compatibility release) {
    const bool is_later = release != OPENPIT_COMPATIBILITY_0_7;
    return (Compatibility){
        .reports_finalizer_errors = !is_later, .raises_first_error = is_later, .returns_barrier_blocks = is_later};
}

SharedEngine *shared_engine_new(ModuleState *state, openpit_engine *native, bool has_callbacks,
                                openpit_compatibility compatibility) {
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
    shared->compatibility = compatibility_of(compatibility);
    return shared;
}

void pool_free(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    type->tp_free(object);
    Py_DECREF(type);
}

void shared_engine_free(SharedEngine *shared) {
    for (int i = 0; i < shared->spare_count; i++) openpit_result_destroy(shared->spare[i]);
    for (int i = 0; i < POOL_COUNT; i++) {
        if (shared->pool[i] != NULL) pool_free(shared->pool[i]);
    }
    for (int i = 0; i < KNOWN_TEXTS; i++) Py_XDECREF(shared->known_texts[i]);
    openpit_engine_release_weak(shared->native);
    PyMem_Free(shared);
}

openpit_result *shared_engine_new_result(SharedEngine *shared) {
    openpit_result *result;
    openpit_status status = openpit_result_create(&result);
    if (status != OPENPIT_STATUS_OK) return (openpit_result *)raise_status(shared->state, status, "result");
    return result;
}

static bool is_text(PyObject *known, openpit_text text) {
    return known != NULL && (size_t)PyUnicode_GET_LENGTH(known) == text.length &&
           memcmp(PyUnicode_1BYTE_DATA(known), text.data, text.length) == 0;
}

PyObject *shared_engine_text(SharedEngine *shared, openpit_text text) {
    if (text.length == 0) return text_object(text);
    size_t place =
        (text.length * 7 + (unsigned char)text.data[0] + (unsigned char)text.data[text.length - 1]) % KNOWN_TEXTS;
    if (is_text(shared->known_texts[place], text)) return Py_NewRef(shared->known_texts[place]);
    PyObject *object = text_object(text);
    if (object != NULL && PyUnicode_IS_ASCII(object)) Py_XSETREF(shared->known_texts[place], Py_NewRef(object));
    return object;
}
