"""`python -m control.typescript`: write the files, and remove what is made no more."""

from __future__ import annotations

from control.typescript import FOLDER, files


def main() -> None:
    """Write them all."""
    made = files()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for stale in {path.name for path in FOLDER.glob("*.ts")} - made.keys():
        (FOLDER / stale).unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text)


main()
