import type { SqlResult, Statement } from '../engine/sql-engine.js';
import { leavesConnectionUsable } from '../engine/sql-failure.js';

/** One connection to a database. */
export interface Connection {
  run(statement: Statement): Promise<SqlResult>;
  /** Calls back at most once, when the connection has died while nobody used it. */
  onLost(lost: () => void): void;
  /** Never rejects, and does not wait for a statement in flight. */
  end(): Promise<void>;
}

export interface KeptConnections {
  /** As many calls at once as the caller makes, each on its own connection; the caller keeps to its number of them. */
  run(statement: Statement): Promise<SqlResult>;
  close(): Promise<void>;
}

/**
 * Connections for one purpose alone, opened at need and kept. Not a pool with a queue: a slow admin query can
 * never make an event or a probe wait for a connection. A failure that is not a row's fault throws every idle
 * connection away, since what broke one (a restart, a fail-over) broke all: the next statement gets a fresh one.
 */
export function keepConnections(connect: () => Promise<Connection>): KeptConnections {
  const idle: Connection[] = [];
  return {
    async run(statement) {
      const connection = idle.pop() ?? (await open());
      try {
        const result = await connection.run(statement);
        idle.push(connection);
        return result;
      } catch (error) {
        if (leavesConnectionUsable(error)) idle.push(connection);
        else for (const broken of [connection, ...idle.splice(0)]) void broken.end();
        throw error;
      }
    },
    async close() {
      await Promise.all(idle.splice(0).map((connection) => connection.end()));
    },
  };

  async function open(): Promise<Connection> {
    const connection = await connect();
    connection.onLost(() => {
      const at = idle.indexOf(connection);
      if (at >= 0) idle.splice(at, 1);
    });
    return connection;
  }
}
