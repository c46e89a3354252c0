import Decimals
import Market
import RiskBase

/// What positions are worth: kept with each of them, and made anew when somebody says something else, or for too long nothing.
extension Controls {
    /// Takes notice of what has happened since the last call: pushes, marks that are too old, accounts that were described. `false`
    /// when memory has run out.
    @inline(__always)
    package mutating func catchUp(at now: Int64) -> Bool {
        notice(at: now)
        if !world.hasNews && now < world.markEnds.first && now < nextLatchEnd && !hasClosedAccounts { return true }
        return catchUpSlowly(at: now)
    }

    @inline(never)
    private mutating func catchUpSlowly(at now: Int64) -> Bool {
        guard openAccounts() else { return false }
        while let news = world.watch?.take() { take(news, at: now) }
        if world.watch?.takeLoss() == true { readAgain(at: now) }
        while let instrument = world.markEnds.take(at: now) { expire(instrument, at: now) }
        // What was pushed before a period ended belongs to it.
        if now >= nextLatchEnd { endPeriods(at: now) }
        return true
    }

    /// A push, as it was when it came.
    private mutating func take(_ news: QuoteNews, at now: Int64) {
        guard let watch = world.watch else { return }
        guard let instrument = world.instruments.find(news.instrument), instrument.pointee.firstHolder != nil else {
            watch.forget(news)
            return
        }
        // The service may have another clock, which says nothing here.
        let time = Swift.max(Swift.min(unixTime(news.time), now), lastPush)
        lastPush = time
        var next = instrument.pointee.firstHolder
        while let cell = next {
            next = cell.pointee.nextOfInstrument
            guard let account = accounts.find(UInt64(cell.pointee.values[.account])) else { continue }
            if case .anywhere = news.place {
                mark(cell, valuation(of: cell, at: time), at: time)
            } else if let sight = watch.sight(of: news, for: account.pointee.party.reader) {
                mark(cell, world.valuation(of: instrument, settings, sight, at: time), at: time)
            }
        }
        observeTouched(at: time)
    }

    /// Some pushes were lost, or quotes may become older or less old than before: everything that is held is looked up.
    mutating func readAgain(at now: Int64) {
        for number in 0..<world.instruments.count { revalue(world.instruments[UInt32(number + 1)], at: now) }
        observeTouched(at: now)
    }

    /// Looks up again what an instrument is worth.
    mutating func revalue(_ instrument: InstrumentPointer, at now: Int64) {
        var next = instrument.pointee.firstHolder
        while let cell = next {
            next = cell.pointee.nextOfInstrument
            remark(cell, at: now)
        }
    }

    /// The same for one position.
    mutating func remark(_ cell: CellPointer, at now: Int64) {
        mark(cell, valuation(of: cell, at: now), at: now)
    }

    /// Some mark of the instrument is too old; there may be another source. Nobody has said anything, so nothing is observed.
    private mutating func expire(_ instrument: InstrumentPointer, at now: Int64) {
        var next = instrument.pointee.firstHolder
        while let cell = next {
            next = cell.pointee.nextOfInstrument
            if cell.pointee.markEnds <= now {
                mark(cell, valuation(of: cell, at: now), at: now, isObserved: false)
            } else {
                schedule(cell)
            }
        }
    }

    /// What a unit is worth for the account whose position it is; `nil` when nobody says.
    mutating func valuation(of cell: CellPointer, at now: Int64) -> Valuation? {
        guard let account = accounts.find(UInt64(cell.pointee.values[.account])) else { return nil }
        return world.valuation(of: cell.pointee.instrument, for: account.pointee.party, settings, at: now)
    }

    /// Gives a position another mark. One that makes a sum too large is none.
    private mutating func mark(_ cell: CellPointer, _ valuation: Valuation?, at now: Int64, isObserved: Bool = true) {
        if isObserved {
            concern(cell, at: now)
        } else {
            for book in cell.links { _ = roll(book.pointee.node, at: now) }
        }
        if !remark(cell, valuation) { _ = remark(cell, nil) }
        schedule(cell)
    }

    /// `false`, and no change, when it does not fit.
    private mutating func remark(_ cell: CellPointer, _ valuation: Valuation?) -> Bool {
        let (mark, isMarked, markEnds) = (cell.pointee.mark, cell.pointee.isMarked, cell.pointee.markEnds)
        cell.pointee.take(valuation)
        if rebook(cell) { return true }
        (cell.pointee.mark, cell.pointee.isMarked, cell.pointee.markEnds) = (mark, isMarked, markEnds)
        return false
    }

    /// Counts anew what a position adds to its books. `false`, and no change, when a sum does not fit.
    func rebook(_ cell: CellPointer) -> Bool {
        var (before, change) = (cell.pointee.figures, Figures())
        if cell.pointee.refresh(), let changed = change.become(from: &before, to: &cell.pointee.figures),
            cell.canAdd(&change, changed)
        {
            cell.add(&change, changed)
            return true
        }
        cell.pointee.figures = before
        return false
    }

    /// Remembers when the mark becomes too old.
    @inline(__always)
    mutating func schedule(_ cell: CellPointer) {
        if cell.pointee.markEnds != .max { world.markEnds.add(cell.pointee.instrument, cell.pointee.markEnds) }
    }
}

/// What a unit is worth, and until when that counts.
struct Valuation: BitwiseCopyable {
    var price: Decimal
    /// Unix nanoseconds.
    var end: Int64
}

extension Cell {
    /// Without a valuation the position is worth what it was, which nobody may use.
    mutating func take(_ valuation: Valuation?) {
        isMarked = valuation != nil
        mark = valuation?.price ?? mark
        markEnds = valuation?.end ?? .max
    }
}

extension World {
    var hasNews: Bool { @inline(__always) get { watch?.hasNews ?? false } }

    /// Begins to hear what an instrument is worth. `false` when memory has run out.
    mutating func hold(_ instrument: InstrumentPointer) -> Bool {
        guard markEnds.reserve(instruments.count) else { return false }
        guard let watch else { return true }
        if instrument.pointee.quoteId == nil {
            instrument.pointee.quoteId = watch.market.resolve(instrument.pointee.instrument)
        }
        if let id = instrument.pointee.quoteId { watch.watch(id) }
        return true
    }

    mutating func valuation(
        of instrument: InstrumentPointer, for party: Party, _ settings: ControlSettings, at now: Int64
    ) -> Valuation? {
        valuation(of: instrument, settings, sight(of: instrument, for: party), at: now)
    }

    /// The first source of the chain that is there and young enough.
    mutating func valuation(
        of instrument: InstrumentPointer, _ settings: ControlSettings, _ sight: QuoteSight?, at now: Int64
    ) -> Valuation? {
        let chain = settings.positionChain
        for index in 0..<chain.count {
            var ageMax = settings.positionMaxAge == 0 ? nil : settings.positionMaxAge
            let (price, age): (Decimal, UInt64)
            if chain[index].isOfQuote {
                guard let sight, let shown = sight.quote.price(chain[index], .buy) else { continue }
                if let ttl = sight.ageMax { ageMax = Swift.min(ageMax ?? ttl, ttl) }
                (price, age) = (shown, sight.age)
            } else {
                guard let input = inputs.find(chain[index], of: .instrument(instrument.pointee.number)) else {
                    continue
                }
                (price, age) = (input.value, now > input.time ? UInt64(now &- input.time) : 0)
            }
            guard let ageMax else { return Valuation(price: price, end: .max) }
            if age < ageMax { return Valuation(price: price, end: now.addingClamped(ageMax - age)) }
        }
        return nil
    }
}
