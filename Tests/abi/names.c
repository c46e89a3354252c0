// Every function of the section "Names and ids".
#include <openpit.h>
#include <pthread.h>
#include <stdlib.h>

#include "check.h"

static openpit_text text(const char *string) { return (openpit_text){string, strlen(string)}; }

enum { thread_count = 4, name_count = 5000 };

// Interns the same names as the other threads, and reads each back at once.
static void *intern_many(void *memory) {
    openpit_asset *assets = memory;
    for (int i = 0; i < name_count; i++) {
        char name[32];
        openpit_text stored;
        int length = snprintf(name, sizeof name, "asset %d", i);
        if (openpit_asset_intern((openpit_text){name, (size_t)length}, &assets[i]) != OPENPIT_STATUS_OK) return NULL;
        if (openpit_asset_name(assets[i], &stored) != OPENPIT_STATUS_OK) return NULL;
        if (stored.length != (size_t)length || memcmp(stored.data, name, stored.length) != 0) return NULL;
    }
    return memory;
}

static void test_assets(void) {
    openpit_asset aapl = 0, usd = 0, asset = 77;
    openpit_text name;

    test("equal names have equal ids, and none is 0") {
        check_equal(openpit_asset_intern(text("AAPL"), &aapl), OPENPIT_STATUS_OK);
        check_equal(openpit_asset_intern(text("USD"), &usd), OPENPIT_STATUS_OK);
        check_equal(openpit_asset_intern(text("AAPL"), &asset), OPENPIT_STATUS_OK);
        check(aapl != 0 && usd != 0 && aapl != usd);
        check_equal(asset, aapl);
        check_equal(openpit_asset_intern(text("aapl"), &asset), OPENPIT_STATUS_OK);
        check(asset != aapl);
    }
    test("an id leads back to its name, which keeps its place") {
        openpit_text again;
        check_equal(openpit_asset_name(usd, &name), OPENPIT_STATUS_OK);
        check_equal(name.length, 3);
        check(memcmp(name.data, "USD", 3) == 0);
        check_equal(openpit_asset_name(usd, &again), OPENPIT_STATUS_OK);
        check(again.data == name.data);
    }
    test("a name may contain zeros") {
        check_equal(openpit_asset_intern((openpit_text){"USD\0", 4}, &asset), OPENPIT_STATUS_OK);
        check(asset != usd);
        check_equal(openpit_asset_name(asset, &name), OPENPIT_STATUS_OK);
        check_equal(name.length, 4);
    }
    test("what is no name is refused") {
        asset = 77;
        check_equal(openpit_asset_intern(text(""), &asset), OPENPIT_STATUS_EMPTY_NAME);
        check_equal(openpit_asset_intern((openpit_text){NULL, 0}, &asset), OPENPIT_STATUS_EMPTY_NAME);
        check_equal(openpit_asset_intern(text(" \t\xE3\x80\x80"), &asset), OPENPIT_STATUS_EMPTY_NAME);
        check_equal(openpit_asset_intern((openpit_text){NULL, 1}, &asset), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_asset_intern(text("USD"), NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(asset, 77);
    }
    test("a name has to be UTF-8") {
        static const char *const malformed[] = {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                                "a\x80"};
        for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++)
            check_equal(openpit_asset_intern(text(malformed[i]), &asset), OPENPIT_STATUS_INVALID_UTF8);
        check_equal(openpit_asset_intern(text("\xF0\x9F\x98\x80"), &asset), OPENPIT_STATUS_OK);
    }
    test("a name is as long as the header says at most") {
        char *huge = malloc(OPENPIT_NAME_LENGTH_MAX + 1);
        memset(huge, 'x', OPENPIT_NAME_LENGTH_MAX + 1);
        check_equal(openpit_asset_intern((openpit_text){huge, OPENPIT_NAME_LENGTH_MAX - 1}, &asset), OPENPIT_STATUS_OK);
        check_equal(openpit_asset_intern((openpit_text){huge, OPENPIT_NAME_LENGTH_MAX}, &asset), OPENPIT_STATUS_OK);
        check_equal(openpit_asset_intern((openpit_text){huge, OPENPIT_NAME_LENGTH_MAX + 1}, &asset),
                    OPENPIT_STATUS_NAME_TOO_LONG);
        check(openpit_asset_intern((openpit_text){huge, SIZE_MAX}, &asset) != OPENPIT_STATUS_OK);
        free(huge);
        check_equal(openpit_asset_name(asset, &name), OPENPIT_STATUS_OK);
        check_equal(name.length, OPENPIT_NAME_LENGTH_MAX);
        check(name.data[OPENPIT_NAME_LENGTH_MAX - 1] == 'x');
    }
    test("an id nobody was given has no name") {
        check_equal(openpit_asset_name(0, &name), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_asset_name(UINT32_MAX, &name), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_asset_name(usd, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    }
    test("threads agree on the ids") {
        static openpit_asset assets[thread_count][name_count];
        pthread_t threads[thread_count];
        for (int i = 0; i < thread_count; i++) pthread_create(&threads[i], NULL, intern_many, assets[i]);
        for (int i = 0; i < thread_count; i++) {
            void *finished = NULL;
            pthread_join(threads[i], &finished);
            check(finished != NULL);
            check(memcmp(assets[i], assets[0], sizeof assets[0]) == 0);
        }
    }
}

static void test_accounts(void) {
    openpit_account_id account = 77;
    openpit_account_group_id group = 77;

    test("a text stands for an account") {
        check_equal(openpit_account_id_from_text(text("my-account"), &account), OPENPIT_STATUS_OK);
        check(account == UINT64_C(10756464830480084277));
        check_equal(openpit_account_id_from_text(text(" a"), &account), OPENPIT_STATUS_OK);
        check(account == UINT64_C(559967011469157882));
        check_equal(openpit_account_id_from_text(text(" \n"), &account), OPENPIT_STATUS_EMPTY_NAME);
        check_equal(openpit_account_id_from_text(text("\xFF"), &account), OPENPIT_STATUS_INVALID_UTF8);
        check_equal(openpit_account_id_from_text((openpit_text){NULL, 1}, &account), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_account_id_from_text(text("a"), NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check(account == UINT64_C(559967011469157882));
    }
    test("a text stands for a group, and never for the default one") {
        check_equal(openpit_account_group_id_from_text(text("desk-1"), &group), OPENPIT_STATUS_OK);
        check_equal(group, 3731453210);
        check_equal(openpit_account_group_id_from_text(text("3u25abs"), &group), OPENPIT_STATUS_OK);
        check_equal(group, 1);
        check_equal(openpit_account_group_id_from_text(text(""), &group), OPENPIT_STATUS_EMPTY_NAME);
        check_equal(openpit_account_group_id_from_text(text("\xFF"), &group), OPENPIT_STATUS_INVALID_UTF8);
        check_equal(openpit_account_group_id_from_text((openpit_text){NULL, 1}, &group), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_account_group_id_from_text(text("a"), NULL), OPENPIT_STATUS_NULL_ARGUMENT);
    }
}

int main(void) {
    test_assets();
    test_accounts();
    return report();
}
