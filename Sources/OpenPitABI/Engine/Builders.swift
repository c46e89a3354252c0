import COpenPit
import RiskBase
import RiskCore

typealias BuilderPointer = UnsafeMutablePointer<EngineBuilder>

extension Status {
    init(_ fault: EngineBuildFault) {
        switch fault {
        case .noPolicies: self = .noPolicies
        case .duplicateName: self = .duplicatePolicyName
        case .duplicateGroup: self = .duplicatePolicyGroup
        case .consumed: self = .builderConsumed
        case .limitReached: self = .limitReached
        }
    }
}

extension Message {
    fileprivate mutating func write(_ fault: EngineBuildFault, of builder: BuilderPointer) {
        switch fault {
        case .noPolicies: write("no policies registered")
        case .duplicateName:
            write("duplicate policy name in engine configuration: ", builder.pointee.duplicateName)
        case .duplicateGroup(let group):
            write("duplicate non-default policy_group_id: ")
            write(group.value)
        case .consumed: write("engine builder is no longer available")
        case .limitReached: break
        }
    }
}

@c @implementation
public func openpit_engine_builder_create(
    _ options: UnsafePointer<openpit_engine_options>?, _ builder: UnsafeMutablePointer<OpaquePointer?>?
) -> openpit_status {
    answer { () throws(Status) in
        let builder = try required(builder)
        var mode = SyncMode.none
        var clock = Clock.system
        var compatibility = Compatibility.level7
        var capacities = EngineCapacities()
        if let options {
            let options = try read(options)
            guard let knownMode = SyncMode(rawValue: options.sync_mode),
                let knownLevel = Compatibility(level: options.compatibility), options.reserved_word == 0,
                options.reserved.0 | options.reserved.1 | options.reserved.2 == 0
            else { throw .invalidArgument }
            mode = knownMode
            compatibility = knownLevel
            if let handle = options.clock { clock = try Clock(handle) }
            capacities = EngineCapacities(
                accountMax: options.account_max, openMax: options.open_max, nameMax: options.name_max)
        }
        let made = EngineBuilder(mode, clock: clock, compatibility: compatibility, capacities: capacities)
        guard !made.isRefused else { throw .limitReached }
        builder.pointee = try BuilderPointer.make(made)
    }
}

@c @implementation
public func openpit_engine_builder_destroy(_ builder: OpaquePointer?) {
    BuilderPointer.end(builder)
}

@c @implementation
public func openpit_engine_builder_build(
    _ builder: OpaquePointer?, _ engine: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    answer(error) { (detail) throws(Status) in
        let builder = try BuilderPointer(behind: builder)
        let engine = try required(engine)
        do throws(EngineBuildFault) {
            engine.pointee = try builder.pointee.build().handle
        } catch let fault {
            detail.message.write(fault, of: builder)
            throw Status(fault)
        }
    }
}
