/* Request and Reservation: an order between the stages, and an order that was accepted. Each may be used on any thread. */
#ifndef REQUEST_H
#define REQUEST_H

#include "call.h"

/* A request for `order`, which the engine hands to policies again. Drops the native request when it fails. */
PyObject *request_new(SharedEngine *shared, openpit_request request, PyObject *order);

/* A reservation that keeps the call's mutations. Rolls the native one back when it fails. */
PyObject *reservation_new(SharedEngine *shared, openpit_reservation reservation, Call *call);

/* The same for a drop copy. */
PyObject *drop_copy_operation_new(SharedEngine *shared, openpit_reservation reservation, bool is_account_blocked,
                                  Call *call);

/* Ends a call of the main stage: the ExecuteResult, or NULL with the exception of a callback. Takes `result` over. */
PyObject *finish_main_stage(SharedEngine *shared, Call *call, openpit_status status, openpit_reservation reservation,
                            openpit_result *result);

int request_init(PyObject *module, ModuleState *state);

#endif
