/** What happened to me while I look at something else, said in passing. What is open hears the same news for itself. */

import { effect } from "@preact/signals";
import { say } from "../parts/Toasts.tsx";
import type { News, PersonalBoard, PersonalClass, PersonalMention, PersonalPost } from "../wire/socket.ts";
import { dictionary } from "../words/dictionary.ts";
import { language } from "../words/language.ts";
import { roomOfMine } from "../yard/rooms.ts";
import { isBlocked } from "./blocked.ts";
import { http } from "./http.ts";
import { path } from "./place.ts";
import { pathTo } from "./routes.ts";
import { chat, recognise } from "./session.ts";
import { titleOf } from "../words/titled.ts";

const words = dictionary(
  {
    opened: (title: string, name: string) => `${name}님이 클래스를 열었어요: ${title}`,
    admitted: (title: string) => `자리가 나서 클래스에 들어갔어요: ${title}`,
    moved: (title: string) => `클래스 시작 시간이 바뀌었어요: ${title}`,
    closed: (title: string) => `기다리던 클래스가 마감되었어요: ${title}`,
    called_off: (title: string) => `클래스가 취소되었어요: ${title}`,
    answered: (title: string, name: string) => `${name}님이 답변했어요: ${title}`,
    commented: (title: string, name: string) => `${name}님이 댓글을 남겼어요: ${title}`,
    replied: (title: string, name: string) => `${name}님이 답글을 남겼어요: ${title}`,
    chosen: (title: string) => `내 답변이 채택되었어요: ${title}`,
    joined: (title: string, name: string) => `${name} 함께하기로 했어요: ${title}`,
    left: (title: string, name: string) => `${name} 빠졌어요: ${title}`,
    saidBelow: (title: string, name: string) => `${name} 댓글을 남겼어요: ${title}`,
    changed: (title: string) => `글이 바뀌었어요: ${title}`,
    cancelled: (title: string) => `모집이 취소되었어요: ${title}`,
    over: (title: string) => `확정되지 않은 채 지났어요: ${title}`,
    left_out: (title: string) => `나 없이 확정되었어요: ${title}`,
    somebody: "누군가",
    byName: (name: string) => `${name}님이`,
    invited: (title: string, name: string) => `${name}님이 방에 초대했어요: ${title}`,
    mentioned: (title: string) => `누군가 나를 언급했어요: ${title}`,
    friend: "친구로 추가했어요.",
    badge: (name: string) => `새 배지를 받았어요: ${name}`,
    notice: (title: string) => `새 소식이 있어요: ${title}`,
    matched: (title: string) => `만나게 되었어요! 방이 열렸어요: ${title}`,
    authorized: "이제 멘토예요. 축하해요!",
    rejected: "멘토 신청이 받아들여지지 않았어요.",
    email: "계정의 이메일이 바뀌었어요.",
    phone: "계정의 전화번호가 바뀌었어요.",
    linked: "다른 로그인을 계정에 연결했어요.",
    unlinked: "다른 로그인의 연결을 해제했어요.",
  },
  {
    opened: (title, name) => `${name} opened a class: ${title}`,
    admitted: (title) => `A place was free, and you are in: ${title}`,
    moved: (title) => `A class begins at another time: ${title}`,
    closed: (title) => `The class you waited for is closed: ${title}`,
    called_off: (title) => `A class was called off: ${title}`,
    answered: (title, name) => `${name} answered you: ${title}`,
    commented: (title, name) => `${name} commented: ${title}`,
    replied: (title, name) => `${name} replied to you: ${title}`,
    chosen: (title) => `Your answer was chosen as the best: ${title}`,
    joined: (title, name) => `${name} joined: ${title}`,
    left: (title, name) => `${name} left: ${title}`,
    saidBelow: (title, name) => `${name} commented: ${title}`,
    changed: (title) => `A post was changed: ${title}`,
    cancelled: (title) => `A post was cancelled: ${title}`,
    over: (title) => `Nobody confirmed it in time: ${title}`,
    left_out: (title) => `It was confirmed without you: ${title}`,
    somebody: "Somebody",
    byName: (name) => name,
    invited: (title, name) => `${name} asks you into a room: ${title}`,
    mentioned: (title) => `Somebody mentions you: ${title}`,
    friend: "One more on your list of friends.",
    badge: (name) => `A new badge is yours: ${name}`,
    notice: (title) => `There is news: ${title}`,
    matched: (title) => `You are matched, and there is a room: ${title}`,
    authorized: "You are a mentor now. Congratulations!",
    rejected: "Your application to be a mentor was not accepted.",
    email: "Your account has another e-mail address now.",
    phone: "Your account has another phone number now.",
    linked: "You can log in by somebody else's word now.",
    unlinked: "One way to log in is gone from your account.",
  },
);

effect(() => chat.value?.news.add(tell));

/** Say it, and where it leads, unless one is there: then it is only said. */
function lead(to: string, text: string): void {
  say(text, path.peek() === to.split("?", 1)[0] ? undefined : to);
}

function tell(news: News): void {
  const t = words.peek();
  if ("by" in news && isBlocked(news.by)) return; // nothing is said of what they do
  switch (news.type) {
    case "personal.class":
      lead(pathTo("/classes/:class", { class: news.of }), sentence(news));
      break;
    case "personal.board":
      lead(pathTo("/questions/:question", { question: news.question }), sentence(news));
      break;
    case "personal.post":
      lead(pathTo("/meet/posts/:post", { post: news.post }), ofPost(news));
      break;
    case "personal.match":
      lead(pathTo("/rooms/:room", { room: news.room }), t.matched(titleOf(news)));
      break;
    case "personal.invitation":
      lead(pathTo("/rooms/:room", { room: news.room }), t.invited(news.title, news.name));
      break;
    case "personal.mention":
      mentioned(news);
      break;
    case "personal.relation":
      if (news.kind === "friend" && news.change === "added")
        lead(pathTo("/people/:person", { person: news.user }), t.friend);
      break;
    case "personal.badge":
      if (news.change === "awarded") lead("/me/badges", t.badge(news[language.peek()]));
      break;
    case "notice":
      if (news.change === "published" && path.peek() !== "/")
        lead(pathTo("/notices/:notice", { notice: news.notice }), t.notice(news[language.peek()]));
      break;
    case "personal.account":
      void recognise();
      if (news.change !== "password") say(t[news.change], "/me");
      break;
    case "personal.application":
      lead("/mentors/apply", t[news.state]);
      if (news.state === "authorized") void takeOffice();
      break;
  }
}

/** Somebody calls me in a room that is not open here. Where I wish to hear of nothing, nothing is said. */
function mentioned({ room, seq }: PersonalMention): void {
  const mine = roomOfMine(room);
  if (mine === undefined || mine.membership.notifications === "none") return;
  lead(`${pathTo("/rooms/:room", { room })}?at=${seq}`, words.peek().mentioned(titleOf(mine)));
}

function sentence({ change, title, name }: PersonalBoard | PersonalClass): string {
  return words.peek()[change](title, name);
}

function ofPost({ change, title, name }: PersonalPost): string {
  const t = words.peek();
  return t[change === "commented" ? "saidBelow" : change](title, called(name));
}

/** Somebody at a post, who may be anonymous there. */
function called(name: string | null | undefined): string {
  const t = words.peek();
  return name == null ? t.somebody : t.byName(name);
}

/** I may do more from now on, by a token that says so. Whoever is offline now has it when they come back. */
async function takeOffice(): Promise<void> {
  await http.session.renew().catch(() => undefined);
  await recognise();
}
