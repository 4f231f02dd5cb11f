/** Text that is HTML already; everything else is escaped when it is put into a template. */
export class Html {
  constructor(readonly text: string) {}
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Escapes for element content, quoted attributes and XML. */
export const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, (character) => escapes[character] ?? "");

/** A template of HTML whose values are escaped unless they are `Html`; lists are joined. */
export function markup(strings: TemplateStringsArray, ...values: readonly (string | number | Html | readonly Html[])[]): Html {
  const textOf = (value: string | number | Html | readonly Html[] | undefined): string => {
    if (value === undefined) return "";
    if (value instanceof Html) return value.text;
    if (typeof value === "object") return value.map(({ text }) => text).join("");
    return escapeMarkup(String(value));
  };
  return new Html(strings.map((own, index) => own + textOf(values[index])).join(""));
}
