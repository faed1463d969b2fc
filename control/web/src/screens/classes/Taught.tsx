import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { useTask } from "../../app/task.ts";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { FaultNote } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { Class } from "../../wire/http.ts";
import { hasBegun } from "./Mine.tsx";
import { words } from "./words.ts";

interface TaughtProps {
  readonly shown: Class;
  readonly onChanged: () => void;
}

type Asked = "close" | "callOff" | "remove" | undefined;

/** What a mentor does with a class of their own. */
export function Taught({ shown, onChanged }: TaughtProps) {
  const t = words.value;
  const [asked, setAsked] = useState<Asked>();
  const path = { class_id: shown.id };
  const open = useTask(async () => {
    await ask("POST /api/v1/classes/{class_id}/open", { path });
    say(t.opened);
    onChanged();
  });
  const isDraft = shown.state === "draft";
  const isToCome = !shown.called_off && !hasBegun(shown);
  return (
    <section class="card">
      <FaultNote fault={open.fault} />
      {isDraft && <p class="soft">{t.openHint}</p>}
      <div class="page-acts">
        {isDraft && (
          <Button kind="primary" busy={open.busy} onPress={() => open.run()}>
            {t.openIt}
          </Button>
        )}
        {shown.room !== null && !shown.called_off && (
          <ButtonLink href={pathTo("/rooms/:room", { room: shown.room })} icon="rooms">
            {t.room}
          </ButtonLink>
        )}
        {isToCome && shown.state !== "closed" && (
          <ButtonLink href={pathTo("/classes/:class/edit", { class: shown.id })} icon="edit">
            {t.edit}
          </ButtonLink>
        )}
        {shown.state === "open" && <Button onPress={() => setAsked("close")}>{t.close}</Button>}
        {!isDraft && isToCome && (
          <Button kind="danger" onPress={() => setAsked("callOff")}>
            {t.callOff}
          </Button>
        )}
        {isDraft && (
          <Button kind="danger" onPress={() => setAsked("remove")}>
            {t.remove}
          </Button>
        )}
      </div>
      {asked !== undefined && (
        <Question asked={asked} of={shown.id} onChanged={onChanged} onClose={() => setAsked(undefined)} />
      )}
    </section>
  );
}

interface QuestionProps {
  readonly asked: NonNullable<Asked>;
  readonly of: string;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

function Question({ asked, of, onChanged, onClose }: QuestionProps) {
  const t = words.value;
  const path = { class_id: of };
  const act = async () => {
    switch (asked) {
      case "close":
        await ask("POST /api/v1/classes/{class_id}/close", { path });
        return onChanged();
      case "callOff":
        await ask("POST /api/v1/classes/{class_id}/call-off", { path });
        return onChanged();
      case "remove":
        await ask("DELETE /api/v1/classes/{class_id}", { path });
        say(t.removed);
        return go("/classes?which=taught", { instead: true });
    }
  };
  return (
    <Sure title={t[`${asked}Sure`]} label={t[asked]} onSure={act} onClose={onClose}>
      {t[`${asked}Hint`]}
    </Sure>
  );
}
