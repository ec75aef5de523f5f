/// What begins with a digit: times, dates, measures, telephone numbers, fractions, ranges.
extension EnglishNormalizer {
    func numeric(_ text: Scalars, at index: Int, written: Scalars) -> Rewrite? {
        if text[index] == "-" { return measure(text, at: index) }
        return time(text, at: index) ?? isoDate(text, at: index) ?? slashDate(text, at: index)
            ?? measure(text, at: index) ?? dayAndMonth(text, at: index, written: written)
            ?? telephone(text, at: index) ?? fraction(text, at: index) ?? range(text, at: index)
    }

    /// Digits from a place on: their value and where they end; `nil` when there are fewer or more.
    static func digits(_ text: Scalars, at start: Int, _ counts: ClosedRange<Int>) -> (value: Int, end: Int)? {
        var end = start
        var value = 0
        while let scalar = text.at(end), scalar.isDigit, end - start < 9 {
            value = value * 10 + scalar.digit
            end += 1
        }
        return counts.contains(end - start) ? (value, end) : nil
    }

    // MARK: Times

    /// "7:30 pm", "14:05", "1:02:03".
    private func time(_ text: Scalars, at index: Int) -> Rewrite? {
        guard let hour = Self.digits(text, at: index, 1...2), text.at(hour.end) == ":",
            let minute = Self.digits(text, at: hour.end + 1, 2...2), hour.value <= 24, minute.value < 60
        else { return nil }
        var end = minute.end
        var seconds: Int?
        if text.at(end) == ":", let second = Self.digits(text, at: end + 1, 2...2), second.value < 60 {
            seconds = second.value
            end = second.end
        }
        let half = Self.halfOfDay(text, at: end)
        var words = EnglishNumbers.cardinal(hour.value)
        switch minute.value {
        case 0: words += half != nil || seconds != nil ? "" : " o'clock"
        case ..<10: words += " oh " + EnglishNumbers.cardinal(minute.value)
        default: words += " " + EnglishNumbers.cardinal(minute.value)
        }
        if let seconds { words += " and \(EnglishNumbers.cardinal(seconds)) second\(seconds == 1 ? "" : "s")" }
        if let half {
            // With points, so that the letters are spelled; a full stop that follows is not doubled.
            words += " \(half.letter).M" + (text.at(half.end) == "." ? "" : ".")
            end = half.end
        }
        return Rewrite(length: end - index, words: words)
    }

    /// "pm", "a.m." after a number, with or without a space.
    private static func halfOfDay(_ text: Scalars, at index: Int) -> (letter: String, end: Int)? {
        var end = text.at(index) == " " ? index + 1 : index
        guard let letter = text.at(end), "aApP".unicodeScalars.contains(letter) else { return nil }
        end += text.at(end + 1) == "." ? 2 : 1
        guard let second = text.at(end), second == "m" || second == "M" else { return nil }
        end += 1
        if text.at(end) == "." { end += 1 }
        return text.at(end)?.isLetter == true ? nil : (String(letter).uppercased(), end)
    }

    // MARK: Dates

    /// - Parameter month: 1 for January.
    func date(year: String?, month: Int, day: Int) -> String? {
        guard (1...31).contains(day), let name = monthName(month) else { return nil }
        return "\(name) \(EnglishNumbers.ordinal(day))" + (year.map { ", " + $0 } ?? "")
    }

    private func monthName(_ month: Int) -> String? {
        let keys = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        return keys.indices.contains(month - 1) ? months.text(keys[month - 1]) : nil
    }

    private func isoDate(_ text: Scalars, at index: Int) -> Rewrite? {
        guard let year = Self.digits(text, at: index, 4...4), text.at(year.end) == "-",
            let month = Self.digits(text, at: year.end + 1, 2...2), text.at(month.end) == "-",
            let day = Self.digits(text, at: month.end + 1, 2...2), text.at(day.end)?.isWord != true,
            let words = date(year: String(year.value), month: month.value, day: day.value)
        else { return nil }
        return Rewrite(length: day.end - index, words: words)
    }

    /// Month first as in the United States, unless that is impossible.
    private func slashDate(_ text: Scalars, at index: Int) -> Rewrite? {
        guard let first = Self.digits(text, at: index, 1...2), text.at(first.end) == "/",
            let second = Self.digits(text, at: first.end + 1, 1...2), text.at(second.end) == "/",
            let year = Self.digits(text, at: second.end + 1, 2...4), text.at(year.end)?.isWord != true
        else { return nil }
        let isShort = year.end - second.end == 3
        let full = isShort ? year.value + (year.value > 30 ? 1_900 : 2_000) : year.value
        let isMonthFirst = first.value <= 12
        let words = date(
            year: String(full), month: isMonthFirst ? first.value : second.value,
            day: isMonthFirst ? second.value : first.value)
        return words.map { Rewrite(length: year.end - index, words: $0) }
    }

    /// "5 March", "the 5th of March".
    private func dayAndMonth(_ text: Scalars, at index: Int, written: Scalars) -> Rewrite? {
        guard let day = Self.digits(text, at: index, 1...2), (1...31).contains(day.value), text.at(day.end) == " "
        else { return nil }
        let start = text.has("of ", at: day.end + 1) ? day.end + 4 : day.end + 1
        guard let month = month(text, at: start) else { return nil }
        let hasArticle =
            written.suffix(4).elementsEqual(Scalars("the ")) || written.suffix(4).elementsEqual(Scalars("The "))
        let words = "\(EnglishNumbers.ordinal(day.value)) of \(month.name)"
        return Rewrite(length: month.end - index, words: hasArticle ? words : "the " + words)
    }

