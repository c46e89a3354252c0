import COpenPit
import Testing

/// Counts that no array can have are refused before the first item is looked at.
struct CountTests {
    @Test(arguments: [Int.min, -1, Int.max, Int.max / 8 + 1])
    func `refuses more items than fit in memory`(count: Int) {
        let engine = Self.engine()
        defer { openpit_engine_destroy(engine) }
        let invalid = openpit_status(OPENPIT_STATUS_INVALID_ARGUMENT)
        var account: openpit_account_id = 1
        #expect(openpit_engine_register_group(engine, &account, count, 1, nil) == invalid)

        var adjustment = openpit_adjustment()
        adjustment.struct_size = UInt32(MemoryLayout<openpit_adjustment>.size)
        var failedIndex = 0
        #expect(
            openpit_engine_apply_account_adjustment(engine, 1, &adjustment, count, nil, &failedIndex) == invalid)

        var barrier = openpit_rate_limit_barrier()
        barrier.window_nanoseconds = 1
        #expect(openpit_engine_configure_rate_limit(engine, openpit_text(), 1, &barrier, count, nil) == invalid)

        var length = 0
        var entry = openpit_lock_entry()
        #expect(openpit_lock_encode(0, &entry, count, nil, 0, &length) == invalid)
    }

    private static func engine() -> OpaquePointer? {
        var builder: OpaquePointer?
        var engine: OpaquePointer?
        #expect(openpit_engine_builder_create(nil, &builder) == 0)
        defer { openpit_engine_builder_destroy(builder) }
        #expect(openpit_engine_builder_add_order_validation(builder, 0) == 0)
        #expect(openpit_engine_builder_build(builder, &engine, nil) == 0)
        return engine
    }
}
