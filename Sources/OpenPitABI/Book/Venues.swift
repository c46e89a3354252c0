import Book
import COpenPit

extension openpit_book_options: SizedStruct { static var firstVersionSize: Int { 48 } }
extension openpit_book_message: SizedStruct { static var firstVersionSize: Int { 80 } }

/// The venue behind a handle.
func venue(_ handle: OpaquePointer?) throws(Status) -> Venue {
    try UnsafeMutablePointer<Venue>(behind: handle).pointee
}

extension BookOptions {
    fileprivate init(_ pointer: UnsafePointer<openpit_book_options>) throws(Status) {
        let given = try read(pointer)
        guard let mode = ModifyMode(rawValue: given.modify_mode), given.counts_positions <= 1,
            given.reserved_short == 0, given.reserved.0 | given.reserved.1 | given.reserved.2 == 0
        else { throw .invalidArgument }
        self.init()
        modifyMode = mode
        countsPositions = given.counts_positions == 1
        orderCapacity = given.order_capacity
        orderMax = given.order_max
        memoryMax = given.memory_max
    }
}

@c @implementation
public func openpit_venue_create(_ handle: UnsafeMutablePointer<OpaquePointer?>?) -> openpit_status {
    answer { () throws(Status) in
        let handle = try required(handle)
        guard let made = Venue.make() else { throw .limitReached }
        do throws(Status) {
            handle.pointee = try UnsafeMutablePointer<Venue>.make(made)
        } catch {
            made.destroy()
            throw error
        }
    }
}

@c @implementation
public func openpit_venue_destroy(_ handle: OpaquePointer?) {
    guard let made = try? venue(handle), UnsafeMutablePointer<Venue>.end(handle) else { return }
    made.destroy()
}

@c @implementation
public func openpit_venue_add_book(
    _ handle: OpaquePointer?, _ options: UnsafePointer<openpit_book_options>?,
    _ book: UnsafeMutablePointer<openpit_book_id>?
) -> openpit_status {
    answer { () throws(Status) in
        let venue = try venue(handle)
        let book = try required(book)
        var wanted = BookOptions()
        if let options { wanted = try BookOptions(options) }
        guard let number = venue.addBook(wanted) else { throw .limitReached }
        book.pointee = number
    }
}

// MARK: - Messages

@c @implementation
public func openpit_venue_apply(
    _ handle: OpaquePointer?, _ messages: UnsafePointer<openpit_book_message>?, _ count: Int,
    _ reports: UnsafeMutablePointer<openpit_book_report>?, _ capacity: Int, _ taken: UnsafeMutablePointer<Int>?,
    _ written: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let venue = try venue(handle)
        let reports = UnsafeMutableRawPointer(try required(reports))
        let taken = try required(taken)
        let written = try required(written)
        let messages = try items(messages, count)
        // As for messages: a capacity that is no size of an object was never meant.
        guard capacity >= BookReports.capacityMin, capacity <= Int.max / MemoryLayout<BookReport>.stride,
            var room = BookReports(
                UnsafeMutableBufferPointer(start: reports.assumingMemoryBound(to: BookReport.self), count: capacity))
        else { throw .invalidArgument }
        let outcome = apply(messages, to: venue, &room)
        taken.pointee = outcome.taken
        written.pointee = room.count
        if outcome.status != .ok { throw outcome.status }
    }
}

/// Applies messages until something stops it.
@inline(__always)
private func apply(
    _ messages: UnsafeBufferPointer<openpit_book_message>, to venue: Venue, _ room: inout BookReports
) -> (taken: Int, status: Status) {
    guard let first = messages.baseAddress else {
        _ = venue.apply(UnsafeBufferPointer(start: nil, count: 0), into: &room)
        return (0, venue.cameToBroken ? .internal : venue.isFinished ? .ok : .bufferTooSmall)
    }
    guard Int(first.pointee.struct_size) == MemoryLayout<openpit_book_message>.size else {
        return applyForeign(first, messages.count, to: venue, &room)
    }
    let taken = first.withMemoryRebound(to: BookMessage.self, capacity: messages.count) { first in
        venue.apply(UnsafeBufferPointer(start: first, count: messages.count), into: &room)
    }
    if venue.cameToBroken { return (taken, .internal) }
    if taken == messages.count, venue.isFinished { return (taken, .ok) }
    // It stopped for want of room, or else because the next message says that it has another size than the first.
    return (taken, venue.isFinished && room.hasRoom ? .structSize : .bufferTooSmall)
}

/// Applies the messages of a caller who knows more of them than this library: they lie as far apart as their struct is
/// large.
@inline(never)
private func applyForeign(
    _ first: UnsafePointer<openpit_book_message>, _ count: Int, to venue: Venue, _ room: inout BookReports
) -> (taken: Int, status: Status) {
    let stride = Int(first.pointee.struct_size)
    for taken in 0..<count {
        let place = UnsafeRawPointer(first) + taken * stride
        let message: BookMessage
        do throws(Status) {
            let next = try read(place.assumingMemoryBound(to: openpit_book_message.self))
            guard Int(place.load(as: UInt32.self)) == stride else { return (taken, .structSize) }
            message = unsafeBitCast(next, to: BookMessage.self)
        } catch {
            return (taken, error)
        }
        let isTaken = withUnsafePointer(to: message) { message in
            venue.apply(UnsafeBufferPointer(start: message, count: 1), into: &room) == 1
        }
        if venue.cameToBroken { return (taken, .internal) }
        if !isTaken { return (taken, .bufferTooSmall) }
        if !venue.isFinished { return (taken + 1, .bufferTooSmall) }
    }
    return (count, .ok)
}
