import RiskBase

extension OwnKeys {
    /// What a parameter says that is a number, one of the words of a choice, or a set of them. `false`, and no change, when it takes
    /// no such value.
    package mutating func take(_ parameter: LimitParameter, _ value: UInt64) -> Bool {
        switch parameter {
        case .reference: chosen(SourceChain(bits: value)) { $0.reference = $1 }
        case .side: chosen(choice(value)) { $0.side = $1 }
        case .capacity: chosen(value) { $0.capacity = $1 }
        case .onRepeat: chosen(choice(value)) { $0.onRepeat = $1 }
        case .fields: chosen(bits(value)) { $0.fields = ParameterFields(rawValue: $1) }
        case .kinds: chosen(bits(value)) { $0.kinds = ParameterKinds(rawValue: $1) }
        case .algorithm: chosen(choice(value)) { $0.algorithm = $1 }
        case .burst: chosen(value) { $0.burst = $1 }
        case .countMessages: chosen(choice(value)) { $0.countsMessages = $1 }
        case .cancelReserve: chosen(value) { $0.cancelReserve = $1 }
        case .countExecutions: chosen(choice(value)) { $0.countsExecutions = $1 }
        case .ofRejects: chosen(bits(value)) { $0.rejectsOf = ParameterOfRejects(rawValue: $1) }
        case .per: chosen(choice(value)) { $0.per = $1 }
        case .minCount: chosen(value) { $0.minCount = $1 }
        case .ofTotal: chosen(choice(value)) { $0.total = $1 }
        case .model: chosen(choice(value)) { $0.model = $1 }
        case .owner: chosen(choice(value)) { $0.owner = $1 }
        case .mode: chosen(choice(value)) { $0.mode = $1 }
        case .minVolume, .input: false
        }
    }

    private mutating func chosen<Value>(_ value: Value?, _ set: (inout OwnKeys, Value) -> Void) -> Bool {
        guard let value else { return false }
        set(&self, value)
        return true
    }
}

extension SourceChain {
    /// Sources of prices, 4 bits each, the first lowest; `nil` for one that is there twice, or a gap.
    package init?(bits: UInt64) {
        self.init()
        var (rest, seen) = (bits, 0)
        while rest != 0 {
            guard let source = ParameterReference(rawValue: UInt8(rest & 15)), seen & 1 << source.rawValue == 0 else {
                return nil
            }
            append(Source(source))
            seen |= 1 << source.rawValue
            rest >>= 4
        }
    }
}

/// One of the numbers of a choice.
private func choice<Choice: RawRepresentable<UInt8>>(_ value: UInt64) -> Choice? {
    UInt8(exactly: value).flatMap(Choice.init(rawValue:))
}

/// The bits of a set, which has one at least.
private func bits<Bits: FixedWidthInteger>(_ value: UInt64) -> Bits? { value == 0 ? nil : Bits(exactly: value) }
