#include "adjustment.h"

#include "amounts.h"
#include "args.h"
#include "decimal.h"
#include "enums.h"
#include "identifiers.h"
#include "instrument.h"
#include "outcome.h"
#include "types.h"

static openpit_adjustment *adjustment_of(PyObject *self) { return &((AdjustmentObject *)self)->adjustment; }

/* A number, or the reason why there is none. */
static int take_pnl(ModuleState *state, PyObject *object, openpit_adjustment *adjustment) {
    if (object == NULL || object == Py_None) return 0;
    if (Py_TYPE(object) == state->halt_reason) {
        return halt_reason_from_optional(state, object, &adjustment->halt_reason);
    }
    if (number_from_object(state, OPENPIT_KIND_PNL, object, &adjustment->pnl) < 0) return -1;
    adjustment->fields |= OPENPIT_ADJUSTMENT_HAS_PNL;
    return 0;
}

static PyObject *adjustment_pnl(PyObject *self, void *Py_UNUSED(closure)) {
    const openpit_adjustment *adjustment = adjustment_of(self);
    ModuleState *state = state_of(self);
    if (adjustment->halt_reason != OPENPIT_HALT_NONE) return halt_reason_member(state, adjustment->halt_reason);
    return number_or_none(state, OPENPIT_KIND_PNL, adjustment->fields & OPENPIT_ADJUSTMENT_HAS_PNL, adjustment->pnl);
}

static int take_average_entry_price(ModuleState *state, PyObject *object, openpit_adjustment *adjustment) {
    int present;
    if (number_from_optional(state, OPENPIT_KIND_PRICE, object, &present, &adjustment->average_entry_price) < 0) {
        return -1;
    }
    if (present) adjustment->fields |= OPENPIT_ADJUSTMENT_HAS_AVERAGE_ENTRY_PRICE;
    return 0;
}

static PyObject *adjustment_average_entry_price(PyObject *self, void *Py_UNUSED(closure)) {
    const openpit_adjustment *adjustment = adjustment_of(self);
    return number_or_none(state_of(self), OPENPIT_KIND_PRICE,
                          adjustment->fields & OPENPIT_ADJUSTMENT_HAS_AVERAGE_ENTRY_PRICE,
                          adjustment->average_entry_price);
}

/* ---- BalanceOperation -------------------------------------------------------------------------------------------- */

static const Parameters balance_parameters = {
    "BalanceOperation.__init__", 3, 0, 1, {NAME_asset, NAME_average_entry_price, NAME_realized_pnl}};

static int balance_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    openpit_adjustment *adjustment = adjustment_of(self);
    *adjustment = (openpit_adjustment){.kind = OPENPIT_ADJUSTMENT_BALANCE};
    return asset_from_optional(state, values[0], &adjustment->asset) < 0 ||
                   take_average_entry_price(state, values[1], adjustment) < 0 ||
                   take_pnl(state, values[2], adjustment) < 0
               ? -1
               : 0;
}
MODEL_INITIALIZERS(balance, 3)

static PyObject *balance_asset(PyObject *self, void *Py_UNUSED(closure)) {
    return asset_name(state_of(self), adjustment_of(self)->asset);
}

static PyObject *balance_repr(PyObject *self) {
    static const char *const names[] = {"asset", "average_entry_price", "realized_pnl", NULL};
    return repr_of_attributes(self, "AccountAdjustmentBalanceOperation", names);
}

static PyGetSetDef balance_properties[] = {
    {"asset", balance_asset, NULL, PyDoc_STR("The asset's name, or None."), NULL},
    {"average_entry_price", adjustment_average_entry_price, NULL, PyDoc_STR("The Price, or None."), NULL},
    {"realized_pnl", adjustment_pnl, NULL, PyDoc_STR("The Pnl, a PnlHaltReason, or None."), NULL},
    {0},
};

/* Operations and amounts have nothing but properties; the members serve the user's own attributes. */
static PyMemberDef common_members[] = {MODEL_MEMBERS, {0}};

static PyType_Slot balance_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("BalanceOperation(*, asset=None, average_entry_price=None, realized_pnl=None)\n--\n\n"
                                  "An adjustment of what the account holds of an asset, which has to be given.")},
    MODEL_SLOTS(balance, common_members, model_methods),
    {Py_tp_getset, balance_properties},
    {Py_tp_repr, balance_repr},
    {0},
};

static PyType_Spec balance_spec =
    MODEL_SPEC("openpit.account_adjustment.BalanceOperation", AdjustmentObject, balance_slots);

