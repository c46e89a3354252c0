// Every function of the section "Locks on the wire".
#include <openpit.h>

#include "check.h"

enum { format_count = 3 };

static openpit_lock_entry entry(openpit_policy_group_id group, int64_t price) {
    return (openpit_lock_entry){.price = openpit_decimal_from_int64(price), .policy_group = group};
}

int main(void) {
    const openpit_lock_entry entries[] = {entry(7, 200), entry(0, 185), entry(7, 201)};
    const openpit_lock_entry ordered[] = {entry(0, 185), entry(7, 200), entry(7, 201)};
    static const struct {
        const char *bytes;
        size_t length;
    } wire[format_count] = {
        {"[[\"185\"],[7,\"200\",\"201\"]]", 25},
        {"\x92\x91\xa3"
         "185\x93\x07\xa3"
         "200\xa3"
         "201",
         16},
        {"\x82\x81\x63"
         "185\x83\x07\x63"
         "200\x63"
         "201",
         16},
    };
    uint8_t buffer[64];
    openpit_lock_entry decoded[8];
    size_t length, count;
    openpit_error error = {.struct_size = sizeof error};

    test("a lock has the same shape in each format, the default group first") {
        for (openpit_lock_format format = 0; format < format_count; format++) {
            length = 0;
            check_equal(openpit_lock_encode(format, entries, 3, buffer, sizeof buffer, &length), OPENPIT_STATUS_OK);
            check_equal(length, wire[format].length);
            check(memcmp(buffer, wire[format].bytes, length) == 0);
        }
    }
    test("a lock comes back group by group") {
        for (openpit_lock_format format = 0; format < format_count; format++) {
            count = 0;
            memset(decoded, 0xFF, sizeof decoded);
            check_equal(openpit_lock_decode(format, (const uint8_t *)wire[format].bytes, wire[format].length, decoded,
                                            8, &count, &error),
                        OPENPIT_STATUS_OK);
            check_equal(count, 3);
            check(memcmp(decoded, ordered, sizeof ordered) == 0);
        }
    }
    test("an empty lock needs no entries") {
        for (openpit_lock_format format = 0; format < format_count; format++) {
            check_equal(openpit_lock_encode(format, NULL, 0, buffer, sizeof buffer, &length), OPENPIT_STATUS_OK);
            check_equal(openpit_lock_decode(format, buffer, length, NULL, 0, &count, NULL), OPENPIT_STATUS_OK);
            check_equal(count, 0);
        }
    }
    test("a buffer that is too small is left alone, and the caller learns how large it must be") {
        for (openpit_lock_format format = 0; format < format_count; format++) {
            size_t needed = wire[format].length;
            memset(buffer, 0xAA, sizeof buffer);
            check_equal(openpit_lock_encode(format, entries, 3, buffer, needed - 1, &length),
                        OPENPIT_STATUS_BUFFER_TOO_SMALL);
            check_equal(length, needed);
            check_equal(buffer[0], 0xAA);
            check_equal(openpit_lock_encode(format, entries, 3, NULL, 0, &length), OPENPIT_STATUS_BUFFER_TOO_SMALL);
            check_equal(openpit_lock_encode(format, entries, 3, buffer, needed, &length), OPENPIT_STATUS_OK);
            memset(decoded, 0xAA, sizeof decoded);
            check_equal(openpit_lock_decode(format, buffer, needed, decoded, 2, &count, &error),
                        OPENPIT_STATUS_BUFFER_TOO_SMALL);
            check_equal(count, 3);
            check_equal(decoded[0].policy_group, 0xAAAA);
            check_equal(openpit_lock_decode(format, buffer, needed, NULL, 0, &count, NULL),
                        OPENPIT_STATUS_BUFFER_TOO_SMALL);
            check_equal(openpit_lock_decode(format, buffer, needed, decoded, 3, &count, NULL), OPENPIT_STATUS_OK);
        }
    }
    test("what is no lock is named after its format") {
        static const char *const prefixes[] = {
            "lock json decode failed: ", "lock msgpack decode failed: ", "lock cbor decode failed: "};
        for (openpit_lock_format format = 0; format < format_count; format++) {
            count = 77;
            check_equal(openpit_lock_decode(format, (const uint8_t *)"?", 1, decoded, 8, &count, &error),
                        OPENPIT_STATUS_INVALID_FORMAT);
            check(strncmp(error.message, prefixes[format], strlen(prefixes[format])) == 0);
            check_equal(openpit_lock_decode(format, NULL, 0, decoded, 8, &count, NULL), OPENPIT_STATUS_INVALID_FORMAT);
            check_equal(count, 77);
        }
    }
    test("a lock that was cut anywhere is none") {
        for (openpit_lock_format format = 0; format < format_count; format++) {
            for (size_t cut = 0; cut < wire[format].length; cut++) {
                count = 77;
                check_equal(
                    openpit_lock_decode(format, (const uint8_t *)wire[format].bytes, cut, decoded, 8, &count, &error),
                    OPENPIT_STATUS_INVALID_FORMAT);
                check_equal(count, 77);
            }
        }
    }
    test("a lock with one byte altered is none, or plainly another one") {
        for (openpit_lock_format format = 0; format < format_count; format++) {
            size_t refused = 0, others = 0;
            for (size_t place = 0; place < wire[format].length; place++) {
                for (unsigned change = 1; change < 256; change++) {
                    memcpy(buffer, wire[format].bytes, wire[format].length);
                    buffer[place] ^= (uint8_t)change;
                    openpit_status status =
                        openpit_lock_decode(format, buffer, wire[format].length, decoded, 8, &count, &error);
                    if (status == OPENPIT_STATUS_INVALID_FORMAT) {
                        refused++;
                    } else {
                        check_equal(status, OPENPIT_STATUS_OK);
                        check(count != 3 || memcmp(decoded, ordered, sizeof ordered) != 0);
                        others++;
                    }
                }
            }
            check_equal(refused + others, wire[format].length * 255);
            check(refused > others * 3);
        }
    }
    test("a lock of another version is none") {
        static const struct {
            openpit_lock_format format;
            const char *bytes;
            size_t length;
        } others[] = {
            // A version in front, an object around, a tag, a text instead of an array.
            {OPENPIT_LOCK_JSON, "[2,[\"185\"]]", 11},
            {OPENPIT_LOCK_JSON, "{\"version\":2,\"lock\":[[\"185\"]]}", 30},
            {OPENPIT_LOCK_JSON, "2[[\"185\"]]", 10},
            {OPENPIT_LOCK_JSON, "[[{\"price\":\"185\"}]]", 19},
            {OPENPIT_LOCK_MSGPACK,
             "\x92\x02\x91\xa3"
             "185",
             7},
            {OPENPIT_LOCK_MSGPACK,
             "\x02\x91\x91\xa3"
             "185",
             7},
            {OPENPIT_LOCK_MSGPACK, "\x81\xa1v\x02", 4},
            {OPENPIT_LOCK_CBOR,
             "\x82\x02\x81\x63"
             "185",
             7},
            {OPENPIT_LOCK_CBOR,
             "\xd9\xd9\xf7\x81\x81\x63"
             "185",
             9},
            {OPENPIT_LOCK_CBOR, "\xa1\x61v\x02", 4},
        };
        for (size_t index = 0; index < sizeof others / sizeof *others; index++) {
            check_equal(openpit_lock_decode(others[index].format, (const uint8_t *)others[index].bytes,
                                            others[index].length, decoded, 8, &count, &error),
                        OPENPIT_STATUS_INVALID_FORMAT);
        }
        for (openpit_lock_format format = 0; format < format_count; format++) {
            for (openpit_lock_format other = 0; other < format_count; other++) {
                openpit_status status = openpit_lock_decode(format, (const uint8_t *)wire[other].bytes,
                                                            wire[other].length, decoded, 8, &count, &error);
                check_equal(status, format == other ? OPENPIT_STATUS_OK : OPENPIT_STATUS_INVALID_FORMAT);
            }
        }
    }
    test("lengths that lie cost neither memory nor time") {
        static const uint8_t msgpack[] = {0xDD, 0xFF, 0xFF, 0xFF, 0xFF, 0xDD, 0xFF, 0xFF, 0xFF, 0xFF, 0x01};
        static const uint8_t cbor[] = {0x9B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x81,
                                       0x7B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x31};
        check_equal(openpit_lock_decode(OPENPIT_LOCK_MSGPACK, msgpack, sizeof msgpack, decoded, 8, &count, &error),
                    OPENPIT_STATUS_INVALID_FORMAT);
        check_equal(openpit_lock_decode(OPENPIT_LOCK_CBOR, cbor, sizeof cbor, decoded, 8, &count, &error),
                    OPENPIT_STATUS_INVALID_FORMAT);
    }
    test("a mistake in the call is told from bad data") {
        openpit_lock_entry wrong = entry(0, 1);
        check_equal(openpit_lock_encode(3, entries, 3, buffer, sizeof buffer, &length),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_lock_encode(0, NULL, 1, buffer, sizeof buffer, &length), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_lock_encode(0, entries, SIZE_MAX, buffer, sizeof buffer, &length),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_lock_encode(0, entries, 3, NULL, 64, &length), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_lock_encode(0, entries, 3, buffer, sizeof buffer, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        wrong.price.scale = 29;
        check_equal(openpit_lock_encode(0, &wrong, 1, buffer, sizeof buffer, &length), OPENPIT_STATUS_INVALID_DECIMAL);
        wrong = entry(0, 1), wrong.reserved_word = 1;
        check_equal(openpit_lock_encode(0, &wrong, 1, buffer, sizeof buffer, &length), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_lock_decode(3, buffer, 1, decoded, 8, &count, &error), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_lock_decode(0, NULL, 1, decoded, 8, &count, &error), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_lock_decode(0, buffer, SIZE_MAX, decoded, 8, &count, &error),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_lock_decode(0, (const uint8_t *)"[[1]]", 5, NULL, 8, &count, &error),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_lock_decode(0, (const uint8_t *)"[[1]]", 5, decoded, 8, NULL, &error),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        error.struct_size = 0;
        check_equal(openpit_lock_decode(0, (const uint8_t *)"[]", 2, decoded, 8, &count, &error),
                    OPENPIT_STATUS_STRUCT_SIZE);
    }
    return report();
}
