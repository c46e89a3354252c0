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
        /// The ids by key. Under the lock.
        var index = GrowingIndex<NameEntry>()
        /// What the names lead to. Under the lock.
        var texts = NameTexts()
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

    /// The asset called `name`, a UTF-8 text, which is made when there is none.
    public func intern(_ name: UnsafeBufferPointer<UInt8>) throws(NameError) -> Asset {
        guard name.count <= Self.lengthMax else { throw .tooLong }
        if name.isBlank { throw .blank }
        cplatform_lock_acquire(state.pointee.lock)
        defer { cplatform_lock_release(state.pointee.lock) }
        let (known, key) = find(name)
        if !known.isNone { return known }

        let id = state.pointee.count.load(ordering: .relaxed) + 1
        guard id < UInt32.max, state.pointee.index.reserveOne({ state.pointee.names.key(of: $0.id) }),
            state.pointee.names.reserve(id), let bytes = state.pointee.texts.keep(name)
        else { throw .limitReached }
        state.pointee.names.store(bytes, name.count, key, as: id)
        state.pointee.index.add(NameEntry(id: id), for: UInt64(key)) { state.pointee.names.key(of: $0.id) }
        state.pointee.count.store(id, ordering: .releasing)
        return Asset(id: id)
    }

    /// The asset called `name`, or none, and the key that it has or would have. Under the lock.
    private func find(_ name: UnsafeBufferPointer<UInt8>) -> (Asset, key: UInt32) {
        var key = UInt32(truncatingIfNeeded: cplatform_hash_bytes(name.baseAddress, name.count))
        while true {
            let known = state.pointee.index.find(UInt64(key)) { state.pointee.names.key(of: $0.id) }
            if known.isEmpty { return (.none, key) }
            if state.pointee.names[known.id].hasBytes(of: name) { return (Asset(id: known.id), key) }
            // It is another name's. Names stay, so that looking on from there finds this one as long as it lasts.
            key &+= 1
        }
    }

    /// Whether `id` is that of an asset, or of none.
    @inline(__always)
    @inlinable public func knows(_ id: UInt32) -> Bool { id <= state.pointee.count.load(ordering: .acquiring) }

    /// The name of `asset`, valid until the process ends; `nil` for no asset and for an id nobody was given.
    public func name(of asset: Asset) -> UnsafeBufferPointer<UInt8>? {
        guard !asset.isNone, knows(asset.id) else { return nil }
        return state.pointee.names[asset.id]
    }

    /// The same of a name that is no asset's.
    package func text(of name: Name) -> UnsafeBufferPointer<UInt8>? { self.name(of: Asset(id: name.id)) }
}

extension NameTable {
    /// What does not hold together in the table, or `nil`. It looks at everything, so it is for tests.
    package func checkInvariants() -> StaticString? {
        cplatform_lock_acquire(state.pointee.lock)
        defer { cplatform_lock_release(state.pointee.lock) }
        let count = state.pointee.count.load(ordering: .relaxed)
        var isStrange = false
        state.pointee.index.forEach { if $0.id > count { isStrange = true } }
        if isStrange { return "the index of names knows an id that nobody was given" }
        if let broken = state.pointee.index.checkInvariants({ state.pointee.names.key(of: $0.id) }) { return broken }
        if state.pointee.index.count != Int(count) { return "the index of names miscounts them" }
        for id in 1..<max(1, count &+ 1) {
            let name = state.pointee.names[id]
            if name.count > Self.lengthMax { return "a name is longer than names may be" }
            if find(name).0.id != id { return "a name cannot be found" }
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
