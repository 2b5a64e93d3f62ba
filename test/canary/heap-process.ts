import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { globalAgent } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { nodeRequest } from '../hostile/client.js';
import { pgliteTemplate } from '../support/database.js';
import { type HeapOrder, type HeapReport, templateName } from './heap-orders.js';

/** A service that runs alone in a process, so that its heap holds nothing of the test's. */
export interface HeapService {
  readonly url: string;
  /** Keeps a text on purpose, as it is or by a slice of it, or takes it and lets it go. */
  tell(kind: 'keep' | 'keep a slice' | 'let go', text: string): Promise<void>;
  /** One request by HTTP; answers its status and body. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<string>;
  /** Sends a whole request and closes the connection before it can be answered. */
  hangUp(path: string, body: unknown, headers: Record<string, string>): Promise<void>;
  /** Closes every connection, lets the service collect its garbage, and answers the file that holds its heap. */
  writeHeap(): Promise<string>;
  kill(): Promise<void>;
}

/** Starts what `heap-service.ts` was compiled to. The environment must hold nothing that is searched for. */
export async function startHeapService(
  file: string,
  dataDir: string,
  env: Readonly<Record<string, string>>,
): Promise<HeapService> {
  const template = await pgliteTemplate();
  writeFileSync(join(dataDir, templateName), Buffer.from(await template.arrayBuffer()));
  const child = fork(file, [], {
    env: { PATH: process.env.PATH ?? '', SIGNALS_DATA_DIR: dataDir, ...env },
    // V8 cuts texts in snapshots after 1,024 characters unless told: a token is longer than that.
    execArgv: ['--expose-gc', '--heap-snapshot-string-limit=16777216'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  child.stdout?.resume();
  const gone = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
  });
  gone.catch(() => undefined);
  const heard = async (): Promise<HeapReport> => {
    const [report] = await Promise.race([once(child, 'message'), gone]);
    return report as HeapReport;
  };
  const obeyed = async (order: HeapOrder): Promise<void> => {
    child.send(order);
    await heard();
  };
  const first = await heard();
  if (!('url' in first)) throw new Error('the service did not say where it listens');
  const { url } = first;
  return {
    url,
    tell: (kind, text) => obeyed({ kind, text }),
    async post(path, body, headers = {}) {
      const { status, text } = await nodeRequest(`${url}${path}`, {
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return `${status} ${text}`;
    },
    hangUp(path, body, headers) {
      const text = JSON.stringify(body);
      const lines = Object.entries({
        host: 'localhost',
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(text)),
        ...headers,
      }).map(([name, value]) => `${name}: ${value}\r\n`);
      return new Promise((resolve, reject) => {
        const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
          socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`, () => socket.destroy());
        });
        socket.on('error', reject).on('close', () => resolve());
      });
    },
    async writeHeap() {
      globalAgent.destroy();
      const path = join(dataDir, 'service.heapsnapshot');
      await obeyed({ kind: 'write the heap', path });
      return path;
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
