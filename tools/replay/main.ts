import { createReadStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CliIo, Command } from '../../src/cli/io.js';
import { type Exchange, type HttpFetch, post } from '../../src/client/transport.js';
import { botFamily, isBot } from '../../src/domain/privacy/user-agent/bots.js';
import { normaliseUserAgent } from '../../src/domain/privacy/user-agent/user-agent.js';
import { readLines, unpacked } from '../../src/leak-scan/read-lines.js';
import { createTimers } from '../../src/node-client/timers.js';
import { graphqlChannel, restChannel } from './channels.js';
import { countByStats } from './counted-days.js';
import { createNodeHttpFetch } from './node-http-fetch.js';
import { parseReplayOptions, type ReplayOptions, replayHelp } from './options.js';
import { createProgress } from './progress.js';
import { type Caller, shiftToYesterday } from './replay-event.js';
import { replayLog } from './replay-log.js';
import { describeReport, type ReplayReport } from './report.js';
import { countStored, type StoredDay } from './stored-visitors.js';
import { type Survey, surveyLog } from './survey.js';
import { createTally, type Tally, type VisitorTools } from './tally.js';

/** What a replay uses besides `CliIo`; tests give their own. */
export interface ReplayTools extends VisitorTools {
  readonly createFetch: () => { readonly fetch: HttpFetch; close(): void };
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly random: () => number;
}

/** `npm run replay`: an access log as `page_viewed` events; the report on standard output, progress beside it. */
export const run: Command = createReplayCommand({
  isBot,
  botFamily,
  normaliseUserAgent,
  createFetch: createNodeHttpFetch,
  sleep,
  random: Math.random,
});

/** The command with the given tools. Exit code 0: every line has a final answer; 1: not; 2: used wrongly. */
export function createReplayCommand(tools: ReplayTools): Command {
  return async (argv, io) => {
    const options = parseReplayOptions(argv, io.env);
    if (options.kind === 'help') {
      io.stdout.write(replayHelp);
      return 0;
    }
    if (options.kind === 'wrong') {
      io.stderr.write(`replay: ${options.problem}\n\n${replayHelp}`);
      return 2;
    }
    try {
      const report = await replay(options, tools, io);
      io.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : describeReport(report));
      const failed = Object.keys(report.failed).length > 0 || report.stopped !== null;
      return failed || report.compareFailed !== null || report.lines === 0 ? 1 : 0;
    } catch (error) {
      const code = systemCodeOf(error);
      if (code === null) throw error;
      io.stderr.write(`replay: cannot read the log (${code})\n`);
      return 1;
    }
  };
}

async function replay(options: ReplayOptions, tools: ReplayTools, io: CliIo): Promise<ReplayReport> {
  const lines = () => readLines(unpacked(createReadStream(options.logFile)));
  const found = await surveyLog(lines());
  const survey: Survey = { ...found, ownHost: options.ownHost ?? found.ownHost };
  const now = io.now();
  const tally = createTally(tools);
  const progress = createProgress(io.stderr, survey.lines, io.now);
  const http = tools.createFetch();
  const channel = options.via === 'graphql' ? graphqlChannel(options.url) : restChannel(options.url);
  const sender = createSender(options, channel.url, http.fetch, io);
  try {
    const stopped = await replayLog({
      channel,
      post: sender.asCaller,
      sleep: async (ms) => void (await tools.sleep(ms)),
      random: tools.random,
      maxAttempts: options.maxAttempts,
      tally,
      lines: lines(),
      survey,
      now,
      concurrency: options.concurrency,
      onBatch: () => progress.update(tally.settled()),
    });
    progress.end();
    return {
      ...tally.counts(),
      shiftDays: survey.newest === null ? 0 : shiftToYesterday(survey.newest, now) / 86_400_000,
      seconds: (io.now().getTime() - now.getTime()) / 1000,
      stopped,
      ...(await compare(options, sender.asAdmin, tally)),
    };
  } finally {
    http.close();
  }
}

function createSender(options: ReplayOptions, url: string, fetch: HttpFetch, io: CliIo) {
  const deps = {
    fetch,
    later: createTimers().later,
    now: () => io.now().getTime(),
    timeoutMs: options.timeoutMs,
    signal: new AbortController().signal,
  };
  const send = (to: string, token: string, body: string, headers = {}): Promise<Exchange> =>
    post(deps, { url: to, token, body, headers });
  return {
    asCaller: (body: string, caller: Caller) => {
      const userAgent = caller.userAgent === null ? {} : { 'user-agent': caller.userAgent };
      return send(url, options.token, body, { ...userAgent, 'x-forwarded-for': caller.address });
    },
    asAdmin: (body: string) => send(options.graphqlUrl, options.adminToken ?? '', body),
  };
}

async function compare(
  options: ReplayOptions,
  asAdmin: ReturnType<typeof createSender>['asAdmin'],
  tally: Tally,
): Promise<Pick<ReplayReport, 'stored' | 'counted' | 'compareFailed'>> {
  if (options.adminToken === null) return { stored: null, counted: null, compareFailed: null };
  const days = tally.counts().days.map(({ day }) => day);
  const stored: Record<string, StoredDay> = {};
  for (const day of days) {
    const verdict = await countStored(asAdmin, day);
    if (!verdict.ok) return { stored, counted: null, compareFailed: verdict.error };
    stored[day] = verdict.value;
  }
  const counted = await countByStats(asAdmin, days);
  if (!counted.ok) return { stored, counted: null, compareFailed: counted.error };
  return { stored, counted: counted.value, compareFailed: null };
}

/** `ENOENT`, `Z_DATA_ERROR` …: Node's word for trouble with a file; null for any other error. */
function systemCodeOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}
