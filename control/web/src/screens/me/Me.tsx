import { go } from "../../app/place.ts";
import { logOut, me } from "../../app/session.ts";
import { choose, type Theme, theme } from "../../app/theme.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Field.tsx";
import { FaultNote } from "../../parts/States.tsx";
import { language, speak } from "../../words/language.ts";
import "./me.css";
import { Contacts } from "./Contacts.tsx";
import { Copies } from "./Copies.tsx";
import { Identities } from "./Identities.tsx";
import { Leaving } from "./Leaving.tsx";
import { MeWays } from "./MeWays.tsx";
import { Password } from "./Password.tsx";
import { Privacy } from "./Privacy.tsx";
import { ProfileForm } from "./ProfileForm.tsx";
import { Sessions } from "./Sessions.tsx";
import { words } from "./words.ts";
import { useTitle } from "../../app/title.ts";

/** What is mine: how others see me, how I see the yard, who may know of me, and where I am logged in. */
export default function Me() {
  useTitle(words.value.title);
  const account = me.value;
  const leave = useTask(async () => {
    await logOut();
    go("/login"); // and not back to here, whoever comes next
  });
  if (account === undefined) return null;
  return (
    <div class="page">
      <header class="page-head">
        <h1>{words.value.title}</h1>
        <Button icon="leave" busy={leave.busy} onPress={() => leave.run()}>
          {words.value.logOut}
        </Button>
      </header>
      <FaultNote fault={leave.fault} />
      <MeWays />
      <ProfileForm user={account.id} />
      <Look />
      <Privacy account={account} />
      <Contacts account={account} />
      <Password account={account} />
      <Identities account={account} />
      <Sessions />
      <Copies />
      <Leaving account={account} />
    </div>
  );
}

function Look() {
  const themes: readonly Theme[] = ["system", "light", "dark"];
  return (
    <section class="page-section" aria-labelledby="look">
      <h2 id="look">{words.value.look}</h2>
      <div class="card me-pair">
        <Choice
          label={words.value.language}
          value={language.value}
          options={[
            { value: "ko", label: "한국어" },
            { value: "en", label: "English" },
          ]}
          onChoice={speak}
        />
        <Choice
          label={words.value.theme}
          value={theme.value}
          options={themes.map((each) => ({ value: each, label: words.value[each] }))}
          onChoice={choose}
        />
      </div>
    </section>
  );
}
