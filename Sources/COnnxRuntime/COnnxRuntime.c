#include "COnnxRuntime.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

bool parley_sums_bytes_exactly(void) {
#if defined(__x86_64__) || defined(__i386__)
    // Leaf 7: AVX-512 VNNI is bit 11 of ECX, AVX-VNNI bit 4 of EAX of sub-leaf 1. Source: Intel's manual, volume 2A, CPUID.
    unsigned int a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
    if (c & (1u << 11)) return true;
    return a >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & (1u << 4));
#else
    return true;
#endif
}
