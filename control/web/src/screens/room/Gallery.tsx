import { isFolded } from "../../app/blocked.ts";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { usePages } from "../../app/pages.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { me } from "../../app/session.ts";
import { useTitle } from "../../app/title.ts";
import { Back } from "../../parts/Back.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import { dateOf } from "../../words/times.ts";
import { titleOf } from "../../words/titled.ts";
import "./gallery.css";
import { picturesOf } from "./gallery.ts";
import { roomPath } from "./paths.ts";
import { words } from "./words.ts";

/** All pictures that were said in a room, and the way to where each was. */
export default function Gallery({ params }: ScreenProps) {
  const room = params["room"] ?? "";
  const t = words.value;
  const info = useLoaded(room, (signal) => ask("GET /api/v1/rooms/{room}", { path: { room } }, signal)).state;
  const name = info.kind === "ready" ? titleOf(info.value) : t.talk;
  useTitle(`${t.gallery} · ${name}`);
  const pages = usePages(room, async (cursor, signal) => {
    const query = { only: "images", before: cursor === null ? null : Number(cursor) } as const;
    const page = await ask("GET /api/v1/rooms/{room}/events", { path: { room }, query }, signal);
    return picturesOf(page, me.peek()?.id ?? "");
  });
  return (
    <div class="page">
      <Back to={roomPath(room)} />
      <header>
        <h1>{t.gallery}</h1>
        <p class="soft">{name}</p>
      </header>
      <Paged pages={pages} empty={<Empty title={t.noPictures}>{t.noPicturesHint}</Empty>}>
        {(shown) => (
          <ul class="gallery">
            {shown
              .filter(({ event }) => !isFolded(event))
              .map(({ picture, event }) => (
                <li key={picture.id}>
                  <a href={`/api/v1/uploads/${picture.id}/content`} target="_blank" rel="noopener">
                    <img
                      src={`/api/v1/uploads/${picture.id}/content?size=thumbnail`}
                      alt={t.picture(picture.name)}
                      loading="lazy"
                    />
                  </a>
                  <a class="small figures" href={roomPath(room, event.seq)}>
                    {dateOf(event.at)}
                    <span class="unseen"> {t.toMessage}</span>
                  </a>
                </li>
              ))}
          </ul>
        )}
      </Paged>
    </div>
  );
}
