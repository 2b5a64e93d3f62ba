import { aliases } from './aliases.js';
import type { Attack } from './attack.js';
import { bodies, bodiesOfSignedIn } from './bodies.js';
import { counts } from './counts.js';
import { documents } from './documents.js';
import { emptiedKeys } from './emptied-keys.js';
import { expansion } from './expansion.js';
import { filters } from './filters.js';
import { headers } from './headers.js';
import { paths } from './paths.js';
import { sharedLimit } from './shared-limit.js';
import { unread } from './unread.js';
import { words } from './words.js';

/** Every attack, in the order of the table. */
export const attacks: readonly Attack[] = [
  documents,
  bodies,
  bodiesOfSignedIn,
  sharedLimit,
  aliases,
  unread,
  expansion,
  counts,
  words,
  headers,
  paths,
  filters,
  emptiedKeys,
];
