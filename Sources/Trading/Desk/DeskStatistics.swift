import Decimals
import RiskBase

/// What a desk has earned so far, in the figures that people compare. What is a ratio is a double; all else is exact.
package struct DeskStatistics: Sendable, BitwiseCopyable {
    package var trades: UInt64 = 0
    package var wins: UInt64 = 0
    package var losses: UInt64 = 0
    package var net = Decimal.zero
    package var won = Decimal.zero
    package var lost = Decimal.zero
    package var largestWin = Decimal.zero
    package var largestLoss = Decimal.zero
    /// The highest equity so far, whatever was resumed since, and the largest fall from one.
    var peak: Decimal?
    package var drawdown = 0.0

    package init() {}

    mutating func add(_ result: Decimal) throws(DeskFailure) {
        var after = self
        guard let net = net.addingExactly(result) else { throw .overflow }
        after.net = net
        after.trades = trades &+ 1
        if result.isPositive {
            guard let won = won.addingExactly(result) else { throw .overflow }
            after.won = won
            after.wins = wins &+ 1
            if largestWin < result { after.largestWin = result }
        } else if result.isNegative {
            guard let lost = lost.addingExactly(result) else { throw .overflow }
            after.lost = lost
            after.losses = losses &+ 1
            if result < largestLoss { after.largestLoss = result }
        }
        self = after
    }

    mutating func observe(_ equity: Decimal) {
        guard let peak, !(peak < equity) else {
            self.peak = equity
            return
        }
        guard peak.isPositive, let loss = peak.subtracting(equity) else { return }
        drawdown = max(drawdown, loss.double / peak.double)
    }

    private static func average(_ sum: Decimal, _ count: UInt64) -> Decimal {
        count == 0 ? .zero : sum.divided(by: Decimal(count), places: 10)?.shortest ?? .zero
    }

    package var averageWin: Decimal { Self.average(won, wins) }
    package var averageLoss: Decimal { Self.average(lost, losses) }
    package var averageTrade: Decimal { Self.average(net, trades) }
    package var winRate: Double { trades == 0 ? 0 : Double(wins) / Double(trades) }
    package var profitFactor: Double? { lost.isZero ? nil : won.double / lost.magnitude.double }

    /// Mean over sample deviation of the returns from day to day, for a year of 252 days; `nil` with fewer than two of them, and
    /// when they do not differ.
    static func sharpe(_ days: borrowing Buffer<Double>, and present: Double) -> Double? {
        let count = days.count
        guard count >= 2 else { return nil }
        func equity(_ index: Int) -> Double { index < count ? days[index] : present }
        func dayReturn(_ index: Int) -> Double { equity(index + 1) / equity(index) - 1 }
        var sum = 0.0
        for index in 0..<count { sum += dayReturn(index) }
        let mean = sum / Double(count)
        var squares = 0.0
        for index in 0..<count { squares += (dayReturn(index) - mean) * (dayReturn(index) - mean) }
        let deviation = (squares / Double(count - 1)).squareRoot()
        let ratio = mean / deviation * 252.0.squareRoot()
        return deviation > 0 && ratio.isFinite ? ratio : nil
    }
}
