/* MarketDataBuilder and MarketDataService. */
#ifndef MARKET_DATA_H
#define MARKET_DATA_H

#include "state.h"

typedef struct MarketDataService {
    PyObject_HEAD openpit_market_data *native;
} MarketDataService;

/* A builder of services that suit engines of this mode; TypeError unless `default_ttl` is a QuoteTtl. */
PyObject *market_data_builder_new(ModuleState *state, openpit_sync_mode mode, PyObject *default_ttl);

/* A service that suits engines of this mode, on the clock or, with NULL, the system's; TypeError unless a QuoteTtl is given. */
PyObject *market_data_service_new(ModuleState *state, openpit_sync_mode mode, PyObject *default_ttl,
                                  openpit_clock *clock);

int market_data_init(PyObject *module, ModuleState *state);

#endif
