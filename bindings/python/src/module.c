/* The module openpit._openpit: makes its types in an order in which each finds what it needs. */
#include "common.h"

static int errors_init(PyObject *module, ModuleState *state) {
    return add_exception(module, "openpit.ParamError", "A number that cannot be.", PyExc_ValueError,
                         &state->param_error) < 0 ||
                   add_exception(module, "openpit.param.AssetError", "A name that is blank.", PyExc_ValueError,
                                 &state->asset_error) < 0 ||
                   add_exception(module, "openpit.param.AccountIdError", "An account or a group that cannot be.",
                                 PyExc_ValueError, &state->account_id_error) < 0
               ? -1
               : 0;
}

static int names_init(PyObject *Py_UNUSED(module), ModuleState *state) {
#define NAME_TEXT(name) #name,
    static const char *const names[NAME_COUNT] = {FOR_EACH_NAME(NAME_TEXT)};
#undef NAME_TEXT
    for (int i = 0; i < NAME_COUNT; i++) {
        state->names[i] = PyUnicode_InternFromString(names[i]);
        if (state->names[i] == NULL) return -1;
    }
    return 0;
}

/* An extension and a library of different generations would misread each other's structs. */
static int version_init(PyObject *module, ModuleState *Py_UNUSED(state)) {
    if (openpit_abi_version() == OPENPIT_ABI_VERSION) {
        return PyModule_AddStringConstant(module, "version", openpit_version_string());
    }
    PyErr_Format(PyExc_ImportError, "libopenpit has ABI version %u, and this extension needs %d",
                 (unsigned)openpit_abi_version(), OPENPIT_ABI_VERSION);
    return -1;
}

typedef int (*Initializer)(PyObject *module, ModuleState *state);

static const Initializer initializers[] = {
    version_init,
    names_init,
    errors_init,
    enums_init,
    duration_init,
    instant_init,
    clock_init,
    decimal_init,
    identifiers_init,
    instrument_init,
    amounts_init,
    attributes_init,
    order_init,
    lock_init,
    report_init,
    outcome_init,
    adjustment_init,
    callable_property_init,
    reject_init,
    result_init,
    request_init,
    context_init,
    callback_init,
    barriers_init,
    builder_init,
    engine_init,
    accounts_init,
    configurator_init,
    quote_init,
    market_data_init,
    reference_book_init,
    backtest_init,
    matcher_init,
    simulation_init,
    risk_init,
    trading_init,
    oms_init,
    gates_init,
};

static int module_exec(PyObject *module) {
    ModuleState *state = state_of_module(module);
    for (size_t i = 0; i < sizeof initializers / sizeof *initializers; i++) {
        if (initializers[i](module, state) < 0) return -1;
    }
    return 0;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg) {
    PyObject **reference = (PyObject **)state_of_module(module);
    for (size_t i = 0; i < sizeof(ModuleState) / sizeof *reference; i++) Py_VISIT(reference[i]);
    return 0;
}

static int module_clear(PyObject *module) {
    PyObject **reference = (PyObject **)state_of_module(module);
    for (size_t i = 0; i < sizeof(ModuleState) / sizeof *reference; i++) Py_CLEAR(reference[i]);
    return 0;
}

static void module_free(void *module) { module_clear(module); }

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
/* Engines without synchronisation, and memory that waits to be used again, rely on the interpreter's lock. */
#ifdef Py_mod_multiple_interpreters
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_SUPPORTED},
#endif
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_USED},
#endif
    {0},
};

struct PyModuleDef openpit_module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "openpit._openpit",
    .m_doc = PyDoc_STR("The native part of openpit. Import openpit instead."),
    .m_size = sizeof(ModuleState),
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC PyInit__openpit(void) { return PyModuleDef_Init(&openpit_module); }
