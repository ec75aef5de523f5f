internal import COnnxRuntime

/// Memory that was freed and that the C library would keep for later. Swift's module of glibc lacks these calls.
enum FreedMemory {
    /// Large blocks go back to the system as soon as they are freed, from now on and in the whole process. Arenas that
    /// shrink, and graphs that are loaded and released, would otherwise leave their memory with the C library.
    static func returnLargeBlocks() { parley_return_large_blocks() }

    /// Gives the rest back: what loading a graph leaves behind is never needed again.
    static func giveBack() { parley_return_freed_memory() }
}
