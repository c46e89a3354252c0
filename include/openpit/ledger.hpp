/*
 * openpit/ledger.hpp: what an engine knows of accounts: groups, blocks, currencies, and what they hold.
 *
 * What holds for all of them is told in openpit.hpp.
 */
#ifndef OPENPIT_LEDGER_HPP
#define OPENPIT_LEDGER_HPP

#include "ledger.h"
#include "results.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace openpit {

// ---- Accounts -------------------------------------------------------------------------------------------------------

/**
 * Groups, blocks and currencies of an engine's accounts. Borrowed from the engine.
 *
 * An account is in at most one group. A block is answered to every order of the account, or of every account of the group,
 * until it is lifted; the first cause wins.
 */
class Accounts {
public:
    explicit Accounts(openpit_engine *engine) noexcept : engine_(engine) {}

    /// Adds all accounts to the group, or none.
    void register_group(const std::vector<AccountId> &accounts, AccountGroupId group) {
        const std::vector<openpit_account_id> ids = raw_ids(accounts);
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_register_group(engine_, ids.data(), ids.size(), group.raw(), error);
        });
    }
    /// Removes all accounts from the group, or none.
    void unregister_group(const std::vector<AccountId> &accounts, AccountGroupId group) {
        const std::vector<openpit_account_id> ids = raw_ids(accounts);
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_unregister_group(engine_, ids.data(), ids.size(), group.raw(), error);
        });
    }
    /// The account's group, or the default group.
    AccountGroupId group_of(AccountId account) const {
        openpit_account_group_id group = 0;
        detail::require(openpit_engine_group_of(engine_, account.raw(), &group));
        return AccountGroupId(group);
    }

    /// An account that is blocked already keeps its cause.
    void block(AccountId account, std::string_view reason) {
        detail::require(openpit_engine_block_account(engine_, account.raw(), detail::text(reason)));
    }
    /// Blocks with a cause of any policy; its scope is ignored.
    void block(AccountId account, const Reject &cause) {
        detail::require(openpit_engine_block_account_with_cause(engine_, account.raw(), &cause.raw()));
    }
    /// Lifts the account's own block, whoever placed it.
    void unblock(AccountId account) { detail::require(openpit_engine_unblock_account(engine_, account.raw())); }
    /// Throws for an account that is not blocked.
    void replace_block_reason(AccountId account, std::string_view reason) {
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_replace_block_reason(engine_, account.raw(), detail::text(reason), error);
        });
    }
    void block_group(AccountGroupId group, std::string_view reason) {
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_block_group(engine_, group.raw(), detail::text(reason), error);
        });
    }
    void unblock_group(AccountGroupId group) {
        detail::require_with_error(
            [&](openpit_error *error) { return openpit_engine_unblock_group(engine_, group.raw(), error); });
    }
    /// Throws for a group that is not blocked.
    void replace_group_block_reason(AccountGroupId group, std::string_view reason) {
        detail::require_with_error([&](openpit_error *error) {
            return openpit_engine_replace_group_block_reason(engine_, group.raw(), detail::text(reason), error);
        });
    }
    /// Lifts the block of every account that a report without an account, or a failed mutation, left behind. Others stay.
    void unblock_all() { detail::require(openpit_engine_unblock_all(engine_)); }

    /// Whether an order of this account would meet a block now; the block is then the only one in `result`.
    bool read_block(AccountId account, Result &result) const {
        detail::require(openpit_engine_read_account_block(engine_, account.raw(), result.raw()));
        return !result.blocks().empty();
    }
    bool is_blocked(AccountId account) const {
        Result result;
        return read_block(account, result);
    }

    /// The account's own currency comes first, then its group's, then that of the default group. None clears.
    void set_currency(AccountId account, std::optional<Asset> currency) {
        detail::require(openpit_engine_set_account_currency(engine_, account.raw(), raw_id(currency)));
    }
    void set_group_currency(AccountGroupId group, std::optional<Asset> currency) {
        detail::require(openpit_engine_set_group_currency(engine_, group.raw(), raw_id(currency)));
    }
    /// The currency that applies to the account.
    std::optional<Asset> currency(AccountId account) const {
        openpit_asset currency = 0;
        detail::require(openpit_engine_account_currency(engine_, account.raw(), &currency));
        return detail::asset(currency);
    }

private:
    static std::vector<openpit_account_id> raw_ids(const std::vector<AccountId> &accounts) {
        std::vector<openpit_account_id> ids;
        ids.reserve(accounts.size());
        for (const AccountId account : accounts) ids.push_back(account.raw());
        return ids;
    }
    static openpit_asset raw_id(std::optional<Asset> asset) noexcept { return asset ? asset->raw() : 0; }

    openpit_engine *engine_;
};

// ---- Holdings -------------------------------------------------------------------------------------------------------

/// What an account has of one asset.
class Holding {
public:
    explicit Holding(const openpit_holding &raw) noexcept : raw_(raw) {}

    /// Free to be used.
    PositionSize balance() const noexcept { return {detail::Checked(), raw_.balance}; }
    /// Set aside by open orders.
    PositionSize held() const noexcept { return {detail::Checked(), raw_.held}; }
    /// What open orders will bring in; never spendable.
    PositionSize incoming() const noexcept { return {detail::Checked(), raw_.incoming}; }
    /// In the account's currency, like the P&L.
    std::optional<Price> average_entry_price() const noexcept {
        return detail::number<Price>((raw_.fields & OPENPIT_HOLDING_HAS_AVERAGE_ENTRY_PRICE) != 0,
                                     raw_.average_entry_price);
    }
    std::optional<Pnl> realized_pnl() const noexcept {
        const bool is_kept = (raw_.fields & OPENPIT_HOLDING_HAS_REALIZED_PNL) != 0;
        return detail::number<Pnl>(is_kept && raw_.halt_reason == OPENPIT_HALT_NONE, raw_.realized_pnl);
    }
    /// Why there is no P&L, when it has stopped.
    HaltReason halt_reason() const noexcept { return static_cast<HaltReason>(raw_.halt_reason); }

private:
    openpit_holding raw_;
};

} // namespace openpit

#endif
