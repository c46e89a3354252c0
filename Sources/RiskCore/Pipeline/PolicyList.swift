import Controls
import RiskBase

/// The policies of an engine, in the order in which they were added, which is the order in which they run.
struct PolicyList: ~Copyable {
    struct Entry: BitwiseCopyable {
        let name: PolicyName
        let group: PolicyGroupId
        let kind: PolicyKind
    }

    private(set) var entries = Buffer<Entry>()
    /// Those that have something to do in the main stage.
    private(set) var mainStage = Buffer<Entry>()
    /// The names of custom policies. They stay when the policies go, for a hook may still run.
    private var names = TextArena()
    /// How many there are. Empty ones need no keeping.
    private(set) var nameCount: UInt64 = 0
    /// Those that others ask for.
    private(set) var known = Known()

    var limits: UnsafeMutablePointer<Controls>? { known.limits }

    init() {}

    deinit {
        for entry in entries.contents { entry.kind.deallocate() }
    }

    /// Makes sure that there is room for so many more policies without names. `false`, and no change, when memory has run out.
    mutating func reserve(_ more: Int) -> Bool { entries.reserve(more) && mainStage.reserve(more) }

    /// Makes sure that there is room for one more policy, with a name of so many bytes. `false`, and no change, when memory has
    /// run out.
    mutating func reserveOne(nameLength: Int = 0) -> Bool {
        reserve(1) && names.reserve(nameLength)
    }

    /// Keeps the name of a custom policy, for which there is room.
    mutating func keep(_ name: UnsafeBufferPointer<UInt8>) -> PolicyName {
        if !name.isEmpty { nameCount += 1 }
        return .custom(names.add(name))
    }

    /// The text of a policy's name.
    func name(of entry: Entry) -> UnsafeBufferPointer<UInt8> { entry.name.text(in: names) }

    /// Appends a policy, for which there is room.
    mutating func append(_ entry: Entry) {
        // Limits stay the last ones.
        entries.insert(entry, at: limits == nil ? entries.count : entries.count - 1)
        if entry.kind.isOfMainStage {
            mainStage.insert(entry, at: limits == nil ? mainStage.count : mainStage.count - 1)
        }
        known.note(entry.kind)
    }

    /// Puts limits around the policies: the gate before them, the limits behind them. There is room for two more.
    mutating func surround(by limits: UnsafeMutablePointer<Controls>) {
        let gate = Entry(name: .engine, group: .default, kind: .gate(limits))
        entries.insert(gate, at: 0)
        mainStage.insert(gate, at: 0)
        append(Entry(name: .engine, group: .default, kind: .limits(limits)))
    }

    /// Makes sure that every policy has room for what a report may bring. `false` when memory has run out.
    @inline(__always)
    func reserveReport() -> Bool {
        if let killSwitch = known.killSwitch, !killSwitch.pointee.reserveReport() { return false }
        return true
    }

    /// Ends what outside hands gave, and leaves the list empty. Call it where outside code may run.
    mutating func removeAll() {
        known = Known()
        mainStage.removeAll()
        while !entries.isEmpty { entries.removeLast().kind.deallocate() }
    }

    /// The same where nobody knows what the policies' tables are worth: what outside hands gave is ended, and the tables are left
    /// alone.
    mutating func abandonAll() {
        known = Known()
        mainStage.removeAll()
        while !entries.isEmpty { entries.removeLast().kind.abandon() }
    }

    /// Why these policies cannot run together, or `nil`. All names are looked at first; one that two have is left in `name`.
    mutating func conflict(_ name: inout DuplicateName) -> EngineBuildFault? {
        guard !entries.isEmpty else { return .noPolicies }
        for index in 0..<entries.count {
            for other in 0..<index where areNamedAlike(entries[other], entries[index]) {
                name.take(entries[index].name, from: &names)
                return .duplicateName
            }
        }
        for index in 0..<entries.count where entries[index].group != .default {
            for other in 0..<index where entries[other].group == entries[index].group {
                return .duplicateGroup(entries[index].group)
            }
        }
        return nil
    }

    /// Two policies may not have one name. What surrounds the policies, in the engine's name, is none itself.
    private func areNamedAlike(_ one: Entry, _ other: Entry) -> Bool {
        switch (one.name, other.name) {
        case (.engine, _), (_, .engine): false
        default: name(of: one).elementsEqual(name(of: other))
        }
    }
}

/// The name that two policies have.
struct DuplicateName: ~Copyable {
    private var name = PolicyName.custom(TextSlice.empty)
    private var texts = TextArena()

    init() {}

    /// Takes over all names of a list of policies, of which `name` is one, so that memory cannot be refused.
    mutating func take(_ name: PolicyName, from names: inout TextArena) {
        texts.removeAll()
        texts.take(&names)
        self.name = name
    }

    var text: UnsafeBufferPointer<UInt8> { name.text(in: texts) }
}

/// Why an engine was not made.
public enum EngineBuildFault: Error, BitwiseCopyable {
    case noPolicies
    /// Two policies have the name that the builder tells.
    case duplicateName
    case duplicateGroup(PolicyGroupId)
    case consumed
    /// Memory has run out.
    case limitReached
}

// MARK: - Invariants

extension PolicyList {
    func checkInvariants() -> StaticString? {
        if let broken = entries.checkInvariants() ?? mainStage.checkInvariants() ?? names.checkInvariants() {
            return broken
        }
        for entry in entries.contents where !names.has(entry.name) { return "a policy has a name that is not there" }
        var main = 0
        var present = Known()
        for entry in entries.contents {
            if entry.kind.isOfMainStage { main += 1 }
            present.note(entry.kind)
        }
        if main != mainStage.count { return "a policy of the main stage is missing there" }
        return present == known ? nil : "a policy is known and not in the list"
    }
}
