import { useState } from "preact/hooks";
import { useLoaded } from "../../app/load.ts";
import { logIn } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { ask } from "../../app/http.ts";
import { Button } from "../../parts/Button.tsx";
import { Field } from "../../parts/Field.tsx";
import { Blank } from "../../parts/Form.tsx";
import { FaultNote } from "../../parts/States.tsx";
import "./gate-screens.css";
import { OtherDoor } from "./OtherDoor.tsx";
import { goTo, nameOf } from "./providers.ts";
import { words } from "./words.ts";
import { useTitle } from "../../app/title.ts";

export default function LogIn() {
  useTitle(words.value.logIn);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const task = useTask(() => logIn(email, password));
  return (
    <Blank task={task} look="gate-form">
      <h1>{words.value.welcome}</h1>
      <p class="gate-lead">{words.value.welcomeHint}</p>
      <FaultNote fault={task.fault} />
      <Field
        label={words.value.email}
        type="email"
        name="email"
        autoComplete="username"
        required
        value={email}
        onText={setEmail}
      />
      <Field
        label={words.value.password}
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onText={setPassword}
      />
      <Button kind="primary" submits wide busy={task.busy}>
        {words.value.logIn}
      </Button>
      <p class="gate-more">
        <OtherDoor asked={words.value.noAccount} path="/signup" name={words.value.signUp} />
        <a href="/reset">{words.value.forgot}</a>
      </p>
      <Social />
    </Blank>
  );
}

/** The other ways in, where this server offers any. */
function Social() {
  const { state } = useLoaded("social", (signal) => ask("GET /api/v1/social", undefined, signal));
  const task = useTask(goTo);
  if (state.kind !== "ready" || state.value.providers.length === 0) return null;
  return (
    <div class="gate-social">
      <FaultNote fault={task.fault} />
      {state.value.providers.map((provider) => (
        <Button key={provider} wide busy={task.busy} onPress={() => task.run(provider)}>
          {words.value.with(nameOf(provider))}
        </Button>
      ))}
    </div>
  );
}
