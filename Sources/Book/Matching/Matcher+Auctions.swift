import CPlatform
import Decimals

/// What came of an auction.
package struct AuctionOutcome: BitwiseCopyable, Sendable {
    package var price = Decimal.zero
    package var volume = Decimal.zero
    package var fillCount = 0
    /// How many of its orders were not completely filled.
    package var unfilledCount = 0
}

/// What an auction needs room for.
struct AuctionRoom: ~Copyable {
    /// A price that somebody named, with what is wanted and offered there.
    struct Candidate: BitwiseCopyable {
        var key: Int64
        var demand: UInt128
        var supply: UInt128

        var volume: UInt128 { min(demand, supply) }
        var imbalance: UInt128 { demand > supply ? demand - supply : supply - demand }
    }

    var candidates = Growing<Candidate>()
}

extension Matcher {
    private typealias Number = WideBook.RestingOrder

    /// Lets the orders that wait trade at one price: that of the largest volume, then of the smallest imbalance, then the one
    /// the imbalance pushes towards, or the middle. Its trades are in `fills`, and `unfilled` tells whose orders were not
    /// completely filled, until the next call.
    package func runAuction(_ number: UInt32) throws(MatcherFailure) -> AuctionOutcome {
        let place = try begin(number)
        let book = place.pointee.book(.auction)
        let count = Int(book.pointee.restingCount)
        // Each trade but the last ends an order; an order has one price; marks are set for each of them.
        guard state.pointee.fills.reserve(count), state.pointee.unfilled.reserve(count),
            state.pointee.auction.candidates.reserve(count), place.pointee.marks.reserve(count)
        else { throw .noMemory }
        var outcome = AuctionOutcome()
        var clearing = clear(book)
        while !cplatform_is_contradicted(), let found = clearing, let victim = unfillable(book, found) {
            state.pointee.unfilled.append(victim)
            _ = book.pointee.drop(victim)
            clearing = clear(book)
        }
        if let clearing {
            outcome.price = clearing.price
            outcome.volume = LotScale.quantity(clearing.volume)
            pair(place, book, clearing)
        }
        listUnfilled(book, ends: clearing != nil)
        outcome.fillCount = state.pointee.fills.count
        outcome.unfilledCount = state.pointee.unfilled.count
        state.pointee.totals.auctionFills &+= UInt64(outcome.fillCount)
        return outcome
    }

    /// The price of an auction, and how much trades there.
    private struct Clearing: BitwiseCopyable {
        var price: Decimal
        /// The lowest and the highest of the prices that it lies between.
        var lowest: Int64
        var highest: Int64
        var volume: UInt128
    }

    // MARK: - The price

    private func clear(_ book: UnsafeMutablePointer<WideBook>) -> Clearing? {
        listCandidates(book)
        let candidates = state.pointee.auction.candidates.elements
        var volume: UInt128 = 0
        for candidate in candidates { volume = max(volume, candidate.volume) }
        if volume == 0 { return nil }
        var imbalance = UInt128.max
        for candidate in candidates where candidate.volume == volume { imbalance = min(imbalance, candidate.imbalance) }
        var lowest: AuctionRoom.Candidate?
        var highest: AuctionRoom.Candidate?
        var isDemand = true
        var isSupply = true
        for candidate in candidates where candidate.volume == volume && candidate.imbalance == imbalance {
            if lowest == nil { lowest = candidate }
            highest = candidate
            isDemand = isDemand && candidate.demand > candidate.supply
            isSupply = isSupply && candidate.supply > candidate.demand
        }
        guard let lowest, let highest else { return nil }
        let low = PriceKey.price(lowest.key)
        let high = PriceKey.price(highest.key)
        // Neither the sum nor the half of two prices of seventeen digits needs more than fit, unless they are worlds apart.
        let middle = low.adding(high)?.divided(by: Decimal(UInt64(2))) ?? low
        return Clearing(
            price: isDemand ? high : isSupply ? low : middle, lowest: lowest.key, highest: highest.key, volume: volume)
    }

    /// The limits of all who wait, lowest first, each once, with demand and supply there.
    private func listCandidates(_ book: UnsafeMutablePointer<WideBook>) {
        state.pointee.auction.candidates.removeAll()
        let bids = book.pointee.ladders + Ladders.bids
        let asks = book.pointee.ladders + Ladders.asks
        // Bids are met from the highest down, and demand at a price is that of all bids from there up: it is what all bids come to
        // less those below.
        var demand = bids.pointee.total
        var supply: UInt128 = 0
        var ask = book.pointee.first(of: Ladders.asks)
        var bid = last(book, Ladders.bids)
        func key(_ number: UInt32) -> Int64 { book.pointee.orders.order(number).pointee.price }
        if ask != Number.none, key(ask) == PriceKey.lowest {
            supply = level(book, asks, PriceKey.lowest)
            ask = afterLevel(book, ask)
        }
        while true {
            if bid != Number.none, key(bid) == PriceKey.highest { bid = Number.none }
            if bid == Number.none && ask == Number.none || cplatform_is_contradicted() { return }
            let price = min(bid == Number.none ? .max : key(bid), ask == Number.none ? .max : key(ask))
            if ask != Number.none, key(ask) == price {
                supply &+= level(book, asks, price)
                ask = afterLevel(book, ask)
            }
            state.pointee.auction.candidates.append(
                AuctionRoom.Candidate(key: price, demand: demand, supply: supply))
            if bid != Number.none, key(bid) == price {
                demand &-= level(book, bids, price)
                bid = beforeLevel(book, bid)
            }
        }
    }

