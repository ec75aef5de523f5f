internal import Foundation

/// Graphs of a few hundred bytes, written with the Python package `onnx` (operator set 17) and kept as Base64.
enum Graphs {
    /// `y = 2 * x + 1` for `x` [1, n] float, `next = count + 1` for `count` [1] int64; metadata `parley.test` = `affine`.
    static let affine = decode(
        """
        CAgSADrPAQoQCgF4CgN0d28SAW0iA011bAoQCgFtCgNvbmUSAXkiA0FkZAoYCgVjb3VudAoEc3RlcBIEbmV4dCIDQWRkEgZhZmZpbmUqDRAB
        QgN0d29KBAAAAEAqDRABQgNvbmVKBAAAgD8qFAgBEAdCBHN0ZXBKCAEAAAAAAAAAWhQKAXgSDwoNCAESCQoCCAEKAxIBbloTCgVjb3VudBIK
        CggIBxIECgIIAWIUCgF5Eg8KDQgBEgkKAggBCgMSAW5iEgoEbmV4dBIKCggIBxIECgIIAUIECgAQEXIVCgtwYXJsZXkudGVzdBIGYWZmaW5l
        """)

    /// `end`: `start` [64, 64] float multiplied by itself `trips` (int64 scalar) times, clipped to 0...1.
    static let loop = decode(
        """
        CAgSADqkAgraAQoFdHJpcHMKAAoFc3RhcnQSA2VuZCIETG9vcCq8AQoEYm9keTKwAQoRCgFzCgFzEgFwIgZNYXRNdWwKFAoBcAoCbG8KAmhp
        EgF0IgRDbGlwChEKAWMSAmMyIghJZGVudGl0eRIEYm9keSoMEAFCAmxvSgQAAAAAKgwQAUICaGlKBAAAgD9aCwoBaRIGCgQIBxIAWgsKAWMS
        BgoECAkSAFoTCgFzEg4KDAgBEggKAghACgIIQGIMCgJjMhIGCgQICRIAYhMKAXQSDgoMCAESCAoCCEAKAghAoAEFEgRsb29wWg8KBXRyaXBz
        EgYKBAgHEgBaFwoFc3RhcnQSDgoMCAESCAoCCEAKAghAYhUKA2VuZBIOCgwIARIICgIIQAoCCEBCBAoAEBE=
        """)

    /// `y = x + w` for `x` [4] float; `w` lies in `weights.bin` beside the graph, at byte 64.
    static let external = decode(
        """
        CAgSADp8Cg4KAXgKAXcSAXkiA0FkZBIIZXh0ZXJuYWwqPggEEAFCAXdqFwoIbG9jYXRpb24SC3dlaWdodHMuYmluagwKBm9mZnNldBICNjRq
        DAoGbGVuZ3RoEgIxNnABWg8KAXgSCgoICAESBAoCCARiDwoBeRIKCggIARIECgIIBEIECgAQEQ==
        """)

    /// `y = x * w` for `x` [n, 64] float; `w` [64, 64] lies in `weights.bin` beside the graph, from its first byte on.
    static let product = decode(
        """
        CAg6jAEKEQoBeAoBdxIBeSIGTWF0TXVsEgdwcm9kdWN0KkIIQAhAEAFCAXdqFwoIbG9jYXRpb24SC3dlaWdodHMuYmluagsKBm9mZnNldBIB
        MGoPCgZsZW5ndGgSBTE2Mzg0cAFaFAoBeBIPCg0IARIJCgMSAW4KAghAYhQKAXkSDwoNCAESCQoDEgFuCgIIQEIECgAQEQ==
        """)

    /// The same, and `t = s + c` for `s` [300] float; `c` [300] lies in `weights.bin` too. Its 1200 bytes make whatever is
    /// written behind it unaligned.
    static let odd = decode(
        """
        CAg6/gEKEQoBeAoBdxIBeSIGTWF0TXVsCg4KAXMKAWMSAXQiA0FkZBIDb2RkKkAIrAIQAUIBY2oXCghsb2NhdGlvbhILd2VpZ2h0cy5iaW5q
        CwoGb2Zmc2V0EgEwag4KBmxlbmd0aBIEMTIwMHABKkIIQAhAEAFCAXdqFwoIbG9jYXRpb24SC3dlaWdodHMuYmluagsKBm9mZnNldBIBMGoP
        CgZsZW5ndGgSBTE2Mzg0cAFaFAoBeBIPCg0IARIJCgMSAW4KAghAWhAKAXMSCwoJCAESBQoDCKwCYhQKAXkSDwoNCAESCQoDEgFuCgIIQGIQ
        CgF0EgsKCQgBEgUKAwisAkIECgAQEQ==
        """)

    private static func decode(_ text: String) -> Data {
        Data(base64Encoded: text, options: .ignoreUnknownCharacters) ?? Data()
    }
}
