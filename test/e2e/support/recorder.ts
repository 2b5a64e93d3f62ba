import type { IncomingHttpHeaders } from 'node:http';
import { type Loopback, readText, send, serve } from './loopback.js';

/** A request as it came over the wire from a gateway. */
export interface RecordedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Stands between a gateway and a subgraph and sees what an attacker inside the network would see. */
export interface Recorder extends Loopback {
  /** What has gone through since the last call. */
  take(): readonly RecordedRequest[];
}

/** Passes everything on to `target`, headers and bytes unchanged. */
export async function createRecorder(target: string): Promise<Recorder> {
  let recorded: RecordedRequest[] = [];
  const loopback = await serve(async (incoming, outgoing) => {
    const body = await readText(incoming);
    recorded.push({ headers: incoming.headers, body });
    const { host: _, ...headers } = incoming.headers as Record<string, string>;
    try {
      const answer = await send(`${target}${incoming.url}`, {
        method: incoming.method ?? 'POST',
        headers,
        body,
      });
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
