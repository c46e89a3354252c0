#include "callback.h"

#include "args.h"
#include "call.h"
#include "context.h"
#include "decimal.h"
#include "errors.h"
#include "given_outcome.h"
#include "identifiers.h"
#include "outcome.h"
#include "reject.h"
#include "text.h"
#include "types.h"

/* ---- Looking things up ---- */

/* 1 with a new reference, 0 when there is no such attribute, -1 with an exception. */
static int optional_attribute(PyObject *object, PyObject *name, PyObject **value) {
    *value = PyObject_GetAttr(object, name);
    if (*value != NULL) return 1;
    if (!PyErr_ExceptionMatches(PyExc_AttributeError)) return -1;
    PyErr_Clear();
    return 0;
}

static int check(ModuleState *state, openpit_status status, const char *subject) {
    if (status == OPENPIT_STATUS_OK) return 0;
    raise_status(state, status, subject);
    return -1;
}

/* ---- What a hook returned ---- */

typedef int (*TakeItem)(ModuleState *state, openpit_context *context, PyObject *item);

/* Gives each item of an iterable to `take`. */
static int for_each(ModuleState *state, openpit_context *context, PyObject *iterable, TakeItem take) {
    PyObject *iterator = PyObject_GetIter(iterable);
    if (iterator == NULL) return -1;
    PyObject *item;
    int more;
    while ((more = next_item(iterator, &item)) > 0) {
        int failed = take(state, context, item) < 0;
        Py_DECREF(item);
        if (failed) {
            more = -1;
            break;
        }
    }
    Py_DECREF(iterator);
    return more;
}

static int take_mutation(ModuleState *state, openpit_context *context, PyObject *item) {
    return call_add_mutation(current_call, context, state, item);
}

/* The items of lists that `given_outcome` and `reject` made. */

static int add_outcome(ModuleState *state, openpit_context *context, PyObject *item) {
    return check(state, openpit_context_add_outcome(context, &((OutcomeObject *)item)->outcome), "outcome");
}

static int add_account_pnl(ModuleState *state, openpit_context *context, PyObject *item) {
    return check(state, openpit_context_add_account_pnl(context, &((PnlOutcomeObject *)item)->outcome), "P&L");
}

static int add_block(ModuleState *state, openpit_context *context, PyObject *item) {
    openpit_reject block;
    if (account_block_read(item, &block) < 0) return -1;
    return check(state, openpit_context_add_block(context, &block), "block");
}

static int add_lock_price(ModuleState *state, openpit_context *context, PyObject *item) {
    openpit_decimal price;
    if (number_from_object(state, OPENPIT_KIND_PRICE, item, &price) < 0) return -1;
    return check(state, openpit_context_add_lock_price(context, price), "Price");
}

static int add_rejects(ModuleState *state, openpit_context *context, const GivenRejects *rejects) {
    for (Py_ssize_t i = 0; i < rejects->count; i++) {
        if (check(state, openpit_context_reject(context, &rejects->items[i].native), "reject") < 0) return -1;
    }
    return 0;
}

/* Reads an attribute that has to be there, and what it leads to. */

static int read_rejects_of(ModuleState *state, PyObject *object, GivenRejects *rejects) {
    PyObject *iterable = PyObject_GetAttr(object, state->names[NAME_rejects]);
    if (iterable == NULL) return -1;
    int status = given_rejects_read(state, iterable, rejects);
    Py_DECREF(iterable);
    return status;
}

static int take_mutations_of(ModuleState *state, openpit_context *context, PyObject *object) {
    PyObject *iterable = PyObject_GetAttr(object, state->names[NAME_mutations]);
    if (iterable == NULL) return -1;
    int status = for_each(state, context, iterable, take_mutation);
    Py_DECREF(iterable);
    return status;
}

typedef PyObject *(*MakeList)(ModuleState *state, PyObject *iterable);

static PyObject *list_of(ModuleState *state, PyObject *object, int name, MakeList make) {
    PyObject *iterable = PyObject_GetAttr(object, state->names[name]);
    if (iterable == NULL) return NULL;
    PyObject *list = make(state, iterable);
    Py_DECREF(iterable);
    return list;
}

