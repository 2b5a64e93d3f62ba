/** Which combinations of words are stored already, as far as this process knows. */
export interface KnownWords {
  /** Whether the combination with this key (`dimensionKey`) is known to be stored. Asks nobody; false where it cannot say. */
  knowsWords(key: string): boolean;
}
