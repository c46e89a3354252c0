#include "attributes.h"

#include "args.h"
#include "decimal.h"
#include "errors.h"
#include "identifiers.h"
#include "instant.h"
#include "text.h"
#include "types.h"

/* ---- Words ------------------------------------------------------------------------------------------------------- */

/* The words that a text field takes, by the number the C interface gives them; 0 stands for absent. */
typedef struct Words {
    const char *parameter;
    const char *expected;
    int count;
    const char *const word[OPENPIT_EVENT_TRADE_CANCEL + 1];
} Words;

static const Words order_types = {"order_type",
                                  "'limit', 'market', 'stop' or 'stop_limit'",
                                  OPENPIT_ORDER_TYPE_STOP_LIMIT,
                                  {NULL, "limit", "market", "stop", "stop_limit"}};
static const Words times_in_force = {"time_in_force",
                                     "'day', 'gtc', 'ioc', 'fok', 'gtd', 'at_open' or 'at_close'",
                                     OPENPIT_TIME_IN_FORCE_AT_CLOSE,
                                     {NULL, "day", "gtc", "ioc", "fok", "gtd", "at_open", "at_close"}};
static const Words short_marks = {"short", "'short' or 'short_exempt'", 2, {NULL, "short", "short_exempt"}};
static const Words events = {"event",
                             "'accepted', 'rejected', 'replaced', 'replace_rejected', 'cancelled', 'expired', 'done', "
                             "'fill', 'restated' or 'trade_cancel'",
                             OPENPIT_EVENT_TRADE_CANCEL,
                             {NULL, "accepted", "rejected", "replaced", "replace_rejected", "cancelled", "expired",
                              "done", "fill", "restated", "trade_cancel"}};

static int require_text(PyObject *value, const char *parameter) {
    if (PyUnicode_Check(value)) return 0;
    PyErr_Format(PyExc_TypeError, "%s must be a str", parameter);
    return -1;
}

/* The number of a word; 0 for NULL and None. */
static int read_word(const Words *words, PyObject *value, uint8_t *number) {
    *number = 0;
    if (value == NULL || value == Py_None) return 0;
    if (require_text(value, words->parameter) < 0) return -1;
    for (int i = 1; i <= words->count; i++) {
        if (PyUnicode_CompareWithASCIIString(value, words->word[i]) != 0) continue;
        *number = (uint8_t)i;
        return 0;
    }
    PyErr_Format(PyExc_ValueError, "invalid %s %R; expected %s", words->parameter, value, words->expected);
    return -1;
}

static PyObject *word_object(const Words *words, uint8_t number) {
    if (number == 0) Py_RETURN_NONE;
    return PyUnicode_InternFromString(words->word[number]);
}

/* ---- Texts and names --------------------------------------------------------------------------------------------- */

/* Keeps a text as a part, a plain str whose UTF-8 is there from now on. Returns 1 when there is one, 0 for NULL and None. */
static int take_text(PyObject *self, int part, PyObject *value, const char *parameter) {
    openpit_text text;
    if (value == NULL || value == Py_None) return 0;
    if (require_text(value, parameter) < 0) return -1;
    PyObject *plain = PyUnicode_FromObject(value);
    if (plain == NULL || borrow_text(plain, &text) < 0) {
        Py_XDECREF(plain);
        return -1;
    }
    model_set_part(self, part, plain);
    Py_DECREF(plain);
    return 1;
}

/* A text that was kept; none when it is gone. */
static openpit_text kept_text(const ModelObject *group, int part) {
    openpit_text text = {0};
    if (group != NULL && group->part[part] != NULL) borrow_text(group->part[part], &text);
    return text;
}

/* ---- OrderAttributes --------------------------------------------------------------------------------------------- */

enum { CLIENT_ORDER_ID_PART, REPLACES_PART, EXPIRE_AT_PART };

