import fc from "fast-check";
import { countBelow, countUpTo } from "./ascending.js";

test("countBelow and countUpTo, any ascending numbers and any part of them, are what counting gives", () => {
  const small = fc.integer({ min: -5, max: 5 });
  fc.assert(
    fc.property(fc.array(small), small, fc.nat(10), (numbers, value, cut) => {
      const ascending = Float64Array.from(numbers).sort();
      const length = Math.max(0, ascending.length - cut);
      const part = [...ascending.subarray(0, length)];
      expect(countBelow(ascending, value, length)).toBe(part.filter((one) => one < value).length);
      expect(countUpTo(ascending, value, length)).toBe(part.filter((one) => one <= value).length);
    }),
  );
});
