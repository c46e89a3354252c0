import COpenPit
import Foundation
import Testing

@testable import OpenPitABI

/// Swift silently drops a field whose type it cannot express, so what Swift sees is compared with what the C compiler
/// wrote down in `layout.txt`.
struct LayoutTests {
    /// A zeroed value of every struct in the headers, by its C name.
    static let structs: [(name: String, layout: SwiftLayout)] = [
        ("openpit_error", SwiftLayout(openpit_error())),
        ("openpit_text", SwiftLayout(openpit_text())),
        ("openpit_decimal", SwiftLayout(openpit_decimal())),
        ("openpit_order", SwiftLayout(openpit_order())),
        ("openpit_lock_entry", SwiftLayout(openpit_lock_entry())),
        ("openpit_report", SwiftLayout(openpit_report())),
        ("openpit_adjustment", SwiftLayout(openpit_adjustment())),
        ("openpit_reject", SwiftLayout(openpit_reject())),
        ("openpit_amount_change", SwiftLayout(openpit_amount_change())),
        ("openpit_outcome", SwiftLayout(openpit_outcome())),
        ("openpit_account_pnl", SwiftLayout(openpit_account_pnl())),
        ("openpit_engine_options", SwiftLayout(openpit_engine_options())),
        ("openpit_rate_limit_barrier", SwiftLayout(openpit_rate_limit_barrier())),
        ("openpit_order_size_barrier", SwiftLayout(openpit_order_size_barrier())),
        ("openpit_pnl_barrier", SwiftLayout(openpit_pnl_barrier())),
        ("openpit_market_data_options", SwiftLayout(openpit_market_data_options())),
        ("openpit_quote", SwiftLayout(openpit_quote())),
        ("openpit_quote_reader", SwiftLayout(openpit_quote_reader())),
        ("openpit_ttl_scope", SwiftLayout(openpit_ttl_scope())),
        ("openpit_settlement_lag", SwiftLayout(openpit_settlement_lag())),
        ("openpit_settlement_scheme", SwiftLayout(openpit_settlement_scheme())),
        ("openpit_slippage_override", SwiftLayout(openpit_slippage_override())),
        ("openpit_limit_mode_pin", SwiftLayout(openpit_limit_mode_pin())),
        ("openpit_position_limit", SwiftLayout(openpit_position_limit())),
        ("openpit_spot_funds_settings", SwiftLayout(openpit_spot_funds_settings())),
        ("openpit_spot_funds_barrier", SwiftLayout(openpit_spot_funds_barrier())),
        ("openpit_holding", SwiftLayout(openpit_holding())),
        ("openpit_scope", SwiftLayout(openpit_scope())),
        ("openpit_limit_stage", SwiftLayout(openpit_limit_stage())),
        ("openpit_limit_argument", SwiftLayout(openpit_limit_argument())),
        ("openpit_max_age", SwiftLayout(openpit_max_age())),
        ("openpit_limit", SwiftLayout(openpit_limit())),
        ("openpit_limit_options", SwiftLayout(openpit_limit_options())),
        ("openpit_tick", SwiftLayout(openpit_tick())),
        ("openpit_instrument_class", SwiftLayout(openpit_instrument_class())),
        ("openpit_instrument_description", SwiftLayout(openpit_instrument_description())),
        ("openpit_account_description", SwiftLayout(openpit_account_description())),
        ("openpit_input_key", SwiftLayout(openpit_input_key())),
        ("openpit_limit_status", SwiftLayout(openpit_limit_status())),
        ("openpit_input_use", SwiftLayout(openpit_input_use())),
        ("openpit_look", SwiftLayout(openpit_look())),
        ("openpit_explanation", SwiftLayout(openpit_explanation())),
        ("openpit_limit_event", SwiftLayout(openpit_limit_event())),
        ("openpit_group_description", SwiftLayout(openpit_group_description())),
        ("openpit_limit_change", SwiftLayout(openpit_limit_change())),
        ("openpit_requirement", SwiftLayout(openpit_requirement())),
        ("openpit_limit_change_answer", SwiftLayout(openpit_limit_change_answer())),
        ("openpit_pending_change", SwiftLayout(openpit_pending_change())),
        ("openpit_calendar_instant", SwiftLayout(openpit_calendar_instant())),
        ("openpit_session", SwiftLayout(openpit_session())),
        ("openpit_permission_item", SwiftLayout(openpit_permission_item())),
        ("openpit_permission", SwiftLayout(openpit_permission())),
        ("openpit_release_answer", SwiftLayout(openpit_release_answer())),
        ("openpit_cancel_intent", SwiftLayout(openpit_cancel_intent())),
        ("openpit_cancel", SwiftLayout(openpit_cancel())),
        ("openpit_locate", SwiftLayout(openpit_locate())),
        ("openpit_grant", SwiftLayout(openpit_grant())),
        ("openpit_portfolio_view", SwiftLayout(openpit_portfolio_view())),
        ("openpit_portfolio_position", SwiftLayout(openpit_portfolio_position())),
        ("openpit_portfolio_order", SwiftLayout(openpit_portfolio_order())),
        ("openpit_portfolio_breach", SwiftLayout(openpit_portfolio_breach())),
        ("openpit_portfolio_verdict", SwiftLayout(openpit_portfolio_verdict())),
        ("openpit_portfolio_limits_view", SwiftLayout(openpit_portfolio_limits_view())),
        ("openpit_policy", SwiftLayout(openpit_policy())),
        ("openpit_mutation", SwiftLayout(openpit_mutation())),
        ("openpit_book_options", SwiftLayout(openpit_book_options())),
        ("openpit_book_message", SwiftLayout(openpit_book_message())),
        ("openpit_book_report", SwiftLayout(openpit_book_report())),
        ("openpit_book_level", SwiftLayout(openpit_book_level())),
        ("openpit_book_order", SwiftLayout(openpit_book_order())),
        ("openpit_book_summary", SwiftLayout(openpit_book_summary())),
        ("openpit_matcher_options", SwiftLayout(openpit_matcher_options())),
        ("openpit_matcher_order", SwiftLayout(openpit_matcher_order())),
        ("openpit_matcher_outcome", SwiftLayout(openpit_matcher_outcome())),
        ("openpit_matcher_fill", SwiftLayout(openpit_matcher_fill())),
        ("openpit_auction_outcome", SwiftLayout(openpit_auction_outcome())),
        ("openpit_matcher_pair", SwiftLayout(openpit_matcher_pair())),
        ("openpit_pair_view", SwiftLayout(openpit_pair_view())),
        ("openpit_matcher_level", SwiftLayout(openpit_matcher_level())),
        ("openpit_matcher_resting", SwiftLayout(openpit_matcher_resting())),
        ("openpit_matcher_summary", SwiftLayout(openpit_matcher_summary())),
        ("openpit_matcher_totals", SwiftLayout(openpit_matcher_totals())),
        ("openpit_impact_state", SwiftLayout(openpit_impact_state())),
        ("openpit_impact_question", SwiftLayout(openpit_impact_question())),
        ("openpit_impact_answer", SwiftLayout(openpit_impact_answer())),
        ("openpit_simulation_event", SwiftLayout(openpit_simulation_event())),
        ("openpit_simulation_result", SwiftLayout(openpit_simulation_result())),
        ("openpit_simulation_point", SwiftLayout(openpit_simulation_point())),
        ("openpit_order_life", SwiftLayout(openpit_order_life())),
        ("openpit_order_life_view", SwiftLayout(openpit_order_life_view())),
        ("openpit_uuid", SwiftLayout(openpit_uuid())),
        ("openpit_order_problem", SwiftLayout(openpit_order_problem())),
        ("openpit_order_fill", SwiftLayout(openpit_order_fill())),
        ("openpit_wallet_cash", SwiftLayout(openpit_wallet_cash())),
        ("openpit_wallet_position", SwiftLayout(openpit_wallet_position())),
        ("openpit_orders_options", SwiftLayout(openpit_orders_options())),
        ("openpit_new_order", SwiftLayout(openpit_new_order())),
        ("openpit_order_update", SwiftLayout(openpit_order_update())),
        ("openpit_order_record", SwiftLayout(openpit_order_record())),
        ("openpit_order_name", SwiftLayout(openpit_order_name())),
        ("openpit_router_options", SwiftLayout(openpit_router_options())),
        ("openpit_routed", SwiftLayout(openpit_routed())),
        ("openpit_route_event", SwiftLayout(openpit_route_event())),
        ("openpit_routed_order", SwiftLayout(openpit_routed_order())),
        ("openpit_desk_options", SwiftLayout(openpit_desk_options())),
        ("openpit_desk_instrument", SwiftLayout(openpit_desk_instrument())),
        ("openpit_desk_request", SwiftLayout(openpit_desk_request())),
        ("openpit_desk_situation", SwiftLayout(openpit_desk_situation())),
        ("openpit_desk_verdict", SwiftLayout(openpit_desk_verdict())),
        ("openpit_desk_event", SwiftLayout(openpit_desk_event())),
        ("openpit_desk_fill", SwiftLayout(openpit_desk_fill())),
        ("openpit_desk_correlation", SwiftLayout(openpit_desk_correlation())),
        ("openpit_desk_order", SwiftLayout(openpit_desk_order())),
        ("openpit_desk_position", SwiftLayout(openpit_desk_position())),
        ("openpit_desk_summary", SwiftLayout(openpit_desk_summary())),
        ("openpit_desk_performance", SwiftLayout(openpit_desk_performance())),
        ("openpit_gates_options", SwiftLayout(openpit_gates_options())),
        ("openpit_gates_terms", SwiftLayout(openpit_gates_terms())),
        ("openpit_gates_share", SwiftLayout(openpit_gates_share())),
        ("openpit_gates_limits", SwiftLayout(openpit_gates_limits())),
        ("openpit_gates_order", SwiftLayout(openpit_gates_order())),
        ("openpit_gates_verdict", SwiftLayout(openpit_gates_verdict())),
        ("openpit_gates_open_order", SwiftLayout(openpit_gates_open_order())),
        ("openpit_gates_hold", SwiftLayout(openpit_gates_hold())),
        ("openpit_gates_fill", SwiftLayout(openpit_gates_fill())),
        ("openpit_gates_fill_outcome", SwiftLayout(openpit_gates_fill_outcome())),
        ("openpit_gates_position", SwiftLayout(openpit_gates_position())),
        ("openpit_gates_value", SwiftLayout(openpit_gates_value())),
        ("openpit_gates_raised_halt", SwiftLayout(openpit_gates_raised_halt())),
        ("openpit_gates_stop", SwiftLayout(openpit_gates_stop())),
        ("openpit_gates_swept", SwiftLayout(openpit_gates_swept())),
        ("openpit_paper_options", SwiftLayout(openpit_paper_options())),
        ("openpit_paper_order", SwiftLayout(openpit_paper_order())),
        ("openpit_paper_fill", SwiftLayout(openpit_paper_fill())),
        ("openpit_paper_account", SwiftLayout(openpit_paper_account())),
    ]

