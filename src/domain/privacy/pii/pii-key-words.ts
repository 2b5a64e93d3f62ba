/** Splits a table's text into its entries. */
function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Second words by the first. */
export type WordPairs = ReadonlyMap<string, ReadonlySet<string>>;

/** Splits a table's text into its pairs. */
function pairs(text: string): WordPairs {
  const seconds = new Map<string, Set<string>>();
  for (const pair of words(text)) {
    const [first = '', second = ''] = pair.split('-');
    seconds.set(first, (seconds.get(first) ?? new Set()).add(second));
  }
  return seconds;
}

/** Words that name personal data or a secret wherever they stand in a key. Singular; a plural s is taken off. */
export const piiWords = words(`
  email mail emailaddress phone telephone tel cellphone msisdn fax
  surname firstname lastname fullname username nickname middlename realname displayname screenname forename
  address addr street postcode postalcode zipcode
  ip ipv ipaddress uid userid userref
  ssn nino imei imsi iccid meid udid idfa idfv gaid aaid
  dob birthday birthdate birthplace birth dateofbirth
  password passwd passphrase passcode pwd otp totp secret credential jwt bearer authorization apikey cookie
  accesstoken refreshtoken authtoken sessiontoken idtoken
  iban cvv cvc ccv creditcard cardnumber cardholder passport
  latitude longitude geolocation gps useragent
  ethnicity religion nationality
`);

/** Words that name personal data only when the key says nothing else: beside them stand at most `surroundings`. */
export const piiWholeWords = words(`
  name token zip mobile cell user sub login auth sid lat lng lon latlng pan gender sex age session account
  fingerprint member customer person signature
`);

/** Words that add nothing: `user_email_value` is an e-mail as much as `email` is. Also what a squeezed key may hold. */
export const surroundings = words(`
  my your his her their the a an of for to from by is has old new raw full current last first primary secondary
  main other home work office private business personal contact billing shipping delivery invoice
  user customer client account owner author member person people visitor sender recipient guest patient student
  employee profile admin holder
  value text field input id number num no nr hash hashed encrypted plain
`);

/** Words that with `name` after them name a person. */
export const personWords = words(`
  user first last full given family middle maiden birth nick real legal display screen sur fore
  customer client account contact owner author creator editor member person visitor sender recipient guest patient
  student teacher employee manager reviewer assignee holder card cardholder account parent mother father child
  spouse partner friend login profile billing shipping
`);

/** Words that with `id` (or the like) after them point at one person or device. */
export const identityWords = words(`
  user account customer client member person people visitor subscriber contact profile owner author creator editor
  assignee reviewer sender recipient guest patient student teacher employee learner player friend follower login
  session device advertising ad advertiser android anonymous anon distinct national personal tax social voter
  cookie tracking sso firebase auth google apple facebook github slack
`);

/** What points at somebody when it follows one of `identityWords`. */
export const identifiers = words(
  'id uuid guid identifier ref key handle no number num hash fingerprint login',
);

/** Words after which `token` counts text, not keys: `timeToFirstToken`, `maxToken`. */
export const countedTokens = words(
  'input output prompt completion first last next per max min total remaining stop unexpected',
);

/** Two words in a row that name personal data or a secret. */
export const piiPairs = pairs(`
  e-mail phone-number mobile-number cell-number mobile-phone cell-phone contact-number whatsapp-number
  post-code postal-code zip-code house-number street-number
  api-key access-key private-key secret-key encryption-key signing-key auth-key license-key session-key
  access-token refresh-token auth-token id-token session-token bearer-token api-token csrf-token xsrf-token push-token
  device-token user-token security-token personal-token
  auth-code auth-header pin-code pin-number mfa-code otp-code security-code verification-code recovery-code backup-code
  security-answer
  card-number credit-card debit-card cc-number account-number bank-account routing-number sort-code
  social-security national-insurance insurance-number driving-licence driver-license drivers-license licence-number
  license-number license-plate number-plate tax-number vat-number
  date-birth birth-date birth-year
  lat-lng lat-lon geo-location gps-location geo-point
  user-agent remote-addr forwarded-for mac-address mac-addr serial-number
  device-fingerprint browser-fingerprint visitor-fingerprint canvas-fingerprint
  sexual-orientation marital-status
`);

/** Two words in a row that hold no personal data although one of them sounds like it. */
export const harmlessPairs = pairs(`
  cookie-consent cookie-banner cookie-notice cookie-policy cookie-enabled cookies-enabled
`);

/** Long enough to be sure of wherever they stand inside a word that has no boundaries. */
export const piiStems: readonly string[] = [
  'email',
  'password',
  'passwd',
  'username',
  'firstname',
  'lastname',
  'fullname',
  'phonenumber',
  'ipaddress',
  'creditcard',
  'cardnumber',
  'accesstoken',
  'refreshtoken',
  'authtoken',
  'sessiontoken',
  'apikey',
  'dateofbirth',
  'birthdate',
  'zipcode',
  'authorization',
  'msisdn',
];
