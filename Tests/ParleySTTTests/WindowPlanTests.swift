internal import ParleySTT
internal import Testing

@Suite("How much audio the encoder is given")
struct WindowPlanTests {
    private func tuning(_ margin: Double, _ granularity: Double) -> WhisperTuning {
        var tuning = WhisperTuning()
        tuning.margin = margin
        tuning.granularity = granularity
        return tuning
    }

    private func plan(_ samples: Int) -> WindowPlan {
        WindowPlan(samples: samples, rate: 16_000, frame: 320, maximum: 480_000, tuning: tuning(1.28, 0.64))
    }

    @Test(
        "the window is the audio and the margin, rounded up to whole steps",
        arguments: [1, 320, 16_000, 36_801, 450_000])
    func shortWindow(samples: Int) {
        let window = plan(samples).short
        #expect(window % 10_240 == 0)
        #expect(window >= samples + 20_480)
        #expect(window < samples + 20_480 + 10_240)
    }

    @Test("no window is longer than the model's")
    func fullWindow() {
        #expect(plan(470_000).short == 480_000)
        #expect(plan(480_000) == plan(479_999))
        #expect(plan(470_000).canWiden == false)
        #expect(plan(100_000).canWiden)
        #expect(plan(100_000).full == 480_000)
    }

    @Test("steps finer than a frame are whole frames")
    func fineSteps() {
        let plan = WindowPlan(samples: 1000, rate: 16_000, frame: 320, maximum: 480_000, tuning: tuning(0, 0.001))
        #expect(plan.short == 1280)
    }
}
