/* Methods of Engine that have to do with states, intents, sessions, locates and overrides. */
#ifndef ENGINE_STATES_H
#define ENGINE_STATES_H

#include "types.h"

PyObject *engine_set_state(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_state(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_release(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_cancel_intents(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_pending_cancels(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_rebase(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_rebase_native(PyObject *self, PyObject *args);
PyObject *engine_heartbeat(PyObject *self, PyObject *session);
PyObject *engine_tick(PyObject *self, PyObject *argument);
PyObject *engine_add_locate(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_grant(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_execute_list(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_check_cancel(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_execute_list_native(PyObject *self, PyObject *orders);
PyObject *engine_check_cancel_native(PyObject *self, PyObject *args);
PyObject *engine_set_state_native(PyObject *self, PyObject *args);
PyObject *engine_read_state(PyObject *self, PyObject *scope);
PyObject *engine_release_native(PyObject *self, PyObject *args);
PyObject *engine_next_intent(PyObject *self, PyObject *argument);
PyObject *engine_read_pending_cancels(PyObject *self, PyObject *argument);
PyObject *engine_add_locate_native(PyObject *self, PyObject *args);
PyObject *engine_grant_native(PyObject *self, PyObject *args);

/* The rows of the engine's table of methods. Those with a line in front are openpit._states' own. */
#define ENGINE_STATE_METHODS                                                                                           \
    {"set_state", FUNCTION(engine_set_state), METH_FASTCALL | METH_KEYWORDS,                                           \
     PyDoc_STR("set_state($self, state, *, actor, reason, **scope)\n--\n\nSets the state of a key by hand.")},         \
        {"state", FUNCTION(engine_state), METH_FASTCALL | METH_KEYWORDS,                                               \
         PyDoc_STR("state($self, **scope)\n--\n\nThe most severe state that every order with these values meets.")},   \
        {"release", FUNCTION(engine_release), METH_FASTCALL | METH_KEYWORDS,                                           \
         PyDoc_STR("release($self, *, actor, reason, role=None, limit=None, **scope)\n--\n\n"                          \
                   "Ends the states of exactly this key.")},                                                           \
        {"cancel_intents", FUNCTION(engine_cancel_intents), METH_FASTCALL | METH_KEYWORDS,                             \
         PyDoc_STR("cancel_intents($self)\n--\n\nHands out, once, what the engine wants of the venue.")},              \
        {"pending_cancels", FUNCTION(engine_pending_cancels), METH_FASTCALL | METH_KEYWORDS,                           \
         PyDoc_STR("pending_cancels($self)\n--\n\nEvery intent whose order has not ended.")},                          \
        {"rebase", FUNCTION(engine_rebase), METH_FASTCALL | METH_KEYWORDS,                                             \
         PyDoc_STR("rebase($self, account_id, what, *, actor, reason)\n--\n\n"                                         \
                   "Sets the peak, or what a period began with, to the present value.")},                              \
        {"_rebase", engine_rebase_native, METH_VARARGS, NULL},                                                         \
        {"heartbeat", engine_heartbeat, METH_O, PyDoc_STR("heartbeat($self, session, /)\n--\n\nHears of a session.")}, \
        {"tick", engine_tick, METH_NOARGS, PyDoc_STR("tick($self)\n--\n\nTakes notice of what time has brought.")},    \
        {"add_locate", FUNCTION(engine_add_locate), METH_FASTCALL | METH_KEYWORDS,                                     \
         PyDoc_STR("add_locate($self, account_id, instrument, quantity, locate_id, expires=None)\n--\n\n"              \
                   "Adds a quantity that somebody will lend to an account that sells short.")},                        \
        {"grant", FUNCTION(engine_grant), METH_FASTCALL | METH_KEYWORDS,                                               \
         PyDoc_STR("grant($self, account_id, client_order_id, limits, expires, actors, reason)\n--\n\n"                \
                   "Lets one order of an account pass some limits.")},                                                 \
        {"execute_pre_trade_list", FUNCTION(engine_execute_list), METH_FASTCALL | METH_KEYWORDS,                       \
         PyDoc_STR("execute_pre_trade_list($self, orders)\n--\n\nRuns both stages of orders that are sent together: "  \
                   "all of them are "                                                                                  \
                   "accepted, or none.")},                                                                             \
        {"check_cancel", FUNCTION(engine_check_cancel), METH_FASTCALL | METH_KEYWORDS,                                 \
         PyDoc_STR(                                                                                                    \
             "check_cancel($self, account_id, *, client_order_id=None, order_id=None, instrument=None, "               \
             "strategy=None, "                                                                                         \
             "trader=None, session=None, venue=None)\n--\n\nCounts a cancel, and tells whether it may be sent.")},     \
        {"_execute_list", engine_execute_list_native, METH_O, NULL},                                                   \
        {"_check_cancel", engine_check_cancel_native, METH_VARARGS, NULL},                                             \
        {"_set_state", engine_set_state_native, METH_VARARGS, NULL}, {"_read_state", engine_read_state, METH_O, NULL}, \
        {"_release", engine_release_native, METH_VARARGS, NULL},                                                       \
        {"_next_intent", engine_next_intent, METH_NOARGS, NULL},                                                       \
        {"_read_pending_cancels", engine_read_pending_cancels, METH_NOARGS, NULL},                                     \
        {"_add_locate", engine_add_locate_native, METH_VARARGS, NULL}, {                                               \
        "_grant", engine_grant_native, METH_VARARGS, NULL                                                              \
    }

#endif
