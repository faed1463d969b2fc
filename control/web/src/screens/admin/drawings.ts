/** The drawings a badge may have, in words. */

import type { ListedBadge } from "../../wire/http.ts";
import type { Language } from "../../words/language.ts";

export type Drawing = ListedBadge["drawing"];

/** All of them: one that the server learns and that is not here does not compile. */
export const DRAWINGS: Readonly<Record<Drawing, Readonly<Record<Language, string>>>> = {
  book: { ko: "책", en: "A book" },
  broom: { ko: "빗자루", en: "A broom" },
  code: { ko: "코드", en: "Code" },
  compass: { ko: "나침반", en: "A compass" },
  drop: { ko: "물방울", en: "A drop" },
  eye: { ko: "눈", en: "An eye" },
  flame: { ko: "불꽃", en: "A flame" },
  flask: { ko: "실험병", en: "A flask" },
  gate: { ko: "대문", en: "A gate" },
  heart: { ko: "마음", en: "A heart" },
  house: { ko: "집", en: "A house" },
  lantern: { ko: "등불", en: "A lantern" },
  medal: { ko: "메달", en: "A medal" },
  moon: { ko: "달", en: "The moon" },
  mountain: { ko: "산", en: "A mountain" },
  note: { ko: "음표", en: "A note" },
  palette: { ko: "팔레트", en: "A palette" },
  pencil: { ko: "연필", en: "A pencil" },
  pot: { ko: "솥", en: "A pot" },
  seedling: { ko: "새싹", en: "A seedling" },
  speech: { ko: "말풍선", en: "Speech" },
  stall: { ko: "장터", en: "A stall" },
  steps: { ko: "걸음", en: "Steps" },
  tree: { ko: "나무", en: "A tree" },
};
