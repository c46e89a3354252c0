#include "order.h"

#include "amounts.h"
#include "args.h"
#include "attributes.h"
#include "decimal.h"
#include "enums.h"
#include "identifiers.h"
#include "instrument.h"
#include "types.h"

/* ---- OrderOperation ---------------------------------------------------------------------------------------------- */

static const Parameters operation_parameters = {
    .function = "OrderOperation.__init__",
    .count = 7,
    .required = 0xF,
    .names = {NAME_instrument, NAME_side, NAME_trade_amount, NAME_account_id, NAME_price, NAME_underlying_asset,
              NAME_settlement_asset},
    .pair = 5,
};

static int take_trade_amount(ModuleState *state, PyObject *object, OrderOperationObject *operation) {
    operation->amount_kind = OPENPIT_AMOUNT_NONE;
    if (object == Py_None) return 0;
    if (require_parameter(object, state->trade_amount, "trade_amount", "openpit.param.TradeAmount") < 0) return -1;
    operation->amount_kind = ((AmountObject *)object)->variant;
    operation->amount = ((AmountObject *)object)->value;
    return 0;
}

static int operation_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    OrderOperationObject *operation = (OrderOperationObject *)self;
    int has_account = values[3] != Py_None, has_price;
    if (instrument_take(state, self, values[0], values + 5, &operation->underlying, &operation->settlement) < 0 ||
        (has_account && account_id_from_object(state, values[3], "account_id", &operation->account) < 0) ||
        read_enum(&state->side, &side_choice, values[1], &operation->side) < 0 ||
        take_trade_amount(state, values[2], operation) < 0 ||
        number_from_optional(state, OPENPIT_KIND_PRICE, values[4], &has_price, &operation->price) < 0) {
        return -1;
    }
    operation->fields = (has_account ? OPENPIT_ORDER_HAS_ACCOUNT : 0) | (has_price ? OPENPIT_ORDER_HAS_PRICE : 0);
    return 0;
}
MODEL_INITIALIZERS(operation, 7)

static PyObject *operation_account(PyObject *self, void *Py_UNUSED(closure)) {
    OrderOperationObject *operation = (OrderOperationObject *)self;
    if (!(operation->fields & OPENPIT_ORDER_HAS_ACCOUNT)) Py_RETURN_NONE;
    return account_id_new(state_of(self), operation->account);
}

static PyObject *operation_side(PyObject *self, void *Py_UNUSED(closure)) {
    return enum_member(&state_of(self)->side, ((OrderOperationObject *)self)->side);
}

static PyObject *operation_trade_amount(PyObject *self, void *Py_UNUSED(closure)) {
    OrderOperationObject *operation = (OrderOperationObject *)self;
    return trade_amount_new(state_of(self), operation->amount_kind, operation->amount);
}

static PyObject *operation_price(PyObject *self, void *Py_UNUSED(closure)) {
    OrderOperationObject *operation = (OrderOperationObject *)self;
    return number_or_none(state_of(self), OPENPIT_KIND_PRICE, operation->fields & OPENPIT_ORDER_HAS_PRICE,
                          operation->price);
}

static PyObject *operation_repr(PyObject *self) {
    static const char *const names[] = {"instrument", "account_id", "side", "trade_amount", "price", NULL};
    return repr_of_attributes(self, "OrderOperation", names);
}

static PyMemberDef operation_members[] = {
    MODEL_PART("instrument", 0, "What to trade: the Instrument that was given."),
    MODEL_MEMBERS,
    {0},
};

static PyGetSetDef operation_properties[] = {
    MODEL_ASSETS(OrderOperationObject, ),
    {"account_id", operation_account, NULL, PyDoc_STR("The AccountId, or None."), NULL},
    {"side", operation_side, NULL, PyDoc_STR("The Side, or None."), NULL},
    {"trade_amount", operation_trade_amount, NULL, PyDoc_STR("The TradeAmount, or None."), NULL},
    {"price", operation_price, NULL, PyDoc_STR("The limit price; None for a market order."), NULL},
    {0},
};

static PyType_Slot operation_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("OrderOperation(*, underlying_asset=None, settlement_asset=None, account_id=None, "
                                  "side=None, trade_amount=None, price=None, instrument=None)\n--\n\n"
                                  "What to trade: OrderOperation(*, instrument, side, trade_amount, account_id, "
                                  "price=None), or with the names of both assets in place of the instrument.")},
    MODEL_SLOTS(operation, operation_members, model_methods),
    {Py_tp_getset, operation_properties},
    {Py_tp_repr, operation_repr},
    {0},
};

static PyType_Spec operation_spec = MODEL_SPEC("openpit.core.OrderOperation", OrderOperationObject, operation_slots);

/* ---- OrderPosition ----------------------------------------------------------------------------------------------- */