/* The same for an attribute that may be missing, which gives an empty list. */
static PyObject *list_of_optional(ModuleState *state, PyObject *object, int name, MakeList make) {
    PyObject *iterable;
    int found = optional_attribute(object, state->names[name], &iterable);
    if (found <= 0) return found < 0 ? NULL : PyList_New(0);
    PyObject *list = make(state, iterable);
    Py_DECREF(iterable);
    return list;
}

static PyObject *prices_from_iterable(ModuleState *state, PyObject *iterable) {
    PyObject *iterator = PyObject_GetIter(iterable);
    if (iterator == NULL) return NULL;
    PyObject *list = PyList_New(0), *item;
    int more = 0;
    while (list != NULL && (more = next_item(iterator, &item)) > 0) {
        openpit_decimal value;
        PyObject *price = number_from_object(state, OPENPIT_KIND_PRICE, item, &value) < 0
                              ? NULL
                              : number_new(state, OPENPIT_KIND_PRICE, value);
        Py_DECREF(item);
        if (price == NULL || PyList_Append(list, price) < 0) Py_CLEAR(list);
        Py_XDECREF(price);
    }
    Py_DECREF(iterator);
    if (more < 0) Py_CLEAR(list);
    return list;
}

/* A class has the defaults of its fields, so one that nobody called would pass for an answer that says nothing. */
static int refuse_class(const char *hook, PyObject *answer) {
    if (!PyType_Check(answer)) return 0;
    PyErr_Format(PyExc_TypeError, "%s must return an object, not the class '%s'", hook,
                 _PyType_Name((PyTypeObject *)answer));
    return -1;
}

/* ---- Start stage: nothing, or an iterable of rejects, all of which count or none ---- */

static int take_start_answer(ModuleState *state, openpit_context *context, PyObject *answer) {
    if (answer == Py_None) return 0;
    /* A future that is done iterates like an empty list. */
    if (Py_TYPE(answer)->tp_as_async != NULL && Py_TYPE(answer)->tp_as_async->am_await != NULL) {
        PyErr_Format(PyExc_TypeError, "'%s' object is not iterable here: hooks are not awaited",
                     _PyType_Name(Py_TYPE(answer)));
        return -1;
    }
    GivenRejects rejects = {0};
    int failed = given_rejects_read(state, answer, &rejects) < 0 || add_rejects(state, context, &rejects) < 0;
    given_rejects_free(&rejects);
    return failed ? -1 : 0;
}

/* ---- Main stage: nothing, or an object with any of four attributes ---- */

static int has_attribute(ModuleState *state, PyObject *object, int name) {
    PyObject *value;
    int found = optional_attribute(object, state->names[name], &value);
    Py_XDECREF(value);
    return found;
}

static int has_any(ModuleState *state, PyObject *object, int first, int second) {
    int found = has_attribute(state, object, first);
    return found != 0 ? found : has_attribute(state, object, second);
}

/* Whether this cannot have been meant to stop an order: True, or a list or tuple of nothing but integers. */
static bool says_nothing(PyObject *answer) {
    if (answer == Py_True) return true;
    if (!PyList_Check(answer) && !PyTuple_Check(answer)) return false;
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(answer); i++) {
        if (!PyLong_CheckExact(PySequence_Fast_GET_ITEM(answer, i))) return false;
    }
    return true;
}

static int raise_no_main_answer(PyObject *answer) {
    PyErr_Format(PyExc_TypeError,
                 "perform_pre_trade_check must return PolicyPreTradeResult, PolicyDecision or None, not '%s'",
                 _PyType_Name(Py_TYPE(answer)));
    return -1;
}

/* The main stage has no blocks, so an order whose answer holds some must not pass; nor with a report's answer. */
static int refuse_blocks(ModuleState *state, PyObject *answer, bool decides) {
    PyObject *blocks;
    int found = optional_attribute(answer, state->names[NAME_account_blocks], &blocks);
    if (found <= 0) return found;
    int given = decides ? PyObject_IsTrue(blocks) : 1;
    Py_DECREF(blocks);
    return given > 0 ? raise_no_main_answer(answer) : given;
}

