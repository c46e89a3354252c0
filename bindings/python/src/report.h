/* ExecutionReport and its groups. */
#ifndef REPORT_H
#define REPORT_H

#include "lock.h"
#include "model.h"

typedef struct ReportOperationObject {
    MODEL_HEAD /* part 0: the instrument */
        openpit_asset underlying;
    openpit_asset settlement;
    char has_account;
    openpit_side side;
    openpit_account_id account;
} ReportOperationObject;

typedef struct FinancialImpactObject {
    MODEL_HEAD
    openpit_decimal pnl;
    openpit_decimal fee;
} FinancialImpactObject;

typedef struct FillDetailsObject {
    MODEL_HEAD
    uint32_t fields; /* OPENPIT_REPORT_HAS_* bits */
    openpit_asset fee_asset;
    uint8_t is_final;
    openpit_decimal trade_price;
    openpit_decimal trade_quantity;
    openpit_decimal fee;
    openpit_decimal leaves_quantity;
    LockEntries lock;
} FillDetailsObject;

typedef struct PositionImpactObject {
    MODEL_HEAD
    openpit_position_effect position_effect;
    openpit_position_side position_side;
} PositionImpactObject;

/* Holds what the groups said when the report was made. The lock's entries belong to the fill, which is a part. */
typedef struct ReportObject {
    MODEL_HEAD /* operation, financial_impact, fill, position_impact, order */
        openpit_report report;
} ReportObject;

/* The report inside an argument that has to be an ExecutionReport; NULL with TypeError. Borrowed from the object. */
const openpit_report *report_from_object(ModuleState *state, PyObject *object);

int report_init(PyObject *module, ModuleState *state);

#endif
