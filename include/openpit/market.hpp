/*
 * openpit/market.hpp: quotes and how old they may become, and what is known about instruments for good.
 *
 * What holds for all of them is told in openpit.hpp.
 */
#ifndef OPENPIT_MARKET_HPP
#define OPENPIT_MARKET_HPP

#include "market.h"
#include "names.hpp"
#include "numbers.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <vector>

namespace openpit {

// ---- Market data ----------------------------------------------------------------------------------------------------

/// The number an instrument is registered under.
class InstrumentId {
public:
    explicit constexpr InstrumentId(std::uint64_t id) noexcept : id_(id) {}

    constexpr std::uint64_t raw() const noexcept { return id_; }

    friend constexpr bool operator==(InstrumentId left, InstrumentId right) noexcept { return left.id_ == right.id_; }
    friend constexpr bool operator!=(InstrumentId left, InstrumentId right) noexcept { return !(left == right); }
    friend std::ostream &operator<<(std::ostream &stream, InstrumentId instrument) { return stream << instrument.id_; }

private:
    openpit_instrument_id id_;
};

namespace detail {

/// The id a look-up wrote, if it found one. A reference, because the look-up is the other argument.
inline std::optional<InstrumentId> resolved(openpit_status status, const openpit_instrument_id &id) {
    if (status == OPENPIT_STATUS_UNKNOWN_INSTRUMENT) return std::nullopt;
    require(status);
    return InstrumentId(id);
}

} // namespace detail

/// What an instrument is worth, as far as somebody said. Any sign; a crossed book is a book.
class Quote {
public:
    Quote() noexcept : raw_(detail::sized<openpit_quote>()) {}

    Quote &mark(const Price &price) noexcept { return set(OPENPIT_QUOTE_HAS_MARK, raw_.mark, price); }
    Quote &bid(const Price &price) noexcept { return set(OPENPIT_QUOTE_HAS_BID, raw_.bid, price); }
    Quote &ask(const Price &price) noexcept { return set(OPENPIT_QUOTE_HAS_ASK, raw_.ask, price); }

    std::optional<Price> mark() const noexcept { return get(OPENPIT_QUOTE_HAS_MARK, raw_.mark); }
    std::optional<Price> bid() const noexcept { return get(OPENPIT_QUOTE_HAS_BID, raw_.bid); }
    std::optional<Price> ask() const noexcept { return get(OPENPIT_QUOTE_HAS_ASK, raw_.ask); }

    const openpit_quote &raw() const & noexcept { return raw_; }
    openpit_quote &raw() & noexcept { return raw_; }
    const openpit_quote &raw() const && = delete;

private:
    Quote &set(std::uint32_t bit, openpit_decimal &place, const Price &price) noexcept {
        detail::set_bit(raw_.fields, bit);
        place = price.raw();
        return *this;
    }
    std::optional<Price> get(std::uint32_t bit, const openpit_decimal &place) const noexcept {
        return detail::number<Price>((raw_.fields & bit) != 0, place);
    }

    openpit_quote raw_;
};
static_assert(sizeof(Quote) == sizeof(openpit_quote));

/// What becomes of the prices that a pushed quote does not have.
enum class QuoteUpdate : openpit_quote_update {
    Replace = OPENPIT_QUOTE_REPLACE, ///< They are gone.
    Patch = OPENPIT_QUOTE_PATCH,     ///< They keep their value.
};

/// Where a reader looks for a quote. The search ends at the first place that has one, whatever it lacks or its age.
enum class QuoteResolution : openpit_quote_resolution {
    AccountOnly = OPENPIT_QUOTE_ACCOUNT_ONLY,
    AccountThenGroup = OPENPIT_QUOTE_ACCOUNT_THEN_GROUP,
    AccountThenGroupThenDefault = OPENPIT_QUOTE_ACCOUNT_THEN_GROUP_THEN_DEFAULT,
};

/// How old a quote may become: at this age it has expired.
class QuoteTtl {
public:
    static constexpr QuoteTtl infinite() noexcept { return QuoteTtl(OPENPIT_QUOTE_TTL_INFINITE); }
    /// Throws for a negative duration.
    static QuoteTtl within(std::chrono::nanoseconds duration) {
        return QuoteTtl(detail::nanoseconds(duration, Status::InvalidArgument));
    }

