import Decimals
import Market
import RiskBase
import TestSupport

@testable import RiskCore

// What an operator does: accounts, currencies, settings, instruments.

extension FundsPlayer {
    /// What a step of an operator says.
    func playOperator(_ text: String) throws -> String {
        var words = StoryWords(text)
        switch words.next() {
        case "block":
            let reason = words.next()
            withBytes(reason) { try? engine.block(AccountId(1), reason: $0) }
        case "unblock": try engine.unblock(AccountId(1))
        case "currency":
            let currency = try asset(words.next())
            if words.skip("of group") {
                try engine.setCurrency(currency, of: try group(&words))
            } else {
                try engine.setCurrency(currency, of: AccountId(1))
            }
        case "register": _ = try market.register(instrument(&words))
        case "mode": return try playModes(text.dropFirst("mode ".count).components(separatedBy: ", "))
        case "slippage": return try playSlippage(text.dropFirst("slippage ".count).components(separatedBy: ", "))
        case "barrier":
            let barriers = [Self.barrier(&words)]
            try barriers.withUnsafeBufferPointer { barriers in
                try withBytes("SpotFundsPolicy") {
                    try engine.configureSpotFundsBarriers($0, .global, barriers, into: findings)
                }
            }
            return said()
        case "set_spot_funds_account_pnl":
            let pnl = decimal(words.next())
            try withBytes("SpotFundsPolicy") {
                try engine.setSpotFundsAccountPnl($0, of: AccountId(1), to: .value(pnl), into: findings)
            }
            return said()
        default: throw ScenarioFault(text: text)
        }
        return "ok"
    }

    private func group(_ words: inout StoryWords) throws -> AccountGroupId {
        let name = words.next()
        return name == "default" ? .default : AccountGroupId(try UInt32(name).unwrapped)
    }

    /// `global ENFORCE`, `acct 3 none`, `group default TRACK_ONLY`.
    private func playModes(_ items: [String]) throws -> String {
        var update = SpotFundsUpdate()
        var pins: [SpotFundsModePin] = []
        for item in items {
            var words = StoryWords(item)
            var target: SpotFundsModePin.Target?
            if words.skip("acct") {
                target = .account(AccountId(try UInt64(words.next()).unwrapped))
            } else if words.skip("group") {
                target = .group(try group(&words))
            } else {
                _ = words.skip("global")
            }
            let mode: SpotFundsLimitMode? =
                switch words.next() {
                case "ENFORCE": .enforce
                case "TRACK_ONLY": .trackOnly
                default: nil
                }
            if let target { pins.append(SpotFundsModePin(target, mode)) } else { update.limitMode = mode }
        }
        return try pins.withUnsafeBufferPointer {
            update.modePins = $0
            return try configure(update)
        }
    }

    /// `global 50`, `AAPL/USD 100`, `AAPL/USD acct 1 none`, `AAPL/USD group 7 300`.
    private func playSlippage(_ items: [String]) throws -> String {
        var update = SpotFundsUpdate()
        var overrides: [SpotFundsOverride] = []
        for item in items {
            var words = StoryWords(item)
            if words.skip("global") {
                update.slippageBasisPoints = UInt16(words.next())
                continue
            }
            let id = try market.resolve(instrument(&words)).unwrapped
            var target = SpotFundsOverride.Target.instrument(id)
            if words.skip("acct") {
                target = .instrumentAccount(id, AccountId(try UInt64(words.next()).unwrapped))
            } else if words.skip("group") {
                target = .instrumentGroup(id, try group(&words))
            }
            overrides.append(SpotFundsOverride(target, basisPoints: UInt16(words.next())))
        }
        return try overrides.withUnsafeBufferPointer {
            update.overrides = $0
            return try configure(update)
        }
    }

    private func configure(_ update: SpotFundsUpdate) throws -> String {
        let fault: ConfigureFault? = withBytes("SpotFundsPolicy") { name in
            failure { () throws(ConfigureFault) in try engine.configureSpotFunds(name, update) }
        }
        switch fault {
        case nil: return "ok"
        case .refused(.invalidSlippage(let slippage)): return "refused: slippage \(slippage)"
        case let fault?: throw fault
        }
    }

    /// `global [-10, 20]`, `group 7 [, 20]`, `acct 3 [-10, ]`.
    static func barrier(_ words: inout StoryWords) -> SpotFundsScopedBarrier {
        var scope = SpotFundsScopedBarrier.Scope.global
        if words.skip("group") {
            scope = .group(AccountGroupId(UInt32(words.next()) ?? 0))
        } else if words.skip("acct") {
            scope = .account(AccountId(UInt64(words.next()) ?? 0))
        } else {
            _ = words.skip("global")
        }
        var text = ""
        while words.first != nil { text += words.next() }
        let bounds = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? nil : decimal(String($0)) }
        return SpotFundsScopedBarrier(scope, SpotFundsBarrier(PnlBounds(lower: bounds[0], upper: bounds[1])))
    }
}

extension Order {
    /// Leaves out a field.
    mutating func drop(_ name: String) throws {
        switch name {
        case "account": account = nil
        case "instrument": instrument = nil
        case "side": side = nil
        case "amount": amount = nil
        default: throw ScenarioFault(text: name)
        }
    }
}

extension ExecutionReport {
    /// Leaves out a field, or all fields of a group.
    mutating func drop(_ name: String) throws {
        switch name {
        case "is_final": isFinal = nil
        case "leaves_quantity": leavesQuantity = nil
        case "lock": lock = nil
        case "account": account = nil
        case "instrument": instrument = nil
        case "side": side = nil
        case "operation":
            account = nil
            instrument = nil
            side = nil
        case "fill":
            trade = nil
            fillFee = nil
            leavesQuantity = nil
            isFinal = nil
            lock = nil
        default: throw ScenarioFault(text: name)
        }
    }
}