enum {
    CLIENT_ORDER_ID,
    REPLACES,
    ORDER_TYPE,
    TIME_IN_FORCE,
    EXPIRE_AT,
    STRATEGY,
    TRADER,
    VENUE,
    SESSION,
    CLEARING_ACCOUNT,
    DECISION_MAKER,
    SHORT,
    POST_ONLY,
    DISPLAY_QUANTITY,
    STOP_PRICE,
    DECISION_PRICE,
    ATTRIBUTE_COUNT
};

static const Parameters attributes_parameters = {
    "OrderAttributes.__new__",
    ATTRIBUTE_COUNT,
    0,
    0,
    {NAME_client_order_id, NAME_replaces, NAME_order_type, NAME_time_in_force, NAME_expire_at, NAME_strategy,
     NAME_trader, NAME_venue, NAME_session, NAME_clearing_account, NAME_decision_maker, NAME_short, NAME_post_only,
     NAME_display_quantity, NAME_stop_price, NAME_decision_price}};

static int take_order_texts(PyObject *self, openpit_order *order, PyObject *const values[]) {
    int has_id = take_text(self, CLIENT_ORDER_ID_PART, values[CLIENT_ORDER_ID], "client_order_id");
    int replaces = has_id < 0 ? -1 : take_text(self, REPLACES_PART, values[REPLACES], "replaces");
    if (replaces < 0) return -1;
    if (has_id) order->fields |= OPENPIT_ORDER_HAS_CLIENT_ORDER_ID;
    if (replaces) order->fields |= OPENPIT_ORDER_HAS_REPLACES;
    return 0;
}

static int take_names(ModuleState *state, openpit_order *order, PyObject *const values[]) {
    return name_from_optional(state, values[STRATEGY], "strategy", &order->strategy) < 0 ||
                   name_from_optional(state, values[TRADER], "trader", &order->trader) < 0 ||
                   name_from_optional(state, values[VENUE], "venue", &order->venue) < 0 ||
                   name_from_optional(state, values[SESSION], "session", &order->session) < 0 ||
                   name_from_optional(state, values[CLEARING_ACCOUNT], "clearing_account", &order->clearing_account) <
                       0 ||
                   name_from_optional(state, values[DECISION_MAKER], "decision_maker", &order->decision_maker) < 0
               ? -1
               : 0;
}

static int take_numbers(ModuleState *state, openpit_order *order, PyObject *const values[]) {
    int has_display, has_stop, has_decision;
    if (number_from_optional(state, OPENPIT_KIND_QUANTITY, values[DISPLAY_QUANTITY], &has_display,
                             &order->display_quantity) < 0 ||
        number_from_optional(state, OPENPIT_KIND_PRICE, values[STOP_PRICE], &has_stop, &order->stop_price) < 0 ||
        number_from_optional(state, OPENPIT_KIND_PRICE, values[DECISION_PRICE], &has_decision, &order->decision_price) <
            0) {
        return -1;
    }
    if (has_display) order->fields |= OPENPIT_ORDER_HAS_DISPLAY_QUANTITY;
    if (has_stop) order->fields |= OPENPIT_ORDER_HAS_STOP_PRICE;
    if (has_decision) order->fields |= OPENPIT_ORDER_HAS_DECISION_PRICE;
    return 0;
}

static int take_words(openpit_order *order, PyObject *const values[]) {
    uint8_t mark;
    char post_only;
    if (read_word(&order_types, values[ORDER_TYPE], &order->order_type) < 0 ||
        read_word(&times_in_force, values[TIME_IN_FORCE], &order->time_in_force) < 0 ||
        read_word(&short_marks, values[SHORT], &mark) < 0 || read_optional_flag(values[POST_ONLY], &post_only) < 0) {
        return -1;
    }
    if (mark == 1) order->fields |= OPENPIT_ORDER_SHORT;
    if (mark == 2) order->fields |= OPENPIT_ORDER_SHORT_EXEMPT;
    if (post_only) order->fields |= OPENPIT_ORDER_POST_ONLY;
    return 0;
}

