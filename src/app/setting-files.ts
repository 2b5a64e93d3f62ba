import { readFileSync, statSync } from 'node:fs';
import type { SettingFiles } from '../config/index.js';

/** Read and write for the group and for everybody. */
const othersMask = 0o066;

/** The files of this machine. Where the system knows no modes (Windows), no file counts as open to others. */
export const settingFiles: SettingFiles = {
  read: (path) => readFileSync(path, 'utf8'),
  isOpenToOthers: (path) => process.platform !== 'win32' && (statSync(path).mode & othersMask) !== 0,
};
