// Written by tools/generate.py from tools/lists/parameters.toml.

/// What the limits of single metrics say besides.
public enum LimitParameter: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case reference = 1
    case side = 2
    case capacity = 3
    case onRepeat = 4
    case fields = 5
    case kinds = 6
    case algorithm = 7
    case burst = 8
    case countMessages = 9
    case cancelReserve = 10
    case countExecutions = 11
    case ofRejects = 12
    case per = 13
    case minCount = 14
    case ofTotal = 15
    case model = 16
    case minVolume = 17
    case owner = 18
    case mode = 19
    case input = 20
}

extension LimitParameter {
    /// The key, as documents have it.
    public var key: StaticString {
        switch self {
        case .reference: "reference"
        case .side: "side"
        case .capacity: "capacity"
        case .onRepeat: "on_repeat"
        case .fields: "fields"
        case .kinds: "kinds"
        case .algorithm: "algorithm"
        case .burst: "burst"
        case .countMessages: "count"
        case .cancelReserve: "cancel_reserve"
        case .countExecutions: "count"
        case .ofRejects: "of"
        case .per: "per"
        case .minCount: "min_count"
        case .ofTotal: "of"
        case .model: "model"
        case .minVolume: "min_volume"
        case .owner: "owner"
        case .mode: "mode"
        case .input: "input"
        }
    }
}

/// Where the reference price comes from: the first that is fresh.
public enum ParameterReference: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case last = 1
    case close = 2
    case theoretical = 3
    case mark = 4
    case bid = 5
    case ask = 6
    case mid = 7
    case touch = 8
}

/// Aggressive: buys above and sells below only.
public enum ParameterSide: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case both = 1
    case aggressive = 2
}

/// Answer: the same order gets the same answer again.
public enum ParameterOnRepeat: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case reject = 1
    case answer = 2
}

/// What makes two orders alike.
public struct ParameterFields: OptionSet, Sendable, BitwiseCopyable {
    public var rawValue: UInt16
    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    public static let account = ParameterFields(rawValue: 1 << 0)
    public static let instrument = ParameterFields(rawValue: 1 << 1)
    public static let side = ParameterFields(rawValue: 1 << 2)
    public static let quantity = ParameterFields(rawValue: 1 << 3)
    public static let price = ParameterFields(rawValue: 1 << 4)
    public static let strategy = ParameterFields(rawValue: 1 << 5)
    public static let trader = ParameterFields(rawValue: 1 << 6)
    public static let venue = ParameterFields(rawValue: 1 << 7)
    public static let orderType = ParameterFields(rawValue: 1 << 8)
}

/// Which messages count.
public struct ParameterKinds: OptionSet, Sendable, BitwiseCopyable {
    public var rawValue: UInt16
    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    public static let new = ParameterKinds(rawValue: 1 << 0)
    public static let replace = ParameterKinds(rawValue: 1 << 1)
    public static let cancel = ParameterKinds(rawValue: 1 << 2)
}

/// Token_bucket: refilled continuously, upper a window.
public enum ParameterAlgorithm: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case sliding = 1
    case tokenBucket = 2
}

/// Passed: what the limit refuses does not count.
public enum ParameterCountMessages: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case all = 1
    case passed = 2
}

/// What counts.
public enum ParameterCountExecutions: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case orders = 1
    case fills = 2
}

/// Whose rejects count.
public struct ParameterOfRejects: OptionSet, Sendable, BitwiseCopyable {
    public var rawValue: UInt16
    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    public static let engine = ParameterOfRejects(rawValue: 1 << 0)
    public static let venue = ParameterOfRejects(rawValue: 1 << 1)
}

/// What the messages are divided by.
public enum ParameterPer: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case trades = 1
    case new = 2
}

/// What the exposure is divided by.
public enum ParameterOfTotal: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case equity = 1
    case gross = 2
}

/// Supplied: the requirement is an input.
public enum ParameterModel: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case rate = 1
    case supplied = 2
}

/// Whose orders may not meet.
public enum ParameterOwner: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case account = 1
    case group = 2
    case trader = 3
    case washGroup = 4
}

/// What happens to two orders that would meet.
public enum ParameterMode: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case cancelNewest = 1
    case cancelOldest = 2
    case cancelBoth = 3
    case decrement = 4
}
