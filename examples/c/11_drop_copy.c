// Drop copy: orders that go to the venue past this engine are counted all the same.
//
// A trader works on another desk's screen. The engine is told of each of his orders once it is live, and what it has against
// one cannot take it back; but the account's profit and loss is watched, and when it leaves its bounds the account is
// stopped here, too. The reference book says when what he trades is due.
#include <inttypes.h>
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

static openpit_decimal price(const char *string) {
    openpit_decimal value;
    must(openpit_decimal_parse(OPENPIT_KIND_PRICE, text(string), &value, NULL));
    return value;
}

static void print_number(const char *before, openpit_decimal value) {
    char digits[OPENPIT_DECIMAL_TEXT_CAPACITY];
    size_t length;
    must(openpit_decimal_format(value, digits, sizeof digits, &length));
    printf("%s%.*s", before, (int)length, digits);
}

// What there is now, of that which changed, and whether the account is to stop.
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

static openpit_order order(const desk *desk, openpit_side side, int64_t quantity, const char *limit) {
    return (openpit_order){.struct_size = sizeof(openpit_order),
                           .fields = OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE,
                           .account = desk->account,
                           .underlying = desk->aapl,
                           .settlement = desk->usd,
                           .side = side,
                           .amount_kind = OPENPIT_AMOUNT_QUANTITY,
                           .amount = openpit_decimal_from_int64(quantity),
                           .price = price(limit)};
}

// Counts an order that is live already. The lock is what its reports have to bring back.
static openpit_lock_entry record(const desk *desk, const char *what, openpit_order live) {
    printf("%s\n", what);
    openpit_reservation reservation;
    openpit_lock_entry lock;
    uint8_t is_blocked;
    must(openpit_engine_apply_drop_copy(desk->engine, &live, desk->result, &reservation, &is_blocked));
    if (reservation == 0) {
        fprintf(stderr, "no verdict\n");
        exit(1);
    }
    show(desk->result);
    if (is_blocked) printf("  the account is stopped\n");
    must(openpit_result_lock_entry(desk->result, 0, &lock));
    must(openpit_engine_commit(desk->engine, reservation));
    return lock;
}

static void fill(const desk *desk, const char *what, openpit_side side, openpit_lock_entry lock, int64_t quantity,
                 const char *traded) {
    printf("%s\n", what);
    const openpit_report report = {.struct_size = sizeof report,
                                   .fields = OPENPIT_REPORT_HAS_ACCOUNT | OPENPIT_REPORT_HAS_TRADE |
                                             OPENPIT_REPORT_HAS_LEAVES_QUANTITY | OPENPIT_REPORT_HAS_FINALITY |
                                             OPENPIT_REPORT_HAS_LOCK,
                                   .account = desk->account,
                                   .underlying = desk->aapl,
                                   .settlement = desk->usd,
                                   .side = side,
                                   .trade_price = price(traded),
                                   .trade_quantity = openpit_decimal_from_int64(quantity),
                                   .is_final = 1,
                                   .lock = &lock,
                                   .lock_count = 1};
    must(openpit_engine_apply_execution_report(desk->engine, &report, desk->result));
    show(desk->result);
    for (size_t index = 0; index < openpit_result_block_count(desk->result); index++) {
        openpit_reject block = {.struct_size = sizeof block};
        must(openpit_result_block(desk->result, index, &block));
        printf("  blocked; %.*s\n", (int)block.reason.length, block.reason.data);
    }
}

// The account is watched, and nothing is refused for what it does not have.
static openpit_engine *make_engine(void) {
    const openpit_spot_funds_settings settings = {.struct_size = sizeof settings,
                                                  .limit_mode = OPENPIT_LIMIT_MODE_TRACK_ONLY};
    const openpit_spot_funds_barrier barrier = {.target = OPENPIT_TARGET_ALL,
                                                .fields = OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER,
                                                .lower = openpit_decimal_from_int64(-50)};
    openpit_engine_builder *builder;
    openpit_engine *engine;
    must(openpit_engine_builder_create(NULL, &builder));
    must(openpit_engine_builder_add_spot_funds(builder, 0, NULL, &settings, &barrier, 1, NULL));
    must(openpit_engine_builder_build(builder, &engine, NULL));
    openpit_engine_builder_destroy(builder);
    return engine;
}

int main(void) {
    desk desk = {.account = 7};
    must(openpit_asset_intern(text("AAPL"), &desk.aapl));
    must(openpit_asset_intern(text("USD"), &desk.usd));

    openpit_reference_book *book;
    openpit_instrument_id instrument;
    openpit_settlement_scheme scheme = {.delivery = {.count = 2}, .payment = {.count = 2}};
    must(openpit_reference_book_create(&book));
    must(openpit_reference_book_register(book, desk.aapl, desk.usd, &instrument));
    must(openpit_reference_book_set_settlement_scheme(book, instrument, &scheme));

    desk.engine = make_engine();
    must(openpit_result_create(&desk.result));
    must(openpit_engine_set_account_currency(desk.engine, desk.account, desk.usd));

    openpit_lock_entry lock = record(&desk, "buy 10 at 200.00 is live, though nothing is there to pay with",
                                     order(&desk, OPENPIT_SIDE_BUY, 10, "200.00"));
    fill(&desk, "it is filled", OPENPIT_SIDE_BUY, lock, 10, "200.00");
    must(openpit_reference_book_resolve(book, desk.aapl, desk.usd, &instrument));
    must(openpit_reference_book_settlement_scheme(book, instrument, &scheme));
    printf("  shares are due after %" PRIu64 " days, money after %" PRIu64 "\n", scheme.delivery.count,
           scheme.payment.count);
    lock = record(&desk, "sell 10 at 194.00 is live", order(&desk, OPENPIT_SIDE_SELL, 10, "194.00"));
    fill(&desk, "it is filled, 60 below what was paid", OPENPIT_SIDE_SELL, lock, 10, "194.00");

    printf("buy 1 at 194.00, asked for here\n");
    const openpit_order asked = order(&desk, OPENPIT_SIDE_BUY, 1, "194.00");
    openpit_reservation reservation;
    openpit_reject reject = {.struct_size = sizeof reject};
    must(openpit_engine_execute_pre_trade(desk.engine, &asked, desk.result, &reservation));
    must(openpit_result_reject(desk.result, 0, &reject));
    printf("  rejected; %.*s\n", (int)reject.reason.length, reject.reason.data);
    record(&desk, "buy 1 at 194.00 is live over there", asked);

    openpit_result_destroy(desk.result);
    openpit_engine_destroy(desk.engine);
    openpit_reference_book_destroy(book);
    return 0;
}
