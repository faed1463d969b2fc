"""Every sentence the terminal says, in English and Korean, and its dates."""

from __future__ import annotations

from datetime import date
from typing import Final

from common.errors import Language

_WORDS: Final[dict[str, tuple[str, str]]] = {
    # --- the entrance -----------------------------------------------------------------------------------------------------
    "hello": ("Madang at {url}", "마당 · {url}"),
    "log in or sign up": (
        "Press Enter to log in, or type new to sign up.",
        "Enter를 누르면 로그인, new를 입력하면 가입합니다.",
    ),
    "ask choice": ("> ", "> "),
    "ask email": ("E-mail: ", "이메일: "),
    "ask password": ("Password: ", "비밀번호: "),
    "ask phone": ("Phone number: ", "전화번호: "),
    "ask code": ("Code: ", "인증번호: "),
    "ask nickname": ("Nickname: ", "닉네임: "),
    "ask name": ("Name: ", "이름: "),
    "code sent": ("A code was sent to {phone}.", "{phone}(으)로 인증번호를 보냈습니다."),
    "code read": (
        "This is a development server: its outbox says the code is {code}. Enter takes it.",
        "개발용 서버입니다. 보낸 문자함의 인증번호는 {code}입니다. Enter를 누르면 그대로 씁니다.",
    ),
    "signed up": ("Welcome, {name}!", "{name}님, 환영합니다!"),
    "logging in": ("Logging in…", "로그인하는 중…"),
    # --- rooms ------------------------------------------------------------------------------------------------------------
    "rooms": ("Your rooms:", "내 방:"),
    "no rooms": (
        "You are in no room yet: /create TITLE makes one, /join CODE enters one.",
        "아직 들어간 방이 없습니다. /create 제목 으로 만들거나 /join 코드 로 들어가세요.",
    ),
    "how to enter": ("Type a room's number, or /help.", "방 번호를 입력하세요. 도움말은 /help 입니다."),
    "how to change": ("/join and a number changes to it.", "/join 번호 로 옮겨 갈 수 있습니다."),
    "unread": ("{count} unread", "안 읽음 {count}"),
    "members": ("{count} members", "{count}명"),
    "entered": ("You are in {title}.", "{title} 방에 들어왔습니다."),
    "code": ("Others join with /join {code}", "초대 코드: /join {code}"),
    "no such room": ("None of your rooms is “{room}”.", "내 방 중에 “{room}”이(가) 없습니다."),
    "not in a room": (
        "You are in no room. /rooms lists yours.",
        "들어간 방이 없습니다. /rooms 로 목록을 보세요.",
    ),
    "left room": ("You left {title}.", "{title} 방에서 나왔습니다."),
    "room closed": ("{title}: {why}", "{title}: {why}"),
    "who": ("Here ({online} of {count} online): {names}", "참여자 ({count}명 중 {online}명 온라인): {names}"),
    "badge": ("You were awarded a badge: {name}", "배지를 받았습니다: {name}"),
    "notice": ("Notice: {title}", "공지: {title}"),
    "matched": (
        "You are matched with {names}: {title}. /rooms lists the room.",
        "{names}님과 매칭되었습니다: {title}. /rooms 에 방이 있습니다.",
    ),
    "looking": ("You look for company until {time}.", "{time}까지 함께할 사람을 찾습니다."),
    "looks no more": ("You look for company no more.", "함께할 사람을 더 찾지 않습니다."),
    "nobody came": (
        "Nobody came who fits. You may look for company again.",
        "맞는 사람이 없었습니다. 다시 찾아 볼 수 있습니다.",
    ),
    "post joined": ("{who} joined “{title}”.", "‘{title}’ 모집글에 {who}님이 참여했습니다."),
    "post left": ("{who} left “{title}”.", "‘{title}’ 모집글에서 {who}님이 나갔습니다."),
    "post commented": ("{who} commented on “{title}”.", "‘{title}’ 모집글에 {who}님이 댓글을 남겼습니다."),
    "post changed": ("“{title}” was changed.", "‘{title}’ 모집글이 바뀌었습니다."),
    "post cancelled": ("“{title}” was called off.", "‘{title}’ 모집글이 취소되었습니다."),
    "post over": ("Nobody confirmed “{title}” in time.", "‘{title}’ 모집글이 확정되지 않고 끝났습니다."),
    "post left_out": (
        "“{title}” was confirmed without you.",
        "‘{title}’ 모집글이 회원님 없이 확정되었습니다.",
    ),
    "author": ("The author", "글쓴이"),
    "number": ("Number {mark}", "{mark}번"),
    # --- in a room --------------------------------------------------------------------------------------------------------
    "joined": ("{name} joined", "{name}님이 들어왔습니다"),
    "left": ("{name} left", "{name}님이 나갔습니다"),
    "kicked": ("{name} was removed", "{name}님이 내보내졌습니다"),
    "banned": ("{name} was banned", "{name}님이 차단되었습니다"),
    "unbanned": ("{name} may come in again", "{name}님의 차단이 풀렸습니다"),
    "muted": ("{name} was muted", "{name}님은 당분간 말할 수 없습니다"),
    "unmuted": ("{name} may speak again", "{name}님이 다시 말할 수 있습니다"),
    "role": ("{name} has another role", "{name}님의 역할이 바뀌었습니다"),
    "room changed": ("{name} changed the room", "{name}님이 방 설정을 바꿨습니다"),
    "away": ("{name} is away", "{name}님이 자리를 비웠습니다"),
    "online": ("{name} is online", "{name}님이 접속했습니다"),
    "offline": ("{name} went offline", "{name}님이 접속을 끊었습니다"),
    "timer started": ("{name} started the timer: {title}", "{name}님이 타이머를 시작했습니다: {title}"),
    "timer paused": ("{name} paused the timer", "{name}님이 타이머를 멈췄습니다"),
    "timer resumed": ("{name} let the timer run on", "{name}님이 타이머를 이어 갑니다"),
    "timer reset": ("{name} took the timer away", "{name}님이 타이머를 없앴습니다"),
    "timer ended": ("The timer is over.", "타이머가 끝났습니다."),
    "reset": ("The conversation was loaded anew.", "대화를 다시 불러왔습니다."),
    "beginning": ("This is the beginning.", "여기가 처음입니다."),
    "not sent": ("not sent: {why}", "보내지 못함: {why}"),
    "back": ("Connected again.", "다시 연결되었습니다."),
    "the room": ("(room)", "(방)"),
    "deleted": ("message deleted", "삭제된 메시지입니다"),
    "edited": ("edited", "수정됨"),
    "replies": ("replies: {count}", "답글 {count}"),
    "quote": ("{name}: {text}", "{name}: {text}"),
    "earlier": ("#{number}, further up", "#{number} 이전 메시지"),
    "no such message": ("There is no such message here.", "여기에 그런 메시지가 없습니다."),
    # --- the status line --------------------------------------------------------------------------------------------------
    "status online": ("{count} online", "{count}명 온라인"),
    "typing": ("{names} typing", "{names}님이 입력하는 중"),
    "read by": ("read by {count}", "읽음 {count}"),
    "time is up": ("time is up", "시간 끝"),
    "in the call": ("☎ {names}", "☎ {names}"),
    "status connected": ("connected", "연결됨"),
    "status connecting": ("connecting…", "연결하는 중…"),
    "status reconnecting": ("reconnecting… {seconds} s", "다시 연결하는 중… {seconds}초"),
    "status unsent": ("{count} unsent", "전송 대기 {count}"),
    "status older": ("↑ older messages · PageDown goes back", "↑ 지난 대화 · PageDown으로 돌아가기"),
    # --- commands ---------------------------------------------------------------------------------------------------------
    "unknown command": (
        "There is no {command}. /help lists what there is.",
        "{command} 명령은 없습니다. /help 를 보세요.",
    ),
    "needs": ("{command} needs {what}.", "{command}에는 {what}이(가) 필요합니다."),
    "a title": ("a title", "제목"),
    "a text": ("a text", "내용"),
    "an emoji": ("an emoji", "이모지"),
    "a length": (
        "a length, as 25 (minutes), 1:30 or 90s, up to a day, or pause, resume, reset",
        "길이(25분이면 25, 또는 1:30, 90s, 하루까지) 또는 pause, resume, reset",
    ),
    "a code": ("a code, a number or a title", "코드, 번호 또는 제목"),
    "given up": ("{count} unsent, and given up.", "보내지 못한 메시지 {count}개를 남기고 끝냅니다."),
    "needs terminal": (
        "There is no terminal to ask in: give --email, --room, and the password in MADANG_PASSWORD.",
        "물어볼 터미널이 없습니다. --email, --room 과 MADANG_PASSWORD 환경 변수를 주세요.",
    ),
    "no url": (
        "Where is Madang? Give --url, or set MADANG_URL.",
        "마당의 주소를 --url 또는 MADANG_URL 로 알려 주세요.",
    ),
}

