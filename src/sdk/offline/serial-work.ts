/** Runs tasks one after the other; one that fails is forgotten, and the next begins. */
export function createSerialWork(): (task: () => Promise<unknown>) => void {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    last = last.then(task).catch(() => {});
  };
}
