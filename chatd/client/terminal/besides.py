"""What the server tells somebody besides the talk, as one line: a notice, a match, what became of looking for company. Pure."""

from __future__ import annotations

from datetime import datetime

from chatd.client.api import titled
from chatd.client.effects import AnyNews
from chatd.client.terminal.words import say
from common import protocol
from common.errors import Language


def line_of(news: AnyNews, reader: str, language: Language) -> str | None:
    """What `reader` is told of it; None for what is shown elsewhere, or not at all."""
    match news:
        case protocol.Notice(change="published"):
            return say(language, "notice", title=news.ko if language == "ko" else news.en)
        case protocol.PersonalMatch():
            names = ", ".join(person.name for person in news.people if person.user != reader)
            return say(language, "matched", names=names, title=titled(news.title, news.title_en, language))
        case protocol.PersonalApplied(change="waiting"):
            until = datetime.fromtimestamp(news.expires_at / 1000)
            return say(language, "looking", time=f"{until:%H:%M}")
        case protocol.PersonalApplied():
            return say(language, "nobody came" if news.change == "expired" else "looks no more")
        case protocol.PersonalPost():
            return say(language, f"post {news.change}", title=news.title, who=_who(news, language))
    return None


def _who(news: protocol.PersonalPost, language: Language) -> str:
    """By name where the post is not anonymous, and else by the mark there."""
    if news.name is not None:
        return news.name
    return say(language, "number", mark=news.mark) if news.mark else say(language, "author")
