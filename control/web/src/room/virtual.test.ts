import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Heights } from "./virtual.ts";

function heights(count: number): Heights {
  const all = new Heights(50);
  all.keys = Array.from({ length: count }, (_, i) => `k${i}`);
  return all;
}

describe("what is shown", () => {
  test("is what can be seen and a little more, and the rest is room", () => {
    const all = heights(100);
    expect(all.shown(1_000, 200, 100)).toEqual({ from: 18, to: 27, above: 900, below: 3_650 });
    expect(all.shown(0, 200, 100)).toMatchObject({ from: 0, above: 0 });
    expect(all.shown(4_800, 200, 100)).toMatchObject({ to: 100, below: 0 });
  });

  test("of nothing is nothing", () => {
    expect(heights(0).shown(0, 500, 500)).toEqual({ from: 0, to: 0, above: 0, below: 0 });
  });

  test("always covers what is seen, and its parts add up to the whole", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(sizes, fc.nat({ max: 20_000 }), fc.integer({ min: 1, max: 900 }), (each, at, height) => {
        const all = heights(each.length);
        all.measure(each.map((size, i) => [`k${i}`, size] as const));
        const top = Math.min(at, Math.max(0, all.whole - height));
        const { from, to, above, below } = all.shown(top, height, 200);
        const inside = each.slice(from, to).reduce((sum, size) => sum + size, 0);
        expect(above + inside + below).toBe(all.whole);
        expect(above).toBeLessThanOrEqual(top);
        expect(above + inside).toBeGreaterThanOrEqual(Math.min(top + height, all.whole));
      }),
    );
  });
});

describe("a place", () => {
  test("stays when rows come above it, and when they turn out to be of another height", () => {
    const all = heights(40);
    const place = all.anchorAt(1_010, 300);
    expect(place).toEqual({ kind: "row", key: "k20", below: 10 });
    all.keys = ["older", "old", ...Array.from({ length: 40 }, (_, i) => `k${i}`)];
    expect(all.topOf(place, 300)).toBe(1_110);
    expect(all.measure([["old", 80]])).toBe(true);
    expect(all.topOf(place, 300)).toBe(1_140);
    expect(all.measure([["old", 80.2]])).toBe(false);
  });

  test("at the end follows what comes", () => {
    const all = heights(10);
    const place = all.anchorAt(190, 300);
    expect(place).toEqual({ kind: "end" });
    all.keys = Array.from({ length: 12 }, (_, i) => `k${i}`);
    expect(all.topOf(place, 300)).toBe(300);
  });

  test("that is no more is nowhere", () => {
    const all = heights(40);
    const place = all.anchorAt(0, 300);
    all.keys = ["other"];
    expect(all.topOf(place, 300)).toBeUndefined();
  });
});
