/** Places of "HTTP 503" and "HTTP 0" (no answer): part of an error's text, even where a techno is called http; the number is no time. */
export const httpCodes = (text: string): (readonly [start: number, end: number])[] =>
  [...text.matchAll(/(?<![\p{L}\p{N}])http (?:0|[1-5]\d\d)(?![\p{L}\p{N}])/giu)].map(({ 0: code, index }) => [index, index + code.length]);
