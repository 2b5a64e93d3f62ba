// Child processes of `npm run examples`, none of which outlives it.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { connect } from 'node:net';

const inGroup = process.platform !== 'win32';
const running = new Set();

/** Ends what is still running, with everything that it started in turn. */
export function killAll() {
  for (const child of running) {
    try {
      process.kill(inGroup ? -child.pid : child.pid, 'SIGKILL');
    } catch {
      // It was over already.
    }
  }
}

function start(command, args, { cwd, env, shell = false }) {
  const child = spawn(command, args, {
    cwd,
    env,
    shell,
    detached: inGroup,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const log = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      log.text += text;
    });
  }
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? null : `ended with ${code ?? signal}`));
  });
  ended.then(() => running.delete(child));
  return { child, log, ended };
}

/** Runs npm to its end; throws with all that it printed when it fails. */
export async function npm(words, options) {
  const cli = process.env.npm_execpath;
  const windows = process.platform === 'win32';
  const { log, ended } = cli?.endsWith('.js')
    ? start(process.execPath, [cli, ...words], options)
    : start(windows ? 'npm.cmd' : 'npm', words, { ...options, shell: windows });
  const problem = await ended;
  if (problem !== null) throw new Error(`npm ${words.join(' ')}: ${problem}\n${log.text}`);
  return log.text;
}

/** Runs one of Node's scripts to its end; throws with all that it printed when it fails. */
export async function node(args, options) {
  const { log, ended } = start(process.execPath, args, options);
  const problem = await ended;
  if (problem !== null) throw new Error(`${log.text}${args[0]}: ${problem}`);
}

/** Starts a server, waits until `port` answers, hands it to `use`, ends it. What it printed is returned. */
export async function whileServing(args, port, options, use) {
  const { child, log, ended } = start(process.execPath, args, options);
  let over = null;
  ended.then((problem) => {
    over = problem ?? 'ended by itself';
  });
  try {
    while (!(await answers(port))) {
      if (over !== null) throw new Error(`the server ${over}\n${log.text}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await use(`http://127.0.0.1:${port}`);
  } catch (error) {
    throw new Error(`${error.message}\n--- what the server printed:\n${log.text}`);
  } finally {
    child.kill('SIGTERM');
    const patience = setTimeout(killAll, 5_000);
    await ended;
    clearTimeout(patience);
  }
  return log.text;
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A port that nobody listens on at this moment. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Stands in for Signals where only the way there is looked at: answers with what it was asked. */
export async function echoServer() {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text) => {
      body += text;
    });
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ method: request.method, url: request.url, body }));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
