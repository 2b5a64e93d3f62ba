import type { IncomingHttpHeaders } from 'node:http';
import { type HttpAnswer, type Loopback, readText, send, serve } from './loopback.js';

/** One request of a gateway and the subgraph's answer, as they went over the wire. */
export interface Exchange {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly answer: HttpAnswer;
}

/** Stands between a gateway and a subgraph and sees what an attacker inside the network would see. */
export interface Recorder extends Loopback {
  /** What has gone through since the last call. */
  take(): readonly Exchange[];
}

/** Passes everything on to `target`, headers and bytes unchanged. */
export async function createRecorder(target: string): Promise<Recorder> {
  let recorded: Exchange[] = [];
  const loopback = await serve(async (incoming, outgoing) => {
    const body = await readText(incoming);
    const { host: _, ...headers } = incoming.headers as Record<string, string>;
    try {
      const answer = await send(`${target}${incoming.url}`, {
        method: incoming.method ?? 'POST',
        headers,
        body,
      });
      recorded.push({ headers: incoming.headers, body, answer });
      outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text);
    } catch {
      outgoing.destroy();
    }
  });
  return {
    ...loopback,
    take: () => {
      const taken = recorded;
      recorded = [];
      return taken;
    },
  };
}
