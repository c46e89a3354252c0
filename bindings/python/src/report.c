#include "report.h"

#include "amounts.h"
#include "args.h"
#include "attributes.h"
#include "decimal.h"
#include "enums.h"
#include "identifiers.h"
#include "instrument.h"
#include "types.h"

/* ---- ExecutionReportOperation ------------------------------------------------------------------------------------ */

static const Parameters operation_parameters = {
    .function = "ExecutionReportOperation.__init__",
    .count = 5,
    .required = 7,
    .names = {NAME_instrument, NAME_side, NAME_account_id, NAME_underlying_asset, NAME_settlement_asset},
    .pair = 3,
};

static int operation_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    ReportOperationObject *operation = (ReportOperationObject *)self;
    operation->has_account = (char)(values[2] != Py_None);
    if (instrument_take(state, self, values[0], values + 3, &operation->underlying, &operation->settlement) < 0 ||
        (operation->has_account && account_id_from_object(state, values[2], "account_id", &operation->account) < 0) ||
        read_enum(&state->side, &side_choice, values[1], &operation->side) < 0) {
        return -1;
    }
    return 0;
}
MODEL_INITIALIZERS(operation, 5)

static PyObject *operation_account(PyObject *self, void *Py_UNUSED(closure)) {
    ReportOperationObject *operation = (ReportOperationObject *)self;
    if (!operation->has_account) Py_RETURN_NONE;
    return account_id_new(state_of(self), operation->account);
}

static PyObject *operation_side(PyObject *self, void *Py_UNUSED(closure)) {
    return enum_member(&state_of(self)->side, ((ReportOperationObject *)self)->side);
}

static PyObject *operation_repr(PyObject *self) {
    static const char *const names[] = {"instrument", "account_id", "side", NULL};
    return repr_of_attributes(self, "ExecutionReportOperation", names);
}

static PyMemberDef operation_members[] = {
    MODEL_PART("instrument", 0, "What was traded: the Instrument that was given."),
    MODEL_MEMBERS,
    {0},
};

static PyGetSetDef operation_properties[] = {
    MODEL_ASSETS(ReportOperationObject, ),
    {"account_id", operation_account, NULL, PyDoc_STR("The AccountId, or None."), NULL},
    {"side", operation_side, NULL, PyDoc_STR("The Side, or None."), NULL},
    {0},
};

static PyType_Slot operation_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("ExecutionReportOperation(*, underlying_asset=None, settlement_asset=None, "
                                  "account_id=None, side=None, instrument=None)\n--\n\n"
                                  "The order a report is about: ExecutionReportOperation(*, instrument, side, "
                                  "account_id), or with the names of both assets in place of the instrument.")},
    MODEL_SLOTS(operation, operation_members, model_methods),
    {Py_tp_getset, operation_properties},
    {Py_tp_repr, operation_repr},
    {0},
};

static PyType_Spec operation_spec =
    MODEL_SPEC("openpit.core.ExecutionReportOperation", ReportOperationObject, operation_slots);

/* ---- FinancialImpact --------------------------------------------------------------------------------------------- */

static const Parameters impact_parameters = {"FinancialImpact.__new__", 2, 0, 3, {NAME_pnl, NAME_fee}};

static int impact_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    FinancialImpactObject *impact = (FinancialImpactObject *)self;
    return number_from_object(state, OPENPIT_KIND_PNL, values[0], &impact->pnl) < 0 ||
                   number_from_object(state, OPENPIT_KIND_FEE, values[1], &impact->fee) < 0
               ? -1
               : 0;
}
MODEL_CONSTRUCTORS(impact, 2)

static PyObject *impact_pnl(PyObject *self, void *Py_UNUSED(closure)) {
    return number_new(state_of(self), OPENPIT_KIND_PNL, ((FinancialImpactObject *)self)->pnl);
}

static PyObject *impact_fee(PyObject *self, void *Py_UNUSED(closure)) {
    return number_new(state_of(self), OPENPIT_KIND_FEE, ((FinancialImpactObject *)self)->fee);
}

static PyObject *impact_repr(PyObject *self) {
    static const char *const names[] = {"pnl", "fee", NULL};
    return repr_of_attributes(self, "FinancialImpact", names);
}

