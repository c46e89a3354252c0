#include "spot_funds.h"

#include "decimal.h"
#include "identifiers.h"
#include "outcome.h"

void funds_settings_free(FundsSettings *settings) {
    barriers_free(&settings->overrides);
    barriers_free(&settings->limit_mode_pins);
    barriers_free(&settings->position_limits);
}

const openpit_spot_funds_settings *funds_settings_finish(FundsSettings *settings) {
    openpit_spot_funds_settings *native = &settings->native;
    native->overrides = settings->overrides.items;
    native->override_count = settings->overrides.count;
    native->limit_mode_pins = settings->limit_mode_pins.items;
    native->limit_mode_pin_count = settings->limit_mode_pins.count;
    native->position_limits = settings->position_limits.items;
    native->position_limit_count = settings->position_limits.count;
    return native;
}

/* ---- Scalars ---- */

/* Basis points: any integer of 16 bits, which the library may still refuse. */
static int read_basis_points(PyObject *given, uint16_t *points) {
    PyObject *number = PyNumber_Index(given);
    if (number == NULL) return -1;
    int overflow;
    long long wide = PyLong_AsLongLongAndOverflow(number, &overflow);
    Py_DECREF(number);
    if (overflow != 0 || wide < 0 || wide > UINT16_MAX) {
        PyErr_SetString(PyExc_OverflowError, "out of range integral type conversion attempted");
        return -1;
    }
    *points = (uint16_t)wide;
    return 0;
}

int funds_read_slippage(PyObject *given, FundsSettings *settings) {
    if (given == NULL || given == Py_None) return 0;
    settings->native.fields |= OPENPIT_SPOT_FUNDS_HAS_SLIPPAGE;
    return read_basis_points(given, &settings->native.slippage);
}

/* The number of a member of one of the two str enums: 1 for the text `first`, else 2. */
static int read_choice(ModuleState *state, PyObject *given, const char *class_name, const char *first,
                       uint8_t *number) {
    *number = 0;
    if (given == NULL || given == Py_None) return 0;
    if (require_policy_class(state, given, class_name) < 0) return -1;
    /* What only says that it is of that class is no text. */
    if (!PyUnicode_Check(given)) {
        PyErr_Format(PyExc_TypeError, "expected openpit.pretrade.policies.%s", class_name);
        return -1;
    }
    *number = PyUnicode_CompareWithASCIIString(given, first) == 0 ? 1 : 2;
    return 0;
}

int funds_read_pricing_source(ModuleState *state, PyObject *given, FundsSettings *settings) {
    return read_choice(state, given, "SpotFundsPricingSource", "Mark", &settings->native.pricing_source);
}

static int read_limit_mode(ModuleState *state, PyObject *given, openpit_limit_mode *mode) {
    return read_choice(state, given, "SpotFundsLimitMode", "Enforce", mode);
}

int funds_read_limit_mode(ModuleState *state, PyObject *given, FundsSettings *settings) {
    return read_limit_mode(state, given, &settings->native.limit_mode);
}

/* ---- Entries ---- */

typedef int (*ReadEntry)(ModuleState *state, openpit_target target, PyObject *entry, Barriers *list);

static int read_entries(ModuleState *state, openpit_target target, PyObject *entries, Barriers *list, ReadEntry read) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(entries); i++) {
        if (read(state, target, PyTuple_GET_ITEM(entries, i), list) < 0) return -1;
    }
    return 0;
}

static int read_account(ModuleState *state, PyObject *entry, const char *parameter, openpit_account_id *account) {
    PyObject *value = PyObject_GetAttr(entry, state->names[NAME_account_id]);
    if (value == NULL) return -1;
    int status = account_id_from_object(state, value, parameter, account);
    Py_DECREF(value);
    return status;
}

static int read_group(ModuleState *state, PyObject *entry, const char *parameter, openpit_account_group_id *group) {
    PyObject *value = PyObject_GetAttrString(entry, "account_group_id");
    if (value == NULL) return -1;
    int status = account_group_id_from_object(state, value, parameter, group);
    Py_DECREF(value);
    return status;
}

/* ---- Slippage overrides ---- */

static const char *const target_classes[] = {
    [OPENPIT_TARGET_ALL] = "SpotFundsOverrideTargetInstrument",
    [OPENPIT_TARGET_GROUP] = "SpotFundsOverrideTargetInstrumentAccountGroup",
    [OPENPIT_TARGET_ACCOUNT] = "SpotFundsOverrideTargetInstrumentAccount",
};

static int read_instrument(ModuleState *state, PyObject *target, openpit_instrument_id *instrument) {
    PyObject *value = PyObject_GetAttr(target, state->names[NAME_instrument]);
    if (value == NULL) return -1;
    int matches = Py_IS_TYPE(value, state->instrument_id);
    if (matches) {
        *instrument = ((IdentifierObject *)value)->value;
    } else {
        PyErr_SetString(PyExc_TypeError, "spot funds override target instrument must be openpit.core.InstrumentId");
    }
    Py_DECREF(value);
    return matches ? 0 : -1;
}

