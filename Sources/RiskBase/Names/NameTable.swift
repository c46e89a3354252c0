import CPlatform
import Synchronization

/// The names of assets: each has one id, kept until the process ends, so that an order carries a number instead of text. A
/// handle: copies of it are the same table.
///
/// Names are compared byte for byte. Safe from any thread; reading a name takes no lock.
public struct NameTable: @unchecked Sendable, BitwiseCopyable {
    /// The table of this process.
    public static let shared = NameTable()

    /// The longest name, in bytes.
    public static var lengthMax: Int { 65_536 }

    @usableFromInline struct State: ~Copyable {
        // What the lock guards comes first, see docs/workarounds.md.
        /// The ids by hash. Under the lock.
        var index = NameIndex()
        let lock: UnsafeMutablePointer<cplatform_lock>
        /// How many names there are, which is also the largest id. Written after the name itself, so whoever sees the
        /// count sees the names.
        @usableFromInline let count = Atomic<UInt32>(0)
        /// The names by id. Never moved, so a reader needs no lock.
        let names = ChunkedNames()

        init() {
            lock = .permanent()
            // A default mutex needs nothing that could be refused.
            _ = cplatform_lock_initialize(lock)
        }

        deinit { cplatform_lock_deinitialize(lock) }
    }

    @usableFromInline let state: UnsafeMutablePointer<State>

    init() {
        state = .permanent()
        state.initialize(to: State())
    }

    /// The end of a table that is not the process's own.
    func destroy() {
        state.deinitialize(count: 1)
    }

    /// The asset called `name`, a UTF-8 text, which is made when there is none. A policy may have a blank name.
    public func intern(
        _ name: UnsafeBufferPointer<UInt8>, allowingBlank: Bool = false
    ) throws(NameError) -> Asset {
        guard name.count <= Self.lengthMax else { throw .tooLong }
        if !allowingBlank && name.isBlank { throw .blank }
        cplatform_lock_acquire(state.pointee.lock)
        defer { cplatform_lock_release(state.pointee.lock) }
        let hash = FowlerNollVo.hash64(name)
        if let known = find(name, hash) { return known }

        let id = state.pointee.count.load(ordering: .relaxed) + 1
        guard id < UInt32.max, state.pointee.index.reserveOne(), state.pointee.names.store(name, as: id) else {
            throw .limitReached
        }
        state.pointee.index.insert(id, hash: hash)
        state.pointee.count.store(id, ordering: .releasing)
        return Asset(id: id)
    }

    /// The asset called `name`, when there is one.
    public func find(_ name: UnsafeBufferPointer<UInt8>) -> Asset? {
        cplatform_lock_acquire(state.pointee.lock)
        defer { cplatform_lock_release(state.pointee.lock) }
        return find(name, FowlerNollVo.hash64(name))
    }

    /// The same under the lock.
    private func find(_ name: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Asset? {
        state.pointee.index.find(hash) { state.pointee.names[$0].hasBytes(of: name) }.map { Asset(id: $0) }
    }

    /// Whether `id` is that of an asset, or of none.
    @inline(__always)
    @inlinable public func knows(_ id: UInt32) -> Bool { id <= state.pointee.count.load(ordering: .acquiring) }

    /// The name of `asset`, valid until the process ends; `nil` for no asset and for an id nobody was given.
    public func name(of asset: Asset) -> UnsafeBufferPointer<UInt8>? {
        guard !asset.isNone, knows(asset.id) else { return nil }
        return state.pointee.names[asset.id]
    }
}

extension NameTable {
    /// What does not hold together in the table, or `nil`. It looks at everything, so it is for tests.
    package func checkInvariants() -> StaticString? {
        cplatform_lock_acquire(state.pointee.lock)
        defer { cplatform_lock_release(state.pointee.lock) }
        let count = state.pointee.count.load(ordering: .relaxed)
        if let broken = state.pointee.index.checkInvariants(idsUpTo: count) { return broken }
        for id in 1..<max(1, count &+ 1) {
            let name = state.pointee.names[id]
            if name.count > Self.lengthMax { return "a name is longer than names may be" }
            if find(name, FowlerNollVo.hash64(name))?.id != id { return "a name cannot be found" }
        }
        return nil
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
