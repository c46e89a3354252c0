import Decimals

/// What becomes of a sum, a product or a quotient of more digits than fit.
package enum Arithmetic: UInt8, Sendable, BitwiseCopyable {
    /// It is refused, and quotients are rounded to as many places as are asked for.
    case exact
    /// It is rounded half to even to as many digits as fit, and keeps the scale that arithmetic on paper gives.
    case fitting

    @inline(__always)
    func sum(_ left: Decimal, _ right: Decimal) -> Decimal? {
        self == .exact ? left.addingExactly(right) : left.fittingSum(with: right)
    }

    @inline(__always)
    func difference(_ left: Decimal, _ right: Decimal) -> Decimal? { sum(left, right.negated) }

    @inline(__always)
    func product(_ left: Decimal, _ right: Decimal) -> Decimal? {
        self == .exact ? left.multipliedExactly(by: right) : left.fittingProduct(with: right)
    }
}
