/* What market data and reference book keep in the module's state. Object references only: module.c visits them. */
#ifndef MARKET_STATE_H
#define MARKET_STATE_H

#include <Python.h>

typedef struct MarketState {
    /* Market data */
    PyTypeObject *quote;
    PyTypeObject *quote_ttl;
    PyTypeObject *quote_resolution;
    PyObject *quote_resolutions[3];
    PyTypeObject *builder;
    PyTypeObject *service;
    PyObject *market_data_error;
    PyObject *unknown_instrument;
    PyObject *quote_unavailable;
    PyObject *quote_expired;
    PyObject *already_registered;
    PyObject *registration_error;
    PyObject *unknown_instrument_id;

    /* Reference book */
    PyTypeObject *settlement_unit;
    PyObject *settlement_units[2];
    PyTypeObject *settlement_lag;
    PyTypeObject *settlement_scheme;
    PyTypeObject *reference_book;
    PyObject *book_registration_error;
    PyObject *unknown_book_instrument_id;
} MarketState;

#endif