/* ---- PositionOperation ------------------------------------------------------------------------------------------- */

static const Parameters position_parameters = {
    .function = "PositionOperation.__init__",
    .count = 7,
    .required = 0xF,
    .names = {NAME_instrument, NAME_collateral_asset, NAME_average_entry_price, NAME_mode, NAME_leverage,
              NAME_underlying_asset, NAME_settlement_asset},
    .pair = 5,
};

static int position_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    openpit_adjustment *adjustment = adjustment_of(self);
    *adjustment = (openpit_adjustment){.kind = OPENPIT_ADJUSTMENT_POSITION};
    if (instrument_take(state, self, values[0], values + 5, &adjustment->underlying, &adjustment->settlement) < 0 ||
        asset_from_optional(state, values[1], &adjustment->collateral) < 0 ||
        take_average_entry_price(state, values[2], adjustment) < 0 ||
        read_enum(&state->position_mode, &position_mode_choice, values[3], &adjustment->mode) < 0 ||
        leverage_from_optional(state, values[4], &adjustment->leverage) < 0) {
        return -1;
    }
    return 0;
}
MODEL_INITIALIZERS(position, 7)

static PyObject *position_collateral(PyObject *self, void *Py_UNUSED(closure)) {
    return asset_name(state_of(self), adjustment_of(self)->collateral);
}

static PyObject *position_mode(PyObject *self, void *Py_UNUSED(closure)) {
    return enum_member(&state_of(self)->position_mode, adjustment_of(self)->mode);
}

static PyObject *position_leverage(PyObject *self, void *Py_UNUSED(closure)) {
    return leverage_or_none(state_of(self), adjustment_of(self)->leverage);
}

static PyObject *position_repr(PyObject *self) {
    static const char *const names[] = {"instrument", "collateral_asset", "average_entry_price",
                                        "mode",       "leverage",         NULL};
    return repr_of_attributes(self, "AccountAdjustmentPositionOperation", names);
}

static PyMemberDef position_members[] = {
    MODEL_PART("instrument", 0, "What the position is in: the Instrument that was given."),
    MODEL_MEMBERS,
    {0},
};

static PyGetSetDef position_properties[] = {
    MODEL_ASSETS(AdjustmentObject, adjustment.),
    {"collateral_asset", position_collateral, NULL, PyDoc_STR("The asset that secures the position, or None."), NULL},
    {"average_entry_price", adjustment_average_entry_price, NULL, PyDoc_STR("The Price, or None."), NULL},
    {"mode", position_mode, NULL, PyDoc_STR("The PositionMode, or None."), NULL},
    {"leverage", position_leverage, NULL, PyDoc_STR("The Leverage, or None."), NULL},
    {0},
};

static PyType_Slot position_slots[] = {
    {Py_tp_doc,
     (void *)PyDoc_STR("PositionOperation(*, underlying_asset=None, settlement_asset=None, "
                       "collateral_asset=None, average_entry_price=None, mode=None, leverage=None, "
                       "instrument=None)\n--\n\n"
                       "An adjustment of a position: PositionOperation(*, instrument, collateral_asset, "
                       "average_entry_price, mode, leverage=None), or with the names of both assets in place "
                       "of the instrument.")},
    MODEL_SLOTS(position, position_members, model_methods),
    {Py_tp_getset, position_properties},
    {Py_tp_repr, position_repr},
    {0},
};

static PyType_Spec position_spec =
    MODEL_SPEC("openpit.account_adjustment.PositionOperation", AdjustmentObject, position_slots);

/* ---- AccountPnlOperation ----------------------------------------------------------------------------------------- */

static const Parameters pnl_parameters = {"AccountPnlOperation.__new__", 1, 0, 1, {NAME_state}};

static int pnl_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    openpit_adjustment *adjustment = adjustment_of(self);
    adjustment->kind = OPENPIT_ADJUSTMENT_ACCOUNT_PNL;
    if (values[0] != Py_None) return take_pnl(state, values[0], adjustment);
    PyErr_SetString(PyExc_ValueError, "Pnl must be a Decimal, str, int, or float");
    return -1;
}
MODEL_CONSTRUCTORS(pnl, 1)

static PyObject *pnl_repr(PyObject *self) {
    static const char *const names[] = {"state", NULL};
    return repr_of_attributes(self, "AccountAdjustmentAccountPnlOperation", names);
}

static PyGetSetDef pnl_properties[] = {
    {"state", adjustment_pnl, NULL, PyDoc_STR("The Pnl, or the PnlHaltReason."), NULL},
    {0},
};