static PyMemberDef impact_members[] = {MODEL_MEMBERS, {0}};

static PyGetSetDef impact_properties[] = {
    {"pnl", impact_pnl, NULL, PyDoc_STR("The profit, or with a minus sign the loss."), NULL},
    {"fee", impact_fee, NULL, PyDoc_STR("The fee, or with a minus sign the rebate."), NULL},
    {0},
};

static PyType_Slot impact_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("FinancialImpact(*, pnl, fee)\n--\n\nWhat the report did to the account's P&L.")},
    {Py_tp_new, impact_new_object},
    MODEL_COMMON_SLOTS(impact_members, model_methods),
    {Py_tp_getset, impact_properties},
    {Py_tp_repr, impact_repr},
    {0},
};

static PyType_Spec impact_spec = MODEL_SPEC("openpit.core.FinancialImpact", FinancialImpactObject, impact_slots);

/* ---- ExecutionReportFillDetails ---------------------------------------------------------------------------------- */

enum { LAST_TRADE, FEE, LEAVES_QUANTITY, LOCK, IS_FINAL, REMAINING_RESERVED_QUANTITY, FILL_COUNT };

static const Parameters fill_parameters = {
    "ExecutionReportFillDetails.__new__",
    FILL_COUNT,
    0,
    1 << LOCK,
    {NAME_last_trade, NAME_fee, NAME_leaves_quantity, NAME_lock, NAME_is_final, NAME_remaining_reserved_quantity}};

static int take_trade(ModuleState *state, PyObject *object, FillDetailsObject *fill) {
    if (object == NULL || object == Py_None) return 0;
    if (require_instance(object, state->trade, "Trade") < 0) return -1;
    fill->trade_price = ((TradeObject *)object)->price;
    fill->trade_quantity = ((TradeObject *)object)->quantity;
    fill->fields |= OPENPIT_REPORT_HAS_TRADE;
    return 0;
}

static int take_fee(ModuleState *state, PyObject *object, FillDetailsObject *fill) {
    if (object == NULL || object == Py_None) return 0;
    if (monetary_amount_from_object(state, object, "fee", &fill->fee, &fill->fee_asset) < 0) return -1;
    fill->fields |= OPENPIT_REPORT_HAS_FILL_FEE;
    return 0;
}

/* The quantity has two names, of which a caller uses one. */
static int take_leaves_quantity(ModuleState *state, PyObject *leaves, PyObject *remaining, FillDetailsObject *fill) {
    int present;
    if (leaves != NULL && remaining != NULL) {
        PyErr_SetString(PyExc_TypeError, "leaves_quantity and remaining_reserved_quantity are the same: give one");
        return -1;
    }
    if (number_from_optional(state, OPENPIT_KIND_QUANTITY, leaves == NULL ? remaining : leaves, &present,
                             &fill->leaves_quantity) < 0) {
        return -1;
    }
    if (present) fill->fields |= OPENPIT_REPORT_HAS_LEAVES_QUANTITY;
    return 0;
}

static int take_lock(ModuleState *state, PyObject *object, FillDetailsObject *fill) {
    if (require_instance(object, state->lock, "Lock") < 0) return -1;
    const LockEntries *entries = &((LockObject *)object)->entries;
    fill->fields |= OPENPIT_REPORT_HAS_LOCK;
    return lock_entries_copy(&fill->lock, entries->items, entries->count);
}

static int take_finality(PyObject *object, FillDetailsObject *fill) {
    int is_final;
    if (object == NULL || object == Py_None) return 0;
    if (read_flag(object, &is_final) < 0) return -1;
    fill->is_final = (uint8_t)is_final;
    fill->fields |= OPENPIT_REPORT_HAS_FINALITY;
    return 0;
}

static int fill_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    FillDetailsObject *fill = (FillDetailsObject *)self;
    return take_trade(state, values[LAST_TRADE], fill) < 0 || take_fee(state, values[FEE], fill) < 0 ||
                   take_leaves_quantity(state, values[LEAVES_QUANTITY], values[REMAINING_RESERVED_QUANTITY], fill) <
                       0 ||
                   take_lock(state, values[LOCK], fill) < 0 || take_finality(values[IS_FINAL], fill) < 0
               ? -1
               : 0;
}
MODEL_CONSTRUCTORS(fill, FILL_COUNT)

