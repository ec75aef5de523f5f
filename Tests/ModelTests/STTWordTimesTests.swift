internal import Foundation
internal import ParleyAudio
internal import ParleyCodecs
internal import ParleyCore
internal import ParleySTT
internal import ParleyTTS
internal import Testing

/// Speech of the voice is the reference: words put at known places, and sentences whose words it places itself.
@Suite("Word times", .serialized)
struct STTWordTimesTests {
    /// Speech at 16 kHz and the words in it.
    private struct Reference {
        var samples: [Float] = []
        var words: [SpokenWord] = []

        var duration: Double { Double(samples.count) / 16_000 }
    }

    private func makeSession() throws -> WhisperSession {
        try WhisperModel(TestModels.environment(), bundle: TestModels.folder("audio-starter"))
            .makeSession(WhisperTuning())
    }

    private func makeVoice() throws -> any TTSSession {
        try HeartModel(TestModels.environment(), bundle: TestModels.folder("audio-starter"))
            .makeSession(SpeechOptions(seed: 1))
    }

    private func speak(_ text: String, _ voice: any TTSSession) throws -> Reference {
        var samples: [Float] = []
        var words: [SpokenWord] = []
        try voice.begin(text)
        while let chunk = try voice.step() {
            samples += chunk.audio.samples
            words += chunk.words
        }
        return Reference(
            samples: try Resampler.resample(AudioChunk(samples: samples, sampleRate: 24_000), to: 16_000).samples,
            words: words)
    }

    private func hear(_ samples: [Float], _ session: WhisperSession) throws -> Transcript {
        try session.begin(TranscriptionOptions(language: "en", words: true))
        try session.append(samples[...])
        try session.finish()
        while true { if let transcript = try session.step() { return transcript } }
    }

    private func letters(_ text: String) -> String { text.lowercased().filter(\.isLetter) }

    /// Pairs of words that are the same, in order.
    private func pairs(_ reference: [SpokenWord], _ heard: [TranscribedWord]) -> [(SpokenWord, TranscribedWord)] {
        let spoken = reference.filter { !letters($0.text).isEmpty }
        let changes = heard.map { letters($0.text) }.difference(from: spoken.map { letters($0.text) })
        let removed = Set(
            changes.removals.compactMap { change in if case .remove(let index, _, _) = change { index } else { nil } })
        let added = Set(
            changes.insertions.compactMap { change in if case .insert(let index, _, _) = change { index } else { nil } }
        )
        return Array(
            zip(
                spoken.indices.filter { !removed.contains($0) }.map { spoken[$0] },
                heard.indices.filter { !added.contains($0) }.map { heard[$0] }))
    }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

    private func report(_ name: String, _ pairs: [(SpokenWord, TranscribedWord)]) -> (start: Double, end: Double) {
        let starts = pairs.map { ($0.1.start - $0.0.start) / .seconds(1) }
        let ends = pairs.map { ($0.1.end - $0.0.end) / .seconds(1) }
        let errors = (start: median(starts.map(abs)), end: median(ends.map(abs)))
        print(
            "\(name): \(pairs.count) words, median error of start \(Int(errors.start * 1000)) ms, of end "
                + "\(Int(errors.end * 1000)) ms; bias \(Int(median(starts) * 1000)), \(Int(median(ends) * 1000)) ms")
        return errors
    }

    /// The voice's times of a word lie about 50 ms behind its sound, so this bounds blunders only.
    @Test("words of continuous speech are in order, inside the audio and where they are spoken")
    func continuous() throws {
        let (voice, session) = (try makeVoice(), try makeSession())
        let sentences = [
            "The train to the north leaves at nine in the morning.",
            "Please turn off the lights in the kitchen before you go to bed.",
            "My sister bought a small house near the river last summer.",
            "What is the weather going to be like in London tomorrow?",
            "He opened the window, looked at the garden, and began to sing.",
            "Remind me to call the doctor about the new appointment.",
        ]
        var all: [(SpokenWord, TranscribedWord)] = []
        for sentence in sentences {
            let reference = try speak(sentence, voice)
            let heard = try hear(reference.samples, session)
            #expect(heard.words.map(\.text).joined(separator: " ") == heard.text)
            #expect(zip(heard.words, heard.words.dropFirst()).allSatisfy { $0.end <= $1.start })
            #expect(heard.words.allSatisfy { $0.start <= $0.end && $0.end <= .seconds(reference.duration + 0.001) })
            #expect(heard.words.allSatisfy { (0...1).contains($0.probability) })
            all += pairs(reference.words, heard.words)
        }
        #expect(all.count > 55)
        let errors = report("continuous speech", all)
        #expect(errors.start < 0.1 && errors.end < 0.1)
    }

    @Test("words at known places with pauses between them are placed within 80 ms, in the middle of the errors")
    func inserted() throws {
        let (voice, session) = (try makeVoice(), try makeSession())
        var noise = FaintNoise(state: 7)
        var whole = Reference()
        for (index, name) in [
            "London", "Paris", "water", "table", "seven", "Monday", "orange", "garden", "yellow", "doctor",
        ].enumerated() {
            let word = try speak(name + ".", voice).samples
            // The sound itself is the reference: the voice's own times of a word take in the silence of its full stop.
            let sounding = word.indices.filter { abs(word[$0]) > 0.01 }
            guard let first = sounding.first, let last = sounding.last else { continue }
            whole.samples += (0..<(3_000 + 1_700 * (index % 5))).map { _ in noise.next() }
            let start = Duration.seconds(whole.duration)
            whole.samples += word[first...last]
            whole.words.append(SpokenWord(text: name, start: start, end: .seconds(whole.duration)))
        }
        whole.samples += (0..<6_000).map { _ in noise.next() }
        let heard = try hear(whole.samples, session)
        let found = pairs(whole.words, heard.words)
        #expect(found.count >= 8)
        let errors = report("words with pauses", found)
        #expect(errors.start < 0.08 && errors.end < 0.08)
    }
}

/// Faint noise that is the same every time.
private struct FaintNoise {
    var state: UInt64

    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int64(bitPattern: state) >> 40) / Float(1 << 23) * 0.001
    }
}
