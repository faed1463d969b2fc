import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Field } from "../../parts/Field.tsx";
import { FaultNote } from "../../parts/States.tsx";
import { words } from "./words.ts";

/** Somebody whom one knows something of, exactly. */
export function Find() {
  const [typed, setTyped] = useState("");
  const [isNobody, setIsNobody] = useState(false);
  const task = useTask(async () => {
    const { person } = await ask("POST /api/v1/people/find", { body: asked(typed.trim()) });
    setIsNobody(person === null);
    if (person !== null) go(pathTo("/people/:person", { person: person.id }));
  });
  return (
    <form
      class="people-find"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        task.run();
      }}
    >
      <Field
        label={words.value.find}
        hint={words.value.findHint}
        name="who"
        type="search"
        required
        minLength={2}
        value={typed}
        fault={isNobody ? words.value.notFound : undefined}
        onText={(text) => {
          setTyped(text);
          setIsNobody(false);
        }}
      />
      <Button submits icon="search" busy={task.busy}>
        {words.value.findIt}
      </Button>
      <FaultNote fault={task.fault} />
    </form>
  );
}

/** An e-mail address has an @, a phone number only digits and what people write between them; all else is a nickname. */
function asked(typed: string): { email: string } | { phone: string } | { nickname: string } {
  if (typed.includes("@")) return { email: typed };
  return /^\+?[\d\s()-]{7,}$/.test(typed) ? { phone: typed } : { nickname: typed };
}