static void fill_dealloc(PyObject *self) {
    PyObject_GC_UnTrack(self);
    lock_entries_free(&((FillDetailsObject *)self)->lock);
    model_dealloc(self);
}

static PyObject *fill_last_trade(PyObject *self, void *Py_UNUSED(closure)) {
    FillDetailsObject *fill = (FillDetailsObject *)self;
    if (!(fill->fields & OPENPIT_REPORT_HAS_TRADE)) Py_RETURN_NONE;
    return trade_new(state_of(self), fill->trade_price, fill->trade_quantity);
}

static PyObject *fill_fee(PyObject *self, void *Py_UNUSED(closure)) {
    FillDetailsObject *fill = (FillDetailsObject *)self;
    if (!(fill->fields & OPENPIT_REPORT_HAS_FILL_FEE)) Py_RETURN_NONE;
    return monetary_amount_new(state_of(self), fill->fee, fill->fee_asset);
}

static PyObject *fill_leaves_quantity(PyObject *self, void *Py_UNUSED(closure)) {
    FillDetailsObject *fill = (FillDetailsObject *)self;
    return number_or_none(state_of(self), OPENPIT_KIND_QUANTITY, fill->fields & OPENPIT_REPORT_HAS_LEAVES_QUANTITY,
                          fill->leaves_quantity);
}

static PyObject *fill_lock(PyObject *self, void *Py_UNUSED(closure)) {
    LockEntries *entries = &((FillDetailsObject *)self)->lock;
    return lock_new(state_of(self), entries->items, entries->count);
}

static PyObject *fill_is_final(PyObject *self, void *Py_UNUSED(closure)) {
    FillDetailsObject *fill = (FillDetailsObject *)self;
    if (!(fill->fields & OPENPIT_REPORT_HAS_FINALITY)) Py_RETURN_NONE;
    return PyBool_FromLong(fill->is_final);
}

static PyObject *fill_repr(PyObject *self) {
    static const char *const names[] = {"last_trade", "fee", "leaves_quantity", "lock", "is_final", NULL};
    return repr_of_attributes(self, "ExecutionReportFillDetails", names);
}

static PyMemberDef fill_members[] = {MODEL_MEMBERS, {0}};

static PyGetSetDef fill_properties[] = {
    {"last_trade", fill_last_trade, NULL, PyDoc_STR("The Trade, or None."), NULL},
    {"fee", fill_fee, NULL, PyDoc_STR("The fee as a MonetaryAmount, or None."), NULL},
    {"leaves_quantity", fill_leaves_quantity, NULL, PyDoc_STR("What is still open of the order, or None."), NULL},
    {"remaining_reserved_quantity", fill_leaves_quantity, NULL, PyDoc_STR("The same as leaves_quantity."), NULL},
    {"lock", fill_lock, NULL, PyDoc_STR("A copy of the order's Lock."), NULL},
    {"is_final", fill_is_final, NULL, PyDoc_STR("Whether this is the order's last report, or None."), NULL},
    {0},
};

static PyType_Slot fill_slots[] = {
    {Py_tp_doc,
     (void *)PyDoc_STR("ExecutionReportFillDetails(*, last_trade=None, fee=None, leaves_quantity=None, lock, "
                       "is_final=None)\n--\n\nWhat was filled, and what is left.")},
    {Py_tp_new, fill_new_object},
    {Py_tp_traverse, model_traverse},
    {Py_tp_clear, model_clear},
    {Py_tp_dealloc, fill_dealloc},
    {Py_tp_members, fill_members},
    {Py_tp_methods, model_methods},
    {Py_tp_getset, fill_properties},
    {Py_tp_repr, fill_repr},
    {0},
};

static PyType_Spec fill_spec = MODEL_SPEC("openpit.core.ExecutionReportFillDetails", FillDetailsObject, fill_slots);

/* ---- ExecutionReportPositionImpact ------------------------------------------------------------------------------- */

static const Parameters position_parameters = {
    "ExecutionReportPositionImpact.__init__", 2, 0, 0, {NAME_position_effect, NAME_position_side}};

