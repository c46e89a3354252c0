/* AccountId, AccountGroupId, InstrumentId, and the interning of asset names. */
#ifndef IDENTIFIERS_H
#define IDENTIFIERS_H

#include "state.h"

/* One layout for the three kinds of identifier. */
typedef struct IdentifierObject {
    PyObject_HEAD uint64_t value;
} IdentifierObject;

PyObject *account_id_new(ModuleState *state, openpit_account_id account);
PyObject *account_group_id_new(ModuleState *state, openpit_account_group_id group);
PyObject *instrument_id_new(ModuleState *state, uint64_t instrument);

/* An argument that has to be an AccountId: TypeError "{parameter} must be openpit.param.AccountId" otherwise. */
int account_id_from_object(ModuleState *state, PyObject *object, const char *parameter, openpit_account_id *account);

/* An argument that has to be an AccountGroupId: TypeError "{parameter} must be openpit.param.AccountGroupId" otherwise. */
int account_group_id_from_object(ModuleState *state, PyObject *object, const char *parameter,
                                 openpit_account_group_id *group);

/* Which numbers are a group: the default group has no members, blocks or reasons, but it has a currency. */
typedef enum GroupRange { NAMED_GROUPS, ALL_GROUPS } GroupRange;

/* A group where a plain integer of that range will do too. Raises ValueError and returns -1 otherwise. */
int account_group_from_any(ModuleState *state, PyObject *object, GroupRange range, openpit_account_group_id *group);

/* The ids of an iterable of AccountIds, to be freed with PyMem_Free; NULL with an exception. */
openpit_account_id *account_ids_from_iterable(ModuleState *state, PyObject *iterable, size_t *count);

/* The id of an asset's name: any str that is not blank, otherwise TypeError or ValueError. */
int asset_from_object(ModuleState *state, PyObject *object, openpit_asset *asset);

/* The same for an optional field: NULL and None give 0. */
int asset_from_optional(ModuleState *state, PyObject *object, openpit_asset *asset);

/* The number of a strategy's, a trader's or another's name, interned as an asset's: the same, with the text "{parameter} ...". */
int name_from_optional(ModuleState *state, PyObject *object, const char *parameter, openpit_name *name);

/* A new str with the asset's name; None for 0. */
PyObject *asset_name(ModuleState *state, openpit_asset asset);

int identifiers_init(PyObject *module, ModuleState *state);

#endif
