#include "identifiers.h"

#include "args.h"
#include "errors.h"
#include "text.h"
#include "types.h"

static PyObject *identifier_new(PyTypeObject *type, uint64_t value) {
    IdentifierObject *self = PyObject_New(IdentifierObject, type);
    if (self != NULL) self->value = value;
    return (PyObject *)self;
}

PyObject *account_id_new(ModuleState *state, openpit_account_id account) {
    return identifier_new(state->account_id, account);
}

PyObject *account_group_id_new(ModuleState *state, openpit_account_group_id group) {
    return identifier_new(state->account_group_id, group);
}

PyObject *instrument_id_new(ModuleState *state, uint64_t instrument) {
    return identifier_new(state->instrument_id, instrument);
}

int account_id_from_object(ModuleState *state, PyObject *object, const char *parameter, openpit_account_id *account) {
    if (require_parameter(object, state->account_id, parameter, "openpit.param.AccountId") < 0) return -1;
    *account = ((IdentifierObject *)object)->value;
    return 0;
}

int account_group_id_from_object(ModuleState *state, PyObject *object, const char *parameter,
                                 openpit_account_group_id *group) {
    if (require_parameter(object, state->account_group_id, parameter, "openpit.param.AccountGroupId") < 0) return -1;
    *group = (openpit_account_group_id)((IdentifierObject *)object)->value;
    return 0;
}

/* A plain integer that names a group. */
static int read_group_number(PyObject *object, GroupRange range, openpit_account_group_id *group) {
    PyObject *number = PyIndex_Check(object) ? PyNumber_Index(object) : NULL;
    int overflow = 0;
    long long value = number == NULL ? -1 : PyLong_AsLongLongAndOverflow(number, &overflow);
    Py_XDECREF(number);
    if (overflow != 0 || value < 0 || value > UINT32_MAX) {
        PyErr_Clear();
        PyErr_Format(PyExc_ValueError, "account_group_id must be an AccountGroupId or integer in range %d..=4294967295",
                     range == ALL_GROUPS ? 0 : 1);
        return -1;
    }
    if (value == OPENPIT_DEFAULT_ACCOUNT_GROUP && range == NAMED_GROUPS) {
        PyErr_SetString(PyExc_ValueError, "account group id must not equal the reserved default group");
        return -1;
    }
    *group = (openpit_account_group_id)value;
    return 0;
}

int account_group_from_any(ModuleState *state, PyObject *object, GroupRange range, openpit_account_group_id *group) {
    if (!Py_IS_TYPE(object, state->account_group_id)) return read_group_number(object, range, group);
    *group = (openpit_account_group_id)((IdentifierObject *)object)->value;
    return 0;
}

openpit_account_id *account_ids_from_iterable(ModuleState *state, PyObject *iterable, size_t *count) {
    PyObject *items = PySequence_Tuple(iterable);
    if (items == NULL) return NULL;
    *count = (size_t)PyTuple_GET_SIZE(items);
    openpit_account_id *accounts = PyMem_Calloc(*count > 0 ? *count : 1, sizeof *accounts);
    if (accounts == NULL) PyErr_NoMemory();
    for (size_t i = 0; accounts != NULL && i < *count; i++) {
        if (account_id_from_object(state, PyTuple_GET_ITEM(items, (Py_ssize_t)i), "account_id", &accounts[i]) < 0) {
            PyMem_Free(accounts);
            accounts = NULL;
        }
    }
    Py_DECREF(items);
    return accounts;
}

/* ---- Assets ---------------------------------------------------------------------------------------------------- */

static int intern(ModuleState *state, PyObject *object, const char *parameter, openpit_name *id) {
    openpit_text name;
    if (!PyUnicode_Check(object)) {
        PyErr_Format(PyExc_TypeError, "%s must be a str", parameter);
        return -1;
    }
    if (borrow_text(object, &name) < 0) return -1;
    openpit_status status = openpit_asset_intern(name, id);
    if (status == OPENPIT_STATUS_OK) return 0;
    raise_status(state, status, parameter);
    return -1;
}

