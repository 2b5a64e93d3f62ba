import { useEffect, useState } from 'react';

export interface User {
  readonly id: string;
}

/** Stands in for your own sign-in: not known yet (`undefined`), then nobody (`null`), then somebody. */
export function useSession() {
  const [user, setUser] = useState<User | null | undefined>(undefined);
  useEffect(() => {
    const answer = setTimeout(() => setUser(null), 600);
    return () => clearTimeout(answer);
  }, []);
  return { user, signIn: () => setUser({ id: 'user-1' }), signOut: () => setUser(null) };
}

/** What the gateway knows the user by. The `DEV` in front keeps the token out of every build. */
export function sessionToken(): string {
  const token = import.meta.env.DEV ? import.meta.env.VITE_SIGNALS_TOKEN : undefined;
  if (!token) throw new Error('VITE_SIGNALS_TOKEN is not set: see README.md');
  return token;
}
