// The library for Swift programs: `import OpenPit` brings the values, the models and the errors along.
@_exported import Decimals
@_exported import Market
@_exported import RiskBase
@_exported import RiskCore

// Named by itself it is preferred to Foundation's `Decimal` in a file that imports both.
@_exported import struct Decimals.Decimal

extension Asset {
    /// The asset of that name. Blank names and names above 64 KiB are refused.
    public init(_ name: String) throws(NameError) {
        let asset: Result<Asset, NameError> = name.withBytes { bytes in
            do throws(NameError) {
                return .success(try NameTable.shared.intern(bytes))
            } catch {
                return .failure(error)
            }
        }
        self = try asset.get()
    }

    public var name: String {
        NameTable.shared.name(of: self).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}

extension Name {
    /// The name of a limit, of a person or a role.
    init(_ text: String) throws(NameError) { self.init(id: try Asset(text).id) }

    var text: String { Asset(id: id).name }
}

extension Instrument {
    /// What is traded and what it is paid in, by name.
    public init(_ underlying: String, _ settlement: String) throws(NameError) {
        self.init(underlying: try Asset(underlying), settlement: try Asset(settlement))
    }
}

extension String {
    /// The UTF-8 of the text for the duration of `body`.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var text = self
        return text.withUTF8(body)
    }
}
