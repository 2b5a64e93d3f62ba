import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { subcommands } from '../../src/cli/catalog.js';
import { commands } from '../../src/cli/commands.js';
import { judgeNames } from '../../src/config/unknown-names.js';
import { ingestSteps } from '../../src/domain/ingest/steps/index.js';
import { printSchema } from '../../src/graphql/schema.js';
import { withTables } from '../../tools/docs/main.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...markdownIn('docs')];

/** What a page shows as code: blocks and spans. */
const codeIn = (text: string): string[] =>
  [...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([code]) => code.replace(/^`+|`+$/g, ''));

function markdownIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? markdownIn(join(folder, entry.name))
      : entry.name.endsWith('.md')
        ? [join(folder, entry.name)]
        : [],
  );
}

describe('the documentation', () => {
  it('shows every setting, code, reason, metric and job as the code has them', () => {
    const page = read('docs/operations.md');
    expect(withTables(page)).toBe(page);
  });

  it('names every stored column, and no other', () => {
    const documented = [...read('docs/privacy.md').matchAll(/^\| `([a-z_]+\.\w+)` \|/gm)].map(
      ([, name]) => name,
    );
    const tables = [...read('prisma/schema.prisma').matchAll(/^model \w+ \{([\s\S]*?)^\}/gm)].flatMap(
      ([, body = '']) => {
        const table = /@@map\("(\w+)"\)/.exec(body)?.[1];
        return body
          .split('\n')
          .map(
            (line) =>
              /^ {2}(\w+)\s+(?:String|Int|BigInt|DateTime|Bytes|Json|Boolean|Float|Decimal|Unsupported)\b/.exec(
                line,
              ) && line,
          )
          .filter((line): line is string => Boolean(line))
          .map((line) => `${table}.${/@map\("(\w+)"\)/.exec(line)?.[1] ?? line.trim().split(/\s/)[0]}`);
      },
    );
    expect(tables.length).toBeGreaterThan(15);
    expect([...documented].sort()).toEqual([...tables].sort());
  });

  it('lists the steps in the order in which they run', () => {
    const listed = [...read('docs/privacy.md').matchAll(/^\d+\. `(\w+)`/gm)].map(([, name]) => name);
    expect(listed).toEqual(ingestSteps.steps.map(({ name }) => name));
  });

  it('has a README of at most 200 lines', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(200);
  });

  it('names only settings and scripts that there are', () => {
    const scripts = JSON.parse(read('package.json')).scripts as Record<string, string>;
    for (const page of pages) {
      const text = read(page);
      for (const [name] of text.matchAll(/\bSIGNALS_[A-Z_]+\b/g))
        expect(judgeNames([name]), page).toEqual({ problems: [], warnings: [] });
      for (const [, name = ''] of text.matchAll(/\bnpm run (?:-s )?([a-z][\w-]*)/g))
        expect(scripts[name], `${page}: npm run ${name}`).toBeDefined();
    }
  });

  it('names only commands that the installed program has', () => {
    const known = new Set([
      ...Object.keys(commands),
      ...Object.keys(subcommands).map((name) => `catalog ${name}`),
      '--help',
      '--version',
    ]);
    const named = pages
      .filter((page) => page !== 'CHANGELOG.md') // It names what was removed.
      .flatMap((page) => codeIn(read(page)).map((code) => ({ page, code })))
      .flatMap(({ page, code }) =>
        [...code.matchAll(/(?:^|[\s/])(?:signals|dist\/cli\.js) (catalog \w+|--[a-z]+|[a-z][\w-]*)/gm)].map(
          ([, name = '']) => ({ page, name }),
        ),
      );
    expect(named.filter(({ name }) => !known.has(name))).toEqual([]);
    // The pages that tell users of them do so in this form.
    expect(new Set(named.map(({ name }) => name))).toEqual(
      new Set(['serve', 'migrate', 'job', 'schema', 'codegen', 'catalog diff', 'catalog docs', '--version']),
    );
  });

  it('never has a user run the foreign package that is called signals', () => {
    for (const page of pages)
      for (const code of codeIn(read(page))) expect(code, page).not.toMatch(/\bnpx (?:-y )?signals [a-z-]/);
  });

  it('has recipes that name files and folders that there are', () => {
    const named = codeIn(read('CONTRIBUTING.md')).filter((code) =>
      /^(?:src|jobs|test|tools|scripts|docs|prisma|examples|packages)\/[\w./-]+$/.test(code),
    );
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('links only to what is there', () => {
    for (const page of pages) {
      for (const [, target = ''] of read(page)
        .replace(/`[^`\n]*`/g, '')
        .matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
        expect(existsSync(join(root, dirname(page), target)), `${page} -> ${target}`).toBe(true);
      }
    }
  });

  it('lists every decision', () => {
    const listed = [...read('docs/adr/README.md').matchAll(/\]\((\d{4}-[\w-]+\.md)\)/g)].map(
      ([, name]) => name,
    );
    expect(listed).toEqual(
      readdirSync(join(root, 'docs/adr'))
        .filter((name) => /^\d{4}-/.test(name))
        .sort(),
    );
  });
});

describe('the committed files', () => {
  it('hold the schema that the code makes', () => {
    expect(read('schema.graphql')).toBe(printSchema());
  });

  it('name no registry host, and no dependency that may not be used', () => {
    const lock = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { version?: string; license?: string; resolved?: string; dev?: boolean }>;
    };
    const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
    expect(packages.length).toBeGreaterThan(300);
    expect(packages.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([]);
    const forbidden = packages.filter(
      ([, { license = '', dev }]) => !dev && /AGPL|SSPL|Elastic|BUSL|^GPL/i.test(license),
    );
    expect(forbidden.map(([path]) => path)).toEqual([]);
    expect(lock.packages['node_modules/ua-parser-js']?.version).toMatch(/^1\.0\./);
  });

  it('use one build of Prisma’s engine, whoever runs it', () => {
    const engine = JSON.parse(read('node_modules/@prisma/schema-engine-wasm/package.json')).version;
    const wanted = JSON.parse(read('node_modules/@prisma/engines/package.json')).dependencies[
      '@prisma/engines-version'
    ];
    expect(engine).toBe(wanted);
  });
});
