import RiskBase
import Synchronization

/// How old a quote may become: it has expired once its age has reached this.
public struct QuoteTtl: Equatable, Sendable, BitwiseCopyable {
    /// `UInt64.max` for a quote that never expires.
    public let nanoseconds: UInt64

    private init(_ nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    public static var infinite: QuoteTtl { QuoteTtl(.max) }

    /// At most 2^64 - 3 nanoseconds, which are 584 years: a longer time is cut to that.
    public static func within(nanoseconds: UInt64) -> QuoteTtl { QuoteTtl(min(nanoseconds, .max - 2)) }

    /// Ages that are cut to `UInt64.max` have expired too, unless nothing ever does.
    func isOver(at age: UInt64) -> Bool { self != .infinite && age >= nanoseconds }
}

extension QuoteTtl {
    /// The TTL as the value of a table, which has two values less than there are TTLs: the longest finite one, of 584 years,
    /// is a nanosecond shorter there.
    var tableValue: UInt64 { self == .infinite ? .max : min(nanoseconds, .max - 3) + 2 }

    /// `nil` for the value of no TTL.
    @inline(__always)
    init?(tableValue: UInt64) {
        if tableValue == 0 { return nil }
        self.init(tableValue == .max ? .max : tableValue - 2)
    }
}

/// A place for a TTL, which any thread reads while another one writes.
struct AtomicTtl: ~Copyable {
    /// 0 when there is none; else the TTL plus one, and the infinite one as it is.
    private let code = Atomic<UInt64>(0)

    @inline(__always)
    func load() -> QuoteTtl? {
        switch code.load(ordering: .acquiring) {
        case 0: nil
        case .max: .infinite
        case let code: .within(nanoseconds: code - 1)
        }
    }

    func store(_ ttl: QuoteTtl?) {
        guard let ttl else { return code.store(0, ordering: .releasing) }
        code.store(ttl == .infinite ? .max : ttl.nanoseconds + 1, ordering: .releasing)
    }
}

/// Where a TTL applies. A reader takes the first one that is set: that of the instrument and its account, its group, the
/// default group; that of its account, its group, the default group; that of the instrument; that of the service.
public enum TtlScope: Sendable, BitwiseCopyable {
    case account(AccountId)
    case group(AccountGroupId)
    case instrument(InstrumentId)
    case instrumentAccount(InstrumentId, AccountId)
    case instrumentGroup(InstrumentId, AccountGroupId)
}
