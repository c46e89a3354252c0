/// The undo log of a frame. Each callback runs with the engine's lock free.
extension Engine {
    /// Keeps everything, oldest first.
    @inline(__always)
    func commitMutations(_ frame: FramePointer) {
        if !frame.pointee.mutations.isEmpty { commitEach(frame) }
    }

    @inline(never)
    private func commitEach(_ frame: FramePointer) {
        for index in 0..<frame.pointee.mutations.count {
            switch frame.pointee.mutations[index] {
            case .custom(let mutation): finish(mutation, mutation.commit)
            }
        }
        frame.pointee.mutations.removeAll()
    }

    /// Undoes everything, newest first.
    @inline(__always)
    func rollBackMutations(_ frame: FramePointer) {
        while !frame.pointee.mutations.isEmpty {
            switch frame.pointee.mutations.removeLast() {
            case .custom(let mutation): finish(mutation, mutation.rollback)
            }
        }
    }

    /// Forgets everything: neither commit nor rollback runs.
    @inline(__always)
    func releaseMutations(_ frame: FramePointer) {
        while !frame.pointee.mutations.isEmpty {
            switch frame.pointee.mutations.removeLast() {
            case .custom(let mutation): finish(mutation, nil)
            }
        }
    }

    private func finish(_ mutation: CustomMutation, _ callback: CustomMutation.Callback?) {
        withoutLock {
            callback?(mutation.userData)
            mutation.release?(mutation.userData)
        }
    }
}
