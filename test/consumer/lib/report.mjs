/** Runs checks one after the other and prints each as a line; a failure with what it said. */
export function createReport(out) {
  const failed = [];
  let passed = 0;
  return {
    section(title) {
      out.write(`\n${title}\n`);
    },
    /** Answers whether it held. `check` rejects or throws where it does not; a text that it answers is printed. */
    async check(name, check) {
      const start = performance.now();
      const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
      try {
        const said = await check();
        passed += 1;
        out.write(`  ok    ${said === undefined ? name : `${name}: ${said}`} (${seconds()})\n`);
        return true;
      } catch (error) {
        failed.push(name);
        const text = error instanceof Error ? error.message : String(error);
        out.write(`  FAIL  ${name} (${seconds()})\n${text.replace(/^/gm, '          ')}\n`);
        return false;
      }
    },
    /** The exit code. Nothing having been checked is no success. */
    finish() {
      out.write(`\n${passed} held, ${failed.length} failed\n`);
      for (const name of failed) out.write(`  FAIL  ${name}\n`);
      return failed.length === 0 && passed > 0 ? 0 : 1;
    },
  };
}
