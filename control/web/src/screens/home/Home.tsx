import { me } from "../../app/session.ts";
import { useTitle } from "../../app/title.ts";
import { isWide } from "../../app/width.ts";
import { RoomsColumn } from "../../yard/RoomsColumn.tsx";
import { Friends } from "./Friends.tsx";
import "./home.css";
import { Invitations } from "./Invitations.tsx";
import { Notices } from "./Notices.tsx";
import { Online } from "./Online.tsx";
import { words } from "./words.ts";

/** The yard: who is here, who asks me in, what is new; and on a phone my rooms, which stand beside it elsewhere. */
export default function Home() {
  useTitle(words.value.title);
  return (
    <div class="page home">
      <header class="home-head">
        <h1>{words.value.hello(me.value?.nickname ?? "")}</h1>
        <Online />
      </header>
      <Invitations />
      <Friends />
      {!isWide.value && (
        <div class="home-rooms">
          <RoomsColumn />
        </div>
      )}
      <Notices />
    </div>
  );
}
