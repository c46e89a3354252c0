#include "trading_events.h"

#include "decimal.h"

/* ---- Ids --------------------------------------------------------------------------------------------------------- */

PyObject *numbered_id(const char *prefix, uint64_t number) {
    char digits[24];
    PyOS_snprintf(digits, sizeof digits, "%03llu", (unsigned long long)number);
    return PyUnicode_FromFormat("%s-%s", prefix, digits);
}

uint64_t number_of_id(PyObject *id, const char *prefix) {
    if (!PyUnicode_Check(id) || !PyUnicode_IS_ASCII(id)) return 0;
    const char *text = (const char *)PyUnicode_1BYTE_DATA(id);
    size_t length = strlen(prefix);
    if (strncmp(text, prefix, length) != 0 || text[length] != '-') return 0;
    const char *digits = text + length + 1;
    size_t count = strlen(digits);
    /* Three digits at least, no zero before more than that, and never so many that they do not fit. */
    if (count < 3 || count > 18 || (count > 3 && digits[0] == '0') ||
        count + length + 1 != (size_t)PyUnicode_GET_LENGTH(id)) {
        return 0;
    }
    uint64_t number = 0;
    for (; *digits != '\0'; digits++) {
        if (*digits < '0' || *digits > '9') return 0;
        number = number * 10 + (uint64_t)(*digits - '0');
    }
    return number;
}

/* ---- What each kind tells ---------------------------------------------------------------------------------------- */

typedef enum FieldType {
    AMOUNT,
    SYMBOL,
    ORDER_ID,
    SIGNAL_ID,
    FILL_ID,
    SIDE_WORD,
    POSITION_SIDE_WORD,
    TYPE_WORD,
    TIME_WORD,
    SOURCE_WORD,
    REASON_WORD,
    HALT_WORD,
    HALT_WORDS,
    DAY_OF_EVENT,
    REDUCING,
    DETAILS,
    WARNING_DETAILS
} FieldType;

typedef struct Field {
    uint8_t name;
    uint8_t type;
    uint16_t offset;    /* of an amount */
    uint16_t condition; /* a bit of the event's fields, without which it is None; 0: it is always there */
} Field;

#define NUMBER(name, member) {TRADING_##name, AMOUNT, offsetof(openpit_desk_event, member), 0}
#define OPTIONAL(name, member, bit) {TRADING_##name, AMOUNT, offsetof(openpit_desk_event, member), bit}
#define WORD(name, type) {TRADING_##name, type, 0, 0}

enum { FIELDS_MAX = 13 };

typedef struct KindFields {
    uint8_t count;
    Field fields[FIELDS_MAX];
} KindFields;

#define FILL_FIELDS                                                                                                    \
    WORD(order_id, ORDER_ID), WORD(symbol, SYMBOL), WORD(side, SIDE_WORD), WORD(fill_id, FILL_ID),                     \
        NUMBER(fill_price, price), NUMBER(qty, quantity), NUMBER(expected_price, expected_price),                      \
        NUMBER(slippage, slippage), NUMBER(slippage_bps, slippage_bps), NUMBER(commission, commission)