/* The engine forgets what comes with a reject, except in a drop copy. */
static int add_main_answer(ModuleState *state, openpit_context *context, const GivenRejects *rejects,
                           PyObject *outcomes, PyObject *prices) {
    if (add_rejects(state, context, rejects) < 0 || for_each(state, context, outcomes, add_outcome) < 0) return -1;
    return for_each(state, context, prices, add_lock_price);
}

static int take_main_answer(ModuleState *state, openpit_context *context, PyObject *answer) {
    if (answer == Py_None) return 0;
    if (refuse_class("perform_pre_trade_check", answer) < 0) return -1;
    int decides = has_any(state, answer, NAME_rejects, NAME_mutations);
    int publishes = decides < 0 ? -1 : has_any(state, answer, NAME_account_adjustments, NAME_lock_prices);
    if (publishes < 0) return -1;
    if (!decides && !publishes) return says_nothing(answer) ? 0 : raise_no_main_answer(answer);
    GivenRejects rejects = {0};
    PyObject *outcomes = NULL, *prices = NULL;
    int status = -1;
    if (decides && (read_rejects_of(state, answer, &rejects) < 0 || take_mutations_of(state, context, answer) < 0)) {
        goto done;
    }
    outcomes = list_of_optional(state, answer, NAME_account_adjustments, outcome_entries_from_iterable);
    if (outcomes == NULL) goto done;
    prices = list_of_optional(state, answer, NAME_lock_prices, prices_from_iterable);
    if (prices != NULL && rejects.count == 0 && refuse_blocks(state, answer, decides) < 0) goto done;
    if (prices != NULL) status = add_main_answer(state, context, &rejects, outcomes, prices);
done:
    Py_XDECREF(outcomes);
    Py_XDECREF(prices);
    given_rejects_free(&rejects);
    return status;
}

/* ---- Reports: nothing, or an object with three attributes ---- */

static int take_report_answer(ModuleState *state, openpit_context *context, PyObject *answer) {
    if (answer == Py_None || answer == Py_False) return 0;
    if (answer == Py_True) {
        PyErr_SetString(PyExc_TypeError,
                        "apply_execution_report must return PostTradeResult or None; bool True no longer "
                        "maps to a synthetic account block");
        return -1;
    }
    if (refuse_class("apply_execution_report", answer) < 0) return -1;
    PyObject *blocks = list_of(state, answer, NAME_account_blocks, account_blocks_from_iterable);
    PyObject *pnls = blocks ? list_of(state, answer, NAME_account_pnls, account_pnls_from_iterable) : NULL;
    PyObject *outcomes =
        pnls ? list_of(state, answer, NAME_account_adjustments, adjustment_outcomes_from_iterable) : NULL;
    int failed = outcomes == NULL || for_each(state, context, blocks, add_block) < 0 ||
                 for_each(state, context, pnls, add_account_pnl) < 0 ||
                 for_each(state, context, outcomes, add_outcome) < 0;
    Py_XDECREF(blocks);
    Py_XDECREF(pnls);
    Py_XDECREF(outcomes);
    return failed ? -1 : 0;
}

/* ---- Adjustments: an object with rejects and mutations, and when it does not reject with outcomes and blocks ---- */

static int take_adjustment_effects(ModuleState *state, openpit_context *context, PyObject *answer) {
    PyObject *outcomes = list_of(state, answer, NAME_account_adjustments, outcome_entries_from_iterable);
    PyObject *blocks = outcomes ? list_of(state, answer, NAME_account_blocks, account_blocks_from_iterable) : NULL;
    int failed = blocks == NULL || for_each(state, context, outcomes, add_outcome) < 0 ||
                 for_each(state, context, blocks, add_block) < 0;
    Py_XDECREF(outcomes);
    Py_XDECREF(blocks);
    return failed ? -1 : 0;
}

