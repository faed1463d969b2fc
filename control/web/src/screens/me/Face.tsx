import { pathTo } from "../../app/routes.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { ButtonLink } from "../../parts/Button.tsx";
import type { Profile } from "../../wire/http.ts";
import { Picture } from "./Picture.tsx";
import { words } from "./words.ts";

/** My picture, and the way to those that I showed before. */
export function Face({ profile }: { readonly profile: Profile }) {
  const t = words.value;
  return (
    <Picture
      profile={profile}
      purpose="avatar"
      choose={t.choosePicture}
      takeOff={t.noPicture}
      shown={(picture) => <Avatar name={profile.nickname} picture={picture} size="large" />}
    >
      <ButtonLink kind="quiet" href={pathTo("/people/:person/pictures", { person: profile.id })}>
        {t.pastPictures}
      </ButtonLink>
    </Picture>
  );
}

/** What lies behind my name on my page. */
export function Wall({ profile }: { readonly profile: Profile }) {
  const t = words.value;
  return (
    <Picture
      profile={profile}
      purpose="wallpaper"
      choose={t.chooseWall}
      takeOff={t.noWall}
      shown={(picture) =>
        picture === null ? (
          <p class="me-wall me-no-wall small soft">{t.noWallYet}</p>
        ) : (
          <img class="me-wall" src={`/api/v1/uploads/${picture}/content`} alt={t.wall} />
        )
      }
    />
  );
}
