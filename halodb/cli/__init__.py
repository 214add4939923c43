"""The command line: one file a command, each a few lines over a function that a notebook can call."""
