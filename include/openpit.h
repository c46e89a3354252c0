/*
 * openpit.h: the C interface of OpenPit, an embeddable pre-trade risk engine.
 *
 * An order passes the engine before it reaches a venue. Cheap start-stage checks come first; an order that passes them
 * becomes a request. Executing the request runs the main-stage checks, which may reserve. Either somebody rejects, and
 * everything done so far is undone in reverse order, or the caller holds a reservation and finalises it exactly once:
 * commit when the venue took the order, roll back when it did not. Execution reports feed results back, and a control
 * that has seen enough blocks the account.
 *
 * Ten lines that work:
 *
 *     openpit_engine_builder *builder;
 *     openpit_engine *engine;
 *     openpit_reservation reservation;
 *     openpit_order order = {.struct_size = sizeof order};
 *     openpit_engine_builder_create(NULL, &builder);
 *     openpit_engine_builder_add_order_validation(builder, 0);
 *     openpit_engine_builder_build(builder, &engine, NULL);
 *     order.amount = openpit_decimal_from_int64(10), order.amount_kind = OPENPIT_AMOUNT_QUANTITY;
 *     if (openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation) == OPENPIT_STATUS_OK && reservation != 0)
 *         openpit_engine_commit(engine, reservation);
 *
 * Files
 * -----
 * This one includes them all; each stands alone.
 *
 * openpit/base.h      what all others stand on: version, statuses and errors, threads, clock
 * openpit/numbers.h   exact decimal numbers, their arithmetic, and the formulas between kinds
 * openpit/names.h     assets, accounts, groups, and the words that orders and reports are made of
 * openpit/records.h   orders, execution reports and account adjustments
 * openpit/results.h   what a call has to say: rejects, blocks, outcomes, account P&Ls, lock prices
 * openpit/engine.h    how an engine is made, and the way of an order through it
 * openpit/ledger.h    what an engine knows of accounts: groups, blocks, currencies, and what they hold
 * openpit/market.h    quotes and how old they may become, and what is known about instruments for good
 * openpit/controls.h  the built-in policies, and how they are configured
 * openpit/limits.h    limits: what they bound, how they are added, what they know, and why an order passes or not
 * openpit/rules.h     what is no metric: calendars, sessions, permissions and required limits
 * openpit/states.h    what may be traded: states set and released, intents, sessions, locates and overrides
 * openpit/portfolio.h  a portfolio that somebody states, and limits that judge orders by it, without an engine
 * openpit/custom.h    policies of your own
 * openpit/wire.h      lock prices as bytes, for the way to a venue and back
 * openpit/book.h      order books, for the rehearsal of strategies
 * openpit/simulation.h  matching in exact decimals, and simulations of an account
 * openpit/gates.h     the gates of a risk service, and all they remember
 * openpit/trading.h   the life of orders, desks that hold them, and paper brokers
 *
 * Conventions
 * -----------
 * Results.    A function that can fail returns an openpit_status; its outputs are written only on OPENPIT_STATUS_OK, and
 *             where callbacks can fail on the two statuses that say so. A business reject is not a failure: the call is OK
 *             and the reservation (or request) it wrote is 0.
 * Callbacks.  A callback that fails is told by one of two statuses: OPENPIT_STATUS_CALLBACK_FAILED, the call came to nothing
 *             and may be made again; OPENPIT_STATUS_DONE_CALLBACK_FAILED, it was carried out and must not be. Functions that
 *             can answer either say so; no other can.
 * Errors.     Where more can be said than the status itself, the last parameter takes an optional openpit_error of the
 *             caller. There is no hidden per-thread state and no text to free.
 * Structs.    Set struct_size to sizeof the struct and clear the rest; reserved fields stay zero.
 * Versions.   A program and a library of one OPENPIT_ABI_VERSION work together, whichever is older. A struct that begins with
 *             struct_size may have new fields at its end in a later version, where zero means what was so before; any
 *             other struct stays as it is. What one side does not know is zero to the other: a field that the library
 *             does not know must be zero, else OPENPIT_STATUS_UNKNOWN_FIELD, and is zero in what it fills; a field that
 *             the program does not know is left out. struct_size itself stays as the program set it. The items of an array
 *             lie struct_size apart, and all have the same. What a hook is shown is as large as its struct_size says.
 * Ownership.  OPENPIT_OWN marks what the caller must end with the function named there. Everything else that is
 *             returned is borrowed, and its description says for how long. Every *_destroy takes NULL.
 * Text.       UTF-8 with a length and without a terminator; a pointer may be NULL when its length is 0.
 * Threads.    Chosen when an engine is made, see openpit_sync_mode. Functions that take no handle are safe from any thread.
 * Bad input.  NULL, a foreign number, an unknown code, a stale id: each is answered with a status. Nothing traps, nothing
 *             is changed, nothing is lost.
 * Undefined.  A pointer that leads to no memory, or to less than its type; a handle that was destroyed; overlapping calls that
 *             the threads of the handle forbid; a hook that is left other than by returning. Of these the library tells
 *             what it can tell at no cost: a handle that was destroyed, or is one of another kind, answers
 *             OPENPIT_STATUS_DESTROYED, counts nothing, and is not destroyed again, as long as its memory has not been used
 *             for something else. Do not build on it. A clock and market data that an engine keeps are told from the caller's
 *             handle, which is always found out.
 *
 * What these files do not mention is private.
 */
#ifndef OPENPIT_H
#define OPENPIT_H

#include "openpit/base.h"
#include "openpit/book.h"
#include "openpit/controls.h"
#include "openpit/custom.h"
#include "openpit/engine.h"
#include "openpit/gates.h"
#include "openpit/ledger.h"
#include "openpit/limits.h"
#include "openpit/market.h"
#include "openpit/names.h"
#include "openpit/numbers.h"
#include "openpit/portfolio.h"
#include "openpit/records.h"
#include "openpit/results.h"
#include "openpit/rules.h"
#include "openpit/simulation.h"
#include "openpit/states.h"
#include "openpit/trading.h"
#include "openpit/wire.h"

#endif
