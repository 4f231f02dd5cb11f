import { errorViews, pageViews } from "./text-views.js";

test("errorViews, a trace, are the whole and its first three lines with identifiers in words", () => {
  const [whole, beginning] = errorViews(
    "org.apache.hadoop.security.AccessControlException: Permission denied\n\n\tat a.B.c\n---\n\tat d\n\tat e",
  );
  expect(whole.split("\n")).toEqual(["Access Control Exception: Permission denied", "at a.B.c", "at d", "at e"]);
  expect(beginning.split("\n")).toEqual(["Access Control Exception: Permission denied", "at a.B.c", "at d"]);
});

test("errorViews, one line, is itself twice", () => expect(errorViews("disk full")).toEqual(["disk full", "disk full"]));

test("errorViews, a text without a letter, is itself", () => expect(errorViews("???")).toEqual(["???", "???"]));

test("errorViews, a text of a megabyte, are cut", () => {
  for (const view of errorViews("a.b.C x ".repeat(130_000))) expect(view.length).toBeLessThanOrEqual(8_000);
});

test("pageViews, a page with sections, are the whole, title with meaning and these with impact", () => {
  const text =
    "---\nweight: 20\n---\n\n# NodeDiskFull\n\n## Meaning\n\nNo space\nis left.\n\n## Impact\n\nWrites fail.\n\n## Diagnosis\n\n`df`";
  const [whole, meaning, impact] = pageViews({ title: "NodeDiskFull", text });
  expect(whole).toContain("`df`");
  expect(whole).not.toContain("weight");
  expect(meaning).toBe("Node Disk Full. No space is left.");
  expect(impact).toBe("Node Disk Full. No space is left. Writes fail.");
});

test("pageViews, a page without sections, has its first paragraphs for a meaning", () => {
  expect(pageViews({ title: "disk", text: "# disk\n\nIt is full.\n" })[1]).toBe("disk. It is full.");
});
