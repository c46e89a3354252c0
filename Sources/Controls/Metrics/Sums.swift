import Decimals
import RiskBase

/// Why a number cannot be told.
enum Lack: Error, BitwiseCopyable {
    case data(RejectCode)
    case overflow

    var finding: Finding {
        switch self {
        case .data(let code): .lacking(code)
        case .overflow: .overflow
        }
    }
}

/// What has to be known of all that a sum is made of.
struct Needs: OptionSet, BitwiseCopyable {
    let rawValue: UInt8

    /// What positions are worth.
    static var marks: Needs { Needs(rawValue: 1) }
    /// What orders are worth.
    static var prices: Needs { Needs(rawValue: 2) }
    /// What margin they need, to be opened and to be kept.
    static var rates: Needs { Needs(rawValue: 4) }
    static var maintenanceRates: Needs { Needs(rawValue: 8) }
}

extension Figures {
    /// What positions would gain if they were closed; `nil` when it does not fit.
    var unrealized: Decimal? { @inline(__always) mutating get { self[.value].minus(self[.cost]) } }

    /// Whether all that is needed is known.
    @inline(__always)
    func has(_ needs: Needs) -> Bool {
        !(needs.contains(.marks) && unvalued > 0) && !(needs.contains(.prices) && unpriced > 0)
            && !(needs.contains(.rates) && unrated > 0) && !(needs.contains(.maintenanceRates) && unmaintained > 0)
    }

    @inline(__always)
    mutating func fulfil(_ needs: Needs) throws(Lack) {
        if needs.contains(.marks) && unvalued > 0 || needs.contains(.prices) && unpriced > 0 {
            throw .data(.markPriceUnavailable)
        }
        if needs.contains(.rates) && unrated > 0 || needs.contains(.maintenanceRates) && unmaintained > 0 {
            throw .data(.referenceDataUnavailable)
        }
    }
}

extension NodePointer {
    @inline(__always)
    func fulfils(_ needs: Needs) throws(Lack) {
        var next = pointee.books
        while let book = next {
            try book.pointee.sums.fulfil(needs)
            next = book.pointee.next
        }
    }
}

extension Controls {
    /// Some number of all books of a node, in one currency.
    @inline(__always)
    mutating func sum(
        of node: NodePointer, in currency: Asset, _ needs: Needs, at now: Int64, _ amount: (BookPointer) -> Decimal?
    ) throws(Lack) -> Decimal {
        try node.fulfils(needs)
        var next = node.pointee.books
        if let only = next, only.pointee.next == nil, only.pointee.asset == currency {
            guard let amount = amount(only) else { throw .overflow }
            return amount
        }
        var sum = Decimal.zero
        while let book = next {
            next = book.pointee.next
            guard let amount = amount(book) else { throw .overflow }
            let converted =
                book.pointee.asset == currency || amount.isZero
                ? amount : try convert(amount, from: book.pointee.asset, to: currency, node, at: now)
            guard let more = sum.plus(converted) else { throw .overflow }
            sum = more
        }
        return sum
    }

    /// One figure of all books of a node, in one currency.
    mutating func sum(
        _ figure: Figure, of node: NodePointer, in currency: Asset, _ needs: Needs, at now: Int64
    ) throws(Lack) -> Decimal {
        try sum(of: node, in: currency, needs, at: now) { $0.pointee.sums[figure] }
    }

    /// An amount in another asset, as all who look at the node have it.
    mutating func convert(
        _ amount: Decimal, from asset: Asset, to currency: Asset, _ node: NodePointer, at now: Int64
    ) throws(Lack) -> Decimal {
        if asset == currency || amount.isZero { return amount }
        switch convert(amount, from: asset, to: currency, for: asker(of: node, at: now)) {
        case .value(let value): return value
        case .missing: throw .data(.markPriceUnavailable)
        case .overflow: throw .overflow
        }
    }

    /// What accounts are worth.
    mutating func equity(of node: NodePointer, in currency: Asset, at now: Int64) throws(Lack) -> Decimal {
        if look != 0, node.pointee.sight.equityLook == look, node.pointee.sight.equityCurrency == currency {
            return node.pointee.sight.equity
        }
        let equity = try sum(of: node, in: currency, .marks, at: now) { book in
            book.pointee.sums.unrealized?.plus(book.pointee.sums[.realized])?.plus(book.pointee.deposited)
        }
        node.pointee.sight.equityLook = look
        (node.pointee.sight.equityCurrency, node.pointee.sight.equity) = (currency, equity)
        return equity
    }

    /// The node of all that an account, a group or the firm has, of which `node` is a part; `nil` when memory has run out.
    mutating func whole(of node: NodePointer) -> NodePointer? {
        if let whole = node.pointee.whole { return whole }
        let own = shapes[Int(node.pointee.shape)].pointee.keys
        let wanted = own.intersection([.account, .group])
        for shape in shapes.contents where shape.pointee.keys == wanted && shape.pointee.hasBooks {
            node.pointee.whole = shape.pointee.node(of: node.pointee.values)
        }
        return node.pointee.whole
    }

    /// What a book limit finds: what the books have, and what the order adds to it.
    @inline(__always)
    mutating func finding(_ used: Decimal, _ asked: Decimal) -> Finding {
        guard let value = used.plus(asked) else { return .overflow }
        var finding = Finding.value(value)
        finding.grows(from: used, by: asked)
        return finding
    }
}
