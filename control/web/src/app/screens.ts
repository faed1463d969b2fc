/**
 * Every screen, by its path. A new one is a folder in `screens/` and a line here; its code is loaded when it is first shown.
 */

import type { ComponentType } from "preact";
import { match } from "./routes.ts";

export interface ScreenProps {
  readonly params: Readonly<Record<string, string>>;
}

export interface Screen {
  readonly path: string;
  readonly load: () => Promise<{ readonly default: ComponentType<ScreenProps> }>;
  /** Who may see it: members; strangers, as where they log in; or anybody. */
  readonly access: "member" | "stranger" | "anybody";
  /** Where it stands: alone, in the frame, or there beside the list of my rooms. */
  readonly frame: "gate" | "frame" | "beside-rooms";
}

/** Places with the same screen: what is open on it stays open from one to the other. */
const room = () => import("../screens/room/RoomScreen.tsx");

export const SCREENS: readonly Screen[] = [
  { path: "/", load: () => import("../screens/home/Home.tsx"), access: "member", frame: "beside-rooms" },
  { path: "/login", load: () => import("../screens/gate/LogIn.tsx"), access: "stranger", frame: "gate" },
  { path: "/signup", load: () => import("../screens/gate/SignUp.tsx"), access: "stranger", frame: "gate" },
  { path: "/reset", load: () => import("../screens/gate/Reset.tsx"), access: "anybody", frame: "gate" },
  {
    path: "/social/:provider",
    load: () => import("../screens/gate/Social.tsx"),
    access: "anybody",
    frame: "gate",
  },
  { path: "/rooms", load: () => import("../screens/rooms/Rooms.tsx"), access: "member", frame: "frame" },
  { path: "/rooms/:room", load: room, access: "member", frame: "beside-rooms" },
  { path: "/rooms/:room/threads/:thread", load: room, access: "member", frame: "beside-rooms" },
  {
    path: "/rooms/:room/pictures",
    load: () => import("../screens/room/Gallery.tsx"),
    access: "member",
    frame: "beside-rooms",
  },
  {
    path: "/rooms/:room/manage",
    load: () => import("../screens/room/keeping/Doors.tsx"),
    access: "member",
    frame: "beside-rooms",
  },
  {
    path: "/rooms/:room/manage/bans",
    load: () => import("../screens/room/keeping/Bans.tsx"),
    access: "member",
    frame: "beside-rooms",
  },
  {
    path: "/rooms/:room/manage/audit",
    load: () => import("../screens/room/keeping/Audit.tsx"),
    access: "member",
    frame: "beside-rooms",
  },
  {
    path: "/rooms/:room/manage/hooks",
    load: () => import("../screens/room/keeping/Hooks.tsx"),
    access: "member",
    frame: "beside-rooms",
  },
  { path: "/links/:code", load: () => import("../screens/rooms/Link.tsx"), access: "member", frame: "frame" },
  { path: "/people", load: () => import("../screens/people/People.tsx"), access: "member", frame: "frame" },
  {
    path: "/people/:person",
    load: () => import("../screens/people/Profile.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/people/:person/pictures",
    load: () => import("../screens/people/Pictures.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/notices/:notice",
    load: () => import("../screens/home/NoticeScreen.tsx"),
    access: "member",
    frame: "frame",
  },
  { path: "/search", load: () => import("../screens/learn/Search.tsx"), access: "member", frame: "frame" },
  {
    path: "/mentors",
    load: () => import("../screens/mentors/Mentors.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/mentors/apply",
    load: () => import("../screens/mentors/Apply.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/mentors/:mentor",
    load: () => import("../screens/mentors/MentorPage.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/classes",
    load: () => import("../screens/classes/Classes.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/classes/new",
    load: () => import("../screens/classes/NewClass.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/classes/:class",
    load: () => import("../screens/classes/ClassPage.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/classes/:class/edit",
    load: () => import("../screens/classes/EditClass.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/questions",
    load: () => import("../screens/questions/Questions.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/questions/new",
    load: () => import("../screens/questions/Ask.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/questions/:question",
    load: () => import("../screens/questions/QuestionPage.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/questions/:question/edit",
    load: () => import("../screens/questions/EditQuestion.tsx"),
    access: "member",
    frame: "frame",
  },
  { path: "/points", load: () => import("../screens/points/Points.tsx"), access: "member", frame: "frame" },
  {
    path: "/meet",
    load: () => import("../screens/matching/Posts.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/meet/random",
    load: () => import("../screens/matching/Random.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/meet/matches",
    load: () => import("../screens/matching/Matches.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/meet/posts/new",
    load: () => import("../screens/matching/NewPost.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/meet/posts/:post",
    load: () => import("../screens/matching/PostPage.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/meet/posts/:post/edit",
    load: () => import("../screens/matching/EditPost.tsx"),
    access: "member",
    frame: "frame",
  },
  { path: "/me", load: () => import("../screens/me/Me.tsx"), access: "member", frame: "frame" },
  { path: "/me/records", load: () => import("../screens/me/Records.tsx"), access: "member", frame: "frame" },
  { path: "/me/visits", load: () => import("../screens/me/Visits.tsx"), access: "member", frame: "frame" },
  { path: "/me/badges", load: () => import("../screens/me/Badges.tsx"), access: "member", frame: "frame" },
  { path: "/me/bots", load: () => import("../screens/bots/Bots.tsx"), access: "member", frame: "frame" },
  {
    path: "/admin",
    load: () => import("../screens/admin/Overview.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/admin/applications",
    load: () => import("../screens/admin/Applications.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/admin/people",
    load: () => import("../screens/admin/AdminPeople.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/admin/people/:person",
    load: () => import("../screens/admin/AdminPerson.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/admin/reports",
    load: () => import("../screens/admin/Reports.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/admin/notices",
    load: () => import("../screens/admin/AdminNotices.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/admin/categories",
    load: () => import("../screens/admin/Categories.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/admin/conditions",
    load: () => import("../screens/admin/Conditions.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/admin/badges",
    load: () => import("../screens/admin/Badges.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/admin/badges/:badge",
    load: () => import("../screens/admin/Holders.tsx"),
    access: "member",
    frame: "frame",
  },
  {
    path: "/admin/audit",
    load: () => import("../screens/admin/Audit.tsx"),
    access: "member",
    frame: "frame",
  },
];

/** The screen of a path and what the path says to it; undefined when it leads nowhere. */
export function screenOf(
  path: string,
): { readonly screen: Screen; readonly params: Record<string, string> } | undefined {
  for (const screen of SCREENS) {
    const params = match(screen.path, path);
    if (params !== undefined) return { screen, params };
  }
  return undefined;
}
