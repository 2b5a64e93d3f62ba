import Link from 'next/link';
import { notFound } from 'next/navigation';
import { journeys } from '../../journeys';
import { EditorTools } from './editor-tools';

export default async function Page({ params }: PageProps<'/journeys/[id]'>) {
  const { id } = await params;
  const journey = journeys.find((one) => one.id === id);
  if (!journey) notFound();
  return (
    <>
      <h2>{journey.title}</h2>
      <EditorTools id={journey.id} />
      <p>
        <Link href="/">All journeys</Link>
      </p>
    </>
  );
}
