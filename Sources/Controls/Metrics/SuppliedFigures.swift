import Decimals
import RiskBase

/// Figures that somebody else computes.
extension Controls {
    mutating func valueAtRisk(_ limit: LimitPointer, _ node: NodePointer, at now: Int64) throws(Lack) -> Finding {
        try figure(.valueAtRisk, .none, limit, node, at: now)
    }

    mutating func suppliedFigure(_ limit: LimitPointer, _ node: NodePointer, at now: Int64) throws(Lack) -> Finding {
        try figure(.other, limit.pointee.limit.own.input, limit, node, at: now)
    }

    private mutating func figure(
        _ source: Source, _ name: Asset, _ limit: LimitPointer, _ node: NodePointer, at now: Int64
    ) throws(Lack) -> Finding {
        let keys = shapes[Int(node.pointee.shape)].pointee.keys
        let use = world.read(
            source, name, of: node.target(keys), at: now, maxAge: limit.pointee.limit.maxAge(of: source))
        guard use.isFresh else { throw .data(.referenceDataUnavailable) }
        return .value(use.value)
    }

    /// A figure came that is about one key: who watches it is to look at it.
    mutating func touch(_ target: InputTarget, _ source: Source) {
        guard let (keys, values) = target.key else { return }
        for shape in shapes.contents where shape.pointee.keys == keys && shape.pointee.watches(source) {
            if let node = shape.pointee.node(of: values) { touch(node) }
        }
    }
}

extension NodePointer {
    /// Whose figure its limits look at.
    fileprivate func target(_ keys: KeySet) -> InputTarget {
        if keys.contains(.account) { return .account(pointee.values[.account]) }
        if keys.contains(.group) { return .group(pointee.values[.group]) }
        return keys.contains(.instrument) ? .instrument(pointee.values[.instrument]) : .firm
    }
}

extension InputTarget {
    fileprivate var key: (KeySet, KeyValues)? {
        var values = KeyValues()
        switch self {
        case .firm: return ([], values)
        case .account(let slot):
            values[.account] = slot
            return (.account, values)
        case .group(let group):
            values[.group] = group
            return (.group, values)
        case .instrument(let number):
            values[.instrument] = number
            return (.instrument, values)
        case .venue: return nil
        }
    }
}

extension Shape {
    fileprivate func watches(_ source: Source) -> Bool {
        limits.contents.contains {
            switch $0.pointee.limit.metric {
            case .valueAtRisk: source == .valueAtRisk
            case .suppliedFigure: source == .other
            default: false
            }
        }
    }
}
