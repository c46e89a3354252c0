#include "check.hpp"

using namespace openpit;
using namespace std::chrono_literals;

int main() {
    test("a clock starts at zero and goes where it is driven") {
        Clock clock;
        check(clock.now() == 0ns);
        clock.advance(1500ms);
        check(clock.now() == 1'500'000'000ns);
        clock.set(2s);
        check(clock.now() == 2s);
    }
    test("time does not go backwards") {
        Clock clock;
        clock.set(2s);
        check_throws(clock.set(1s), InvalidArgument);
        check_throws(clock.set(-1s), InvalidArgument);
        check_throws(clock.advance(-1ns), InvalidArgument);
        check(clock.now() == 2s);
    }
    return report();
}
