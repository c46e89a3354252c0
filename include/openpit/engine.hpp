/*
 * openpit/engine.hpp: how an engine is made, and the way of an order through it.
 *
 * What holds for all of them is told in openpit.hpp.
 */
#ifndef OPENPIT_ENGINE_HPP
#define OPENPIT_ENGINE_HPP

#include "controls.hpp"
#include "engine.h"
#include "ledger.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace openpit {

// ---- Requests and reservations --------------------------------------------------------------------------------------

/**
 * What an accepted order holds, until it is committed or rolled back, once. Destroyed while open, it rolls back.
 *
 * True while open. A reservation may outlive its engine.
 */
class [[nodiscard]] Reservation {
public:
    /// None, as for a rejected order.
    Reservation() noexcept = default;
    /// Takes over what a call gave out; an id of 0 is none.
    Reservation(openpit_engine *engine, openpit_reservation id) noexcept
        : engine_(id == 0 ? nullptr : engine), id_(id), order_id_(id) {}
    Reservation(Reservation &&other) noexcept
        : engine_(std::exchange(other.engine_, nullptr)), id_(std::exchange(other.id_, 0)),
          order_id_(std::exchange(other.order_id_, 0)) {}
    Reservation &operator=(Reservation &&other) noexcept {
        Reservation taken(std::move(other));
        std::swap(engine_, taken.engine_);
        std::swap(id_, taken.id_);
        std::swap(order_id_, taken.order_id_);
        return *this;
    }
    ~Reservation() {
        if (id_ != 0) openpit_engine_drop_reservation(engine_, id_);
    }

    explicit operator bool() const noexcept { return id_ != 0; }

    /// The engine's number of the order, by which reports name it; it stays when this is finalised. 0 for none.
    std::uint64_t order_id() const noexcept { return order_id_; }

    /// Keeps what was reserved: the venue took the order. Throws when this is not open.
    void commit() { detail::require(openpit_engine_commit(engine_, take())); }
    /// Gives back what was reserved: the venue did not take the order. Throws when this is not open.
    void rollback() { detail::require(openpit_engine_rollback(engine_, take())); }

    /// Reads the lock prices and outcomes. Throws when this is not open.
    void read(Result &result) const {
        detail::require(openpit_engine_read_reservation(engine_, open_id(), result.raw()));
    }

private:
    openpit_reservation open_id() const {
        if (id_ == 0) throw Error(engine_ == nullptr ? Status::NotFound : Status::AlreadyFinalized);
        return id_;
    }
    openpit_reservation take() {
        open_id();
        return std::exchange(id_, 0);
    }

    openpit_engine *engine_ = nullptr;
    openpit_reservation id_ = 0;
    std::uint64_t order_id_ = 0;
};

/// A yes or no. On yes it holds what was granted, on no the rejects say why.
template <class Granted> class [[nodiscard]] Decision {
public:
    Decision(Granted granted, Result result) noexcept : granted_(std::move(granted)), result_(std::move(result)) {}

    explicit operator bool() const noexcept { return static_cast<bool>(granted_); }
    /// Not of a temporary, which was not asked whether it is a yes.
    Granted &operator*() & noexcept { return granted_; }
    Granted &operator*() const && = delete;
    Granted *operator->() & noexcept { return &granted_; }
    Granted *operator->() const && = delete;

    /// Borrowed from this decision.
    ResultItems<Reject> rejects() const & { return result_.rejects(); }
    ResultItems<Reject> rejects() const && = delete;
    const Result &result() const & noexcept { return result_; }
    const Result &result() const && = delete;

private:
    Granted granted_;
    Result result_;
};

