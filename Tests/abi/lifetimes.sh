#!/usr/bin/env bash
# What openpit.hpp lends is lent by owners that have a name: to ask a temporary for it does not compile.
source "$(dirname "$0")/check.bash"

# The compiler is slow and reports every fault of a file, so the statements go into two files, a line each.
allowed=()
refused=()

# lends SENTENCE OWNER VIEW: the view can be had of the owner with a name, and cannot be had of the temporary.
lends() {
    allowed+=("{ auto &&owner = $2; auto &&view = owner$3; static_cast<void>(view); }")
    refused+=("$1 cannot be asked of a temporary@auto &&view = $2$3;")
}

# program STATEMENT...: a function that has one of everything at hand, with a statement in each line from the first on.
program() {
    echo '#include <openpit.hpp>'
    echo 'using namespace openpit;'
    echo 'void function([[maybe_unused]] Engine &engine, [[maybe_unused]] EngineBuilder &builder,'
    echo '[[maybe_unused]] MarketData &market, [[maybe_unused]] Request &request, [[maybe_unused]] const Order &order,'
    echo '[[maybe_unused]] const ExecutionReport &report, [[maybe_unused]] AccountId account,'
    echo '[[maybe_unused]] InstrumentId instrument, [[maybe_unused]] Asset asset, [[maybe_unused]] Context &context,'
    echo '[[maybe_unused]] Venue &venue, [[maybe_unused]] const BookMessage &message) {'
    echo '#line 1'
    printf '%s\n' "$@"
    echo '}'
}

compile() { "${CXX:-c++}" -std=c++17 -Iinclude -Wall -Wextra -fmax-errors=0 -fsyntax-only "$1"; }

# is_refused LINE: something in this line is deleted, and nothing else is wrong with it.
is_refused() {
    grep -E "^$scratch/refused.cpp:$1:.*error:" "$scratch/log" >"$scratch/faults"
    cat "$scratch/faults"
    grep -q 'deleted' "$scratch/faults" && ! grep -vq 'deleted' "$scratch/faults"
}

lends "the rejects of a decision" 'engine.execute_pre_trade(order)' '.rejects()'
lends "the result of a decision" 'engine.execute_pre_trade(order)' '.result()'
lends "the reservation of a decision" 'engine.execute_pre_trade(order)' '.operator*()'
lends "a member of what a decision grants" 'engine.execute_pre_trade(order)' '.operator->()'
lends "the rejects of a decision about a start" 'engine.start_pre_trade(order)' '.rejects()'
lends "the rejects of a request that is executed" 'request.execute()' '.rejects()'
lends "the rejects of a dry run" 'engine.execute_pre_trade_dry_run(order)' '.rejects()'
lends "the result of a dry run" 'engine.start_pre_trade_dry_run(order)' '.result()'
lends "the rejects of a batch" 'engine.apply_account_adjustment(account, {})' '.rejects()'
lends "the result of a batch" 'engine.apply_account_adjustment(account, {})' '.result()'
lends "the blocks of a report" 'engine.apply_execution_report(report)' '.blocks()'
lends "the outcomes of a report" 'engine.apply_execution_report(report)' '.outcomes()'
lends "the account P&Ls of a report" 'engine.apply_execution_report(report)' '.account_pnls()'
lends "the rejects of a result" 'Result()' '.rejects()'
lends "the blocks that barriers led to" 'engine.configure(SpotFundsBarriers())' '.blocks()'
lends "the block that a P&L led to" 'engine.set_spot_funds_account_pnl(account, Pnl(0))' '.blocks()'
lends "the accounts of an engine" 'builder.build()' '.accounts()'
lends "the accounts of the engine of a hook" 'context.engine()' '.accounts()'
lends "the quote of an answer" 'market.get(instrument, account)' '.operator*()'
lends "a price of the quote of an answer" 'market.get(instrument, account)' '.operator->()'
lends "the first report of a message" 'venue.apply(message)' '.begin()'
lends "the end of the reports of a message" 'venue.apply(message)' '.end()'
lends "a report of a message" 'venue.apply(message)' '[0]'

for owner in 'EngineBuilder()' 'builder.build()' 'Clock()' 'MarketData()' 'ReferenceBook()' 'Result()' 'Venue()'; do
    lends "the handle of ${owner%()}" "$owner" '.raw()'
done
for value in 'Order()' 'ExecutionReport()' 'Adjustment()' 'Outcome(asset)' 'AccountPnl(account, HaltReason::MissingFx)' 'Quote()' \
    'Reject(RejectCode::Other, RejectScope::Order, "", "")' 'TtlScope(account)' 'QuoteReader(account)' 'Lock()' \
    'SpotFundsSettings()' 'SpotFundsBarriers()' 'BookOptions()' 'BookMessage::halt(BookId(0))' \
    'BookReport(openpit_book_report())' 'BookLevel(openpit_book_level())' 'BookOrder(openpit_book_order())' \
    'BookSummary(openpit_book_summary())'; do
    lends "the struct of ${value%%(*}" "$value" '.raw()'
done
lends "the name of a policy" 'Policy("name")' '.name()'
for barriers in 'RateLimit()' 'OrderSizeLimit()' 'PnlKillSwitch()'; do
    lends "the barriers of ${barriers%()}" "$barriers" '.barriers()'
done

refused+=("rejects cannot be looked through when their decision is gone@for (const Reject &reject : engine.execute_pre_trade(order).rejects()) static_cast<void>(reject);")
refused+=("a lock cannot be lent to a report by a temporary@ExecutionReport().lock(Lock());")

program "${allowed[@]}" >"$scratch/allowed.cpp"
holds "what owners lend can be asked of those with a name" compile "$scratch/allowed.cpp"

statements=()
for entry in "${refused[@]}"; do statements+=("{ ${entry#*@} }"); done
program "${statements[@]}" >"$scratch/refused.cpp"
compile "$scratch/refused.cpp" 2>"$scratch/log"
for index in "${!refused[@]}"; do holds "${refused[index]%@*}" is_refused "$((index + 1))"; done
report