static PyType_Slot pnl_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("AccountPnlOperation(*, state)\n--\n\nAn adjustment of the account's own P&L.")},
    {Py_tp_new, pnl_new_object},
    MODEL_COMMON_SLOTS(common_members, model_methods),
    {Py_tp_getset, pnl_properties},
    {Py_tp_repr, pnl_repr},
    {0},
};

static PyType_Spec pnl_spec = MODEL_SPEC("openpit.account_adjustment.AccountPnlOperation", AdjustmentObject, pnl_slots);

/* ---- EquityOperation --------------------------------------------------------------------------------------------- */

static const Parameters equity_parameters = {"EquityOperation.__new__", 1, 1, 1, {NAME_asset}};

static int equity_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    openpit_adjustment *adjustment = adjustment_of(self);
    adjustment->kind = OPENPIT_ADJUSTMENT_EQUITY;
    return asset_from_object(state, values[0], &adjustment->asset);
}
MODEL_CONSTRUCTORS(equity, 1)

static PyObject *equity_repr(PyObject *self) {
    static const char *const names[] = {"asset", NULL};
    return repr_of_attributes(self, "AccountAdjustmentEquityOperation", names);
}

static PyGetSetDef equity_properties[] = {
    {"asset", balance_asset, NULL, PyDoc_STR("The asset's name."), NULL},
    {0},
};

static PyType_Slot equity_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("EquityOperation(asset)\n--\n\n"
                                  "What is paid into the account's equity or out of it: the balance of the amount. No "
                                  "P&L comes of it, and spot funds ignore it.")},
    {Py_tp_new, equity_new_object},
    MODEL_COMMON_SLOTS(common_members, model_methods),
    {Py_tp_getset, equity_properties},
    {Py_tp_repr, equity_repr},
    {0},
};

static PyType_Spec equity_spec =
    MODEL_SPEC("openpit.account_adjustment.EquityOperation", AdjustmentObject, equity_slots);

/* ---- LedgerPositionOperation ------------------------------------------------------------------------------------- */

static const Parameters ledger_parameters = {
    "LedgerPositionOperation.__new__",
    5,
    2,
    3,
    {NAME_instrument, NAME_average_entry_price, NAME_strategy, NAME_trader, NAME_venue}};

static int ledger_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    PyObject *const no_names[2] = {NULL, NULL};
    openpit_adjustment *adjustment = adjustment_of(self);
    adjustment->kind = OPENPIT_ADJUSTMENT_LEDGER_POSITION;
    return instrument_take(state, self, values[0], no_names, &adjustment->underlying, &adjustment->settlement) < 0 ||
                   take_average_entry_price(state, values[1], adjustment) < 0 ||
                   name_from_optional(state, values[2], "strategy", &adjustment->strategy) < 0 ||
                   name_from_optional(state, values[3], "trader", &adjustment->trader) < 0 ||
                   name_from_optional(state, values[4], "venue", &adjustment->venue) < 0
               ? -1
               : 0;
}
MODEL_CONSTRUCTORS(ledger, 5)

static PyObject *ledger_strategy(PyObject *self, void *Py_UNUSED(closure)) {
    return asset_name(state_of(self), adjustment_of(self)->strategy);
}

static PyObject *ledger_trader(PyObject *self, void *Py_UNUSED(closure)) {
    return asset_name(state_of(self), adjustment_of(self)->trader);
}

static PyObject *ledger_venue(PyObject *self, void *Py_UNUSED(closure)) {
    return asset_name(state_of(self), adjustment_of(self)->venue);
}

static PyObject *ledger_repr(PyObject *self) {
    static const char *const names[] = {"instrument", "average_entry_price", "strategy", "trader", "venue", NULL};
    return repr_of_attributes(self, "AccountAdjustmentLedgerPositionOperation", names);
}

static PyGetSetDef ledger_properties[] = {
    {"average_entry_price", adjustment_average_entry_price, NULL, PyDoc_STR("The Price, or None."), NULL},
    {"strategy", ledger_strategy, NULL, PyDoc_STR("Whose position it is, or None."), NULL},
    {"trader", ledger_trader, NULL, PyDoc_STR("Whose position it is, or None."), NULL},
    {"venue", ledger_venue, NULL, PyDoc_STR("Where the position is, or None."), NULL},
    {0},
};