static const KindFields kinds[OPENPIT_DESK_RESUMED + 1] = {
    [OPENPIT_DESK_STARTED] = {1, {NUMBER(initial_capital, equity)}},
    [OPENPIT_DESK_DAY_STARTED] = {2, {WORD(day, DAY_OF_EVENT), NUMBER(equity, equity)}},
    [OPENPIT_DESK_SIGNAL_RECEIVED] = {6,
                                      {WORD(signal_id, SIGNAL_ID), WORD(symbol, SYMBOL), WORD(side, SIDE_WORD),
                                       NUMBER(strength, strength),
                                       OPTIONAL(quantity, quantity, OPENPIT_DESK_HAS_QUANTITY),
                                       WORD(order_type, TYPE_WORD)}},
    [OPENPIT_DESK_SIGNAL_IGNORED] = {2, {WORD(signal_id, SIGNAL_ID), WORD(symbol, SYMBOL)}},
    [OPENPIT_DESK_PRICE_UPDATED] = {3, {WORD(symbol, SYMBOL), NUMBER(price, price), WORD(source, SOURCE_WORD)}},
    [OPENPIT_DESK_ORDER_CREATED] = {12,
                                    {WORD(order_id, ORDER_ID), WORD(signal_id, SIGNAL_ID), WORD(symbol, SYMBOL),
                                     WORD(side, SIDE_WORD), NUMBER(qty, quantity),
                                     OPTIONAL(price, price, OPENPIT_DESK_HAS_PRICE), WORD(order_type, TYPE_WORD),
                                     OPTIONAL(limit_price, limit_price, OPENPIT_DESK_HAS_LIMIT_PRICE),
                                     OPTIONAL(stop_price, stop_price, OPENPIT_DESK_HAS_STOP_PRICE),
                                     WORD(time_in_force, TIME_WORD), WORD(reducing, REDUCING), NUMBER(equity, equity)}},
    [OPENPIT_DESK_ORDER_SUBMITTED] = {1, {WORD(order_id, ORDER_ID)}},
    [OPENPIT_DESK_ORDER_PARTIALLY_FILLED] = {12,
                                             {FILL_FIELDS, NUMBER(filled_quantity, filled),
                                              NUMBER(remaining_quantity, remaining)}},
    [OPENPIT_DESK_ORDER_FILLED] = {11, {FILL_FIELDS, NUMBER(average_fill_price, average)}},
    [OPENPIT_DESK_ORDER_CANCELLED] = {2, {WORD(order_id, ORDER_ID), WORD(reason, REASON_WORD)}},
    [OPENPIT_DESK_ORDER_REJECTED] = {3, {WORD(order_id, ORDER_ID), WORD(code, REASON_WORD), WORD(details, DETAILS)}},
    [OPENPIT_DESK_ORDER_CLOSED] = {2, {WORD(order_id, ORDER_ID), WORD(reason, REASON_WORD)}},
    [OPENPIT_DESK_CANCEL_REJECTED] = {1, {WORD(order_id, ORDER_ID)}},
    [OPENPIT_DESK_BROKER_FAILED] = {1, {WORD(order_id, ORDER_ID)}},
    [OPENPIT_DESK_UNEXPECTED_FILL] = {8,
                                      {WORD(order_id, ORDER_ID), WORD(symbol, SYMBOL), WORD(side, SIDE_WORD),
                                       WORD(fill_id, FILL_ID), NUMBER(fill_price, price), NUMBER(qty, quantity),
                                       NUMBER(commission, commission), WORD(reason, REASON_WORD)}},
    [OPENPIT_DESK_POSITION_OPENED] = {6,
                                      {WORD(order_id, ORDER_ID), WORD(symbol, SYMBOL), WORD(side, POSITION_SIDE_WORD),
                                       NUMBER(qty, quantity), NUMBER(entry_price, price),
                                       NUMBER(multiplier, multiplier)}},
    [OPENPIT_DESK_POSITION_UPDATED] = {7,
                                       {WORD(order_id, ORDER_ID), WORD(symbol, SYMBOL), WORD(side, POSITION_SIDE_WORD),
                                        NUMBER(qty, quantity), NUMBER(entry_price, price),
                                        NUMBER(realized_pnl, realized), NUMBER(cost_basis, cost)}},
    [OPENPIT_DESK_POSITION_CLOSED] = {9,
                                      {WORD(order_id, ORDER_ID), WORD(symbol, SYMBOL), WORD(side, POSITION_SIDE_WORD),
                                       NUMBER(qty, quantity), NUMBER(entry_price, price),
                                       NUMBER(exit_price, limit_price), NUMBER(realized_pnl, realized),
                                       NUMBER(commission, commission), NUMBER(hold_duration_seconds, seconds)}},
    [OPENPIT_DESK_WARNED] = {3, {WORD(order_id, ORDER_ID), WORD(code, REASON_WORD), WORD(details, WARNING_DETAILS)}},
    [OPENPIT_DESK_HALTED] = {4,
                             {WORD(kind, HALT_WORD), WORD(code, REASON_WORD),
                              OPTIONAL(observed, observed, OPENPIT_DESK_HAS_OBSERVED),
                              OPTIONAL(limit, limit, OPENPIT_DESK_HAS_OBSERVED)}},
    [OPENPIT_DESK_RESUMED] = {2, {WORD(kinds, HALT_WORDS), NUMBER(equity, equity)}},
};

