import { describe, expect, it } from 'vitest';
import { limits } from '../../src/contract/index.js';
import { findPii } from '../../src/domain/privacy/pii/pii.js';
import { array, exampleCatalogue, found, instance, object } from './samples.js';

const catalogue = exampleCatalogue();

/** App, event type, entity type (or any), required and optional properties: the plan that outside users rely on. */
const plan = `
journeys-admin journey_create_clicked any
journeys-admin create_journey_clicked any
journeys-admin journey_create_from_template template
journeys-admin editor_analytics_overlay_opened journey
journeys-admin editor_strategy_overlay_opened journey
journeys-admin editor_helpscout_overlay_opened journey
journeys-admin editor_social_preview_overlay_opened journey
journeys-admin ai_translation_language_picked journey language kind?
journeys-admin,videos-admin heartbeat any intervalMs
videos-admin video_published video
web page_viewed any referrerHost? status?
web cta_clicked any ctaId destination?
conversations conversation_started scenario scenarioSlug? source?
conversations message_sent any length timeSinceLastMs?
conversations conversation_ended any reason durationMs messageCount
conversations stream_completed any streamType model inputTokens outputTokens latencyMs scenarioSlug?
conversations stream_error any streamType model errorCode retryable
conversations reconnection any attemptNumber success
conversations quota_warning any remainingTokens totalQuota percentUsed
conversations quota_exhausted any totalUsed quota
conversations invitation_created invitation presetName
conversations invitation_claimed invitation source?
conversations qr_scanned invitation
conversations observation_note_added any length
conversations user_authenticated any provider isNewUser
conversations user_merged any
test-player SESSION_CREATED test_session
test-player SESSION_SUBMITTED test_session
test-player SESSION_EXPIRED test_session
test-player REVIEW_OPENED test_session
test-player QUESTION_VIEWED question position? fromPosition? toPosition?
test-player NAVIGATE_NEXT question position? fromPosition? toPosition?
test-player NAVIGATE_PREV question position? fromPosition? toPosition?
test-player NAVIGATE_JUMP question position? fromPosition? toPosition?
test-player ANSWER_SELECTED question optionIndex
test-player ANSWER_CHANGED question optionIndex
test-player MARK_FOR_REVIEW_TOGGLED question marked
test-player PAUSE_BLUR any state
playground cursor_focus episode lineStart lineEnd durationMs
playground voice episode durationMs language?
playground edit episode insertedChars deletedChars lineStart lineEnd
playground revert episode lineStart lineEnd ageMs
playground run episode language exitCode durationMs?
playground submit episode passed
playground hint_request episode rung
playground hint_received episode rung
playground autonomy_decision episode decision confidence
ide pr_edit pull_request file insertions deletions
ide pr_command pull_request command exitCode durationMs?
ide pr_test pull_request passed failed skipped? durationMs?
ide pr_commit pull_request sha filesChanged insertions? deletions?
ide pr_annotation pull_request length
`;

