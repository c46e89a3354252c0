/// What lots are counted in. 64 bits are what messages and reports of a venue have room for; 128 are for those who need a
/// lot so small that any quantity is a whole number of them.
public protocol LotCount: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {}

extension UInt64: LotCount {}
extension UInt128: LotCount {}

/// The records of a venue. They are the structs of `openpit/book.h`.
public typealias BookMessage = BookMessageRecord<UInt64>
public typealias BookReport = BookReportRecord<UInt64>
public typealias BookReports = BookReportRoom<UInt64>
public typealias BookLevel = BookLevelRecord<UInt64>
public typealias BookOrder = BookOrderRecord<UInt64>
public typealias BookCounts = BookCountsRecord<UInt64>

/// The records of a book are as wide as its lots.
extension Book {
    typealias BookMessage = BookMessageRecord<Lots>
    typealias BookReport = BookReportRecord<Lots>
    typealias BookReports = BookReportRoom<Lots>
    typealias BookLevel = BookLevelRecord<Lots>
    typealias BookOrder = BookOrderRecord<Lots>
    typealias BookCounts = BookCountsRecord<Lots>
}
