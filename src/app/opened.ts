/** Something that holds a file, a timer, a socket or a connection until it is closed. */
export interface Closable {
  close(): Promise<void> | void;
}

/** Takes what was just opened, and answers it. */
export type Open = <T extends Closable>(opened: T) => T;

/**
 * Runs `work`, and closes what it hands to `open` in reverse: when `close` of the result is called, which may happen
 * twice, or at once where `work` fails.
 */
export async function openInOrder<T extends object>(
  work: (open: Open) => Promise<T>,
): Promise<T & { close(): Promise<void> }> {
  const opened: Closable[] = [];
  const close = async (): Promise<void> => {
    for (const one of opened.splice(0).reverse()) await one.close();
  };
  try {
    const result = await work((one) => {
      opened.push(one);
      return one;
    });
    return { ...result, close };
  } catch (error) {
    await close();
    throw error;
  }
}
