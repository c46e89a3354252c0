import RiskBase

/// Why an order goes through the checks.
enum CheckPurpose: BitwiseCopyable {
    case order
    /// To hear what it would meet; everything stays as it is.
    case dryRun
    /// It is live elsewhere already: what it takes, it has.
    case dropCopy
}
