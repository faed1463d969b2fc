import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { usePages } from "../../app/pages.ts";
import { pathTo } from "../../app/routes.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { me } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { useTitle } from "../../app/title.ts";
import { Back } from "../../parts/Back.tsx";
import { Button } from "../../parts/Button.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty, Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import type { Avatar, Profile } from "../../wire/http.ts";
import { dateOf } from "../../words/times.ts";
import "./people.css";
import { words } from "./words.ts";

/** The pictures that somebody has shown; one's own can be shown again, and taken out for good. */
export default function Pictures({ params }: ScreenProps) {
  const person = params["person"] ?? "";
  const { state, reload, set } = useLoaded(person, (signal) =>
    ask("GET /api/v1/people/{person}", { path: { person } }, signal),
  );
  const isMine = person === me.value?.id;
  return (
    <div class="page">
      <Back to={isMine ? "/me" : pathTo("/people/:person", { person })} />
      {state.kind === "loading" && <Skeleton rows={2} />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <Shown
          profile={state.value}
          isMine={isMine}
          onAvatar={(avatar) => set((before) => ({ ...before, avatar }))}
        />
      )}
    </div>
  );
}

interface ShownProps {
  readonly profile: Profile;
  readonly isMine: boolean;
  readonly onAvatar: (avatar: string | null) => void;
}

function Shown({ profile, isMine, onAvatar }: ShownProps) {
  const t = words.value;
  useTitle(t.picturesOf(profile.nickname));
  const person = profile.id;
  const pages = usePages(person, async (cursor, signal) => {
    const query = { cursor };
    const page = await ask("GET /api/v1/people/{person}/avatars", { path: { person }, query }, signal);
    return { items: page.avatars, next: page.next };
  });
  const wear = async ({ id }: Avatar) => {
    onAvatar((await ask("PATCH /api/v1/me/profile", { body: { avatar: id } })).avatar);
    pages.reload();
  };
  const takeOut = async ({ id }: Avatar) => {
    await ask("DELETE /api/v1/me/avatars/{upload}", { path: { upload: id } });
    if (id === profile.avatar) onAvatar(null);
    pages.set((all) => all.filter((each) => each.id !== id));
  };
  return (
    <>
      <div>
        <h1>{t.picturesOf(profile.nickname)}</h1>
        {isMine && <p class="small soft">{t.picturesHint}</p>}
      </div>
      <Paged
        pages={pages}
        empty={<Empty title={t.noPictures}>{isMine ? t.noPicturesHint : undefined}</Empty>}
      >
        {(pictures) => (
          <ul class="past-pictures">
            {pictures.map((each) => (
              <li key={each.id}>
                <Picture
                  picture={each}
                  isShown={each.id === profile.avatar}
                  isMine={isMine}
                  onWear={() => wear(each)}
                  onTakeOut={() => takeOut(each)}
                />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </>
  );
}

interface PictureProps {
  readonly picture: Avatar;
  /** It is the present one. */
  readonly isShown: boolean;
  readonly isMine: boolean;
  readonly onWear: () => Promise<void>;
  readonly onTakeOut: () => Promise<void>;
}

function Picture({ picture, isShown, isMine, onWear, onTakeOut }: PictureProps) {
  const t = words.value;
  const [isAsked, setIsAsked] = useState(false);
  const wear = useTask(onWear);
  const since = dateOf(picture.since);
  return (
    <>
      <a href={`/api/v1/uploads/${picture.id}/content`} target="_blank" rel="noopener">
        <img
          src={`/api/v1/uploads/${picture.id}/content?size=thumbnail`}
          alt={t.pictureOf(since)}
          loading="lazy"
        />
      </a>
      <p class="small soft figures">
        <span>{since}</span>
        {isShown && <span class="tag">{t.shownNow}</span>}
      </p>
      <FaultNote fault={wear.fault} />
      {isMine && (
        <div class="past-acts">
          {!isShown && (
            <Button kind="quiet" busy={wear.busy} onPress={() => wear.run()}>
              {t.showAgain}
            </Button>
          )}
          <Button kind="quiet" onPress={() => setIsAsked(true)}>
            {t.takeOut}
          </Button>
        </div>
      )}
      {isAsked && (
        <Sure title={t.takeOutSure} label={t.takeOut} onSure={onTakeOut} onClose={() => setIsAsked(false)}>
          {t.takeOutHint}
        </Sure>
      )}
    </>
  );
}
