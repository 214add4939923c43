"""`python -m halodb` is the command `halodb`."""

from halodb.cli.main import main

if __name__ == "__main__":  # workers started by `spawn` import this module too
    main()
