import type { Disposable } from './editor.js';
import type { Sink } from './sink.js';

/** What an editor is listened to by. Nothing that is thrown on the way reaches the editor. */
export interface Subscriptions {
  /** A handler whose throwing is the problem `editor`. */
  guarded<Event>(handle: (event: Event) => void): (event: Event) => void;
  /** Each by itself: an editor that cannot do one of them is followed in the others. */
  add(subscribe: () => Disposable): void;
  end(): void;
}

export function createSubscriptions(safely: Sink['safely']): Subscriptions {
  const subscriptions: Disposable[] = [];
  return {
    guarded: (handle) => (event) => safely('editor', () => handle(event)),
    add: (subscribe) => safely('editor', () => subscriptions.push(subscribe())),
    end() {
      for (const subscription of subscriptions.splice(0)) safely('editor', () => subscription.dispose());
    },
  };
}
