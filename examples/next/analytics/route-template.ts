type Params = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The route as it is called in the `app` folder, `/journeys/[id]`, from what `usePathname` and `useParams` say.
 * Names are put where their values are, from the right: `/a/a` with `{ id: 'a' }` is `/a/[id]`. Null when a value
 * is not found, as after a rewrite: better no view than one that says which journey it was.
 */
export function routeTemplate(pathname: string, params: Params): string | null {
  let segments = pathname.split('/');
  for (const [name, value] of Object.entries(params).reverse()) {
    if (value === undefined) continue;
    const values = typeof value === 'string' ? [value] : value;
    const at = lastRun(segments, values);
    if (at === null) return null;
    const label = typeof value === 'string' ? `[${name}]` : `[...${name}]`;
    segments = [...segments.slice(0, at), label, ...segments.slice(at + values.length)];
  }
  return segments.join('/');
}

/** Where the values last stand one after the other; a parameter may be escaped, as in the address, or not. */
function lastRun(segments: readonly string[], values: readonly string[]): number | null {
  const isAt = (at: number) =>
    values.every((value, index) => [value, encodeURIComponent(value)].includes(segments[at + index] ?? ''));
  for (let at = segments.length - values.length; at > 0; at -= 1) {
    if (isAt(at)) return at;
  }
  return null;
}
