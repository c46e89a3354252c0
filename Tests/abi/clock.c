// Every function of the section "Clock".
#include <openpit.h>

#include "check.h"

int main(void) {
    openpit_clock *clock = NULL;

    test("a clock starts at 0 and moves when it is told to") {
        check_equal(openpit_clock_create(&clock), OPENPIT_STATUS_OK);
        check_equal(openpit_clock_now(clock), 0);
        check_equal(openpit_clock_advance(clock, 10), OPENPIT_STATUS_OK);
        check_equal(openpit_clock_advance(clock, 0), OPENPIT_STATUS_OK);
        check_equal(openpit_clock_now(clock), 10);
    }
    test("time never goes backwards") {
        check_equal(openpit_clock_set(clock, 9), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_clock_now(clock), 10);
        check_equal(openpit_clock_set(clock, 10), OPENPIT_STATUS_OK);
        check_equal(openpit_clock_set(clock, 11), OPENPIT_STATUS_OK);
        check_equal(openpit_clock_now(clock), 11);
    }
    test("time ends, and does not begin again") {
        check_equal(openpit_clock_set(clock, UINT64_MAX - 1), OPENPIT_STATUS_OK);
        check_equal(openpit_clock_advance(clock, 2), OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
        check(openpit_clock_now(clock) == UINT64_MAX - 1);
        check_equal(openpit_clock_advance(clock, 1), OPENPIT_STATUS_OK);
        check(openpit_clock_now(clock) == UINT64_MAX);
    }
    test("NULL is no clock") {
        check_equal(openpit_clock_create(NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_clock_advance(NULL, 1), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_clock_set(NULL, 1), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_clock_now(NULL), 0);
        openpit_clock_destroy(NULL);
    }
    openpit_clock_destroy(clock);
    return report();
}
