import Market
import RiskBase
import Testing

@testable import RiskCore
