/*
 * openpit/custom.hpp: policies of your own.
 *
 * What holds for all of them is told in openpit.hpp.
 */
#ifndef OPENPIT_CUSTOM_HPP
#define OPENPIT_CUSTOM_HPP

#include "custom.h"
#include "engine.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace openpit {

// ---- Custom policies ------------------------------------------------------------------------------------------------

namespace detail {

/// Runs a callback: 0 when it returned, 1 when it threw.
template <class Callback> int has_thrown(Callback &callback) noexcept {
    try {
        callback();
        return 0;
    } catch (...) {
        return 1;
    }
}

} // namespace detail

/// What a hook may say and ask. Lives as long as the hook runs.
class Context {
public:
    Context(openpit_context *context, std::string_view policy) noexcept : context_(context), policy_(policy) {}
    Context(const Context &) = delete;
    Context &operator=(const Context &) = delete;

    /// Says no. Checks and adjustment hooks only.
    void reject(const Reject &reject) { detail::require(openpit_context_reject(context_, &reject.raw())); }

    /**
     * Something to do when the order is kept, and something to do when it is undone: exactly one of the two runs, once. One
     * that may throw is taken note of by engines of Compatibility::V0_10 only: they block every account. Main checks and
     * adjustment hooks only, and start checks of a drop copy.
     */
    template <class Commit, class Rollback> void add_mutation(Commit commit, Rollback rollback) {
        static_assert(std::is_invocable_v<Commit &>, "commit must be callable");
        static_assert(std::is_invocable_v<Rollback &>, "rollback must be callable");
        struct Actions {
            Commit commit;
            Rollback rollback;
        };
        auto actions = std::make_unique<Actions>(Actions{std::move(commit), std::move(rollback)});
        auto mutation = detail::sized<openpit_mutation>();
        mutation.user_data = actions.get();
        mutation.commit = [](void *user_data) { return detail::has_thrown(static_cast<Actions *>(user_data)->commit); };
        mutation.rollback = [](void *user_data) {
            return detail::has_thrown(static_cast<Actions *>(user_data)->rollback);
        };
        mutation.release = [](void *user_data) { delete static_cast<Actions *>(user_data); };
        detail::require(openpit_context_add_mutation(context_, &mutation));
        static_cast<void>(actions.release());
    }

    /// Adds a lock price under the policy's group. Main checks only.
    void add_lock_price(const Price &price) { detail::require(openpit_context_add_lock_price(context_, price.raw())); }
    /// Publishes what happened to an asset. Not in start checks.
    void add_outcome(const Outcome &outcome) { detail::require(openpit_context_add_outcome(context_, &outcome.raw())); }
    /// Report hooks only.
    void add_account_pnl(const AccountPnl &pnl) {
        detail::require(openpit_context_add_account_pnl(context_, &pnl.raw()));
    }
    /// Asks for a block, to be recorded when the call is done. Report and adjustment hooks only.
    /// Names this policy unless the block names one.
    void add_block(const Reject &block) {
        const Reject named_block = named(block);
        detail::require(openpit_context_add_block(context_, &named_block.raw()));
    }
    /// Blocks the account of this call at once and for good, whatever becomes of the call. Does nothing in a dry run.
    /// Names this policy unless the cause names one.
    void block_account(const Reject &cause) {
        const Reject named_cause = named(cause);
        detail::require(openpit_context_block_account(context_, &named_cause.raw()));
    }

    /// The account of this call, if it has one.
    std::optional<AccountId> account() const {
        openpit_account_id account = 0;
        const openpit_status status = openpit_context_account(context_, &account);
        if (status == OPENPIT_STATUS_NOT_FOUND) return std::nullopt;
        detail::require(status);
        return AccountId(account);
    }
    /// The account's group as it was when the call, or the request, first asked.
    AccountGroupId account_group() const {
        openpit_account_group_id group = 0;
        detail::require(openpit_context_account_group(context_, &group));
        return AccountGroupId(group);
    }
    bool is_dry_run() const noexcept { return openpit_context_is_dry_run(context_) != 0; }
    /// The engine that is calling. A hook may use it.
    Engine engine() const {
        openpit_engine *engine = openpit_context_engine(context_);
        detail::require(openpit_engine_retain(engine));
        return Engine(engine);
    }

private:
    Reject named(Reject reject) const noexcept { return reject.policy().empty() ? reject.policy(policy_) : reject; }

    openpit_context *context_;
    std::string_view policy_;
};

