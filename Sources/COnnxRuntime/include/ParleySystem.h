#pragma once

#include <stddef.h>
#include <stdint.h>

/// Numbers that say which kernels ONNX Runtime chooses on this processor: on x86-64 what `cpuid` tells about model and
/// instruction sets, elsewhere on Linux the hardware capabilities that the kernel hands to every program. They are those
/// of the processor that runs this very program, also under an emulator, where `/proc/cpuinfo` tells about another.
/// @param words gets at most `capacity` numbers.
/// @return how many were written; 0 where the system does not say, macOS among them.
size_t parley_processor_words(uint32_t *_Nonnull words, size_t capacity);

/// Makes glibc give large blocks back to the system when they are freed, for the rest of the process. By itself it raises
/// its threshold with every large block that is freed, up to 32 MiB, and keeps what is freed below it. Nothing elsewhere.
void parley_return_large_blocks(void);

/// Gives memory that was freed, and that glibc keeps for later, back to the system. Nothing elsewhere.
void parley_return_freed_memory(void);
