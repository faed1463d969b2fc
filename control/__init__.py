"""The HTTP control plane: accounts, sessions and rooms; PostgreSQL's truth, and the news of it to chatd.

`operations.py` is the table that everything served is declared in; each folder owns one part of the domain.
"""

from typing import Final

VERSION: Final = "0.1.0"
