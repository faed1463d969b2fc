import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { Back } from "../../parts/Back.tsx";
import { Failed, Skeleton } from "../../parts/States.tsx";
import { language } from "../../words/language.ts";
import { dayAndTime } from "../../words/times.ts";
import "./home.css";
import { words } from "./words.ts";
import { useTitle } from "../../app/title.ts";

/** One notice, whole. */
export default function NoticeScreen({ params }: ScreenProps) {
  useTitle(words.value.notices);
  const notice = params["notice"] ?? "";
  const { state, reload } = useLoaded(notice, (signal) =>
    ask("GET /api/v1/notices/{notice}", { path: { notice } }, signal),
  );
  return (
    <article class="page">
      <Back to="/" />
      {state.kind === "loading" && <Skeleton rows={4} />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <>
          <header class="page-section">
            <h1>{state.value[language.value].title}</h1>
            <p class="small soft">
              {dayAndTime(state.value.published_at)}
              {state.value.edited_at !== null &&
                ` · ${words.value.edited} ${dayAndTime(state.value.edited_at)}`}
            </p>
          </header>
          <p class="notice-whole">{state.value[language.value].text}</p>
        </>
      )}
    </article>
  );
}
