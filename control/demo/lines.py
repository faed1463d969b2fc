"""What is said in the rooms of the demo, by title: who says which line, and who puts a heart on it."""

from __future__ import annotations

from typing import Final, NamedTuple


class Line(NamedTuple):
    """One message."""

    who: str
    text: str
    hearts: str = ""


CONVERSATIONS: Final[dict[str, tuple[Line, ...]]] = {
    "마당": (
        Line("haneul", "안녕하세요, 마당에 오신 걸 환영합니다! 🌿", "bada maple"),
        Line("bada", "안녕하세요 ☺️ 여기서는 무슨 이야기를 하나요?"),
        Line("haneul", "아무 이야기나요. 새로 온 분은 인사부터 부탁드려요."),
        Line("maple", "Hi! I'm Maple. I'm learning Korean, so please be patient with me."),
        Line("noeul", "반가워요 Maple! 저는 노을이에요. 저녁마다 한강에서 뛰어요.", "maple"),
        Line("maple", "반갑습니다! Running in the evening sounds lovely."),
        Line("river", "If anyone wants to practise, English Table is open every day."),
        Line("iseul", "저는 시험 준비 중이에요. 새벽에 같이 공부하실 분 있을까요?"),
        Line(
            "namu",
            "파이썬 공부하시는 분은 스터디 방으로 오세요. 질문은 게시판에 남겨 주셔도 됩니다.",
            "iseul",
        ),
        Line("gureum", "불편한 점이 있으면 언제든 저에게 알려 주세요.", "haneul bada"),
    ),
    "한강 저녁 달리기": (
        Line("noeul", "이번 주 화요일은 5km만 가볍게 뛸게요."),
        Line("haneul", "저 갑니다! 여의나루역 2번 출구 맞죠?"),
        Line("noeul", "네, 저녁 7시요. 물은 각자 챙겨 주세요 💧", "haneul maple"),
        Line("maple", "Can a slow runner come, too?"),
        Line("noeul", "물론이죠! 제일 느린 사람에게 맞춰요. The slowest one sets the pace.", "maple"),
        Line("bada", "끝나고 국밥 먹으러 가실 분 🙋"),
        Line("haneul", "그게 진짜 목적이죠 ㅋㅋ", "bada noeul"),
    ),
    "파이썬 스터디": (
        Line("namu", "이번 주는 3장, 구조적 동시성입니다. nursery가 왜 필요한지 생각해 오세요."),
        Line("iseul", "태스크를 그냥 띄우면 안 되나요?"),
        Line(
            "namu",
            "띄운 사람이 끝을 책임져야 하니까요. 예외가 어디로 갈지 생각해 보면 답이 나옵니다.",
            "haneul iseul",
        ),
        Line(
            "haneul", "async with trio.open_nursery() as nursery: 이 블록이 끝나면 자식도 모두 끝난 거군요."
        ),
        Line("river", "Exactly. Nothing outlives the block that started it."),
        Line("iseul", "이해했어요! 게시판에 정리해 둘게요.", "namu"),
    ),
    "English Table": (
        Line("river", "Today's topic: the best thing you ate this week."),
        Line("bada", "I ate 순대국밥. How do you say 얼큰하다 in English?"),
        Line("river", "Spicy and hearty. 'A hearty, spicy broth' is good.", "bada"),
        Line("maple", "I baked bread. 빵을 구웠어요. 맞아요?"),
        Line("iseul", "네, 완벽해요! 저도 한 조각 주세요 🍞", "maple"),
    ),
    "점심 국밥 모임": (
        Line("bada", "오늘은 시장 안쪽 돼지국밥집 어때요?"),
        Line("noeul", "좋아요. 12시에 정문에서 봐요."),
        Line("haneul", "조금 늦을 것 같아요. 먼저 시켜 주세요 🙏"),
        Line("bada", "네! 자리 하나 남았으니 한 분 더 오실 수 있어요."),
    ),
}
