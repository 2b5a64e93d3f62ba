import type { Log, Readiness } from '../domain/ports/index.js';
import type { Closable } from './opened.js';

export type Check = () => Promise<Readiness> | Readiness;

/** How often the log is brought up to date where nobody probes. */
const everyMs = 10_000;

export interface ReadinessWatch extends Closable {
  /** Asks the checks in order; the first that fails says why. Says in the log when the answer has changed. */
  ask(): Promise<Readiness>;
  /** Asks now and from time to time, so that the log tells of an outage that nobody probes for. */
  start(): void;
}

/** Whether everything is there that the service needs. The log has one line for each change, and none for a probe. */
export function watchReadiness(checks: readonly Check[], log: Log): ReadinessWatch {
  let said: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  const ask = async (): Promise<Readiness> => {
    const answer = await firstFailure(checks);
    const now = answer.ready ? 'ready' : `${answer.reason} ${answer.sentence}`;
    if (now !== said) say(answer, log);
    said = now;
    return answer;
  };
  return {
    ask,
    start() {
      void ask();
      timer ??= setInterval(() => void ask(), everyMs).unref();
    },
    close: () => clearInterval(timer),
  };
}

async function firstFailure(checks: readonly Check[]): Promise<Readiness> {
  const notices: string[] = [];
  for (const check of checks) {
    const answer = await check();
    if (!answer.ready) return answer;
    notices.push(...(answer.notices ?? []));
  }
  return { ready: true, notices };
}

function say({ ready, reason = 'unknown', sentence }: Readiness, log: Log): void {
  if (ready) log.info({}, 'the service is ready for events');
  else log.warn({ reason, ...(sentence && { why: sentence }) }, 'the service is not ready for events');
}
