import Glibc
import RiskBase

/// Random histories of an engine with limits beside a slow and obvious model.
///
///     histories STEPS [none|account|full|all] [SEED] [LENGTH]
///
/// With OPENPIT_HISTORY_TRACE a difference is told with the whole history before it, and with OPENPIT_HISTORY_ALWAYS the limits are
/// compared after every step.
let arguments = CommandLine.arguments
let steps = arguments.count > 1 ? Int(arguments[1]) ?? 0 : 20_000
let wanted = arguments.count > 2 ? arguments[2] : "all"
let firstSeed = arguments.count > 3 ? UInt64(arguments[3]) ?? 1 : 1
let length = arguments.count > 4 ? Int(arguments[4]) ?? 400 : 400
let modes: [(String, SyncMode)] = [("none", .none), ("account", .account), ("full", .full)]
for (name, mode) in modes where wanted == "all" || wanted == name {
    var (seed, done) = (firstSeed, 0)
    while done < steps {
        do {
            let history = try History(seed: seed, mode: mode)
            var count = 0
            do {
                while count < length {
                    try history.step()
                    count += 1
                }
                try history.end()
            } catch let difference as Difference {
                print("\(name): seed \(seed), step \(count)\n\(difference.words)")
                exit(1)
            }
        } catch {
            print("\(name): seed \(seed): \(error)")
            exit(1)
        }
        done += length
        seed += 1
    }
    print("\(name): \(done) steps of seeds \(firstSeed) to \(seed - 1), no difference")
}
