// The whole test framework of the C and C++ programs in this directory.
//
//     int main(void) {
//         test("a sentence that says what holds") {
//             check(openpit_abi_version() == OPENPIT_ABI_VERSION);
//         }
//         return report();
//     }
//
// A test goes on after a failed check and says which line it was. Do not leave its block early: `break` and `continue`
// would end the test as if nothing were wrong further down.
#ifndef OPENPIT_TEST_CHECK_H
#define OPENPIT_TEST_CHECK_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char *check_sentence;
static bool check_running;
static int check_failures_in_test;
static int check_failed_tests;

static inline bool check_begin(const char *sentence) {
    check_sentence = sentence;
    check_running = true;
    check_failures_in_test = 0;
    return true;
}

static inline void check_end(void) {
    printf("%sok - %s\n", check_failures_in_test == 0 ? "" : "not ", check_sentence);
    fflush(stdout);
    if (check_failures_in_test > 0) check_failed_tests++;
    check_running = false;
}

static inline bool check_that(bool holds, const char *text, const char *file, int line) {
    if (!holds) {
        check_failures_in_test++;
        printf("    %s:%d: %s\n", file, line, text);
    }
    return holds;
}

static inline bool check_int64(int64_t actual, int64_t expected, const char *text, const char *file, int line) {
    bool holds = check_that(actual == expected, text, file, line);
    if (!holds) printf("        is %" PRId64 ", expected %" PRId64 "\n", actual, expected);
    return holds;
}

static inline bool check_string(const char *actual, const char *expected, const char *text, const char *file,
                                int line) {
    bool holds = check_that(actual != NULL && strcmp(actual, expected) == 0, text, file, line);
    if (!holds) printf("        is \"%s\", expected \"%s\"\n", actual == NULL ? "(null)" : actual, expected);
    return holds;
}

/// Opens a block that is one test.
#define test(sentence) for (check_begin(sentence); check_running; check_end())

/// States what must hold; its value is whether it does.
#define check(condition) check_that((condition), #condition, __FILE__, __LINE__)

/// States that two integers, enums included, are equal, and prints both when they are not.
#define check_equal(actual, expected)                                                                                  \
    check_int64((int64_t)(actual), (int64_t)(expected), #actual " == " #expected, __FILE__, __LINE__)

/// States that two texts are equal, and prints both when they are not.
#define check_text(actual, expected) check_string((actual), (expected), #actual " is " #expected, __FILE__, __LINE__)

/// What main returns.
static inline int report(void) { return check_failed_tests == 0 ? 0 : 1; }

#endif
