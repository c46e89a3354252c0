/*
 * openpit.hpp: the C++17 face of openpit.h. Header only; link with libopenpit.
 *
 *     using namespace openpit;
 *     const Instrument aapl("AAPL", "USD");
 *     Engine engine = EngineBuilder()
 *                         .add(OrderValidation())
 *                         .add(OrderSizeLimit().broker({Quantity(500), Volume(100'000)}))
 *                         .build();
 *     Order order = Order().account(AccountId(7)).instrument(aapl).side(Side::Buy).quantity(Quantity(10)).price(Price("185.50"));
 *     if (auto decision = engine.execute_pre_trade(order))
 *         decision->commit(); // the venue took it; without this the reservation is rolled back
 *     else
 *         for (const Reject &reject : decision.rejects()) std::cerr << reject << '\n';
 *
 * Everything here is an owner, a value, or the one exception.
 *
 * Owners   Engine, EngineBuilder, Reservation, Request, Result, Clock, MarketData, ReferenceBook and Venue end in their
 *          destructor what openpit.h hands out.
 *          They move and do not copy. An open Reservation rolls back, an unused Request is dropped.
 * Values   Numbers, names, ids, orders and reports are the C structs with types and operators around them, nothing more:
 *          sizeof(Order) == sizeof(openpit_order).
 * Views    rejects(), accounts(), raw() and the like lend what their owner keeps, so they are for owners that have a name: of
 *          a temporary they do not compile. What was moved from lends nothing: it throws wherever it is taken.
 * Error    A mistake (a malformed number, a barrier without a window, an engine without policies) throws Error. A business
 *          reject is not a mistake: it comes back as a value.
 *
 * Threads are those of openpit.h: an Engine and a MarketData as their SyncMode says, a ReferenceBook any, every other owner
 * one thread at a time. Calls that take a Result or BookReports reuse its memory; use these where an allocation would hurt.
 * The meaning of each check is told in openpit.h.
 *
 * Files: this one includes them all; each stands alone.
 *
 * openpit/base.hpp      what all others stand on: version, statuses and the one exception, threads, clock
 * openpit/numbers.hpp   exact decimal numbers, their arithmetic, and the formulas between kinds
 * openpit/names.hpp     assets, accounts, groups, and the words that orders and reports are made of
 * openpit/wire.hpp      lock prices, and how they become bytes
 * openpit/records.hpp   orders, execution reports and account adjustments
 * openpit/results.hpp   what a call has to say: rejects, blocks, outcomes, account P&Ls, lock prices
 * openpit/ledger.hpp    what an engine knows of accounts: groups, blocks, currencies, and what they hold
 * openpit/market.hpp    quotes and how old they may become, and what is known about instruments for good
 * openpit/controls.hpp  the built-in policies, and how they are configured
 * openpit/limits.hpp    limits: what they bound, how they are added, and why an order passes or not
 * openpit/rules.hpp     what is no metric and refuses orders all the same
 * openpit/states.hpp    what may be traded: states that are set, met and released
 * openpit/portfolio.hpp  a portfolio that somebody states, and limits that judge orders by it
 * openpit/engine.hpp    how an engine is made, and the way of an order through it
 * openpit/custom.hpp    policies of your own
 * openpit/book.hpp      order books, for the rehearsal of strategies
 * openpit/simulation.hpp  matching in exact decimals, and simulations of an account
 * openpit/gates.hpp     the gates of a risk service
 * openpit/trading.hpp   the life of orders, desks that hold them, and paper brokers
 */
#ifndef OPENPIT_HPP
#define OPENPIT_HPP

#include "openpit/base.hpp"
#include "openpit/book.hpp"
#include "openpit/controls.hpp"
#include "openpit/custom.hpp"
#include "openpit/engine.hpp"
#include "openpit/gates.hpp"
#include "openpit/ledger.hpp"
#include "openpit/limits.hpp"
#include "openpit/market.hpp"
#include "openpit/names.hpp"
#include "openpit/numbers.hpp"
#include "openpit/portfolio.hpp"
#include "openpit/records.hpp"
#include "openpit/results.hpp"
#include "openpit/rules.hpp"
#include "openpit/simulation.hpp"
#include "openpit/states.hpp"
#include "openpit/trading.hpp"
#include "openpit/wire.hpp"

#endif
