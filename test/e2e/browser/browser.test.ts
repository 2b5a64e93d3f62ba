import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { chromiumIsHere } from './chromium.js';
import { type House, openHouse } from './house.js';
import { clientScenarios } from './scenarios/clients.js';
import { editorScenarios } from './scenarios/editor.js';
import { isolationScenarios } from './scenarios/isolation.js';
import { leavingScenarios } from './scenarios/leaving.js';
import { offlineScenarios } from './scenarios/offline.js';
import { permissionScenarios } from './scenarios/permission.js';
import { privacyScenarios } from './scenarios/privacy.js';
import { reactScenarios } from './scenarios/react.js';
import { restScenarios } from './scenarios/rest.js';
import { troubleScenarios } from './scenarios/trouble.js';

// One house for all scenarios; every scenario has a person, a site and a browser profile of its own.
describe.skipIf(!chromiumIsHere())('the client in Chromium', () => {
  let opened: House | undefined;
  const house = (): House => {
    if (!opened) throw new Error('the house is not open');
    return opened;
  };
  let finished = 0;

  beforeAll(async () => {
    opened = await openHouse((line) => console.error(`e2e: ${line}`));
  });
  afterAll(() => opened?.stop());
  beforeEach(({ onTestFailed }) => onTestFailed(() => console.error(house().lastWords())));
  afterEach(async () => {
    const visits = house().visits.slice(finished);
    finished += visits.length;
    await Promise.all(visits.map((visit) => visit.close()));
    expect(visits.flatMap(({ errors }) => errors)).toEqual([]);
  });

  leavingScenarios(house);
  troubleScenarios(house);
  permissionScenarios(house);
  isolationScenarios(house);
  restScenarios(house);
  clientScenarios(house);
  reactScenarios(house);
  editorScenarios(house);
  offlineScenarios(house);
  privacyScenarios(house);
});
