import { expect, it } from 'vitest';
import { identify, isSomebodyElse, unknownUser } from '../../src/sdk/identity.js';

const identified = (...users: readonly ({ readonly id: string | number } | null | undefined)[]) =>
  users.reduce<ReturnType<typeof identify>>((last, user) => identify(last, user, undefined), unknownUser);

it.each([
  ['the first that is known', [undefined], { id: 'a' }, false],
  ['the first that is known, though it is nobody', [], null, false],
  ['the same', [{ id: 'a' }], { id: 'a' }, false],
  ['the same, with its id as a number', [{ id: 7 }], { id: '7' }, false],
  ['the same after it was not known for a while', [{ id: 'a' }, undefined], { id: 'a' }, false],
  ['not known for a while', [{ id: 'a' }], undefined, false],
  ['another', [{ id: 'a' }], { id: 'b' }, true],
  ['another after it was not known for a while', [{ id: 'a' }, undefined], { id: 'b' }, true],
  ['nobody after somebody', [{ id: 'a' }], null, true],
  ['somebody after nobody', [null], { id: 'a' }, true],
])('%s is somebody else: %j, then %j, %s', (_, before, user, isElse) => {
  const last = identified(...before);
  expect(isSomebodyElse(last, identify(last, user, undefined))).toBe(isElse);
});

it('asks the app who is internal, about known users alone, and takes a throw for a yes', () => {
  const isStaff = ({ id }: { readonly id: string }) => {
    if (id === 'odd') throw new Error('a predicate that throws');
    return id === 'staff';
  };
  const isInternal = (user: { readonly id: string } | null | undefined) =>
    identify(unknownUser, user, isStaff).isInternal;
  expect([{ id: 'staff' }, { id: 'odd' }, { id: 'user' }, null, undefined].map(isInternal)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
