import { attempt } from '../client/attempt.js';
import type { TrackedUser } from './options.js';

/** Who is signed in: see `TrackerOptions.user` for the three things that `user` can be. */
export interface Identity<User extends TrackedUser> {
  readonly user: User | null | undefined;
  readonly isInternal: boolean;
  /** The id of the last user that was known; null: nobody; undefined: it has not been known yet. */
  readonly lastId: string | null | undefined;
}

export const unknownUser: Identity<never> = { user: undefined, isInternal: false, lastId: undefined };

/** Who is signed in from now on. A predicate that throws says that the user is an internal one. */
export function identify<User extends TrackedUser>(
  last: Identity<User>,
  user: User | null | undefined,
  isInternalUser: ((user: User) => boolean) | undefined,
): Identity<User> {
  return {
    user,
    isInternal: Boolean(user && isInternalUser && (attempt(() => isInternalUser(user)) ?? true)),
    lastId: user === undefined ? last.lastId : user && String(user.id),
  };
}

/**
 * Whether another user is known now than before. Somebody after nobody is another one, too: a session may be left of
 * whoever used the tab before.
 */
export const isSomebodyElse = (last: Identity<TrackedUser>, next: Identity<TrackedUser>): boolean =>
  last.lastId !== undefined && last.lastId !== next.lastId;
