import fc from "fast-check";
import { SortedWindow } from "./sorted-window.js";

test("sorted window, any numbers and any size, counts as the last ones sorted do", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: -6, max: 6 }),
      (all, size, value) => {
        const window = new SortedWindow(size);
        for (const number of all) window.add(number);
        const last = all.slice(-size).sort((a, b) => a - b);
        const middle = ((last[(last.length - 1) >> 1] ?? 0) + (last[last.length >> 1] ?? 0)) / 2;
        expect(window.length).toBe(last.length);
        expect(window.countBelow(value)).toBe(last.filter((number) => number < value).length);
        expect(window.countFrom(value)).toBe(last.filter((number) => number >= value).length);
        expect(window.countUpTo(value)).toBe(last.filter((number) => number <= value).length);
        expect(window.median()).toBe(middle);
      },
    ),
  );
});