int asset_from_object(ModuleState *state, PyObject *object, openpit_asset *asset) {
    return intern(state, object, "asset", asset);
}

int name_from_optional(ModuleState *state, PyObject *object, const char *parameter, openpit_name *name) {
    *name = 0;
    return object == NULL || object == Py_None ? 0 : intern(state, object, parameter, name);
}

int asset_from_optional(ModuleState *state, PyObject *object, openpit_asset *asset) {
    *asset = 0;
    return object == NULL || object == Py_None ? 0 : asset_from_object(state, object, asset);
}

PyObject *asset_name(ModuleState *state, openpit_asset asset) {
    if (asset == 0) Py_RETURN_NONE;
    openpit_text name;
    openpit_status status = openpit_asset_name(asset, &name);
    return status == OPENPIT_STATUS_OK ? text_object(name) : raise_status(state, status, "asset");
}

/* ---- What the three types share ---------------------------------------------------------------------------------- */

static PyObject *identifier_value(PyObject *self, void *Py_UNUSED(closure)) {
    return PyLong_FromUnsignedLongLong(((IdentifierObject *)self)->value);
}

static PyGetSetDef identifier_properties[] = {
    {"value", identifier_value, NULL, PyDoc_STR("The number itself."), NULL},
    {0},
};

static Py_hash_t identifier_hash(PyObject *self) {
    uint64_t value = ((IdentifierObject *)self)->value;
    Py_hash_t hash = (Py_hash_t)((value ^ value >> 29) * 0x9E3779B97F4A7C15u);
    return hash == -1 ? -2 : hash;
}

static PyObject *identifier_compare(PyObject *left, PyObject *right, int operation) {
    if (Py_TYPE(left) != Py_TYPE(right) || (operation != Py_EQ && operation != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
    int equal = ((IdentifierObject *)left)->value == ((IdentifierObject *)right)->value;
    return PyBool_FromLong(equal == (operation == Py_EQ));
}

static PyObject *identifier_repr(PyObject *self) {
    return PyUnicode_FromFormat("%s(value=%llu)", type_name(Py_TYPE(self)),
                                (unsigned long long)((IdentifierObject *)self)->value);
}

/* An integer from 0 to `limit`. What is none, or lies outside, has no answer: returns -1 and leaves no exception. */
static int read_identifier(PyObject *object, uint64_t limit, uint64_t *value) {
    PyObject *integer = PyIndex_Check(object) ? PyNumber_Index(object) : NULL;
    unsigned long long number = integer == NULL ? 0 : PyLong_AsUnsignedLongLong(integer);
    int failed = integer == NULL || PyErr_Occurred() != NULL || number > limit;
    PyErr_Clear();
    Py_XDECREF(integer);
    *value = number;
    return failed ? -1 : 0;
}

static const Parameters from_int_parameters = {"from_int", 1, 1, 1, {NAME_value}};
static const Parameters from_string_parameters = {"from_string", 1, 1, 1, {NAME_value}};

/* The UTF-8 of the only argument of a from_string. */
static int bind_text(ModuleState *state, PyObject *const *args, Py_ssize_t count, PyObject *kwnames,
                     openpit_text *text) {
    PyObject *value;
    if (bind_vector(state, &from_string_parameters, args, (size_t)count, kwnames, &value) < 0 ||
        require_instance(value, &PyUnicode_Type, "str") < 0) {
        return -1;
    }
    return borrow_text(value, text);
}

/* ---- AccountId --------------------------------------------------------------------------------------------------- */

static PyObject *account_id_from_int(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of_type((PyTypeObject *)type);
    PyObject *value;
    uint64_t account;
    if (bind_vector(state, &from_int_parameters, args, (size_t)count, kwnames, &value) < 0) return NULL;
    if (read_identifier(value, UINT64_MAX, &account) == 0) return account_id_new(state, account);
    PyErr_SetString(PyExc_OverflowError, "account id must be a non-negative integer in range 0..=18446744073709551615");
    return NULL;
}

static PyObject *account_id_from_string(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of_type((PyTypeObject *)type);
    openpit_text text;
    openpit_account_id account;
    if (bind_text(state, args, count, kwnames, &text) < 0) return NULL;
    openpit_status status = openpit_account_id_from_text(text, &account);
    if (status == OPENPIT_STATUS_OK) return account_id_new(state, account);
    if (status != OPENPIT_STATUS_EMPTY_NAME) return raise_status(state, status, "account id string");
    PyErr_SetString(state->account_id_error, "account id string must not be empty");
    return NULL;
}

static PyMethodDef account_id_methods[] = {
    {"from_int", FUNCTION(account_id_from_int), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("from_int($type, value)\n--\n\nThe account with this number, 0 to 2**64 - 1.")},
    {"from_u64", FUNCTION(account_id_from_int), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("from_u64($type, value)\n--\n\nThe same as from_int.")},
    {"from_string", FUNCTION(account_id_from_string), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("from_string($type, value)\n--\n\nThe account a text stands for: a hash of its bytes.")},
    {"from_str", FUNCTION(account_id_from_string), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("from_str($type, value)\n--\n\nThe same as from_string.")},
    REFUSE_PICKLING,
    {0},
};

static PyType_Slot account_id_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("An account, by number.")},
    {Py_tp_dealloc, plain_dealloc},
    {Py_tp_hash, identifier_hash},
    {Py_tp_richcompare, identifier_compare},
    {Py_tp_repr, identifier_repr},
    {Py_tp_getset, identifier_properties},
    {Py_tp_methods, account_id_methods},
    {0},
};