HELP: Final[tuple[tuple[str, str, str], ...]] = (
    ("/rooms", "my rooms; their number enters them", "내 방 목록. 번호로 들어갑니다"),
    ("/join CODE", "enter a room by code, number or title", "코드, 번호, 제목으로 들어가기"),
    ("/create TITLE", "make a room", "방 만들기"),
    ("/leave", "leave this room for good", "이 방에서 완전히 나가기"),
    ("/who", "who is in this room", "이 방의 참여자"),
    (
        "/reply [#N] TEXT",
        "answer a message; without a number the last",
        "답글. 번호가 없으면 마지막 메시지에",
    ),
    ("/edit [#N] TEXT", "say mine in other words", "내 메시지 고치기"),
    ("/delete [#N]", "take it back", "메시지 삭제"),
    ("/react [#N] 👍", "put an emoji on it; again takes it off", "이모지 달기. 다시 하면 떼기"),
    ("/pin [#N]", "pin it; again unpins it", "고정하기. 다시 하면 풀기"),
    ("/timer 25", "start the room's timer: minutes, or 1:30, 90s", "방 타이머 시작. 분, 또는 1:30, 90s"),
    (
        "/timer pause",
        "stop it; resume lets it run on, reset takes it away",
        "멈추기. resume 이어 가기, reset 없애기",
    ),
    ("/numbers", "show the numbers of messages, or hide them", "메시지 번호 보이기, 감추기"),
    ("/history", "older messages, as PageUp does", "지난 대화 (PageUp)"),
    ("/quit", "end, as Ctrl-C and Ctrl-D do", "끝내기 (Ctrl-C, Ctrl-D)"),
)

_WEEKDAYS_KO: Final = "월화수목금토일"
_WEEKDAYS_EN: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def say(language: Language, key: str, **values: object) -> str:
    """A sentence for people."""
    english, korean = _WORDS[key]
    return (korean if language == "ko" else english).format(**values)


def say_day(language: Language, day: date) -> str:
    """A date, with its weekday."""
    if language == "ko":
        return f"{day.year}년 {day.month}월 {day.day}일 {_WEEKDAYS_KO[day.weekday()]}요일"
    return f"{_WEEKDAYS_EN[day.weekday()]}, {day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
