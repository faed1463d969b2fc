"""What can go wrong in a command or a request, and how it is said to people.

One table, `ERRORS`, holds every code with its HTTP status and its sentence in English and Korean; `MadangError` is the
one exception that answers. What ends a connection instead is in `disconnect.py`.

A code is a promise: programs branch on it, so it is never renamed. A sentence may be bettered at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["en", "ko"]


@dataclass(frozen=True, slots=True)
class ErrorKind:
    """A code's meaning: the HTTP status, whether the same request may succeed later, and what people read."""

    status: int
    en: str
    ko: str
    temporary: bool = False

    def sentence(self, language: Language) -> str:
        """What is wrong, for a person who reads `language`."""
        return self.ko if language == "ko" else self.en


ERRORS: Final[dict[str, ErrorKind]] = {
    # Any operation
    "malformed": ErrorKind(400, "The request could not be read.", "요청을 읽을 수 없습니다."),
    "invalid": ErrorKind(422, "Some of the values are not allowed.", "허용되지 않는 값이 있습니다."),
    "too_large": ErrorKind(413, "The request is too large.", "요청이 너무 큽니다."),
    "headers_too_large": ErrorKind(431, "The request's headers are too large.", "요청 헤더가 너무 큽니다."),
    "unsupported_media": ErrorKind(415, "Send JSON, please.", "JSON으로 보내 주세요."),
    "not_found": ErrorKind(404, "There is nothing here.", "찾을 수 없습니다."),
    "method_not_allowed": ErrorKind(405, "That method is not served here.", "지원하지 않는 메서드입니다."),
    "unauthenticated": ErrorKind(401, "Please log in.", "로그인이 필요합니다."),
    "forbidden": ErrorKind(403, "You may not do that.", "권한이 없습니다."),
    "rate_limited": ErrorKind(
        429, "Too many at once. Please wait a little.", "요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.", temporary=True
    ),
    "unavailable": ErrorKind(
        503, "We cannot do that right now. Please try again.", "지금은 처리할 수 없습니다. 다시 시도해 주세요.", temporary=True
    ),
    "internal": ErrorKind(
        500, "Something broke on our side.", "서버에 문제가 생겼습니다.", temporary=True
    ),
    "conflict": ErrorKind(409, "Somebody else changed it at the same time.", "다른 변경과 겹쳤습니다.", temporary=True),
    # Identity
    "code_wrong": ErrorKind(422, "That code is not right.", "인증번호가 맞지 않습니다."),
    "code_expired": ErrorKind(410, "That code has expired. Ask for a new one.", "인증번호가 만료되었습니다. 다시 받아 주세요."),
    "code_exhausted": ErrorKind(429, "Too many tries. Ask for a new code.", "시도 횟수를 넘었습니다. 새 인증번호를 받아 주세요."),
    "code_too_soon": ErrorKind(
        429, "A code was sent just now. Please wait.", "방금 인증번호를 보냈습니다. 잠시 기다려 주세요.", temporary=True
    ),
    "phone_unproven": ErrorKind(403, "Prove your phone number first.", "먼저 전화번호를 인증해 주세요."),
    "phone_invalid": ErrorKind(422, "That is not a phone number.", "전화번호가 아닙니다."),
    "sms_unavailable": ErrorKind(
        503, "We could not send the message. Please try again.", "문자를 보내지 못했습니다. 다시 시도해 주세요.", temporary=True
    ),
    "mail_unavailable": ErrorKind(
        503, "We could not send the e-mail. Please try again.", "이메일을 보내지 못했습니다. 다시 시도해 주세요.", temporary=True
    ),
    "contact_unproven": ErrorKind(
        403, "Prove your phone number or e-mail address first.", "먼저 전화번호나 이메일을 인증해 주세요."
    ),
    "account_not_found": ErrorKind(404, "Nobody signed up with that.", "가입된 계정이 없습니다."),
    "email_taken": ErrorKind(409, "That e-mail address is in use.", "이미 사용 중인 이메일입니다."),
    "phone_taken": ErrorKind(409, "That phone number is in use.", "이미 사용 중인 전화번호입니다."),
    "nickname_taken": ErrorKind(409, "That nickname is in use.", "이미 사용 중인 닉네임입니다."),
    "password_weak": ErrorKind(
        422, "Choose a longer, less common password.", "더 길고 흔하지 않은 비밀번호를 골라 주세요."
    ),
    "export_under_way": ErrorKind(
        409, "A copy is being made already.", "이미 사본을 만들고 있습니다.", temporary=True
    ),
    "password_wrong": ErrorKind(403, "That is not your password.", "비밀번호가 맞지 않습니다."),
    "credentials_wrong": ErrorKind(401, "E-mail or password is wrong.", "이메일 또는 비밀번호가 맞지 않습니다."),
    "token_invalid": ErrorKind(401, "The token is not valid.", "토큰이 올바르지 않습니다."),
    "token_expired": ErrorKind(401, "The token has expired.", "토큰이 만료되었습니다."),
    "token_reused": ErrorKind(
        401, "That token was used before; the session was ended.", "이미 사용된 토큰입니다. 세션이 종료되었습니다."
    ),
    "suspended": ErrorKind(403, "This account is suspended.", "이용이 정지된 계정입니다."),
    "account_deleted": ErrorKind(
        403, "This account was deleted. An admin can still restore it.", "탈퇴한 계정입니다. 관리자에게 복구를 요청할 수 있습니다."
    ),
    "last_admin": ErrorKind(409, "Nobody would be left to look after this server.", "관리자가 한 명도 남지 않게 됩니다."),
    "session_revoked": ErrorKind(401, "This session was ended.", "이 세션은 종료되었습니다."),
    "social_not_offered": ErrorKind(404, "You cannot log in with that here.", "여기서는 쓸 수 없는 로그인 방법입니다."),
    "social_attempt_over": ErrorKind(
        403, "That log-in is over. Please begin again.", "만료된 로그인입니다. 처음부터 다시 해 주세요."
    ),
    "social_refused": ErrorKind(403, "They did not confirm who you are.", "본인 확인을 받지 못했습니다."),
    "social_unavailable": ErrorKind(
        503, "They do not answer right now. Please try again.", "지금은 확인할 수 없습니다. 다시 시도해 주세요.", temporary=True
    ),
    "social_unproven": ErrorKind(403, "Log in with them once more.", "소셜 로그인을 다시 해 주세요."),
    "identity_taken": ErrorKind(
        409, "That is linked to another account, or another one is linked to yours.", "이미 다른 계정에 연결되어 있습니다."
    ),
    "last_way_in": ErrorKind(
        409, "You could not log in any more. Set a password first.", "로그인할 방법이 없어집니다. 먼저 비밀번호를 정해 주세요."
    ),
    "csrf": ErrorKind(403, "That request did not come from our pages.", "우리 페이지에서 온 요청이 아닙니다."),
    # Rooms
    "room_not_found": ErrorKind(404, "There is no such room.", "그런 방이 없습니다."),
    "room_full": ErrorKind(409, "The room is full.", "방이 가득 찼습니다."),
    "room_password_wrong": ErrorKind(403, "The room's password is wrong.", "방 비밀번호가 맞지 않습니다."),
    "room_not_joinable": ErrorKind(403, "You cannot join this room by yourself.", "직접 들어갈 수 없는 방입니다."),
    "room_code_wrong": ErrorKind(404, "No room has that code.", "그 코드를 가진 방이 없습니다."),
    "banned": ErrorKind(403, "You were banned from this room.", "이 방에서 차단되었습니다."),
    "not_a_member": ErrorKind(403, "You are not a member of this room.", "이 방의 멤버가 아닙니다."),
    "not_oneself": ErrorKind(409, "You cannot do that to yourself.", "자기 자신에게는 할 수 없습니다."),
    "person_not_found": ErrorKind(404, "There is no such person.", "그런 사람이 없습니다."),
    "capacity_below_members": ErrorKind(
        409, "More people than that are in the room.", "이미 그보다 많은 사람이 방에 있습니다."
    ),
    # Moderation
    "not_a_moderator": ErrorKind(403, "Only moderators may do that.", "운영진만 할 수 있습니다."),
    "not_the_owner": ErrorKind(403, "Only the owner of the room may do that.", "방장만 할 수 있습니다."),
    "above_you": ErrorKind(
        403, "You may not do that to an equal, or to somebody above you.", "같거나 높은 운영진에게는 할 수 없습니다."
    ),
    "person_not_in_room": ErrorKind(404, "That person is not in the room.", "방에 없는 사람입니다."),
    "person_banned": ErrorKind(409, "That person was banned from this room.", "이 방에서 차단된 사람입니다."),
    "invitation_not_found": ErrorKind(404, "There is no such invitation.", "그런 초대가 없습니다."),
    "link_not_found": ErrorKind(404, "There is no such link.", "그런 링크가 없습니다."),
    "link_expired": ErrorKind(410, "That link has expired.", "만료된 링크입니다."),
    "link_used_up": ErrorKind(410, "That link was used up.", "더 이상 쓸 수 없는 링크입니다."),
    "already_reported": ErrorKind(409, "You reported that already.", "이미 신고했습니다."),
    "report_not_found": ErrorKind(404, "There is no such report.", "그런 신고가 없습니다."),
    "report_resolved": ErrorKind(409, "That report was resolved otherwise.", "이미 처리된 신고입니다."),
    "room_archived": ErrorKind(410, "The room was closed.", "방이 닫혔습니다."),
    # People
    "blocked": ErrorKind(403, "You cannot talk to this person.", "대화할 수 없는 상대입니다."),
    "blocked_by_me": ErrorKind(
        403, "You blocked this person. Unblock first.", "차단한 사람입니다. 먼저 차단을 해제해 주세요."
    ),
    "list_full": ErrorKind(409, "There is no room left on that list.", "목록이 가득 찼습니다."),
    "category_unknown": ErrorKind(422, "There is no such category.", "없는 카테고리입니다."),
    # Uploads
    "upload_not_found": ErrorKind(404, "That file is not there to be used.", "쓸 수 있는 파일이 아닙니다."),
    "upload_too_large": ErrorKind(413, "That file is too large.", "파일이 너무 큽니다."),
    "upload_type_refused": ErrorKind(415, "Files of that type are not taken here.", "여기에는 올릴 수 없는 파일 형식입니다."),
    "upload_missing": ErrorKind(
        409, "The file has not arrived yet. Send it first.", "파일이 아직 올라오지 않았습니다. 먼저 올려 주세요.", temporary=True
    ),
    "upload_mismatch": ErrorKind(
        422, "The file is not what it was said to be.", "파일이 알려 주신 내용과 다릅니다."
    ),
    "too_many_uploads": ErrorKind(
        429, "Finish or wait for your other uploads first.", "진행 중인 업로드가 너무 많습니다. 먼저 마쳐 주세요.", temporary=True
    ),
    # Learning
    "already_mentor": ErrorKind(409, "You are a mentor already.", "이미 멘토입니다."),
    "application_pending": ErrorKind(
        409, "You applied already. Please wait for the answer.", "이미 신청했습니다. 결과를 기다려 주세요."
    ),
    "application_not_found": ErrorKind(404, "There is no such application.", "그런 신청이 없습니다."),
    "application_decided": ErrorKind(409, "That application was decided otherwise.", "이미 처리된 신청입니다."),
    "certificate_not_found": ErrorKind(
        422, "That certificate is not among your confirmed uploads.", "내가 올린 증명서가 아닙니다."
    ),
    "mentor_not_found": ErrorKind(404, "There is no such mentor.", "그런 멘토가 없습니다."),
    "class_not_found": ErrorKind(404, "There is no such class.", "그런 클래스가 없습니다."),
    "review_not_found": ErrorKind(404, "There is no such review.", "그런 후기가 없습니다."),
    "class_not_draft": ErrorKind(409, "That is fixed once a class is open.", "공개한 클래스에서는 바꿀 수 없습니다."),
    "class_not_open": ErrorKind(409, "The class takes no registrations.", "신청을 받지 않는 클래스입니다."),
    "class_closed": ErrorKind(409, "The class is closed.", "마감된 클래스입니다."),
    "class_started": ErrorKind(409, "The class has begun.", "이미 시작한 클래스입니다."),
    "class_not_started": ErrorKind(409, "The class has not begun yet.", "아직 시작하지 않은 클래스입니다."),
    "class_full": ErrorKind(
        409, "The class is full. You may wait for a place.", "자리가 모두 찼습니다. 대기자로 신청할 수 있습니다."
    ),
    "capacity_below_registered": ErrorKind(
        409, "More people than that are registered.", "이미 그보다 많은 사람이 신청했습니다."
    ),
    "start_not_earlier": ErrorKind(
        409, "People registered for that start: it can only be put off.", "신청한 사람이 있어 시작을 앞당길 수 없습니다."
    ),
    "cover_not_found": ErrorKind(
        422, "That picture is not among your confirmed class covers.", "내가 올린 클래스 표지가 아닙니다."
    ),
    "answers_missing": ErrorKind(422, "Answer each of the questions.", "모든 질문에 답해 주세요."),
    "not_registered": ErrorKind(403, "You are not registered for this class.", "이 클래스를 신청하지 않았습니다."),
    "room_of_class": ErrorKind(409, "This room is a class's, and its mentor's.", "클래스에 딸린 방입니다."),
    "not_enough_points": ErrorKind(409, "You do not have that many points.", "포인트가 모자랍니다."),
    "reference_reused": ErrorKind(422, "That was used for something else.", "이미 다른 내용에 쓰였습니다."),
    # Badges
    "badge_not_found": ErrorKind(404, "There is no such badge.", "그런 배지가 없습니다."),
    "badge_not_yours": ErrorKind(409, "You have not been awarded that badge.", "받은 적이 없는 배지입니다."),
    "badge_not_granted": ErrorKind(409, "That badge is awarded by its rule alone.", "규칙으로만 받을 수 있는 배지입니다."),
    "badge_retired": ErrorKind(409, "That badge is not awarded any more.", "더 이상 드리지 않는 배지입니다."),
    "badge_rule_fixed": ErrorKind(
        409, "What kind of rule a badge has stays as it is.", "배지 규칙의 종류는 바꿀 수 없습니다."
    ),
    # The board
    "question_not_found": ErrorKind(404, "There is no such question.", "그런 질문이 없습니다."),
    "answer_not_found": ErrorKind(404, "There is no such answer.", "그런 답변이 없습니다."),
    "comment_not_found": ErrorKind(404, "There is no such comment.", "그런 댓글이 없습니다."),
    "comment_too_deep": ErrorKind(409, "Replies cannot go deeper than that.", "더 깊이 답글을 달 수 없습니다."),
    "question_answered": ErrorKind(
        409, "Somebody answered that question; it stays.", "답변이 달린 질문은 삭제할 수 없습니다."
    ),
    "answer_chosen": ErrorKind(
        409, "That answer was chosen as the best one; it stays.", "채택된 답변은 삭제할 수 없습니다."
    ),
    "best_chosen": ErrorKind(409, "The best answer was chosen already.", "이미 답변을 채택했습니다."),
    # Matching
    "already_applied": ErrorKind(
        409, "You look for company already. Cancel that first.", "이미 매칭을 기다리고 있습니다. 먼저 취소해 주세요."
    ),
    "already_matched": ErrorKind(409, "You were matched already.", "이미 매칭되었습니다."),
    "condition_unknown": ErrorKind(422, "There is no such place, way or kind.", "없는 조건입니다."),
    "post_not_found": ErrorKind(404, "There is no such post.", "그런 모집글이 없습니다."),
    "post_not_yours": ErrorKind(403, "Only who wrote the post may do that.", "글쓴이만 할 수 있습니다."),
    "post_own": ErrorKind(409, "It is your own post.", "내가 쓴 모집글입니다."),
    "post_full": ErrorKind(409, "There is no place left.", "자리가 모두 찼습니다."),
    "post_joined": ErrorKind(409, "You are in it already.", "이미 참여하고 있습니다."),
    "post_not_joined": ErrorKind(409, "You are not in it.", "참여하고 있지 않습니다."),
    "post_over": ErrorKind(409, "Its time has come already.", "이미 시간이 지난 모집글입니다."),
    "post_cancelled": ErrorKind(409, "It was called off.", "취소된 모집글입니다."),
    "post_confirmed": ErrorKind(409, "It was confirmed already.", "이미 확정된 모집글입니다."),
    "post_too_few": ErrorKind(409, "Nobody has joined yet.", "아직 참여한 사람이 없습니다."),
    "capacity_below_joined": ErrorKind(
        409, "More people than that have joined.", "이미 그보다 많은 사람이 참여했습니다."
    ),
    "too_many_posts": ErrorKind(
        409, "You have too many open posts. Confirm or cancel one.", "열린 모집글이 너무 많습니다. 하나를 확정하거나 취소해 주세요."
    ),
    "match_not_found": ErrorKind(404, "You have no such match.", "그런 매칭이 없습니다."),
    "not_matched": ErrorKind(404, "That person was not in this match.", "이 매칭에 없던 사람입니다."),
    "already_reviewed": ErrorKind(409, "You reviewed this person already.", "이미 평가한 사람입니다."),
    "review_too_early": ErrorKind(409, "Review them once you have met.", "만난 뒤에 평가해 주세요."),
    "review_too_late": ErrorKind(410, "It is too late to review them.", "평가할 수 있는 기간이 지났습니다."),
    # Webhooks
    "hook_wrong": ErrorKind(404, "No webhook has that address.", "그 주소를 가진 웹훅이 없습니다."),
    "hook_revoked": ErrorKind(410, "This webhook was revoked.", "폐기된 웹훅입니다."),
    "key_reused": ErrorKind(
        422, "That Idempotency-Key was used for something else.", "다른 내용에 이미 쓰인 Idempotency-Key입니다."
    ),
    # The socket
    "unknown_command": ErrorKind(400, "That command is not known.", "알 수 없는 명령입니다."),
    "room_not_open": ErrorKind(409, "Open the room first.", "먼저 방을 열어 주세요."),
    "too_many_connections": ErrorKind(429, "You have too many connections.", "연결이 너무 많습니다."),
    "too_many_rooms": ErrorKind(429, "Too many open rooms.", "열린 방이 너무 많습니다."),
    "text_too_long": ErrorKind(413, "The message is too long.", "메시지가 너무 깁니다."),
    "text_empty": ErrorKind(422, "The message is empty.", "메시지가 비어 있습니다."),
    "slow_mode": ErrorKind(
        429, "Slow mode is on. Please wait a little.", "슬로 모드입니다. 잠시 후 보내 주세요.", temporary=True
    ),
    "message_not_found": ErrorKind(404, "There is no such message.", "그런 메시지가 없습니다."),
    "message_deleted": ErrorKind(410, "That message was deleted.", "삭제된 메시지입니다."),
    "mention_not_member": ErrorKind(
        422, "Only members of this room can be mentioned.", "이 방의 멤버만 언급할 수 있습니다."
    ),
    "attachment_not_found": ErrorKind(404, "That file is not there to be sent.", "보낼 수 있는 파일이 아닙니다."),
    "too_many_reactions": ErrorKind(
        409, "That message has too many different emoji.", "메시지에 달린 이모지 종류가 너무 많습니다."
    ),
    "too_many_pins": ErrorKind(409, "Too many messages are pinned here.", "고정된 메시지가 너무 많습니다."),
    "call_full": ErrorKind(409, "The call is full.", "통화 인원이 가득 찼습니다."),
    "not_in_call": ErrorKind(409, "You are not in the call. Join it first.", "통화에 참여하고 있지 않습니다."),
    "peer_taken": ErrorKind(409, "That peer is somebody else's.", "다른 사람이 쓰고 있는 연결입니다."),
    "peer_gone": ErrorKind(404, "They are not in the call any more.", "상대가 통화에서 나갔습니다."),
    "peer_away": ErrorKind(
        409, "They have lost their connection. Please try again.", "상대의 연결이 끊겼습니다. 다시 시도해 주세요.", temporary=True
    ),
    "no_timer": ErrorKind(409, "There is no timer.", "타이머가 없습니다."),
    "timer_running": ErrorKind(409, "There is a timer already. Reset it first.", "이미 타이머가 있습니다. 먼저 초기화해 주세요."),
    "timer_not_running": ErrorKind(409, "The timer does not run.", "타이머가 돌고 있지 않습니다."),
    "timer_not_paused": ErrorKind(409, "The timer is not paused.", "타이머가 멈춰 있지 않습니다."),
    "muted": ErrorKind(403, "You are muted in this room.", "이 방에서 말할 수 없습니다.", temporary=True),
    "log_unavailable": ErrorKind(
        503, "We could not store that yet. Please try again.", "아직 저장하지 못했습니다. 다시 시도해 주세요.", temporary=True
    ),
    "bus_unavailable": ErrorKind(
        503, "We cannot send right now. Please try again.", "지금은 보낼 수 없습니다. 다시 시도해 주세요.", temporary=True
    ),
    "overloaded": ErrorKind(
        503, "We are very busy. Please try again.", "지금 매우 바쁩니다. 다시 시도해 주세요.", temporary=True
    ),
}  # fmt: skip


