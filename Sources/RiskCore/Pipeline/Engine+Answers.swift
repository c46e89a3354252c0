import CPlatform
import Controls
import RiskBase

/// Orders that are sent twice and are to be answered once: what the first was answered is kept by the limits, in one piece of memory.
extension Engine {
    /// Keeps the rejects of an order whose id is to have the same answer again.
    func keepAnswer(_ limits: UnsafeMutablePointer<Controls>, _ frame: FramePointer, _ purpose: CheckPurpose) {
        guard purpose == .order, !frame.findings.pointee.rejects.isEmpty else { return }
        limits.pointee.keepAnswer { frame.findings.pointee.packRejects() }
    }

    /// Says again what the order was answered. What there is to say ends with a reject that nobody hears of, so that the order goes
    /// no further.
    func answerAgain(_ limits: UnsafeMutablePointer<Controls>, _ frame: FramePointer) {
        guard frame.findings.pointee.unpackRejects(limits.pointee.repeatedAnswer) else {
            frame.findings.pointee.rejects.add(.memoryRefused(.order, by: .engine))
            return
        }
        frame.findings.pointee.rejects.add(Reject(.systemUnavailable, .order, by: .engine, .causeLost))
        frame.pointee.isRepeated = true
    }

    /// Has the limits forget an order whose caller is about to leave.
    @inline(never)
    func forgetSubject() { state.pointee.policies.limits?.pointee.end() }

    /// Ends the call of an order that goes no further: it is rejected, or it was answered before.
    @inline(never)
    func endRefused(_ frame: FramePointer, telling result: UnsafeMutablePointer<Findings>?) {
        forgetSubject()
        guard frame.pointee.isRepeated else { return end(frame, telling: result) }
        frame.pointee.isRepeated = false
        _ = frame.findings.pointee.rejects.removeLast()
        end(frame, telling: result)
        result?.pointee.isRepeated = true
    }
}

extension Frame {
    /// Whether there is nothing against the order, now or when it was answered.
    var passes: Bool { findings.pointee.rejects.count == (isRepeated ? 1 : 0) }
}

/// How many rejects follow, and how long the texts are behind them.
private struct AnswerHead: BitwiseCopyable {
    var rejectCount: Int
    var textLength: Int
}

extension Findings {
    /// A copy of the rejects and their texts, in memory that whoever has it frees; `nil` when memory has run out.
    fileprivate mutating func packRejects() -> UnsafeMutableRawPointer? {
        let (head, stride) = (MemoryLayout<AnswerHead>.stride, MemoryLayout<Reject>.stride)
        guard let memory = cplatform_allocate(1, head + rejects.count * stride + texts.count) else { return nil }
        memory.storeBytes(of: AnswerHead(rejectCount: rejects.count, textLength: texts.count), as: AnswerHead.self)
        if let source = rejects.contents.baseAddress {
            (memory + head).copyMemory(from: source, byteCount: rejects.count * stride)
        }
        if let source = texts.contents.baseAddress, texts.count > 0 {
            (memory + head + rejects.count * stride).copyMemory(from: source, byteCount: texts.count)
        }
        return memory
    }

    /// Takes such rejects over, and room for one more; without any there are none. There is nothing said yet. `false` when memory has
    /// run out.
    fileprivate mutating func unpackRejects(_ answer: UnsafeMutableRawPointer?) -> Bool {
        guard let answer else { return true }
        let head = answer.load(as: AnswerHead.self)
        guard rejects.reserve(head.rejectCount + 1), texts.reserve(head.textLength) else { return false }
        let first = answer + MemoryLayout<AnswerHead>.stride
        rejects.append(
            contentsOf: UnsafeBufferPointer(start: first.assumingMemoryBound(to: Reject.self), count: head.rejectCount))
        let text = first + head.rejectCount * MemoryLayout<Reject>.stride
        texts.append(
            contentsOf: UnsafeBufferPointer(start: text.assumingMemoryBound(to: UInt8.self), count: head.textLength))
        return true
    }
}
