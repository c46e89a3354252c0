import COpenPit
import RiskBase
import RiskCore

extension Status {
    init(_ error: NameError) {
        switch error {
        case .blank: self = .emptyName
        case .tooLong: self = .nameTooLong
        case .limitReached: self = .limitReached
        }
    }
}

/// The asset behind an id, which must be one somebody interned.
func named(_ asset: openpit_asset) throws(Status) -> Asset {
    let asset = Asset(id: asset)
    guard NameTable.shared.name(of: asset) != nil else { throw .notFound }
    return asset
}

/// The name behind an id, where it is no asset's.
func name(behind id: openpit_name) throws(Status) -> Name { Name(id: try named(id).id) }

/// The same, or none for 0.
func optionalName(behind id: openpit_name) throws(Status) -> Name { id == 0 ? .none : try name(behind: id) }

/// The asset behind an id, or none for 0.
func optionallyNamed(_ asset: openpit_asset) throws(Status) -> Asset {
    asset == 0 ? .none : try named(asset)
}

@c @implementation
public func openpit_asset_intern(
    _ name: openpit_text, _ asset: UnsafeMutablePointer<openpit_asset>?
) -> openpit_status {
    answer { () throws(Status) in
        let asset = try required(asset)
        let bytes = try name.name()
        do throws(NameError) {
            asset.pointee = try NameTable.shared.intern(bytes).id
        } catch {
            throw Status(error)
        }
    }
}

@c @implementation
public func openpit_asset_name(
    _ asset: openpit_asset, _ name: UnsafeMutablePointer<openpit_text>?
) -> openpit_status {
    answer { () throws(Status) in
        let name = try required(name)
        guard let bytes = NameTable.shared.name(of: Asset(id: asset)) else { throw .notFound }
        name.pointee = openpit_text(bytes)
    }
}

@c @implementation
public func openpit_account_id_from_text(
    _ text: openpit_text, _ account: UnsafeMutablePointer<openpit_account_id>?
) -> openpit_status {
    answer { () throws(Status) in
        let account = try required(account)
        guard let id = AccountId(text: try text.utf8()) else { throw .emptyName }
        account.pointee = id.value
    }
}

@c @implementation
public func openpit_account_group_id_from_text(
    _ text: openpit_text, _ group: UnsafeMutablePointer<openpit_account_group_id>?
) -> openpit_status {
    answer { () throws(Status) in
        let group = try required(group)
        guard let id = AccountGroupId(text: try text.utf8()) else { throw .emptyName }
        group.pointee = id.value
    }
}