static PyType_Spec account_id_spec = {
    .name = "openpit.param.AccountId",
    .basicsize = sizeof(IdentifierObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = account_id_slots,
};

/* ---- AccountGroupId ---------------------------------------------------------------------------------------------- */

static PyObject *account_group_id_from_int(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of_type((PyTypeObject *)type);
    PyObject *value;
    uint64_t group;
    if (bind_vector(state, &from_int_parameters, args, (size_t)count, kwnames, &value) < 0) return NULL;
    if (read_identifier(value, UINT32_MAX, &group) < 0) {
        PyErr_SetString(PyExc_OverflowError, "account_group_id must be an integer in range 1..=4294967295");
        return NULL;
    }
    if (group != OPENPIT_DEFAULT_ACCOUNT_GROUP) return account_group_id_new(state, (openpit_account_group_id)group);
    PyErr_SetString(PyExc_ValueError, "account group id must not equal the reserved default group");
    return NULL;
}

static PyObject *account_group_id_from_string(PyObject *type, PyObject *const *args, Py_ssize_t count,
                                              PyObject *kwnames) {
    ModuleState *state = state_of_type((PyTypeObject *)type);
    openpit_text text;
    openpit_account_group_id group;
    if (bind_text(state, args, count, kwnames, &text) < 0) return NULL;
    openpit_status status = openpit_account_group_id_from_text(text, &group);
    return status == OPENPIT_STATUS_OK ? account_group_id_new(state, group)
                                       : raise_status(state, status, "account group id string");
}

static PyMethodDef account_group_id_methods[] = {
    {"from_int", FUNCTION(account_group_id_from_int), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("from_int($type, value)\n--\n\nThe group with this number, 1 to 2**32 - 1.")},
    {"from_u64", FUNCTION(account_group_id_from_int), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("from_u64($type, value)\n--\n\nThe same as from_int.")},
    {"from_string", FUNCTION(account_group_id_from_string), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("from_string($type, value)\n--\n\nThe group a text stands for: a hash of its bytes.")},
    {"from_str", FUNCTION(account_group_id_from_string), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("from_str($type, value)\n--\n\nThe same as from_string.")},
    REFUSE_PICKLING,
    {0},
};

static PyType_Slot account_group_id_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("A group of accounts, by number. DEFAULT is that of all accounts without one.")},
    {Py_tp_dealloc, plain_dealloc},
    {Py_tp_hash, identifier_hash},
    {Py_tp_richcompare, identifier_compare},
    {Py_tp_repr, identifier_repr},
    {Py_tp_getset, identifier_properties},
    {Py_tp_methods, account_group_id_methods},
    {0},
};

