"""`python -m toolkit`: the command line without an installed script."""

from toolkit.cli import main

if __name__ == "__main__":
    main()