/// An order that passed the start stage and waits to be executed, once. Destroyed before that, it is forgotten.
class [[nodiscard]] Request {
public:
    /// None, as for a rejected order.
    Request() noexcept = default;
    /// Takes over what a call gave out; an id of 0 is none.
    Request(openpit_engine *engine, openpit_request id) noexcept : engine_(id == 0 ? nullptr : engine), id_(id) {}
    Request(Request &&other) noexcept
        : engine_(std::exchange(other.engine_, nullptr)), id_(std::exchange(other.id_, 0)) {}
    Request &operator=(Request &&other) noexcept {
        Request taken(std::move(other));
        std::swap(engine_, taken.engine_);
        std::swap(id_, taken.id_);
        return *this;
    }
    ~Request() {
        if (id_ != 0) openpit_engine_drop_request(engine_, id_);
    }

    explicit operator bool() const noexcept { return id_ != 0; }

    /// Runs the main-stage checks; the request is spent whatever comes of it. Throws when it was spent before.
    Decision<Reservation> execute() {
        Result result;
        Reservation reservation = execute(result);
        return {std::move(reservation), std::move(result)};
    }
    /// The same into a result of the caller's. The reservation is empty when the order was rejected.
    Reservation execute(Result &result) {
        if (id_ == 0) throw Error(engine_ == nullptr ? Status::NotFound : Status::AlreadyFinalized);
        openpit_reservation reservation = 0;
        detail::require(openpit_engine_execute_request(engine_, std::exchange(id_, 0), result.raw(), &reservation));
        return {engine_, reservation};
    }

private:
    openpit_engine *engine_ = nullptr;
    openpit_request id_ = 0;
};

/// The verdict a real call would give now.
class [[nodiscard]] DryRun {
public:
    DryRun(bool passed, Result result) noexcept : passed_(passed), result_(std::move(result)) {}

    explicit operator bool() const noexcept { return passed_; }
    ResultItems<Reject> rejects() const & { return result_.rejects(); }
    ResultItems<Reject> rejects() const && = delete;
    /// Also has the block a real call would have made, and the lock prices and outcomes of the accepting policies.
    const Result &result() const & noexcept { return result_; }
    const Result &result() const && = delete;

private:
    bool passed_;
    Result result_;
};

/// What became of a batch of adjustments: all applied, or none because of one.
class [[nodiscard]] AdjustmentDecision {
public:
    AdjustmentDecision(std::optional<std::size_t> failed_index, Result result) noexcept
        : failed_index_(failed_index), result_(std::move(result)) {}

    explicit operator bool() const noexcept { return !failed_index_; }
    /// The adjustment that was rejected.
    std::optional<std::size_t> failed_index() const noexcept { return failed_index_; }
    ResultItems<Reject> rejects() const & { return result_.rejects(); }
    ResultItems<Reject> rejects() const && = delete;
    const Result &result() const & noexcept { return result_; }
    const Result &result() const && = delete;

private:
    std::optional<std::size_t> failed_index_;
    Result result_;
};

/// An order that was recorded although no check had let it through; empty when a check came to no verdict.
struct [[nodiscard]] DropCopy {
    Reservation reservation;
    /// By this order or before.
    bool is_account_blocked;
};

// ---- Engine ---------------------------------------------------------------------------------------------------------

// Of limits.hpp.
class Explanation;
class Input;
class LimitEvent;
class LimitStatus;

/**
 * Checks orders. Made by an EngineBuilder; threads as its SyncMode says.
 *
 * Each check comes twice: one form returns all there is to say, the other writes it to a Result of the caller's and allocates
 * nothing.
 */
class Engine {
public:
    explicit Engine(openpit_engine *owned) noexcept : handle_(owned) {}

    /// One more owner of the same engine; the last one closes it.
    Engine share() const {
        detail::require(openpit_engine_retain(raw()));
        return Engine(raw());
    }

    /// Start stage and main stage in one call.
    Decision<Reservation> execute_pre_trade(const Order &order) {
        Result result;
        Reservation reservation = execute_pre_trade(order, result);
        return {std::move(reservation), std::move(result)};
    }
    /// The reservation is empty when the order was rejected.
    Reservation execute_pre_trade(const Order &order, Result &result) {
        openpit_reservation reservation = 0;
        detail::require(openpit_engine_execute_pre_trade(raw(), &order.raw(), result.raw(), &reservation));
        return {raw(), reservation};
    }

