import type { Simulation } from './simulate.js';

/**
 * Why a simulation proves nothing: a table that is nearly empty links nobody. Answers sentences; none: it is sound.
 */
export function simulationProblems({ people, rows, senderOf, days, counts }: Simulation): readonly string[] {
  const stored = new Map<string, number>();
  let foreign = 0;
  for (const row of rows) {
    if (row.table !== 'events') continue;
    const sender = senderOf.get(row.columns.id ?? '');
    if (sender) stored.set(sender.name, (stored.get(sender.name) ?? 0) + 1);
    else foreign += 1;
  }
  const problems: string[] = [];
  if (foreign > 0)
    problems.push(`${foreign} rows belong to nobody: the id of a row is not eventId(author, clientEventId).`);
  const total = [...stored.values()].reduce((sum, count) => sum + count, 0);
  const refusals = Object.entries(counts.refused).map(([reason, count]) => `${count} ${reason}`);
  if (total < 0.85 * counts.sent)
    problems.push(`Only ${total} of ${counts.sent} events were stored (${refusals.join(', ')}).`);
  for (const { name, scored, program } of people) {
    // Half of these ids may be refused.
    const least = program === 'desktop' ? 2 : 4;
    const count = stored.get(name) ?? 0;
    if (scored && count < least * days.length)
      problems.push(`${name} has ${count} rows on ${days.length} days, fewer than ${least} a day.`);
  }
  return problems;
}
