import Foundation
import ParleyCore
import Testing

@Suite("Exit gate")
struct ExitGateTests {
    @Test("the end waits for a call that is under way")
    func waits() {
        let gate = ExitGate()
        #expect(gate.enter())
        #expect(!gate.close(within: .milliseconds(1)))
        gate.leave()
        #expect(gate.close(within: .seconds(60)))
    }

    @Test("no call begins once the end has begun")
    func closed() {
        let gate = ExitGate()
        gate.close(within: .zero)
        #expect(!gate.enter())
    }

    @Test("the end begins as soon as the last call has ended")
    func concurrent() async {
        let gate = ExitGate()
        #expect(gate.enter())
        let thread = Thread {
            usleep(2000)
            gate.leave()
        }
        thread.start()
        #expect(gate.close(within: .seconds(60)))
    }
}
