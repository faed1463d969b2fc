import fc from "fast-check";
import { expect, test } from "vitest";
import { piecesOf } from "./pieces.ts";

const shown = (text: string, names: readonly string[] = []) =>
  piecesOf(text, names).map(({ kind, text: piece }) => `${kind}:${piece}`);

test("an address can be followed, without what closes its sentence", () => {
  expect(shown("여기 https://madang.example/a?b=1). 봐")).toEqual([
    "text:여기 ",
    "link:https://madang.example/a?b=1",
    "text:). 봐",
  ]);
});

test("nothing but http can be followed", () => {
  expect(shown("javascript:alert(1) data:text/html,x")).toEqual([
    "text:javascript:alert(1) data:text/html,x",
  ]);
});

test("a name that is called stands out, the longest of them", () => {
  expect(shown("@하늘이 @하늘 안녕", ["하늘", "하늘이"])).toEqual([
    "name:@하늘이",
    "text: ",
    "name:@하늘",
    "text: 안녕",
  ]);
});

const unit = fc.constantFrom(
  "가",
  "@",
  "http",
  "s://",
  "😀",
  "\ud83d",
  " ",
  "\n",
  "<",
  "\\",
  "(",
  "[",
  ".",
  "*",
  "ı",
);
const text = fc.string({ unit });

test("the pieces are the text, whatever it and the names are", () => {
  fc.assert(
    fc.property(text, fc.array(fc.string({ unit, minLength: 1 }), { maxLength: 4 }), (text, names) => {
      expect(
        piecesOf(text, names)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(text);
    }),
  );
});
