// The packages whose code a build took in, and the notice that their licences ask for.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The licences whose code may be passed on inside dist/, as long as their notice goes with it. */
const permitted = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/**
 * The text of THIRD-PARTY-NOTICES.txt for a build: every package that the bundler put code of into its output, with
 * name, version, licence and licence text. Throws, with every reason, when a package may not be passed on or when
 * its text cannot be found.
 */
export function thirdPartyNotices(metafile, root) {
  const packages = bundledFolders(metafile, root)
    .map(describePackage)
    .sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
  const problems = packages.flatMap(problemsOf);
  if (problems.length > 0) throw new Error(`dist/ may not contain:\n${problems.join('\n')}`);
  return [heading, ...packages.map(noticeOf)].join(`\n${'-'.repeat(80)}\n\n`);
}

const heading = 'Files in this folder contain code of these packages, under these licences.\n';

/** The folders of the packages that left at least one byte in the output. */
function bundledFolders({ outputs }, root) {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const folders = files
    .filter((file) => file.split('/').includes('node_modules'))
    .map((file) => packageFolder(join(root, file)));
  return [...new Set(folders)];
}

/** The nearest folder above a file whose package.json has a name; some packages have nameless ones further in. */
function packageFolder(file) {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json')) && manifestOf(folder).name) return folder;
  }
  throw new Error(`${file} belongs to no package`);
}

function describePackage(folder) {
  const { name, version, license = null, author = null } = manifestOf(folder);
  return {
    name,
    version,
    license,
    text: licenceText(folder) ?? mitText(license, author),
    extra: noticeFile(folder),
  };
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

const licenceText = (folder) => firstFile(folder, /^licen[cs]e(\.(md|txt))?$/i);

/** Apache-2.0 asks to pass this file on where there is one. */
const noticeFile = (folder) => firstFile(folder, /^notice(\.(md|txt))?$/i);

function firstFile(folder, pattern) {
  const name = readdirSync(folder).find((each) => pattern.test(each));
  return name === undefined ? null : readFileSync(join(folder, name), 'utf8').trim();
}

/** For a package that says MIT and who wrote it but brings no copy of the text: MIT has only one. */
function mitText(license, author) {
  const holder = typeof author === 'string' ? author : (author?.name ?? null);
  if (license !== 'MIT' || holder === null) return null;
  return `Copyright (c) ${holder}\n\n${mit}`;
}

function problemsOf({ name, version, license, text }) {
  const named = `  ${name} ${version}`;
  if (license === null) return [`${named}: it names no licence`];
  if (!permitted.includes(license)) return [`${named}: ${license} is not among ${permitted.join(', ')}`];
  return text === null ? [`${named}: it says ${license} but has no licence file`] : [];
}

function noticeOf({ name, version, license, text, extra }) {
  return `${[`${name} ${version} (${license})`, text, ...(extra === null ? [] : [extra])].join('\n\n')}\n`;
}

function compare(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
