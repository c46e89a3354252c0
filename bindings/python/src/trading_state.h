/* What desks of trade_engine keep in the module's state. Object references only: module.c visits them. */
#ifndef TRADING_STATE_H
#define TRADING_STATE_H

#include <Python.h>

/* The names of what events tell; see trading_events.c. */
#define FOR_EACH_TRADING_NAME(NAME)                                                                                    \
    NAME(average_fill_price)                                                                                           \
    NAME(code)                                                                                                         \
    NAME(commission)                                                                                                   \
    NAME(correlation)                                                                                                  \
    NAME(cost_basis)                                                                                                   \
    NAME(day)                                                                                                          \
    NAME(details)                                                                                                      \
    NAME(entry_price)                                                                                                  \
    NAME(equity)                                                                                                       \
    NAME(exit_price)                                                                                                   \
    NAME(expected_price)                                                                                               \
    NAME(fill_id)                                                                                                      \
    NAME(fill_price)                                                                                                   \
    NAME(filled_quantity)                                                                                              \
    NAME(headroom)                                                                                                     \
    NAME(hold_duration_seconds)                                                                                        \
    NAME(initial_capital)                                                                                              \
    NAME(kind)                                                                                                         \
    NAME(kinds)                                                                                                        \
    NAME(limit)                                                                                                        \
    NAME(limit_price)                                                                                                  \
    NAME(multiplier)                                                                                                   \
    NAME(observed)                                                                                                     \
    NAME(order_id)                                                                                                     \
    NAME(order_type)                                                                                                   \
    NAME(other)                                                                                                        \
    NAME(price)                                                                                                        \
    NAME(qty)                                                                                                          \
    NAME(quantity)                                                                                                     \
    NAME(realized_pnl)                                                                                                 \
    NAME(reason)                                                                                                       \
    NAME(reducing)                                                                                                     \
    NAME(remaining_quantity)                                                                                           \
    NAME(samples)                                                                                                      \
    NAME(side)                                                                                                         \
    NAME(signal_id)                                                                                                    \
    NAME(slippage)                                                                                                     \
    NAME(slippage_bps)                                                                                                 \
    NAME(source)                                                                                                       \
    NAME(stop_price)                                                                                                   \
    NAME(strength)                                                                                                     \
    NAME(symbol)                                                                                                       \
    NAME(time_in_force)

#define TRADING_NAME_NUMBER(name) TRADING_##name,
enum { FOR_EACH_TRADING_NAME(TRADING_NAME_NUMBER) TRADING_NAME_COUNT };
#undef TRADING_NAME_NUMBER

/* The words that whoever gives these types their names uses for numbers; tuples, see set_trading_words. */
enum {
    WORDS_SIDES,
    WORDS_POSITION_SIDES,
    WORDS_ORDER_TYPES,
    WORDS_TIMES_IN_FORCE,
    WORDS_SOURCES,
    WORDS_REASONS,
    WORDS_HALTS,
    WORDS_COUNT
};

enum { RECENT_DECIMALS = 512 };

typedef struct TradingState {
    PyTypeObject *life;
    PyTypeObject *desk;
    PyTypeObject *paper;
    PyObject *names[TRADING_NAME_COUNT];
    PyObject *words[WORDS_COUNT];
    PyObject *day_of_number; /* makes the day of a number */
    PyObject *number_of_day; /* and back */
    PyObject *errors;        /* the exceptions of a desk: a dict from the number of a status */
    /* Decimals that were made lately, and bytes of what they were made of: prices and quantities come again and again. */
    PyObject *recent[RECENT_DECIMALS];
    PyObject *recent_numbers;
} TradingState;

#endif
