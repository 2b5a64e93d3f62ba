/**
 * Works on what the source gives, at most `width` at a time, and pulls no more than it can work on. Stops
 * pulling when `work` answers false. Rejects where the source does, after the work that was under way.
 */
export async function inParallel<T>(
  source: AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<boolean>,
): Promise<void> {
  const items = source[Symbol.asyncIterator]();
  let open = true;
  const worker = async () => {
    while (open) {
      const next = await items.next();
      if (next.done || !open) break;
      if (!(await work(next.value))) open = false;
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: width }, worker));
  // Lets the source close its file when it was not read to the end.
  await items.return?.();
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