static int take_adjustment_answer(ModuleState *state, openpit_context *context, PyObject *answer) {
    if (refuse_class("apply_account_adjustment", answer) < 0) return -1;
    GivenRejects rejects = {0};
    int failed = read_rejects_of(state, answer, &rejects) < 0 || take_mutations_of(state, context, answer) < 0;
    if (!failed) {
        failed = rejects.count > 0 ? add_rejects(state, context, &rejects) < 0
                                   : take_adjustment_effects(state, context, answer) < 0;
    }
    given_rejects_free(&rejects);
    return failed ? -1 : 0;
}

/* ---- Hooks ---- */

typedef int (*TakeAnswer)(ModuleState *state, openpit_context *context, PyObject *answer);

/* Ends a hook: takes its answer over, and keeps an exception for the call that is running. */
static int finish(PythonPolicy *policy, openpit_context *context, PyObject *answer, TakeAnswer take) {
    if (answer != NULL && take(policy->state, context, answer) == 0) {
        Py_DECREF(answer);
        return 0;
    }
    Py_XDECREF(answer);
    call_fail(policy->policy);
    return -1;
}

static int check_order(PythonPolicy *policy, openpit_context *native, const openpit_order *order, int name,
                       TakeAnswer take) {
    ModuleState *state = policy->state;
    PyObject *context = context_new(state->engine.context, policy->shared, native), *answer = NULL;
    if (context != NULL) {
        PyObject *arguments[] = {policy->policy, context, order->user_data};
        answer = PyObject_VectorcallMethod(state->names[name], arguments, 3, NULL);
    }
    int status = finish(policy, native, answer, take); /* an answer may be a generator, which is still the hook */
    if (context != NULL) context_end(context);
    Py_XDECREF(context);
    return status;
}

/* In a dry run a policy may answer with a hook of its own; without one it is asked as always. */
static int check_order_dry(PythonPolicy *policy, openpit_context *native, const openpit_order *order, int name,
                           int ordinary, TakeAnswer take) {
    int found = has_attribute(policy->state, policy->policy, name);
    if (found < 0) return finish(policy, native, NULL, take);
    return check_order(policy, native, order, found ? name : ordinary, take);
}

static int check_pre_trade_start(void *user_data, openpit_context *context, const openpit_order *order) {
    return check_order(user_data, context, order, NAME_check_pre_trade_start, take_start_answer);
}

static int perform_pre_trade_check(void *user_data, openpit_context *context, const openpit_order *order) {
    return check_order(user_data, context, order, NAME_perform_pre_trade_check, take_main_answer);
}

static int check_pre_trade_start_dry_run(void *user_data, openpit_context *context, const openpit_order *order) {
    return check_order_dry(user_data, context, order, NAME_check_pre_trade_start_dry_run, NAME_check_pre_trade_start,
                           take_start_answer);
}

static int perform_pre_trade_check_dry_run(void *user_data, openpit_context *context, const openpit_order *order) {
    return check_order_dry(user_data, context, order, NAME_perform_pre_trade_check_dry_run,
                           NAME_perform_pre_trade_check, take_main_answer);
}

static int apply_execution_report(void *user_data, openpit_context *native, const openpit_report *report) {
    PythonPolicy *policy = user_data;
    ModuleState *state = policy->state;
    PyObject *context = context_new(state->engine.post_trade_context, policy->shared, native), *answer = NULL;
    if (context != NULL) {
        PyObject *arguments[] = {policy->policy, context, report->user_data};
        answer = PyObject_VectorcallMethod(state->names[NAME_apply_execution_report], arguments, 1,
                                           state->engine.report_hook_keywords);
        Py_DECREF(context);
    }
    return finish(policy, native, answer, take_report_answer);
}

static int apply_account_adjustment(void *user_data, openpit_context *native, openpit_account_id account,
                                    const openpit_adjustment *adjustment) {
    PythonPolicy *policy = user_data;
    ModuleState *state = policy->state;
    PyObject *context = context_new(state->engine.adjustment_context, policy->shared, native), *answer = NULL;
    PyObject *id = context == NULL ? NULL : account_id_new(state, account);
    if (id != NULL) {
        PyObject *arguments[] = {policy->policy, context, id, adjustment->user_data};
        answer = PyObject_VectorcallMethod(state->names[NAME_apply_account_adjustment], arguments, 4, NULL);
    }
    Py_XDECREF(context);
    Py_XDECREF(id);
    return finish(policy, native, answer, take_adjustment_answer);
}