    constexpr openpit_quote_ttl raw() const noexcept { return nanoseconds_; }

private:
    explicit constexpr QuoteTtl(openpit_quote_ttl nanoseconds) noexcept : nanoseconds_(nanoseconds) {}

    openpit_quote_ttl nanoseconds_;
};

/// Where a TTL applies. For each reader the most particular one counts, see openpit_ttl_scope.
class TtlScope {
public:
    TtlScope(AccountId account) noexcept : TtlScope(OPENPIT_TTL_ACCOUNT) { raw_.account = account.raw(); }
    TtlScope(AccountGroupId group) noexcept : TtlScope(OPENPIT_TTL_GROUP) { raw_.group = group.raw(); }
    TtlScope(InstrumentId instrument) noexcept : TtlScope(OPENPIT_TTL_INSTRUMENT) {
        raw_.instrument = instrument.raw();
    }
    TtlScope(InstrumentId instrument, AccountId account) noexcept : TtlScope(OPENPIT_TTL_INSTRUMENT_ACCOUNT) {
        raw_.instrument = instrument.raw();
        raw_.account = account.raw();
    }
    TtlScope(InstrumentId instrument, AccountGroupId group) noexcept : TtlScope(OPENPIT_TTL_INSTRUMENT_GROUP) {
        raw_.instrument = instrument.raw();
        raw_.group = group.raw();
    }

    const openpit_ttl_scope &raw() const & noexcept { return raw_; }
    const openpit_ttl_scope &raw() const && = delete;

private:
    explicit TtlScope(openpit_ttl_axis axis) noexcept { raw_.axis = axis; }

    openpit_ttl_scope raw_{};
};

/// Who reads a quote: an account, and its group if it has one.
class QuoteReader {
public:
    QuoteReader(AccountId account) noexcept {
        raw_.account = account.raw();
        raw_.group_state = OPENPIT_READER_GROUP_NONE;
    }
    QuoteReader(AccountId account, AccountGroupId group) noexcept {
        raw_.account = account.raw();
        raw_.group = group.raw();
        raw_.group_state = OPENPIT_READER_GROUP_KNOWN;
    }

    const openpit_quote_reader &raw() const & noexcept { return raw_; }
    const openpit_quote_reader &raw() const && = delete;

private:
    openpit_quote_reader raw_{};
};

/**
 * What a reader is told. True with a quote to use; otherwise status() is UnknownInstrument, QuoteUnavailable or
 * QuoteExpired, and none of these is a price to trade at.
 */
class QuoteAnswer {
public:
    QuoteAnswer(Status status, const Quote &quote) noexcept : status_(status), quote_(quote) {}

    explicit operator bool() const noexcept { return status_ == Status::Ok; }
    Status status() const noexcept { return status_; }
    /// Only where there is a quote to use: a temporary was not asked whether there is one.
    const Quote &operator*() const & noexcept { return quote_; }
    const Quote &operator*() const && = delete;
    const Quote *operator->() const & noexcept { return &quote_; }
    const Quote *operator->() const && = delete;
    /// The quote that is too old.
    std::optional<Quote> expired() const noexcept {
        if (status_ != Status::QuoteExpired) return std::nullopt;
        return quote_;
    }

private:
    Status status_;
    Quote quote_;
};

/// Quotes, and how old they may become. Engines made with it keep it alive. Threads are those of its SyncMode.
class MarketData {
public:
    /// With the system's monotonic clock.
    explicit MarketData(QuoteTtl default_ttl = QuoteTtl::infinite(), SyncMode sync_mode = SyncMode::Full)
        : MarketData(default_ttl, sync_mode, nullptr) {}
    MarketData(QuoteTtl default_ttl, SyncMode sync_mode, const Clock &clock)
        : MarketData(default_ttl, sync_mode, clock.raw()) {}

    /// Under the next automatic id; throws for an instrument that is registered.
    InstrumentId register_instrument(Instrument instrument, std::optional<QuoteTtl> ttl = std::nullopt) {
        openpit_instrument_id id = 0;
        const openpit_quote_ttl raw_ttl = ttl ? ttl->raw() : 0;
        detail::require(openpit_market_data_register(raw(), instrument.underlying.raw(), instrument.settlement.raw(),
                                                     ttl ? &raw_ttl : nullptr, &id));
        return InstrumentId(id);
    }
    /// Under this id; throws also for an id that is taken.
    void register_instrument_as(Instrument instrument, InstrumentId id, std::optional<QuoteTtl> ttl = std::nullopt) {
        const openpit_quote_ttl raw_ttl = ttl ? ttl->raw() : 0;
        detail::require(openpit_market_data_register_as(raw(), instrument.underlying.raw(), instrument.settlement.raw(),
                                                        id.raw(), ttl ? &raw_ttl : nullptr));
    }
    std::optional<InstrumentId> resolve(Instrument instrument) const {
        openpit_instrument_id id = 0;
        return detail::resolved(
            openpit_market_data_resolve(raw(), instrument.underlying.raw(), instrument.settlement.raw(), &id), id);
    }

