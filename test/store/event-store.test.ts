import { describe } from 'vitest';
import { describeEveryStore } from '../support/database.js';
import { coordinationContract } from './coordination.contract.js';
import { eventReaderContract } from './event-reader.contract.js';
import { eventRetentionContract } from './event-retention.contract.js';
import { eventSinkContract } from './event-sink.contract.js';
import { eventStatsContract } from './event-stats.contract.js';
import { knownWordsContract } from './known-words.contract.js';
import { lifeContract } from './life.contract.js';

await describeEveryStore('the event store', (engine) => {
  describe('takes events in', () => eventSinkContract(engine));
  describe('knows words', () => knownWordsContract(engine));
  describe('reads events', () => eventReaderContract(engine));
  describe('counts events', () => eventStatsContract(engine));
  describe('forgets events', () => eventRetentionContract(engine));
  describe('coordinates', () => coordinationContract(engine));
  describe('lives', () => lifeContract(engine));
});
