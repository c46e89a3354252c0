// The slowest call on the way to four million accounts, each of which gets a balance one after the other, and to a million names,
// instruments and quotes; and what accounts cost whose ids were chosen to meet in tables. Run with `make bench`. The timer's own
// slowest reading, without a call between, tells what the machine did besides; the processor time of a call leaves out what
// other programs did meanwhile, and what a call takes in every round is its own.
#define _GNU_SOURCE
#include <openpit.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "timing.h"

#define ACCOUNTS 4000000
#define OTHERS 1000000
#define BOUND 100000 // nanoseconds
#define SLOWEST 5
#define GROWTH_ROUNDS 3

#define CHOSEN 40000
#define ROUNDS 7
#define CHOSEN_BOUND 1.5

static void require(openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return;
    fprintf(stderr, "%s\n", openpit_status_message(status));
    exit(1);
}

static openpit_asset asset(const char *name) {
    openpit_asset asset = 0;
    require(openpit_asset_intern((openpit_text){name, strlen(name)}, &asset));
    return asset;
}

static openpit_engine *make_engine(void) {
    openpit_engine_builder *builder = NULL;
    openpit_engine *engine = NULL;
    require(openpit_engine_builder_create(NULL, &builder));
    require(openpit_engine_builder_add_order_validation(builder, 0));
    require(openpit_engine_builder_add_spot_funds(builder, 0, NULL, NULL, NULL, 0, NULL));
    require(openpit_engine_builder_build(builder, &engine, NULL));
    openpit_engine_builder_destroy(builder);
    return engine;
}

static void add_account(openpit_engine *engine, openpit_account_id account) {
    static openpit_adjustment deposit = {
        .struct_size = sizeof deposit, .kind = OPENPIT_ADJUSTMENT_BALANCE, .balance_change = OPENPIT_CHANGE_ABSOLUTE};
    size_t failed = 0;
    deposit.balance = openpit_decimal_from_int64(1000);
    deposit.asset = 2;
    require(openpit_engine_apply_account_adjustment(engine, account, &deposit, 1, NULL, &failed));
}

// ---- The slowest calls ----------------------------------------------------------------------------------------------

typedef struct growth {
    const char *what;
    int count, name_count;
    void (*add)(struct growth *growth, int number);
    openpit_engine *engine;
    openpit_market_data *service;
    openpit_instrument_id instrument;
} growth;

static void grow_accounts(growth *growth, int number) { add_account(growth->engine, 1 + (openpit_account_id)number); }

static void grow_names(growth *growth, int number) {
    (void)growth;
    char name[32];
    snprintf(name, sizeof name, "name %d", number);
    asset(name);
}

static void grow_instruments(growth *growth, int number) {
    require(openpit_market_data_register(growth->service, 2 + (openpit_asset)number, 1, NULL, &growth->instrument));
}

static void grow_quotes(growth *growth, int number) {
    const openpit_quote quote = {.struct_size = sizeof quote};
    const openpit_account_id account = 1 + (openpit_account_id)number;
    require(openpit_market_data_push_for(growth->service, growth->instrument, &quote, OPENPIT_QUOTE_REPLACE, 0,
                                         &account, 1, NULL, 0));
}

/// Nanoseconds for which this thread has had a processor.
static uint64_t processor_time(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/// One call: how long it took, which it was, pages that the system had to find for it, and how often others had its processor.
typedef struct call {
    uint64_t time;
    int number;
    long faults, switches;
} call;

static void keep_slowest(call *slowest, call next) {
    for (int place = SLOWEST - 1; place >= 0 && next.time > slowest[place].time; place--) {
        slowest[place + 1] = slowest[place];
        slowest[place] = next;
    }
}

static void print_slowest(const char *what, const call *slowest) {
    printf("  %s:", what);
    for (int place = 0; place < SLOWEST; place++)
        printf("  %.1f us (call %d, %ld pages, %ld switches)", (double)slowest[place].time / 1000,
               slowest[place].number, slowest[place].faults, slowest[place].switches);
    printf("\n");
}

static struct rusage usage(void) {
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return usage;
}

/// What was seen of a growth in all rounds.
typedef struct seen {
    call slowest[SLOWEST + 1], busiest[SLOWEST + 1], widest;
    uint64_t timer, all;
    /// Of each call the shortest time of all rounds: what it does itself it does in every one of them.
    uint32_t least[];
} seen;

static void watch(growth *growth, seen *seen, int round) {
    struct rusage used = usage();
    for (int number = 0; number < growth->count; number++) {
        const uint64_t before = processor_time();
        const uint64_t idle = now();
        const uint64_t start = now();
        growth->add(growth, number);
        const uint64_t time = now() - start;
        const uint64_t busy = processor_time() - before;
        const struct rusage after = usage();
        const long faults = after.ru_minflt - used.ru_minflt;
        const long switches = after.ru_nivcsw - used.ru_nivcsw;
        used = after;
        keep_slowest(seen->busiest, (call){busy, number, faults, switches});
        keep_slowest(seen->slowest, (call){time, number, faults, switches});
        if (faults > seen->widest.faults) seen->widest = (call){time, number, faults, switches};
        if (start - idle > seen->timer) seen->timer = start - idle;
        seen->all += time;
        const uint32_t short_time = time < UINT32_MAX ? (uint32_t)time : UINT32_MAX;
        if (round == 0 || short_time < seen->least[number]) seen->least[number] = short_time;
    }
}

/// Tells whether the slowest call was within bounds: by the clock, by what it had of a processor, or in one of the rounds.
static int report(const growth *growth, const seen *seen) {
    call least[SLOWEST + 1] = {{0}};
    for (int number = 0; number < growth->count; number++)
        keep_slowest(least, (call){seen->least[number], number, 0, 0});
    const uint64_t bound = 2 * seen->timer > BOUND ? 2 * seen->timer : BOUND;
    printf("%d %s, one by one: %.0f ns each; the slowest reading of the timer %.1f us, bound %.1f us\n", growth->count,
           growth->what, (double)seen->all / growth->count / GROWTH_ROUNDS, (double)seen->timer / 1000,
           (double)bound / 1000);
    print_slowest("slowest", seen->slowest);
    print_slowest("most processor time", seen->busiest);
    printf("  most new pages: %ld (call %d, %.1f us)\n", seen->widest.faults, seen->widest.number,
           (double)seen->widest.time / 1000);
    printf("  slowest in every one of %d rounds:", GROWTH_ROUNDS);
    for (int place = 0; place < SLOWEST; place++)
        printf("  %.1f us (call %d)", (double)least[place].time / 1000, least[place].number);
    printf("\n");
    return seen->slowest[0].time <= bound || seen->busiest[0].time <= BOUND || least[0].time <= BOUND;
}

/// Lets it grow anew a few times, each in a process of its own, for names stay as long as theirs. What else the machine does does
/// not come back at the same call.
static int grow(growth *growth) {
    const size_t size = sizeof(seen) + (size_t)growth->count * sizeof(uint32_t);
    seen *seen = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (seen == MAP_FAILED) return 0;
    memset(seen, 0, size);
    for (int round = 0; round < GROWTH_ROUNDS; round++) {
        int status = 1;
        fflush(stdout);
        const pid_t child = fork();
        if (child == 0) {
            growth->engine = make_engine();
            require(openpit_market_data_create(NULL, &growth->service));
            require(openpit_market_data_register(growth->service, 1, 2, NULL, &growth->instrument));
            for (int number = 0; number < growth->name_count; number++) grow_names(growth, number);
            watch(growth, seen, round);
            _exit(0);
        }
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0) return 0;
    }
    const int is_bounded = report(growth, seen);
    munmap(seen, size);
    return is_bounded;
}

