import { describeEveryStore } from '../support/database.js';
import { eventStoreContract } from './event-store.contract.js';

await describeEveryStore('the event store', eventStoreContract);
