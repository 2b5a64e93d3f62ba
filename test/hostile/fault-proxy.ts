import type { AddressInfo } from 'node:net';
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net';

/** A line between the service and its database, or its Redis, that a test can cut. */
export interface FaultProxy {
  /** The database through the line. */
  readonly url: string;
  /** Takes calls and passes everything on. */
  open(): void;
  /** Ends every connection and refuses new ones. */
  cut(): void;
  /** Passes on what the service says, and nothing that the database answers. */
  mute(): void;
  /** From now on every answer takes so much longer. */
  slow(ms: number): void;
  close(): Promise<void>;
}

/** Puts a line on loopback in front of a database, be it behind a port or behind a Unix socket. */
export async function createFaultProxy(databaseUrl: string): Promise<FaultProxy> {
  const target = targetOf(databaseUrl);
  let mode: 'open' | 'cut' | 'mute' = 'open';
  let delayMs = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    if (mode === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(target);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      if (mode !== 'open') return;
      if (delayMs === 0) near.write(bytes);
      else setTimeout(() => near.write(bytes), delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const { port } = server.address() as AddressInfo;
  return {
    url: throughPort(databaseUrl, port),
    open: () => {
      mode = 'open';
    },
    mute: () => {
      mode = 'mute';
    },
    slow: (ms) => {
      delayMs = ms;
    },
    cut: () => {
      mode = 'cut';
      cutAll();
    },
    close: () => {
      cutAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function targetOf(databaseUrl: string): NetConnectOpts {
  const url = new URL(databaseUrl);
  const folder = url.searchParams.get('host');
  if (folder?.startsWith('/')) return { path: `${folder}/.s.PGSQL.${url.port || '5432'}` };
  return { host: url.hostname, port: Number(url.port || '5432') };
}

function throughPort(databaseUrl: string, port: number): string {
  const url = new URL(databaseUrl);
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return url.href;
}
