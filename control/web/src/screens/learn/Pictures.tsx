import { words } from "./words.ts";

/** Pictures that belong to something written; each opens whole. */
export function Pictures({ ids }: { readonly ids: readonly string[] }) {
  if (ids.length === 0) return null;
  return (
    <ul class="pictures">
      {ids.map((each, index) => (
        <li key={each}>
          <a href={`/api/v1/uploads/${each}/content`} target="_blank" rel="noopener">
            <img
              src={`/api/v1/uploads/${each}/content?size=thumbnail`}
              alt={words.value.openPicture(index + 1)}
              loading="lazy"
            />
          </a>
        </li>
      ))}
    </ul>
  );
}
