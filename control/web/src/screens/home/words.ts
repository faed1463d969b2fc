import { dictionary } from "../../words/dictionary.ts";

export const words = dictionary(
  {
    title: "내 마당",
    hello: (name: string) => `${name}님, 어서 오세요`,
    online: (count: string) =>
      count === "1" ? "지금은 혼자 마당에 있어요" : `지금 ${count}명이 마당에 있어요`,
    invitations: "초대",
    invited: (name: string) => `${name}님이 초대했어요`,
    accept: "들어가기",
    decline: "거절",
    friendsHere: "지금 있는 친구",
    notices: "소식",
    noNotices: "아직 소식이 없어요",
    noNoticesHint: "새 소식이 생기면 여기에 걸어 둘게요.",
    pinned: "고정",
    edited: "고쳐 씀",
  },
  {
    title: "My yard",
    hello: (name) => `Come in, ${name}`,
    online: (count) => (count === "1" ? "You are alone in the yard" : `${count} people are in the yard now`),
    invitations: "Invitations",
    invited: (name) => `${name} asks you in`,
    accept: "Go in",
    decline: "Decline",
    friendsHere: "Friends who are here",
    notices: "Notices",
    noNotices: "No notices yet",
    noNoticesHint: "When there is news, it hangs here.",
    pinned: "Pinned",
    edited: "Edited",
  },
);
