/*
 * openpit/rules.hpp: what is no metric and refuses orders all the same.
 *
 * What holds for all of them is told in openpit.hpp. Calendars, sessions and permissions are told through openpit/rules.h.
 */
#ifndef OPENPIT_RULES_HPP
#define OPENPIT_RULES_HPP

#include "limits.hpp"
#include "rules.h"

namespace openpit {

/// Refuses every order that no limit of this metric matches.
inline void require_limit(const EngineBuilder &builder, Metric metric) {
    detail::require(openpit_engine_builder_require(builder.raw(), static_cast<openpit_metric>(metric), 0));
}

} // namespace openpit

#endif