    /// The start stage alone; the request it grants runs the main stage.
    Decision<Request> start_pre_trade(const Order &order) {
        Result result;
        Request request = start_pre_trade(order, result);
        return {std::move(request), std::move(result)};
    }
    /// The request is empty when the order was rejected.
    Request start_pre_trade(const Order &order, Result &result) {
        openpit_request request = 0;
        detail::require(openpit_engine_start_pre_trade(raw(), &order.raw(), result.raw(), &request));
        return {raw(), request};
    }

    /// Dry runs give the verdict a real call would give now and change nothing.
    DryRun execute_pre_trade_dry_run(const Order &order) {
        Result result;
        const bool passed = execute_pre_trade_dry_run(order, result);
        return {passed, std::move(result)};
    }
    bool execute_pre_trade_dry_run(const Order &order, Result &result) {
        std::uint8_t passed = 0;
        detail::require(openpit_engine_execute_pre_trade_dry_run(raw(), &order.raw(), result.raw(), &passed));
        return passed != 0;
    }
    DryRun start_pre_trade_dry_run(const Order &order) {
        Result result;
        const bool passed = start_pre_trade_dry_run(order, result);
        return {passed, std::move(result)};
    }
    bool start_pre_trade_dry_run(const Order &order, Result &result) {
        std::uint8_t passed = 0;
        detail::require(openpit_engine_start_pre_trade_dry_run(raw(), &order.raw(), result.raw(), &passed));
        return passed != 0;
    }

    /// Feeds one report back. The result has blocks, outcomes and account P&Ls.
    Result apply_execution_report(const ExecutionReport &report) {
        Result result;
        apply_execution_report(report, result);
        return result;
    }
    void apply_execution_report(const ExecutionReport &report, Result &result) {
        detail::require(openpit_engine_apply_execution_report(raw(), &report.raw(), result.raw()));
    }

    /// Applies a batch of adjustments to one account, all or none.
    AdjustmentDecision apply_account_adjustment(AccountId account, const std::vector<Adjustment> &adjustments) {
        std::vector<openpit_adjustment> items;
        items.reserve(adjustments.size());
        for (const Adjustment &adjustment : adjustments) items.push_back(adjustment.raw());

        Result result;
        std::size_t failed_index = 0;
        detail::require(openpit_engine_apply_account_adjustment(raw(), account.raw(), items.data(), items.size(),
                                                                result.raw(), &failed_index));
        if (failed_index == items.size()) return {std::nullopt, std::move(result)};
        return {failed_index, std::move(result)};
    }

    /// Records an order that is live elsewhere already; rejects are ignored but for the blocks they ask for.
    DropCopy apply_drop_copy(const Order &order, Result &result) {
        openpit_reservation reservation = 0;
        std::uint8_t is_blocked = 0;
        detail::require(openpit_engine_apply_drop_copy(raw(), &order.raw(), result.raw(), &reservation, &is_blocked));
        return {Reservation(raw(), reservation), is_blocked != 0};
    }

    /// What the ledger knows of an account and an asset: zeros where nothing is known. Throws without a ledger.
    Holding holding(AccountId account, Asset asset) const {
        auto holding = detail::sized<openpit_holding>();
        detail::require(openpit_engine_read_holding(raw(), account.raw(), asset.raw(), &holding));
        return Holding(holding);
    }
    /// The account's P&L; none when it has stopped. Throws without a ledger.
    std::optional<Pnl> spot_funds_account_pnl(AccountId account) const {
        openpit_decimal pnl{};
        openpit_halt_reason halt = OPENPIT_HALT_NONE;
        detail::require(openpit_engine_read_spot_funds_account_pnl(raw(), account.raw(), &pnl, &halt));
        return detail::number<Pnl>(halt == OPENPIT_HALT_NONE, pnl);
    }

    /// Borrowed from this engine.
    Accounts accounts() & { return Accounts(raw()); }
    Accounts accounts() && = delete;

