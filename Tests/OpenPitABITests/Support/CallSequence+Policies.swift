import COpenPit

/// Policies: adding them, and changing them while they run.
extension CallSequence {
    func addPolicy(to builder: OpaquePointer?) {
        switch source.below(9) {
        case 0: check(openpit_engine_builder_add_order_validation(builder, policyGroup()), "add_order_validation")
        case 1:
            let barriers = rateLimits()
            withError {
                check(
                    openpit_engine_builder_add_rate_limit(builder, policyGroup(), barriers, count(barriers.count), $0),
                    "add_rate_limit")
            }
        case 2:
            let barriers = sizeLimits()
            withError {
                check(
                    openpit_engine_builder_add_order_size_limit(
                        builder, policyGroup(), barriers, count(barriers.count), $0), "add_order_size_limit")
            }
        case 3:
            let barriers = pnlBarriers()
            withError {
                check(
                    openpit_engine_builder_add_pnl_kill_switch(
                        builder, policyGroup(), barriers, count(barriers.count), $0), "add_pnl_kill_switch")
            }
        case 4...5: addFunds(to: builder)
        case 6:
            withError {
                check(
                    openpit_engine_builder_keep_ledger(builder, source.flag() ? market : nil, $0), "keep_ledger")
            }
        default: addCustomPolicy(to: builder)
        }
    }

    private func addFunds(to builder: OpaquePointer?) {
        let barriers = fundsBarriers()
        withSettings { settings in
            withError {
                check(
                    openpit_engine_builder_add_spot_funds(
                        builder, policyGroup(), source.flag() ? market : nil, settings, barriers,
                        count(barriers.count), $0), "add_spot_funds")
            }
        }
    }

    func configureBarriers() {
        let axes = source.isRare() ? source.number() : UInt32(source.below(16))
        switch source.below(4) {
        case 0:
            let barriers = rateLimits()
            withError {
                check(
                    openpit_engine_configure_rate_limit(
                        engine, policyName(), axes, barriers, count(barriers.count), $0), "configure_rate_limit")
            }
        case 1:
            let barriers = sizeLimits()
            withError {
                check(
                    openpit_engine_configure_order_size_limit(
                        engine, policyName(), axes, barriers, count(barriers.count), $0), "configure_order_size_limit")
            }
        case 2:
            let barriers = pnlBarriers()
            withError {
                check(
                    openpit_engine_configure_pnl_kill_switch(
                        engine, policyName(), axes, barriers, count(barriers.count), $0), "configure_pnl_kill_switch")
            }
        default:
            withError {
                check(
                    openpit_engine_set_account_pnl(engine, policyName(), account(), asset(), decimal(), $0),
                    "set_account_pnl")
            }
        }
    }

    func configureFunds() {
        switch source.below(3) {
        case 0:
            withSettings { settings in
                withError {
                    check(openpit_engine_configure_spot_funds(engine, policyName(), settings, $0), "configure")
                }
            }
        case 1:
            let barriers = fundsBarriers()
            let targets = source.isRare() ? source.number() : UInt32(source.below(8))
            let result = result
            withError {
                check(
                    openpit_engine_configure_spot_funds_barriers(
                        engine, policyName(), targets, barriers, count(barriers.count), result, $0),
                    "configure_barriers")
            }
        default:
            let result = result
            withError {
                check(
                    openpit_engine_set_spot_funds_account_pnl(
                        engine, policyName(), account(), decimal(), source.isRare() ? code(6) : 0, result, $0),
                    "set_spot_funds_account_pnl")
            }
        }
    }

    func readFunds() {
        var holding = openpit_holding()
        holding.struct_size = size(of: openpit_holding.self)
        check(openpit_engine_read_holding(engine, account(), asset(), &holding), "read_holding")
        var pnl = openpit_decimal()
        var halt: openpit_halt_reason = 0
        check(openpit_engine_read_spot_funds_account_pnl(engine, account(), &pnl, &halt), "read_account_pnl")
    }
}

// MARK: - Settings

extension CallSequence {
    private func rateLimits() -> [openpit_rate_limit_barrier] {
        (0..<source.below(4)).map { _ in
            openpit_rate_limit_barrier(
                axis: code(4), reserved: (0, 0, reserved()), asset: asset(), account: account(),
                max_orders: source.isRare() ? source.number() : UInt64(source.below(20)),
                window_nanoseconds: source.isRare() ? source.number() : UInt64(source.byte()) << 20)
        }
    }

    private func sizeLimits() -> [openpit_order_size_barrier] {
        (0..<source.below(4)).map { _ in
            openpit_order_size_barrier(
                axis: code(4), fields: code(8), reserved: (0, reserved()), asset: asset(), account: account(),
                max_quantity: decimal(), max_notional: decimal())
        }
    }

    private func pnlBarriers() -> [openpit_pnl_barrier] {
        (0..<source.below(4)).map { _ in
            openpit_pnl_barrier(
                axis: source.flag() ? 0 : code(4), fields: code(8), reserved: (0, reserved()), asset: asset(),
                account: account(), lower: decimal(), upper: decimal(), initial: decimal())
        }
    }

    private func fundsBarriers() -> [openpit_spot_funds_barrier] {
        (0..<source.below(3)).map { _ in
            openpit_spot_funds_barrier(
                account: account(), account_group: group(), target: code(3), fields: code(4), reserved: reserved(),
                currency: source.flag() ? 0 : asset(), reserved_word: reserved(), lower: decimal(), upper: decimal())
        }
    }

    private func withSettings(_ body: (UnsafePointer<openpit_spot_funds_settings>?) -> Void) {
        var settings = openpit_spot_funds_settings()
        settings.struct_size = size(of: openpit_spot_funds_settings.self)
        settings.fields = bits(OPENPIT_SPOT_FUNDS_ALL_FIELDS)
        settings.slippage = source.number()
        settings.pricing_source = code(3)
        settings.limit_mode = code(3)
        settings.reserved_word = reserved()
        let overrides = (0..<source.below(3)).map { _ in
            openpit_slippage_override(
                instrument: instrument(), account: account(), account_group: group(), target: code(3),
                is_removed: code(2), slippage: source.number())
        }
        let pins = (0..<source.below(3)).map { _ in
            openpit_limit_mode_pin(
                account: account(), account_group: group(), target: code(3), mode: code(3), reserved: reserved())
        }
        let limits = (0..<source.below(3)).map { _ in
            openpit_position_limit(
                account: account(), asset: asset(), is_removed: code(2), reserved: (0, 0, reserved()), limit: decimal())
        }
        overrides.withUnsafeBufferPointer { overrides in
            pins.withUnsafeBufferPointer { pins in
                limits.withUnsafeBufferPointer { limits in
                    settings.overrides = overrides.baseAddress
                    settings.override_count = count(overrides.count)
                    settings.limit_mode_pins = pins.baseAddress
                    settings.limit_mode_pin_count = count(pins.count)
                    settings.position_limits = limits.baseAddress
                    settings.position_limit_count = count(limits.count)
                    withPadding(settings, body)
                }
            }
        }
    }
}
