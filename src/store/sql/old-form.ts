/**
 * The form that ids had until November 2026: the first 48 bits were those of the client's id, a clock in version 7.
 * Now they repeat the last 48, which are of the HMAC. The other 80 bits are the same in both forms.
 * The expressions are those of the index `events_old_form_idx`, to the letter: that is what makes it usable.
 */

/** The 80 bits that an event's id has in both forms. */
export const sharedPart = (id: string): string => `substring(uuid_send(${id}) from 7)`;

/** Whether a row still has the old form. */
export const hasOldForm = (id: string): string =>
  `substring(uuid_send(${id}) for 6) <> substring(uuid_send(${id}) from 11)`;

/** The id in the form of today. */
export const newForm = (id: string): string =>
  `encode(substring(uuid_send(${id}) from 11) || substring(uuid_send(${id}) from 7), 'hex')::uuid`;
