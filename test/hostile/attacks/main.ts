import type { Attack, Field } from './attack.js';
import { attacks } from './attacks.js';
import { openField } from './field.js';

const help = `Usage: npm run test:hostile [-- --only <text>]

Attacks a service in a process of its own, on PostgreSQL and Redis, and prints a Markdown table of what became of it,
beside what the code before November 28, 2026 did. It takes about two minutes on two cores.

  --only <text>   only attacks whose name holds the text
  --help          this text

Exits with 1 when a promise is broken. What a machine lacks for an attack is said, and with SIGNALS_TEST_REQUIRE_ALL a
failure.
`;

const [option, only, ...more] = process.argv.slice(2);
if (option === '--help') process.stdout.write(help);
else if (more.length > 0 || (option !== undefined && (option !== '--only' || only === undefined))) {
  process.stderr.write(help);
  process.exitCode = 2;
} else process.exitCode = await attackAll(attacks.filter(({ name }) => name.includes(only ?? '')));

async function attackAll(wanted: readonly Attack[]): Promise<number> {
  const field = await openField();
  process.once('SIGINT', () => void field.close().finally(() => process.exit(130)));
  try {
    // Those that have to wait for a minute to pass wait beside the others.
    const patient = wanted.filter(({ patient }) => patient).map((attack) => judge(attack, field));
    const rows: Row[] = [];
    for (const attack of wanted) if (!attack.patient) rows.push(await judge(attack, field));
    rows.push(...(await Promise.all(patient)));
    process.stdout.write(tableOf(rows));
    return rows.every(({ verdict }) => verdict === 'holds') ? 0 : 1;
  } finally {
    await field.close();
  }
}

interface Row {
  readonly attack: Attack;
  readonly figure: string;
  readonly verdict: 'holds' | 'skipped' | 'BROKEN';
}

async function judge(attack: Attack, field: Field): Promise<Row> {
  const startedAt = performance.now();
  const outcome = await attack.run(field);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  const missing = process.env.SIGNALS_TEST_REQUIRE_ALL ? 'BROKEN' : 'skipped';
  const verdict = outcome === null ? missing : outcome.holds ? 'holds' : 'BROKEN';
  const figure = outcome?.figure ?? 'not tried: something is missing on this machine';
  process.stderr.write(`attack: ${attack.name}: ${figure}: ${verdict} (${seconds} s)\n`);
  return { attack, figure, verdict };
}

function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ attack, figure, verdict }) => [
    attack.name,
    attack.before,
    figure,
    attack.promised,
    verdict,
  ]);
  const head = ['attack', 'before', 'now', 'promised', ''];
  return [head, head.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |\n`).join('');
}
