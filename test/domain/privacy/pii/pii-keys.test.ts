import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPiiKey } from '../../../../src/domain/privacy/pii/pii-keys.js';

const split = (text: string) => text.trim().split(/\s+/);

const personal = split(`
  email emails userEmail user_email email_address e-mail E_MAIL eMail EMAIL useremail emailTemplateId contactEmail2
  name names username userName user_name fullName full_name first_name firstName firstname lastName surname
  customerName displayName nickname
  phone phoneNumber phone_number phonenumber home_phone mobile mobileNumber msisdn tel
  address address1 homeAddress billingAddress street zip zipCode zip_code postcode postalCode
  ip ips ipAddress IPAddress ip_address clientIp ipv4 ipv6 remote_addr x-forwarded-for
  uid userId userID user_id userIds sub user customerId accountId deviceId sessionId session_id visitorId
  ssn dob dateOfBirth date_of_birth birthday birthDate
  token accessToken access_token accessTokens refreshToken authToken sessionToken session_token csrfToken jwt
  authorization Authorization auth bearer api_key apiKey apikey x-api-key privateKey secret clientSecret
  password passwd pwd userPassword cookie cookies set-cookie
  iban cardNumber card_number creditCard cvv cvc passport passportNumber
  latitude longitude lat lng latLng userAgent user-agent
`);

const costumes = [
  'e.m-a_i l',
  'E M A I L',
  'user e-mail',
  'card number',
  'session token',
  'ｅｍａｉｌ',
  'ＵｓｅｒＥｍａｉｌ',
  'e\u200bmail',
  'e\u200d\u2060mail',
  'em\u00adail',
  '\ufeffemail',
  'еmail',
  'emаil',
  'εmail',
  'раssword',
  'pаssport',
  'émäil',
  'e\u0301mail',
  '𝐞𝐦𝐚𝐢𝐥',
  'ⓔⓜⓐⓘⓛ',
  'em4il',
  'p@ssw0rd',
  'pa55word',
  't0k3n',
  'user\u0000email',
  'ꓰꓟꓮꓲꓡ',
  '__email__',
  '$email',
  'email[]',
  'user.email',
  'user[email]',
];

// The example catalogue's names, then ordinary names of a product.
const harmless = split(`
  language kind intervalMs referrerHost status ctaId destination scenarioSlug source length timeSinceLastMs reason
  durationMs messageCount streamType model inputTokens outputTokens latencyMs errorCode retryable attemptNumber
  success remainingTokens totalQuota percentUsed totalUsed quota presetName provider isNewUser position
  fromPosition toPosition optionIndex marked state lineStart lineEnd insertedChars deletedChars ageMs exitCode
  passed rung decision confidence file insertions deletions command failed skipped sha filesChanged
  filename fileName file_name hostname hostName eventName modelName featureName className tagName packageName
  pageName nameless rename lastNamespace
  tokens tokenCount token_count totalTokens maxTokens tokensUsed tokenLimit timeToFirstToken
  shipping zipFile zipped tripId clipId ipsum recipe hiphop description subtotal subscribe subtitle submit
  substring isSub mailing isMobile mobileLayout userCount newUsers activeUsers userRole userType sessionCount
  sessionDurationMs accountType memberCount authProvider isAuthenticated loginMethod cookieConsent cookieBanner
  cardCount cardType headphones microphone streamline addressed latency platform panel pan_x
  id entityId videoId journeyId requestId version number label title text value key keyCode page pageNumber
  message hash country theme viewport displayMode client first last contactCount ageGroup
`);

describe('isPiiKey', () => {
  test.each(personal)('%s is refused', (key) => {
    expect(isPiiKey(key)).toBe(true);
  });

  test.each(costumes)('%j is seen through', (key) => {
    expect(isPiiKey(key)).toBe(true);
  });

  test.each(harmless)('%s passes', (key) => {
    expect(isPiiKey(key)).toBe(false);
  });

  test('no letter case, separator, width or invisible character hides a key', () => {
    const separators = fc.constantFrom('', '_', '-', '.', ' ', '/', '\u200b', '\u00ad', '\u2060');
    const words = fc.constantFrom(
      ['email'],
      ['user', 'email'],
      ['first', 'name'],
      ['phone', 'number'],
      ['access', 'token'],
      ['pass', 'word'],
      ['ip', 'address'],
      ['card', 'number'],
    );
    const changes = fc.array(fc.constantFrom('plain', 'upper', 'wide', 'marked', 'veiled'), {
      minLength: 24,
      maxLength: 24,
    });
    fc.assert(
      fc.property(words, separators, changes, (parts, separator, costume) => {
        const key = [...parts.join(separator)]
          .map((letter, index) => dress(letter, costume[index] ?? 'plain'))
          .join('');
        expect(isPiiKey(key)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('a key that is a text is refused unread', () => {
    expect(isPiiKey('a'.repeat(128))).toBe(false);
    expect(isPiiKey('a'.repeat(129))).toBe(true);
  });
});

function dress(letter: string, change: string): string {
  if (!/[a-z]/.test(letter)) return letter;
  if (change === 'upper') return letter.toUpperCase();
  if (change === 'wide') return String.fromCharCode(letter.charCodeAt(0) + 0xfee0);
  if (change === 'marked') return `${letter}\u0301`;
  return change === 'veiled' ? `${letter}\u200c` : letter;
}

describe('compatibility characters', () => {
  test('count as what they stand for: a key that is long without its costume is refused', () => {
    expect(isPiiKey('\ufdfa')).toBe(false);
    expect(isPiiKey('\ufdfa'.repeat(8))).toBe(true);
    expect(isPiiKey('\ufdfa'.repeat(128))).toBe(true);
    expect(isPiiKey('\u1ebf'.repeat(128))).toBe(false);
  });
});