    /// The name of a month, full or shortened, at a place.
    func month(_ text: Scalars, at start: Int) -> (name: String, end: Int)? {
        let run = text[min(start, text.count)...].prefix(while: \.isLetter)
        guard run.count >= 3, run.first?.isUpperLatin == true else { return nil }
        let word = Array(run).string
        guard let name = months.text(String(word.prefix(3)).lowercased()),
            word == name || word == name.prefix(3) || word == "Sept"
        else { return nil }
        let end = start + run.count
        return (name, word != name && text.at(end) == "." ? end + 1 : end)
    }

    // MARK: Measures and others

    /// "5 km", "-3°C", "75¢", "10am".
    private func measure(_ text: Scalars, at index: Int) -> Rewrite? {
        guard let number = NumberSpan(text, at: index) else { return nil }
        let place = text.at(number.end) == " " ? number.end + 1 : number.end
        if text.at(place) == "¢", let cents = currencies.list("¢") {
            return Rewrite(length: place + 1 - index, words: number.text + " " + number.plural(cents))
        }
        if text.at(place) == "°" { return degrees(text, number, sign: place, start: index) }
        if let half = Self.halfOfDay(text, at: number.end), number.text.isAllDigits, number.text.count < 3 {
            let words = "\(number.text) \(half.letter).M" + (text.at(half.end) == "." ? "" : ".")
            return Rewrite(length: half.end - index, words: words)
        }
        for name in unitNames where name.elementsEqual(text[place...].prefix(name.count)) {
            if text.at(place + name.count)?.isWord == true { continue }
            guard let words = units.list(name.string) else { continue }
            return Rewrite(length: place + name.count - index, words: number.text + " " + number.plural(words))
        }
        return nil
    }

    private func degrees(_ text: Scalars, _ number: NumberSpan, sign: Int, start: Int) -> Rewrite {
        let place = text.at(sign + 1) == " " ? sign + 2 : sign + 1
        let words = number.text + " " + number.plural(["degree", "degrees"])
        if text.at(place + 1)?.isWord != true {
            if text.at(place) == "C" { return Rewrite(length: place + 1 - start, words: words + " Celsius") }
            if text.at(place) == "F" { return Rewrite(length: place + 1 - start, words: words + " Fahrenheit") }
        }
        return Rewrite(length: sign + 1 - start, words: words)
    }

    /// "555-1234", "800-555-1234": digit by digit with pauses.
    private func telephone(_ text: Scalars, at index: Int) -> Rewrite? {
        guard let first = Self.digits(text, at: index, 3...3), text.at(first.end) == "-" else { return nil }
        var end = first.end
        if let middle = Self.digits(text, at: end + 1, 3...3), text.at(middle.end) == "-" { end = middle.end }
        guard let last = Self.digits(text, at: end + 1, 4...4), Self.isFree(text, after: last.end) else { return nil }
        let digits = text[index..<last.end].map { $0 == "-" ? "," : String($0) }
        return Rewrite(length: last.end - index, words: digits.joined(separator: " "))
    }

    private func fraction(_ text: Scalars, at index: Int) -> Rewrite? {
        let names = ["half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
        guard text.at(index - 1) != "/", let top = Self.digits(text, at: index, 1...2), text.at(top.end) == "/",
            let bottom = Self.digits(text, at: top.end + 1, 1...2), text.at(bottom.end)?.isWord != true,
            text.at(bottom.end) != "/"
        else { return nil }
        let length = bottom.end - index
        if top.value > 0, top.value < bottom.value, bottom.value <= 10 {
            let name = names[bottom.value - 2]
            if top.value == 1 {
                return Rewrite(length: length, words: bottom.value == 2 ? "one half" : "1 " + name)
            }
            return Rewrite(length: length, words: "\(top.value) \(name == "half" ? "halve" : name)s")
        }
        let words = date(year: nil, month: top.value, day: bottom.value)
        return Rewrite(length: length, words: words ?? "\(top.value) slash \(bottom.value)")
    }

    /// "10-20" is "10 to 20".
    private func range(_ text: Scalars, at index: Int) -> Rewrite? {
        guard text.at(index - 1) != "-", let low = Self.digits(text, at: index, 1...4) else { return nil }
        var place = text.at(low.end) == " " ? low.end + 1 : low.end
        guard text.at(place) == "-" || text.at(place) == "–" else { return nil }
        place += text.at(place + 1) == " " ? 2 : 1
        guard let high = Self.digits(text, at: place, 1...4), Self.isFree(text, after: high.end) else { return nil }
        let lowText = Array(text[index..<low.end]).string
        return Rewrite(length: high.end - index, words: lowText + " to " + Array(text[place..<high.end]).string)
    }

    /// No word, hyphen or decimals follow.
    private static func isFree(_ text: Scalars, after end: Int) -> Bool {
        guard let next = text.at(end) else { return true }
        if next == "." { return text.at(end + 1)?.isDigit != true }
        return !next.isWord && next != "-"
    }
}
