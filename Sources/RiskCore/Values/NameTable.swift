import CPlatform
import Synchronization

/// The names of assets: each has one id, kept until the process ends, so that an order carries a number instead of text.
///
/// Names are compared byte for byte. Safe from any thread; reading a name takes no lock.
public final class NameTable: @unchecked Sendable {
    /// The table of this process.
    public static let shared = NameTable()

    /// The longest name, in bytes.
    public static var lengthMax: Int { 65_536 }

    /// How many names there are, which is also the largest id. Written after the name itself, so whoever sees the count
    /// sees the names.
    private let count = Atomic<UInt32>(0)
    /// The names by id. Never moved, so a reader needs no lock.
    private let names = ChunkedNames()
    /// The ids by hash. Under the lock.
    private var index = NameIndex()
    private let lock: UnsafeMutablePointer<cplatform_lock>

    init() {
        lock = .allocate(capacity: 1)
        lock.initialize(to: cplatform_lock())
        // A default mutex needs nothing that could be refused.
        _ = cplatform_lock_initialize(lock)
    }

    deinit {
        cplatform_lock_deinitialize(lock)
        lock.deallocate()
    }

    /// The asset called `name`, a UTF-8 text, which is made when there is none. A policy may have a blank name.
    public func intern(
        _ name: UnsafeBufferPointer<UInt8>, allowingBlank: Bool = false
    ) throws(NameError) -> Asset {
        guard name.count <= Self.lengthMax else { throw .tooLong }
        if !allowingBlank && name.isBlank { throw .blank }
        cplatform_lock_acquire(lock)
        defer { cplatform_lock_release(lock) }
        let hash = FowlerNollVo.hash64(name)
        if let id = index.find(hash, where: { names[$0].hasBytes(of: name) }) { return Asset(id: id) }

        let id = count.load(ordering: .relaxed) + 1
        guard id < UInt32.max, index.reserveOne(), names.store(name, as: id) else { throw .limitReached }
        index.insert(id, hash: hash)
        count.store(id, ordering: .releasing)
        return Asset(id: id)
    }

    /// The name of `asset`, valid until the process ends; `nil` for no asset and for an id nobody was given.
    public func name(of asset: Asset) -> UnsafeBufferPointer<UInt8>? {
        guard !asset.isNone, asset.id <= count.load(ordering: .acquiring) else { return nil }
        return names[asset.id]
    }
}

/// Why a text is no name.
public enum NameError: Error, Sendable, BitwiseCopyable {
    /// Empty, or nothing but white space.
    case blank
    /// Longer than `NameTable.lengthMax`.
    case tooLong
    /// Memory has run out.
    case limitReached
}

extension UnsafeBufferPointer<UInt8> {
    fileprivate func hasBytes(of other: UnsafeBufferPointer<UInt8>) -> Bool {
        count == other.count && elementsEqual(other)
    }
}