class MadangError(Exception):
    """An answer that says no: one of `ERRORS` by its code.

    Raised by services and commands, turned into a reply (`protocol.Error`) or a problem document (RFC 9457) at the edge.
    `fields` names what is wrong where, as `{"nickname": "2 to 20 characters"}`; it never repeats a secret.
    """

    def __init__(
        self, code: str, *, retry_after_ms: int | None = None, fields: dict[str, str] | None = None
    ) -> None:
        self.kind = ERRORS[code]
        self.code = code
        self.retry_after_ms = retry_after_ms
        self.fields = fields or {}
        super().__init__(code)


class StoreUnavailable(Exception):
    """A store did not answer, or answered that it cannot now: it may later. `store` is its name, for logs and people.

    Every foreign exception of a driver becomes this, or goes on as the bug it is, in the store's own module.
    """

    def __init__(self, store: Literal["postgres", "redis", "mongo", "s3"], why: str) -> None:
        self.store = store
        super().__init__(f"{store}: {why}")


def language_of(accept_language: str | None) -> Language:
    """The language to answer in: Korean or English by RFC 9110 §12.5.4 weights; English when neither is asked for."""
    best: tuple[float, Language] = (0.0, "en")
    for part in (accept_language or "").split(",")[:16]:
        tag, _, parameter = part.strip().partition(";")
        primary = tag.split("-")[0].lower()
        try:
            weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        if primary in {"ko", "en"} and weight > best[0]:
            best = (weight, "ko" if primary == "ko" else "en")
    return best[1]
