import { limits } from '../contract/index.js';
import { isCleanText } from '../domain/privacy/shape/text.js';
import { codedError } from './errors.js';

// What a query may ask for. The store takes less than GraphQL lets through, and what it cannot take would look like
// an outage: so it is found out here, and the answer names the argument.

/** A text that a stored text can be equal to. Throws BAD_USER_INPUT for any other. */
export function textArgument(name: string, text: string): string {
  if (text.length > limits.maxFilterTextLength)
    throw badArgument(name, `is longer than ${limits.maxFilterTextLength} characters`);
  if (!isCleanText(text)) throw badArgument(name, 'holds a control character or half a surrogate pair');
  return text;
}

/** A list of such texts. Throws BAD_USER_INPUT where it is too long or one of them is none. */
export function textsArgument(name: string, texts: readonly string[]): readonly string[] {
  return notTooMany(name, texts).map((text) => textArgument(name, text));
}

/** A list that is no longer than a filter's may be. Throws BAD_USER_INPUT for any other. */
export function notTooMany<Value>(name: string, values: readonly Value[]): readonly Value[] {
  if (values.length > limits.maxFilterValues)
    throw badArgument(name, `lists more than ${limits.maxFilterValues} values`);
  return values;
}

/** Nobody's timestamp lies outside of these, and PostgreSQL, ISO 8601 and our types agree on what lies between. */
const firstInstant = Date.parse('0001-01-01T00:00:00.000Z');
const lastInstant = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether an instant lies in the years that can be asked for. */
export function isAskable(instant: Date): boolean {
  const time = instant.getTime();
  return time >= firstInstant && time <= lastInstant;
}

/** An instant that can be asked for. Throws BAD_USER_INPUT for any other. */
export function instantArgument(name: string, instant: Date): Date {
  if (!isAskable(instant)) throw badArgument(name, 'is outside of the years 0001 to 9999, in UTC');
  return instant;
}

/** BAD_USER_INPUT that names the argument; `problem` holds no value. */
export function badArgument(name: string, problem: string) {
  return codedError('BAD_USER_INPUT', `${name} ${problem}.`);
}
