import COpenPit
import Controls
import Decimals
import RiskBase
import RiskCore

@c @implementation
public func openpit_engine_set_input(
    _ engine: OpaquePointer?, _ key: UnsafePointer<openpit_input_key>?, _ value: openpit_decimal, _ age: UInt64
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let key = try GivenInput(try read(key))
        let value = try Decimal(value)
        guard key.input.canBe(value) else { throw .invalidArgument }
        try using { () throws(EngineError) in
            try engine.setInput(value, key.source, key.figure, of: key.target, age: age)
        }
    }
}

@c @implementation
public func openpit_engine_clear_input(
    _ engine: OpaquePointer?, _ key: UnsafePointer<openpit_input_key>?
) -> openpit_status {
    answer { () throws(Status) in
        let engine = try Engine(engine)
        let key = try GivenInput(try read(key))
        try using { () throws(EngineError) in try engine.clearInput(key.source, key.figure, of: key.target) }
    }
}

/// Which input is meant.
private struct GivenInput {
    let input: InputKind
    let target: InputSubject
    let figure: Asset

    var source: Source { Source(input) }

    init(_ key: openpit_input_key) throws(Status) {
        guard key.reserved == 0, key.reserved_word == 0, let input = InputKind(rawValue: key.input),
            (key.figure != 0) == (input == .figure)
        else { throw .invalidArgument }
        self.input = input
        figure = try optionallyNamed(key.figure)
        // What belongs to another target has to be 0; `rest` takes its own out.
        var rest = key
        switch Int(key.target) {
        case OPENPIT_INPUT_OF_FIRM: target = .firm
        case OPENPIT_INPUT_OF_ACCOUNT:
            target = .account(AccountId(key.account))
            rest.account = 0
        case OPENPIT_INPUT_OF_GROUP:
            target = .group(AccountGroupId(key.group))
            rest.group = 0
        case OPENPIT_INPUT_OF_INSTRUMENT:
            target = .instrument(try Instrument(key.underlying, key.settlement))
            (rest.underlying, rest.settlement) = (0, 0)
        case OPENPIT_INPUT_OF_VENUE:
            target = .venue(try named(key.venue))
            rest.venue = 0
        default: throw .invalidArgument
        }
        guard rest.account == 0, rest.group | rest.underlying | rest.settlement | rest.venue == 0, input.isOf(target)
        else { throw .invalidArgument }
    }
}

extension InputKind {
    /// Whether there is such an input of such a thing.
    fileprivate func isOf(_ target: InputSubject) -> Bool {
        switch (self, target) {
        case (.figure, .venue): false
        case (.figure, _): true
        case (.halted, .instrument), (.halted, .venue), (.phase, .instrument), (.phase, .venue): true
        case (.halted, _), (.phase, _): false
        case (.var, .firm), (.var, .account), (.var, .group), (.marginRequired, .account): true
        case (.var, _), (.marginRequired, _): false
        case (_, .instrument): true
        default: false
        }
    }

    /// Whether it can have this value.
    fileprivate func canBe(_ value: Decimal) -> Bool {
        switch self {
        case .phase: value.whole.flatMap { UInt8(exactly: $0) }.flatMap(SessionPhase.init(rawValue:)) != nil
        case .halted, .ssr: value.whole.map { $0 <= 1 } ?? false
        default: true
        }
    }
}
