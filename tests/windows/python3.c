/* python3.dll: nothing of its own; python3.def forwards every name to python311.dll, for wheels of the stable ABI. */
int __stdcall DllMainCRTStartup(void *instance, unsigned reason, void *reserved) { return 1; }