    /// Read once: the recording is long, and there are as many questions to it as structs.
    private static let recorded = Result { try recordedLayouts() }

    @Test(arguments: structs.map(\.name))
    func `Swift sees a struct as the C compiler does`(name: String) throws {
        let expected = try #require(Self.recorded.get()[name])
        let actual = try #require(Self.structs.first { $0.name == name }).layout
        #expect(actual == expected)
    }

    @Test func `every struct of the headers is looked at`() throws {
        #expect(try Self.recorded.get().keys.sorted() == Self.structs.map(\.name).sorted())
    }
}

/// The size, alignment and field names of a struct, and how large it was at first when it is one that may grow.
struct SwiftLayout: Equatable, Sendable {
    var size: Int
    var alignment: Int
    var fields: [String]
    var firstVersionSize: Int?
}

extension SwiftLayout {
    init<Value>(_ value: Value) {
        size = MemoryLayout<Value>.size
        alignment = MemoryLayout<Value>.alignment
        fields = Mirror(reflecting: value).children.map { $0.label ?? "" }
        firstVersionSize = (value as? any SizedStruct).map { type(of: $0).firstVersionSize }
    }
}

/// The layouts of today's header. A struct that begins with its size was at first what the oldest header says that has it.
private func recordedLayouts() throws -> [String: SwiftLayout] {
    let abi = URL(filePath: #filePath).appending(path: "../../abi").standardized
    let older = try FileManager.default.contentsOfDirectory(atPath: abi.appending(path: "older").path)
        .filter { $0.first?.isNumber == true }
        .sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    let histories = try (older.map { "older/\($0)" } + ["."]).map {
        try layouts(in: abi.appending(path: $0).appending(path: "layout.txt"))
    }
    var today = histories[histories.count - 1]
    for (name, layout) in today where layout.fields.first == "struct_size" {
        today[name]?.firstVersionSize = histories.lazy.compactMap { $0[name]?.size }.first
    }
    return today
}

/// What a `layout.txt` says, by the name of the struct: a line `struct NAME [sizeof=SIZE, align=ALIGNMENT]`, then a line
/// `OFFSET  TYPE FIELD` for each field.
private func layouts(in recording: URL) throws -> [String: SwiftLayout] {
    var layouts: [String: SwiftLayout] = [:]
    var name = ""
    for line in try String(contentsOf: recording, encoding: .utf8).split(separator: "\n") {
        let words = line.split(separator: " ")
        if words.count == 4, words[0] == "struct" {
            name = String(words[1])
            layouts[name] = SwiftLayout(size: number(in: words[2]), alignment: number(in: words[3]), fields: [])
        } else if let field = words.last {
            layouts[name]?.fields.append(String(field))
        }
    }
    return layouts
}

private func number(in word: Substring) -> Int {
    Int(word.filter(\.isNumber)) ?? -1
}
