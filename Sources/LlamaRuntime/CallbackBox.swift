/// Carries a Swift closure through a C callback's user data.
///
/// Whoever passes `pointer` to C keeps the box alive for as long as C may call.
final class CallbackBox<Function> {
    let function: Function

    init(_ function: Function) { self.function = function }

    /// The box as user data; the reference is not retained by C.
    var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    /// The function inside the user data that C hands back.
    static func function(in pointer: UnsafeMutableRawPointer) -> Function {
        Unmanaged<CallbackBox<Function>>.fromOpaque(pointer).takeUnretainedValue().function
    }
}