static int read_target(ModuleState *state, PyObject *target, openpit_slippage_override *native) {
    int matches = 0;
    for (int kind = OPENPIT_TARGET_ALL; kind <= OPENPIT_TARGET_ACCOUNT && matches == 0; kind++) {
        native->target = (openpit_target)kind;
        matches = is_policy_class(state, target, target_classes[kind]);
    }
    if (matches < 0) return -1;
    if (matches == 0) {
        PyErr_SetString(PyExc_TypeError, "SpotFundsOverrideEntry.target must be one of "
                                         "openpit.pretrade.policies.SpotFundsOverrideTargetInstrument, "
                                         "openpit.pretrade.policies.SpotFundsOverrideTargetInstrumentAccount, or "
                                         "openpit.pretrade.policies.SpotFundsOverrideTargetInstrumentAccountGroup");
        return -1;
    }
    if (read_instrument(state, target, &native->instrument) < 0) return -1;
    switch (native->target) {
    case OPENPIT_TARGET_ACCOUNT:
        return read_account(state, target, "SpotFundsOverrideTargetInstrumentAccount.account_id", &native->account);
    case OPENPIT_TARGET_GROUP:
        return read_group(state, target, "SpotFundsOverrideTargetInstrumentAccountGroup.account_group_id",
                          &native->account_group);
    default:
        return 0;
    }
}

static int read_override_points(ModuleState *state, PyObject *override, openpit_slippage_override *native) {
    if (require_policy_class(state, override, "SpotFundsOverride") < 0) return -1;
    PyObject *points = PyObject_GetAttrString(override, "slippage_bps");
    if (points == NULL) return -1;
    native->is_removed = points == Py_None;
    int status = native->is_removed ? 0 : read_basis_points(points, &native->slippage);
    Py_DECREF(points);
    return status;
}

static int read_override(ModuleState *state, openpit_target Py_UNUSED(any), PyObject *entry, Barriers *list) {
    openpit_slippage_override native = {0};
    if (require_policy_class(state, entry, "SpotFundsOverrideEntry") < 0) return -1;
    PyObject *target = PyObject_GetAttrString(entry, "target");
    int status = target == NULL ? -1 : read_target(state, target, &native);
    Py_XDECREF(target);
    PyObject *override = status < 0 ? NULL : PyObject_GetAttrString(entry, "override");
    if (override == NULL) return -1;
    status = read_override_points(state, override, &native);
    Py_DECREF(override);
    return status < 0 ? -1 : barriers_append(list, &native, sizeof native);
}

int funds_read_overrides(ModuleState *state, PyObject *entries, FundsSettings *settings) {
    return read_entries(state, OPENPIT_TARGET_ALL, entries, &settings->overrides, read_override);
}

/* ---- Limit modes ---- */

static int read_pin(ModuleState *state, openpit_target target, PyObject *entry, Barriers *list) {
    openpit_limit_mode_pin native = {.target = target};
    if (target == OPENPIT_TARGET_ACCOUNT) {
        if (require_policy_class(state, entry, "SpotFundsLimitModeAccountEntry") < 0 ||
            read_account(state, entry, "SpotFundsLimitModeAccountEntry.account_id", &native.account) < 0) {
            return -1;
        }
    } else if (require_policy_class(state, entry, "SpotFundsLimitModeAccountGroupEntry") < 0 ||
               read_group(state, entry, "SpotFundsLimitModeAccountGroupEntry.account_group_id", &native.account_group) <
                   0) {
        return -1;
    }
    PyObject *mode = PyObject_GetAttr(entry, state->names[NAME_mode]);
    if (mode == NULL) return -1;
    int status = read_limit_mode(state, mode, &native.mode);
    Py_DECREF(mode);
    return status < 0 ? -1 : barriers_append(list, &native, sizeof native);
}

int funds_read_limit_modes(ModuleState *state, openpit_target target, PyObject *entries, FundsSettings *settings) {
    return read_entries(state, target, entries, &settings->limit_mode_pins, read_pin);
}

/* ---- Position limits ---- */

static int read_position_limit(ModuleState *state, openpit_target Py_UNUSED(any), PyObject *entry, Barriers *list) {
    openpit_position_limit native = {0};
    if (require_policy_class(state, entry, "SpotFundsPositionLimitEntry") < 0 ||
        read_account(state, entry, "SpotFundsPositionLimitEntry.account_id", &native.account) < 0) {
        return -1;
    }
    PyObject *asset = PyObject_GetAttr(entry, state->names[NAME_asset]);
    int status = asset == NULL ? -1 : asset_from_object(state, asset, &native.asset);
    Py_XDECREF(asset);
    PyObject *limit = status < 0 ? NULL : PyObject_GetAttr(entry, state->names[NAME_limit]);
    if (limit == NULL) return -1;
    native.is_removed = limit == Py_None;
    if (!native.is_removed && !PyObject_TypeCheck(limit, state->number[OPENPIT_KIND_QUANTITY])) {
        PyErr_SetString(PyExc_TypeError, "SpotFundsPositionLimitEntry.limit must be openpit.param.Quantity or None");
        status = -1;
    } else if (!native.is_removed) {
        native.limit = ((NumberObject *)limit)->value;
    }
    Py_DECREF(limit);
    return status < 0 ? -1 : barriers_append(list, &native, sizeof native);
}

