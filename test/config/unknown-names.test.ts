import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settings } from '../../src/config/index.js';
import { judgeNames } from '../../src/config/unknown-names.js';

const names = settings.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
const ours = names.filter((name) => name.startsWith('SIGNALS_'));

describe('a name in the environment', () => {
  it('that is a setting, or not ours, is fine', () => {
    expect(judgeNames([...names, 'PATH', 'HOME', 'SIGNAL_STORE', 'MY_SIGNALS_STORE'])).toEqual({
      problems: [],
      warnings: [],
    });
  });

  it.each([
    'SIGNALS_SERVICE_HOST',
    'SIGNALS_SERVICE_PORT',
    'SIGNALS_SERVICE_PORT_HTTP',
    'SIGNALS_PORT',
    'SIGNALS_PORT_4008_TCP_ADDR',
    'SIGNALS_TEST_REQUIRE_ALL',
    'SIGNALS_TOKEN',
    'SIGNALS_ADMIN_TOKEN',
    'SIGNALS_NO_BUILD',
  ])('%s is put there by platforms and our own commands, and is ignored', (name) => {
    expect(judgeNames([name])).toEqual({ problems: [], warnings: [] });
  });

  it('is ignored before it is compared: a setting of a similar name changes nothing', () => {
    expect(judgeNames(['SIGNALS_SERVICE_PORT_VALUE', 'SIGNALS_PORTS'])).toEqual({
      problems: [],
      warnings: [],
    });
  });

  it('that is within two letters of a setting is refused with the setting’s name', () => {
    const letter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789');
    const edit = fc.record({ at: fc.nat(60), cut: fc.constantFrom(0, 1), put: fc.option(letter) });
    const misspelt = fc
      .tuple(fc.constantFrom(...ours), fc.array(edit, { minLength: 1, maxLength: 2 }))
      .map(([name, edits]) =>
        edits.reduce((text, { at, cut, put }) => {
          const from = 'SIGNALS_'.length + (at % (text.length - 'SIGNALS_'.length));
          return text.slice(0, from) + (put ?? '') + text.slice(from + cut);
        }, name),
      )
      .filter((name) => !names.includes(name));
    fc.assert(
      fc.property(misspelt, (name) => {
        const { problems, warnings } = judgeNames([name]);
        expect(warnings).toEqual([]);
        expect(problems).toEqual([
          expect.stringMatching(new RegExp(`^${name} is not a setting.* SIGNALS_\\w+$`)),
        ]);
      }),
    );
  });

  it('that is misspelt is compared with the names of files as well, and the nearest is named', () => {
    expect(judgeNames(['SIGNALS_SALT_SECRET_FIEL', 'SIGNALS_JWKS_FILES']).problems).toEqual([
      'SIGNALS_JWKS_FILES is not a setting; the setting is called SIGNALS_JWKS_FILE',
      'SIGNALS_SALT_SECRET_FIEL is not a setting; the setting is called SIGNALS_SALT_SECRET_FILE',
    ]);
  });

  it('of ours that is far from every setting is one warning', () => {
    const { problems, warnings } = judgeNames(['SIGNALS_COLOUR_OF_THE_SKY', 'SIGNALS_URL']);
    expect(problems).toEqual([]);
    expect(warnings).toHaveLength(2);
  });

  it('of a file for a setting that is no secret is one warning, which says so', () => {
    expect(judgeNames(['SIGNALS_JWT_ISSUER_FILE'])).toEqual({
      problems: [],
      warnings: [expect.stringContaining('only secrets are read from files')],
    });
  });
});
