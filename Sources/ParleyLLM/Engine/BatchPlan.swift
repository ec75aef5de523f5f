/// Decides which requests share the next call of the model.
package struct BatchPlan: Sendable, Equatable {
    /// What one sequence wants evaluated.
    package struct Demand: Sendable, Equatable {
        package var sequence: Int
        package var tokens: Int

        package init(sequence: Int, tokens: Int) {
            self.sequence = sequence
            self.tokens = tokens
        }
    }

    /// Indices of the demands to serve, in order of arrival: single tokens always, since somebody listens to those
    /// replies; of the prompts, which make a call long, one.
    package static func choose(from demands: [Demand], capacity: Int) -> [Int] {
        var chosen: [Int] = []
        var free = capacity
        var sequences: Set<Int> = []
        for (index, demand) in demands.enumerated() where demand.tokens == 1 && free > 0 {
            guard sequences.insert(demand.sequence).inserted else { continue }
            chosen.append(index)
            free -= 1
        }
        let prompt = demands.indices.first { index in
            demands[index].tokens > 1 && demands[index].tokens <= free && !sequences.contains(demands[index].sequence)
        }
        if let prompt { chosen.append(prompt) }
        return chosen.sorted()
    }
}
