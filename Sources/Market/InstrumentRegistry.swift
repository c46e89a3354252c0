import CPlatform
import RiskBase
import Synchronization

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

    private let rowsById = PublishedTable<Row>()
    private let rowsByName = PublishedTable<Row>()
    /// The smallest id that may still be given out automatically. The writer's alone.
    private let next = Atomic<UInt64>(0)

    init() {}

    deinit { rowsById.destroyRows() }

    @inline(__always)
    func find(_ id: InstrumentId) -> UnsafeMutablePointer<Row>? { rowsById.find(id.value) }

    @inline(__always)
    func find(_ instrument: Instrument) -> UnsafeMutablePointer<Row>? { rowsByName.find(instrument.key) }

    /// Registers an instrument with details from `make`, under the next automatic id unless `id` names one.
    func add(
        _ instrument: Instrument, _ id: InstrumentId?, _ make: () -> Details
    ) throws(RegistrationFault) -> UnsafeMutablePointer<Row> {
        if find(instrument) != nil { throw .instrumentKnown }
        if let id, find(id) != nil { throw .idTaken }
        guard let id = id ?? nextAutomatic(), rowsById.reserveOne(), rowsByName.reserveOne(),
            let row = PublishedTable<Row>.allocate({ Row(id: id, details: make()) })
        else { throw .limitReached }
        rowsById.insert(row, for: id.value)
        rowsByName.insert(row, for: instrument.key)
        return row
    }

    /// What does not hold together, or `nil`; `check` looks at the details of one. No writer may be under way.
    func checkInvariants(_ check: (borrowing Details) -> StaticString?) -> StaticString? {
        if let broken = rowsById.checkInvariants() ?? rowsByName.checkInvariants() { return broken }
        if rowsById.count != rowsByName.count { return "instruments have other ids than names" }
        var broken: StaticString?
        var places = 0
        rowsById.forEachKey { (key, row) in
            if row.pointee.id.value != key { broken = "an instrument has another id than it thinks" }
            if let wrong = check(row.pointee.details) { broken = wrong }
            places ^= Int(bitPattern: row)
        }
        rowsByName.forEachKey { (_, row) in places ^= Int(bitPattern: row) }
        return places == 0 ? broken : "an instrument's name leads to another one"
    }

    /// The next id that nobody took. Ids up to it are taken for good, so they are looked at once.
    private func nextAutomatic() -> InstrumentId? {
        var value = next.load(ordering: .relaxed)
        while rowsById.find(value) != nil, value < .max { value += 1 }
        next.store(value, ordering: .relaxed)
        return value < .max ? InstrumentId(value) : nil
    }
}

extension Instrument {
    fileprivate var key: UInt64 { UInt64(underlying.id) << 32 | UInt64(settlement.id) }
}