static const Parameters position_parameters = {
    "OrderPosition.__init__", 3, 0, 0, {NAME_position_side, NAME_reduce_only, NAME_close_position}};

static int position_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    OrderPositionObject *position = (OrderPositionObject *)self;
    return read_enum(&state->position_side, &position_side_choice, values[0], &position->position_side) < 0 ||
                   read_optional_flag(values[1], &position->reduce_only) < 0 ||
                   read_optional_flag(values[2], &position->close_position) < 0
               ? -1
               : 0;
}
MODEL_INITIALIZERS(position, 3)

static PyObject *position_side_property(PyObject *self, void *Py_UNUSED(closure)) {
    return enum_member(&state_of(self)->position_side, ((OrderPositionObject *)self)->position_side);
}

static PyObject *position_repr(PyObject *self) {
    static const char *const names[] = {"position_side", "reduce_only", "close_position", NULL};
    return repr_of_attributes(self, "OrderPosition", names);
}

static PyMemberDef position_members[] = {
    {"reduce_only", T_BOOL, offsetof(OrderPositionObject, reduce_only), READONLY,
     PyDoc_STR("Whether the order may only make the position smaller.")},
    {"close_position", T_BOOL, offsetof(OrderPositionObject, close_position), READONLY,
     PyDoc_STR("Whether the order closes the position.")},
    MODEL_MEMBERS,
    {0},
};

static PyGetSetDef position_properties[] = {
    {"position_side", position_side_property, NULL, PyDoc_STR("The PositionSide, or None."), NULL},
    {0},
};

static PyType_Slot position_slots[] = {
    {Py_tp_doc,
     (void *)PyDoc_STR("OrderPosition(*, position_side=None, reduce_only=False, close_position=False)\n--\n\n"
                       "What the order does to a position.")},
    MODEL_SLOTS(position, position_members, model_methods),
    {Py_tp_getset, position_properties},
    {Py_tp_repr, position_repr},
    {0},
};

static PyType_Spec position_spec = MODEL_SPEC("openpit.core.OrderPosition", OrderPositionObject, position_slots);

/* ---- OrderMargin ------------------------------------------------------------------------------------------------- */

static const Parameters margin_parameters = {
    "OrderMargin.__init__", 3, 0, 0, {NAME_leverage, NAME_collateral_asset, NAME_auto_borrow}};

static int margin_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    OrderMarginObject *margin = (OrderMarginObject *)self;
    return leverage_from_optional(state, values[0], &margin->leverage) < 0 ||
                   asset_from_optional(state, values[1], &margin->collateral) < 0 ||
                   read_optional_flag(values[2], &margin->auto_borrow) < 0
               ? -1
               : 0;
}
MODEL_INITIALIZERS(margin, 3)

static PyObject *margin_leverage(PyObject *self, void *Py_UNUSED(closure)) {
    return leverage_or_none(state_of(self), ((OrderMarginObject *)self)->leverage);
}

static PyObject *margin_collateral(PyObject *self, void *Py_UNUSED(closure)) {
    return asset_name(state_of(self), ((OrderMarginObject *)self)->collateral);
}

static PyObject *margin_repr(PyObject *self) {
    static const char *const names[] = {"leverage", "collateral_asset", "auto_borrow", NULL};
    return repr_of_attributes(self, "OrderMargin", names);
}

static PyMemberDef margin_members[] = {
    {"auto_borrow", T_BOOL, offsetof(OrderMarginObject, auto_borrow), READONLY,
     PyDoc_STR("Whether what is missing may be borrowed.")},
    MODEL_MEMBERS,
    {0},
};

static PyGetSetDef margin_properties[] = {
    {"leverage", margin_leverage, NULL, PyDoc_STR("The Leverage, or None."), NULL},
    {"collateral_asset", margin_collateral, NULL, PyDoc_STR("The asset that secures the order, or None."), NULL},
    {0},
};

static PyType_Slot margin_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("OrderMargin(*, leverage=None, collateral_asset=None, auto_borrow=False)\n--\n\n"
                                  "How the order is financed.")},
    MODEL_SLOTS(margin, margin_members, model_methods),
    {Py_tp_getset, margin_properties},
    {Py_tp_repr, margin_repr},
    {0},
};

static PyType_Spec margin_spec = MODEL_SPEC("openpit.core.OrderMargin", OrderMarginObject, margin_slots);

/* ---- Order ------------------------------------------------------------------------------------------------------- */

enum { OPERATION, POSITION, MARGIN, ATTRIBUTES, PART_COUNT };

static const Parameters order_parameters = {
    "Order.__init__", PART_COUNT, 0, 0, {NAME_operation, NAME_position, NAME_margin, NAME_attributes}};

