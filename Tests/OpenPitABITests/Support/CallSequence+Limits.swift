import COpenPit

/// Limits: adding them, and telling them what happens outside.
extension CallSequence {
    /// Sometimes a few, of any metric and for any key.
    func addLimits(to builder: OpaquePointer?) {
        guard source.isRare() else { return }
        for number in 0...source.below(4) {
            var limit = openpit_limit()
            limit.struct_size = size(of: openpit_limit.self)
            limit.metric = openpit_metric(1 + source.below(51))
            limit.fields = UInt32(1 + source.below(3))
            limit.lower = decimal()
            limit.upper = decimal()
            limit.name = assets[number % assets.count]
            limit.currency = source.flag() ? assets[0] : 0
            limit.window_nanoseconds = source.flag() ? 0 : max(1, source.number() >> UInt64(source.below(64)))
            limit.period = openpit_limit_period(source.below(4))
            limit.scope.keys = UInt16(source.number(UInt16.self)) & 0x39E
            limit.scope.each = limit.scope.keys
            withError {
                check(openpit_engine_builder_add_limits(builder, &limit, 1, $0), "builder_add_limits")
            }
        }
    }

    func tellLimits() {
        let time = source.flag() ? UInt64(source.below(256)) : source.number()
        check(openpit_clock_advance(clock, time >> 20), "clock_advance")
        check(openpit_engine_tick(engine), "engine_tick")
    }
}
