// The load generator: its own process, raw sockets, JSON by hand. A run says what share of a core it took.
import { trackEvent, trackEvents } from '../documents.js';
import { eventJson, eventsPerVisitor, type Visitor, visitorOf } from '../events.js';
import { type Answer, openConnection } from '../http-client.js';
import { answerJobs } from './answer.js';
import type { HttpLoadJob } from './jobs.js';
import { type Meter, startMeter } from './meter.js';

/** Visitors that there have been, over all jobs of this process: no two of them are the same one. */
const visitors = { count: 0 };

answerJobs<'http-load'>(async (job) => {
  const connections = await Promise.all(
    Array.from({ length: job.connections }, () => openConnection(job.port)),
  );
  const meter = startMeter(job.rampMs, job.measureMs);
  const budget = { left: job.maxEvents ?? Number.POSITIVE_INFINITY };
  await Promise.all(
    connections.map(async ({ exchange }) => {
      const nextRequest = createRequests(job);
      while (meter.open() && budget.left > 0) {
        budget.left -= job.batch ?? 1;
        const request = nextRequest();
        const sentAt = performance.now();
        judge(await exchange(request), job, sentAt, meter);
      }
    }),
  );
  for (const connection of connections) connection.close();
  return meter.result();
});

function judge({ status, body }: Answer, { batch }: HttpLoadJob, sentAt: number, meter: Meter): void {
  const accepted =
    batch === null ? Number(body.includes('"ACCEPTED"')) : Number(/"accepted":(\d+)/.exec(body)?.[1] ?? 0);
  if (status !== 200 || accepted < (batch ?? 1)) meter.refused(`${status} ${body}`);
  meter.answered(sentAt, accepted);
}

/** Makes one connection's requests, each with events that nobody has sent before. */
function createRequests(job: HttpLoadJob): () => string {
  let visitor = nextVisitor();
  let seq = 0;
  let head = headOf(visitor, job);
  const next = (): string => {
    if (seq === eventsPerVisitor) {
      visitor = nextVisitor();
      seq = 0;
    }
    return eventJson(job.kind, visitor, seq++, new Date());
  };
  const { batch } = job;
  if (batch === null)
    return () => {
      const event = next();
      if (seq === 1) head = headOf(visitor, job);
      return whole(head, `{"query":"${trackEvent}","variables":{"input":${event}}}`);
    };
  return () => {
    const events = Array.from({ length: batch }, next).join(',');
    head = headOf(visitor, job);
    return whole(head, `{"query":"${trackEvents}","variables":{"input":{"events":[${events}]}}}`);
  };
}

function nextVisitor(): Visitor {
  return visitorOf(visitors.count++);
}

function headOf({ ip, userAgent, number }: Visitor, { tokens }: HttpLoadJob): string {
  return `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\naccept: application/json\r\nuser-agent: ${userAgent}\r\nx-forwarded-for: ${ip}\r\nauthorization: Bearer ${tokens[number % tokens.length]}\r\ncontent-length: `;
}

/** All of it is ASCII, so characters are bytes. */
function whole(head: string, body: string): string {
  return `${head}${body.length}\r\n\r\n${body}`;
}
