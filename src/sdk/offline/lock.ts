/** Resolves once the lock is held, which it is until the signal is aborted or the page dies, by whatever cause. */
export function holdLock(locks: LockManager, name: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const hold = () => {
      resolve();
      return new Promise<unknown>((free) => {
        if (signal.aborted) free(null);
        else signal.addEventListener('abort', free);
      });
    };
    locks.request(name, hold).catch(reject);
  });
}
