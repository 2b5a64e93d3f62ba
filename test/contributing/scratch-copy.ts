import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A copy of the repository that a test may change. The installed packages are shared with the original. */
export interface ScratchCopy {
  read(path: string): string;
  write(path: string, text: string): void;
  /** Runs a program of node_modules, or `npm`, in the copy; answers what it printed. Throws with that when it fails. */
  run(program: string, ...args: string[]): string;
  remove(): void;
}

const left = new Set(['node_modules', 'dist', 'packed', '.git', '.tmp', '.data', '.next']);

export function createScratchCopy(): ScratchCopy {
  const folder = mkdtempSync(join(tmpdir(), 'signals-recipes-'));
  cpSync(root, folder, {
    recursive: true,
    filter: (path) => !left.has(path.slice(path.lastIndexOf('/') + 1)),
  });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return {
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    run(program, ...args) {
      const file = program === 'npm' ? program : join(folder, 'node_modules', '.bin', program);
      try {
        return execFileSync(file, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe', timeout: 150_000 });
      } catch (error) {
        const { stdout, stderr } = error as { stdout?: string; stderr?: string };
        throw new Error(`${program} ${args.join(' ')} failed:\n${stdout ?? ''}\n${stderr ?? ''}`);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
