import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientModules, entryFiles } from '../support/client-entries.js';
import { budgets, judge, type Verdict, withoutBudget } from './budget.js';
import { measure } from './measure.js';
import { help, readOptions } from './options.js';
import { peers } from './peers.js';
import { entriesTable, type PeerSize, peersTable, withRegion } from './report.js';

/** What the command needs of the world. */
export interface SizeIo {
  /** Folder of the repository. */
  readonly root: string;
  /** Folder of the package that is measured, built. */
  readonly client: string;
  /** This folder. */
  readonly here: string;
  /** Installs the other trackers; whether that worked. */
  readonly installPeers: () => boolean;
  readonly now: () => Date;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** `npm run size`: its exit code. */
export async function run(argv: readonly string[], io: SizeIo): Promise<number> {
  const options = readOptions(argv);
  if (options === null || options.help) {
    io[options === null ? 'stderr' : 'stdout'].write(help);
    return options === null ? 2 : 0;
  }
  try {
    const files = entryFiles(io.client);
    const unknown = withoutBudget([...files.keys()]);
    const verdicts = await measureEntries(io.client, files);
    if (options.peers && !io.installPeers()) return 1;
    const sizes = options.peers ? await measurePeers(io) : [];
    io.stdout.write(
      options.json
        ? `${JSON.stringify({ unit: 'bytes', entries: verdicts, peers: sizes }, null, 2)}\n`
        : [entriesTable(verdicts), ...(options.peers ? [peersTable(sizes)] : [])].join('\n'),
    );
    if (options.write) writePage(io, verdicts, sizes);
    for (const entry of unknown) io.stderr.write(`size: ${entry} has no budget in test/size/budget.ts\n`);
    const over = verdicts.filter((verdict) => verdict.isOver);
    for (const { entry, gzip, budget } of over) {
      io.stderr.write(`size: ${entry} is ${gzip - budget} bytes over its budget of ${budget}\n`);
    }
    return over.length + unknown.length > 0 ? 1 : 0;
  } catch (error) {
    io.stderr.write(`size: ${error instanceof Error ? error.message : 'failed'}\n`);
    return 1;
  }
}

async function measureEntries(client: string, files: ReadonlyMap<string, string>): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const budget of budgets) {
    const file = files.get(budget.entry);
    if (file === undefined) throw new Error(`package.json exports no ${budget.entry}`);
    const code = `export * from ${JSON.stringify(file)};`;
    verdicts.push(judge(budget, await measure({ code, folder: client })));
  }
  return verdicts;
}

async function measurePeers({ client, here }: SizeIo): Promise<PeerSize[]> {
  const alias = Object.fromEntries(clientModules(client));
  const sizes: PeerSize[] = [];
  for (const { program, label, package: name, about } of peers) {
    const folder = name === null ? client : join(here, 'node_modules', name);
    const { version, license } = readJson(join(folder, 'package.json'));
    const code = readFileSync(join(here, 'peers', `${program}.js`), 'utf8');
    sizes.push({
      label,
      version: name === null ? 'this' : String(version),
      licence: name === null ? '–' : String(license),
      about,
      ...(await measure({ code, folder: here, alias })),
    });
  }
  return sizes;
}

function writePage(io: SizeIo, verdicts: readonly Verdict[], sizes: readonly PeerSize[]): void {
  const file = join(io.root, 'docs', 'client-size.md');
  const date = io.now().toISOString().slice(0, 10);
  const esbuild = String(readJson(join(io.root, 'node_modules', 'esbuild', 'package.json')).version);
  const made = `\`npm run size -- --write\` on ${date}: esbuild ${esbuild}, Node ${process.versions.node}.\n\n`;
  const page = readFileSync(file, 'utf8');
  const withEntries = withRegion(page, 'entries', `${made}${entriesTable(verdicts)}`);
  writeFileSync(file, withRegion(withEntries, 'peers', `${made}${peersTable(sizes)}`));
  io.stderr.write('size: wrote docs/client-size.md\n');
}

function readJson(file: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
