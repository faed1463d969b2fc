/** A class as its mentor types it, and as the server takes it. Pure. */

import type { ChangeClass, Class, MakeClass } from "../../wire/http.ts";

const DAY_MS = 86_400_000;

/** What stands in the fields. */
export interface Plan {
  readonly title: string;
  readonly description: string;
  /** One part on each line, and so the questions. */
  readonly curriculum: string;
  readonly questions: string;
  readonly price: string;
  readonly capacity: string;
  /** As a browser's field has it, by its own clock: 2026-03-05T19:00. */
  readonly starts: string;
  readonly cover: string | null;
  readonly categories: readonly string[];
}

/** An empty one: a week from now, on the hour. */
export function newPlan(now: number): Plan {
  const hour = 3_600_000;
  const starts = inField(Math.ceil((now + 7 * DAY_MS) / hour) * hour);
  return {
    title: "",
    description: "",
    curriculum: "",
    questions: "",
    price: "0",
    capacity: "20",
    starts,
    cover: null,
    categories: [],
  };
}

export function planOf(made: Class): Plan {
  return {
    title: made.title,
    description: made.description,
    curriculum: made.curriculum.join("\n"),
    questions: made.questions.join("\n"),
    price: String(made.price),
    capacity: String(made.capacity),
    starts: inField(made.starts_at),
    cover: made.cover,
    categories: made.categories,
  };
}

export function asClass(plan: Plan): MakeClass {
  return {
    title: plan.title,
    description: plan.description,
    curriculum: lines(plan.curriculum),
    questions: lines(plan.questions),
    price: Number(plan.price),
    capacity: Number(plan.capacity),
    starts_at: new Date(plan.starts).getTime(),
    cover: plan.cover,
    categories: plan.categories,
  };
}

/** What is otherwise than it was: what is fixed by now is not said again, nor refused for it. */
export function changes(before: Class, plan: Plan): ChangeClass {
  const was = asClass(planOf(before));
  const now = asClass(plan);
  const keys = Object.keys(now) as (keyof MakeClass)[];
  return Object.fromEntries(
    keys.filter((key) => JSON.stringify(now[key]) !== JSON.stringify(was[key])).map((key) => [key, now[key]]),
  );
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** A moment as a browser's field has it, by its own clock. */
export function inField(at: number): string {
  const there = new Date(at);
  const two = (number: number) => String(number).padStart(2, "0");
  const date = `${there.getFullYear()}-${two(there.getMonth() + 1)}-${two(there.getDate())}`;
  return `${date}T${two(there.getHours())}:${two(there.getMinutes())}`;
}
