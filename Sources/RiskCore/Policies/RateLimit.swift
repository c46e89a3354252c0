import RiskBase

/// At most so many orders in any window of that length.
public struct RateLimit: BitwiseCopyable, Sendable {
    public var maxOrders: UInt64
    /// Above 0.
    public var windowNanoseconds: UInt64

    public init(maxOrders: UInt64, windowNanoseconds: UInt64) {
        self.maxOrders = maxOrders
        self.windowNanoseconds = windowNanoseconds
    }
}

/// One rate limit and what it applies to.
public struct RateLimitBarrier: BitwiseCopyable, Sendable {
    public enum Scope: BitwiseCopyable, Sendable {
        case broker
        case asset(Asset)
        case account(AccountId)
        case accountAsset(AccountId, Asset)

        var axis: Axis {
            switch self {
            case .broker: .broker
            case .asset: .asset
            case .account: .account
            case .accountAsset: .accountAsset
            }
        }
    }

    public var scope: Scope
    public var limit: RateLimit

    public init(_ scope: Scope, _ limit: RateLimit) {
        self.scope = scope
        self.limit = limit
    }
}

/// Nanoseconds from `earlier` to `later`; a reading taken before another thread moved on counts as no time at all.
@inline(__always)
func elapsed(from earlier: UInt64, to later: UInt64) -> UInt64 {
    later > earlier ? later &- earlier : 0
}

extension RateLimitBarrier: ScopedBarrier {
    var axis: Axis { scope.axis }
    var fault: PolicyFault? { limit.windowNanoseconds == 0 ? .invalidWindow : nil }
}

/// What a rate limit has to say.
struct RateLimitText: BitwiseCopyable {
    let axis: Axis
    let submitted: UInt64
    let limit: RateLimit

    func writeReason(to writer: inout TextWriter) {
        writer.write("rate limit exceeded: ")
        switch axis {
        case .broker: writer.write("broker barrier")
        case .asset: writer.write("asset barrier")
        case .account: writer.write("account barrier")
        case .accountAsset: writer.write("account+asset barrier")
        }
    }

    func writeDetails(to writer: inout TextWriter) {
        writer.write("submitted ")
        writer.write(submitted)
        writer.write(" orders in ")
        writer.write(nanoseconds: limit.windowNanoseconds)
        writer.write(" window, max allowed: ")
        writer.write(limit.maxOrders)
    }
}
