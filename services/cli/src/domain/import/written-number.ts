/** Which sign separates the decimals of a file's numbers. */
export type DecimalSign = "," | ".";

const grouped = /^[+-]?\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d+)?$/;
const bothSigns = /^[+-]?\d{1,3}(?:([.,])\d{3})+([.,])\d+$/;
const plain = /^[+-]?\d+(?:[.,]\d+)?$/;

/** Which decimal sign a number's text shows by itself; `either` for 12,345, `none` for 12 or a text that is no number. */
export function decimalSignIn(text: string): DecimalSign | "either" | "none" {
  const number = text.trim();
  const [, group, last] = bothSigns.exec(number) ?? [];
  if (last !== undefined) return group !== last && (last === "," || last === ".") ? last : "none";
  if (!plain.test(number) && !grouped.test(number)) return "none";
  const [, sign, decimals = ""] = /([.,])(\d+)$/.exec(number) ?? [];
  if (sign !== "," && sign !== ".") return "none";
  // 12345,678 and 0,500 have no groups; 12,345 may have them. A point is one wherever no comma is.
  const mayGroup = decimals.length === 3 && /^[+-]?[1-9]\d{0,2}[.,]/.test(number) && !grouped.test(number);
  return mayGroup && sign === "," ? "either" : sign;
}

/** The number that a text shows when `decimal` separates its decimals; undefined when it shows none. */
export function readWrittenNumber(text: string, decimal: DecimalSign): number | undefined {
  const bare = text.trim().replace(/[ \u00a0\u202f'’](?=\d{3})/g, "");
  const group = decimal === "," ? "." : ",";
  const ungrouped = new RegExp(`^[+-]?\\d{1,3}(?:\\${group}\\d{3})+(?:\\${decimal}\\d+)?$`).test(bare) ? bare.replaceAll(group, "") : bare;
  const number = ungrouped.replace(decimal, ".");
  return /^[+-]?\d{1,16}(?:\.\d{1,20})?$/.test(number) ? Number(number) : undefined;
}
