#include "enums.h"

#include "args.h"

const EnumChoice side_choice = {"side", "openpit.Side", "side", {"buy", "sell"}};
const EnumChoice position_side_choice = {"position_side", "openpit.PositionSide", "position side", {"long", "short"}};
const EnumChoice position_effect_choice = {
    "position_effect", "openpit.PositionEffect", "position effect", {"open", "close"}};
const EnumChoice position_mode_choice = {"mode", "openpit.param.PositionMode", "position mode", {"netting", "hedged"}};

int is_white_space(Py_UCS4 character) {
    switch (character) {
    case 0x20:
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000:
        return 1;
    default:
        return (character >= 0x09 && character <= 0x0D) || (character >= 0x2000 && character <= 0x200A);
    }
}

static PyObject *is_blank(PyObject *Py_UNUSED(module), PyObject *text) {
    Py_ssize_t length = PyUnicode_GetLength(text), i = 0;
    if (length < 0) return NULL;
    while (i < length && is_white_space(PyUnicode_READ_CHAR(text, i))) i++;
    return PyBool_FromLong(i == length);
}

static PyMethodDef functions[] = {
    {"is_blank", is_blank, METH_O, PyDoc_STR("is_blank($module, text, /)\n--\n\nWhether a str is only white space.")},
    {0},
};

PyObject *trim_and_lower(PyObject *text) {
    Py_ssize_t start = 0, end = PyUnicode_GetLength(text);
    while (start < end && is_white_space(PyUnicode_READ_CHAR(text, start))) start++;
    while (end > start && is_white_space(PyUnicode_READ_CHAR(text, end - 1))) end--;
    PyObject *trimmed = PyUnicode_Substring(text, start, end);
    if (trimmed == NULL) return NULL;
    PyObject *lower = PyObject_CallMethod(trimmed, "lower", NULL);
    Py_DECREF(trimmed);
    return lower;
}

/* 1 or 2 for a member's name, 0 for any other text, with `lower` set; -1 with an exception. */
static int find_member(const EnumMembers *members, const EnumChoice *choice, PyObject *text, PyObject **lower) {
    for (int number = 1; number <= 2; number++) {
        if (text == members->member[number]) return number;
    }
    *lower = trim_and_lower(text);
    if (*lower == NULL) return -1;
    for (int number = 1; number <= 2; number++) {
        if (PyUnicode_CompareWithASCIIString(*lower, choice->value[number - 1]) == 0) {
            Py_CLEAR(*lower);
            return number;
        }
    }
    return 0;
}

int read_enum(const EnumMembers *members, const EnumChoice *choice, PyObject *value, uint8_t *number) {
    *number = 0;
    if (value == NULL || value == Py_None) return 0;
    if (!PyUnicode_Check(value)) {
        PyErr_Format(PyExc_TypeError, "%s must be a str or %s", choice->parameter, choice->type_name);
        return -1;
    }
    PyObject *lower = NULL;
    int found = find_member(members, choice, value, &lower);
    if (found == 0) {
        PyErr_Format(PyExc_TypeError, "ValueError: invalid %s \"%U\"; expected '%s' or '%s'", choice->noun, lower,
                     choice->value[0], choice->value[1]);
        Py_DECREF(lower);
    }
    *number = found > 0 ? (uint8_t)found : 0;
    return found > 0 ? 0 : -1;
}

int read_side_text(ModuleState *state, PyObject *value, openpit_side *side) {
    if (require_instance(value, &PyUnicode_Type, "str") < 0) return -1;
    PyObject *lower = NULL;
    int found = find_member(&state->side, &side_choice, value, &lower);
    if (found == 0) {
        PyErr_Format(PyExc_ValueError, "invalid side \"%U\"; expected 'buy' or 'sell'", lower);
        Py_DECREF(lower);
    }
    *side = found > 0 ? (openpit_side)found : OPENPIT_SIDE_NONE;
    return found > 0 ? 0 : -1;
}

PyObject *enum_member(const EnumMembers *members, uint8_t number) {
    return Py_NewRef(number == 0 || number > 2 ? Py_None : members->member[number]);
}

static int load_members(PyObject *enums, const char *name, const char *first, const char *second,
                        EnumMembers *members) {
    PyObject *type = PyObject_GetAttrString(enums, name);
    if (type == NULL) return -1;
    members->member[1] = PyObject_GetAttrString(type, first);
    members->member[2] = PyObject_GetAttrString(type, second);
    Py_DECREF(type);
    return members->member[1] == NULL || members->member[2] == NULL ? -1 : 0;
}

int enums_init(PyObject *module, ModuleState *state) {
    if (PyModule_AddFunctions(module, functions) < 0) return -1;
    PyObject *enums = PyImport_ImportModule("openpit._enum");
    if (enums == NULL) return -1;
    int failed = load_members(enums, "Side", "BUY", "SELL", &state->side) < 0 ||
                 load_members(enums, "PositionSide", "LONG", "SHORT", &state->position_side) < 0 ||
                 load_members(enums, "PositionEffect", "OPEN", "CLOSE", &state->position_effect) < 0 ||
                 load_members(enums, "PositionMode", "NETTING", "HEDGED", &state->position_mode) < 0;
    Py_DECREF(enums);
    return failed ? -1 : 0;
}
