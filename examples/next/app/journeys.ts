export const journeys = [
  { id: '0b2f6f1e-5a51-4b0e-9a53-0d7b7a1f6c01', title: 'First steps' },
  { id: '7d0c3f52-8d1c-4c57-8b0a-3f6f0f3c9a02', title: 'Going deeper' },
];
