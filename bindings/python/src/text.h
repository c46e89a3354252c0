/* Text on its way into and out of the library. */
#ifndef TEXT_H
#define TEXT_H

#include "state.h"

/* Borrows a str's UTF-8. Returns -1 with UnicodeEncodeError for lone surrogates. */
int borrow_text(PyObject *text, openpit_text *out);

/* A new str of a text of the library. */
PyObject *text_object(openpit_text text);

/* A new str: `text` in double quotes, with escapes, as it appears in a repr. */
PyObject *quoted(PyObject *text);

/* The same, or "None" for NULL. */
PyObject *quoted_or_none(PyObject *text);

#endif