describe('the example catalogue', () => {
  it('has exactly these event types, on these entity types, with these properties', () => {
    const lines = [...catalogue.eventTypes.values()].map((event) => {
      const required = array(event.schema.required);
      const names = Object.keys(object(event.schema.properties));
      const marked = names.map((name) => (required.includes(name) ? name : `${name}?`));
      return [event.apps.join(','), event.name, event.entityTypes?.join(',') ?? 'any', ...marked].join(' ');
    });
    expect(`\n${lines.join('\n')}\n`).toBe(plan);
  });

  it('has exactly these apps and entity types', () => {
    expect([...catalogue.apps.keys()]).toEqual([
      'journeys-admin',
      'videos-admin',
      'web',
      'conversations',
      'test-player',
      'playground',
      'ide',
    ]);
    expect([...catalogue.entityTypes.keys()]).toEqual([
      'journey',
      'template',
      'video',
      'scenario',
      'invitation',
      'question',
      'test_session',
      'episode',
      'pull_request',
    ]);
  });

  it('has every type in version 1, enabled, with optional entities; voice alone asks first', () => {
    for (const event of catalogue.eventTypes.values()) {
      expect(event).toMatchObject({
        version: 1,
        versions: [1],
        enabled: true,
        entityRequired: false,
        gpc: 'anonymise',
      });
    }
    const optIn = [...catalogue.eventTypes.values()].filter((event) => event.optIn);
    expect(optIn.map((event) => event.name)).toEqual(['voice']);
    const classes = Object.values(object(found(optIn[0]).schema.properties)).map(
      (schema) => object(schema)['x-privacy'],
    );
    expect(new Set(classes)).toEqual(new Set(['sensitive']));
  });

  it('still accepts the old name of journey_create_clicked, deprecated', () => {
    const deprecated = [...catalogue.eventTypes.values()].filter((event) => event.deprecated !== null);
    expect(deprecated.map(({ name, deprecated }) => [name, deprecated?.replacement])).toEqual([
      ['create_journey_clicked', 'journey_create_clicked'],
    ]);
  });

  it.each([
    ['journey', ['019a4f6c-7d2e-7b1a-9c3d-abcdef012345'], ['', '1', '019a4f6c7d2e7b1a9c3dabcdef012345']],
    ['video', ['1_jf-0-0', 'a'], ['', '_jf', '1_jf 0', '1/2', 'a'.repeat(65)]],
    ['scenario', ['first-visit'], ['-a', 'a.b', 'é']],
    [
      'pull_request',
      ['octo-org/demo#42', 'a/b.c_d-e#1'],
      ['octo-org/demo', 'demo#42', 'a/b#0', 'a/b/c#1', 'a/b#x', '/b#1'],
    ],
  ])('knows ids of the entity type %s', (name, good, bad) => {
    const { normaliseId } = found(catalogue.entityTypes.get(name));
    for (const id of good) expect(normaliseId(id)).toBe(id);
    for (const id of bad) expect([id, normaliseId(id)]).toEqual([id, null]);
  });

  const events = [...catalogue.eventTypes.values()].map((event) => [event.name, event] as const);

  it.each(events)('%s takes a valid event, whole', (_name, event) => {
    const properties = object(instance(event.schema));
    const isEmpty = Object.keys(properties).length === 0;
    expect(event.checkProperties(null, properties)).toEqual({
      ok: true,
      value: { version: 1, properties: isEmpty ? null : properties, cut: 0, firstCut: null },
    });
    expect(findPii(properties)).toBeNull();
    expect(Buffer.byteLength(JSON.stringify(properties))).toBeLessThanOrEqual(event.maxBytes);
  });

  it.each(events)('%s cuts off what it does not declare', (_name, event) => {
    const verdict = event.checkProperties(null, { ...object(instance(event.schema)), undeclared: 1 });
    expect(verdict).toMatchObject({ ok: true, value: { cut: 1, firstCut: '/undeclared' } });
    expect(verdict.ok && Object.keys(verdict.value.properties ?? {})).not.toContain('undeclared');
  });

  const withProperties = events.filter(
    ([, event]) => Object.keys(object(event.schema.properties)).length > 0,
  );

  it.each(withProperties)(
    '%s refuses each property in a wrong type, and without a required one',
    (_name, event) => {
      const good = object(instance(event.schema));
      for (const name of Object.keys(good)) {
        for (const wrong of [null, [], {}, typeof good[name] === 'string' ? 1 : 'x']) {
          expect([name, event.checkProperties(null, { ...good, [name]: wrong })]).toEqual([
            name,
            { ok: false, error: { reason: 'INVALID_PROPERTIES', path: `/${name}`, rule: 'type' } },
          ]);
        }
        const { [name]: _left, ...rest } = good;
        expect([name, event.checkProperties(null, rest)]).toEqual([
          name,
          array(event.schema.required).includes(name)
            ? { ok: false, error: { reason: 'INVALID_PROPERTIES', path: `/${name}`, rule: 'required' } }
            : { ok: true, value: expect.objectContaining({ cut: 0 }) },
        ]);
      }
    },
  );

  const leaves = withProperties.flatMap(([name, event]) =>
    Object.entries(object(event.schema.properties)).map(
      ([key, schema]) => [name, key, object(schema)] as const,
    ),
  );

  it('bounds every text at 64 characters (a file at 256) and every integer from 0 to 2^53−1', () => {
    expect(leaves.length).toBeGreaterThan(60);
    for (const [name, key, schema] of leaves) {
      const where = `${name}.${key}`;
      if (schema.enum !== undefined || schema.type === 'boolean') continue;
      if (schema.type === 'string') {
        expect([
          where,
          Number(schema.maxLength) <= (key === 'file' ? 256 : limits.defaultTextLength),
        ]).toEqual([where, true]);
      } else {
        expect([where, Number(schema.minimum) >= 0]).toEqual([where, true]);
        expect([where, Number(schema.maximum) <= Number.MAX_SAFE_INTEGER]).toEqual([where, true]);
      }
    }
  });

  it.each<[string, string, readonly string[], readonly string[]]>([
    [
      'ai_translation_language_picked',
      'language',
      ['en', 'pt-BR', 'zh-Hant-TW'],
      ['', 'e', 'pt_BR', 'en-', 'my language'],
    ],
    [
      'page_viewed',
      'referrerHost',
      ['localhost', 'www.example.org', 'xn--bcher-kva.example'],
      ['https://a.example', 'a.example/path', 'a..b', '-a.example', 'a b', 'anna@a.example'],
    ],
    [
      'cta_clicked',
      'destination',
      ['/', '/a/b', '/watch/[id]', '/a%20b'],
      ['', 'a', '//evil.example', '/a?b=c', '/a#b', 'https://a.example/', '/a b', '/a@b'],
    ],
    [
      'pr_edit',
      'file',
      ['a', 'src/a-b.ts', '.github/x.yml', 'pages/[...slug].tsx', 'ünï/ç.md', 'a b/c'],
      ['', '/a', '../a', 'a/../b', 'a/..', './a', 'a//b', 'a/', 'C:/a', 'a\\b', '~/a', 'a\u0000', 'a\n'],
    ],
    [
      'pr_command',
      'command',
      ['npm', 'clang-format', 'g++', 'python3.12'],
      ['', 'npm test', '/bin/sh', './run', '-x', 'a;b', 'A=1'],
    ],
    [
      'pr_commit',
      'sha',
      ['9fceb02', 'a'.repeat(40), '9FCEB02'],
      ['9fceb0', 'a'.repeat(41), '9fceb0g', 'HEAD'],
    ],
    ['run', 'language', ['typescript', 'c++', 'C#', 'objective-c'], ['', 'two words', '1c']],
    [
      'stream_completed',
      'model',
      ['small-2', 'vendor/large-4.1:free'],
      ['', 'a b', 'anna@example.org', '-a'],
    ],
  ])('%s.%s takes what it is meant for and no free text', (name, key, good, bad) => {
    const event = found(catalogue.eventTypes.get(name));
    const rest = object(instance(event.schema));
    for (const value of good) {
      expect([value, event.checkProperties(null, { ...rest, [key]: value }).ok]).toEqual([value, true]);
    }
    for (const value of bad) {
      expect([value, event.checkProperties(null, { ...rest, [key]: value }).ok]).toEqual([value, false]);
    }
  });
});
