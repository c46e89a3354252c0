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
        }
    }
}

extension EngineBuildFault {
    fileprivate var message: String {
        switch self {
        case .noPolicies: "no policies registered"
        case .duplicateName(let name):
            "duplicate policy name in engine configuration: \(String(decoding: name.text, as: UTF8.self))"
        case .duplicateGroup(let group): "duplicate non-default policy_group_id: \(group.value)"
        case .consumed: "engine builder is no longer available"
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
        if let options {
            let options = try read(options)
            guard let knownMode = SyncMode(rawValue: options.sync_mode),
                let knownLevel = Compatibility(rawValue: options.compatibility), options.reserved_word == 0,
                options.reserved.0 | options.reserved.1 | options.reserved.2 == 0
            else { throw .invalidArgument }
            mode = knownMode
            compatibility = knownLevel
            if let handle = options.clock { clock = try Clock(handle) }
        }
        builder.pointee = try BuilderPointer.make(EngineBuilder(mode, clock: clock, compatibility: compatibility))
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
            detail.message = fault.message
            throw Status(fault)
        }
    }
}
