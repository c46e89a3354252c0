#include "text.h"

int borrow_text(PyObject *text, openpit_text *out) {
    Py_ssize_t length;
    const char *data = PyUnicode_AsUTF8AndSize(text, &length);
    if (data == NULL) return -1;
    *out = (openpit_text){.data = data, .length = (size_t)length};
    return 0;
}

PyObject *text_object(openpit_text text) { return PyUnicode_FromStringAndSize(text.data, (Py_ssize_t)text.length); }

/* The most characters one character becomes: \u{10ffff}. */
#define ESCAPE_MAX 10

static Py_UCS4 *write_escaped(Py_UCS4 *out, Py_UCS4 character) {
    static const char plain[] = "\"\\\n\t\r\0", letter[] = "\"\\ntr0";
    for (size_t i = 0; i < sizeof letter - 1; i++) {
        if (character != (Py_UCS4)plain[i]) continue;
        *out++ = '\\';
        *out++ = (Py_UCS4)letter[i];
        return out;
    }
    if (Py_UNICODE_ISPRINTABLE(character)) {
        *out++ = character;
        return out;
    }
    char number[ESCAPE_MAX + 1];
    PyOS_snprintf(number, sizeof number, "\\u{%x}", (unsigned)character);
    for (const char *digit = number; *digit != '\0'; digit++) *out++ = (Py_UCS4)*digit;
    return out;
}

PyObject *quoted(PyObject *text) {
    Py_ssize_t length = PyUnicode_GetLength(text);
    if (length < 0) return NULL;
    Py_UCS4 *buffer = PyMem_New(Py_UCS4, ESCAPE_MAX * (size_t)length + 2), *end = buffer;
    if (buffer == NULL) return PyErr_NoMemory();
    *end++ = '"';
    for (Py_ssize_t i = 0; i < length; i++) end = write_escaped(end, PyUnicode_READ_CHAR(text, i));
    *end++ = '"';
    PyObject *result = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, buffer, end - buffer);
    PyMem_Free(buffer);
    return result;
}

PyObject *quoted_or_none(PyObject *text) { return text == NULL ? PyUnicode_FromString("None") : quoted(text); }
