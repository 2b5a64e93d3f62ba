import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const trackerPath = fileURLToPath(new URL('../../src/node-client/index.ts', import.meta.url));

/** Runs the code, with `createTracker` at hand, as a process of its own, and waits until it ends by itself. */
async function runAsProcess(code: string): Promise<{ exitCode: number | null; stdout: string }> {
  const bundle = await build({
    stdin: {
      contents: `import { createTracker } from ${JSON.stringify(trackerPath)};\n${code}`,
      resolveDir: '.',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  const child = spawn(process.execPath, ['--input-type=module', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(bundle.outputFiles[0]?.text);
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exitCode, stdout };
}

it('queued events and an hour’s wait do not keep a process alive', async () => {
  const { exitCode, stdout } = await runAsProcess(`
    const tracker = createTracker({
      endpoint: 'http://127.0.0.1:1', token: 't', appName: 'web', flushIntervalMs: 3_600_000,
    });
    tracker.track('page_viewed');
    console.log(tracker.stats().queued);
  `);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '1\n' });
});

it('a back-off of an hour does not keep a process alive', async () => {
  const { exitCode, stdout } = await runAsProcess(`
    const fetch = async () => ({ status: 503, headers: { get: () => '3600' }, text: async () => '' });
    const tracker = createTracker({ endpoint: 'http://127.0.0.1:1', token: 't', appName: 'web', flushAt: 1, fetch });
    tracker.track('page_viewed');
    setTimeout(() => console.log(tracker.stats().sent), 50);
  `);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '1\n' });
});

it('an awaited close keeps the process until it is through', async () => {
  const { exitCode, stdout } = await runAsProcess(`
    let requests = 0;
    const fetch = async () => {
      requests += 1;
      if (requests === 1) throw new TypeError('refused');
      return { status: 202, headers: { get: () => null }, text: async () => '{"results":[{"status":"ACCEPTED"}]}' };
    };
    const tracker = createTracker({ endpoint: 'http://127.0.0.1:1', token: 't', appName: 'web', fetch });
    tracker.track('page_viewed');
    await tracker.close();
    console.log(JSON.stringify(tracker.stats()));
  `);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ tracked: 1, sent: 2, accepted: 1, dropped: {} });
});

it('an awaited flush with a hung token source ends, too', async () => {
  const { exitCode, stdout } = await runAsProcess(`
    const tracker = createTracker({
      endpoint: 'http://127.0.0.1:1', token: () => new Promise(() => {}), appName: 'web', timeoutMs: 30, maxAttempts: 2,
    });
    tracker.track('page_viewed');
    await tracker.flush();
    console.log(JSON.stringify(tracker.stats().dropped));
  `);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '{"timeout":1}\n' });
});
