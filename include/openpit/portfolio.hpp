/*
 * openpit/portfolio.hpp: a portfolio that somebody states, and limits that judge orders by it, without an engine.
 *
 *     Portfolio portfolio;
 *     portfolio.add_cash(Pnl("100000"));
 *     PortfolioLimits limits({Limit(Metric::OrderNotional, Name("value")).upper(LimitNumber("50000"))});
 *     const PortfolioVerdict verdict = limits.judge(portfolio, PortfolioOrder(Side::Buy, Quantity("10")).price(Price("185")));
 *     // verdict.is_accepted()
 *
 * What the limits judge is told in portfolio.h, what holds for all of these files in openpit.hpp.
 */
#ifndef OPENPIT_PORTFOLIO_HPP
#define OPENPIT_PORTFOLIO_HPP

#include "limits.hpp"
#include "portfolio.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace openpit {

/// Cash and positions of one account, at marks, all in one currency. One thread at a time.
class Portfolio {
public:
    Portfolio() {
        openpit_portfolio *portfolio = nullptr;
        detail::require(openpit_portfolio_create(&portfolio));
        handle_ = detail::Owned<openpit_portfolio, openpit_portfolio_destroy>(portfolio);
    }

    /// Forgets what is held.
    void clear() { detail::require(openpit_portfolio_clear(raw())); }
    /// Cash in the portfolio's currency, which may be owed.
    void add_cash(const Pnl &amount) { add_cash(amount, Price(1)); }
    /// Cash in a currency of which one unit is worth `rate`.
    void add_cash(const Pnl &amount, const Price &rate) {
        const openpit_decimal worth = rate.raw();
        detail::require(openpit_portfolio_add_cash(raw(), amount.raw(), &worth));
    }
    /// Cash in a currency of which no rate is known: it counts for nothing, and a debt is unknown.
    void add_unvalued_cash(const Pnl &amount) {
        detail::require(openpit_portfolio_add_cash(raw(), amount.raw(), nullptr));
    }
    /// Its place, which goes up from 0.
    std::uint64_t add_position(const PositionSize &quantity, const Price &average_price, const Price &mark) {
        std::uint64_t place = 0;
        detail::require(openpit_portfolio_add_position(raw(), quantity.raw(), average_price.raw(), mark.raw(), &place));
        return place;
    }
    /// What a unit is worth from now on.
    void mark(std::uint64_t place, const Price &price) {
        detail::require(openpit_portfolio_mark(raw(), place, price.raw()));
    }
    /// A trade, at whose price the position is marked.
    void fill(std::uint64_t place, Side side, const Quantity &quantity, const Price &price, const Fee &fee = Fee(0)) {
        detail::require(openpit_portfolio_fill(raw(), place, static_cast<openpit_side>(side), quantity.raw(),
                                               price.raw(), fee.raw()));
    }

    /// What it comes to.
    openpit_portfolio_view view() const {
        auto view = detail::sized<openpit_portfolio_view>();
        detail::require(openpit_portfolio_read(raw(), &view));
        return view;
    }
    openpit_portfolio_position position(std::uint64_t place) const {
        auto position = detail::sized<openpit_portfolio_position>();
        detail::require(openpit_portfolio_read_position(raw(), place, &position));
        return position;
    }

    openpit_portfolio *raw() const & { return handle_.get(); }
    openpit_portfolio *raw() const && = delete;

private:
    detail::Owned<openpit_portfolio, openpit_portfolio_destroy> handle_;
};

/// An order that limits are asked about: without a price it is valued at the mark of its position.
class PortfolioOrder {
public:
    PortfolioOrder(Side side, const Quantity &quantity) noexcept : raw_(detail::sized<openpit_portfolio_order>()) {
        raw_.side = static_cast<openpit_side>(side);
        raw_.quantity = quantity.raw();
        raw_.place = OPENPIT_PORTFOLIO_NO_PLACE;
    }
    PortfolioOrder &price(const Price &price) noexcept {
        raw_.fields |= OPENPIT_PORTFOLIO_ORDER_HAS_PRICE;
        raw_.price = price.raw();
        return *this;
    }
    /// The position it is for.
    PortfolioOrder &place(std::uint64_t place) noexcept {
        raw_.place = place;
        return *this;
    }

    const openpit_portfolio_order &raw() const & noexcept { return raw_; }
    const openpit_portfolio_order &raw() const && = delete;

private:
    openpit_portfolio_order raw_;
};

/// What a limit has to say.
class PortfolioBreach {
public:
    explicit PortfolioBreach(const openpit_portfolio_breach &raw) noexcept : raw_(raw) {}

