import RiskBase

/// Axes of barriers to replace.
public struct AxisSet: OptionSet, Sendable, BitwiseCopyable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public static var broker: Self { Self(rawValue: 1 << 0) }
    public static var assets: Self { Self(rawValue: 1 << 1) }
    public static var accounts: Self { Self(rawValue: 1 << 2) }
    public static var accountAssets: Self { Self(rawValue: 1 << 3) }

    func contains(_ axis: Axis) -> Bool { rawValue & (1 << UInt32(axis.rawValue)) != 0 }
}

/// What a barrier is keyed by.
public enum Axis: UInt8, Sendable, BitwiseCopyable {
    case broker = 0
    case asset = 1
    case account = 2
    case accountAsset = 3
}

extension Axis {
    /// In the order in which a reconfiguration applies them.
    static var all: [4 of Axis] { [.broker, .asset, .account, .accountAsset] }
}

/// A limit that applies to one key of one axis.
protocol ScopedBarrier: BitwiseCopyable {
    var axis: Axis { get }
    /// Why no policy takes it.
    var fault: PolicyFault? { get }
}

extension UnsafeBufferPointer where Element: ScopedBarrier {
    func validate() throws(PolicyFault) {
        for barrier in self { if let fault = barrier.fault { throw fault } }
    }
}

/// How many barriers a policy has on each axis. A policy without any would let everything through, so it keeps one.
struct BarrierCounts: BitwiseCopyable {
    private var counts: [4 of UInt32] = [0, 0, 0, 0]

    init() {}

    subscript(axis: Axis) -> UInt32 {
        get { counts[Int(axis.rawValue)] }
        set { counts[Int(axis.rawValue)] = newValue }
    }

    private var isEmpty: Bool { counts[0] | counts[1] | counts[2] | counts[3] == 0 }

    /// How many of `barriers` there are on each axis.
    init<Barrier: ScopedBarrier>(of barriers: UnsafeBufferPointer<Barrier>) {
        for barrier in barriers { self[barrier.axis] &+= 1 }
    }

    mutating func replace(_ axes: AxisSet, by new: BarrierCounts) {
        for index in Axis.all.indices where axes.contains(Axis.all[index]) {
            self[Axis.all[index]] = new[Axis.all[index]]
        }
    }

    /// Refuses a replacement that holds an invalid barrier or leaves no barrier at all, seen after each axis in turn.
    func checkSteps<Barrier: ScopedBarrier>(
        _ axes: AxisSet, adding barriers: UnsafeBufferPointer<Barrier>, _ policy: BuiltinPolicy
    ) throws(PolicyFault) {
        let new = BarrierCounts(of: barriers)
        var counts = self
        for index in Axis.all.indices where axes.contains(Axis.all[index]) {
            let axis = Axis.all[index]
            for barrier in barriers where barrier.axis == axis { if let fault = barrier.fault { throw fault } }
            counts[axis] = new[axis]
            guard !counts.isEmpty else { throw .noBarriers(policy) }
        }
        try barriers.validate()
    }
}

/// A policy that is made of barriers.
protocol BarrierPolicy: ConfigurablePolicy, ~Copyable {
    associatedtype Barrier: ScopedBarrier
    /// What a change of its barriers is recorded as.
    static var change: CommandKind { get }
    /// Whether it may have no barrier at all.
    var acceptsNoBarriers: Bool { get }
    var barrierCounts: BarrierCounts { get set }

    init(_ compatibility: Compatibility, _ clock: Clock)
    /// Does what only the barriers it is made of ask for. `false` when memory or the accounts have run out.
    mutating func begin(with barriers: UnsafeBufferPointer<Barrier>, in accounts: inout Accounts) -> Bool
    /// Puts `barriers`, which are valid, in place of those of the axes in `axes`, all or none.
    mutating func replace(
        _ axes: AxisSet, by barriers: UnsafeBufferPointer<Barrier>, in accounts: inout Accounts
    ) throws(PolicyFault)
}

extension BarrierPolicy where Self: ~Copyable {
    mutating func begin(with barriers: UnsafeBufferPointer<Barrier>, in accounts: inout Accounts) -> Bool { true }

    init(
        _ barriers: UnsafeBufferPointer<Barrier>, _ compatibility: Compatibility, _ clock: Clock,
        in accounts: inout Accounts
    ) throws(PolicyFault) {
        self.init(compatibility, clock)
        try barriers.validate()
        guard !barriers.isEmpty || acceptsNoBarriers else { throw .noBarriers(Self.builtin) }
        try put(barriers, on: AxisSet(rawValue: .max), in: &accounts)
        guard begin(with: barriers, in: &accounts) else { throw .limitReached }
    }

    /// Replaces the barriers of the axes in `axes`, all or none. What was counted for keys that stay is kept.
    mutating func configure(
        _ axes: AxisSet, _ barriers: UnsafeBufferPointer<Barrier>, in accounts: inout Accounts
    ) throws(PolicyFault) {
        if acceptsNoBarriers {
            try barriers.validate()
        } else {
            try barrierCounts.checkSteps(axes, adding: barriers, Self.builtin)
        }
        try put(barriers, on: axes, in: &accounts)
    }

    private mutating func put(
        _ barriers: UnsafeBufferPointer<Barrier>, on axes: AxisSet, in accounts: inout Accounts
    ) throws(PolicyFault) {
        try replace(axes, by: barriers, in: &accounts)
        barrierCounts.replace(axes, by: BarrierCounts(of: barriers))
    }
}

/// A configuration that a policy refused.
public enum PolicyFault: Error, BitwiseCopyable {
    case noBarriers(BuiltinPolicy)
    case noBounds(Asset)
    case noCaps
    case invalidWindow
    /// Above 10000.
    case invalidSlippage(UInt16)
    case noFundsBounds
    /// Its market data are for one thread, and the engine is for several.
    case singleThreadedMarket
    /// Memory or the accounts have run out.
    case limitReached
}
