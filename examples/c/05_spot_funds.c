// Spot funds: an account spends what it owns. Money comes by adjustment. A limit order sets aside what it costs, a market
// order what the quote says plus slippage; fills settle at the traded price and give the difference back; a cancel releases
// the rest.
#include <openpit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return;
    fprintf(stderr, "%s\n", openpit_status_message(status));
    exit(1);
}

static openpit_text text(const char *string) { return (openpit_text){string, strlen(string)}; }

static openpit_decimal number(openpit_kind kind, const char *string) {
    openpit_decimal value;
    must(openpit_decimal_parse(kind, text(string), &value, NULL));
    return value;
}

static void print_number(const char *before, openpit_decimal value) {
    char digits[OPENPIT_DECIMAL_TEXT_CAPACITY];
    size_t length;
    must(openpit_decimal_format(value, digits, sizeof digits, &length));
    printf("%s%.*s", before, (int)length, digits);
}

// What there is now, of that which changed.
static void show(const openpit_result *result) {
    for (size_t index = 0; index < openpit_result_outcome_count(result); index++) {
        openpit_outcome outcome = {.struct_size = sizeof outcome};
        openpit_text name;
        must(openpit_result_outcome(result, index, &outcome));
        must(openpit_asset_name(outcome.asset, &name));
        printf("  %.*s", (int)name.length, name.data);
        const struct {
            uint32_t bit;
            const char *label;
            openpit_decimal amount;
        } parts[] = {{OPENPIT_OUTCOME_HAS_BALANCE, "free ", outcome.balance.absolute},
                     {OPENPIT_OUTCOME_HAS_HELD, "held ", outcome.held.absolute},
                     {OPENPIT_OUTCOME_HAS_INCOMING, "incoming ", outcome.incoming.absolute}};
        const char *separator = ": ";
        for (size_t part = 0; part < sizeof parts / sizeof *parts; part++) {
            if ((outcome.fields & parts[part].bit) == 0) continue;
            printf("%s", separator);
            print_number(parts[part].label, parts[part].amount);
            separator = ", ";
        }
        printf("\n");
    }
    for (size_t index = 0; index < openpit_result_account_pnl_count(result); index++) {
        openpit_account_pnl pnl = {.struct_size = sizeof pnl};
        must(openpit_result_account_pnl(result, index, &pnl));
        if (pnl.halt_reason != OPENPIT_HALT_NONE) continue;
        print_number("  P&L of the account: ", pnl.pnl.absolute);
        printf("\n");
    }
}

typedef struct desk {
    openpit_engine *engine;
    openpit_result *result;
    openpit_account_id account;
    openpit_asset aapl;
    openpit_asset usd;
} desk;

static void deposit(const desk *desk, const char *amount) {
    printf("deposit %s USD\n", amount);
    const openpit_adjustment adjustment = {.struct_size = sizeof adjustment,
                                           .kind = OPENPIT_ADJUSTMENT_BALANCE,
                                           .asset = desk->usd,
                                           .balance_change = OPENPIT_CHANGE_DELTA,
                                           .balance = number(OPENPIT_KIND_POSITION_SIZE, amount)};
    size_t failed;
    must(openpit_engine_apply_account_adjustment(desk->engine, desk->account, &adjustment, 1, desk->result, &failed));
    show(desk->result);
}

// Checks an order and commits it; a price of NULL is the market's. The lock is what its reports have to bring back.
static openpit_lock_entry send(const desk *desk, const char *what, openpit_side side, const char *quantity,
                               const char *price) {
    printf("%s\n", what);
    openpit_order order = {.struct_size = sizeof order,
                           .fields = OPENPIT_ORDER_HAS_ACCOUNT,
                           .account = desk->account,
                           .underlying = desk->aapl,
                           .settlement = desk->usd,
                           .side = side,
                           .amount_kind = OPENPIT_AMOUNT_QUANTITY,
                           .amount = number(OPENPIT_KIND_QUANTITY, quantity)};
    if (price != NULL) {
        order.fields |= OPENPIT_ORDER_HAS_PRICE;
        order.price = number(OPENPIT_KIND_PRICE, price);
    }
    openpit_reservation reservation;
    openpit_lock_entry lock = {.policy_group = 0};
    must(openpit_engine_execute_pre_trade(desk->engine, &order, desk->result, &reservation));
    if (reservation == 0) {
        openpit_reject reject = {.struct_size = sizeof reject};
        must(openpit_result_reject(desk->result, 0, &reject));
        printf("  rejected; %.*s (%.*s)\n", (int)reject.reason.length, reject.reason.data, (int)reject.details.length,
               reject.details.data);
        return lock;
    }
    show(desk->result);
    must(openpit_result_lock_entry(desk->result, 0, &lock));
    must(openpit_engine_commit(desk->engine, reservation));
    return lock;
}

