"""Phone numbers, as people write them and as we keep them (E.164)."""

from __future__ import annotations

from typing import Final

import phonenumbers

from common.errors import MadangError
from control import faults

_HOME: Final = "KR"


def e164(text: str) -> str:
    """`text` as `+821012345678`; Korean unless it says otherwise. Raises `phone_invalid`."""
    try:
        number = phonenumbers.parse(text, _HOME)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise MadangError("phone_invalid", fields={"phone": faults.NOT_A_PHONE})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
