import RiskBase

/// Axes of barriers to replace.
public struct AxisSet: OptionSet, Sendable, BitwiseCopyable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    func contains(_ axis: Axis) -> Bool { rawValue & (1 << UInt32(axis.rawValue)) != 0 }
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

/// The built-in policies, as faults name them.
public enum BuiltinPolicy: UInt8, Sendable, BitwiseCopyable {
    case orderValidation, rateLimit, orderSizeLimit, pnlKillSwitch, spotFunds

    package var name: PolicyName {
        switch self {
        case .orderValidation: .orderValidation
        case .rateLimit: .rateLimit
        case .orderSizeLimit: .orderSizeLimit
        case .pnlKillSwitch: .pnlKillSwitch
        case .spotFunds: .spotFunds
        }
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
