/* OrderAttributes and ExecutionReportOrder: the groups with ids, names and words. */
#ifndef ATTRIBUTES_H
#define ATTRIBUTES_H

#include "model.h"

typedef struct OrderAttributesObject {
    MODEL_HEAD               /* client_order_id, replaces, expire_at */
        openpit_order order; /* the fields of this group, but for the texts */
} OrderAttributesObject;

typedef struct ReportOrderObject {
    MODEL_HEAD           /* client_order_id, execution_id */
        uint32_t fields; /* OPENPIT_REPORT_HAS_ORDER_ID */
    openpit_report_event event;
    uint64_t order_id;
} ReportOrderObject;

/* Adds what the attributes say. */
void attributes_read(openpit_order *order, const OrderAttributesObject *attributes);
void report_order_read(openpit_report *report, const ReportOrderObject *group);

/*
 * Lends the texts of the group, which it holds, to whoever is about to read them; NULL lends none. They go with the group, and
 * that goes when an order or a report is made anew or taken apart.
 */
void attributes_lend(openpit_order *order, const OrderAttributesObject *attributes);
void report_order_lend(openpit_report *report, const ReportOrderObject *group);

int attributes_init(PyObject *module, ModuleState *state);

#endif
