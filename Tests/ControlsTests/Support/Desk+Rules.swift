import Decimals
import RiskBase
import Testing

@testable import Controls

extension Desk {
    /// Adds a locate, and says why not.
    func locate(
        _ id: String, _ quantity: String, of account: UInt32 = 7, _ name: String = "AAPL/USD",
        until expires: Int64 = .max
    ) -> String? {
        do throws(LocateFault) {
            try controls.pointee.addLocate(
                asset(id), decimal(quantity), for: account, instrument(name), until: expires, at: now)
            return nil
        } catch { return "\(error)" }
    }

    /// What of a locate is free, reserved, used and expired, in the order in which they expire.
    func locates(of account: UInt32 = 7, _ name: String = "AAPL/USD") throws -> [String] {
        var lines: [String] = []
        let pool = controls.pointee.locates.pool(account, try known(name))
        var next = pool?.pointee.first
        while let locate = next {
            next = locate.pointee.next
            let parts = [locate.pointee.free, locate.pointee.reserved, locate.pointee.used, locate.pointee.expired]
            let sum = parts.reduce(Decimal.zero) { $0.adding($1) ?? .zero }
            #expect(sum == locate.pointee.quantity)
            lines.append("\(text(locate.pointee.id)) " + parts.map { "\($0.shortest)" }.joined(separator: " "))
        }
        return lines
    }

    /// Grants something, and says why not.
    func grant(
        _ order: String, _ limits: [String], until expires: Int64? = nil, actors: [String] = ["anna", "bob"],
        of account: UInt32 = 7
    ) -> String? {
        let (limits, actors) = (limits.map(named), actors.map(named))
        return withText(order) { order in
            limits.withUnsafeBufferPointer { limits in
                actors.withUnsafeBufferPointer { actors -> String? in
                    do throws(GrantFault) {
                        try controls.pointee.grant(
                            order!, of: account, limits, until: expires ?? now + 10, actors: actors, at: now)
                        return nil
                    } catch { return "\(error)" }
                }
            }
        }
    }

    func scope(_ key: ScopeKey, _ value: UInt32) -> Scope {
        var scope = Scope()
        scope.keys = KeySet(key)
        scope.values[key] = value
        return scope
    }
}
