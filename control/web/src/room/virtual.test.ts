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
