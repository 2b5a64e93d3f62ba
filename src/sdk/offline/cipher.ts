/** A record's value: AES-GCM (NIST SP 800-38D) with a random 96-bit nonce and a 128-bit tag. */
export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

const algorithm = 'AES-GCM';
const utf8 = new TextEncoder();

/** Whose event it is, and which. */
export interface EventName {
  readonly user: string;
  readonly id: string;
}

/** Bound to the user and to the record: neither another user's page nor another record's place can open it. */
const bound = (iv: Uint8Array<ArrayBuffer>, { user, id }: EventName): AesGcmParams => ({
  name: algorithm,
  iv,
  additionalData: utf8.encode(JSON.stringify([user, id])),
});

/** A key that scripts can use but not read. */
export const makeKey = (subtle: SubtleCrypto): Promise<CryptoKey> =>
  subtle.generateKey({ name: algorithm, length: 256 }, false, ['encrypt', 'decrypt']);

export async function seal(
  crypto: Crypto,
  key: CryptoKey,
  event: EventName & { readonly json: string },
): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt(bound(iv, event), key, utf8.encode(event.json)) };
}

/** The event's JSON. Undefined: another user's, damaged, or of a key that is lost; the cipher cannot tell which. */
export async function unseal(
  subtle: SubtleCrypto,
  key: CryptoKey,
  name: EventName,
  { iv, data }: Sealed,
): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await subtle.decrypt(bound(iv, name), key, data));
  } catch {
    return undefined;
  }
}
