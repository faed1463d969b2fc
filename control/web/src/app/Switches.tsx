import { IconButton } from "../parts/Button.tsx";
import { dictionary } from "../words/dictionary.ts";
import { language, speak } from "../words/language.ts";
import "./switches.css";
import { choose, type Theme, theme } from "./theme.ts";

const words = dictionary(
  { system: "밝기: 기기 설정대로", light: "밝기: 밝게", dark: "밝기: 어둡게" },
  { system: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" },
);

const NEXT: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };
const ICONS = { system: "half", light: "sun", dark: "moon" } as const;

/** The two switches that stand wherever one cannot get to one's settings: the language, and light or dark. */
export function Switches() {
  const other = language.value === "ko" ? "en" : "ko";
  return (
    <div class="switches">
      <button type="button" class="switch-language" lang={other} onClick={() => speak(other)}>
        {other === "en" ? "English" : "한국어"}
      </button>
      <IconButton
        icon={ICONS[theme.value]}
        label={words.value[theme.value]}
        onPress={() => choose(NEXT[theme.value])}
      />
    </div>
  );
}
