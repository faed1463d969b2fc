import type { ComponentChildren } from "preact";
import { Sign } from "../parts/Brand.tsx";
import { Icon } from "../parts/Icon.tsx";
import { words } from "../words/common.ts";
import { dictionary } from "../words/dictionary.ts";
import { RoomsColumn } from "../yard/RoomsColumn.tsx";
import { unreadInAll } from "../yard/rooms.ts";
import "./frame.css";
import { aside } from "./aside.ts";
import { ways } from "./nav.ts";
import { Offline } from "./Offline.tsx";
import { path } from "./place.ts";
import { isWide } from "./width.ts";

const own = dictionary(
  { ways: "주요 메뉴", unread: (count: number) => `안 읽은 메시지 ${count}개` },
  { ways: "Main", unread: (count) => (count === 1 ? "1 unread message" : `${count} unread messages`) },
);

interface FrameProps {
  /** The list of my rooms stands beside what is shown, where there is room for both. */
  readonly besideRooms: boolean;
  readonly children: ComponentChildren;
}

/** The house around every screen: the ways through it, the list of my rooms, and whether we are connected. */
export function Frame({ besideRooms, children }: FrameProps) {
  const isInRoom = besideRooms && path.value !== "/" && !isWide.value; // a phone has no room for both
  const Aside = aside.value;
  return (
    <div class={besideRooms ? "frame frame-beside" : "frame"}>
      <a class="frame-skip" href="#content">
        {words.value.toContent}
      </a>
      {!isInRoom && <Ways />}
      {besideRooms && isWide.value && (
        <aside class="frame-column">
          <RoomsColumn />
        </aside>
      )}
      <div class="frame-stage">
        <div>
          <Offline />
          {Aside !== undefined && <Aside />}
        </div>
        <main id="content" class="frame-main" tabIndex={-1}>
          {children}
        </main>
      </div>
    </div>
  );
}

function Ways() {
  return (
    <nav class="frame-nav" aria-label={own.value.ways}>
      <span class="frame-sign">
        <Sign />
      </span>
      <ul>
        {ways.value.map((way) => (
          <li key={way.path}>
            <a href={way.path} aria-current={way.isHere(path.value) ? "page" : undefined}>
              <Icon name={way.icon} size={22} />
              <span>{way.label}</span>
              {way.path === "/" && <Count />}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Count() {
  const count = unreadInAll.value;
  if (count === 0) return null;
  return (
    <span class="frame-count">
      <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
      <span class="unseen">{own.value.unread(count)}</span>
    </span>
  );
}