static int take_expiry(PyObject *self, openpit_order *order, PyObject *value) {
    if (value == NULL || value == Py_None) return 0;
    if (instant_from_object(value, "expire_at", &order->expire_at) < 0) return -1;
    model_set_part(self, EXPIRE_AT_PART, value);
    order->fields |= OPENPIT_ORDER_HAS_EXPIRE_AT;
    return 0;
}

static int attributes_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    openpit_order *order = &((OrderAttributesObject *)self)->order;
    return take_order_texts(self, order, values) < 0 || take_words(order, values) < 0 ||
                   take_expiry(self, order, values[EXPIRE_AT]) < 0 || take_names(state, order, values) < 0 ||
                   take_numbers(state, order, values) < 0
               ? -1
               : 0;
}
MODEL_CONSTRUCTORS(attributes, ATTRIBUTE_COUNT)

void attributes_read(openpit_order *order, const OrderAttributesObject *attributes) {
    const openpit_order *said = &attributes->order;
    order->fields |= said->fields;
    order->display_quantity = said->display_quantity;
    order->stop_price = said->stop_price;
    order->decision_price = said->decision_price;
    order->expire_at = said->expire_at;
    order->strategy = said->strategy;
    order->trader = said->trader;
    order->venue = said->venue;
    order->session = said->session;
    order->clearing_account = said->clearing_account;
    order->decision_maker = said->decision_maker;
    order->order_type = said->order_type;
    order->time_in_force = said->time_in_force;
}

void attributes_lend(openpit_order *order, const OrderAttributesObject *attributes) {
    order->client_order_id = kept_text((const ModelObject *)attributes, CLIENT_ORDER_ID_PART);
    order->replaces = kept_text((const ModelObject *)attributes, REPLACES_PART);
}

static const openpit_order *said_by(PyObject *self) { return &((OrderAttributesObject *)self)->order; }

/* A name, whose place in the order the closure says. */
static PyObject *attributes_name(PyObject *self, void *offset) {
    return asset_name(state_of(self), *(const openpit_name *)((const char *)said_by(self) + (uintptr_t)offset));
}

static PyObject *attributes_order_type(PyObject *self, void *Py_UNUSED(closure)) {
    return word_object(&order_types, said_by(self)->order_type);
}

static PyObject *attributes_time_in_force(PyObject *self, void *Py_UNUSED(closure)) {
    return word_object(&times_in_force, said_by(self)->time_in_force);
}

static PyObject *attributes_short(PyObject *self, void *Py_UNUSED(closure)) {
    uint32_t fields = said_by(self)->fields;
    return word_object(&short_marks, fields & OPENPIT_ORDER_SHORT ? 1 : fields & OPENPIT_ORDER_SHORT_EXEMPT ? 2 : 0);
}

static PyObject *attributes_post_only(PyObject *self, void *Py_UNUSED(closure)) {
    return PyBool_FromLong((said_by(self)->fields & OPENPIT_ORDER_POST_ONLY) != 0);
}

static PyObject *attributes_display_quantity(PyObject *self, void *Py_UNUSED(closure)) {
    const openpit_order *order = said_by(self);
    return number_or_none(state_of(self), OPENPIT_KIND_QUANTITY, order->fields & OPENPIT_ORDER_HAS_DISPLAY_QUANTITY,
                          order->display_quantity);
}

static PyObject *attributes_stop_price(PyObject *self, void *Py_UNUSED(closure)) {
    const openpit_order *order = said_by(self);
    return number_or_none(state_of(self), OPENPIT_KIND_PRICE, order->fields & OPENPIT_ORDER_HAS_STOP_PRICE,
                          order->stop_price);
}

static PyObject *attributes_decision_price(PyObject *self, void *Py_UNUSED(closure)) {
    const openpit_order *order = said_by(self);
    return number_or_none(state_of(self), OPENPIT_KIND_PRICE, order->fields & OPENPIT_ORDER_HAS_DECISION_PRICE,
                          order->decision_price);
}

