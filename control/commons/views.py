"""What the operations on categories take and give, as Structs."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

CategoryKey = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=30,
        pattern="^[a-z0-9]+(-[a-z0-9]+)*(?!\\n)$",
        description="For ever: it is what other things refer to",
        examples=["music"],
    ),
]
CategoryName = Annotated[str, Meta(min_length=1, max_length=30, examples=["음악"])]
EnglishCategoryName = Annotated[str, Meta(min_length=1, max_length=30, examples=["Music"])]
Order = Annotated[int, Meta(ge=0, le=1_000_000, description="The lesser comes first", examples=[80])]


class Category(Struct, kw_only=True):
    """A category, in both languages. A `retired` one is not offered any more, and is shown where it was chosen before."""

    key: CategoryKey
    ko: CategoryName
    en: EnglishCategoryName
    position: Order
    retired: bool


class CategoryList(Struct):
    """Every category, in the order in which to show them; the retired ones last."""

    categories: list[Category]


class PutCategory(Struct, forbid_unknown_fields=True, kw_only=True):
    """How it is called, and where it stands in the list."""

    ko: CategoryName
    en: EnglishCategoryName
    position: Order = 0
