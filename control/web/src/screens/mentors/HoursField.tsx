import { Button, IconButton } from "../../parts/Button.tsx";
import { Choice, Field } from "../../parts/Field.tsx";
import type { OnlineHours } from "../../wire/http.ts";
import { endOfDay, nameOfDay, onClock } from "./hours.ts";
import "./mentors.css";
import { words } from "./words.ts";

const DAYS = ["1", "2", "3", "4", "5", "6", "7"] as const;
/** As many as the server keeps. */
const MOST = 21;

interface HoursFieldProps {
  readonly hours: readonly OnlineHours[];
  readonly onHours: (hours: readonly OnlineHours[]) => void;
}

/** When one means to be here each week. */
export function HoursField({ hours, onHours }: HoursFieldProps) {
  const t = words.value;
  const put = (index: number, change: Partial<OnlineHours>) =>
    onHours(hours.map((each, at) => (at === index ? { ...each, ...change } : each)));
  const last = hours.at(-1);
  return (
    <fieldset class="hours">
      <legend>{t.hours}</legend>
      <p class="small soft">{t.hoursHint}</p>
      {hours.map((each, index) => (
        <div key={index} class="hours-one">
          <Choice
            label={t.day}
            value={String(each.day)}
            options={DAYS.map((day) => ({ value: day as string, label: nameOfDay(Number(day)) }))}
            onChoice={(day) => put(index, { day: Number(day) })}
          />
          <Field
            label={t.begins}
            type="time"
            name={`begins-${index}`}
            required
            value={each.begins}
            onText={(begins) => put(index, { begins })}
          />
          <Field
            label={t.ends}
            type="time"
            name={`ends-${index}`}
            required
            value={onClock(each.ends)}
            onText={(ends) => put(index, { ends: endOfDay(ends) })}
          />
          <IconButton
            icon="close"
            label={t.removeHours(`${nameOfDay(each.day)} ${t.span(each.begins, each.ends)}`)}
            onPress={() => onHours(hours.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      {hours.length < MOST && (
        <div>
          <Button
            icon="plus"
            onPress={() =>
              onHours([
                ...hours,
                {
                  day: last === undefined ? 1 : (last.day % 7) + 1,
                  begins: last?.begins ?? "19:00",
                  ends: last?.ends ?? "21:00",
                },
              ])
            }
          >
            {t.addHours}
          </Button>
        </div>
      )}
    </fieldset>
  );
}
