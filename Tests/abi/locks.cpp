#include "check.hpp"

using namespace openpit;

int main() {
    test("a lock goes over the wire in each format") {
        const Lock lock{{0, Price("185.50")}, {0, Price(-1)}, {7, Price(3)}};
        for (const LockFormat format : {LockFormat::Json, LockFormat::Msgpack, LockFormat::Cbor}) {
            check(Lock::decode(format, lock.encode(format)) == lock);
            check(Lock::decode(format, Lock().encode(format)) == Lock());
        }
        const Lock one{{0, Price(1)}};
        check(one.encode(LockFormat::Json) != one.encode(LockFormat::Cbor));
        check(one.encode(LockFormat::Msgpack) != one.encode(LockFormat::Cbor));
        check_equal(one.encode(LockFormat::Json)[0], '[');
    }
    test("what is no lock is refused") {
        check_throws(Lock::decode(LockFormat::Json, "[[1]"), InvalidFormat);
        check_throws(Lock::decode(LockFormat::Cbor, ""), InvalidFormat);
    }
    return report();
}
