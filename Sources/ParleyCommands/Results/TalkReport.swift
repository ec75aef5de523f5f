internal import Parley

/// What `parley talk --report` writes.
package struct TalkReport: Sendable, Equatable, Codable {
    /// One question and its answer.
    package struct Turn: Sendable, Equatable, Codable {
        package let transcript: String
        package let reply: String
        /// Length of the question.
        package let audioSeconds: Double
        /// Length of the spoken answer.
        package let answerSeconds: Double
        package let latency: Latency

        package init(
            transcript: String, reply: String, audioSeconds: Double, answerSeconds: Double, latency: Latency
        ) {
            self.transcript = transcript
            self.reply = reply
            self.audioSeconds = audioSeconds
            self.answerSeconds = answerSeconds
            self.latency = latency
        }

        private enum CodingKeys: String, CodingKey {
            case transcript, reply
            case audioSeconds = "audio_seconds"
            case answerSeconds = "answer_seconds"
            case latency = "latency_ms"
        }
    }

    /// Milliseconds.
    package struct Latency: Sendable, Equatable, Codable {
        /// Reading the file and finding speech in it.
        package let vad: Double
        /// Recognising the words.
        package let stt: Double
        /// From the words to the first token of the reply.
        package let firstToken: Double
        /// From the words to the end of the written reply.
        package let reply: Double
        /// From the readable file, nothing computed before and models loaded, to the first sample of the answer.
        package let firstAudio: Double
        /// From the readable file to the last sample.
        package let total: Double

        package init(
            vad: Double, stt: Double, firstToken: Double, reply: Double, firstAudio: Double, total: Double
        ) {
            self.vad = vad
            self.stt = stt
            self.firstToken = firstToken
            self.reply = reply
            self.firstAudio = firstAudio
            self.total = total
        }

        private enum CodingKeys: String, CodingKey {
            case vad, stt, total
            case firstToken = "llm_first_token"
            case reply = "llm_total"
            case firstAudio = "first_audio"
        }
    }

    package struct Memory: Sendable, Equatable, Codable {
        /// Largest resident set of the process so far, file pages included.
        package let peakResidentBytes: Int64

        package init(peakResidentBytes: Int64) { self.peakResidentBytes = peakResidentBytes }

        private enum CodingKeys: String, CodingKey {
            case peakResidentBytes = "rss_peak_bytes"
        }
    }

    /// A model file that was used.
    package struct Model: Sendable, Equatable, Codable {
        package let id: String
        package let roles: [String]
        package let bytes: Int64
        package let sha256: String

        package init(id: String, roles: [String], bytes: Int64, sha256: String) {
            self.id = id
            self.roles = roles
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    package let turns: [Turn]
    package let memory: Memory
    package let models: [Model]

    package init(turns: [Turn], memory: Memory, models: [Model]) {
        self.turns = turns
        self.memory = memory
        self.models = models
    }
}

extension TalkReport.Turn {
    init(_ answer: Answer) {
        let latency = answer.latency
        self.init(
            transcript: answer.transcript, reply: answer.reply, audioSeconds: answer.questionDuration.roundedSeconds,
            answerSeconds: answer.speech.duration.roundedSeconds,
            latency: TalkReport.Latency(
                vad: latency.vad.roundedMilliseconds, stt: latency.stt.roundedMilliseconds,
                firstToken: latency.firstToken.roundedMilliseconds, reply: latency.reply.roundedMilliseconds,
                firstAudio: latency.firstAudio.roundedMilliseconds, total: latency.total.roundedMilliseconds))
    }
}

extension TalkReport.Model {
    init(_ model: ModelFile) {
        self.init(id: model.id, roles: model.roles, bytes: model.bytes, sha256: model.sha256)
    }
}