// A fill, or with a price of NULL the end of what is left.
static void report(const desk *desk, const char *what, openpit_side side, openpit_lock_entry lock, const char *price,
                   const char *quantity, const char *leaves) {
    printf("%s\n", what);
    openpit_report report = {.struct_size = sizeof report,
                             .fields = OPENPIT_REPORT_HAS_ACCOUNT | OPENPIT_REPORT_HAS_LEAVES_QUANTITY |
                                       OPENPIT_REPORT_HAS_FINALITY | OPENPIT_REPORT_HAS_LOCK,
                             .account = desk->account,
                             .underlying = desk->aapl,
                             .settlement = desk->usd,
                             .side = side,
                             .leaves_quantity = number(OPENPIT_KIND_QUANTITY, leaves),
                             .is_final = price == NULL || strcmp(leaves, "0") == 0,
                             .lock = &lock,
                             .lock_count = 1};
    if (price != NULL) {
        report.fields |= OPENPIT_REPORT_HAS_TRADE;
        report.trade_price = number(OPENPIT_KIND_PRICE, price);
        report.trade_quantity = number(OPENPIT_KIND_QUANTITY, quantity);
    }
    must(openpit_engine_apply_execution_report(desk->engine, &report, desk->result));
    show(desk->result);
}

int main(void) {
    desk desk = {.account = 7};
    must(openpit_asset_intern(text("AAPL"), &desk.aapl));
    must(openpit_asset_intern(text("USD"), &desk.usd));

    const openpit_market_data_options options = {.struct_size = sizeof options, .default_ttl = 60000000000};
    const openpit_spot_funds_settings settings = {.struct_size = sizeof settings,
                                                  .fields = OPENPIT_SPOT_FUNDS_HAS_SLIPPAGE,
                                                  .slippage = 100,
                                                  .pricing_source = OPENPIT_PRICING_SOURCE_BOOK_TOP};
    openpit_market_data *quotes;
    openpit_engine_builder *builder;
    must(openpit_market_data_create(&options, &quotes));
    must(openpit_engine_builder_create(NULL, &builder));
    must(openpit_engine_builder_add_spot_funds(builder, 0, quotes, &settings, NULL, 0, NULL));
    must(openpit_engine_builder_build(builder, &desk.engine, NULL));
    openpit_engine_builder_destroy(builder);
    must(openpit_result_create(&desk.result));
    must(openpit_engine_set_account_currency(desk.engine, desk.account, desk.usd));

    send(&desk, "buy 5 at 185.00, with nothing", OPENPIT_SIDE_BUY, "5", "185.00");
    deposit(&desk, "2000");
    openpit_lock_entry lock = send(&desk, "buy 8 at 185.00", OPENPIT_SIDE_BUY, "8", "185.00");
    send(&desk, "buy 3 at 185.00, with what is left", OPENPIT_SIDE_BUY, "3", "185.00");
    report(&desk, "6 are filled at 184.50, better than reserved", OPENPIT_SIDE_BUY, lock, "184.50", "6", "2");
    report(&desk, "the other 2 are cancelled", OPENPIT_SIDE_BUY, lock, NULL, NULL, "2");

    send(&desk, "sell 6 at market, without a quote", OPENPIT_SIDE_SELL, "6", NULL);
    const openpit_quote quote = {.struct_size = sizeof quote,
                                 .fields = OPENPIT_QUOTE_HAS_BID | OPENPIT_QUOTE_HAS_ASK,
                                 .bid = number(OPENPIT_KIND_PRICE, "186.00"),
                                 .ask = number(OPENPIT_KIND_PRICE, "186.10")};
    must(openpit_market_data_push_by_name(quotes, desk.aapl, desk.usd, &quote, OPENPIT_QUOTE_REPLACE, 0, NULL));
    lock = send(&desk, "sell 6 at market: the bid less 1 %", OPENPIT_SIDE_SELL, "6", NULL);
    report(&desk, "6 are filled at 185.90", OPENPIT_SIDE_SELL, lock, "185.90", "6", "0");

    openpit_result_destroy(desk.result);
    openpit_engine_destroy(desk.engine);
    openpit_market_data_destroy(quotes);
    return 0;
}
