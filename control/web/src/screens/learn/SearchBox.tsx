import { useEffect, useId, useState } from "preact/hooks";
import { useDebounced } from "../../app/debounced.ts";
import { ask } from "../../app/http.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { Button } from "../../parts/Button.tsx";
import { Labelled } from "../../parts/Field.tsx";
import type { Suggestion } from "../../wire/http.ts";
import { words } from "./words.ts";

/** Less is not worth a question. */
export const FEWEST = 2;

interface SearchBoxProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSubmit: () => void;
  readonly autoFocus?: boolean;
}

/**
 * One box for all there is to learn, which completes what is typed: a combobox with a list (WAI-ARIA APG). The focus stays in
 * the box; arrows choose, Enter goes there, Escape folds the list.
 */
export function SearchBox({ text, onText, onSubmit, autoFocus = false }: SearchBoxProps) {
  const list = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const suggestions = useSuggestions(isOpen ? text.trim() : "");
  const isShown = isOpen && suggestions.length > 0;
  const active = isShown ? suggestions[chosen] : undefined;
  const fold = () => {
    setIsOpen(false);
    setChosen(-1);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing) return; // a syllable is being made; the key is not for us
    if (event.key === "Escape" && isShown) fold();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      setIsOpen(true);
      setChosen((before) => stepped(before, event.key === "ArrowDown" ? 1 : -1, suggestions.length));
    } else if (event.key === "Enter" && active !== undefined) {
      fold();
      go(wayTo(active));
    } else return;
    event.preventDefault();
  };
  return (
    <search class="learn-search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          fold();
          onSubmit();
        }}
      >
        <Labelled label={words.value.search} hint={words.value.searchHint}>
          {(ties) => (
            <input
              {...ties}
              class="input"
              type="text"
              inputMode="search"
              enterKeyHint="search"
              name="learn-search"
              role="combobox"
              autoComplete="off"
              maxLength={100}
              minLength={FEWEST}
              aria-autocomplete="list"
              aria-expanded={isShown}
              aria-controls={list}
              aria-activedescendant={active && `${list}-${chosen}`}
              autoFocus={autoFocus}
              value={text}
              onInput={(event) => {
                onText(event.currentTarget.value);
                setIsOpen(true);
                setChosen(-1);
              }}
              onKeyDown={onKey}
              onBlur={fold}
            />
          )}
        </Labelled>
        <Button submits icon="search">
          {words.value.find}
        </Button>
      </form>
      <ul
        id={list}
        role="listbox"
        class="learn-suggestions"
        aria-label={words.value.suggestions}
        hidden={!isShown}
      >
        {suggestions.map((each, index) => (
          <li
            key={each.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onMouseDown={
              (event) =>
                event.preventDefault() /* or the box would lose the focus, and fold before the click */
            }
            onClick={() => {
              fold();
              go(wayTo(each));
            }}
          >
            <span class="cut">{each.title}</span>
            <span class="tag">{words.value[each.kind]}</span>
          </li>
        ))}
      </ul>
      <span class="unseen" role="status">
        {isShown ? words.value.suggested(suggestions.length) : ""}
      </span>
    </search>
  );
}

/** To what is found of `text`. */
export function toSearch(text: string): void {
  if (text.trim().length >= FEWEST) go(`/search?text=${encodeURIComponent(text.trim())}`);
}

/** From what is chosen to the next or the one before; around through none, which is what was typed. */
export function stepped(before: number, step: 1 | -1, length: number): number {
  const places = length + 1;
  return ((before + 1 + step + places) % places) - 1;
}

function wayTo({ kind, id }: Suggestion): string {
  switch (kind) {
    case "room":
      return pathTo("/rooms/:room", { room: id });
    case "mentor":
      return pathTo("/mentors/:mentor", { mentor: id });
    case "class":
      return pathTo("/classes/:class", { class: id });
    case "question":
      return pathTo("/questions/:question", { question: id });
  }
}

/** What may be meant, as far as it was typed; what is there stays until there is better. Without it one can search as well. */
function useSuggestions(typed: string): readonly Suggestion[] {
  const [suggestions, setSuggestions] = useState<readonly Suggestion[]>([]);
  const text = useDebounced(typed, 120);
  useEffect(() => {
    if (text.length < FEWEST) {
      setSuggestions([]);
      return undefined;
    }
    const abort = new AbortController();
    ask("GET /api/v1/search/suggestions", { query: { text } }, abort.signal).then(
      (found) => setSuggestions(found.suggestions),
      () => {
        if (!abort.signal.aborted) setSuggestions([]);
      },
    );
    return () => abort.abort();
  }, [text]);
  return suggestions;
}