static int grow_all(void) {
    growth growths[] = {{.what = "accounts", .count = ACCOUNTS, .add = grow_accounts},
                        {.what = "names", .count = OTHERS, .add = grow_names},
                        {.what = "instruments", .count = OTHERS, .name_count = OTHERS, .add = grow_instruments},
                        {.what = "quotes of accounts", .count = OTHERS, .add = grow_quotes}};
    int is_bounded = 1;
    for (size_t index = 0; index < sizeof growths / sizeof *growths; index++) is_bounded &= grow(&growths[index]);
    return is_bounded;
}

// ---- Chosen ids -----------------------------------------------------------------------------------------------------

/// What an account costs: nanoseconds to add it, and for an order of it that is accepted and taken back.
typedef struct cost {
    double add, check;
} cost;

static cost measure(uint64_t step) {
    const openpit_order order = {.struct_size = sizeof order,
                                 .fields = OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE,
                                 .underlying = 1,
                                 .settlement = 2,
                                 .amount = openpit_decimal_from_int64(1),
                                 .price = openpit_decimal_from_int64(1),
                                 .amount_kind = OPENPIT_AMOUNT_QUANTITY,
                                 .side = OPENPIT_SIDE_BUY};
    openpit_engine *engine = make_engine();
    const uint64_t start = now();
    for (uint64_t number = 1; number <= CHOSEN; number++) add_account(engine, number * step);
    const uint64_t middle = now();
    for (uint64_t number = 1; number <= CHOSEN; number++) {
        openpit_order own = order;
        openpit_reservation reservation = 0;
        own.account = number * step;
        require(openpit_engine_execute_pre_trade(engine, &own, NULL, &reservation));
        require(openpit_engine_rollback(engine, reservation));
    }
    const uint64_t end = now();
    openpit_engine_destroy(engine);
    return (cost){(double)(middle - start) / CHOSEN, (double)(end - middle) / CHOSEN};
}

static void keep_least(cost *least, cost cost) {
    if (least->add == 0 || cost.add < least->add) least->add = cost.add;
    if (least->check == 0 || cost.check < least->check) least->check = cost.check;
}

/// Tells whether ids in steps that met in tables of a fixed hash, and others, cost about as much as plain ones.
static int choose(void) {
    const uint64_t golden = 0x9e3779b97f4a7c15u;
    uint64_t inverse = 1;
    for (int round = 0; round < 6; round++) inverse *= 2 - inverse * golden;
    const uint64_t steps[] = {inverse, (uint64_t)1 << 32, (uint64_t)1 << 40, 0x100000001u};
    cost plain = {0}, worst = {0}, chosen[sizeof steps / sizeof *steps] = {{0}};
    for (int round = 0; round < ROUNDS; round++) {
        keep_least(&plain, measure(1));
        for (size_t index = 0; index < sizeof steps / sizeof *steps; index++)
            keep_least(&chosen[index], measure(steps[index]));
    }
    for (size_t index = 0; index < sizeof steps / sizeof *steps; index++) {
        if (chosen[index].add > worst.add) worst.add = chosen[index].add;
        if (chosen[index].check > worst.check) worst.check = chosen[index].check;
    }
    printf("%d accounts of chosen ids: %.0f ns to add one, %.2f of a plain one; %.0f ns for its order, %.2f of a plain "
           "one's, "
           "bound %.2f\n",
           CHOSEN, worst.add, worst.add / plain.add, worst.check, worst.check / plain.check, CHOSEN_BOUND);
    return worst.add <= CHOSEN_BOUND * plain.add && worst.check <= CHOSEN_BOUND * plain.check;
}

int main(void) {
    printf("\n");
    asset("AAPL");
    asset("USD");
    const int is_bounded = grow_all();
    return choose() && is_bounded ? 0 : 1;
}
