import COpenPit

/// Policies of the sequence's own: hooks that say anything, fail, and call the engine that is calling them.
extension CallSequence {
    func addCustomPolicy(to builder: OpaquePointer?) {
        var policy = openpit_policy()
        policy.struct_size = size(of: openpit_policy.self)
        policy.policy_group = policyGroup()
        policy.reserved = reserved()
        policy.name = source.flag() ? text("Custom") : text()
        policy.user_data = Unmanaged.passUnretained(self).toOpaque()
        let hooks = source.byte()
        let hook: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<openpit_order>?) -> Int32 = {
            (user, context, _) in CallSequence.at(user).hook(context)
        }
        if hooks & 1 != 0 { policy.check_pre_trade_start = hook }
        if hooks & 2 != 0 { policy.perform_pre_trade_check = hook }
        if hooks & 4 != 0 { policy.check_pre_trade_start_dry_run = hook }
        if hooks & 8 != 0 { policy.perform_pre_trade_check_dry_run = hook }
        if hooks & 16 != 0 {
            policy.apply_execution_report = { (user, context, _) in CallSequence.at(user).hook(context) }
        }
        if hooks & 32 != 0 {
            policy.apply_account_adjustment = { (user, context, _, _) in CallSequence.at(user).hook(context) }
        }
        policy.destroy = { CallSequence.at($0).livePolicies -= 1 }
        if withPadding(policy, { check(openpit_engine_builder_add_policy(builder, $0), "add_policy") }) {
            livePolicies += 1
        }
    }

    private static func at(_ userData: UnsafeMutableRawPointer?) -> CallSequence {
        Unmanaged<CallSequence>.fromOpaque(userData!).takeUnretainedValue()
    }

    /// What a hook says; anything but 0 is a failure.
    private func hook(_ context: OpaquePointer?) -> Int32 {
        depth += 1
        defer { depth -= 1 }
        for _ in 0..<source.below(4) { say(context) }
        return source.isRare() ? 1 : 0
    }

    private func say(_ context: OpaquePointer?) {
        switch source.below(12) {
        case 0: withPadding(reject()) { check(openpit_context_reject(context, $0), "context_reject") }
        case 1...2: addMutation(context)
        case 3: check(openpit_context_add_lock_price(context, decimal()), "add_lock_price")
        case 4:
            var outcome = openpit_outcome()
            outcome.struct_size = size(of: openpit_outcome.self)
            outcome.fields = bits(OPENPIT_OUTCOME_ALL_FIELDS)
            outcome.asset = asset()
            outcome.policy_group = policyGroup()
            outcome.halt_reason = code(6)
            outcome.balance.delta = decimal()
            outcome.realized_pnl.absolute = decimal()
            withPadding(outcome) { check(openpit_context_add_outcome(context, $0), "add_outcome") }
        case 5:
            var pnl = openpit_account_pnl()
            pnl.struct_size = size(of: openpit_account_pnl.self)
            pnl.account = account()
            pnl.halt_reason = code(6)
            pnl.pnl.delta = decimal()
            withPadding(pnl) { check(openpit_context_add_account_pnl(context, $0), "add_account_pnl") }
        case 6: withPadding(reject()) { check(openpit_context_add_block(context, $0), "add_block") }
        case 7:
            if source.isRare() {
                withPadding(reject()) { check(openpit_context_block_account(context, $0), "context_block_account") }
            }
        case 8:
            var account: openpit_account_id = 0
            var group: openpit_account_group_id = 0
            check(openpit_context_account(context, &account), "context_account")
            check(openpit_context_account_group(context, &group), "context_account_group")
            if openpit_context_engine(context) != engine { fail("a hook is called by another engine") }
            if openpit_context_is_dry_run(context) > 1 || openpit_context_is_drop_copy(context) > 1 {
                fail("a context says neither yes nor no")
            }
        default: if depth < Self.depthMax { step() }
        }
    }
}

// MARK: - Mutations

/// What became of one mutation.
private struct MutationRecord {
    let sequence: Unmanaged<CallSequence>
    var endings = 0
}

extension CallSequence {
    private func addMutation(_ context: OpaquePointer?) {
        let record = UnsafeMutablePointer<MutationRecord>.allocate(capacity: 1)
        record.initialize(to: MutationRecord(sequence: .passUnretained(self)))
        var mutation = openpit_mutation()
        mutation.struct_size = size(of: openpit_mutation.self)
        mutation.reserved = reserved()
        mutation.user_data = UnsafeMutableRawPointer(record)
        mutation.commit = {
            CallSequence.end($0)
            return 0
        }
        mutation.rollback = {
            CallSequence.end($0)
            return 0
        }
        mutation.release = { CallSequence.release($0) }
        if withPadding(mutation, { check(openpit_context_add_mutation(context, $0), "add_mutation") }) {
            liveMutations += 1
        } else {
            record.deallocate()
        }
    }

    private static func end(_ userData: UnsafeMutableRawPointer?) {
        let record = userData!.assumingMemoryBound(to: MutationRecord.self)
        record.pointee.endings += 1
        let sequence = record.pointee.sequence.takeUnretainedValue()
        if record.pointee.endings > 1 { sequence.fail("a mutation was finalised twice") }
        sequence.depth += 1
        if sequence.depth < depthMax && sequence.source.flag() { sequence.step() }
        sequence.depth -= 1
    }

    private static func release(_ userData: UnsafeMutableRawPointer?) {
        let record = userData!.assumingMemoryBound(to: MutationRecord.self)
        record.pointee.sequence.takeUnretainedValue().liveMutations -= 1
        record.deallocate()
    }
}
