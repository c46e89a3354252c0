import Market
import RiskBase
import RiskCore
import Testing

struct FundsStoryTests {
    @Test func `no story from 1 to 135 is missing`() {
        let numbers = Set(FundsStory.all.compactMap { Int($0.name.prefix(3)) })
        #expect(numbers.isSuperset(of: 1...135))
    }

    @Test(arguments: FundsStory.all, [SyncMode.none, .full, .account])
    func `tells what the story tells`(story: FundsStory, mode: SyncMode) throws {
        try play(story, FundsPlayer(story.given, mode)) {}
    }

    @Test(arguments: FundsStory.all)
    func `tells the same when reservations are packed`(story: FundsStory) throws {
        let player = try FundsPlayer(story.given)
        try play(story, player) { player.engine.packWaiting() }
    }

    private func play(_ story: FundsStory, _ player: FundsPlayer, between: () -> Void) throws {
        for step in story.steps {
            between()
            let said = try player.play(step.text)
            #expect(said == step.saying, "line \(step.line): \(step.text)")
        }
    }
}
