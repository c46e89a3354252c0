/*
 * openpit/gates.hpp: the gates of a risk service.
 *
 *     Gates gates(GatesOptions().keys_max(1000).window(std::chrono::hours(24)));
 *     const std::uint32_t fund = gates.add_fund();
 *     gates.register_fund(fund, 1);
 *     const openpit_gates_verdict verdict = gates.check(order, now);
 *     // verdict.code says why not; gates.settle(verdict.handle, OPENPIT_GATES_ANSWERED) once it was written down.
 *
 * What they decide is told in gates.h, what holds for all of these files in openpit.hpp.
 */
#ifndef OPENPIT_GATES_HPP
#define OPENPIT_GATES_HPP

#include "base.hpp"
#include "gates.h"
#include "numbers.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace openpit {

/// How gates are made. Without a window and room for keys no order passes.
class GatesOptions {
public:
    GatesOptions &mark_age(std::chrono::nanoseconds age) noexcept { return raw_.mark_age = age.count(), *this; }
    GatesOptions &nav_age(std::chrono::nanoseconds age) noexcept { return raw_.nav_age = age.count(), *this; }
    GatesOptions &borrow_age(std::chrono::nanoseconds age) noexcept { return raw_.borrow_age = age.count(), *this; }
    GatesOptions &window(std::chrono::nanoseconds window) noexcept { return raw_.window = window.count(), *this; }
    GatesOptions &keys_max(std::uint64_t count) noexcept { return raw_.keys_max = count, *this; }

    /// Everything else there is to say.
    openpit_gates_options &raw() & noexcept { return raw_; }
    const openpit_gates_options &raw() const & noexcept { return raw_; }
    const openpit_gates_options &raw() const && = delete;

private:
    openpit_gates_options raw_ = detail::sized<openpit_gates_options>();
};

/// The gates, and all they remember. One thread at a time.
class Gates {
public:
    explicit Gates(const GatesOptions &options) {
        openpit_gates *gates = nullptr;
        detail::require(openpit_gates_create(&options.raw(), &gates));
        handle_ = detail::Owned<openpit_gates, openpit_gates_destroy>(gates);
    }

    std::uint32_t add_fund() {
        std::uint32_t number = 0;
        detail::require(openpit_gates_add_fund(raw(), &number));
        return number;
    }
    std::uint32_t add_strategy(std::uint32_t fund) {
        std::uint32_t number = 0;
        detail::require(openpit_gates_add_strategy(raw(), fund, &number));
        return number;
    }
    std::uint32_t add_instrument() {
        std::uint32_t number = 0;
        detail::require(openpit_gates_add_instrument(raw(), &number));
        return number;
    }
    void register_fund(std::uint32_t fund, std::uint32_t currency) {
        detail::require(openpit_gates_register_fund(raw(), fund, currency));
    }
    void register_instrument(std::uint32_t instrument, const openpit_gates_terms &terms) {
        detail::require(openpit_gates_register_instrument(raw(), instrument, &terms));
    }
    void set_limits(std::uint32_t book, const openpit_gates_limits &limits) {
        detail::require(openpit_gates_set_limits(raw(), book, &limits));
    }
    void quote(std::uint32_t instrument, const Price &last, std::int64_t time) {
        detail::require(openpit_gates_quote(raw(), instrument, last.raw(), time));
    }
    void note_value(std::uint32_t book, const Pnl &nav, std::int64_t now, const std::int64_t (&starts)[3]) {
        detail::require(openpit_gates_note_value(raw(), book, nav.raw(), now, starts));
    }

    /// Judges an order, and lets it be open when nobody refuses it.
    openpit_gates_verdict check(const openpit_gates_order &order, std::int64_t now) {
        auto verdict = detail::sized<openpit_gates_verdict>();
        detail::require(openpit_gates_check(raw(), &order, now, &verdict));
        return verdict;
    }
    /// What became of it.
    void settle(std::uint64_t handle, openpit_gates_settlement settlement) {
        detail::require(openpit_gates_settle(raw(), handle, settlement));
    }
    /// False for an order that is not open.
    bool close(std::string_view id) {
        std::uint64_t number = 0;
        const openpit_status status = openpit_gates_close(raw(), detail::text(id), &number);
        if (status == OPENPIT_STATUS_NOT_FOUND) return false;
        detail::require(status);
        return true;
    }
    openpit_gates_fill_outcome book(const openpit_gates_fill &fill, std::int64_t now) {
        auto outcome = detail::sized<openpit_gates_fill_outcome>();
        detail::require(openpit_gates_book_fill(raw(), &fill, now, &outcome));
        return outcome;
    }
    openpit_gates_position position(std::uint32_t book, std::uint32_t instrument) const {
        openpit_gates_position position{};
        detail::require(openpit_gates_position_of(raw(), book, instrument, &position));
        return position;
    }
    /// The number of the halt; 0: one like it stands.
    std::uint64_t halt(std::uint32_t book, openpit_gates_severity severity, std::int64_t now) {
        std::uint64_t number = 0;
        detail::require(openpit_gates_halt(raw(), book, severity, now, &number));
        return number;
    }
    /// The bits of what is lifted. Throws where nothing is, or a loss still stands.
    std::uint8_t resume(std::uint32_t book, openpit_gates_severity severity = OPENPIT_GATES_ALL_SEVERITIES,
                        std::uint32_t flags = 0) {
        std::uint8_t lifted = 0;
        detail::require(openpit_gates_resume(raw(), book, severity, flags, &lifted));
        return lifted;
    }
    /// Halts that nobody has taken.
    std::vector<openpit_gates_raised_halt> take_halts() {
        std::vector<openpit_gates_raised_halt> halts;
        auto halt = detail::sized<openpit_gates_raised_halt>();
        while (openpit_gates_take_halt(raw(), &halt) == OPENPIT_STATUS_OK) halts.push_back(halt);
        return halts;
    }
    /// Changes of stops that nobody has taken.
    std::vector<openpit_gates_stop> take_stops() {
        std::vector<openpit_gates_stop> stops;
        auto stop = detail::sized<openpit_gates_stop>();
        while (openpit_gates_take_stop(raw(), &stop) == OPENPIT_STATUS_OK) stops.push_back(stop);
        return stops;
    }

    openpit_gates *raw() const & { return handle_.get(); }
    openpit_gates *raw() const && = delete;

private:
    detail::Owned<openpit_gates, openpit_gates_destroy> handle_;
};

} // namespace openpit

#endif
