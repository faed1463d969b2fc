/** How others come into a room; and for its owner, how it is closed. */

import { useState } from "preact/hooks";
import { ask } from "../../../app/http.ts";
import { go } from "../../../app/place.ts";
import type { ScreenProps } from "../../../app/screens.ts";
import { Button } from "../../../parts/Button.tsx";
import { CopyField } from "../../../parts/CopyField.tsx";
import { Empty } from "../../../parts/States.tsx";
import { Sure } from "../../../parts/Sure.tsx";
import { say } from "../../../parts/Toasts.tsx";
import type { Room } from "../../../wire/http.ts";
import { reload } from "../../../yard/rooms.ts";
import { KeepingPage } from "./KeepingPage.tsx";
import { Links } from "./Links.tsx";
import { words } from "./words.ts";

export default function Doors({ params }: ScreenProps) {
  return (
    <KeepingPage part="doors" params={params}>
      {(room, onRoom) => (
        <>
          {room.kind === "group" || room.kind === "call" ? (
            <>
              <Code room={room} onRoom={onRoom} />
              <Links room={room.id} />
            </>
          ) : (
            <Empty title={words.value.noDoors}>{words.value.noDoorsHint}</Empty>
          )}
          {room.membership?.role === "owner" && room.kind !== "class" && <OfOwner room={room.id} />}
        </>
      )}
    </KeepingPage>
  );
}

interface CodeProps {
  readonly room: Room;
  readonly onRoom: (room: Room) => void;
}

function Code({ room, onRoom }: CodeProps) {
  const t = words.value;
  const [isAsked, setAsked] = useState(false);
  return (
    <section class="page-section" aria-labelledby="code">
      <div>
        <h2 id="code">{t.code}</h2>
        <p class="small soft">{t.codeHint}</p>
      </div>
      <div class="card">
        {room.join_code !== null && <CopyField key={room.join_code} label={t.code} text={room.join_code} />}
        <div class="page-acts">
          <Button onPress={() => setAsked(true)}>{t.newCode}</Button>
        </div>
      </div>
      {isAsked && (
        <Sure
          title={t.newCodeSure}
          label={t.newCode}
          onSure={async () => {
            onRoom(await ask("POST /api/v1/rooms/{room}/code", { path: { room: room.id } }));
            say(t.codeChanged);
          }}
          onClose={() => setAsked(false)}
        >
          {t.newCodeWhat}
        </Sure>
      )}
    </section>
  );
}

function OfOwner({ room }: { readonly room: string }) {
  const t = words.value;
  const [isAsked, setAsked] = useState(false);
  return (
    <section class="page-section" aria-labelledby="of-owner">
      <h2 id="of-owner">{t.owner}</h2>
      <div class="card">
        <p class="soft">{t.passOnHint}</p>
        <div class="page-acts">
          <Button kind="danger" onPress={() => setAsked(true)}>
            {t.close}
          </Button>
        </div>
      </div>
      {isAsked && (
        <Sure
          title={t.closeSure}
          label={t.close}
          onSure={async () => {
            await ask("DELETE /api/v1/rooms/{room}", { path: { room } });
            say(t.closed);
            go("/", { instead: true });
            void reload();
          }}
          onClose={() => setAsked(false)}
        >
          {t.closeWhat}
        </Sure>
      )}
    </section>
  );
}
