import CPlatform
import RiskBase

/// Why an instrument was not registered. When both apply, the name is the reason.
public enum RegistrationFault: Error, Equatable, Sendable, BitwiseCopyable {
    /// The instrument is registered already.
    case instrumentKnown
    /// The id belongs to another instrument.
    case idTaken
    /// Memory or the ids have run out.
    case limitReached
}

/// Instruments by name and by id, with what is known about each. Nothing is ever unregistered. Readers never wait; one
/// writer at a time.
struct InstrumentRegistry<Details: ~Copyable>: ~Copyable {
    struct Row: ~Copyable {
        let id: InstrumentId
        var details: Details
    }

    // The values are the addresses of rows.
    /// Ids that leave few gaps, as automatic ones do.
    private let rowsByNumber: PublishedNumbers
    /// All other ids.
    private let rowsById = PublishedTable()
    private let rowsByName = PublishedTable()
    /// What only the writer needs.
    private let writing: UnsafeMutablePointer<Writing>

    private struct Writing: ~Copyable {
        /// The smallest id that may still be given out automatically.
        var next: UInt64 = 0
        /// Readers go through the tables whenever they like, so what was outgrown stays.
        var blocks = PublishedBlocks(canOvertake: false)
    }

    /// Without instruments; `nil` when memory has run out.
    init?() {
        guard let numbers = PublishedNumbers(), let writing = UnsafeMutablePointer<Writing>.allocateAligned() else {
            return nil
        }
        writing.initialize(to: Writing())
        rowsByNumber = numbers
        self.writing = writing
    }

    deinit {
        // Every row has a name, whatever its id.
        rowsByName.forEach { value in
            guard let row = Self.row(value) else { return }
            row.deinitialize(count: 1)
            cplatform_free(row)
        }
        writing.deinitialize(count: 1)
        cplatform_free(writing)
    }

    @inline(__always)
    private static func row(_ value: UInt64) -> UnsafeMutablePointer<Row>? {
        UnsafeMutablePointer(bitPattern: UInt(truncatingIfNeeded: value))
    }

    @inline(__always)
    func find(_ id: InstrumentId) -> UnsafeMutablePointer<Row>? {
        let value = rowsByNumber.find(id.value)
        return Self.row(value != 0 ? value : findElsewhere(id))
    }

    @inline(never)
    private func findElsewhere(_ id: InstrumentId) -> UInt64 { rowsById.find(id.value) }

    @inline(__always)
    func find(_ instrument: Instrument) -> UnsafeMutablePointer<Row>? { Self.row(rowsByName.find(instrument.key)) }

    /// Registers an instrument with details from `make`, under the next automatic id unless `id` names one.
    func add(
        _ instrument: Instrument, _ id: InstrumentId?, _ make: () -> Details
    ) throws(RegistrationFault) -> UnsafeMutablePointer<Row> {
        if find(instrument) != nil { throw .instrumentKnown }
        if let id, find(id) != nil { throw .idTaken }
        guard let id = id ?? nextAutomatic(),
            rowsByNumber.reserve(id.value, count: rowsByName.count)
                || rowsById.reserveOne(&writing.pointee.blocks, {}),
            rowsByName.reserveOne(&writing.pointee.blocks, {}),
            let row = UnsafeMutablePointer<Row>.allocateAligned()
        else { throw .limitReached }
        row.initialize(to: Row(id: id, details: make()))
        let value = UInt64(UInt(bitPattern: row))
        if !rowsByNumber.set(id.value, value) { rowsById.set(id.value, value, &writing.pointee.blocks, {}) }
        rowsByName.set(instrument.key, value, &writing.pointee.blocks, {})
        return row
    }

    /// What does not hold together, or `nil`; `check` looks at the details of one. No writer may be under way.
    func checkInvariants(_ check: (borrowing Details) -> StaticString?) -> StaticString? {
        if let broken = rowsByNumber.checkInvariants() ?? rowsById.checkInvariants() { return broken }
        if let broken = rowsByName.checkInvariants() ?? writing.pointee.blocks.checkInvariants() { return broken }
        var broken: StaticString?
        var (count, places) = (0, 0 as UInt64)
        func look(_ key: UInt64, _ value: UInt64) {
            count += 1
            places ^= value
            guard let row = Self.row(value) else { return }
            if row.pointee.id.value != key { broken = "an instrument has another id than it thinks" }
            if let wrong = check(row.pointee.details) { broken = wrong }
        }
        rowsByNumber.forEach(look)
        rowsById.forEachKey { (key, value) in
            if rowsByNumber.find(key) != 0 { broken = "an id has two instruments" }
            look(key, value)
        }
        if count != rowsByName.count { return "instruments have other ids than names" }
        rowsByName.forEach { places ^= $0 }
        return places == 0 ? broken : "an instrument's name leads to another one"
    }

    /// The next id that nobody took. Ids up to it are taken for good, so they are looked at once.
    private func nextAutomatic() -> InstrumentId? {
        var value = writing.pointee.next
        while find(InstrumentId(value)) != nil, value < .max { value += 1 }
        writing.pointee.next = value
        return value < .max ? InstrumentId(value) : nil
    }
}

extension Instrument {
    fileprivate var key: UInt64 { UInt64(underlying.id) << 32 | UInt64(settlement.id) }
}
