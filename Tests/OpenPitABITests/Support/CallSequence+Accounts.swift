import COpenPit

/// Groups, blocks, currencies, quotes and TTLs.
extension CallSequence {
    func regroup() {
        let accounts = (0..<source.below(4)).map { _ in account() }
        let call = source.flag() ? openpit_engine_register_group : openpit_engine_unregister_group
        withError { check(call(engine, accounts, count(accounts.count), group(), $0), "regroup") }
        var found: openpit_account_group_id = 0
        check(openpit_engine_group_of(engine, account(), &found), "group_of")
    }

    func changeBlocks() {
        switch source.below(8) {
        case 0: check(openpit_engine_block_account(engine, account(), text()), "block_account")
        case 1:
            withPadding(reject()) {
                check(openpit_engine_block_account_with_cause(engine, account(), $0), "block_account_with_cause")
            }
        case 2: check(openpit_engine_unblock_account(engine, account()), "unblock_account")
        case 3:
            withError {
                check(openpit_engine_replace_block_reason(engine, account(), text(), $0), "replace_block_reason")
            }
        case 4: withError { check(openpit_engine_block_group(engine, group(), text(), $0), "block_group") }
        case 5: withError { check(openpit_engine_unblock_group(engine, group(), $0), "unblock_group") }
        case 6:
            withError {
                check(openpit_engine_replace_group_block_reason(engine, group(), text(), $0), "replace_group_reason")
            }
        default: check(openpit_engine_unblock_all(engine), "unblock_all")
        }
        // A blocked account has little to tell.
        for account in 0..<4 where source.flag() {
            check(openpit_engine_unblock_account(engine, openpit_account_id(account)), "unblock_account")
        }
        let result = result
        check(openpit_engine_read_account_block(engine, account(), result), "read_account_block")
        read(result)
    }

    func changeCurrencies() {
        check(openpit_engine_set_account_currency(engine, account(), asset()), "set_account_currency")
        check(openpit_engine_set_group_currency(engine, group(), source.flag() ? asset() : 0), "set_group_currency")
        var currency: openpit_asset = 0
        check(openpit_engine_account_currency(engine, account(), &currency), "account_currency")
    }

    // MARK: Market data

    func makeMarket() {
        var options = openpit_market_data_options()
        options.struct_size = size(of: openpit_market_data_options.self)
        options.sync_mode = UInt32(code(3))
        options.clock = clock
        options.default_ttl = ttl()
        guard withPadding(options, { check(openpit_market_data_create($0, &market), "market_data_create") }) else {
            return
        }
        for _ in 0..<source.below(4) {
            var id: openpit_instrument_id = 0
            var ttl = ttl()
            if source.flag() {
                check(openpit_market_data_register(market, asset(), asset(), &ttl, &id), "register")
            } else {
                check(openpit_market_data_register_as(market, asset(), asset(), instrument(), nil), "register_as")
            }
        }
    }

    func pushQuote() {
        let quote = quote()
        let update = UInt32(code(2))
        let age = Int64(bitPattern: source.isRare() ? source.number() : UInt64(source.byte()))
        switch source.below(4) {
        case 0:
            var id: openpit_instrument_id = 0
            withPadding(quote) {
                check(
                    openpit_market_data_push_by_name(market, asset(), asset(), $0, update, age, &id), "push_by_name")
            }
        case 1:
            let accounts = (0..<source.below(3)).map { _ in account() }
            let groups = (0..<source.below(3)).map { _ in group() }
            withPadding(quote) {
                check(
                    openpit_market_data_push_for(
                        market, instrument(), $0, update, age, accounts, count(accounts.count), groups,
                        count(groups.count)), "push_for")
            }
        case 2: check(openpit_market_data_clear(market, instrument()), "market_data_clear")
        default: withPadding(quote) { check(openpit_market_data_push(market, instrument(), $0, update, age), "push") }
        }
    }

    func readQuote() {
        var quote = openpit_quote()
        quote.struct_size = size(of: openpit_quote.self)
        let reader = openpit_quote_reader(account: account(), group: group(), group_state: UInt32(code(3)))
        check(openpit_market_data_get(market, instrument(), reader, UInt32(code(3)), &quote), "market_data_get")
        var id: openpit_instrument_id = 0
        check(openpit_market_data_resolve(market, asset(), asset(), &id), "resolve")
    }

    func changeTtl() {
        let scope = openpit_ttl_scope(
            axis: UInt32(code(5)), group: group(), account: account(), instrument: instrument())
        if source.flag() {
            check(openpit_market_data_set_ttl(market, scope, ttl()), "set_ttl")
        } else {
            check(openpit_market_data_clear_ttl(market, scope), "clear_ttl")
        }
    }

    private func ttl() -> openpit_quote_ttl {
        source.flag() ? .max : source.isRare() ? source.number() : UInt64(source.byte()) << 16
    }

    private func quote() -> openpit_quote {
        openpit_quote(
            struct_size: size(of: openpit_quote.self), fields: bits(OPENPIT_QUOTE_ALL_FIELDS), mark: decimal(),
            bid: decimal(), ask: decimal())
    }
}
