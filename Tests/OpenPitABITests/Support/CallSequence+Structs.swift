import COpenPit

/// Arguments: mostly such as make sense together, sometimes anything.
extension CallSequence {
    // MARK: Numbers and ids

    func decimal() -> openpit_decimal {
        var decimal = openpit_decimal()
        switch source.below(16) {
        case 0: (decimal.low, decimal.high, decimal.scale) = (.max, .max, UInt8(source.below(30)))
        case 1:
            decimal.low = source.number()
            decimal.high = source.number()
            decimal.scale = source.byte()
            decimal.negative = source.byte()
            decimal.reserved = source.isRare() ? source.number() : 0
        case 2: (decimal.low, decimal.scale, decimal.negative) = (1, 28, UInt8(source.below(2)))
        case 3: (decimal.low, decimal.scale, decimal.negative) = (UInt64(source.byte()), 2, 1)
        default: (decimal.low, decimal.scale) = (UInt64(source.number(UInt16.self)), UInt8(source.below(4)))
        }
        return decimal
    }

    func account() -> openpit_account_id { source.isRare() ? source.number() : UInt64(source.below(4)) }

    func group() -> openpit_account_group_id { source.isRare() ? source.number() : UInt32(source.below(3)) }

    func policyGroup() -> openpit_policy_group_id { source.isRare() ? source.number() : UInt16(source.below(3)) }

    func asset() -> openpit_asset { source.isRare() ? source.number() : assets[source.below(assets.count)] }

    func instrument() -> openpit_instrument_id { source.isRare() ? source.number() : UInt64(source.below(4)) }

    /// A number below `count`, for a field that knows no others.
    func code(_ count: Int) -> UInt8 { source.isRare() ? source.byte() : UInt8(source.below(count)) }

    func bits(_ all: Int) -> UInt32 {
        source.isRare() ? source.number() : UInt32(source.number(UInt16.self)) & UInt32(all)
    }

    /// What was left zero, most of the time.
    func reserved<Number: FixedWidthInteger & UnsignedInteger>() -> Number { source.isRare() ? source.number() : 0 }

    /// How many items there are, or a lie that has to be noticed.
    func count(_ count: Int) -> Int { source.isRare() ? -1 - source.below(2) : count }

    /// The right size, or one that has to be refused.
    func size<Struct>(of type: Struct.Type) -> UInt32 {
        guard source.isRare() else { return UInt32(MemoryLayout<Struct>.size) }
        return source.flag() ? UInt32(source.below(MemoryLayout<Struct>.size)) : 4097 + source.number() / 2
    }

    // MARK: Texts

