"""Every screen of the web app that can be shown by its path: axe looks at each, and each is photographed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.support.yard import Account, Yard, logged_in


@dataclass(frozen=True)
class Screen:
    """A screen. `ready` is a selector of what stands there once it is whole."""

    name: str
    path: str
    ready: str
    who: Literal["stranger", "member", "admin"] = "member"


STRANGERS = (
    Screen("log-in", "/login", "form", "stranger"),
    Screen("sign-up", "/signup", "form", "stranger"),
    Screen("reset", "/reset", "form", "stranger"),
    Screen("nowhere", "/no/such/place", ".state", "stranger"),
)
MEMBERS = (
    Screen("home", "/", ".home .notice"),
    Screen("rooms", "/rooms", ".list"),
    Screen("room", "/rooms/{room}", ".room .say"),
    Screen("thread", "/rooms/{room}/threads/{said}", ".thread .say"),
    Screen("room-doors", "/rooms/{kept}/manage", ".copy-field"),
    Screen("room-bans", "/rooms/{kept}/manage/bans", ".page .list, .page .state"),
    Screen("room-audit", "/rooms/{kept}/manage/audit", ".page .list, .page .state"),
    Screen("room-hooks", "/rooms/{kept}/manage/hooks", ".page .list, .page .state"),
    Screen("room-pictures", "/rooms/{room}/pictures", ".gallery, .page .state"),
    Screen("people", "/people", ".page .list, .page .state"),
    Screen("person", "/people/{person}", ".profile-head"),
    Screen("notice", "/notices/{notice}", "article h1"),
    Screen("search", "/search?text=파이", ".list"),
    Screen("search-nothing", "/search?text=zzzzqq", ".state"),
    Screen("mentors", "/mentors", ".list"),
    Screen("mentor", "/mentors/{mentor}", ".mentor-head"),
    Screen("become-mentor", "/mentors/apply", "form .chip"),
    Screen("classes", "/classes", ".list"),
    Screen("class", "/classes/{class}", ".class-facts"),
    Screen("class-new", "/classes/new", "form .chip, .state"),
    Screen("questions", "/questions", ".list"),
    Screen("question", "/questions/{question}", ".said .said-head"),
    Screen("question-new", "/questions/new", "form"),
    Screen("points", "/points", ".points-balance"),
    Screen("posts", "/meet", ".list"),
    Screen("post", "/meet/posts/{post}", ".matching-people"),
    Screen("post-new", "/meet/posts/new", "form .chip"),
    Screen("random", "/meet/random", "form .chip"),
    Screen("matches", "/meet/matches", ".page .state, .page article"),
    Screen("me", "/me", ".page form .chip"),
    Screen("records", "/me/records", ".records, .state"),
    Screen("visits", "/me/visits", ".visits-day, .page .state"),
    Screen("badges", "/me/badges", ".badge-row"),
    Screen("pictures", "/people/{person}/pictures", ".past-pictures, .page .state"),
)
ADMINS = (
    Screen("bots", "/me/bots", ".page .card, .page .state", "admin"),
    Screen("admin-class", "/classes/{class}", "#oversight", "admin"),
    Screen("admin", "/admin", ".bars", "admin"),
    Screen("admin-applications", "/admin/applications", ".admin-cards, .state", "admin"),
    Screen("admin-people", "/admin/people", ".list", "admin"),
    Screen("admin-person", "/admin/people/{person}", ".admin-facts", "admin"),
    Screen("admin-reports", "/admin/reports", ".admin-cards, .state", "admin"),
    Screen("admin-notices", "/admin/notices", ".list", "admin"),
    Screen("admin-categories", "/admin/categories", ".list", "admin"),
    Screen("admin-conditions", "/admin/conditions", ".list", "admin"),
    Screen("admin-badges", "/admin/badges", ".list", "admin"),
    Screen("admin-audit", "/admin/audit", ".list, .state", "admin"),
)
ADMIN = "구름"  # of the demo


def places(yard: Yard, account: Account) -> dict[str, str]:
    """What paths name, of the demo: somebody else, a notice, and something of what there is to learn."""
    with logged_in(yard, account.nickname) as http:
        rooms = http.get("/api/v1/rooms/mine").json()["rooms"]
        faces = [face["id"] for room in rooms for face in room["faces"]]
        notices = http.get("/api/v1/notices").json()["notices"]
        mentors = http.get("/api/v1/mentors").json()["mentors"]
        classes = http.get("/api/v1/classes").json()["classes"]
        posts = http.get("/api/v1/posts").json()["posts"]
        questions = http.get("/api/v1/questions", params={"order": "liked"}).json()["questions"]
        room = next(room for room in rooms if room["last_message"])  # others are other tests'
        kept = next(
            room for room in rooms if room["kind"] == "group" and room["membership"]["role"] != "member"
        )
        events = http.get(f"/api/v1/rooms/{room['id']}/events").json()["events"]
        said = [event for event in events if event["type"] == "message"]
    return {
        "person": faces[0],
        "notice": notices[0]["id"],
        "room": room["id"],
        "kept": kept["id"],
        "said": next((str(event["reply_to"]) for event in said if "reply_to" in event), str(said[0]["seq"])),
        "mentor": mentors[0]["id"],
        "class": classes[0]["id"],
        "post": max(posts, key=lambda post: post["comments"])["id"],
        "question": questions[0]["id"],
    }