static PyType_Spec account_group_id_spec = {
    .name = "openpit.param.AccountGroupId",
    .basicsize = sizeof(IdentifierObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = account_group_id_slots,
};

/* ---- InstrumentId ------------------------------------------------------------------------------------------------ */

static const Parameters instrument_id_parameters = {"InstrumentId.__new__", 1, 1, 1, {NAME_value}};

static PyObject *instrument_id_create(PyTypeObject *type, PyObject *value) {
    PyObject *integer = PyNumber_Index(value);
    if (integer == NULL) return NULL;
    unsigned long long number = PyLong_AsUnsignedLongLong(integer);
    Py_DECREF(integer);
    return number == (unsigned long long)-1 && PyErr_Occurred() ? NULL : identifier_new(type, number);
}

static PyObject *instrument_id_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf, PyObject *kwnames) {
    PyObject *value;
    ModuleState *state = PyType_GetModuleState((PyTypeObject *)type);
    if (bind_vector(state, &instrument_id_parameters, args, nargsf, kwnames, &value) < 0) return NULL;
    return instrument_id_create((PyTypeObject *)type, value);
}

static PyObject *instrument_id_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    PyObject *value;
    if (bind_tuple(state_of_type(type), &instrument_id_parameters, args, kwargs, &value) < 0) return NULL;
    return instrument_id_create(type, value);
}

static PyObject *instrument_id_compare(PyObject *left, PyObject *right, int operation) {
    if (operation == Py_EQ || operation == Py_NE) return identifier_compare(left, right, operation);
    PyErr_SetString(PyExc_TypeError, "InstrumentId supports only == and !=");
    return NULL;
}

static PyObject *instrument_id_repr(PyObject *self) {
    return PyUnicode_FromFormat("InstrumentId(%llu)", (unsigned long long)((IdentifierObject *)self)->value);
}

static PyMethodDef instrument_id_methods[] = {REFUSE_PICKLING, {0}};

static PyType_Slot instrument_id_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("InstrumentId(value)\n--\n\nAn instrument's number in a registry.")},
    {Py_tp_new, instrument_id_tp_new},
    {Py_tp_dealloc, plain_dealloc},
    {Py_tp_hash, identifier_hash},
    {Py_tp_richcompare, instrument_id_compare},
    {Py_tp_repr, instrument_id_repr},
    {Py_tp_getset, identifier_properties},
    {Py_tp_methods, instrument_id_methods},
    {0},
};

static PyType_Spec instrument_id_spec = {
    .name = "openpit.core.InstrumentId",
    .basicsize = sizeof(IdentifierObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = instrument_id_slots,
};

int identifiers_init(PyObject *module, ModuleState *state) {
    if (add_type(module, &account_id_spec, NULL, &state->account_id) < 0 ||
        add_type(module, &account_group_id_spec, NULL, &state->account_group_id) < 0 ||
        add_type(module, &instrument_id_spec, instrument_id_vectorcall, &state->instrument_id) < 0) {
        return -1;
    }
    state->default_account_group = account_group_id_new(state, OPENPIT_DEFAULT_ACCOUNT_GROUP);
    if (state->default_account_group == NULL) return -1;
    return set_constant(state->account_group_id, "DEFAULT", state->default_account_group);
}
