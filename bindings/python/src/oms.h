/*
 * Orders, what is said of them, wallets and order managers of axon_quant. A float means the number its repr shows.
 *
 * What they raise is made by whoever gives these types their names; see set_oms_words.
 */
#ifndef OMS_H
#define OMS_H

#include "state.h"

/* ---- Input ------------------------------------------------------------------------------------------------------- */

/* Raises the error of a code, such as "Portfolio", that is a `builtin` as well unless that is NULL. Returns NULL. */
PyObject *raise_oms(ModuleState *state, const char *code, PyObject *builtin, const char *format, ...);

/* Raises the error of a code for an argument that is something else. Returns -1. What is no Exception stays what it is. */
int oms_refuse(ModuleState *state, const char *code, const char *key, PyObject *object, const char *expected);

/* Reads an int, a float, a str or a decimal.Decimal. Returns -1 with an error of the code, which names `key`. */
int oms_amount(ModuleState *state, PyObject *object, const char *code, const char *key, openpit_decimal *value);

/* The same for one that has to be 0 or above. */
int oms_amount_not_below(ModuleState *state, PyObject *object, const char *code, const char *key,
                         openpit_decimal *value);

int oms_is_positive(openpit_decimal value);
int oms_is_negative(openpit_decimal value);

/* A str that is not empty, as an exact str: a new reference, or NULL with an error of the code. */
PyObject *oms_text(ModuleState *state, PyObject *object, const char *code, const char *key);

/* Reads the id of an order. Returns -1 with OrderNotFound. */
int oms_id(ModuleState *state, PyObject *object, openpit_uuid *id);
PyObject *oms_id_text(openpit_uuid id);

/* RFC 3339, in and out. */
int oms_time(ModuleState *state, PyObject *object, int64_t *nanoseconds);
PyObject *oms_time_text(int64_t nanoseconds);

/* What a clock says, or the system's where that is NULL. */
int oms_now(ModuleState *state, PyObject *clock, int64_t *nanoseconds);

/* The side of an order, as a member of its enum or as text. */
int oms_side(ModuleState *state, PyObject *object, openpit_desk_side *side);

/* ---- Orders ------------------------------------------------------------------------------------------------------ */

typedef struct OmsOrder {
    PyObject_HEAD openpit_new_order order; /* its texts are those of the objects */
    PyObject *symbol;
    PyObject *key; /* NULL: it has none */
    PyObject *id;  /* NULL until somebody asks */
} OmsOrder;

/* The text of an order's id, borrowed. */
PyObject *oms_order_id(OmsOrder *order);

/* The number that Python's kinds of orders have, and back: market and limit change places. */
int oms_type_number(openpit_desk_order_type type);

typedef struct OmsStatus {
    PyObject_HEAD openpit_order_update update; /* without its reason */
    PyObject *reason;                          /* NULL: it has none */
} OmsStatus;

/* What is said of an order; a new reference. */
PyObject *oms_status(ModuleState *state, const openpit_order_record *record);

/* A text, or None. */
PyObject *oms_decimal_or_none(int present, openpit_decimal value);

/* ---- Wallets ------------------------------------------------------------------------------------------------------ */

/* What a fill says, read from the arguments of a call; `texts` keeps what the struct borrows. */
typedef struct OmsFill {
    openpit_order_fill fill;
    PyObject *id, *symbol, *currency;
} OmsFill;

/* Reads a fill; `values` are id, symbol, price, quantity, fee, timestamp or NULL, currency or NULL. */
int oms_read_fill(ModuleState *state, PyObject *clock, PyObject **values, OmsFill *fill);
void oms_release_fill(OmsFill *fill);

/* Raises what a status of a wallet or a manager is. Returns NULL. */
PyObject *raise_oms_status(ModuleState *state, openpit_status status, const openpit_order_problem *problem,
                           const OmsFill *fill);

/* Makes a wallet whose symbols are paid in a currency, or in USDT where that is NULL. */
int oms_wallet_make(ModuleState *state, PyObject *currency, openpit_wallet **wallet);

PyObject *oms_cash(openpit_wallet *wallet);
PyObject *oms_positions(openpit_wallet *wallet);

/* deposit(currency, amount), or withdraw. */
PyObject *oms_deposit(ModuleState *state, openpit_wallet *wallet, PyObject *const *args, Py_ssize_t count,
                      PyObject *kwnames, int is_withdrawal);

int oms_init(PyObject *module, ModuleState *state);
int oms_wallet_init(PyObject *module, ModuleState *state);
int oms_manager_init(PyObject *module, ModuleState *state);

#endif
