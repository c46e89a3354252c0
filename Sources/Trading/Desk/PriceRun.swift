import CPlatform
import Decimals

/// The last price of each bucket of time in which there was one.
struct PriceSample: BitwiseCopyable {
    var bucket: Int64
    var price: Double
}

/// The samples of an instrument, in memory that its desk gives back.
struct PriceRun: BitwiseCopyable {
    private var storage: UnsafeMutablePointer<PriceSample>?
    private var capacity = 0
    private(set) var count = 0

    func destroy() { cplatform_free(storage) }

    subscript(index: Int) -> PriceSample {
        guard let storage, index >= 0, index < count else { return PriceSample(bucket: 0, price: 0) }
        return storage[index]
    }

    /// Makes sure that there is room for one more. `false`, and no change, when memory is refused.
    mutating func reserve() -> Bool {
        if count < capacity { return true }
        let larger = max(32, capacity * 2)
        guard let memory = cplatform_allocate(larger, MemoryLayout<PriceSample>.stride) else { return false }
        let fresh = memory.bindMemory(to: PriceSample.self, capacity: larger)
        if let storage {
            fresh.initialize(from: storage, count: count)
            cplatform_free(storage)
        }
        storage = fresh
        capacity = larger
        return true
    }

    /// Notes a price, for which there is room.
    mutating func note(_ price: Double, at bucket: Int64) {
        guard let storage else { return }
        if count > 0, storage[count - 1].bucket >= bucket {
            storage[count - 1].price = price
        } else if count < capacity {
            (storage + count).initialize(to: PriceSample(bucket: bucket, price: price))
            count += 1
        }
    }
}

/// How two instruments moved together.
package struct CorrelationAnswer: Sendable, BitwiseCopyable {
    /// `nil` when there are too few returns, or when those of one of them are all the same.
    package var coefficient: Double?
    package var samples: UInt32 = 0
}

/// Pearson's coefficient of the last simple returns between buckets in which both have a price.
struct CorrelationSums {
    private var count = 0.0
    private var left = (sum: 0.0, squares: 0.0, first: 0.0, varies: false)
    private var right = (sum: 0.0, squares: 0.0, first: 0.0, varies: false)
    private var products = 0.0

    /// Looks at up to `lookback` returns, latest first. Sums are about the first return, so that little is lost.
    static func over(_ one: PriceRun, _ two: PriceRun, lookback: UInt32, minimum: UInt32) -> CorrelationAnswer {
        var sums = CorrelationSums()
        var (i, j) = (one.count - 1, two.count - 1)
        var later: (Double, Double)?
        var samples: UInt32 = 0
        while i >= 0, j >= 0, samples < lookback {
            let (a, b) = (one[i], two[j])
            if a.bucket > b.bucket {
                i -= 1
            } else if b.bucket > a.bucket {
                j -= 1
            } else {
                if let later {
                    sums.add(later.0 / a.price - 1, later.1 / b.price - 1)
                    samples += 1
                }
                later = (a.price, b.price)
                i -= 1
                j -= 1
            }
        }
        return CorrelationAnswer(coefficient: samples < minimum ? nil : sums.coefficient, samples: samples)
    }

    private mutating func add(_ x: Double, _ y: Double) {
        if count == 0 { (left.first, right.first) = (x, y) }
        let (dx, dy) = (x - left.first, y - right.first)
        if dx.magnitude > 1e-12 { left.varies = true }
        if dy.magnitude > 1e-12 { right.varies = true }
        count += 1
        left.sum += dx
        right.sum += dy
        left.squares += dx * dx
        right.squares += dy * dy
        products += dx * dy
    }

    private var coefficient: Double? {
        guard left.varies, right.varies, count > 1 else { return nil }
        let covariance = products - left.sum * right.sum / count
        let spread = (left.squares - left.sum * left.sum / count) * (right.squares - right.sum * right.sum / count)
        let coefficient = covariance / spread.squareRoot()
        return coefficient.isFinite ? min(1, max(-1, coefficient)) : nil
    }
}