/**
 * A control of your own: derive, override the hooks you need, and add it to a builder.
 *
 * A hook that throws has failed, and so has one whose Context throws, though it catches that. A failed check rejects the order
 * with RejectCode::SystemUnavailable; a failed adjustment hook undoes its batch, whose call throws Error with
 * Status::CallbackFailed; a failed report hook makes its call throw with Status::DoneCallbackFailed when the report has been
 * applied: a Result that was passed is written, and the report must not be sent again. No lock is held while a hook runs, so
 * it may call the engine. An engine used by several threads calls its policies from these threads. Cancelling a thread in
 * a hook, or ending it there, ends the process.
 */
class Policy {
public:
    /// `name` has to be unique in an engine.
    explicit Policy(std::string name, PolicyGroupId policy_group = 0)
        : name_(std::move(name)), policy_group_(policy_group) {}
    Policy(const Policy &) = delete;
    Policy &operator=(const Policy &) = delete;
    virtual ~Policy() = default;

    const std::string &name() const & noexcept { return name_; }
    const std::string &name() const && = delete;
    PolicyGroupId policy_group() const noexcept { return policy_group_; }

    /// Start stage. May reject.
    virtual void check_pre_trade_start(Context &, const Order &) {}
    /// Main stage. May reject, register mutations, publish outcomes and lock prices.
    virtual void perform_pre_trade_check(Context &, const Order &) {}
    /// May ask for blocks and publish outcomes and account P&Ls.
    virtual void apply_execution_report(Context &, const ExecutionReport &) {}
    /// May reject, register mutations, ask for blocks and publish outcomes.
    virtual void apply_account_adjustment(Context &, AccountId, const Adjustment &) {}
    /// The checks in a dry run. Override them when the ordinary ones change something of their own.
    virtual void check_pre_trade_start_dry_run(Context &context, const Order &order) {
        check_pre_trade_start(context, order);
    }
    virtual void perform_pre_trade_check_dry_run(Context &context, const Order &order) {
        perform_pre_trade_check(context, order);
    }
    /// Called with what a hook threw, before the hook counts as failed: the place to log it.
    virtual void hook_failed(std::exception_ptr) noexcept {}

private:
    std::string name_;
    PolicyGroupId policy_group_;
};

namespace detail {

/// The way from the C table of functions to the virtual ones. Exceptions end here.
class PolicyTable {
public:
    static openpit_policy make(std::shared_ptr<Policy> *holder) noexcept {
        auto table = sized<openpit_policy>();
        table.policy_group = (*holder)->policy_group();
        table.name = text((*holder)->name());
        table.user_data = holder;
        table.check_pre_trade_start = check<&Policy::check_pre_trade_start>;
        table.perform_pre_trade_check = check<&Policy::perform_pre_trade_check>;
        table.check_pre_trade_start_dry_run = check<&Policy::check_pre_trade_start_dry_run>;
        table.perform_pre_trade_check_dry_run = check<&Policy::perform_pre_trade_check_dry_run>;
        table.apply_execution_report = [](void *holder_data, openpit_context *context, const openpit_report *report) {
            return call(holder_data, context, [&](Policy &policy, Context &hook_context) {
                policy.apply_execution_report(hook_context, ExecutionReport(*report));
            });
        };
        table.apply_account_adjustment = [](void *holder_data, openpit_context *context, openpit_account_id account,
                                            const openpit_adjustment *adjustment) {
            return call(holder_data, context, [&](Policy &policy, Context &hook_context) {
                policy.apply_account_adjustment(hook_context, AccountId(account), Adjustment(*adjustment));
            });
        };
        table.destroy = [](void *holder_data) { delete static_cast<std::shared_ptr<Policy> *>(holder_data); };
        return table;
    }

private:
    template <void (Policy::*Hook)(Context &, const Order &)>
    static int check(void *holder_data, openpit_context *context, const openpit_order *order) noexcept {
        return call(holder_data, context,
                    [&](Policy &policy, Context &hook_context) { (policy.*Hook)(hook_context, Order(*order)); });
    }

    template <class Hook> static int call(void *holder_data, openpit_context *context, Hook hook) noexcept {
        Policy &policy = **static_cast<std::shared_ptr<Policy> *>(holder_data);
        try {
            Context hook_context(context, policy.name());
            hook(policy, hook_context);
            return 0;
        } catch (...) {
            policy.hook_failed(std::current_exception());
            return 1;
        }
    }
};

} // namespace detail

inline EngineBuilder &EngineBuilder::add(std::shared_ptr<Policy> policy) {
    if (policy == nullptr) throw Error(Status::NullArgument);
    auto holder = std::make_unique<std::shared_ptr<Policy>>(std::move(policy));
    const openpit_policy table = detail::PolicyTable::make(holder.get());
    detail::require(openpit_engine_builder_add_policy(raw(), &table));
    static_cast<void>(holder.release());
    return *this;
}

} // namespace openpit

#endif
