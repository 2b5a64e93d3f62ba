import { useState } from 'react';
import type { Consent } from 'signals-client';

const key = 'consent';

/** The answer is the app's to keep: the SDK stores nothing before it is yes. */
export function useConsent() {
  const [consent, setConsent] = useState<Consent>(() => {
    const kept = localStorage.getItem(key);
    return kept === 'granted' || kept === 'denied' ? kept : 'pending';
  });
  const decide = (answer: Consent) => {
    if (answer === 'pending') localStorage.removeItem(key);
    else localStorage.setItem(key, answer);
    setConsent(answer);
  };
  return [consent, decide] as const;
}

export function ConsentBanner(props: { consent: Consent; onDecide: (consent: Consent) => void }) {
  const { consent, onDecide } = props;
  if (consent !== 'pending') {
    return (
      <p>
        Usage statistics: {consent}.{' '}
        <button type="button" onClick={() => onDecide('pending')}>
          Ask me again
        </button>
      </p>
    );
  }
  return (
    <section aria-label="Consent">
      <p>May we count which features you use? Not who you are.</p>
      <button type="button" onClick={() => onDecide('granted')}>
        Yes
      </button>
      <button type="button" onClick={() => onDecide('denied')}>
        No
      </button>
    </section>
  );
}
