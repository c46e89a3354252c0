import Decimals
import TestSupport
import Testing

struct WideSumTests {
    private func number(_ text: StaticString) -> Decimal { decimal(text) }
}
