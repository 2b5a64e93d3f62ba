import { writeFileSync } from 'node:fs';
import type { Command } from '../../src/cli/io.js';
import { openStore } from '../../src/store/open-store.js';
import {
  migrationsDir,
  type PostgresOffer,
  silent,
  startDatabaseBroker,
} from '../../test/support/database-broker.js';
import { measureBeside } from './beside/index.js';
import { judgeSurely } from './judge.js';
import { help, type Options, readOptions } from './options.js';
import { besideText, linksOf, type ZoneReport, zoneReport, zoneText } from './report.js';
import { senderText, toTsv } from './rows/tsv.js';
import { simulationProblems } from './simulate/problems.js';
import { defaultFirstDay, type Simulation, type SimulationOptions, simulate } from './simulate/simulate.js';

/** `npm run linkage`. Exit: 0 nobody could be followed, 1 somebody could, 2 used wrongly. */
export const run: Command = async (argv) => {
  const options = readOptions(argv);
  if (!options || options.help) {
    process[options ? 'stdout' : 'stderr'].write(help);
    return options ? 0 : 2;
  }
  const broker = await startDatabaseBroker(() => undefined);
  try {
    return await judge(options, broker.url);
  } finally {
    await broker.stop();
  }
};

async function judge(options: Options, brokerUrl: string): Promise<number> {
  const say = progress();
  const template = await (await fetch(brokerUrl)).blob();
  const { seed, users, days } = options;
  const reports: ZoneReport[] = [];
  let first: Simulation | null = null;
  for (const zone of options.zones) {
    const world = { users, days, zone, firstDay: defaultFirstDay };
    const simulation = await simulateOn(template, say, { ...world, seed });
    const problems = simulationProblems(simulation);
    if (problems.length > 0) {
      process.stderr.write(`linkage: the simulation of ${zone} proves nothing.\n${problems.join('\n')}\n`);
      return 3;
    }
    first ??= simulation;
    const second = () => simulateOn(template, say, { ...world, seed: seed + 1 });
    const report = zoneReport(simulation, await judgeSurely(simulation, second));
    reports.push(report);
    if (!options.json) process.stdout.write(`${zoneText(report)}\n`);
  }
  if (options.dump !== null && first) dump(options.dump, first);
  const beside =
    options.beside && first
      ? await measureBeside({
          simulation: first,
          habits: () => simulateOn(template, say, { ...habitWorld, seed }),
          postgres: async () => (await (await fetch(`${brokerUrl}/postgres`)).json()) as PostgresOffer,
          say,
        })
      : [];
  if (options.json) process.stdout.write(`${JSON.stringify({ seed, zones: reports, beside }, null, 2)}\n`);
  else if (options.beside) process.stdout.write(besideText(beside));
  return reports.some((report) => linksOf(report).length > 0) ? 1 : 0;
}

const habitWorld = { users: 20, days: 3, zone: 'UTC', firstDay: defaultFirstDay, habits: true } as const;

async function simulateOn(
  template: Blob,
  say: (line: string) => void,
  options: SimulationOptions,
): Promise<Simulation> {
  const clock = { now: () => new Date() };
  const store = await openStore({ migrationsDir, log: silent, clock, template });
  try {
    return await simulate(
      {
        ...options,
        onDay: ({ name }, index) => say(`${options.zone}, ${name} (day ${index + 1} of ${options.days})`),
      },
      store,
    );
  } finally {
    await store.store.close();
  }
}

/** Lines on standard error where somebody looks at it. */
function progress(): (line: string) => void {
  return (line) => {
    if (process.stderr.isTTY) process.stderr.write(`linkage: ${line}\n`);
  };
}

function dump(file: string, { rows, senderOf }: Simulation): void {
  const truthful = rows.map((row) => {
    const sender = row.table === 'events' ? senderOf.get(row.columns.id ?? '') : undefined;
    return { row, sender: sender ? senderText(sender) : null };
  });
  writeFileSync(file, toTsv(truthful));
}