    /// For everybody who has no quote of their own. `source_age` is how old the quote was on arrival.
    void push(InstrumentId instrument, const Quote &quote, QuoteUpdate update = QuoteUpdate::Replace,
              std::chrono::nanoseconds source_age = {}) {
        detail::require(openpit_market_data_push(raw(), instrument.raw(), &quote.raw(),
                                                 static_cast<openpit_quote_update>(update), source_age.count()));
    }
    /// The same by name; registers an instrument that is new.
    InstrumentId push(Instrument instrument, const Quote &quote, QuoteUpdate update = QuoteUpdate::Replace,
                      std::chrono::nanoseconds source_age = {}) {
        openpit_instrument_id id = 0;
        detail::require(openpit_market_data_push_by_name(
            raw(), instrument.underlying.raw(), instrument.settlement.raw(), &quote.raw(),
            static_cast<openpit_quote_update>(update), source_age.count(), &id));
        return InstrumentId(id);
    }
    /// For these accounts and groups, all at once; the default group stands for everybody.
    void push_for(InstrumentId instrument, const Quote &quote, const std::vector<AccountId> &accounts,
                  const std::vector<AccountGroupId> &groups, QuoteUpdate update = QuoteUpdate::Replace,
                  std::chrono::nanoseconds source_age = {}) {
        std::vector<openpit_account_id> raw_accounts;
        for (AccountId account : accounts) raw_accounts.push_back(account.raw());
        std::vector<openpit_account_group_id> raw_groups;
        for (AccountGroupId group : groups) raw_groups.push_back(group.raw());
        detail::require(openpit_market_data_push_for(
            raw(), instrument.raw(), &quote.raw(), static_cast<openpit_quote_update>(update), source_age.count(),
            raw_accounts.data(), raw_accounts.size(), raw_groups.data(), raw_groups.size()));
    }
    /// Forgets the instrument's quotes; its id and its TTLs stay.
    void clear(InstrumentId instrument) { detail::require(openpit_market_data_clear(raw(), instrument.raw())); }

    /// No lock, no allocation.
    QuoteAnswer get(InstrumentId instrument, const QuoteReader &reader,
                    QuoteResolution resolution = QuoteResolution::AccountThenGroupThenDefault) const {
        Quote quote;
        const openpit_status status = openpit_market_data_get(
            raw(), instrument.raw(), reader.raw(), static_cast<openpit_quote_resolution>(resolution), &quote.raw());
        switch (status) {
        case OPENPIT_STATUS_UNKNOWN_INSTRUMENT:
        case OPENPIT_STATUS_QUOTE_UNAVAILABLE:
        case OPENPIT_STATUS_QUOTE_EXPIRED:
            break;
        default:
            detail::require(status);
        }
        return QuoteAnswer(static_cast<Status>(status), quote);
    }

    /// Also for the quotes there are.
    void set_ttl(const TtlScope &scope, QuoteTtl ttl) {
        detail::require(openpit_market_data_set_ttl(raw(), scope.raw(), ttl.raw()));
    }
    void clear_ttl(const TtlScope &scope) { detail::require(openpit_market_data_clear_ttl(raw(), scope.raw())); }

    openpit_market_data *raw() const & { return handle_.get(); }
    openpit_market_data *raw() const && = delete;

private:
    MarketData(QuoteTtl default_ttl, SyncMode sync_mode, openpit_clock *clock) {
        auto options = detail::sized<openpit_market_data_options>();
        options.sync_mode = static_cast<openpit_sync_mode>(sync_mode);
        options.clock = clock;
        options.default_ttl = default_ttl.raw();
        openpit_market_data *service = nullptr;
        detail::require(openpit_market_data_create(&options, &service));
        handle_ = detail::Owned<openpit_market_data, openpit_market_data_destroy>(service);
    }

