import pg from 'pg';
import type { Setting } from './postgres-config.js';
import { type Answer, SettledQuery, settingsText } from './settled-query.js';
import type { StatementNames } from './statement-names.js';

export type SettledClient = new (config?: pg.ClientConfig) => pg.Client;

/**
 * A kind of client whose statements each bring the settings along and leave nothing in the session, so that it does
 * not matter which session of the server a pooler gives them. A statement that fails because of its name is sent
 * once more without one; nothing of it has happened then.
 */
export function settledClient(settings: readonly Setting[], names: StatementNames): SettledClient {
  const text = settingsText(settings);
  return class extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config);
      const plain = this.query.bind(this) as (query: pg.Submittable) => unknown;
      this.query = ((given: string | pg.QueryConfig | pg.Submittable, ...rest: readonly unknown[]) => {
        const callback = rest.find((one): one is Answer => typeof one === 'function');
        if (isSubmittable(given)) return plain(withCallback(given, callback));
        const values = rest.find(Array.isArray);
        const config = {
          ...(typeof given === 'string' ? { text: given } : given),
          ...(values && { values }),
        };
        if (callback) return this.#send(config, plain, callback);
        return new Promise((resolve, reject) =>
          this.#send(config, plain, (error, result) => (error ? reject(error) : resolve(result))),
        );
      }) as typeof this.query;
    }

    #send(config: pg.QueryConfig, plain: (query: pg.Submittable) => unknown, answer: Answer): void {
      const { name: wanted, ...rest } = config;
      // Within a transaction the settings hold already. Null is before the first statement.
      if (['T', 'E'].includes(this.getTransactionStatus() ?? 'I')) {
        const { query_timeout } = rest as { readonly query_timeout?: number };
        plain(Object.assign(new pg.Query(rest, answer as never), query_timeout && { query_timeout }));
        return;
      }
      const attempt = (then: Answer): void => {
        const name = wanted === undefined ? undefined : names.of(config.text);
        plain(new SettledQuery({ ...rest, ...(name && { name }) }, { text, name: names.of(text) }, then));
      };
      attempt((error, result) => {
        if (error && names.gaveUp(error)) attempt(answer);
        else answer(error, result);
      });
    }
  };
}

function isSubmittable(given: string | pg.QueryConfig | pg.Submittable): given is pg.Submittable {
  return typeof given === 'object' && 'submit' in given;
}

function withCallback(query: pg.Submittable, callback: Answer | undefined): pg.Submittable {
  return callback ? Object.assign(query, { callback }) : query;
}