static void read_operation(openpit_order *order, const OrderOperationObject *operation) {
    order->fields |= operation->fields;
    order->account = operation->account;
    order->underlying = operation->underlying;
    order->settlement = operation->settlement;
    order->amount_kind = operation->amount_kind;
    order->amount = operation->amount;
    order->side = operation->side;
    order->price = operation->price;
}

static void read_position(openpit_order *order, const OrderPositionObject *position) {
    order->position_side = position->position_side;
    if (position->reduce_only) order->fields |= OPENPIT_ORDER_REDUCE_ONLY;
    if (position->close_position) order->fields |= OPENPIT_ORDER_CLOSE_POSITION;
}

static void read_margin(openpit_order *order, const OrderMarginObject *margin) {
    order->leverage = margin->leverage;
    order->collateral = margin->collateral;
    if (margin->auto_borrow) order->fields |= OPENPIT_ORDER_AUTO_BORROW;
}

static int order_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    openpit_order *order = &((OrderObject *)self)->order;
    int operation = model_take_group(self, OPERATION, values[OPERATION], state->order_operation, "operation",
                                     "openpit.core.OrderOperation");
    if (operation < 0) return -1;
    int position = model_take_group(self, POSITION, values[POSITION], state->order_position, "position",
                                    "openpit.core.OrderPosition");
    if (position < 0) return -1;
    int margin =
        model_take_group(self, MARGIN, values[MARGIN], state->order_margin, "margin", "openpit.core.OrderMargin");
    if (margin < 0) return -1;
    int attributes = model_take_group(self, ATTRIBUTES, values[ATTRIBUTES], state->order_attributes, "attributes",
                                      "openpit.core.OrderAttributes");
    if (attributes < 0) return -1;
    *order = (openpit_order){.struct_size = sizeof *order, .user_data = self};
    if (operation) read_operation(order, (OrderOperationObject *)values[OPERATION]);
    if (position) read_position(order, (OrderPositionObject *)values[POSITION]);
    if (margin) read_margin(order, (OrderMarginObject *)values[MARGIN]);
    if (attributes) attributes_read(order, (OrderAttributesObject *)values[ATTRIBUTES]);
    return 0;
}
MODEL_INITIALIZERS(order, PART_COUNT)

/* A subclass that never calls __init__ is an order with no groups. */
static PyObject *order_new_object(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs)) {
    OrderObject *self = (OrderObject *)type->tp_alloc(type, 0);
    if (self != NULL) self->order = (openpit_order){.struct_size = sizeof self->order, .user_data = self};
    return (PyObject *)self;
}

const openpit_order *order_from_object(ModuleState *state, PyObject *object) {
    if (!PyObject_TypeCheck(object, state->order)) {
        PyErr_SetString(PyExc_TypeError, "order must inherit from openpit.Order");
        return NULL;
    }
    OrderObject *self = (OrderObject *)object;
    const uint32_t texts = OPENPIT_ORDER_HAS_CLIENT_ORDER_ID | OPENPIT_ORDER_HAS_REPLACES;
    if (self->order.fields & texts) attributes_lend(&self->order, (OrderAttributesObject *)self->part[ATTRIBUTES]);
    return &self->order;
}

static PyObject *order_repr(PyObject *self) {
    static const char *const names[] = {"operation", "position", "margin", "attributes", NULL};
    /* An order without the last group looks as it always did. */
    static const char *const plain[] = {"operation", "position", "margin", NULL};
    return repr_of_attributes(self, "Order", ((OrderObject *)self)->part[ATTRIBUTES] == NULL ? plain : names);
}

static PyMemberDef order_members[] = {
    MODEL_PART("operation", OPERATION, "The OrderOperation, or None."),
    MODEL_PART("position", POSITION, "The OrderPosition, or None."),
    MODEL_PART("margin", MARGIN, "The OrderMargin, or None."),
    MODEL_PART("attributes", ATTRIBUTES, "The OrderAttributes, or None."),
    MODEL_MEMBERS,
    {0},
};

static PyType_Slot order_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Order(*, operation=None, position=None, margin=None, attributes=None)\n--\n\n"
                                  "An order to check. What its groups say is read once, when it is made.")},
    {Py_tp_new, order_new_object},
    {Py_tp_init, order_init_object},
    MODEL_COMMON_SLOTS(order_members, model_methods),
    {Py_tp_repr, order_repr},
    {0},
};

static PyType_Spec order_spec = MODEL_SPEC("openpit.core.Order", OrderObject, order_slots);

int order_init(PyObject *module, ModuleState *state) {
    return add_type(module, &operation_spec, operation_vectorcall, &state->order_operation) < 0 ||
                   add_type(module, &position_spec, position_vectorcall, &state->order_position) < 0 ||
                   add_type(module, &margin_spec, margin_vectorcall, &state->order_margin) < 0 ||
                   add_type(module, &order_spec, order_vectorcall, &state->order) < 0
               ? -1
               : 0;
}
