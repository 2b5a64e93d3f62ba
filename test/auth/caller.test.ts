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

  it.each<[string, string, Record<string, unknown>, boolean]>([
    ['scope', 'a text with the word in it', { scope: 'openid admin profile' }, true],
    ['scp', 'a text with the word in it', { scp: 'openid admin' }, true],
    ['scope', 'the word alone', { scope: 'admin' }, true],
    ['scope', 'a list that contains it', { scope: ['openid', 'admin'] }, true],
    ['token.scope', 'a text at the end of a path', { token: { scope: 'openid admin' } }, true],
    ['a.scp', 'a text under the exact name', { 'a.scp': 'openid admin' }, true],
    ['scope', 'words that only begin or end so', { scope: 'admins read:admin admin:read' }, false],
    ['scope', 'another letter case', { scope: 'openid Admin' }, false],
    ['scope', 'a comma between', { scope: 'openid,admin' }, false],
    ['scope', 'a tab or a line break between', { scope: 'openid\tadmin\nadmin' }, false],
    ['scope', 'a text inside of a list', { scope: ['openid admin'] }, false],
    ['scope', 'an object', { scope: { admin: true } }, false],
    ['scope', 'nothing', {}, false],
    ['scopes', 'a name that is none of the two', { scopes: 'openid admin' }, false],
    ['Scope', 'a name in other letter case', { Scope: 'openid admin' }, false],
    ['microscope', 'a name that only ends so', { microscope: 'openid admin' }, false],
    ['scope.roles', 'a path that only begins so', { scope: { roles: 'openid admin' } }, false],
    ['https://a.example/scope', 'a URL', { 'https://a.example/scope': 'openid admin' }, false],
  ])('with roles in %s as %s', (claim, _name, claims, isAdmin) => {
    expect(callerOf(claims, claim)?.isAdmin).toBe(isAdmin);
  });

  it('has each of its roles from one text', () => {
    expect(callerOf({ scope: 'backfill service openid' }, 'scope')).toMatchObject({
      ...{ kind: 'service', isAdmin: false, isService: true, mayBackfill: true },
    });
  });

  it('holds no role of an empty name, whatever spaces a scope has', () => {
    const rules = { claim: 'scope', admin: '', service: '', backfill: '' };
    expect(callerFromClaims({ sub: 'user-1', scope: ' a  b ' }, rules)).toMatchObject({
      ...{ kind: 'user', isAdmin: false, isService: false, mayBackfill: false },
    });
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
