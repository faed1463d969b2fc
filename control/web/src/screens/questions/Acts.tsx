import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../parts/Button.tsx";
import { ReportAsked } from "../../parts/ReportAsked.tsx";
import { Sure } from "../../parts/Sure.tsx";
import type { MakeReport } from "../../wire/http.ts";
import { words as learn } from "../learn/words.ts";
import { words } from "./words.ts";

interface ActsProps {
  readonly isMine: boolean;
  /** I may remove what others wrote. */
  readonly isModerator: boolean;
  readonly onEdit: () => void;
  readonly onRemove: () => Promise<void>;
  readonly onReport: (report: MakeReport) => Promise<void>;
  readonly children?: ComponentChildren;
}

/** What can be done about something that was written: first what it is for, then editing, removing, reporting. */
export function Acts({ isMine, isModerator, onEdit, onRemove, onReport, children }: ActsProps) {
  const [asked, setAsked] = useState<"remove" | "report">();
  const t = learn.value;
  return (
    <div class="said-acts">
      {children}
      {isMine && (
        <Button kind="quiet" onPress={onEdit}>
          {t.edit}
        </Button>
      )}
      {(isMine || isModerator) && (
        <Button kind="quiet" onPress={() => setAsked("remove")}>
          {t.remove}
        </Button>
      )}
      {!isMine && (
        <Button kind="quiet" onPress={() => setAsked("report")}>
          {t.report}
        </Button>
      )}
      {asked === "remove" && (
        <Sure
          title={words.value.removeSure}
          label={t.remove}
          onSure={onRemove}
          onClose={() => setAsked(undefined)}
        >
          {words.value.removeHint}
        </Sure>
      )}
      {asked === "report" && <ReportAsked onReport={onReport} onClose={() => setAsked(undefined)} />}
    </div>
  );
}
