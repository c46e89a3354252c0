/* Order and its groups. */
#ifndef ORDER_H
#define ORDER_H

#include "model.h"

typedef struct OrderOperationObject {
    MODEL_HEAD           /* part 0: the instrument */
        uint32_t fields; /* OPENPIT_ORDER_HAS_ACCOUNT, OPENPIT_ORDER_HAS_PRICE */
    openpit_asset underlying;
    openpit_asset settlement;
    openpit_amount_kind amount_kind;
    openpit_side side;
    openpit_account_id account;
    openpit_decimal amount;
    openpit_decimal price;
} OrderOperationObject;

typedef struct OrderPositionObject {
    MODEL_HEAD
    openpit_position_side position_side;
    char reduce_only;
    char close_position;
} OrderPositionObject;

typedef struct OrderMarginObject {
    MODEL_HEAD
    openpit_asset collateral;
    uint16_t leverage;
    char auto_borrow;
} OrderMarginObject;

/* Holds what the groups said when the order was made; the engine reads nothing else. The texts belong to the attributes. */
typedef struct OrderObject {
    MODEL_HEAD /* operation, position, margin, attributes */
        openpit_order order;
} OrderObject;

/* The order inside an argument that has to be an Order; NULL with TypeError. Borrowed from the object. */
const openpit_order *order_from_object(ModuleState *state, PyObject *object);

int order_init(PyObject *module, ModuleState *state);

#endif
