/** A row of the table "To add …" in CONTRIBUTING.md. */
export interface Recipe {
  /** What is added, as the first column says. */
  readonly adds: string;
  /** Files and folders that the second column tells to touch, and those that the third one names. */
  readonly paths: readonly string[];
  /** Scripts of package.json that the third column tells to run. */
  readonly scripts: readonly string[];
}

/** The recipes of the page. */
export function recipesIn(page: string): readonly Recipe[] {
  const table = page.slice(page.indexOf('## To add'), page.indexOf('## Rules'));
  return [...table.matchAll(/^\| (?!-|\|)(.+?) \| (.*?) \| (.*?) ?\|$/gm)].map(
    ([, adds = '', touch = '', then = '']) => ({
      adds,
      paths: [...`${touch} ${then}`.matchAll(/`([\w./-]+)`/g)].map(([, path = '']) => path),
      scripts: [...then.matchAll(/`npm run ([\w:-]+)`/g)].map(([, name = '']) => name),
    }),
  );
}

/** Whether the recipe names the file, itself or by a folder that holds it. */
export function names({ paths }: Recipe, file: string): boolean {
  return paths.some((path) => path === file || (path.endsWith('/') && file.startsWith(path)));
}
