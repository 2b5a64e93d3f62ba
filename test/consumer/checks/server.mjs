import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, whileServing } from '../../examples/processes.mjs';
import { installAlone } from '../lib/folders.mjs';
import { lintPackage } from '../lib/lint.mjs';
import { npm } from '../lib/processes.mjs';
import { installedPackages, kilobytes, sizeOf } from '../lib/sizes.mjs';
import { typeCheck } from '../lib/types.mjs';

/** Above the 65,951 kB that `npm run consumer` measured on 2026-11-28 with room for a new dependency or two. */
const maxBytes = 100_000_000;

/**
 * Checks the server package, installed as anybody would: from its tarball, with all its dependencies, none of whose
 * install scripts is needed. `client`: the folder of an application that has the client, for the types of `codegen`.
 */
export async function checkServer({ report, folder, tarball, installed, programs, client }) {
  report.section('The server');
  await report.check('publint, strict', () => lintPackage(tarball));
  const home = join(folder, 'server');
  const isInstalled = await report.check('npm install', async () => {
    await installAlone(home, tarball, ['--prefer-offline']);
    return `${installedPackages(home).length} packages`;
  });
  if (!isInstalled) return;
  await report.check(`at most ${kilobytes(maxBytes)} installed`, () => smallEnough(home));
  await report.check('npx signals --help', () => printsHelp(home));
  await report.check('npx signals schema', () => printsSchema(home));
  await report.check('starts without settings, and is ready', () => becomesReady(home));

  report.section('Types for the client, written by the server');
  await report.check('npx signals codegen', () => generate(home, client));
  const types = (name, more) =>
    report.check(name, () => typeCheck(client, 'generated.ts', { programs, installed, ...more }));
  await types('bundler resolution');
  await types('NodeNext', { options: { module: 'NodeNext', moduleResolution: 'NodeNext' } });
  await types('TypeScript 7', { compiler: 'typescript-7' });
}

function smallEnough(home) {
  const bytes = sizeOf(join(home, 'node_modules'));
  assert.ok(bytes <= maxBytes, `it has ${kilobytes(bytes)}`);
  return kilobytes(bytes);
}

async function printsHelp(home) {
  assert.match(await signals(home, ['--help']), /^Usage: signals <command>/);
}

/** What a gateway composes is in the package, and is what the command prints. */
async function printsSchema(home) {
  const file = join(home, 'node_modules', 'signals-subgraph', 'schema.graphql');
  assert.equal(await signals(home, ['schema']), readFileSync(file, 'utf8'));
}

/** Migrations and the example catalogue are read from the package. */
async function becomesReady(home) {
  const port = await freePort();
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, PORT: String(port), SIGNALS_DATA_DIR: join(home, 'data') };
  const words = [join('node_modules', 'signals-subgraph', 'dist', 'main.js'), '--migrate'];
  await whileServing(words, port, { cwd: home, env }, async (url) => {
    const { status } = await fetch(`${url}/readyz`);
    assert.equal(status, 200);
  });
}

async function generate(home, client) {
  const catalogue = join('node_modules', 'signals-subgraph', 'examples', 'catalogue.json');
  await signals(home, ['codegen', '--catalog', catalogue, '--app', 'journeys-admin', '--out', 'events.ts']);
  assert.match(readFileSync(join(home, 'events.ts'), 'utf8'), /declare module 'signals-client'/);
  cpSync(join(home, 'events.ts'), join(client, 'signals-events.ts'));
}

function signals(home, words) {
  return npm(['exec', '--offline', '--', 'signals', ...words], { cwd: home });
}
