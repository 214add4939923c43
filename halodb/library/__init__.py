"""A library: all jobs of a directory as SQL views."""

from halodb.library.library import Library, open_library

__all__ = ["Library", "open_library"]
