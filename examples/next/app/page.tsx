import Link from 'next/link';
import { journeys } from './journeys';
import { NewJourney } from './new-journey';

export default function Page() {
  return (
    <>
      <NewJourney />
      <ul>
        {journeys.map(({ id, title }) => (
          <li key={id}>
            <Link href={`/journeys/${id}`}>{title}</Link>
          </li>
        ))}
      </ul>
    </>
  );
}
