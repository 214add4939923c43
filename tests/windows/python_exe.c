/* python.exe: hands its arguments to Py_Main of python311.dll, as python.org's own does. */
#include <wchar.h>
#include <windows.h>

typedef int (*py_main)(int, wchar_t **);

int wmain(int argc, wchar_t **argv) {
    HMODULE python = LoadLibraryW(L"python311.dll");
    py_main run = python ? (py_main)(void *)GetProcAddress(python, "Py_Main") : NULL;
    return run ? run(argc, argv) : 103;
}
