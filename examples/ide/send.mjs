import { createTracker } from 'signals-client/node';
import { run } from './cli.mjs';

process.exitCode = await run({
  createTracker,
  args: process.argv.slice(2),
  env: process.env,
  stdin: process.stdin.setEncoding('utf8'),
  print: (text) => process.stdout.write(text),
  printError: (text) => process.stderr.write(text),
});
