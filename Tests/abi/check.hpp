// What the C++ programs in this directory add to check.h.
#ifndef OPENPIT_TEST_CHECK_HPP
#define OPENPIT_TEST_CHECK_HPP

#include <openpit.hpp>

#include <sstream>
#include <string>

#include "check.h"

/// What `value` prints.
template <class Value> std::string printed(const Value &value) {
    std::ostringstream stream;
    stream << value;
    return stream.str();
}

/// What a call returned, under a name: for views that are done with at the end of the statement.
template <class Value> Value &named(Value &&value) { return value; }

/// The status of the Error that `call` throws, or Ok.
template <class Call> openpit::Status thrown(Call call) {
    try {
        call();
        return openpit::Status::Ok;
    } catch (const openpit::Error &error) {
        return error.status();
    }
}

/// States what a value prints.
#define check_prints(value, expected) check_text(printed(value).c_str(), expected)

/// States that an expression throws an Error with this status.
#define check_throws(expression, expected)                                                                             \
    check_equal(thrown([&] { static_cast<void>(expression); }), openpit::Status::expected)

#endif
