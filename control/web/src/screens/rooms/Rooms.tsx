import { useState } from "preact/hooks";
import { categories, nameOfCategory } from "../../app/categories.ts";
import { useDebounced } from "../../app/debounced.ts";
import { ask } from "../../app/http.ts";
import { usePages } from "../../app/pages.ts";
import { ask as askPlace, query } from "../../app/place.ts";
import { may } from "../../app/session.ts";
import { Button } from "../../parts/Button.tsx";
import { Choice, Field } from "../../parts/Field.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import { Switch } from "../../parts/Switch.tsx";
import { JoinByCode } from "./JoinByCode.tsx";
import { ListedRoomRow } from "./ListedRoomRow.tsx";
import { NewRoom } from "./NewRoom.tsx";
import "./rooms-screen.css";
import { words } from "./words.ts";
import { useTitle } from "../../app/title.ts";

type Asking = "code" | "new" | undefined;

/** The rooms there are to join. What is sought stands in the address, so that going back finds it again. */
export default function Rooms() {
  useTitle(words.value.title);
  const [asking, setAsking] = useState<Asking>();
  const text = query.value.get("text") ?? "";
  const category = query.value.get("category") ?? "";
  const possible = query.value.get("possible") === "yes";
  const sought = useDebounced(text.trim().length < 2 ? "" : text.trim());
  const pages = usePages(JSON.stringify([sought, category, possible]), async (cursor, signal) => {
    const wanted = { cursor, text: sought || null, category: category || null, possible, limit: 30 };
    const page = await ask("GET /api/v1/rooms", { query: wanted }, signal);
    return { items: page.rooms, next: page.next };
  });
  return (
    <div class="page">
      <header class="page-head">
        <h1>{words.value.title}</h1>
        <div class="page-acts">
          <Button icon="key" onPress={() => setAsking("code")}>
            {words.value.byCode}
          </Button>
          {may("room.create") && (
            <Button kind="primary" icon="plus" onPress={() => setAsking("new")}>
              {words.value.open}
            </Button>
          )}
        </div>
      </header>
      <search class="rooms-search">
        <Field
          label={words.value.search}
          hint={words.value.searchHint}
          type="search"
          name="text"
          maxLength={100}
          value={text}
          onText={(next) => askPlace({ text: next })}
        />
        <Choice
          label={words.value.category}
          value={category}
          options={[
            { value: "", label: words.value.all },
            ...categories.value.map((each) => ({ value: each.key, label: nameOfCategory(each) })),
          ]}
          onChoice={(next) => askPlace({ category: next })}
        />
        <Switch
          label={words.value.possible}
          on={possible}
          onChange={(on) => askPlace({ possible: on ? "yes" : null })}
        />
      </search>
      <Paged pages={pages} empty={<Empty title={words.value.none}>{words.value.noneHint}</Empty>}>
        {(rooms) => (
          <ul class="list">
            {rooms.map((room) => (
              <li key={room.id}>
                <ListedRoomRow room={room} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
      {asking === "code" && <JoinByCode onClose={() => setAsking(undefined)} />}
      {asking === "new" && <NewRoom onClose={() => setAsking(undefined)} />}
    </div>
  );
}