static PyObject *attributes_repr(PyObject *self) {
    static const char *const names[] = {
        "client_order_id", "replaces", "order_type", "time_in_force",    "expire_at",
        "strategy",        "trader",   "venue",      "session",          "clearing_account",
        "decision_maker",  "short",    "post_only",  "display_quantity", "stop_price",
        "decision_price",  NULL};
    return repr_of_attributes(self, "OrderAttributes", names);
}

static PyMemberDef attributes_members[] = {
    MODEL_PART("client_order_id", CLIENT_ORDER_ID_PART, "The sender's own id of the order, or None."),
    MODEL_PART("replaces", REPLACES_PART,
               "The client order id of the order that this one takes the place of, or None."),
    MODEL_PART("expire_at", EXPIRE_AT_PART, "When the order ends by itself: the datetime that was given, or None."),
    MODEL_MEMBERS,
    {0},
};

#define NAME_PROPERTY(name, text) {#name, attributes_name, NULL, PyDoc_STR(text), (void *)offsetof(openpit_order, name)}

static PyGetSetDef attributes_properties[] = {
    {"order_type", attributes_order_type, NULL, PyDoc_STR("limit, market, stop or stop_limit, or None."), NULL},
    {"time_in_force", attributes_time_in_force, NULL,
     PyDoc_STR("day, gtc, ioc, fok, gtd, at_open or at_close, or None."), NULL},
    NAME_PROPERTY(strategy, "The strategy that sends it, or None."),
    NAME_PROPERTY(trader, "The trader who sends it, or None."),
    NAME_PROPERTY(venue, "Where it goes, or None."),
    NAME_PROPERTY(session, "The session it goes through, or None."),
    NAME_PROPERTY(clearing_account, "Where it clears, or None."),
    NAME_PROPERTY(decision_maker, "Who or what decided to trade, or None."),
    {"short", attributes_short, NULL, PyDoc_STR("short or short_exempt; None for a sell that is long."), NULL},
    {"post_only", attributes_post_only, NULL, PyDoc_STR("Whether it must not take what others offer."), NULL},
    {"display_quantity", attributes_display_quantity, NULL, PyDoc_STR("The Quantity that others are shown, or None."),
     NULL},
    {"stop_price", attributes_stop_price, NULL, PyDoc_STR("The Price that sets it off, or None."), NULL},
    {"decision_price", attributes_decision_price, NULL,
     PyDoc_STR("The Price at which it was decided to trade, or None."), NULL},
    {0},
};

static PyType_Slot attributes_slots[] = {
    {Py_tp_doc,
     (void *)PyDoc_STR("OrderAttributes(*, client_order_id=None, replaces=None, order_type=None, time_in_force=None, "
                       "expire_at=None, strategy=None, trader=None, venue=None, session=None, clearing_account=None, "
                       "decision_maker=None, short=None, post_only=False, display_quantity=None, stop_price=None, "
                       "decision_price=None)\n--\n\nWho sends the order, and what kind of order it is.")},
    {Py_tp_new, attributes_new_object},
    MODEL_COMMON_SLOTS(attributes_members, model_methods),
    {Py_tp_getset, attributes_properties},
    {Py_tp_repr, attributes_repr},
    {0},
};

static PyType_Spec attributes_spec =
    MODEL_SPEC("openpit.core.OrderAttributes", OrderAttributesObject, attributes_slots);

/* ---- ExecutionReportOrder ---------------------------------------------------------------------------------------- */

enum { EXECUTION_ID_PART = 1 }; /* behind the client order id */

static const Parameters report_order_parameters = {
    "ExecutionReportOrder.__new__", 4, 0, 0, {NAME_client_order_id, NAME_order_id, NAME_execution_id, NAME_event}};

