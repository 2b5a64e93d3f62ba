// The door to `npm run examples`: installs the example apps, puts the client into them that `npm run build` has
// packed, builds them, and looks at what came of it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tarballOf } from '../consumer/lib/folders.mjs';
import {
  checkLog,
  checkNextFiles,
  checkNextServer,
  checkViteFiles,
  checkViteServer,
  developmentToken,
} from './outcome.mjs';
import { echoServer, freePort, killAll, node, npm, whileServing } from './processes.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
/** Both take about a minute on two cores, and another to install. */
const deadlineMs = 420_000;

const examples = {
  vite: {
    types: 'src/signals.ts',
    server: (port) => ['node_modules/vite/bin/vite.js', 'preview', '--host', '127.0.0.1', '--port', port],
    checkFiles: checkViteFiles,
    checkServer: checkViteServer,
  },
  next: {
    types: 'analytics/signals.ts',
    server: (port) => ['node_modules/next/dist/bin/next', 'start', '-H', '127.0.0.1', '-p', port],
    checkFiles: checkNextFiles,
    checkServer: checkNextServer,
  },
  ide: { program: 'send.mjs' },
};

const help = `Usage: npm run examples [-- [NAME]... [options]]

Installs examples/<NAME>, type-checks and builds it where it is an app, and checks the outcome. Wants
\`npm run build\` before.

  NAME               ${Object.keys(examples).join(', ')} (default: all)
  --install-only     installs the example and puts the packed client into it, then stops
  --help             this text

Exit code 0: all is well; 1: something is not, and what was printed says so; 2: used wrongly.
`;

const options = parse();
if (options === null || options.help) {
  process[options ? 'stdout' : 'stderr'].write(help);
  process.exit(options ? 0 : 2);
}

process.on('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
setTimeout(() => {
  console.error(`examples: not done after ${deadlineMs / 1000} s`);
  process.exit(1);
}, deadlineMs).unref();

try {
  const tarball = tarballOf(root, 'packages/client');
  for (const name of options.names)
    await (options.installOnly ? install(name, tarball) : check(name, tarball));
} catch (error) {
  console.error(`examples: ${error.message}`);
  process.exitCode = 1;
}

async function install(name, tarball) {
  const folder = join(root, 'examples', name);
  const stamp = join(folder, 'node_modules', '.signals-installed');
  const wanted = fingerprint(folder);
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    await step(name, 'installing', () =>
      npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: folder,
        env: env(),
      }),
    );
    writeFileSync(stamp, wanted);
  }
  // Every time: it is cheap, and npm does not look whether the client was built anew.
  const client = join(folder, 'node_modules', 'signals-client');
  rmSync(client, { recursive: true, force: true });
  mkdirSync(client);
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1'], { cwd: client });
}

async function check(name, tarball) {
  await install(name, tarball);
  const { program } = examples[name];
  await (program ? tryProgram(name, program) : buildApp(name));
}

/** That it finds the client; what it does is tested in test/examples. */
async function tryProgram(name, program) {
  const folder = join(root, 'examples', name);
  await step(name, `${program} --help`, () => node([program, '--help'], { cwd: folder, env: env() }));
}

async function buildApp(name) {
  const { types, server, checkFiles, checkServer } = examples[name];
  const folder = join(root, 'examples', name);
  const catalogue = ['--catalog', 'examples/journeys-admin.json'];
  await step(name, 'are the types in step with the catalogue', () =>
    node(['dist/cli.js', 'codegen', ...catalogue, '--out', `examples/${name}/${types}`, '--check'], {
      cwd: root,
      env: env(),
    }),
  );
  await step(name, 'type-checking', () => npm(['run', 'typecheck'], { cwd: folder, env: env() }));
  const signals = await echoServer();
  try {
    const inside = { cwd: folder, env: env({ SIGNALS_URL: signals.url }) };
    await step(name, 'building', () => npm(['run', 'build'], inside));
    await step(name, 'looking at the outcome', async () => {
      checkFiles(folder);
      const port = await freePort();
      checkLog(await whileServing(server(String(port)), port, inside, checkServer));
    });
  } finally {
    signals.close();
  }
}

/** Without NODE_ENV, which each tool sets for itself; nothing is told to anybody. */
function env(more = {}) {
  const { NODE_ENV: _, ...rest } = process.env;
  return {
    ...rest,
    NEXT_TELEMETRY_DISABLED: '1',
    VITE_SIGNALS_TOKEN: developmentToken,
    NEXT_PUBLIC_SIGNALS_TOKEN: developmentToken,
    ...more,
  };
}

async function step(name, what, work) {
  const began = performance.now();
  process.stderr.write(`examples: ${name}: ${what} … `);
  try {
    await work();
  } catch (error) {
    process.stderr.write('\n');
    throw new Error(`${name}: ${what}: ${error.message}`);
  }
  process.stderr.write(`${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}

function fingerprint(folder) {
  const hash = createHash('sha256').update(`${process.versions.modules} ${process.platform} ${process.arch}`);
  for (const file of ['package.json', 'package-lock.json', '.npmrc'])
    hash.update(readFileSync(join(folder, file)));
  return hash.digest('hex');
}

function parse() {
  try {
    const { values, positionals } = parseArgs({
      options: {
        'install-only': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
    if (positionals.some((name) => !Object.hasOwn(examples, name))) return null;
    const names = positionals.length > 0 ? positionals : Object.keys(examples);
    return { names, installOnly: values['install-only'], help: values.help };
  } catch {
    return null;
  }
}
