#include "ParleySystem.h"

#include <stdlib.h>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__linux__)
#include <sys/auxv.h>
#endif

// <stdlib.h> says which C library this is.
#if defined(__GLIBC__)
#include <malloc.h>
#endif

size_t parley_processor_words(uint32_t *words, size_t capacity) {
    size_t count = 0;
#define PARLEY_PUT(word) do { if (count < capacity) words[count++] = (uint32_t)(word); } while (0)
#if defined(__x86_64__)
    uint32_t a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid_count(1, 0, &a, &b, &c, &d)) {
        // `b` holds the number of the core.
        PARLEY_PUT(a);
        PARLEY_PUT(c);
        PARLEY_PUT(d);
        // OSXSAVE: which registers the operating system saves, and so which instruction sets may be used.
        if (c & (1u << 27)) {
            uint32_t low = 0, high = 0;
            __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
            PARLEY_PUT(low);
        }
    }
    for (uint32_t leaf = 0; leaf < 2; leaf++) {
        if (__get_cpuid_count(7, leaf, &a, &b, &c, &d)) {
            if (leaf > 0) PARLEY_PUT(a);
            PARLEY_PUT(b);
            PARLEY_PUT(c);
            PARLEY_PUT(d);
        }
    }
#elif defined(__linux__)
    const uint64_t first = getauxval(AT_HWCAP);
    const uint64_t second = getauxval(AT_HWCAP2);
    PARLEY_PUT(first);
    PARLEY_PUT(first >> 32);
    PARLEY_PUT(second);
    PARLEY_PUT(second >> 32);
#endif
#undef PARLEY_PUT
    return count;
}

void parley_return_large_blocks(void) {
#if defined(__GLIBC__)
    // Setting the threshold stops it from moving up to 32 MiB. Source: mallopt(3). Of 128 KiB and 1 MiB the latter was the
    // faster one for the thinker: docs/decisions/004.
    mallopt(M_MMAP_THRESHOLD, 1024 * 1024);
#endif
}

void parley_return_freed_memory(void) {
#if defined(__GLIBC__)
    malloc_trim(0);
#endif
}