static int take_order_id(PyObject *value, ReportOrderObject *group) {
    if (value == NULL || value == Py_None) return 0;
    PyObject *number = PyBool_Check(value) ? NULL : PyNumber_Index(value);
    if (number == NULL) {
        PyErr_SetString(PyExc_TypeError, "order_id must be an integer");
        return -1;
    }
    group->order_id = PyLong_AsUnsignedLongLong(number);
    Py_DECREF(number);
    if (PyErr_Occurred()) {
        PyErr_SetString(PyExc_ValueError, "order_id must be an integer in range 0..=18446744073709551615");
        return -1;
    }
    group->fields |= OPENPIT_REPORT_HAS_ORDER_ID;
    return 0;
}

static int report_order_fill(ModuleState *Py_UNUSED(state), PyObject *self, PyObject *const values[]) {
    ReportOrderObject *group = (ReportOrderObject *)self;
    int has_id = take_text(self, CLIENT_ORDER_ID_PART, values[0], "client_order_id");
    int has_execution = has_id < 0 ? -1 : take_text(self, EXECUTION_ID_PART, values[2], "execution_id");
    if (has_execution < 0 || take_order_id(values[1], group) < 0 || read_word(&events, values[3], &group->event) < 0) {
        return -1;
    }
    if (has_id) group->fields |= OPENPIT_REPORT_HAS_CLIENT_ORDER_ID;
    if (has_execution) group->fields |= OPENPIT_REPORT_HAS_EXECUTION_ID;
    return 0;
}
MODEL_CONSTRUCTORS(report_order, 4)

void report_order_read(openpit_report *report, const ReportOrderObject *group) {
    report->fields |= group->fields;
    report->order_id = group->order_id;
    report->event = group->event;
}

void report_order_lend(openpit_report *report, const ReportOrderObject *group) {
    report->client_order_id = kept_text((const ModelObject *)group, CLIENT_ORDER_ID_PART);
    report->execution_id = kept_text((const ModelObject *)group, EXECUTION_ID_PART);
}

static PyObject *report_order_id(PyObject *self, void *Py_UNUSED(closure)) {
    const ReportOrderObject *group = (const ReportOrderObject *)self;
    if (!(group->fields & OPENPIT_REPORT_HAS_ORDER_ID)) Py_RETURN_NONE;
    return PyLong_FromUnsignedLongLong(group->order_id);
}

static PyObject *report_order_event(PyObject *self, void *Py_UNUSED(closure)) {
    return word_object(&events, ((const ReportOrderObject *)self)->event);
}

static PyObject *report_order_repr(PyObject *self) {
    static const char *const names[] = {"client_order_id", "order_id", "execution_id", "event", NULL};
    return repr_of_attributes(self, "ExecutionReportOrder", names);
}

static PyMemberDef report_order_members[] = {
    MODEL_PART("client_order_id", CLIENT_ORDER_ID_PART, "The sender's own id of the order, or None."),
    MODEL_PART("execution_id", EXECUTION_ID_PART, "The venue's id of what is reported, or None."),
    MODEL_MEMBERS,
    {0},
};

static PyGetSetDef report_order_properties[] = {
    {"order_id", report_order_id, NULL, PyDoc_STR("The engine's number of the order, Reservation.order_id, or None."),
     NULL},
    {"event", report_order_event, NULL, PyDoc_STR("What became of the order, as a word, or None."), NULL},
    {0},
};

static PyType_Slot report_order_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("ExecutionReportOrder(*, client_order_id=None, order_id=None, execution_id=None, "
                                  "event=None)\n--\n\nWhose report it is, and what it says became of the order.")},
    {Py_tp_new, report_order_new_object},
    MODEL_COMMON_SLOTS(report_order_members, model_methods),
    {Py_tp_getset, report_order_properties},
    {Py_tp_repr, report_order_repr},
    {0},
};

static PyType_Spec report_order_spec =
    MODEL_SPEC("openpit.core.ExecutionReportOrder", ReportOrderObject, report_order_slots);

int attributes_init(PyObject *module, ModuleState *state) {
    return add_type(module, &attributes_spec, attributes_vectorcall, &state->order_attributes) < 0 ||
                   add_type(module, &report_order_spec, report_order_vectorcall, &state->report_order) < 0
               ? -1
               : 0;
}