static PyType_Slot ledger_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("LedgerPositionOperation(instrument, average_entry_price, *, strategy=None, "
                                  "trader=None, venue=None)\n--\n\n"
                                  "A position of the ledger, whose quantity is the balance of the amount. Nothing is "
                                  "realised, and spot funds ignore it.")},
    {Py_tp_new, ledger_new_object},
    MODEL_COMMON_SLOTS(position_members, model_methods),
    {Py_tp_getset, ledger_properties},
    {Py_tp_repr, ledger_repr},
    {0},
};

static PyType_Spec ledger_spec =
    MODEL_SPEC("openpit.account_adjustment.LedgerPositionOperation", AdjustmentObject, ledger_slots);

/* ---- Amount ------------------------------------------------------------------------------------------------------ */

/* One of the three amounts: where its change and its number are. */
typedef struct AmountField {
    size_t change;
    size_t value;
} AmountField;

static const AmountField amount_fields[] = {
    {offsetof(openpit_adjustment, balance_change), offsetof(openpit_adjustment, balance)},
    {offsetof(openpit_adjustment, held_change), offsetof(openpit_adjustment, held)},
    {offsetof(openpit_adjustment, incoming_change), offsetof(openpit_adjustment, incoming)},
};

static openpit_change *change_of(openpit_adjustment *adjustment, const AmountField *field) {
    return (openpit_change *)((char *)adjustment + field->change);
}

static openpit_decimal *amount_value_of(openpit_adjustment *adjustment, const AmountField *field) {
    return (openpit_decimal *)((char *)adjustment + field->value);
}

static const Parameters amount_parameters = {"Amount.__init__", 3, 0, 0, {NAME_balance, NAME_held, NAME_incoming}};

static int amount_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    openpit_adjustment *adjustment = adjustment_of(self);
    *adjustment = (openpit_adjustment){0};
    for (int i = 0; i < amount_parameters.count; i++) {
        if (values[i] == NULL || values[i] == Py_None) continue;
        if (require_parameter(values[i], state->adjustment_amount, "value", "openpit.param.AdjustmentAmount") < 0) {
            return -1;
        }
        *change_of(adjustment, &amount_fields[i]) = ((AmountObject *)values[i])->variant;
        *amount_value_of(adjustment, &amount_fields[i]) = ((AmountObject *)values[i])->value;
    }
    return 0;
}
MODEL_INITIALIZERS(amount, 3)

static PyObject *amount_property(PyObject *self, void *field) {
    openpit_adjustment *adjustment = adjustment_of(self);
    return adjustment_amount_new(state_of(self), *change_of(adjustment, field), *amount_value_of(adjustment, field));
}

static PyObject *amount_repr(PyObject *self) {
    static const char *const names[] = {"balance", "held", "incoming", NULL};
    return repr_of_attributes(self, "AccountAdjustmentAmount", names);
}

static PyGetSetDef amount_properties[] = {
    {"balance", amount_property, NULL, PyDoc_STR("The change of what can be spent."), (void *)&amount_fields[0]},
    {"held", amount_property, NULL, PyDoc_STR("The change of what is reserved."), (void *)&amount_fields[1]},
    {"incoming", amount_property, NULL, PyDoc_STR("The change of what is on its way."), (void *)&amount_fields[2]},
    {0},
};

static PyType_Slot amount_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Amount(*, balance=None, held=None, incoming=None)\n--\n\n"
                                  "How the adjustment changes amounts.")},
    MODEL_SLOTS(amount, common_members, model_methods),
    {Py_tp_getset, amount_properties},
    {Py_tp_repr, amount_repr},
    {0},
};

static PyType_Spec amount_spec = MODEL_SPEC("openpit.account_adjustment.Amount", AdjustmentObject, amount_slots);

/* ---- Bounds ------------------------------------------------------------------------------------------------------ */

/* One of the six bounds: its bit and where its number is. */
typedef struct BoundField {
    uint32_t bit;
    size_t value;
} BoundField;

static const BoundField bound_fields[] = {
    {OPENPIT_ADJUSTMENT_HAS_BALANCE_UPPER, offsetof(openpit_adjustment, balance_upper)},
    {OPENPIT_ADJUSTMENT_HAS_BALANCE_LOWER, offsetof(openpit_adjustment, balance_lower)},
    {OPENPIT_ADJUSTMENT_HAS_HELD_UPPER, offsetof(openpit_adjustment, held_upper)},
    {OPENPIT_ADJUSTMENT_HAS_HELD_LOWER, offsetof(openpit_adjustment, held_lower)},
    {OPENPIT_ADJUSTMENT_HAS_INCOMING_UPPER, offsetof(openpit_adjustment, incoming_upper)},
    {OPENPIT_ADJUSTMENT_HAS_INCOMING_LOWER, offsetof(openpit_adjustment, incoming_lower)},
};