    /// For the next order on. All or nothing.
    void configure(const SpotFundsSettings &settings) {
        const openpit_spot_funds_settings native = settings.raw();
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_configure_spot_funds(raw(), detail::text(SpotFunds::name), &native, error);
        });
    }
    /// An engine of Compatibility::V0_10 judges the accounts at once: the result has the new blocks this led to.
    Result configure(const SpotFundsBarriers &barriers) {
        Result result;
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_configure_spot_funds_barriers(raw(), detail::text(SpotFunds::name),
                                                                barriers.targets(), barriers.raw().data(),
                                                                barriers.raw().size(), result.raw(), error);
        });
        return result;
    }
    /// Asserts an account's P&L, which is judged at once: the result has the block it led to.
    Result set_spot_funds_account_pnl(AccountId account, const Pnl &pnl) {
        return set_spot_funds_account_pnl(account, pnl, HaltReason::None);
    }
    /// Says why an account has no P&L.
    Result set_spot_funds_account_pnl(AccountId account, HaltReason reason) {
        return set_spot_funds_account_pnl(account, Pnl(), reason);
    }

    /// The barriers take the place of all barriers on the axes they name, for the next order on. All or nothing.
    void configure(const RateLimit &limit) { configure_with(openpit_engine_configure_rate_limit, limit); }
    void configure(const OrderSizeLimit &limit) { configure_with(openpit_engine_configure_order_size_limit, limit); }
    void configure(const PnlKillSwitch &limit) { configure_with(openpit_engine_configure_pnl_kill_switch, limit); }
    /// Sets the kill switch's total. Nothing is checked before the next order or report.
    void set_account_pnl(AccountId account, Asset settlement, const Pnl &pnl) {
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_set_account_pnl(raw(), detail::text(PnlKillSwitch::name), account.raw(),
                                                  settlement.raw(), pnl.raw(), error);
        });
    }

    /// Every limit in force: one that stands for each key once for each that was seen.
    std::vector<LimitStatus> limits() const;
    /// What execute_pre_trade would answer now, and how every limit looks at the order. Nothing changes.
    Explanation explain(const Order &order) const;
    /// Gives a number from outside, which was so old when it arrived.
    void set_input(const Input &input, const LimitNumber &value, std::chrono::nanoseconds age = {});
    void clear_input(const Input &input);
    /// Takes the oldest event out; none when there is none.
    std::optional<LimitEvent> next_event();
    /// How many events found no room.
    std::uint64_t events_dropped() const;

    openpit_engine *raw() const & { return handle_.get(); }
    openpit_engine *raw() const && = delete;

private:
    Result set_spot_funds_account_pnl(AccountId account, const Pnl &pnl, HaltReason reason) {
        Result result;
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_set_spot_funds_account_pnl(raw(), detail::text(SpotFunds::name), account.raw(),
                                                             pnl.raw(), static_cast<openpit_halt_reason>(reason),
                                                             result.raw(), error);
        });
        return result;
    }

    template <class Call, class Policy> void configure_with(Call call, const Policy &policy) {
        const auto &barriers = policy.barriers();
        detail::require_with_error([&](openpit_error *error) {
            return call(raw(), detail::text(Policy::name), policy.axes(), barriers.data(), barriers.size(), error);
        });
    }

    detail::Owned<openpit_engine, openpit_engine_destroy> handle_;
};

// ---- Building an engine ---------------------------------------------------------------------------------------------

/// Which release of the reference interface an engine answers as, where releases differ.
enum class Compatibility : openpit_compatibility {
    V0_7 = OPENPIT_COMPATIBILITY_0_7,
    V0_10 = OPENPIT_COMPATIBILITY_0_10,
};

/// How much an engine keeps at most; 0 is the default.
struct EngineCapacities {
    std::uint64_t account_max = 0; ///< Accounts that have a place, which is for the engine's life.
    std::uint64_t open_max = 0;    ///< Requests and reservations that are open at a time.
    std::uint64_t name_max = 0;    ///< Names of custom policies.
};

class Policy;
class Limit;

