/* Enum members and the texts that stand for them. */
#ifndef ENUMS_H
#define ENUMS_H

#include "state.h"

/* True for a character that is trimmed and counts as blank. */
int is_white_space(Py_UCS4 character);

/* A new str: `text` trimmed and in lower case, which is how names of members are compared and quoted. */
PyObject *trim_and_lower(PyObject *text);

/* A choice of two members, as a keyword argument names it. */
typedef struct EnumChoice {
    const char *parameter; /* "side" */
    const char *type_name; /* "openpit.Side" */
    const char *noun;      /* "side" */
    const char *value[2];  /* lower case */
} EnumChoice;

extern const EnumChoice side_choice, position_side_choice, position_effect_choice, position_mode_choice;

/* The number (1 or 2) of the member that `value` is or names; 0 for NULL and None. Raises TypeError and returns -1. */
int read_enum(const EnumMembers *members, const EnumChoice *choice, PyObject *value, uint8_t *number);

/* The same for a method's argument: any str, and what is no side raises ValueError. */
int read_side_text(ModuleState *state, PyObject *value, openpit_side *side);

/* A new reference to the member, None for 0. */
PyObject *enum_member(const EnumMembers *members, uint8_t number);

int enums_init(PyObject *module, ModuleState *state);

#endif
