/** The migrated database that the service begins with, in its data folder: making one takes most of a start. */
export const templateName = 'template.tar.gz';

/** What heap.test.ts asks of the service that it has started. */
export type HeapOrder =
  | { readonly kind: 'keep' | 'let go' | 'keep a slice'; readonly text: string }
  | { readonly kind: 'write the heap'; readonly path: string };

/** What that service answers. */
export type HeapReport = { readonly url: string } | { readonly done: HeapOrder['kind'] };
