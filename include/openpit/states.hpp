/*
 * openpit/states.hpp: what may be traded: states of keys, and how they end.
 *
 * What holds for all of them is told in openpit.hpp. A key is a Scope each of whose keys has a value; without any it is the firm.
 * Intents, locates and overrides are told through openpit/states.h.
 */
#ifndef OPENPIT_STATES_HPP
#define OPENPIT_STATES_HPP

#include "limits.hpp"
#include "states.h"

#include <optional>

namespace openpit {

/// What a release came to.
struct Release {
    TradingState was;
    TradingState now;
    bool is_refused; ///< a limit asks for a role that was not named, and nothing was changed
};

/// Sets the state of a key by hand: reducing or halted.
inline void set_state(const Engine &engine, const Scope &key, TradingState state) {
    detail::require(openpit_engine_set_state(engine.raw(), &key.raw(), static_cast<openpit_trading_state>(state)));
}

/// The most severe state that every order with these values meets.
inline TradingState state_of(const Engine &engine, const Scope &key) {
    openpit_trading_state state = 0;
    detail::require(openpit_engine_read_state(engine.raw(), &key.raw(), &state));
    return static_cast<TradingState>(state);
}

/// Ends the states of exactly this key; `role` is what a limit may ask for.
inline Release release(const Engine &engine, const Scope &key, std::optional<Name> role = std::nullopt) {
    auto answer = detail::sized<openpit_release_answer>();
    detail::require(
        openpit_engine_release(engine.raw(), &key.raw(), role ? role->raw() : 0, 0, &answer, nullptr, nullptr));
    return {static_cast<TradingState>(answer.was), static_cast<TradingState>(answer.now), answer.is_refused != 0};
}

/// What a person may set to where it is: the highest equity, or what a period began with.
enum class RebasedPart : uint8_t {
    Peak = OPENPIT_REBASED_PEAK,
    Day = OPENPIT_REBASED_DAY,
    Week = OPENPIT_REBASED_WEEK,
    Month = OPENPIT_REBASED_MONTH
};

/// Sets a baseline of an account, in every limit that is about it, to its present value.
inline void rebase(const Engine &engine, AccountId account, RebasedPart part) {
    detail::require(openpit_engine_rebase(engine.raw(), account.raw(), static_cast<openpit_rebased_part>(part)));
}

/// Hears of a session.
inline void heartbeat(const Engine &engine, Name session) {
    detail::require(openpit_engine_heartbeat(engine.raw(), session.raw()));
}

/// Takes notice of what time has brought, as every other call does.
inline void tick(const Engine &engine) { detail::require(openpit_engine_tick(engine.raw())); }

} // namespace openpit

#endif
