"""Only for Wine: it cannot tell the unique set of a process (USS), so psutil's USS is the whole working set here."""

from __future__ import annotations

import importlib

try:
    system = importlib.import_module("psutil._pswindows")
except ImportError:
    pass
else:

    def working_set(process: int) -> int:
        """Pages of a process, which psutil multiplies by their size."""
        found = system.cext.proc_memory_info(process)
        size = found["WorkingSetSize"] if isinstance(found, dict) else found[2]
        return int(size) // int(system.cext.getpagesize())

    system.cext.proc_memory_uss = working_set