static int position_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    PositionImpactObject *impact = (PositionImpactObject *)self;
    return read_enum(&state->position_effect, &position_effect_choice, values[0], &impact->position_effect) < 0 ||
                   read_enum(&state->position_side, &position_side_choice, values[1], &impact->position_side) < 0
               ? -1
               : 0;
}
MODEL_INITIALIZERS(position, 2)

static PyObject *position_effect(PyObject *self, void *Py_UNUSED(closure)) {
    return enum_member(&state_of(self)->position_effect, ((PositionImpactObject *)self)->position_effect);
}

static PyObject *position_side(PyObject *self, void *Py_UNUSED(closure)) {
    return enum_member(&state_of(self)->position_side, ((PositionImpactObject *)self)->position_side);
}

static PyObject *position_repr(PyObject *self) {
    static const char *const names[] = {"position_effect", "position_side", NULL};
    return repr_of_attributes(self, "ExecutionReportPositionImpact", names);
}

static PyMemberDef position_members[] = {MODEL_MEMBERS, {0}};

static PyGetSetDef position_properties[] = {
    {"position_effect", position_effect, NULL, PyDoc_STR("The PositionEffect, or None."), NULL},
    {"position_side", position_side, NULL, PyDoc_STR("The PositionSide, or None."), NULL},
    {0},
};

static PyType_Slot position_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("ExecutionReportPositionImpact(*, position_effect=None, position_side=None)\n--\n\n"
                                  "What the fill did to a position.")},
    MODEL_SLOTS(position, position_members, model_methods),
    {Py_tp_getset, position_properties},
    {Py_tp_repr, position_repr},
    {0},
};

static PyType_Spec position_spec =
    MODEL_SPEC("openpit.core.ExecutionReportPositionImpact", PositionImpactObject, position_slots);

/* ---- ExecutionReport --------------------------------------------------------------------------------------------- */

enum { OPERATION, IMPACT, FILL, POSITION, ORDER, PART_COUNT };

static const Parameters report_parameters = {
    "ExecutionReport.__init__",
    PART_COUNT,
    0,
    0,
    {NAME_operation, NAME_financial_impact, NAME_fill, NAME_position_impact, NAME_order}};

static void read_operation(openpit_report *report, const ReportOperationObject *operation) {
    if (operation->has_account) report->fields |= OPENPIT_REPORT_HAS_ACCOUNT;
    report->account = operation->account;
    report->underlying = operation->underlying;
    report->settlement = operation->settlement;
    report->side = operation->side;
}

static void read_impact(openpit_report *report, const FinancialImpactObject *impact) {
    report->fields |= OPENPIT_REPORT_HAS_FINANCIAL_IMPACT;
    report->pnl = impact->pnl;
    report->fee = impact->fee;
}

static void read_fill(openpit_report *report, const FillDetailsObject *fill) {
    report->fields |= fill->fields;
    report->trade_price = fill->trade_price;
    report->trade_quantity = fill->trade_quantity;
    report->fill_fee = fill->fee;
    report->fill_fee_asset = fill->fee_asset;
    report->leaves_quantity = fill->leaves_quantity;
    report->is_final = fill->is_final;
}

static void read_position(openpit_report *report, const PositionImpactObject *impact) {
    report->position_effect = impact->position_effect;
    report->position_side = impact->position_side;
}

