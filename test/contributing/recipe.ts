/** A row of the table "To add …" in CONTRIBUTING.md. */
export interface Recipe {
  /** What is added, as the first column says. */
  readonly adds: string;
  /** Files and folders that the row names. */
  readonly paths: readonly string[];
  /** The commands that the last column tells to run, as words. */
  readonly commands: readonly (readonly string[])[];
}

/** The recipes of the page, by what they add. */
export function recipesIn(page: string): ReadonlyMap<string, Recipe> {
  const table = page.slice(page.indexOf('## To add'), page.indexOf('## Rules'));
  return new Map(
    [...table.matchAll(/^\| (?!-|\|)(.+?) \| (.*?) \| (.*?) ?\|$/gm)].map(
      ([, adds = '', touch = '', then = '']) => [
        adds,
        {
          adds,
          paths: quoted(`${touch} ${then}`).filter((text) => /^[\w./-]+$/.test(text)),
          commands: quoted(then)
            .filter((text) => /^(npm run|npx) /.test(text))
            .map((text) => text.split(' ')),
        },
      ],
    ),
  );
}

/** Whether the recipe names the file: itself, or a folder that holds it. */
export function tellsToTouch({ paths }: Recipe, file: string): boolean {
  return paths.some((path) => path === file || (path.endsWith('/') && file.startsWith(path)));
}

function quoted(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, inside = '']) => inside);
}
