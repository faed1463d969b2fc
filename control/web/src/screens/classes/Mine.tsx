import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { FaultNote } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import type { Class } from "../../wire/http.ts";
import { RegisterDialog } from "./RegisterDialog.tsx";
import { words } from "./words.ts";

interface MineProps {
  readonly shown: Class;
  readonly onChanged: () => void;
}

/** How I stand to somebody else's class, and what I can do about it. */
export function Mine({ shown, onChanged }: MineProps) {
  const t = words.value;
  if (shown.called_off) return <p class="card">{t.calledOff}</p>;
  switch (shown.mine) {
    case "registered":
      return <Registered shown={shown} onChanged={onChanged} />;
    case "waiting":
      return <Waiting shown={shown} onChanged={onChanged} />;
    case null:
      return <Outside shown={shown} onChanged={onChanged} />;
  }
}

function Outside({ shown, onChanged }: MineProps) {
  const t = words.value;
  const [asked, setAsked] = useState(false);
  if (shown.state !== "open") return <p class="card soft">{hasBegun(shown) ? t.begun : t.notOpen}</p>;
  const isFull = shown.registered >= shown.capacity;
  return (
    <>
      <Button kind="primary" wide onPress={() => setAsked(true)}>
        {isFull ? t.joinWaiting : t.register}
      </Button>
      {asked && (
        <RegisterDialog of={shown} wait={isFull} onDone={onChanged} onClose={() => setAsked(false)} />
      )}
    </>
  );
}

function Registered({ shown, onChanged }: MineProps) {
  const t = words.value;
  const [asked, setAsked] = useState(false);
  return (
    <section class="card">
      <p>{t.youAreIn}</p>
      <div class="page-acts">
        <ToRoom of={shown.id} />
        <Button kind="danger" onPress={() => setAsked(true)}>
          {t.cancel}
        </Button>
      </div>
      {asked && (
        <Sure
          title={t.cancelSure}
          label={t.cancel}
          onSure={() => cancelled(shown, onChanged)}
          onClose={() => setAsked(false)}
        >
          {hasBegun(shown) ? t.cancelAfter : t.cancelBefore}
        </Sure>
      )}
    </section>
  );
}

function Waiting({ shown, onChanged }: MineProps) {
  const t = words.value;
  const [asked, setAsked] = useState(false);
  return (
    <section class="card">
      <p>{t.youWait}</p>
      <div>
        <Button onPress={() => setAsked(true)}>{t.leaveWaiting}</Button>
      </div>
      {asked && (
        <Sure
          title={t.leaveWaitingSure}
          label={t.leaveWaiting}
          onSure={() => cancelled(shown, onChanged)}
          onClose={() => setAsked(false)}
        >
          {t.leaveWaitingHint}
        </Sure>
      )}
    </section>
  );
}

/** Into the room of a class, also for who went out of it. */
function ToRoom({ of }: { readonly of: string }) {
  const task = useTask(async () => {
    const room = await ask("POST /api/v1/classes/{class_id}/room", { path: { class_id: of } });
    go(pathTo("/rooms/:room", { room: room.id }));
  });
  return (
    <>
      <Button kind="primary" icon="rooms" busy={task.busy} onPress={() => task.run()}>
        {words.value.room}
      </Button>
      <FaultNote fault={task.fault} />
    </>
  );
}

async function cancelled({ id }: Class, onChanged: () => void): Promise<void> {
  await ask("DELETE /api/v1/classes/{class_id}/registration", { path: { class_id: id } });
  onChanged();
}

export function hasBegun({ starts_at }: Pick<Class, "starts_at">): boolean {
  return starts_at <= Date.now();
}
