// What the benchmark, the instruction count and the allocation count have in common: engines, and seeded orders and
// reports to feed them with.
#ifndef OPENPIT_BENCH_WORKLOAD_H
#define OPENPIT_BENCH_WORKLOAD_H

#include <openpit.h>

#define WORKLOAD_SEED 20240229u
#define WORKLOAD_ACCOUNTS 1000
#define WORKLOAD_ITEMS 4096

/// Which controls an engine has.
typedef enum {
    WORKLOAD_ORDER_SIZE,    // the order size limit alone
    WORKLOAD_BUILT_IN,      // order validation, rate limit, order size limit, P&L kill switch
    WORKLOAD_WITH_CALLBACK, // these four and a custom policy with a check in both stages
    WORKLOAD_WITH_FUNDS,    // these four and spot funds, with money for every order
    WORKLOAD_LIMITS,        // twenty limits of all families, and none of these
} workload_controls;

typedef struct workload {
    openpit_engine *engine;
    openpit_result *result;
    openpit_order accepted[WORKLOAD_ITEMS];
    openpit_order rejected[WORKLOAD_ITEMS]; // one unit above the limit and more
    openpit_report reports[WORKLOAD_ITEMS]; // with spot funds, whole fills of the accepted orders
    openpit_lock_entry locks[WORKLOAD_ITEMS];
    char ids[WORKLOAD_ITEMS][16]; // of orders that limits judge
    unsigned next;
} workload;

/// An engine without synchronisation that has met every account once. Ends the program when it cannot be made.
workload *workload_create(workload_controls controls);
void workload_destroy(workload *load);

/// One step on the next order or report each. A step that does not come out as named ends the program.
void workload_accept(workload *load); // check an order and commit its reservation
void workload_reject(workload *load); // check an order that is too large
void workload_report(workload *load); // feed back a profit or loss that stays in bounds
void workload_cancel(workload *load); // check an order, commit its reservation, and report that it was cancelled
void workload_fill(workload *load);   // the same, filled instead

typedef struct {
    const char *name;  // as in bench/budgets.json
    const char *title; // as in the table
    workload_controls controls;
    void (*run)(workload *load);
} workload_step;

#define WORKLOAD_STEPS 9
extern const workload_step workload_steps[WORKLOAD_STEPS];

#endif
