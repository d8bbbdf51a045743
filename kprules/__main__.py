"""`python -m kprules` is `kprules`."""

from kprules.cli.main import main

if __name__ == "__main__":
    main()
