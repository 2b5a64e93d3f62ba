import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Analytics } from '../analytics/analytics';

export const metadata: Metadata = { title: 'Journeys', icons: 'data:,' };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <h1>Journeys</h1>
        <Analytics>{children}</Analytics>
      </body>
    </html>
  );
}