static openpit_decimal *bound_of(openpit_adjustment *adjustment, const BoundField *field) {
    return (openpit_decimal *)((char *)adjustment + field->value);
}

static const Parameters bounds_parameters = {"Bounds.__init__",
                                             6,
                                             0,
                                             0,
                                             {NAME_balance_upper, NAME_balance_lower, NAME_held_upper, NAME_held_lower,
                                              NAME_incoming_upper, NAME_incoming_lower}};

static int bounds_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    openpit_adjustment *adjustment = adjustment_of(self);
    *adjustment = (openpit_adjustment){0};
    for (int i = 0, present; i < bounds_parameters.count; i++) {
        openpit_decimal *bound = bound_of(adjustment, &bound_fields[i]);
        if (number_from_optional(state, OPENPIT_KIND_POSITION_SIZE, values[i], &present, bound) < 0) return -1;
        if (present) adjustment->fields |= bound_fields[i].bit;
    }
    return 0;
}
MODEL_INITIALIZERS(bounds, 6)

static PyObject *bounds_property(PyObject *self, void *field) {
    openpit_adjustment *adjustment = adjustment_of(self);
    const BoundField *bound = field;
    return number_or_none(state_of(self), OPENPIT_KIND_POSITION_SIZE, (adjustment->fields & bound->bit) != 0,
                          *bound_of(adjustment, bound));
}

static PyObject *bounds_repr(PyObject *self) {
    static const char *const names[] = {"balance_upper",  "balance_lower",  "held_upper", "held_lower",
                                        "incoming_upper", "incoming_lower", NULL};
    return repr_of_attributes(self, "AccountAdjustmentBounds", names);
}

static PyGetSetDef bounds_properties[] = {
    {"balance_upper", bounds_property, NULL, PyDoc_STR("The largest balance."), (void *)&bound_fields[0]},
    {"balance_lower", bounds_property, NULL, PyDoc_STR("The smallest balance."), (void *)&bound_fields[1]},
    {"held_upper", bounds_property, NULL, PyDoc_STR("The largest held amount."), (void *)&bound_fields[2]},
    {"held_lower", bounds_property, NULL, PyDoc_STR("The smallest held amount."), (void *)&bound_fields[3]},
    {"incoming_upper", bounds_property, NULL, PyDoc_STR("The largest incoming amount."), (void *)&bound_fields[4]},
    {"incoming_lower", bounds_property, NULL, PyDoc_STR("The smallest incoming amount."), (void *)&bound_fields[5]},
    {0},
};

static PyType_Slot bounds_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Bounds(*, balance_upper=None, balance_lower=None, held_upper=None, "
                                  "held_lower=None, incoming_upper=None, incoming_lower=None)\n--\n\n"
                                  "What the adjusted amounts must lie between, both ends included.")},
    MODEL_SLOTS(bounds, common_members, model_methods),
    {Py_tp_getset, bounds_properties},
    {Py_tp_repr, bounds_repr},
    {0},
};

static PyType_Spec bounds_spec = MODEL_SPEC("openpit.account_adjustment.Bounds", AdjustmentObject, bounds_slots);

/* ---- Adjustment -------------------------------------------------------------------------------------------------- */

enum { OPERATION, AMOUNT, BOUNDS, PART_COUNT };

static const Parameters adjustment_parameters = {
    "Adjustment.__init__", PART_COUNT, 0, 0, {NAME_operation, NAME_amount, NAME_bounds}};

/* Keeps the operation, which may be one of five classes. Returns 1 when it is there, 0 when absent, -1 with TypeError. */
static int take_operation(ModuleState *state, PyObject *self, PyObject *object) {
    static const char expected[] = "openpit.account_adjustment.BalanceOperation, "
                                   "openpit.account_adjustment.PositionOperation, or "
                                   "openpit.account_adjustment.AccountPnlOperation";
    PyTypeObject *const types[] = {state->position_operation, state->account_pnl_operation, state->equity_operation,
                                   state->ledger_position_operation};
    PyTypeObject *type = state->balance_operation;
    for (size_t i = 0; object != NULL && i < sizeof types / sizeof *types; i++) {
        if (PyObject_TypeCheck(object, types[i])) type = types[i];
    }
    return model_take_group(self, OPERATION, object, type, "operation", expected);
}

