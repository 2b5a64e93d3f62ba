import { expect, it } from 'vitest';
import { createInteractionEvents } from '../../../src/sdk/capture/index.js';
import { createRecorder } from './recorder.js';

it('tells of runs, submissions and hints as the catalogue declares them', () => {
  const recorder = createRecorder();
  const events = createInteractionEvents({ track: recorder.track });
  events.run({ language: 'python', exitCode: 0 });
  events.run({ language: 'c++', exitCode: 1, durationMs: 812.6 });
  events.submit({ passed: true });
  events.hintRequest({ rung: 1 });
  events.hintReceived({ rung: 3 });
  expect(recorder.told()).toEqual([
    ['run', { language: 'python', exitCode: 0 }],
    ['run', { language: 'c++', exitCode: 1, durationMs: 812 }],
    ['submit', { passed: true }],
    ['hint_request', { rung: 1 }],
    ['hint_received', { rung: 3 }],
  ]);
});

it('brings an exit code into 32 bits without a sign, and a duration above zero', () => {
  const recorder = createRecorder();
  const events = createInteractionEvents({ track: recorder.track });
  events.run({ language: 'python', exitCode: -1, durationMs: -0.5 });
  expect(recorder.told()).toEqual([['run', { language: 'python', exitCode: 4_294_967_295, durationMs: 0 }]]);
});

it('passes nothing on but what it names', () => {
  const recorder = createRecorder();
  const events = createInteractionEvents({ track: recorder.track, route: '/play/[id]' });
  const stdout = 'secret';
  const run = { language: 'python', exitCode: 0, stdout };
  const hint = { rung: 2 as const, text: 'secret' };
  events.run(run);
  events.hintReceived(hint);
  expect(recorder.events).toHaveLength(2);
  expect(JSON.stringify(recorder.events)).not.toContain('secret');
});

it('does not throw what track throws', () => {
  const problems: string[] = [];
  const events = createInteractionEvents({
    track: () => {
      throw new Error('secret');
    },
    onError: (problem) => problems.push(problem),
  });
  events.submit({ passed: false });
  expect(problems).toEqual(['track']);
});