int funds_read_position_limits(ModuleState *state, PyObject *entries, FundsSettings *settings) {
    return read_entries(state, OPENPIT_TARGET_ALL, entries, &settings->position_limits, read_position_limit);
}

/* ---- P&L ---- */

/* What is no number at all is a wrong value here, and a number of another kind a wrong type. */
static int read_pnl_number(ModuleState *state, PyObject *given, openpit_decimal *pnl) {
    if (number_from_object(state, OPENPIT_KIND_PNL, given, pnl) == 0) return 0;
    if (!PyErr_ExceptionMatches(PyExc_TypeError)) return -1;
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        if (PyObject_TypeCheck(given, state->number[kind])) return -1;
    }
    PyErr_Clear();
    PyErr_SetString(PyExc_ValueError, "Pnl must be a Decimal, str, int, or float");
    return -1;
}

int funds_read_pnl(ModuleState *state, PyObject *given, openpit_decimal *pnl, openpit_halt_reason *halt) {
    *halt = OPENPIT_HALT_NONE;
    *pnl = openpit_decimal_from_int64(0);
    if (Py_IS_TYPE(given, state->halt_reason)) return halt_reason_from_optional(state, given, halt);
    return read_pnl_number(state, given, pnl);
}

static int read_bound(ModuleState *state, PyObject *barrier, int name, uint8_t field, uint8_t *fields,
                      openpit_decimal *bound) {
    PyObject *value = PyObject_GetAttr(barrier, state->names[name]);
    if (value == NULL) return -1;
    int status = 0;
    if (value != Py_None) {
        *fields |= field;
        status = read_pnl_number(state, value, bound);
    }
    Py_DECREF(value);
    return status;
}

static int read_bounds(ModuleState *state, PyObject *barrier, openpit_spot_funds_barrier *native) {
    if (require_policy_class(state, barrier, "SpotFundsPnlBoundsBarrier") < 0 ||
        read_bound(state, barrier, NAME_lower_bound, OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER, &native->fields,
                   &native->lower) < 0 ||
        read_bound(state, barrier, NAME_upper_bound, OPENPIT_SPOT_FUNDS_BARRIER_HAS_UPPER, &native->fields,
                   &native->upper) < 0) {
        return -1;
    }
    PyObject *currency = PyObject_GetAttr(barrier, state->names[NAME_currency]);
    if (currency == NULL) return -1;
    int status = asset_from_optional(state, currency, &native->currency);
    Py_DECREF(currency);
    return status;
}

/* The id of a barrier's group, which may be a plain integer. */
static int read_barrier_group(ModuleState *state, PyObject *entry, openpit_account_group_id *group) {
    PyObject *value = PyObject_GetAttrString(entry, "account_group_id");
    if (value == NULL) return -1;
    int status = account_group_from_any(state, value, NAMED_GROUPS, group);
    Py_DECREF(value);
    return status;
}

static int read_barrier(ModuleState *state, openpit_target target, PyObject *entry, Barriers *list) {
    openpit_spot_funds_barrier native = {.target = target};
    if (target == OPENPIT_TARGET_ALL) {
        return read_bounds(state, entry, &native) < 0 ? -1 : barriers_append(list, &native, sizeof native);
    }
    bool is_account = target == OPENPIT_TARGET_ACCOUNT;
    if (require_policy_class(state, entry,
                             is_account ? "SpotFundsPnlBoundsAccountBarrier"
                                        : "SpotFundsPnlBoundsAccountGroupBarrier") < 0) {
        return -1;
    }
    PyObject *barrier = PyObject_GetAttr(entry, state->names[NAME_barrier]);
    if (barrier == NULL) return -1;
    int status = read_bounds(state, barrier, &native);
    Py_DECREF(barrier);
    if (status < 0 || (is_account ? read_account(state, entry, "account_id", &native.account)
                                  : read_barrier_group(state, entry, &native.account_group)) < 0) {
        return -1;
    }
    return barriers_append(list, &native, sizeof native);
}

int funds_read_barriers(ModuleState *state, openpit_target target, PyObject *given, Barriers *barriers) {
    if (given == NULL || given == Py_None) return 0;
    barriers->axes |= 1u << target;
    if (target == OPENPIT_TARGET_ALL) return read_barrier(state, target, given, barriers);
    PyObject *entries = sequence_to_tuple(given);
    if (entries == NULL) return -1;
    int status = read_entries(state, target, entries, barriers, read_barrier);
    Py_DECREF(entries);
    return status;
}
