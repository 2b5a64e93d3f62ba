import type { AddressInfo } from 'node:net';
import { createServer, connect as openSocket, type Socket } from 'node:net';

/** A wire between a client and PostgreSQL that can be cut in the ways real ones are. */
export interface Wire {
  readonly url: string;
  /** New connections are refused and open ones cut, or everything is as it should be. */
  setDown(down: boolean): void;
  /** Bytes in both directions are swallowed: the line is dead, and nobody has noticed. */
  setSilent(silent: boolean): void;
  /** The next statement reaches the server and is done; its answer is lost with the connection. */
  loseNextAnswer(): void;
  close(): Promise<void>;
}

/** Opens a proxy on a free port of the loopback, in front of the server of a connection string over a Unix socket or TCP. */
export async function openWire(databaseUrl: string): Promise<Wire> {
  const url = new URL(databaseUrl);
  const folder = url.searchParams.get('host');
  const port = Number(url.port || 5432);
  const target = folder ? { path: `${folder}/.s.PGSQL.${port}` } : { host: url.hostname, port };
  const sockets = new Set<Socket>();
  const state = { down: false, silent: false, losing: false };
  const server = createServer((client) => {
    if (state.down) {
      client.destroy();
      return;
    }
    const upstream = openSocket(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
    }
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
    client.on('data', (bytes) => state.silent || upstream.write(bytes));
    upstream.on('data', (bytes) => {
      if (state.losing) {
        state.losing = false;
        client.destroy();
      } else if (!state.silent) client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url.searchParams.delete('host');
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    setDown(down) {
      state.down = down;
      if (down) cut();
    },
    setSilent: (silent) => {
      state.silent = silent;
    },
    loseNextAnswer: () => {
      state.losing = true;
    },
    close: () =>
      new Promise<void>((resolve) => {
        cut();
        server.close(() => resolve());
      }),
  };
}
