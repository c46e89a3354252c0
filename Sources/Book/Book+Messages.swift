extension Book {
    /// Applies a message. `false` when the reports have no room for what it leads to; `proceed` goes on with it. There must
    /// be room for one step when it begins, and nothing may be left to do.
    @inline(__always)
    mutating func apply(_ message: BookMessage, _ reports: inout BookReports) -> Bool {
        assert(work == .nothing)
        switch BookMessageKind(rawValue: message.kind) {
        case .new: return enter(message, &reports)
        case .cancel:
            cancel(message, &reports)
            return true
        case .modify: return modify(message, &reports)
        case .cancelAll: return beginSweep(.cancelAll, message, &reports)
        case .expire: return beginSweep(.expire, message, &reports)
        case .endDay: return beginSweep(.endDay, message, &reports)
        case .halt, .resume:
            isHalted = message.kind == BookMessageKind.halt.rawValue
            reports.append(
                BookReport(
                    isHalted ? .halted : .resumed, book: number, sequence: message.sequence, order: message.order))
            return true
        case nil:
            reports.append(
                BookReport(
                    .rejected, .invalidMessage, book: number, sequence: message.sequence, order: message.order))
            return true
        }
    }
}
