import Decimals
import RiskBase

/// What an account has of one asset beside its positions, which is in the books of its accounts, groups and the firm.
struct AccountAsset: BitwiseCopyable {
    let account: AccountPointer
    let asset: Asset
    /// At the start and since: no P&L.
    var deposited = Decimal.zero
    /// The margin that was supplied for it, and what orders accepted since then added.
    var suppliedMargin = Decimal.zero
    var addedMargin = Decimal.zero
    /// The next one of the account.
    var next: AccountAssetPointer?

    init(_ account: AccountPointer, _ asset: Asset) {
        self.account = account
        self.asset = asset
    }
}

typealias AccountAssetPointer = UnsafeMutablePointer<AccountAsset>

extension Controls {
    /// What the account has of an asset, with books for it; `nil` when memory has run out.
    mutating func asset(_ asset: Asset, of account: AccountPointer) -> AccountAssetPointer? {
        let key = UInt64(account.pointee.slot) << 32 | UInt64(asset.id)
        if let known = assets.find(key) { return known }
        // Books first: with one of them missing there is nothing.
        guard assets.reserveOne(), makeBooks(asset, of: account),
            let row = assets.findOrAdd(key, initial: AccountAsset(account, asset))
        else { return nil }
        row.pointee.next = account.pointee.firstAsset
        account.pointee.firstAsset = row
        return row
    }

    /// `false`, and no change that anybody sees, when memory has run out.
    func makeBooks(_ asset: Asset, of account: AccountPointer) -> Bool {
        for shape in shapes.contents where shape.pointee.hasBooks && shape.pointee.isOfAccounts {
            guard shape.pointee.keys.contains(.group) == false || account.pointee.group != .default else { continue }
            guard shape.pointee.node(of: account.pointee.values)?.bookAdding(asset) != nil else { return false }
        }
        return true
    }

    /// Every book that counts what an account has of an asset.
    func forEachBook(of row: AccountAssetPointer, _ visit: (BookPointer) -> Void) {
        nodes(of: row.pointee.account).forEach { node in
            if let book = node.book(of: row.pointee.asset) { visit(book) }
        }
    }

    /// The nodes that stand for an account as a whole, or for more.
    func nodes(of account: AccountPointer) -> AccountNodes {
        var nodes = AccountNodes()
        for shape in shapes.contents where shape.pointee.hasBooks && shape.pointee.isOfAccounts {
            if shape.pointee.keys.contains(.group) && account.pointee.group == .default { continue }
            if let node = shape.pointee.find(account.pointee.values) { nodes.append(node) }
        }
        return nodes
    }

    /// Changes what an account has at the start. `false`, and no change, when it does not fit.
    mutating func deposit(_ amount: Decimal, _ row: AccountAssetPointer, at now: Int64, isObserved: Bool = true) -> Bool
    {
        guard let deposited = row.pointee.deposited.plus(amount) else { return false }
        var fits = true
        forEachBook(of: row) { book in
            if book.pointee.deposited.plus(amount) == nil || book.pointee.pendingDeposit.plus(amount) == nil {
                fits = false
            }
        }
        guard fits else { return false }
        row.pointee.deposited = deposited
        forEachBook(of: row) { book in
            book.pointee.deposited = book.pointee.deposited.plus(amount) ?? book.pointee.deposited
            book.pointee.pendingDeposit = book.pointee.pendingDeposit.plus(amount) ?? book.pointee.pendingDeposit
        }
        let nodes = nodes(of: row.pointee.account)
        for index in 0..<nodes.count {
            if isObserved { touch(nodes[index]) }
            movePeaks(of: nodes[index], at: now)
        }
        return true
    }
}

/// The nodes of the firm, of a group, of an account, and of an account in its group, as far as somebody asks for them.
struct AccountNodes: BitwiseCopyable {
    private var nodes: [4 of NodePointer?] = InlineArray(repeating: nil)
    private(set) var count = 0

    fileprivate mutating func append(_ node: NodePointer) {
        guard count < 4 else { return }
        nodes[count] = node
        count += 1
    }

    subscript(index: Int) -> NodePointer { nodes[index].unsafelyUnwrapped }

    func forEach(_ visit: (NodePointer) -> Void) {
        for index in 0..<count { visit(self[index]) }
    }
}

extension AccountData {
    /// What finds the nodes it belongs to.
    var values: KeyValues {
        var values = KeyValues()
        values[.account] = slot
        values[.group] = group.value
        return values
    }
}

extension Shape {
    /// Whether it stands for accounts as a whole: what they have beside positions counts there alone.
    var isOfAccounts: Bool { KeySet([.account, .group]).isSuperset(of: keys) }
}
