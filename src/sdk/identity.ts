import { attempt } from '../client/attempt.js';
import type { TrackedUser } from './options.js';

/** Who is signed in: see `TrackerOptions.user` for the three things that this can be. */
export interface Identity<User extends TrackedUser> {
  user(): User | null | undefined;
  isInternal(): boolean;
  /** The id of the last user that was known; null: nobody; undefined: it has not been known yet. */
  lastId(): string | null | undefined;
  /**
   * Whether this is another than the last one that was known. Somebody after nobody is, too: a session may be left of
   * whoever used the tab before.
   */
  isSomebodyElse(next: User | null | undefined): boolean;
  set(next: User | null | undefined): void;
}

export function createIdentity<User extends TrackedUser>(
  isInternalUser: ((user: User) => boolean) | undefined,
): Identity<User> {
  let user: User | null | undefined;
  let isInternal = false;
  let lastId: string | null | undefined;

  return {
    user: () => user,
    isInternal: () => isInternal,
    lastId: () => lastId,
    isSomebodyElse: (next) => lastId !== undefined && next !== undefined && idOf(next) !== lastId,
    set(next) {
      user = next;
      if (next !== undefined) lastId = idOf(next);
      isInternal = Boolean(next && isInternalUser && saysYes(isInternalUser, next));
    },
  };
}

const idOf = (user: TrackedUser | null): string | null => user && String(user.id);

/** A predicate that throws says yes. */
const saysYes = <User>(predicate: (user: User) => boolean, user: User): boolean =>
  Boolean(attempt(() => predicate(user)) ?? true);
