#include "accounts.h"

#include "args.h"
#include "errors.h"
#include "identifiers.h"
#include "reject.h"
#include "text.h"
#include "types.h"

typedef struct AccountsObject {
    PyObject_HEAD SharedEngine *shared;
} AccountsObject;

PyObject *accounts_new(SharedEngine *shared) {
    AccountsObject *self = PyObject_New(AccountsObject, shared->state->engine.accounts);
    if (self != NULL) self->shared = shared_engine_hold(shared);
    return (PyObject *)self;
}

static void accounts_dealloc(PyObject *object) {
    shared_engine_release(((AccountsObject *)object)->shared);
    plain_dealloc(object);
}

/* ---- Arguments ---- */

#define TWO_ARGUMENTS(call, first, second)                                                                             \
    {                                                                                                                  \
        .function = "Accounts." call, .count = 2, .positional = 2, .required = 3, .names = { first, second }           \
    }
#define ONE_ARGUMENT(call, first)                                                                                      \
    {                                                                                                                  \
        .function = "Accounts." call, .count = 1, .positional = 1, .required = 1, .names = { first }                   \
    }

static int read_account(ModuleState *state, PyObject *object, openpit_account_id *account) {
    return account_id_from_object(state, object, "account_id", account);
}

static int read_reason(PyObject *object, openpit_text *reason) {
    return require_instance(object, &PyUnicode_Type, "str") < 0 ? -1 : borrow_text(object, reason);
}

/* ---- Answers ---- */

/* A call that has no business reason to fail. */
static PyObject *done(ModuleState *state, openpit_status status) {
    if (status != OPENPIT_STATUS_OK) return raise_status(state, status, "account");
    Py_RETURN_NONE;
}

/* Raises `type` with the error's message. Takes over `account`, `group` and `current_group`, where not NULL. */
static PyObject *raise_account_error(PyObject *type, const openpit_error *error, PyObject *account, PyObject *group,
                                     PyObject *current_group) {
    PyObject *exception = PyObject_CallFunction(type, "s", error->message);
    if (exception != NULL) {
        set_exception_attribute(exception, "account", account);
        set_exception_attribute(exception, "group", group);
        if (current_group != NULL) set_exception_attribute(exception, "current_group", current_group);
        PyErr_SetObject(type, exception);
        Py_DECREF(exception);
    }
    return NULL;
}

/* ---- Groups ---- */

typedef openpit_status (*Regroup)(openpit_engine *engine, const openpit_account_id *accounts, size_t count,
                                  openpit_account_group_id group, openpit_error *error);

static PyObject *raise_group_error(ModuleState *state, openpit_status status, openpit_account_group_id group,
                                   const openpit_error *error) {
    bool is_about_account = status == OPENPIT_STATUS_ALREADY_GROUPED || status == OPENPIT_STATUS_OTHER_GROUP ||
                            status == OPENPIT_STATUS_NO_GROUP;
    if (!is_about_account && status != OPENPIT_STATUS_RESERVED_GROUP) return raise_status(state, status, "group");
    PyObject *none = Py_None;
    PyObject *account = is_about_account ? account_id_new(state, error->account) : Py_NewRef(none);
    PyObject *current = is_about_account && error->account_group != OPENPIT_DEFAULT_ACCOUNT_GROUP
                            ? account_group_id_new(state, error->account_group)
                            : Py_NewRef(none);
    return raise_account_error(state->engine.group_registration_error, error, account,
                               account_group_id_new(state, group), current);
}

static PyObject *regroup(PyObject *object, const Parameters *parameters, PyObject *const *args, Py_ssize_t nargs,
                         PyObject *kwnames, Regroup change) {
    SharedEngine *shared = ((AccountsObject *)object)->shared;
    ModuleState *state = shared->state;
    PyObject *values[2];
    openpit_account_group_id group;
    if (bind_vector(state, parameters, args, (size_t)nargs, kwnames, values) < 0 ||
        account_group_from_any(state, values[1], NAMED_GROUPS, &group) < 0) {
        return NULL;
    }
    size_t count;
    openpit_account_id *accounts = account_ids_from_iterable(state, values[0], &count);
    if (accounts == NULL) return NULL;
    openpit_error error = {.struct_size = sizeof error};
    openpit_status status = change(shared->native, accounts, count, group, &error);
    PyMem_Free(accounts);
    if (status != OPENPIT_STATUS_OK) return raise_group_error(state, status, group, &error);
    Py_RETURN_NONE;
}