static int report_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    openpit_report *report = &((ReportObject *)self)->report;
    int operation = model_take_group(self, OPERATION, values[OPERATION], state->report_operation, "operation",
                                     "openpit.core.ExecutionReportOperation");
    if (operation < 0) return -1;
    int impact = model_take_group(self, IMPACT, values[IMPACT], state->financial_impact, "financial_impact",
                                  "openpit.core.FinancialImpact");
    if (impact < 0) return -1;
    int fill = model_take_group(self, FILL, values[FILL], state->fill_details, "fill",
                                "openpit.core.ExecutionReportFillDetails");
    if (fill < 0) return -1;
    int position = model_take_group(self, POSITION, values[POSITION], state->position_impact, "position_impact",
                                    "openpit.core.ExecutionReportPositionImpact");
    if (position < 0) return -1;
    int order =
        model_take_group(self, ORDER, values[ORDER], state->report_order, "order", "openpit.core.ExecutionReportOrder");
    if (order < 0) return -1;
    *report = (openpit_report){.struct_size = sizeof *report, .user_data = self};
    if (operation) read_operation(report, (ReportOperationObject *)values[OPERATION]);
    if (impact) read_impact(report, (FinancialImpactObject *)values[IMPACT]);
    if (fill) read_fill(report, (FillDetailsObject *)values[FILL]);
    if (position) read_position(report, (PositionImpactObject *)values[POSITION]);
    if (order) report_order_read(report, (ReportOrderObject *)values[ORDER]);
    return 0;
}
MODEL_INITIALIZERS(report, PART_COUNT)

/* A subclass that never calls __init__ is a report with no groups. */
static PyObject *report_new_object(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs)) {
    ReportObject *self = (ReportObject *)type->tp_alloc(type, 0);
    if (self != NULL) self->report = (openpit_report){.struct_size = sizeof self->report, .user_data = self};
    return (PyObject *)self;
}

const openpit_report *report_from_object(ModuleState *state, PyObject *object) {
    if (!PyObject_TypeCheck(object, state->report)) {
        PyErr_SetString(PyExc_TypeError, "report must inherit from openpit.ExecutionReport");
        return NULL;
    }
    ReportObject *self = (ReportObject *)object;
    /* The lock belongs to the fill, which goes when the report is made anew or taken apart. */
    const FillDetailsObject *fill = (const FillDetailsObject *)self->part[FILL];
    self->report.lock = fill == NULL ? NULL : fill->lock.items;
    self->report.lock_count = fill == NULL ? 0 : fill->lock.count;
    const uint32_t texts = OPENPIT_REPORT_HAS_CLIENT_ORDER_ID | OPENPIT_REPORT_HAS_EXECUTION_ID;
    if (self->report.fields & texts) report_order_lend(&self->report, (ReportOrderObject *)self->part[ORDER]);
    return &self->report;
}

static PyObject *report_repr(PyObject *self) {
    static const char *const names[] = {"operation", "financial_impact", "fill", "position_impact", "order", NULL};
    /* A report without the last group looks as it always did. */
    static const char *const plain[] = {"operation", "financial_impact", "fill", "position_impact", NULL};
    return repr_of_attributes(self, "ExecutionReport", ((ReportObject *)self)->part[ORDER] == NULL ? plain : names);
}

static PyMemberDef report_members[] = {
    MODEL_PART("operation", OPERATION, "The ExecutionReportOperation, or None."),
    MODEL_PART("financial_impact", IMPACT, "The FinancialImpact, or None."),
    MODEL_PART("fill", FILL, "The ExecutionReportFillDetails, or None."),
    MODEL_PART("position_impact", POSITION, "The ExecutionReportPositionImpact, or None."),
    MODEL_PART("order", ORDER, "The ExecutionReportOrder, or None."),
    MODEL_MEMBERS,
    {0},
};

static PyType_Slot report_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("ExecutionReport(*, operation=None, financial_impact=None, fill=None, "
                                  "position_impact=None, order=None)\n--\n\n"
                                  "What became of an order. What its groups say is read once, when it is made.")},
    {Py_tp_new, report_new_object},
    {Py_tp_init, report_init_object},
    MODEL_COMMON_SLOTS(report_members, model_methods),
    {Py_tp_repr, report_repr},
    {0},
};

static PyType_Spec report_spec = MODEL_SPEC("openpit.core.ExecutionReport", ReportObject, report_slots);

int report_init(PyObject *module, ModuleState *state) {
    return add_type(module, &operation_spec, operation_vectorcall, &state->report_operation) < 0 ||
                   add_type(module, &impact_spec, impact_vectorcall, &state->financial_impact) < 0 ||
                   add_type(module, &fill_spec, fill_vectorcall, &state->fill_details) < 0 ||
                   add_type(module, &position_spec, position_vectorcall, &state->position_impact) < 0 ||
                   add_type(module, &report_spec, report_vectorcall, &state->report) < 0
               ? -1
               : 0;
}
