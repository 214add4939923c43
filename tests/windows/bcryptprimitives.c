/* bcryptprimitives.dll: ProcessPrng, from which Rust's standard library takes its random bytes; Wine 8 lacks it. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(void *, ULONG); /* RtlGenRandom */

__declspec(dllexport) BOOL WINAPI ProcessPrng(unsigned char *data, SIZE_T size) {
    return SystemFunction036(data, (ULONG)size);
}
