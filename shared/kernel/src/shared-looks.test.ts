import { shareLooks } from "./shared-looks.js";

/** A look that ends when it is told to. */
function createLook() {
  const ends: (() => void)[] = [];
  let begun = 0;
  const look = async (key: string): Promise<string> => {
    const number = ++begun;
    await new Promise<void>((resolve) => ends.push(resolve));
    if (key === "bad") throw new Error("down");
    return `${key}${number}`;
  };
  return { look, begun: () => begun, end: () => ends.shift()?.() };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("shared looks", () => {
  test("asked, while a look is under way, by several: they share the next one", async () => {
    const { look, begun, end } = createLook();
    const ask = shareLooks(look);
    const first = ask("a");
    const others = [ask("a"), ask("a"), ask("a")];
    end();
    expect(await first).toBe("a1");
    await turn();
    end();
    expect([await Promise.all(others), begun()]).toEqual([["a2", "a2", "a2"], 2]);
  });

  test("asked, after a look ended, begins another", async () => {
    const { look, end } = createLook();
    const ask = shareLooks(look);
    const first = ask("a");
    end();
    await first;
    const second = ask("a");
    end();
    expect(await second).toBe("a2");
  });

  test("asked, for another key, does not wait", async () => {
    const { look, begun, end } = createLook();
    const ask = shareLooks(look);
    const both = [ask("a"), ask("b")];
    expect(begun()).toBe(2);
    end();
    end();
    expect(await Promise.all(both)).toEqual(["a1", "b2"]);
  });

  test("asked, while a look fails, gets the next one's result", async () => {
    const { look, end } = createLook();
    const ask = shareLooks(look);
    const [failing, waiting] = [ask("bad"), ask("bad")];
    end();
    await expect(failing).rejects.toThrow("down");
    await turn();
    end();
    await expect(waiting).rejects.toThrow("down");
    const later = ask("bad");
    end();
    await expect(later).rejects.toThrow("down");
  });
});
