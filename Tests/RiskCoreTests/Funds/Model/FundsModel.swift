import Decimals
import Market
import RiskBase
import TestSupport

@testable import RiskCore

/// Spot funds as their specification tells them, slowly: everything in dictionaries, every step from scratch.
struct FundsModel {
    struct Place: Hashable {
        var account: AccountId
        var asset: Asset
    }

    /// What an account has of one asset.
    struct Slot {
        var balance = Decimal.zero
        var held = Decimal.zero
        var incoming = Decimal.zero
        var average: Decimal?
        /// `nil` until somebody said where it starts.
        var pnl: PnlState?

        func owned() throws(TooLarge) -> Decimal { try balance + held }

        var saysNothing: Bool {
            guard balance.isZero, held.isZero, incoming.isZero, average == nil else { return false }
            return switch pnl {
            case nil: true
            case .value(let value): value.isZero
            case .halted: false
            }
        }
    }

    /// What a slot gains or loses.
    struct Change {
        var balance = Decimal.zero
        var held = Decimal.zero
        var incoming = Decimal.zero

        var isNothing: Bool { balance.isZero && held.isZero && incoming.isZero }

        static func + (left: Change, right: Change) throws(TooLarge) -> Change {
            try Change(
                balance: left.balance + right.balance, held: left.held + right.held,
                incoming: left.incoming + right.incoming)
        }
    }

    /// Why an order or an adjustment is refused, or an account blocked.
    struct Objection: Error, Equatable {
        var code: RejectCode
        var scope: RejectScope
        var reason: String

        init(_ code: RejectCode, _ scope: RejectScope, _ reason: String) {
            self.code = code
            self.scope = scope
            self.reason = reason
        }

        var text: String { "\(code.text) \(scope) \(reason)" }

        static func overflow(_ scope: RejectScope) -> Objection {
            Objection(.arithmeticOverflow, scope, "arithmetic overflow")
        }

        static var valueFailed: Objection {
            Objection(.orderValueCalculationFailed, .order, "order value calculation failed")
        }
    }

    var slots: [Place: Slot] = [:]
    var ledgers: [AccountId: PnlState] = [:]
    var blocks: [AccountId: Objection] = [:]
    var groups: [AccountId: AccountGroupId] = [:]
    var accountCurrencies: [AccountId: Asset] = [:]
    var groupCurrencies: [AccountGroupId: Asset] = [:]
    var market = FundsModelMarket()
    var settings = Settings()
    /// What can be taken back: a change of one slot, which was `old` before it and `new` after it.
    struct Step {
        var place: Place
        var change: Change
        var old: Slot
        var new: Slot
    }

    /// What the open orders changed, oldest first.
    var open: [[Step]] = []

    func slot(_ place: Place) -> Slot { slots[place] ?? Slot() }

    func ledger(of account: AccountId) -> PnlState { ledgers[account] ?? .value(.zero) }

    func group(of account: AccountId) -> AccountGroupId { groups[account] ?? .default }

    /// Changes a slot and forgets it when it no longer says anything.
    mutating func set(_ place: Place, _ slot: Slot) { slots[place] = slot.saysNothing ? nil : slot }

    /// What the slot says after the change, even when it is forgotten then.
    @discardableResult
    mutating func add(_ change: Change, to place: Place) throws(TooLarge) -> Slot {
        var slot = slot(place)
        if !change.balance.isZero { slot.balance = try slot.balance + change.balance }
        if !change.held.isZero { slot.held = try slot.held + change.held }
        if !change.incoming.isZero { slot.incoming = try slot.incoming + change.incoming }
        set(place, slot)
        return slot
    }

    /// The account's currency, else its group's, else that of everybody.
    func currency(of account: AccountId) -> Asset? {
        let choices = [
            accountCurrencies[account], groupCurrencies[group(of: account)], groupCurrencies[.default],
        ]
        return choices.compactMap(\.self).first { !$0.isNone }
    }

    /// The first cause of a block is the one that stays.
    mutating func block(_ account: AccountId, _ objection: Objection) {
        if blocks[account] == nil { blocks[account] = objection }
    }
}

extension FundsModel.Slot {
    /// Takes the amounts of a step back by what they changed, or, where rounding would keep some of it, to what they were.
    mutating func withdraw(_ step: FundsModel.Step) throws(TooLarge) {
        balance = try balance.without(step.change.balance, step.old.balance, step.new.balance)
        held = try held.without(step.change.held, step.old.held, step.new.held)
        incoming = try incoming.without(step.change.incoming, step.old.incoming, step.new.incoming)
    }
}

/// A number that no decimal holds.
struct TooLarge: Error {}

/// What `compute` comes to, or the objection where that is too large.
func fit<Result>(
    or objection: FundsModel.Objection, _ compute: () throws(TooLarge) -> Result
) throws(FundsModel.Objection) -> Result {
    do throws(TooLarge) { return try compute() } catch { throw objection }
}

extension Decimal {
    static func + (left: Decimal, right: Decimal) throws(TooLarge) -> Decimal { try fitting(left.adding(right)) }
    static func - (left: Decimal, right: Decimal) throws(TooLarge) -> Decimal { try fitting(left.subtracting(right)) }
    static func * (left: Decimal, right: Decimal) throws(TooLarge) -> Decimal {
        try fitting(left.multiplied(by: right))
    }
    static func / (left: Decimal, right: Decimal) throws(TooLarge) -> Decimal { try fitting(left.divided(by: right)) }
    static prefix func - (number: Decimal) -> Decimal { number.negated }

    fileprivate func without(_ change: Decimal, _ old: Decimal, _ new: Decimal) throws(TooLarge) -> Decimal {
        if self == new, (try? self - change) != old { return old }
        return try self - change
    }

    private static func fitting(_ number: Decimal?) throws(TooLarge) -> Decimal {
        guard let number else { throw TooLarge() }
        return number
    }
}

extension ChangedAmount {
    /// A change that is worth telling.
    init?(telling delta: Decimal, _ absolute: Decimal) {
        if delta.isZero { return nil }
        self.init(delta: delta, absolute: absolute)
    }
}