static const Parameters register_parameters = TWO_ARGUMENTS("register_group", NAME_accounts, NAME_group);
static const Parameters unregister_parameters = TWO_ARGUMENTS("unregister_group", NAME_accounts, NAME_group);

static PyObject *register_group(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    return regroup(self, &register_parameters, args, count, kwnames, openpit_engine_register_group);
}

static PyObject *unregister_group(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    return regroup(self, &unregister_parameters, args, count, kwnames, openpit_engine_unregister_group);
}

/* ---- Calls for one account ---- */

/* Binds the arguments of a call whose first one is an account. */
static int bind_account(PyObject *object, const Parameters *parameters, PyObject *const *args, Py_ssize_t count,
                        PyObject *kwnames, PyObject **values, openpit_account_id *account) {
    ModuleState *state = ((AccountsObject *)object)->shared->state;
    if (bind_vector(state, parameters, args, (size_t)count, kwnames, values) < 0) return -1;
    return read_account(state, values[0], account);
}

static const Parameters group_of_parameters = ONE_ARGUMENT("group_of", NAME_account);
static const Parameters block_parameters = TWO_ARGUMENTS("block", NAME_account, NAME_reason);
static const Parameters block_with_cause_parameters = TWO_ARGUMENTS("block_with_cause", NAME_account, NAME_cause);
static const Parameters unblock_parameters = ONE_ARGUMENT("unblock", NAME_account);
static const Parameters replace_parameters = TWO_ARGUMENTS("replace_block_reason", NAME_account, NAME_reason);
static const Parameters set_currency_parameters = TWO_ARGUMENTS("set_currency", NAME_account, NAME_asset);
static const Parameters clear_currency_parameters = ONE_ARGUMENT("clear_currency", NAME_account);

static PyObject *group_of(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((AccountsObject *)self)->shared;
    PyObject *value;
    openpit_account_id account;
    openpit_account_group_id group;
    if (bind_account(self, &group_of_parameters, args, count, kwnames, &value, &account) < 0) return NULL;
    openpit_status status = openpit_engine_group_of(shared->native, account, &group);
    if (status != OPENPIT_STATUS_OK) return raise_status(shared->state, status, "account");
    if (group == OPENPIT_DEFAULT_ACCOUNT_GROUP) Py_RETURN_NONE;
    return account_group_id_new(shared->state, group);
}

static PyObject *block(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((AccountsObject *)self)->shared;
    PyObject *values[2];
    openpit_account_id account;
    openpit_text reason;
    if (bind_account(self, &block_parameters, args, count, kwnames, values, &account) < 0 ||
        read_reason(values[1], &reason) < 0) {
        return NULL;
    }
    return done(shared->state, openpit_engine_block_account(shared->native, account, reason));
}

static PyObject *block_with_cause(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((AccountsObject *)self)->shared;
    PyObject *values[2];
    openpit_account_id account;
    openpit_reject cause;
    if (bind_account(self, &block_with_cause_parameters, args, count, kwnames, values, &account) < 0 ||
        require_instance(values[1], shared->state->engine.account_block, "AccountBlock") < 0 ||
        account_block_read(values[1], &cause) < 0) {
        return NULL;
    }
    return done(shared->state, openpit_engine_block_account_with_cause(shared->native, account, &cause));
}

static PyObject *unblock(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((AccountsObject *)self)->shared;
    PyObject *value;
    openpit_account_id account;
    if (bind_account(self, &unblock_parameters, args, count, kwnames, &value, &account) < 0) return NULL;
    return done(shared->state, openpit_engine_unblock_account(shared->native, account));
}

static PyObject *unblock_all(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    SharedEngine *shared = ((AccountsObject *)self)->shared;
    return done(shared->state, openpit_engine_unblock_all(shared->native));
}