/* ---- Into a dict ------------------------------------------------------------------------------------------------- */

/* A word, borrowed and taken hold of. */
static PyObject *word(ModuleState *state, int words, size_t number) {
    PyObject *tuple = state->trading.words[words];
    if (tuple == NULL || number >= (size_t)PyTuple_GET_SIZE(tuple)) Py_RETURN_NONE;
    return Py_NewRef(PyTuple_GET_ITEM(tuple, (Py_ssize_t)number));
}

static PyObject *name_at(NameNumbers *names, uint64_t number) {
    if (number >= (uint64_t)PyList_GET_SIZE(names->names)) Py_RETURN_NONE;
    return Py_NewRef(PyList_GET_ITEM(names->names, (Py_ssize_t)number));
}

static PyObject *halt_words(ModuleState *state, uint32_t packed) {
    Py_ssize_t count = 0;
    for (uint32_t rest = packed; rest != 0; rest >>= 2) count++;
    PyObject *tuple = PyTuple_New(count);
    for (Py_ssize_t i = 0; tuple != NULL && i < count; i++) {
        PyTuple_SET_ITEM(tuple, i, word(state, WORDS_HALTS, packed >> (2 * i) & 3));
    }
    return tuple;
}

/* Sets an item, taking the value over; -1 with an exception, for a value that is NULL too. */
static int set_item(ModuleState *state, PyObject *dict, int name, PyObject *value) {
    int status = value == NULL ? -1 : PyDict_SetItem(dict, state->trading.names[name], value);
    Py_XDECREF(value);
    return status;
}

static PyObject *details(ModuleState *state, const openpit_desk_event *event) {
    PyObject *dict = PyDict_New();
    if (dict == NULL) return NULL;
    int status = 0;
    if (event->fields & OPENPIT_DESK_HAS_OBSERVED) {
        status = set_item(state, dict, TRADING_limit, trading_decimal(state, event->limit));
        if (status == 0) status = set_item(state, dict, TRADING_observed, trading_decimal(state, event->observed));
    }
    if (status == 0 && event->fields & OPENPIT_DESK_HAS_HEADROOM) {
        status = set_item(state, dict, TRADING_headroom, trading_decimal(state, event->headroom));
    }
    if (status < 0) Py_CLEAR(dict);
    return dict;
}

static PyObject *warning_details(ModuleState *state, const EventNames *names, const openpit_desk_event *event) {
    PyObject *dict = PyDict_New();
    if (dict == NULL) return NULL;
    PyObject *correlation =
        event->fields & OPENPIT_DESK_HAS_CORRELATION ? PyFloat_FromDouble(event->correlation) : Py_NewRef(Py_None);
    if (set_item(state, dict, TRADING_symbol, name_at(names->symbols, event->instrument)) < 0 ||
        set_item(state, dict, TRADING_other, name_at(names->symbols, event->other)) < 0 ||
        set_item(state, dict, TRADING_samples, PyLong_FromUnsignedLong(event->samples)) < 0) {
        Py_XDECREF(correlation);
        Py_CLEAR(dict);
        return NULL;
    }
    if (set_item(state, dict, TRADING_correlation, correlation) < 0) Py_CLEAR(dict);
    return dict;
}

static PyObject *day_of(ModuleState *state, int32_t day) {
    if (state->trading.day_of_number == NULL) return PyLong_FromLong(day);
    return PyObject_CallFunction(state->trading.day_of_number, "i", (int)day);
}

