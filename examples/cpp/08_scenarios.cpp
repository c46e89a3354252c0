// Scenarios as tables: reads CSV files, runs each against an engine of its own, and reports line by line.
//
//     build/examples/08_scenarios-cpp [FOLDER]
//
// Lines that begin with "limit" configure the engine; the others are what happens to it. The column `expected` holds the
// code of the reject or block a line leads to, "accepted", or nothing. examples/python/08_scenarios.py runs the same tables.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <openpit.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

using namespace openpit;
using namespace std::chrono_literals;

namespace {

using Row = std::map<std::string, std::string>;

// What a line of a table leads to.
struct Answer {
    std::string code;
    std::string details;
};

std::vector<std::string> split(const std::string &line, char separator) {
    std::vector<std::string> parts;
    std::istringstream stream(line);
    for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
    return parts;
}

std::vector<Row> read(const std::filesystem::path &table) {
    std::ifstream file(table);
    std::string line;
    std::getline(file, line);
    const std::vector<std::string> columns = split(line, ',');
    std::vector<Row> rows;
    while (std::getline(file, line)) {
        std::vector<std::string> fields = split(line, ',');
        fields.resize(columns.size());
        Row row;
        for (std::size_t index = 0; index < columns.size(); ++index) row[columns[index]] = fields[index];
        rows.push_back(row);
    }
    return rows;
}

bool is_limit(const Row &row) { return row.at("action").rfind("limit ", 0) == 0; }

Instrument instrument(const Row &row) {
    const std::vector<std::string> names = split(row.at("instrument"), '/');
    return Instrument(names.at(0), names.at(1));
}

AccountId account(const Row &row) { return AccountId(std::stoull(row.at("account"))); }

Side side(const Row &row) { return row.at("side") == "buy" ? Side::Buy : Side::Sell; }

// Validation always, and the limits that the table asks for.
Engine build(const std::vector<Row> &rows) {
    EngineBuilder builder;
    builder.add(OrderValidation());
    OrderSize size;
    for (const Row &row : rows) {
        const std::string &action = row.at("action");
        if (action == "limit rate") builder.add(RateLimit().broker({std::stoull(row.at("quantity")), 1h}));
        if (action == "limit quantity") size.max_quantity = Quantity(row.at("quantity"));
        if (action == "limit notional") size.max_notional = Volume(row.at("quantity"));
        if (action == "limit loss") {
            builder.add(PnlKillSwitch().broker(instrument(row).settlement, {Pnl(row.at("pnl"))}));
        }
    }
    if (size.max_quantity || size.max_notional) builder.add(OrderSizeLimit().broker(size));
    return builder.build();
}

std::string text(std::string_view view) { return std::string(view); }

Answer send(Engine &engine, const Row &row) {
    Order order = Order().account(account(row)).instrument(instrument(row)).side(side(row));
    order.quantity(Quantity(row.at("quantity")));
    if (!row.at("price").empty()) order.price(Price(row.at("price")));
    auto decision = engine.execute_pre_trade(order);
    if (!decision) {
        const Reject reject = decision.rejects()[0];
        return {to_string(reject.code()), text(reject.details())};
    }
    decision->commit();
    return {"accepted", ""};
}

Answer report(Engine &engine, const Row &row) {
    const Result result = engine.apply_execution_report(ExecutionReport()
                                                            .account(account(row))
                                                            .instrument(instrument(row))
                                                            .side(side(row))
                                                            .financial_impact(Pnl(row.at("pnl")), Fee(row.at("fee"))));
    const auto blocks = result.blocks();
    if (blocks.size() == 0) return {};
    return {to_string(blocks[0].code()), text(blocks[0].details())};
}

Answer happen(Engine &engine, const Row &row) {
    const std::string &action = row.at("action");
    if (action == "order") return send(engine, row);
    if (action == "report") return report(engine, row);
    if (action == "block") {
        engine.accounts().block(account(row), "stopped by the table");
    } else if (action == "unblock") {
        engine.accounts().unblock(account(row));
    } else if (action == "set pnl") {
        engine.set_account_pnl(account(row), instrument(row).settlement, Pnl(row.at("pnl")));
    } else {
        throw std::runtime_error("there is no action " + action);
    }
    return {};
}

// A line in words.
std::string what(const Row &row) {
    std::string words = row.at("action");
    for (const char *column : {"account", "side", "quantity", "instrument"}) {
        if (!row.at(column).empty()) words += " " + row.at(column);
    }
    if (!row.at("price").empty()) words += " at " + row.at("price");
    if (!row.at("pnl").empty()) words += " pnl " + row.at("pnl");
    if (!row.at("fee").empty()) words += " fee " + row.at("fee");
    return words;
}

// Runs one table and prints its report. True when every line led to what it expected.
bool run(const std::filesystem::path &table) {
    const std::vector<Row> rows = read(table);
    Engine engine = build(rows);
    std::cout << table.stem().string() << '\n';
    for (const Row &row : rows) {
        if (is_limit(row)) std::cout << "        " << what(row) << '\n';
    }
    bool all_expected = true;
    for (const Row &row : rows) {
        if (is_limit(row)) continue;
        const Answer answer = happen(engine, row);
        const bool is_expected = answer.code == row.at("expected");
        all_expected = all_expected && is_expected;
        std::cout << (is_expected ? "  ok    " : "  FAIL  ");
        if (answer.code.empty()) {
            std::cout << what(row) << '\n';
        } else {
            std::cout << std::left << std::setw(42) << what(row) << ' ' << answer.code;
            std::cout << (answer.details.empty() ? "" : " (" + answer.details + ")") << '\n';
        }
        if (!is_expected) {
            const std::string &expected = row.at("expected");
            std::cout << "        expected " << (expected.empty() ? "nothing" : expected) << '\n';
        }
    }
    return all_expected;
}

} // namespace

int main(int count, char **arguments) {
    const std::filesystem::path folder = count > 1 ? arguments[1] : "examples/scenarios";
    std::vector<std::filesystem::path> tables;
    for (const auto &entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".csv") tables.push_back(entry.path());
    }
    std::sort(tables.begin(), tables.end());
    const auto good = std::count_if(tables.begin(), tables.end(), run);
    std::cout << good << " of " << tables.size() << " tables as expected\n";
    return static_cast<std::size_t>(good) == tables.size() ? 0 : 1;
}
