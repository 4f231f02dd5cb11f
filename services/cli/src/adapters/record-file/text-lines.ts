/** A line of a text without its end, numbered from 1; `cut` when it was longer than allowed and only its beginning is here. */
export type TextLine = { readonly line: number; readonly text: string; readonly cut: boolean };

/** Lines end at LF, with or without CR before it, and nowhere else: U+2028 and its like belong to the text. At most `max` characters of one are held. */
export async function* splitLines(chunks: AsyncIterable<string>, max: number): AsyncGenerator<TextLine> {
  let [rest, line, cut] = ["", 1, false];
  const take = (part: string): void => {
    if (rest.length + part.length > max) cut = true;
    if (rest.length < max) rest += part.slice(0, max - rest.length);
  };
  const done = (): TextLine => ({ line, text: rest.endsWith("\r") ? rest.slice(0, -1) : rest, cut });
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf("\n"); end !== -1; end = chunk.indexOf("\n", from)) {
      take(chunk.slice(from, end));
      yield done();
      [rest, line, cut, from] = ["", line + 1, false, end + 1];
    }
    take(chunk.slice(from));
  }
  if (rest !== "") yield done();
}