/* ---- Registration ---- */

static int read_name(ModuleState *state, PyObject *policy, PyObject **name, openpit_text *text) {
    *name = PyObject_GetAttr(policy, state->names[NAME_name]);
    if (*name == NULL) return -1;
    if (PyUnicode_Check(*name) && borrow_text(*name, text) == 0) return 0;
    PyErr_Clear();
    PyErr_SetString(PyExc_ValueError, "policy.name must be a string");
    return -1;
}

static int read_group(ModuleState *state, PyObject *policy, openpit_policy_group_id *group) {
    PyObject *value;
    int found = optional_attribute(policy, state->names[NAME_policy_group_id], &value);
    if (found <= 0) return found;
    int status = read_policy_group(value, group);
    Py_DECREF(value);
    return status;
}

static int require_hooks(ModuleState *state, PyObject *policy) {
    static const int hooks[] = {NAME_check_pre_trade_start, NAME_perform_pre_trade_check, NAME_apply_execution_report,
                                NAME_apply_account_adjustment};
    for (int i = 0; i < 4; i++) {
        PyObject *hook = PyObject_GetAttr(policy, state->names[hooks[i]]);
        if (hook == NULL) return -1;
        int callable = PyCallable_Check(hook);
        Py_DECREF(hook);
        if (callable) continue;
        PyErr_Format(PyExc_TypeError, "policy.%U must be callable", state->names[hooks[i]]);
        return -1;
    }
    return 0;
}

static void destroy(void *user_data) {
    PythonPolicy *policy = user_data;
    Py_DECREF(policy->policy);
    PyMem_Free(policy);
}

static PythonPolicy *python_policy_new(ModuleState *state, PyObject *object) {
    PythonPolicy *policy = PyMem_Calloc(1, sizeof *policy);
    if (policy == NULL) return (PythonPolicy *)PyErr_NoMemory();
    policy->state = state;
    policy->policy = Py_NewRef(object);
    return policy;
}

int add_python_policy(ModuleState *state, openpit_engine_builder *const *builder, PythonPolicy **list,
                      PyObject *object) {
    openpit_policy table = {
        .struct_size = sizeof table,
        .check_pre_trade_start = check_pre_trade_start,
        .perform_pre_trade_check = perform_pre_trade_check,
        .apply_execution_report = apply_execution_report,
        .apply_account_adjustment = apply_account_adjustment,
        .check_pre_trade_start_dry_run = check_pre_trade_start_dry_run,
        .perform_pre_trade_check_dry_run = perform_pre_trade_check_dry_run,
        .destroy = destroy,
    };
    PyObject *name = NULL;
    int status = -1;
    if (read_name(state, object, &name, &table.name) < 0 || read_group(state, object, &table.policy_group) < 0 ||
        require_hooks(state, object) < 0) {
        goto done;
    }
    /* Reading the policy ran code of its own, which may have built the engine. */
    if (*builder == NULL) {
        PyErr_SetString(PyExc_ValueError, "engine builder is no longer available");
        goto done;
    }
    PythonPolicy *policy = python_policy_new(state, object);
    if (policy == NULL) goto done;
    table.user_data = policy;
    status = check(state, openpit_engine_builder_add_policy(*builder, &table), "policy.name");
    if (status < 0) {
        destroy(policy);
        goto done;
    }
    policy->next = *list;
    *list = policy;
done:
    Py_XDECREF(name);
    return status;
}

int visit_policies(const PythonPolicy *list, visitproc visit, void *arg) {
    for (; list != NULL; list = list->next) Py_VISIT(list->policy);
    return 0;
}

int callback_init(PyObject *Py_UNUSED(module), ModuleState *state) {
    state->engine.report_hook_keywords = Py_BuildValue("(ss)", "ctx", "report");
    return state->engine.report_hook_keywords == NULL ? -1 : 0;
}