static PyObject *field_value(ModuleState *state, const EventNames *names, const openpit_desk_event *event,
                             const Field *field) {
    switch ((FieldType)field->type) {
    case AMOUNT: {
        int is_there = field->condition == 0 || (event->fields & field->condition) != 0;
        openpit_decimal value;
        memcpy(&value, (const char *)event + field->offset, sizeof value);
        return trading_decimal_or_none(state, is_there, value);
    }
    case SYMBOL:
        return name_at(names->symbols, event->instrument);
    case ORDER_ID:
        return event->order == 0 ? Py_NewRef(Py_None) : numbered_id("ORD", event->order);
    case SIGNAL_ID:
        return event->signal == 0 ? Py_NewRef(Py_None) : numbered_id("SIG", event->signal);
    case FILL_ID:
        return event->fill == 0 ? Py_NewRef(Py_None) : name_at(names->fills, event->fill - 1);
    case SIDE_WORD:
        return word(state, WORDS_SIDES, event->side);
    case POSITION_SIDE_WORD:
        return word(state, WORDS_POSITION_SIDES, event->side);
    case TYPE_WORD:
        return word(state, WORDS_ORDER_TYPES, event->type);
    case TIME_WORD:
        return word(state, WORDS_TIMES_IN_FORCE, event->time_in_force);
    case SOURCE_WORD:
        return word(state, WORDS_SOURCES, event->side);
    case REASON_WORD:
        return word(state, WORDS_REASONS, event->reason);
    case HALT_WORD:
        return word(state, WORDS_HALTS, event->halt);
    case HALT_WORDS:
        return halt_words(state, event->halt);
    case DAY_OF_EVENT:
        return day_of(state, event->day);
    case REDUCING:
        return PyBool_FromLong(event->fields & OPENPIT_DESK_IS_REDUCING);
    case DETAILS:
        return details(state, event);
    case WARNING_DETAILS:
        return warning_details(state, names, event);
    }
    Py_RETURN_NONE;
}

PyObject *event_dict(ModuleState *state, const EventNames *names, const openpit_desk_event *event) {
    PyObject *dict = PyDict_New();
    if (dict == NULL || event->kind > OPENPIT_DESK_RESUMED) return dict;
    const KindFields *kind = &kinds[event->kind];
    for (int i = 0; i < kind->count; i++) {
        const Field *field = &kind->fields[i];
        if (set_item(state, dict, field->name, field_value(state, names, event, field)) < 0) {
            Py_DECREF(dict);
            return NULL;
        }
    }
    return dict;
}

/* ---- Back -------------------------------------------------------------------------------------------------------- */

static int number_of_word(ModuleState *state, int words, PyObject *value, uint32_t *number) {
    PyObject *tuple = state->trading.words[words];
    for (Py_ssize_t i = 0; tuple != NULL && i < PyTuple_GET_SIZE(tuple); i++) {
        int equal = PyObject_RichCompareBool(PyTuple_GET_ITEM(tuple, i), value, Py_EQ);
        if (equal < 0) return -1;
        if (equal) {
            *number = (uint32_t)i;
            return 0;
        }
    }
    PyErr_Format(PyExc_ValueError, "an event says %R", value);
    return -1;
}

static int halts_from_words(ModuleState *state, PyObject *kinds_of_halts, uint32_t *packed) {
    PyObject *items = PySequence_Fast(kinds_of_halts, "kinds of halts are a sequence");
    int status = items == NULL ? -1 : 0;
    *packed = 0;
    for (Py_ssize_t i = 0; status == 0 && i < PySequence_Fast_GET_SIZE(items) && i < 16; i++) {
        uint32_t number;
        status = number_of_word(state, WORDS_HALTS, PySequence_Fast_GET_ITEM(items, i), &number);
        if (status == 0) *packed |= number << (2 * i);
    }
    Py_XDECREF(items);
    return status;
}

