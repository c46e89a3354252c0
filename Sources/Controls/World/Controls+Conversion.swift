import Decimals
import RiskBase

/// An amount in another asset.
enum Converted: BitwiseCopyable {
    case value(Decimal)
    /// There is no rate, or it is zero, or too old.
    case missing
    case overflow
}

extension Controls {
    /// By the price of one asset in the other, or of the other in the one; never through a third. `target` none: as it is.
    mutating func convert(_ amount: Decimal, from source: Asset, to target: Asset, for asker: Asker) -> Converted {
        if target.isNone || source == target || amount.isZero && source == target { return .value(amount) }
        if let rate = rate(of: source, in: target, for: asker) {
            guard !rate.isZero else { return .missing }
            return amount.multiplied(by: rate).map { .value($0.rounded12) } ?? .overflow
        }
        if let rate = rate(of: target, in: source, for: asker) {
            guard !rate.isZero else { return .missing }
            return amount.divided(by: rate).map { .value($0.rounded12) } ?? .overflow
        }
        return .missing
    }

    /// What one asset is worth in the other, by the chain that positions are valued by.
    private mutating func rate(of underlying: Asset, in settlement: Asset, for asker: Asker) -> Decimal? {
        guard let pair = world.instruments.findOrAdd(Instrument(underlying: underlying, settlement: settlement)) else {
            return nil
        }
        return valuation(of: pair, for: asker)
    }

    /// What a unit of an instrument is worth; `nil` when no source is fresh.
    mutating func valuation(of instrument: InstrumentPointer, for asker: Asker) -> Decimal? {
        let maxAge = settings.positionMaxAge
        return world.read(first: settings.positionChain, of: instrument, for: asker, maxAge: { _ in maxAge })?.value
    }
}
