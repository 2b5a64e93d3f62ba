import pg from 'pg';
import type { Setting } from './postgres-config.js';

/** Called once, with the result or why there is none. */
export type Answer = (error: Error | null, result?: unknown) => void;

/** A statement and, where it may have one, its name. */
export interface NamedText {
  readonly text: string;
  readonly name: string | undefined;
}

/** What `pg.Query` is to the client that drives it; the published types leave it out. */
interface DrivenQuery extends pg.Submittable {
  callback: Answer | undefined;
  readonly name: string | undefined;
  requiresPreparation(): boolean;
  hasBeenParsed(connection: pg.Connection): boolean;
  prepare(connection: pg.Connection): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: pg.Connection): void;
}
const BaseQuery = pg.Query as unknown as new (config: pg.QueryConfig, answer: Answer) => DrivenQuery;

/** The names that the server's session behind a connection has been given, by this process. */
const namesOf = new WeakMap<pg.Connection, Set<string>>();

/** A statement that sets the settings until the end of the transaction. */
export function settingsText(settings: readonly Setting[]): string {
  const calls = settings.map(
    ([name, value]) => `set_config(${pg.escapeLiteral(name)}, ${pg.escapeLiteral(value)}, true)`,
  );
  return `SELECT ${calls.join(', ')}`;
}

/**
 * A statement in a transaction of its own that first sets its settings: both go to the server in one message and come
 * back in one, so that this costs no round trip, and the session is left as it was.
 *
 * PostgreSQL makes everything up to the next `Sync` one transaction (manual, 55.2.4), so it is all or nothing.
 */
export class SettledQuery extends BaseQuery {
  readonly #settings: NamedText;
  #settling = true;

  constructor(config: pg.QueryConfig, settings: NamedText, answer: Answer) {
    super(config, answer);
    this.#settings = settings;
  }

  /** Always: only the extended protocol can put two statements into one transaction without a word. */
  override requiresPreparation(): boolean {
    return true;
  }

  override hasBeenParsed(connection: pg.Connection): boolean {
    return isKnown(connection, this.name);
  }

  override prepare(connection: pg.Connection): void {
    const { text, name } = this.#settings;
    if (!isKnown(connection, name)) {
      forget(connection, name);
      connection.parse({ text, name: name ?? '', types: [] }, true);
    }
    connection.bind({ statement: name ?? '', values: [] }, true);
    connection.execute({}, true);
    if (!this.hasBeenParsed(connection)) forget(connection, this.name);
    super.prepare(connection);
  }

  override handleDataRow(message: unknown): void {
    if (!this.#settling) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: pg.Connection): void {
    if (this.#settling) {
      this.#settling = false;
      return;
    }
    remember(connection, this.#settings.name, this.name);
    super.handleCommandComplete(message, connection);
  }
}

function isKnown(connection: pg.Connection, name: string | undefined): boolean {
  return name !== undefined && namesOf.get(connection)?.has(name) === true;
}

function remember(connection: pg.Connection, ...names: readonly (string | undefined)[]): void {
  const known = namesOf.get(connection) ?? new Set();
  namesOf.set(connection, known);
  for (const name of names) if (name !== undefined) known.add(name);
}

/** The session may know the name from before: from a statement that failed, or from another client of a pooler. */
function forget(connection: pg.Connection, name: string | undefined): void {
  if (name !== undefined) connection.close({ type: 'S', name }, true);
}
