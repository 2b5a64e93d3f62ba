import { field as member, parseJson } from '../../client/json-field.js';
import { errorCodes, trackReasons, trackRules } from '../../contract/index.js';
import { valueAt } from './value-at.js';

/** What came of one event, as a line of a table. */
export interface DebugRow {
  readonly event: unknown;
  /** The verdict, or what came in place of verdicts. */
  readonly status: unknown;
  /** A reason of the server, an error code, or the words of whatever failed. */
  readonly reason?: unknown;
  /** A JSON pointer into the event. */
  readonly field?: unknown;
  /** What this page sent there. */
  readonly value?: unknown;
  readonly rule?: unknown;
  readonly retryAfterMs?: unknown;
  /** Reason and rule in plain words. */
  readonly meaning?: string | undefined;
}

/** The events of a request of a tracker, of either protocol; none where it is no such request. */
export function eventsOf(body: string): readonly unknown[] {
  const parsed = parseJson(body);
  const events = member(member(member(parsed, 'variables'), 'input') ?? parsed, 'events');
  return Array.isArray(events) ? events : [];
}

/** One row for each event of the answer to them, in their order. */
export function rowsOf(events: readonly unknown[], httpStatus: number, text: string): readonly DebugRow[] {
  const body = parseJson(text);
  const results = member(member(member(body, 'data'), 'trackEvents') ?? body, 'results');
  if (Array.isArray(results) && results.length === events.length)
    return events.map((event, index) => rowOf(event, results[index]));
  const errors = member(body, 'errors');
  const error = Array.isArray(errors) ? errors[0] : member(body, 'error');
  const code = member(member(error, 'extensions') ?? error, 'code');
  const refusal = {
    status: `HTTP ${httpStatus}, no verdicts`,
    ...present({
      reason: code,
      meaning: sentences(member(error, 'message'), wordsOf(errorCodes, code)?.meaning),
    }),
  };
  return events.map((event) => ({ event: member(event, 'eventType'), ...refusal }));
}

/** One row for each event that got no answer. */
export function unansweredRows(events: readonly unknown[], reason: string): readonly DebugRow[] {
  return events.map((event) => ({ event: member(event, 'eventType'), status: 'no answer', reason }));
}

function rowOf(event: unknown, result: unknown): DebugRow {
  // A null of the wire is the same as nothing.
  const said = (name: string) => member(result, name) ?? undefined;
  const [status, reason, field, rule] = [said('status'), said('reason'), said('field'), said('rule')];
  const isCut = status === 'ACCEPTED' && typeof field === 'string';
  return {
    event: member(event, 'eventType'),
    status,
    ...present({
      reason,
      field,
      value: typeof field === 'string' ? valueAt(event, field) : undefined,
      rule,
      retryAfterMs: said('retryAfterMs'),
      meaning: sentences(
        isCut ? 'Stored without what the catalogue does not declare; this is the first of it.' : undefined,
        wordsOf(trackReasons, reason)?.meaning,
        wordsOf(trackRules, rule),
      ),
    }),
  };
}

/** What a table says of a name that came from the wire. */
function wordsOf<Words>(table: Readonly<Record<string, Words>>, name: unknown): Words | undefined {
  return typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined;
}

function sentences(...parts: readonly unknown[]): string | undefined {
  return parts.filter((part) => typeof part === 'string').join(' ') || undefined;
}

/** Without what is not there, so that a table has no empty columns. */
function present<Row extends object>(row: Row): Partial<Row> {
  const entries = Object.entries(row).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<Row>;
}