/// Collects policies and makes one engine. The order in which they are added is the order in which they run.
class EngineBuilder {
public:
    /// With the system's monotonic clock.
    explicit EngineBuilder(SyncMode sync_mode = SyncMode::None, Compatibility compatibility = Compatibility::V0_7,
                           EngineCapacities capacities = {})
        : EngineBuilder(sync_mode, nullptr, compatibility, capacities) {}
    EngineBuilder(SyncMode sync_mode, const Clock &clock, Compatibility compatibility = Compatibility::V0_7,
                  EngineCapacities capacities = {})
        : EngineBuilder(sync_mode, clock.raw(), compatibility, capacities) {}

    EngineBuilder &add(const OrderValidation &validation) {
        detail::require(openpit_engine_builder_add_order_validation(raw(), validation.policy_group));
        return *this;
    }
    EngineBuilder &add(const RateLimit &limit) { return add_with(openpit_engine_builder_add_rate_limit, limit); }
    EngineBuilder &add(const OrderSizeLimit &limit) {
        return add_with(openpit_engine_builder_add_order_size_limit, limit);
    }
    EngineBuilder &add(const PnlKillSwitch &limit) {
        return add_with(openpit_engine_builder_add_pnl_kill_switch, limit);
    }
    /// One of them in an engine.
    EngineBuilder &add(const SpotFunds &funds) {
        const openpit_spot_funds_settings settings = funds.settings.raw();
        const auto &barriers = funds.barriers.raw();
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_builder_add_spot_funds(
                raw(), funds.policy_group, funds.market_data == nullptr ? nullptr : funds.market_data->raw(), &settings,
                barriers.data(), barriers.size(), error);
        });
        return *this;
    }
    /// Has the engine keep what accounts have and earned, also without spot funds. The quotes convert P&L.
    EngineBuilder &keep_ledger() { return keep_ledger(nullptr); }
    EngineBuilder &keep_ledger(const MarketData &quotes) { return keep_ledger(quotes.raw()); }
    /// Takes a std::unique_ptr too. A shared policy may be added to several engines.
    EngineBuilder &add(std::shared_ptr<Policy> policy);
    /// Takes a limit behind those there are.
    EngineBuilder &add(const Limit &limit);

    /// Once: the builder is spent even when this throws. Throws without policies, and for two of one name or one group.
    Engine build() {
        openpit_engine *engine = nullptr;
        detail::require_with_error(
            [&](openpit_error *error) { return openpit_engine_builder_build(raw(), &engine, error); });
        return Engine(engine);
    }

    openpit_engine_builder *raw() const & { return handle_.get(); }
    openpit_engine_builder *raw() const && = delete;

private:
    EngineBuilder(SyncMode sync_mode, openpit_clock *clock, Compatibility compatibility, EngineCapacities capacities) {
        auto options = detail::sized<openpit_engine_options>();
        options.sync_mode = static_cast<openpit_sync_mode>(sync_mode);
        options.clock = clock;
        options.compatibility = static_cast<openpit_compatibility>(compatibility);
        options.account_max = capacities.account_max;
        options.open_max = capacities.open_max;
        options.name_max = capacities.name_max;
        openpit_engine_builder *builder = nullptr;
        detail::require(openpit_engine_builder_create(&options, &builder));
        handle_ = detail::Owned<openpit_engine_builder, openpit_engine_builder_destroy>(builder);
    }

    EngineBuilder &keep_ledger(openpit_market_data *quotes) {
        detail::require_with_error(
            [&](openpit_error *error) { return openpit_engine_builder_keep_ledger(raw(), quotes, error); });
        return *this;
    }

    template <class Add, class Barriers> EngineBuilder &add_with(Add add_policy, const Barriers &policy) {
        const auto &barriers = policy.barriers();
        detail::require_with_error([&](openpit_error *error) {
            return add_policy(raw(), policy.policy_group(), barriers.data(), barriers.size(), error);
        });
        return *this;
    }

    detail::Owned<openpit_engine_builder, openpit_engine_builder_destroy> handle_;
};

} // namespace openpit

#endif
