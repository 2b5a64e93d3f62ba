/** What stands in a value at a JSON pointer (RFC 6901), or that nothing does. Own members only. */
export function resolvePointer(
  value: unknown,
  pointer: string,
): { readonly found: true; readonly value: unknown } | { readonly found: false } {
  if (pointer === '') return { found: true, value };
  if (!pointer.startsWith('/')) return { found: false };
  let at = value;
  for (const step of pointer.slice(1).split('/')) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return { found: false };
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return { found: true, value: at };
}
