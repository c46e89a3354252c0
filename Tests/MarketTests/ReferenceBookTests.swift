import RiskBase
import TestSupport
import Testing

@testable import Market

struct ReferenceBookTests {
    private static let scheme = SettlementScheme(
        delivery: SettlementLag(count: 2, unit: .businessDays), payment: SettlementLag(count: .max, unit: .calendarDays)
    )

    private static func makeBook() throws -> ReferenceBook {
        guard let book = ReferenceBook() else { throw NothingThere() }
        return book
    }

    @Test func `numbers its instruments, skipping ids that are taken`() throws {
        let book = try Self.makeBook()
        #expect(try book.register(instrument(1, 2)).value == 0)
        #expect(try book.register(instrument(2, 2), as: InstrumentId(1)).value == 1)
        #expect(try book.register(instrument(3, 2)).value == 2)
        #expect(book.resolve(instrument(2, 2))?.value == 1)
        #expect(book.resolve(instrument(2, 3)) == nil)
    }

    @Test func `a known name is reported before a taken id`() throws {
        let book = try Self.makeBook()
        let id = try book.register(instrument(1, 2))
        func register(_ underlying: UInt32) -> RegistrationFault? {
            failure { () throws(RegistrationFault) in try book.register(instrument(underlying, 2), as: id) }
        }
        #expect(register(1) == .instrumentKnown)
        #expect(register(2) == .idTaken)
        #expect(book.resolve(instrument(2, 2)) == nil)
    }

    @Test func `says when an instrument settles, once somebody said so`() throws {
        let book = try Self.makeBook()
        let id = try book.register(instrument(1, 2))
        #expect(try book.settlementScheme(of: id) == nil)
        try book.setSettlementScheme(Self.scheme, of: id)
        #expect(try book.settlementScheme(of: id) == Self.scheme)
        try book.setSettlementScheme(nil, of: id)
        #expect(try book.settlementScheme(of: id) == nil)
    }

    @Test func `knows nothing of an instrument that was never registered`() throws {
        let book = try Self.makeBook()
        func set(_ scheme: SettlementScheme?) -> UnknownInstrument? {
            failure { () throws(UnknownInstrument) in try book.setSettlementScheme(scheme, of: InstrumentId(7)) }
        }
        #expect(set(Self.scheme) == UnknownInstrument())
        #expect(set(nil) == UnknownInstrument())
        #expect(
            failure { () throws(UnknownInstrument) in _ = try book.settlementScheme(of: InstrumentId(7)) }
                == UnknownInstrument())
    }
}
