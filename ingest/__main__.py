"""``python -m ingest`` is ``citegrade``."""

from ingest.cli import main

if __name__ == "__main__":
    main(prog_name="citegrade")
