import Testing

@testable import RiskCore
