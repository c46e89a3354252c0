#include <openpit.h>

#include "check.h"

int main(void) {
    test("the loaded library reports the version of the header") {
        char expected[32];
        snprintf(expected, sizeof expected, "%d.%d.%d", OPENPIT_VERSION_MAJOR, OPENPIT_VERSION_MINOR,
                 OPENPIT_VERSION_PATCH);
        check_text(openpit_version_string(), expected);
    }
    test("the loaded library reports the ABI generation of the header") {
        check_equal(openpit_abi_version(), OPENPIT_ABI_VERSION);
    }
    return report();
}
