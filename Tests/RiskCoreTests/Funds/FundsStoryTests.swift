import Testing

struct FundsStoryTests {
    @Test func `there are stories`() {
        #expect(FundsStory.all.count > 100)
    }

    @Test(arguments: FundsStory.all)
    func `tells what the story tells`(story: FundsStory) throws {
        let player = try FundsPlayer(story.given)
        for step in story.steps {
            let said = try player.play(step.text)
            #expect(said == step.saying, "line \(step.line): \(step.text)")
        }
    }
}