static PyObject *replace_block_reason(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((AccountsObject *)self)->shared;
    PyObject *values[2];
    openpit_account_id account;
    openpit_text reason;
    if (bind_account(self, &replace_parameters, args, count, kwnames, values, &account) < 0 ||
        read_reason(values[1], &reason) < 0) {
        return NULL;
    }
    openpit_error error = {.struct_size = sizeof error};
    openpit_status status = openpit_engine_replace_block_reason(shared->native, account, reason, &error);
    if (status != OPENPIT_STATUS_ACCOUNT_NOT_BLOCKED) return done(shared->state, status);
    return raise_account_error(shared->state->engine.account_block_error, &error,
                               account_id_new(shared->state, account), Py_NewRef(Py_None), NULL);
}

static PyObject *set_currency(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((AccountsObject *)self)->shared;
    PyObject *values[2];
    openpit_account_id account;
    openpit_asset asset;
    if (bind_account(self, &set_currency_parameters, args, count, kwnames, values, &account) < 0 ||
        asset_from_object(shared->state, values[1], &asset) < 0) {
        return NULL;
    }
    return done(shared->state, openpit_engine_set_account_currency(shared->native, account, asset));
}

static PyObject *clear_currency(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((AccountsObject *)self)->shared;
    PyObject *value;
    openpit_account_id account;
    if (bind_account(self, &clear_currency_parameters, args, count, kwnames, &value, &account) < 0) return NULL;
    return done(shared->state, openpit_engine_set_account_currency(shared->native, account, 0));
}

/* ---- Calls for one group ---- */

static int bind_group(PyObject *object, const Parameters *parameters, GroupRange range, PyObject *const *args,
                      Py_ssize_t count, PyObject *kwnames, PyObject **values, openpit_account_group_id *group) {
    ModuleState *state = ((AccountsObject *)object)->shared->state;
    if (bind_vector(state, parameters, args, (size_t)count, kwnames, values) < 0) return -1;
    return account_group_from_any(state, values[0], range, group);
}

static const Parameters block_group_parameters = TWO_ARGUMENTS("block_group", NAME_group, NAME_reason);
static const Parameters unblock_group_parameters = ONE_ARGUMENT("unblock_group", NAME_group);
static const Parameters replace_group_parameters = TWO_ARGUMENTS("replace_group_block_reason", NAME_group, NAME_reason);
static const Parameters set_group_currency_parameters = TWO_ARGUMENTS("set_group_currency", NAME_group, NAME_asset);
static const Parameters clear_group_currency_parameters = ONE_ARGUMENT("clear_group_currency", NAME_group);

/* Ends a call about a group's block. */
static PyObject *done_with_group(ModuleState *state, openpit_status status, openpit_account_group_id group,
                                 const openpit_error *error) {
    if (status != OPENPIT_STATUS_RESERVED_GROUP && status != OPENPIT_STATUS_GROUP_NOT_BLOCKED)
        return done(state, status);
    return raise_account_error(state->engine.account_block_error, error, Py_NewRef(Py_None),
                               account_group_id_new(state, group), NULL);
}

typedef openpit_status (*ChangeGroupBlock)(openpit_engine *engine, openpit_account_group_id group, openpit_text reason,
                                           openpit_error *error);

static PyObject *change_group_block(PyObject *self, const Parameters *parameters, PyObject *const *args,
                                    Py_ssize_t count, PyObject *kwnames, ChangeGroupBlock change) {
    SharedEngine *shared = ((AccountsObject *)self)->shared;
    PyObject *values[2];
    openpit_account_group_id group;
    openpit_text reason;
    if (bind_group(self, parameters, NAMED_GROUPS, args, count, kwnames, values, &group) < 0 ||
        read_reason(values[1], &reason) < 0) {
        return NULL;
    }
    openpit_error error = {.struct_size = sizeof error};
    return done_with_group(shared->state, change(shared->native, group, reason, &error), group, &error);
}

static PyObject *block_group(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    return change_group_block(self, &block_group_parameters, args, count, kwnames, openpit_engine_block_group);
}

static PyObject *replace_group_block_reason(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                            PyObject *kwnames) {
    return change_group_block(self, &replace_group_parameters, args, count, kwnames,
                              openpit_engine_replace_group_block_reason);
}