    private func level(
        _ book: UnsafeMutablePointer<WideBook>, _ ladder: UnsafeMutablePointer<WideBook.Ladder>, _ key: Int64
    ) -> UInt128 {
        ladder.pointee.level(key ^ ladder.pointee.mask)?.pointee.visible ?? 0
    }

    /// The first order of the worst level of a side.
    private func last(_ book: UnsafeMutablePointer<WideBook>, _ ladder: Int) -> UInt32 {
        guard let page = book.pointee.ladders[ladder].last else { return Number.none }
        let slot = 31 - page.pointee.occupied.leadingZeroBitCount
        return page.level(slot: slot).pointee.head
    }

    /// The first order of the next level.
    private func afterLevel(_ book: UnsafeMutablePointer<WideBook>, _ number: UInt32) -> UInt32 {
        let order = book.pointee.orders.order(number)
        let key = order.pointee.price ^ book.pointee.ladder(of: order).pointee.mask
        guard let next = WideBook.nextLevel(order.pointee.page, after: key) else { return Number.none }
        return next.page.level(slot: next.slot).pointee.head
    }

    /// The first order of the level before.
    private func beforeLevel(_ book: UnsafeMutablePointer<WideBook>, _ number: UInt32) -> UInt32 {
        let order = book.pointee.orders.order(number)
        let key = order.pointee.price ^ book.pointee.ladder(of: order).pointee.mask
        let page = order.pointee.page
        let earlier = page.pointee.occupied & (1 &<< UInt32(truncatingIfNeeded: key & 31) &- 1)
        if earlier != 0 { return page.level(slot: 31 - earlier.leadingZeroBitCount).pointee.head }
        guard let before = page.pointee.previous else { return Number.none }
        return before.level(slot: 31 - before.pointee.occupied.leadingZeroBitCount).pointee.head
    }

    // MARK: - Who trades

    /// The order of a side that comes next, when its limit allows the price.
    private func isIn(_ book: UnsafeMutablePointer<WideBook>, _ number: UInt32, _ clearing: Clearing) -> Bool {
        let order = book.pointee.orders.order(number)
        // Candidates between the lowest and the highest that were kept have the same volume, so nobody's limit lies between.
        return order.pointee.side == .buy
            ? !(price(order.pointee.price) < clearing.price) : !(clearing.price < price(order.pointee.price))
    }

    private func price(_ key: Int64) -> Decimal {
        key == PriceKey.highest ? .max : key == PriceKey.lowest ? .zero : PriceKey.price(key)
    }

    /// The latest all-or-nothing order that would not trade completely, or `nil`.
    private func unfillable(_ book: UnsafeMutablePointer<WideBook>, _ clearing: Clearing) -> UInt64? {
        var victim: (id: UInt64, arrival: UInt64)?
        for ladder in Ladders.bids...Ladders.asks {
            var left = clearing.volume
            var number = book.pointee.first(of: ladder)
            while number != Number.none, !cplatform_is_contradicted() {
                let order = book.pointee.orders.order(number).pointee
                let takes = isIn(book, number, clearing) ? min(left, order.leaves) : 0
                left &-= takes
                if order.timeInForce == .fillOrKill, takes < order.leaves, order.owner >= victim?.arrival ?? 0 {
                    victim = (order.id, order.owner)
                }
                number = book.pointee.following(number)
            }
        }
        return victim?.id
    }

    /// Pairs buyers with sellers, each side in its order, until the volume is done.
    private func pair(
        _ place: UnsafeMutablePointer<DecimalBook>, _ book: UnsafeMutablePointer<WideBook>, _ clearing: Clearing
    ) {
        var left = clearing.volume
        while left > 0, !cplatform_is_contradicted() {
            let buyer = book.pointee.first(of: Ladders.bids)
            let seller = book.pointee.first(of: Ladders.asks)
            let buy = book.pointee.orders.order(buyer).pointee
            let sell = book.pointee.orders.order(seller).pointee
            let lots = min(left, buy.leaves, sell.leaves)
            left &-= lots
            let buyerCameLater = buy.owner > sell.owner
            let taker = buyerCameLater ? buy : sell
            let maker = buyerCameLater ? sell : buy
            let quantity = LotScale.quantity(lots)
            let id = place.pointee.count(clearing.price, quantity, taker.id, maker.id)
            state.pointee.fills.append(
                MatcherFill(
                    id: id, taker: taker.id, maker: maker.id, price: clearing.price, quantity: quantity,
                    takerSide: taker.side.rawValue))
            book.pointee.fill(buyer, lots)
            book.pointee.fill(seller, lots)
        }
    }

    /// Notes who is left, and ends those who do not wait for another auction when this one has traded.
    private func listUnfilled(_ book: UnsafeMutablePointer<WideBook>, ends: Bool) {
        for ladder in Ladders.bids...Ladders.asks {
            var number = book.pointee.first(of: ladder)
            while number != Number.none, !cplatform_is_contradicted() {
                let order = book.pointee.orders.order(number)
                let next = book.pointee.following(number)
                state.pointee.unfilled.append(order.pointee.id)
                let isMarket = order.pointee.price == PriceKey.highest || order.pointee.price == PriceKey.lowest
                if ends, isMarket || !order.pointee.timeInForce.rests { book.pointee.remove(number, order) }
                number = next
            }
        }
    }
}

extension Book.Ladder {
    /// The page of the worst level.
    var last: PagePointer? {
        var page = first
        while let next = page?.following() { page = next }
        return page
    }
}
