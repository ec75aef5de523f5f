internal import Foundation

/// The token of one step and the likeliest other one, for comparing engines.
package struct TokenChoice: Sendable, Equatable {
    package let token: Int
    /// 0...1.
    package let probability: Float
    package let runnerUp: Int
    /// 0...1.
    package let runnerUpProbability: Float

    /// - Parameter count: tokens that may be chosen stand below it.
    init(_ token: Int, _ logits: Logits, below count: Int) {
        self.token = token
        probability = exp(logits.logProbability(of: token, below: count))
        runnerUp = logits.best(among: (0..<count).lazy.filter { $0 != token }) ?? token
        runnerUpProbability = exp(logits.logProbability(of: runnerUp, below: count))
    }
}
