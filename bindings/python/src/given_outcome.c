#include "given_outcome.h"

#include "types.h"

/* An object of `type`, made of the attributes that its constructor knows by the same names, read in this order. */
static PyObject *object_like(ModuleState *state, PyTypeObject *type, PyObject *object, const uint8_t *names,
                             int count) {
    if (Py_IS_TYPE(object, type)) return Py_NewRef(object);
    PyObject *fields = PyDict_New(), *none = PyTuple_New(0), *made = NULL;
    int failed = fields == NULL || none == NULL;
    for (int i = 0; i < count && !failed; i++) {
        PyObject *value = PyObject_GetAttr(object, state->names[names[i]]);
        failed = value == NULL || PyDict_SetItem(fields, state->names[names[i]], value) < 0;
        Py_XDECREF(value);
    }
    if (!failed) made = PyObject_Call((PyObject *)type, none, fields);
    Py_XDECREF(fields);
    Py_XDECREF(none);
    return made;
}

static PyObject *list_like(ModuleState *state, PyTypeObject *type, PyObject *iterable, const uint8_t *names,
                           int count) {
    PyObject *iterator = PyObject_GetIter(iterable);
    if (iterator == NULL) return NULL;
    PyObject *list = PyList_New(0), *item;
    int more = 0;
    while (list != NULL && (more = next_item(iterator, &item)) > 0) {
        PyObject *object = object_like(state, type, item, names, count);
        Py_DECREF(item);
        if (object == NULL || PyList_Append(list, object) < 0) Py_CLEAR(list);
        Py_XDECREF(object);
    }
    Py_DECREF(iterator);
    if (more < 0) Py_CLEAR(list);
    return list;
}

PyObject *outcome_entries_from_iterable(ModuleState *state, PyObject *iterable) {
    static const uint8_t names[] = {NAME_average_entry_price, NAME_asset, NAME_balance, NAME_held, NAME_incoming,
                                    NAME_realized_pnl};
    return list_like(state, state->outcome_entry, iterable, names, 6);
}

PyObject *adjustment_outcomes_from_iterable(ModuleState *state, PyObject *iterable) {
    static const uint8_t names[] = {NAME_policy_group_id, NAME_entry};
    return list_like(state, state->adjustment_outcome, iterable, names, 2);
}

PyObject *account_pnls_from_iterable(ModuleState *state, PyObject *iterable) {
    static const uint8_t names[] = {NAME_pnl, NAME_halt_reason, NAME_account_id, NAME_policy_group_id};
    return list_like(state, state->account_pnl_outcome, iterable, names, 4);
}
