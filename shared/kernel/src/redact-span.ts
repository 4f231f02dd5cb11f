/** Where the value of a key such as `password=` stands in a text. */
export type Span = { readonly start: number; readonly end: number };
