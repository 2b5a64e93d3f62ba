/** When a long piece of work lets others run. */
export interface Slices {
  /** Milliseconds of work without a pause, give or take one item. */
  readonly workMs: number;
  readonly elapsedMs: () => number;
  readonly pause: () => Promise<void>;
}

const ofTheEventLoop: Slices = {
  workMs: 10,
  elapsedMs: () => performance.now(),
  pause: () => new Promise((resolve) => setImmediate(resolve)),
};

/**
 * Maps items in their order, and lets other requests run in between. A batch of hostile texts takes a tenth of a second
 * to judge: without a pause nobody else would be answered meanwhile. An honest batch is done within one slice.
 */
export async function mapInSlices<Item, Mapped>(
  items: readonly Item[],
  map: (item: Item, index: number) => Mapped,
  { workMs, elapsedMs, pause }: Slices = ofTheEventLoop,
): Promise<readonly Mapped[]> {
  const mapped: Mapped[] = [];
  let begun = elapsedMs();
  for (const [index, item] of items.entries()) {
    if (elapsedMs() - begun >= workMs) {
      await pause();
      begun = elapsedMs();
    }
    mapped.push(map(item, index));
  }
  return mapped;
}