static int day_from(ModuleState *state, PyObject *value, int32_t *day) {
    PyObject *number = PyObject_CallOneArg(state->trading.number_of_day, value);
    long read = number == NULL ? -1 : PyLong_AsLong(number);
    Py_XDECREF(number);
    if (read == -1 && PyErr_Occurred()) return -1;
    *day = (int32_t)read;
    return 0;
}

static int read_field(ModuleState *state, const EventNames *names, const Field *field, PyObject *value,
                      openpit_desk_event *event) {
    uint32_t number = 0;
    int status = 0;
    switch ((FieldType)field->type) {
    case AMOUNT: {
        openpit_decimal amount;
        if (field->condition != 0 && value == Py_None) return 0;
        status = trading_amount(state, value, PyUnicode_AsUTF8(state->trading.names[field->name]), ANY_AMOUNT, &amount);
        if (status < 0) return -1;
        memcpy((char *)event + field->offset, &amount, sizeof amount);
        event->fields |= field->condition;
        return 0;
    }
    case SYMBOL: {
        Py_ssize_t place = names_find(names->symbols, value);
        if (place < 0 && !PyErr_Occurred()) PyErr_Format(PyExc_ValueError, "nobody knows %R", value);
        event->instrument = (uint32_t)place;
        return place < 0 ? -1 : 0;
    }
    case ORDER_ID:
        event->order = number_of_id(value, "ORD");
        return 0;
    case SIGNAL_ID:
        event->signal = number_of_id(value, "SIG");
        return 0;
    case FILL_ID: {
        Py_ssize_t place = value == Py_None ? -1 : names_number(names->fills, value);
        if (place < 0 && PyErr_Occurred()) return -1;
        event->fill = (uint64_t)(place + 1);
        return 0;
    }
    case SIDE_WORD:
        status = number_of_word(state, WORDS_SIDES, value, &number);
        break;
    case POSITION_SIDE_WORD:
        status = number_of_word(state, WORDS_POSITION_SIDES, value, &number);
        break;
    case SOURCE_WORD:
        status = number_of_word(state, WORDS_SOURCES, value, &number);
        break;
    case TYPE_WORD:
        status = number_of_word(state, WORDS_ORDER_TYPES, value, &number);
        event->type = (openpit_desk_order_type)number;
        return status;
    case TIME_WORD:
        status = number_of_word(state, WORDS_TIMES_IN_FORCE, value, &number);
        event->time_in_force = (openpit_desk_time_in_force)number;
        return status;
    case HALT_WORD:
        return number_of_word(state, WORDS_HALTS, value, &event->halt);
    case HALT_WORDS:
        return halts_from_words(state, value, &event->halt);
    case DAY_OF_EVENT:
        return day_from(state, value, &event->day);
    case REDUCING:
        if (value == Py_True) event->fields |= OPENPIT_DESK_IS_REDUCING;
        return 0;
    /* What is only told, and changes nothing. */
    case REASON_WORD:
        if (event->kind == OPENPIT_DESK_UNEXPECTED_FILL) {
            status = number_of_word(state, WORDS_REASONS, value, &number);
            event->reason = (openpit_desk_reason)number;
            /* It met no order, whatever orders of its number came later. */
            if (event->reason == OPENPIT_DESK_REASON_UNKNOWN_ORDER) event->order = 0;
        }
        return status;
    case DETAILS:
    case WARNING_DETAILS:
        return 0;
    }
    event->side = (openpit_desk_side)number;
    return status;
}

int event_from_dict(ModuleState *state, const EventNames *names, PyObject *dict, openpit_desk_event *event) {
    const KindFields *kind = &kinds[event->kind];
    for (int i = 0; i < kind->count; i++) {
        const Field *field = &kind->fields[i];
        PyObject *value = PyDict_GetItemWithError(dict, state->trading.names[field->name]);
        if (value == NULL) {
            if (!PyErr_Occurred()) {
                PyErr_Format(PyExc_ValueError, "an event says nothing of its %U", state->trading.names[field->name]);
            }
            return -1;
        }
        if (read_field(state, names, field, value, event) < 0) return -1;
    }
    return 0;
}