    detail::Owned<openpit_market_data, openpit_market_data_destroy> handle_;
};

// ---- Reference book -------------------------------------------------------------------------------------------------

/// What a settlement lag counts.
enum class SettlementUnit : openpit_settlement_unit {
    BusinessDays = OPENPIT_SETTLEMENT_BUSINESS_DAYS,
    CalendarDays = OPENPIT_SETTLEMENT_CALENDAR_DAYS,
};

/// How long after the trade something is due: T+count.
struct SettlementLag {
    std::uint64_t count = 0;
    SettlementUnit unit = SettlementUnit::BusinessDays;

    friend bool operator==(const SettlementLag &left, const SettlementLag &right) noexcept {
        return left.count == right.count && left.unit == right.unit;
    }
    friend bool operator!=(const SettlementLag &left, const SettlementLag &right) noexcept { return !(left == right); }
};

/// When the two sides of a trade are due.
struct SettlementScheme {
    SettlementLag delivery;
    SettlementLag payment;

    friend bool operator==(const SettlementScheme &left, const SettlementScheme &right) noexcept {
        return left.delivery == right.delivery && left.payment == right.payment;
    }
    friend bool operator!=(const SettlementScheme &left, const SettlementScheme &right) noexcept {
        return !(left == right);
    }
};

/// What is known about instruments for good. Kept for you: no check reads it. Safe from any thread.
class ReferenceBook {
public:
    ReferenceBook() {
        openpit_reference_book *book = nullptr;
        detail::require(openpit_reference_book_create(&book));
        handle_ = detail::Owned<openpit_reference_book, openpit_reference_book_destroy>(book);
    }

    /// Under the next automatic id; throws for an instrument that is registered.
    InstrumentId register_instrument(Instrument instrument) {
        openpit_instrument_id id = 0;
        detail::require(
            openpit_reference_book_register(raw(), instrument.underlying.raw(), instrument.settlement.raw(), &id));
        return InstrumentId(id);
    }
    /// Under this id; throws also for an id that is taken.
    void register_instrument_as(Instrument instrument, InstrumentId id) {
        detail::require(openpit_reference_book_register_as(raw(), instrument.underlying.raw(),
                                                           instrument.settlement.raw(), id.raw()));
    }
    std::optional<InstrumentId> resolve(Instrument instrument) const {
        openpit_instrument_id id = 0;
        return detail::resolved(
            openpit_reference_book_resolve(raw(), instrument.underlying.raw(), instrument.settlement.raw(), &id), id);
    }

    void set_settlement_scheme(InstrumentId instrument, const SettlementScheme &scheme) {
        const openpit_settlement_scheme raw_scheme{raw_lag(scheme.delivery), raw_lag(scheme.payment)};
        detail::require(openpit_reference_book_set_settlement_scheme(raw(), instrument.raw(), &raw_scheme));
    }
    void clear_settlement_scheme(InstrumentId instrument) {
        detail::require(openpit_reference_book_clear_settlement_scheme(raw(), instrument.raw()));
    }
    /// None when nobody said, which means at once.
    std::optional<SettlementScheme> settlement_scheme(InstrumentId instrument) const {
        openpit_settlement_scheme scheme{};
        const openpit_status status = openpit_reference_book_settlement_scheme(raw(), instrument.raw(), &scheme);
        if (status == OPENPIT_STATUS_NOT_FOUND) return std::nullopt;
        detail::require(status);
        return SettlementScheme{lag(scheme.delivery), lag(scheme.payment)};
    }

    openpit_reference_book *raw() const & { return handle_.get(); }
    openpit_reference_book *raw() const && = delete;

private:
    static openpit_settlement_lag raw_lag(const SettlementLag &lag) noexcept {
        return {lag.count, static_cast<openpit_settlement_unit>(lag.unit), 0};
    }
    static SettlementLag lag(const openpit_settlement_lag &lag) noexcept {
        return {lag.count, static_cast<SettlementUnit>(lag.unit)};
    }

    detail::Owned<openpit_reference_book, openpit_reference_book_destroy> handle_;
};

} // namespace openpit

// ---- Hashes ---------------------------------------------------------------------------------------------------------

template <> struct std::hash<openpit::InstrumentId> {
    std::size_t operator()(openpit::InstrumentId instrument) const noexcept {
        return std::hash<std::uint64_t>()(instrument.raw());
    }
};

#endif
