"""What to do next about an error, for people who write programs, and for those before them: in English and Korean.

Most of it follows from what kind of error it is; where something better can be said of one code, it is said here.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from common.errors import ERRORS, ErrorKind


class Remedy(NamedTuple):
    """The next step, in a sentence."""

    en: str
    ko: str


_REFRESH: Final = Remedy(
    "Refresh the access token, and send it again.", "액세스 토큰을 새로 고친 뒤 다시 보내세요."
)
_LOG_IN: Final = Remedy("Log in again.", "다시 로그인하세요.")
_NEW_CODE: Final = Remedy("Ask for a new code.", "인증번호를 새로 받으세요.")
_PROVE: Final = Remedy(
    "Prove it with a code first; then send this again with the proof.",
    "먼저 인증번호로 인증하고, 받은 증명과 함께 다시 보내세요.",
)
_OTHER_VALUE: Final = Remedy("Choose another one, and send it again.", "다른 값을 골라 다시 보내세요.")
_SMALLER: Final = Remedy("Send less at once.", "더 작게 나누어 보내세요.")
_ASK_FOR_LINK: Final = Remedy("Ask whoever gave it to you for a new one.", "보내 준 사람에게 새로 받으세요.")
_FREE_A_PLACE: Final = Remedy(
    "Close or remove one that is not needed; then send it again.", "필요 없는 것을 정리한 뒤 다시 보내세요."
)
_MEMBERS: Final = Remedy("Join the room first, if you may.", "들어갈 수 있는 방이라면 먼저 들어가세요.")
_ORDER: Final = Remedy("Ask somebody who keeps order in the room.", "방의 운영진에게 부탁하세요.")

_BY_CODE: Final[dict[str, Remedy]] = {
    "malformed": Remedy(
        "Send a request as the API page describes it; `fields` says where it breaks, if that is known.",
        "API 문서에 적힌 형식으로 보내세요. 어디가 잘못되었는지 알면 `fields`에 적혀 있습니다.",
    ),
    "invalid": Remedy(
        "`fields` says which values; mend them, and send it again.",
        "`fields`에 적힌 값을 고쳐 다시 보내세요.",
    ),
    "class_full": Remedy(
        "Send it again with `wait`, for a place on the waiting list.",
        "`wait`와 함께 다시 보내면 대기자가 됩니다.",
    ),
    "too_large": _SMALLER,
    "headers_too_large": Remedy(
        "Send fewer or shorter headers; cookies are among them.", "헤더를 줄이세요. 쿠키도 헤더입니다."
    ),
    "unsupported_media": Remedy(
        "Say `content-type: application/json`, and send JSON.",
        "`content-type: application/json`으로 JSON을 보내세요.",
    ),
    "method_not_allowed": Remedy(
        "The header `Allow` says which methods are served there.", "`Allow` 헤더에 적힌 메서드를 쓰세요."
    ),
    "unauthenticated": _LOG_IN,
    "forbidden": Remedy(
        "Only an account that has the permission may; it does not help to repeat it.",
        "권한이 있는 계정만 할 수 있습니다. 다시 보내도 같습니다.",
    ),
    "internal": Remedy(
        "Try again later; if it goes on, tell the operator the `request_id`.",
        "나중에 다시 시도하고, 계속되면 운영자에게 `request_id`를 알려 주세요.",
    ),
    "conflict": Remedy("Read what is there now, and decide again.", "지금 상태를 다시 읽고 새로 결정하세요."),
    "code_wrong": Remedy(
        "Let the person type it again; five tries in all.",
        "다시 입력하세요. 모두 다섯 번까지 할 수 있습니다.",
    ),
    "code_expired": _NEW_CODE,
    "code_exhausted": _NEW_CODE,
    "phone_unproven": _PROVE,
    "contact_unproven": _PROVE,
    "social_unproven": Remedy(
        "Begin the social log-in again; its proof opens one sign-up.",
        "소셜 로그인을 다시 시작하세요. 증명은 한 번만 쓸 수 있습니다.",
    ),
    "social_attempt_over": Remedy(
        "Begin the social log-in again, in the same browser.",
        "같은 브라우저에서 소셜 로그인을 다시 시작하세요.",
    ),
    "email_taken": _OTHER_VALUE,
    "phone_taken": Remedy(
        "Log in to the account that has it, or reset its password.",
        "그 번호의 계정으로 로그인하거나 비밀번호를 재설정하세요.",
    ),
    "nickname_taken": _OTHER_VALUE,
    "password_weak": _OTHER_VALUE,
    "credentials_wrong": Remedy(
        "Type them again, or reset the password.", "다시 입력하거나 비밀번호를 재설정하세요."
    ),
    "token_expired": _REFRESH,
    "token_invalid": _LOG_IN,
    "token_reused": _LOG_IN,
    "session_revoked": _LOG_IN,
    "account_deleted": Remedy(
        "Write to the operator of this server, who can restore it for thirty days.",
        "삼십 일 안에는 이 서버의 운영자가 복구할 수 있으니 문의하세요.",
    ),
    "last_admin": Remedy("Make somebody else an admin first.", "먼저 다른 사람을 관리자로 정하세요."),
    "export_under_way": Remedy(
        "Wait until that one is ready; it is in the list of copies.",
        "지금 만드는 사본이 끝나기를 기다리세요.",
    ),
    "suspended": Remedy("Write to the operator of this server.", "이 서버의 운영자에게 문의하세요."),
    "csrf": Remedy(
        "Send it from a page of an allowed origin, or with a bearer token instead of cookies.",
        "허용된 출처의 페이지에서 보내거나, 쿠키 대신 bearer 토큰을 쓰세요.",
    ),
    "room_full": Remedy("Try again once somebody has left.", "누군가 나간 뒤 다시 시도하세요."),
    "room_password_wrong": Remedy(
        "Type it again, or ask a member for it.", "다시 입력하거나 멤버에게 물어보세요."
    ),
    "room_not_joinable": Remedy(
        "Ask a member for an invitation, a link or the code.", "멤버에게 초대나 링크, 코드를 부탁하세요."
    ),
    "not_a_member": _MEMBERS,
    "not_a_moderator": _ORDER,
    "not_the_owner": Remedy("Ask the owner of the room.", "방장에게 부탁하세요."),
    "link_expired": _ASK_FOR_LINK,
    "link_used_up": _ASK_FOR_LINK,
    "list_full": _FREE_A_PLACE,
    "too_many_pins": _FREE_A_PLACE,
    "too_many_connections": _FREE_A_PLACE,
    "too_many_rooms": _FREE_A_PLACE,
    "blocked_by_me": Remedy("Take the block back first.", "먼저 차단을 해제하세요."),
    "upload_missing": Remedy(
        "Send the file to the signed address, then confirm again.",
        "서명된 주소로 파일을 보낸 뒤 다시 확인하세요.",
    ),
    "upload_mismatch": Remedy(
        "Ask for a new upload, and say its real size and type.",
        "실제 크기와 형식으로 업로드를 새로 요청하세요.",
    ),
    "key_reused": Remedy("Use a new key for every new request.", "요청마다 새 키를 쓰세요."),
    "reference_reused": Remedy("Use a new id for every new request.", "요청마다 새 ID를 쓰세요."),
    "text_too_long": _SMALLER,
    "room_not_open": Remedy("Send `room.open` first.", "먼저 `room.open`을 보내세요."),
    "unknown_command": Remedy(
        "Look up the command on the page about the socket.", "소켓 문서에서 명령을 확인하세요."
    ),
}

_WAIT: Final = Remedy(
    "Wait for `retry_after_ms`, or a moment where it is not given, and send the same again.",
    "`retry_after_ms`만큼, 없으면 잠시 기다렸다가 그대로 다시 보내세요.",
)
_BY_STATUS: Final[dict[int, Remedy]] = {
    401: _LOG_IN,
    403: Remedy("It does not help to repeat it.", "다시 보내도 같습니다."),
    404: Remedy(
        "Look at the address or the id; it may be gone, or not for you.",
        "주소나 ID를 확인하세요. 사라졌거나 볼 수 없는 것일 수 있습니다.",
    ),
    410: Remedy("It is gone; take it off what you show.", "이제 없습니다. 화면에서 지우세요."),
    409: Remedy("Read what is there now, and show it to the person.", "지금 상태를 다시 읽어 보여 주세요."),
}
_MEND: Final = Remedy("Mend the request, and send it again.", "요청을 고쳐 다시 보내세요.")


def remedy_of(code: str) -> Remedy:
    """What to do next about `code`. Raises KeyError for one that is in no table."""
    return _BY_CODE.get(code) or _of_kind(ERRORS[code])


def _of_kind(kind: ErrorKind) -> Remedy:
    return _WAIT if kind.temporary else _BY_STATUS.get(kind.status, _MEND)