    func text(_ text: StaticString) -> openpit_text {
        openpit_text(
            data: UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self), length: text.utf8CodeUnitCount)
    }

    /// Good until the next text.
    func text() -> openpit_text {
        switch source.below(4) {
        case 0: return text("a word or two")
        case 1: return openpit_text(data: nil, length: count(0))
        default:
            let length = source.below(scratch.count)
            for index in 0..<length { scratch[index] = source.byte() }
            return openpit_text(
                data: UnsafeRawPointer(scratch.baseAddress!).assumingMemoryBound(to: CChar.self), length: count(length))
        }
    }

    func policyName() -> openpit_text {
        switch source.below(8) {
        case 0: text()
        case 1: text("OrderValidationPolicy")
        case 2...3: text("RateLimitPolicy")
        case 4: text("OrderSizeLimitPolicy")
        case 5: text("PnlBoundsKillSwitchPolicy")
        default: text("SpotFundsPolicy")
        }
    }

    // MARK: Errors and larger structs

    @discardableResult
    func withError(_ body: (UnsafeMutablePointer<openpit_error>?) -> Bool) -> Bool {
        if source.isRare() { return body(nil) }
        var error = openpit_error()
        error.struct_size = size(of: openpit_error.self)
        defer {
            if error.message_length >= UInt32(OPENPIT_ERROR_MESSAGE_CAPACITY) { fail("an error's message is too long") }
        }
        return body(&error)
    }

    /// The struct in a larger one of a later library, now and then.
    @discardableResult
    func withPadding<Struct, Value>(_ value: Struct, _ body: (UnsafePointer<Struct>?) -> Value) -> Value {
        guard source.isRare() else { return withUnsafePointer(to: value) { body($0) } }
        if source.isRare() { return body(nil) }
        let whole = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
        defer { whole.deallocate() }
        whole.initializeMemory(as: UInt8.self, repeating: 0)
        whole.storeBytes(of: value, as: Struct.self)
        whole.storeBytes(of: UInt32(MemoryLayout<Struct>.size + source.below(33)), as: UInt32.self)
        whole[MemoryLayout<Struct>.size + 8] = reserved()
        return body(UnsafeRawPointer(whole.baseAddress!).assumingMemoryBound(to: Struct.self))
    }

    // MARK: Orders, reports, adjustments

    func order() -> openpit_order {
        var order = openpit_order()
        order.struct_size = size(of: openpit_order.self)
        order.fields = bits(31) | (source.isRare() ? bits(OPENPIT_ORDER_ALL_FIELDS) : 0) | (source.isRare() ? 0 : 3)
        order.account = account()
        (order.underlying, order.settlement) = source.isRare() ? (0, 0) : (asset(), asset())
        order.amount = decimal()
        order.price = decimal()
        order.amount_kind = code(3)
        order.side = code(3)
        order.position_side = code(3)
        order.leverage = source.isRare() ? source.number() : 0
        order.reserved_byte = reserved()
        order.collateral = source.isRare() ? asset() : 0
        order.reserved.1 = reserved()
        order.client_order_id = source.isRare() ? text() : text("an order")
        order.replaces = text("an id")
        order.display_quantity = decimal()
        order.stop_price = decimal()
        order.decision_price = decimal()
        order.expire_at = Int64(bitPattern: source.number())
        (order.strategy, order.trader) = source.isRare() ? (asset(), asset()) : (0, 0)
        (order.venue, order.session) = source.isRare() ? (asset(), asset()) : (0, 0)
        (order.clearing_account, order.decision_maker) = source.isRare() ? (asset(), asset()) : (0, 0)
        (order.order_type, order.time_in_force) = (code(5), code(8))
        order.reserved_tail_short = reserved()
        order.reserved_tail_word = reserved()
        return order
    }

    func lockEntry() -> openpit_lock_entry {
        openpit_lock_entry(
            price: decimal(), policy_group: policyGroup(), reserved_short: reserved(), reserved_word: reserved())
    }

    /// Without its lock.
    func report() -> openpit_report {
        var report = openpit_report()
        report.struct_size = size(of: openpit_report.self)
        report.fields = bits(0x7F) | (source.isRare() ? bits(OPENPIT_REPORT_ALL_FIELDS) : 0)
        report.fields |= source.isRare() ? 0 : 0x71
        report.account = account()
        (report.underlying, report.settlement) = source.isRare() ? (0, 0) : (asset(), asset())
        report.pnl = decimal()
        report.fee = decimal()
        report.trade_price = decimal()
        report.trade_quantity = decimal()
        report.fill_fee = decimal()
        report.leaves_quantity = decimal()
        report.fill_fee_asset = asset()
        report.side = code(3)
        report.position_effect = code(3)
        report.position_side = code(3)
        report.is_final = code(2)
        report.reserved.0 = reserved()
        report.client_order_id = source.isRare() ? text() : text("an order")
        report.order_id = source.number()
        report.execution_id = text("a trade")
        (report.strategy, report.trader) = source.isRare() ? (asset(), asset()) : (0, 0)
        report.venue = source.isRare() ? asset() : 0
        report.event = code(11)
        report.reserved_tail_byte = reserved()
        report.reserved_tail_short = reserved()
        return report
    }

    func adjustment() -> openpit_adjustment {
        var adjustment = openpit_adjustment()
        adjustment.struct_size = size(of: openpit_adjustment.self)
        adjustment.fields = source.flag() ? bits(3) : bits(OPENPIT_ADJUSTMENT_ALL_FIELDS)
        adjustment.kind = source.flag() ? UInt8(OPENPIT_ADJUSTMENT_BALANCE) : code(6)
        adjustment.balance_change = code(3)
        adjustment.held_change = code(3)
        adjustment.incoming_change = code(3)
        adjustment.halt_reason = source.isRare() ? code(6) : 0
        adjustment.mode = source.isRare() ? code(3) : 0
        adjustment.asset = source.isRare() ? 0 : asset()
        (adjustment.underlying, adjustment.settlement) = (asset(), asset())
        adjustment.average_entry_price = decimal()
        adjustment.pnl = decimal()
        adjustment.balance = decimal()
        adjustment.held = decimal()
        adjustment.incoming = decimal()
        adjustment.balance_lower = decimal()
        adjustment.balance_upper = decimal()
        adjustment.incoming_upper = decimal()
        (adjustment.strategy, adjustment.trader) = source.isRare() ? (asset(), asset()) : (0, 0)
        adjustment.venue = source.isRare() ? asset() : 0
        adjustment.reserved_tail = reserved()
        return adjustment
    }

    func reject() -> openpit_reject {
        var reject = openpit_reject()
        reject.struct_size = size(of: openpit_reject.self)
        reject.code = source.isRare() ? source.number() : UInt16(1 + source.below(42))
        reject.scope = source.isRare() ? source.byte() : UInt8(1 + source.below(2))
        reject.reserved = reserved()
        reject.policy = source.flag() ? text("somebody") : openpit_text()
        reject.reason = text("a reason")
        reject.details = text()
        return reject
    }
}

// MARK: - Reading

extension CallSequence {
    /// Reads everything a result has to say, and one item too many of each.
    func read(_ result: OpaquePointer?) {
        guard source.flag() else { return }
        for index in 0...openpit_result_reject_count(result) {
            var reject = openpit_reject()
            reject.struct_size = size(of: openpit_reject.self)
            if check(openpit_result_reject(result, index, &reject), "result_reject") { touch(reject) }
        }
        for index in 0...openpit_result_block_count(result) {
            var block = openpit_reject()
            block.struct_size = size(of: openpit_reject.self)
            if check(openpit_result_block(result, index, &block), "result_block") { touch(block) }
        }
        for index in 0...openpit_result_outcome_count(result) {
            var outcome = openpit_outcome()
            outcome.struct_size = size(of: openpit_outcome.self)
            check(openpit_result_outcome(result, index, &outcome), "result_outcome")
        }
        for index in 0...openpit_result_account_pnl_count(result) {
            var pnl = openpit_account_pnl()
            pnl.struct_size = size(of: openpit_account_pnl.self)
            check(openpit_result_account_pnl(result, index, &pnl), "result_account_pnl")
        }
        for index in 0...openpit_result_lock_count(result) {
            var entry = openpit_lock_entry()
            check(openpit_result_lock_entry(result, count(index), &entry), "result_lock_entry")
        }
        if source.isRare() { openpit_result_clear(result) }
    }

    private func touch(_ reject: openpit_reject) {
        if openpit_reject_code_name(reject.code) == nil { fail("a reject has the code \(reject.code)") }
        for text in [reject.policy, reject.reason, reject.details] {
            let bytes = UnsafeRawBufferPointer(start: text.data, count: text.length)
            if String(validating: bytes, as: UTF8.self) == nil { fail("a reject's text is not UTF-8") }
        }
    }
}
