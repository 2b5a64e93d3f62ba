import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerFromClaims } from '../../src/auth/index.js';
import { roleRules } from './fixtures.js';

function callerOf(claims: Record<string, unknown>, claim = 'roles') {
  return callerFromClaims({ sub: 'user-1', ...claims }, { ...roleRules, claim });
}

describe('a caller', () => {
  it.each([
    [['admin', 'service', 'backfill'], { kind: 'admin', isAdmin: true, isService: true, mayBackfill: true }],
    [['service', 'backfill'], { kind: 'service', isAdmin: false, isService: true, mayBackfill: true }],
    [['backfill'], { kind: 'user', isAdmin: false, isService: false, mayBackfill: true }],
    ['service', { kind: 'service', isAdmin: false, isService: true, mayBackfill: false }],
    [[], { kind: 'user', isAdmin: false, isService: false, mayBackfill: false }],
  ])('with the roles %j', (roles, expected) => {
    expect(callerOf({ roles })).toEqual({ subject: 'user-1', email: null, ...expected });
  });

  it.each<[string, string, Record<string, unknown>, boolean]>([
    ['an exact name', 'roles', { roles: ['admin'] }, true],
    ['a URL, dots and all', 'https://a.example/roles', { 'https://a.example/roles': ['admin'] }, true],
    ['a path', 'realm_access.roles', { realm_access: { roles: ['admin'] } }, true],
    [
      'a longer path',
      'resource_access.signals.roles',
      { resource_access: { signals: { roles: ['admin'] } } },
      true,
    ],
    ['exact name before path', 'a.b', { 'a.b': ['user'], a: { b: ['admin'] } }, false],
    ['a path through a list', 'groups.0', { groups: ['admin'] }, false],
    ['a path through nothing', 'a.b.c', { a: null }, false],
    ['an inherited property', 'constructor.name', {}, false],
    ['the prototype', '__proto__', {}, false],
  ])('has its roles found under %s', (_name, claim, claims, isAdmin) => {
    expect(callerOf(claims, claim)?.isAdmin).toBe(isAdmin);
  });

  it.each([
    ['a@b.example', 'a@b.example'],
    ['', null],
    [7, null],
    [['a@b.example'], null],
    ['x'.repeat(257), null],
  ])('with the e-mail %j has %j', (email, expected) => {
    expect(callerOf({ email })?.email).toBe(expected);
  });

  it('is nobody without a usable subject', () => {
    for (const sub of ['', 1, null, undefined, 'a\u0000', '\udc00', 'x'.repeat(257)])
      expect(callerOf({ sub })).toBeNull();
  });

  it('is never an admin by claims that do not strictly say so', () => {
    const anything = fc
      .anything()
      .filter((roles) => roles !== 'admin' && !(Array.isArray(roles) && roles.includes('admin')));
    fc.assert(
      fc.property(anything, (roles) => {
        expect(callerOf({ roles })).toMatchObject({ isAdmin: false });
      }),
    );
  });

  it('holds no role that has no name', () => {
    const rules = { claim: 'roles', admin: '', service: '', backfill: '' };
    const answer = callerFromClaims({ sub: 'user-1', roles: ['', null] }, rules);
    expect(answer).toMatchObject({ kind: 'user', isAdmin: false, isService: false, mayBackfill: false });
  });
});