static void read_amount(openpit_adjustment *adjustment, openpit_adjustment *amount) {
    for (size_t i = 0; i < sizeof amount_fields / sizeof *amount_fields; i++) {
        *change_of(adjustment, &amount_fields[i]) = *change_of(amount, &amount_fields[i]);
        *amount_value_of(adjustment, &amount_fields[i]) = *amount_value_of(amount, &amount_fields[i]);
    }
}

static void read_bounds(openpit_adjustment *adjustment, openpit_adjustment *bounds) {
    adjustment->fields |= bounds->fields;
    for (size_t i = 0; i < sizeof bound_fields / sizeof *bound_fields; i++) {
        *bound_of(adjustment, &bound_fields[i]) = *bound_of(bounds, &bound_fields[i]);
    }
}

static int adjustment_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    openpit_adjustment *adjustment = adjustment_of(self);
    int operation = take_operation(state, self, values[OPERATION]);
    if (operation < 0) return -1;
    int amount =
        model_take_group(self, AMOUNT, values[AMOUNT], state->amount, "amount", "openpit.account_adjustment.Amount");
    if (amount < 0) return -1;
    int bounds =
        model_take_group(self, BOUNDS, values[BOUNDS], state->bounds, "bounds", "openpit.account_adjustment.Bounds");
    if (bounds < 0) return -1;
    *adjustment = operation ? *adjustment_of(values[OPERATION]) : (openpit_adjustment){0};
    adjustment->struct_size = sizeof *adjustment;
    adjustment->user_data = self;
    if (amount) read_amount(adjustment, adjustment_of(values[AMOUNT]));
    if (bounds) read_bounds(adjustment, adjustment_of(values[BOUNDS]));
    return 0;
}
MODEL_INITIALIZERS(adjustment, PART_COUNT)

/* A subclass that never calls __init__ is an adjustment with no groups. */
static PyObject *adjustment_new_object(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs)) {
    PyObject *self = type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    adjustment_of(self)->struct_size = sizeof(openpit_adjustment);
    adjustment_of(self)->user_data = self;
    return self;
}

const openpit_adjustment *adjustment_from_object(ModuleState *state, PyObject *object) {
    if (PyObject_TypeCheck(object, state->adjustment)) return adjustment_of(object);
    PyErr_SetString(PyExc_TypeError, "adjustment must inherit from openpit.AccountAdjustment");
    return NULL;
}

static PyObject *adjustment_repr(PyObject *self) {
    static const char *const names[] = {"operation", "amount", "bounds", NULL};
    return repr_of_attributes(self, "AccountAdjustment", names);
}

static PyMemberDef adjustment_members[] = {
    MODEL_PART("operation", OPERATION, "What the adjustment is about, or None."),
    MODEL_PART("amount", AMOUNT, "The Amount, or None."),
    MODEL_PART("bounds", BOUNDS, "The Bounds, or None."),
    MODEL_MEMBERS,
    {0},
};

static PyType_Slot adjustment_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Adjustment(*, operation=None, amount=None, bounds=None)\n--\n\n"
                                  "A correction of what the engine believes. What its groups say is read once, when it "
                                  "is made.")},
    {Py_tp_new, adjustment_new_object},
    {Py_tp_init, adjustment_init_object},
    MODEL_COMMON_SLOTS(adjustment_members, model_methods),
    {Py_tp_repr, adjustment_repr},
    {0},
};

static PyType_Spec adjustment_spec =
    MODEL_SPEC("openpit.account_adjustment.Adjustment", AdjustmentObject, adjustment_slots);

int adjustment_init(PyObject *module, ModuleState *state) {
    return add_type(module, &balance_spec, balance_vectorcall, &state->balance_operation) < 0 ||
                   add_type(module, &position_spec, position_vectorcall, &state->position_operation) < 0 ||
                   add_type(module, &pnl_spec, pnl_vectorcall, &state->account_pnl_operation) < 0 ||
                   add_type(module, &equity_spec, equity_vectorcall, &state->equity_operation) < 0 ||
                   add_type(module, &ledger_spec, ledger_vectorcall, &state->ledger_position_operation) < 0 ||
                   add_type(module, &amount_spec, amount_vectorcall, &state->amount) < 0 ||
                   add_type(module, &bounds_spec, bounds_vectorcall, &state->bounds) < 0 ||
                   add_type(module, &adjustment_spec, adjustment_vectorcall, &state->adjustment) < 0
               ? -1
               : 0;
}
