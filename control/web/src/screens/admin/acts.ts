/** What admins do, as the audit calls it. */

import type { Operations } from "../../wire/http.ts";
import { type Language, language } from "../../words/language.ts";

type Wanted = NonNullable<Operations["GET /api/v1/admin/audit"]["query"]>;
export type Act = NonNullable<Wanted["act"]>;

/** All of them: one that the server learns and that is not here does not compile. */
export const ACTS: Readonly<Record<Act, Readonly<Record<Language, string>>>> = {
  "mentor.authorized": { ko: "멘토 신청을 받아들임", en: "Approved a mentor" },
  "mentor.rejected": { ko: "멘토 신청을 돌려보냄", en: "Rejected a mentor" },
  "people.roles": { ko: "역할을 정함", en: "Gave roles" },
  "people.suspended": { ko: "이용을 멈춤", en: "Suspended" },
  "people.reinstated": { ko: "다시 이용하게 함", en: "Took a suspension back" },
  "people.deleted": { ko: "계정을 지움", en: "Deleted an account" },
  "people.restored": { ko: "계정을 되살림", en: "Restored an account" },
  "report.resolved": { ko: "신고를 처리함", en: "Resolved a report" },
  "notice.published": { ko: "공지를 올림", en: "Published a notice" },
  "notice.changed": { ko: "공지를 고침", en: "Changed a notice" },
  "notice.withdrawn": { ko: "공지를 거둠", en: "Withdrew a notice" },
  "class.unlisted": { ko: "수업을 목록에서 내림", en: "Unlisted a class" },
  "class.listed": { ko: "수업을 목록에 다시 올림", en: "Listed a class again" },
  "class.called_off": { ko: "수업을 취소함", en: "Called a class off" },
  "class.review_removed": { ko: "수업 후기를 지움", en: "Took a review away" },
  "board.question_removed": { ko: "질문을 지움", en: "Removed a question" },
  "board.answer_removed": { ko: "답변을 지움", en: "Removed an answer" },
  "board.comment_removed": { ko: "댓글을 지움", en: "Removed a comment" },
  "post.cancelled": { ko: "함께하기 글을 취소함", en: "Called a post off" },
  "post.removed": { ko: "함께하기 글을 지움", en: "Removed a post" },
  "post.comment_removed": { ko: "함께하기 글의 댓글을 지움", en: "Removed a comment on a post" },
  "category.put": { ko: "분류를 정함", en: "Offered a category" },
  "category.retired": { ko: "분류를 거둠", en: "Retired a category" },
  "condition.put": { ko: "조건을 정함", en: "Offered a condition" },
  "condition.retired": { ko: "조건을 거둠", en: "Retired a condition" },
  "badge.put": { ko: "배지를 정함", en: "Offered a badge" },
  "badge.retired": { ko: "배지를 거둠", en: "Retired a badge" },
  "badge.granted": { ko: "배지를 줌", en: "Granted a badge" },
  "badge.taken_back": { ko: "배지를 돌려받음", en: "Took a badge back" },
  "points.granted": { ko: "포인트를 줌", en: "Granted points" },
};

/** What it is called, in words; its code, where it is newer than this page. */
export function nameOfAct(act: string): string {
  return act in ACTS ? ACTS[act as Act][language.value] : act;
}
