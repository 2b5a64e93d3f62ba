import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { sampleSession } from './sample-session.mjs';
import { sendTelemetry } from './telemetry.mjs';

const help = `Sends the telemetry of a pull request to Signals.

  node examples/ide/send.mjs [options]

  --endpoint URL            default: SIGNALS_ENDPOINT, or http://127.0.0.1:4008
  --token TOKEN             default: SIGNALS_TOKEN (better: arguments are seen by every user of a machine)
  --pull-request O/R#N      default: octo-org/demo#42
  --session FILE            one {"did": "edited", …} a line, - for standard input; default: a sample
  --help

Prints the counts as JSON. Exit code: 0 everything was taken, 1 something was not, 2 it could not start.
`;

const options = {
  endpoint: { type: 'string' },
  token: { type: 'string' },
  'pull-request': { type: 'string', default: 'octo-org/demo#42' },
  session: { type: 'string' },
  help: { type: 'boolean', default: false },
};

/** Returns the exit code. */
export async function run({ createTracker, args, env, stdin, print, printError }) {
  try {
    const { values } = parseArgs({ args, options });
    if (values.help) {
      print(help);
      return 0;
    }
    const token = values.token ?? env.SIGNALS_TOKEN;
    if (!token) throw new TypeError('a token is needed: --token or SIGNALS_TOKEN');
    const stats = await sendTelemetry({
      createTracker,
      endpoint: values.endpoint ?? env.SIGNALS_ENDPOINT ?? 'http://127.0.0.1:4008',
      token,
      pullRequest: values['pull-request'],
      session: values.session ? await readSession(values.session, stdin) : sampleSession(),
    });
    print(`${JSON.stringify(stats, null, 2)}\n`);
    return stats.unreadable > 0 || stats.accepted + stats.duplicates < stats.tracked ? 1 : 0;
  } catch (error) {
    printError(`${error.message}\n`);
    return 2;
  }
}

async function readSession(file, stdin) {
  const text = file === '-' ? (await stdin.toArray()).join('') : await readFile(file, 'utf8');
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [readStep(line)]));
}

/** A line that is no JSON stands for a step that cannot be read: it is counted, and the rest is sent. */
function readStep(line) {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
