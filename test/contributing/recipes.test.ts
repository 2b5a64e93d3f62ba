import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Change, proof, walks } from './changes.js';
import { type Recipe, recipesIn, tellsToTouch } from './recipe.js';
import { createScratchCopy, type ScratchCopy } from './scratch-copy.js';

// The recipes of CONTRIBUTING.md, followed by the letter in a copy of the repository: no file is touched that a recipe
// does not name, no command is run that it does not tell to run, and then everything has to hold.
describe('CONTRIBUTING.md', () => {
  let copy: ScratchCopy;
  let recipes: ReadonlyMap<string, Recipe>;
  const ran: string[] = [];

  beforeAll(() => {
    copy = createScratchCopy();
    recipes = recipesIn(copy.read('CONTRIBUTING.md'));
  });
  afterAll(() => copy.remove());

  const recipeOf = (adds: string): Recipe => {
    const found = recipes.get(adds);
    if (!found) throw new Error(`CONTRIBUTING.md has no recipe for ${adds}`);
    return found;
  };

  it('has a table of recipes', () => {
    expect(recipes.size).toBeGreaterThan(15);
  });

  it.each(walks)('names every file that is touched to add $recipe', ({ recipe, changes }) => {
    expect(changes.map(({ file }) => file).filter((file) => !tellsToTouch(recipeOf(recipe), file))).toEqual(
      [],
    );
    for (const change of changes) apply(copy, change);
  });

  it('tells every command that has to be run', () => {
    const commands = new Set(
      walks.flatMap(({ recipe }) => recipeOf(recipe).commands).map((words) => words.join(' ')),
    );
    for (const command of commands) {
      const [program = '', ...args] = command.split(' ');
      if (program === 'npx') copy.run(...(args as [string, ...string[]]));
      else copy.run(program, ...args);
      ran.push(command);
    }
    expect(ran).toContain('npm run docs');
  }, 240_000);

  it('has told all that is needed: types, lint and the tests of what was touched hold', () => {
    copy.write(proof.file, proof.text);
    copy.run('tsc', '--noEmit');
    copy.run(
      'biome',
      'check',
      '--write',
      ...new Set(
        walks
          .flatMap(({ changes }) => changes.map(({ file }) => file))
          .filter((file) => /\.(ts|json)$/.test(file)),
      ),
    );
    copy.run(
      'vitest',
      'run',
      '--typecheck.enabled=false',
      proof.file,
      'test/jobs/count-events.test.ts',
      'test/architecture/boundaries.test.ts',
      'test/architecture/docs-in-step.test.ts',
      'test/config',
      'test/domain/privacy/user-agent',
      'test/catalogue/example-catalogue.test.ts',
      'test/catalogue-tools/catalogue-types.test.ts',
    );
  }, 300_000);
});

function apply(copy: ScratchCopy, change: Change): void {
  if ('text' in change) {
    copy.write(change.file, change.text);
    return;
  }
  const before = copy.read(change.file);
  const at = before.indexOf(change.after);
  if (at < 0) throw new Error(`${change.file} has no ${change.after}`);
  const end = at + change.after.length;
  copy.write(change.file, before.slice(0, end) + change.insert + before.slice(end));
}