static PyObject *unblock_group(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((AccountsObject *)self)->shared;
    PyObject *value;
    openpit_account_group_id group;
    if (bind_group(self, &unblock_group_parameters, NAMED_GROUPS, args, count, kwnames, &value, &group) < 0)
        return NULL;
    openpit_error error = {.struct_size = sizeof error};
    return done_with_group(shared->state, openpit_engine_unblock_group(shared->native, group, &error), group, &error);
}

static PyObject *set_group_currency(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((AccountsObject *)self)->shared;
    PyObject *values[2];
    openpit_account_group_id group;
    openpit_asset asset;
    if (bind_group(self, &set_group_currency_parameters, ALL_GROUPS, args, count, kwnames, values, &group) < 0 ||
        asset_from_object(shared->state, values[1], &asset) < 0) {
        return NULL;
    }
    return done(shared->state, openpit_engine_set_group_currency(shared->native, group, asset));
}

static PyObject *clear_group_currency(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((AccountsObject *)self)->shared;
    PyObject *value;
    openpit_account_group_id group;
    if (bind_group(self, &clear_group_currency_parameters, ALL_GROUPS, args, count, kwnames, &value, &group) < 0) {
        return NULL;
    }
    return done(shared->state, openpit_engine_set_group_currency(shared->native, group, 0));
}

/* ---- Type ---- */

#define METHOD(name, signature, text)                                                                                  \
    {#name, FUNCTION(name), METH_FASTCALL | METH_KEYWORDS, PyDoc_STR(#name "($self, " signature ")\n--\n\n" text)}

static PyMethodDef accounts_methods[] = {
    METHOD(register_group, "accounts, group", "Adds all accounts to the group, or none."),
    METHOD(unregister_group, "accounts, group", "Removes all accounts from the group, or none."),
    METHOD(group_of, "account", "The account's group, or None."),
    METHOD(block, "account, reason", "Blocks the account. One that is blocked already keeps its cause."),
    METHOD(block_with_cause, "account, cause", "Blocks the account with an AccountBlock, to bring a known block back."),
    METHOD(unblock, "account", "Lifts the account's block, whoever placed it."),
    METHOD(replace_block_reason, "account, reason", "Puts the operator's reason in place of the account's cause."),
    METHOD(block_group, "group, reason", "Blocks the accounts of the group."),
    METHOD(unblock_group, "group", "Lifts the group's block."),
    METHOD(replace_group_block_reason, "group, reason", "Puts another reason in place of the group's."),
    METHOD(set_currency, "account, asset", "Sets the account's currency."),
    METHOD(clear_currency, "account", "Takes the account's currency back."),
    METHOD(set_group_currency, "group, asset",
           "Sets the currency of the group's accounts; of all, for the default group."),
    METHOD(clear_group_currency, "group", "Takes the group's currency back."),
    {"unblock_all", unblock_all, METH_NOARGS,
     PyDoc_STR("unblock_all($self)\n--\n\n"
               "Lifts the block of every account that a report or order without an account left behind.")},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot accounts_slots[] = {
    {Py_tp_doc, PyDoc_STR("Groups, blocks and currencies of accounts.")},
    {Py_tp_dealloc, accounts_dealloc},
    {Py_tp_methods, accounts_methods},
    {0, NULL},
};

static PyType_Spec accounts_spec = {
    .name = "openpit.Accounts",
    .basicsize = sizeof(AccountsObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = accounts_slots,
};

int accounts_init(PyObject *module, ModuleState *state) {
    EngineState *engine = &state->engine;
    if (add_exception(module, "openpit.AccountGroupRegistrationError",
                      "Accounts could not change their group. Has `account`, `group` and `current_group`.",
                      PyExc_Exception, &engine->group_registration_error) < 0 ||
        add_exception(module, "openpit.AccountBlockError",
                      "A block could not be changed. Has `account` and `group`, one of which is None.", PyExc_Exception,
                      &engine->account_block_error) < 0) {
        return -1;
    }
    return add_type(module, &accounts_spec, NULL, &engine->accounts);
}
