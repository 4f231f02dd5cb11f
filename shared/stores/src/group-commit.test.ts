import { groupCommit } from "./group-commit.js";

function createWriter() {
  const written: (readonly number[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const write = async (items: readonly number[]): Promise<void> => {
    written.push([...items]);
    await new Promise<void>((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve())));
  };
  return { write, written, end: (error?: Error) => ends.shift()?.(error) };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("group commit", () => {
  test("items, that come during a write, are written together after it", async () => {
    const { write, written, end } = createWriter();
    const add = groupCommit(write);
    const all = [add(1), add(2), add(3)];
    end();
    await turn();
    end();
    await Promise.all(all);
    expect(written).toEqual([[1], [2, 3]]);
  });

  test("a write, that fails, fails for its own items only", async () => {
    const { write, written, end } = createWriter();
    const add = groupCommit(write);
    const [first, second] = [add(1), add(2)];
    end(new Error("down"));
    await expect(first).rejects.toThrow("down");
    await turn();
    end();
    await second;
    const third = add(3);
    end();
    await third;
    expect(written).toEqual([[1], [2], [3]]);
  });

  test("items, that come while as many writes are under way as may be, wait for the first that ends", async () => {
    const { write, written, end } = createWriter();
    const add = groupCommit(write, { atOnce: 2 });
    const all = [add(1), add(2), add(3), add(4)];
    expect(written).toEqual([[1], [2]]);
    end();
    await turn();
    expect(written).toEqual([[1], [2], [3, 4]]);
    end();
    end();
    await Promise.all(all);
  });
});
