// What must be true of the examples once they are built: what is in the files, what their servers answer.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** As long as a token is, and found in no other file. */
export const developmentToken = 'development-token-that-no-build-may-hold';

const secondJourney = '/journeys/7d0c3f52-8d1c-4c57-8b0a-3f6f0f3c9a02';

/** The page loads a bundle that has the app and the SDK in it, and not the developer's token. */
export function checkViteFiles(folder) {
  const html = readFileSync(join(folder, 'dist', 'index.html'), 'utf8');
  const [, script] = /<script type="module"[^>]* src="\/([^"]+)"/.exec(html) ?? [];
  expect(script !== undefined && existsSync(join(folder, 'dist', script)), 'dist/index.html loads a bundle');
  checkBundles(join(folder, 'dist'), join(folder, 'dist'));
}

/** The same of what browsers get; neither half has the developer's token. */
export function checkNextFiles(folder) {
  checkBundles(join(folder, '.next', 'static'), join(folder, '.next'));
}

function checkBundles(client, everything) {
  const code = textOf(client);
  expect(code.includes('journeys-admin'), 'the bundle names the app');
  expect(code.includes('trackEvents(input:$input)'), 'the bundle holds the SDK');
  expect(!textOf(everything).includes(developmentToken), 'no build holds the development token');
}

export async function checkViteServer(url) {
  await checkPage(url, '/', 200, '<div id="root">');
  await checkProxy(url);
}

export async function checkNextServer(url) {
  await checkPage(url, '/', 200, 'New journey');
  await checkPage(url, secondJourney, 200, 'Going deeper');
  await checkPage(url, '/journeys/none', 404, 'could not be found');
  await checkProxy(url);
}

/** The log of a server that has only answered what it was asked. */
export function checkLog(log) {
  expect(!/error|warn|⨯|⚠/i.test(log), `the server has nothing to complain of; it printed:\n${log}`);
}

async function checkPage(url, path, status, text) {
  const answer = await fetch(url + path);
  expect(answer.status === status, `GET ${path} answers ${status}, not ${answer.status}`);
  expect((await answer.text()).includes(text), `GET ${path} shows "${text}"`);
}

/** Events reach Signals through the page's own origin. */
async function checkProxy(url) {
  const body = '{"query":"{ __typename }"}';
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  const heard = JSON.stringify({ method: 'POST', url: '/graphql', body });
  expect((await answer.text()) === heard, 'POST /graphql is passed on to SIGNALS_URL');
}

function textOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:js|mjs|cjs|html|json|rsc|css)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

function expect(truth, what) {
  if (!truth) throw new Error(`does not hold: ${what}`);
}
