import { spawn } from 'node:child_process';

/**
 * Runs a program to its end and answers all it wrote. Rejects, with that, when it fails or takes longer than
 * `timeoutMs`; whatever it had started in its group is ended then too.
 */
export function run(command, words, { cwd, timeoutMs = 120_000, env = process.env, shell = false }) {
  const inGroup = process.platform !== 'win32';
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      cwd,
      env,
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: inGroup,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    const end = () => {
      try {
        process.kill(inGroup ? -child.pid : child.pid, 'SIGKILL');
      } catch {
        // Nobody is left.
      }
    };
    process.once('exit', end);
    const deadline = setTimeout(() => {
      output += `\nnot done after ${timeoutMs / 1000} s`;
      end();
    }, timeoutMs);
    const settle = (act) => {
      clearTimeout(deadline);
      process.off('exit', end);
      act();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('close', (code) =>
      settle(() => (code === 0 ? resolve(output) : reject(new Error(output.trim() || `exit code ${code}`)))),
    );
  });
}

/** Runs npm: the one that runs this script, where one does. */
export function npm(words, options) {
  const cli = process.env.npm_execpath;
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', ...words];
  if (cli?.endsWith('.js')) return run(process.execPath, [cli, ...quiet], options);
  const shell = process.platform === 'win32';
  return run(shell ? 'npm.cmd' : 'npm', quiet, { ...options, shell });
}

/** Runs a script with this Node. */
export function node(script, words, options) {
  return run(process.execPath, [script, ...words], options);
}
