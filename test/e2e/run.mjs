// The door to `npm run e2e` and `npm run e2e:browser`: installs the gateways and clients when their lockfile changed,
// then runs the scenarios: those of the gateways, or, with `browser` as the first word, those of the client in
// Chromium. Words after `--` go to vitest.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const stamp = join(here, 'node_modules', '.signals-installed');
const [first, ...rest] = process.argv.slice(2);
const inBrowser = first === 'browser';
const words = inBrowser ? rest : process.argv.slice(2);
const config = join(here, ...(inBrowser ? ['browser'] : []), 'vitest.config.ts');
/** On two cores the gateways take about 20 s, the browser about 100 s. */
const deadlineMs = inBrowser ? 480_000 : 170_000;

const wanted = fingerprint(['package.json', 'package-lock.json', '.npmrc']);
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
  console.error('e2e: installing gateways and clients (about 300 MB, once) …');
  const installed = npm('ci', '--prefix', here, '--no-audit', '--no-fund', '--loglevel=error');
  if (installed !== 0) process.exit(installed);
  writeFileSync(stamp, wanted);
}
process.exitCode = await runScenarios();

/** Its exit code. Whatever happens to the test process, nothing that it started outlives it. */
function runScenarios() {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const inGroup = process.platform !== 'win32';
  const tests = spawn(process.execPath, [vitest, 'run', '--config', config, ...words], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: inGroup,
  });
  const send = (signal) => {
    try {
      process.kill(inGroup ? -tests.pid : tests.pid, signal);
    } catch {
      // Nobody is left.
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => send(signal));
  const deadline = setTimeout(() => {
    console.error(`e2e: not done after ${deadlineMs / 1000} s`);
    send('SIGKILL');
  }, deadlineMs);
  return new Promise((resolve) => {
    tests.once('exit', (code, signal) => {
      clearTimeout(deadline);
      send('SIGKILL');
      rmSync(join(here, '.tmp'), { recursive: true, force: true });
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

function fingerprint(files) {
  const hash = createHash('sha256').update(`${process.versions.modules} ${process.platform} ${process.arch}`);
  for (const file of files) hash.update(readFileSync(join(here, file)));
  return hash.digest('hex');
}

function npm(...words) {
  const cli = process.env.npm_execpath;
  const shell = process.platform === 'win32';
  const [command, args] = cli?.endsWith('.js')
    ? [process.execPath, [cli, ...words]]
    : [shell ? 'npm.cmd' : 'npm', words];
  return spawnSync(command, args, { cwd: here, stdio: 'inherit', shell }).status ?? 1;
}
