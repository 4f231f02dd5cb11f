/** Pages of ids until one is empty; each begins after the former's last. */
export async function* pagesOf(page: (after: string) => Promise<string[]>): AsyncGenerator<string[]> {
  let ids = await page("");
  while (ids.length > 0) {
    yield ids;
    ids = await page(ids.at(-1) as string);
  }
}
