import Testing

@testable import Decimals