    /// Its place among the limits.
    std::size_t limit() const noexcept { return raw_.limit; }
    Metric metric() const noexcept { return static_cast<Metric>(raw_.metric); }
    /// The number it found; none when one is missing, or cannot be computed.
    std::optional<LimitNumber> value() const noexcept {
        if ((raw_.fields & OPENPIT_PORTFOLIO_BREACH_HAS_VALUE) == 0) return std::nullopt;
        return LimitNumber(detail::Checked{}, raw_.value);
    }
    /// The position it is about.
    std::optional<std::uint64_t> place() const noexcept {
        if (raw_.place == OPENPIT_PORTFOLIO_NO_PLACE) return std::nullopt;
        return raw_.place;
    }

private:
    openpit_portfolio_breach raw_;
};

/// What limits make of an order.
class PortfolioVerdict {
public:
    explicit PortfolioVerdict(const openpit_portfolio_verdict &raw) noexcept : raw_(detail::sized(raw)) {}

    bool is_accepted() const noexcept { return raw_.is_accepted != 0; }
    bool is_reducing() const noexcept { return raw_.is_reducing != 0; }
    /// The first limit that refuses it.
    std::optional<PortfolioBreach> reject() const noexcept {
        if (is_accepted()) return std::nullopt;
        return PortfolioBreach(raw_.reject);
    }
    /// The first that lets it pass and has something to say.
    std::optional<PortfolioBreach> notice() const noexcept {
        if (raw_.has_notice == 0) return std::nullopt;
        return PortfolioBreach(raw_.notice);
    }
    /// What the order is worth; none when nobody knows a price.
    std::optional<Volume> value() const noexcept {
        if (raw_.has_value == 0) return std::nullopt;
        return Volume(detail::Checked{}, raw_.value);
    }

private:
    openpit_portfolio_verdict raw_;
};

/// Limits of one account, with what they remember. One thread at a time.
class PortfolioLimits {
public:
    /// Throws for a limit that is none of a portfolio.
    explicit PortfolioLimits(const std::vector<Limit> &limits) {
        std::vector<openpit_limit> records;
        records.reserve(limits.size());
        for (const Limit &limit : limits) records.push_back(limit.raw());
        openpit_portfolio_limits *made = nullptr;
        detail::require_with_error([&](openpit_error *error) {
            return openpit_portfolio_limits_create(records.data(), records.size(), &made, error);
        });
        handle_ = detail::Owned<openpit_portfolio_limits, openpit_portfolio_limits_destroy>(made);
    }

    /// Judges an order, which changes nothing but the highest equity that was seen.
    PortfolioVerdict judge(const Portfolio &portfolio, const PortfolioOrder &order) {
        auto verdict = detail::sized<openpit_portfolio_verdict>();
        detail::require(openpit_portfolio_limits_judge(raw(), portfolio.raw(), &order.raw(), &verdict));
        return PortfolioVerdict(verdict);
    }
    /// What of a portfolio breaches its limits as it stands.
    std::vector<PortfolioBreach> review(const Portfolio &portfolio) {
        std::size_t count = 0;
        detail::require(openpit_portfolio_limits_review(raw(), portfolio.raw(), nullptr, 0, &count));
        std::vector<openpit_portfolio_breach> breaches(count);
        detail::require(
            openpit_portfolio_limits_review(raw(), portfolio.raw(), breaches.data(), breaches.size(), &count));
        return {breaches.begin(), breaches.end()};
    }

    /// Adds to the P&L of the day; times are since 1970.
    void add_pnl(const Pnl &amount, std::chrono::nanoseconds now) {
        detail::require(openpit_portfolio_limits_add_pnl(raw(), amount.raw(), now.count()));
    }
    /// Says what the P&L of the day is.
    void set_pnl(const Pnl &total, std::chrono::nanoseconds now) {
        detail::require(openpit_portfolio_limits_set_pnl(raw(), total.raw(), now.count()));
    }
    /// A new day: no P&L, and nothing latched.
    void reset_day() { detail::require(openpit_portfolio_limits_reset_day(raw())); }
    /// Sets the highest equity, after a deposit or a withdrawal.
    void set_peak(const Pnl &peak) {
        const openpit_decimal value = peak.raw();
        detail::require(openpit_portfolio_limits_set_peak(raw(), &value));
    }
    /// Forgets the highest equity.
    void forget_peak() { detail::require(openpit_portfolio_limits_set_peak(raw(), nullptr)); }
    /// What they remember, after a look at a portfolio.
    openpit_portfolio_limits_view view(const Portfolio *portfolio = nullptr) {
        auto view = detail::sized<openpit_portfolio_limits_view>();
        const openpit_portfolio *const seen = portfolio == nullptr ? nullptr : portfolio->raw();
        detail::require(openpit_portfolio_limits_read(raw(), seen, &view));
        return view;
    }

    openpit_portfolio_limits *raw() const & { return handle_.get(); }
    openpit_portfolio_limits *raw() const && = delete;

private:
    detail::Owned<openpit_portfolio_limits, openpit_portfolio_limits_destroy> handle_;
};

} // namespace openpit

#endif
