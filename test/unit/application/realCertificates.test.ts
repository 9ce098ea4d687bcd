import assert from 'node:assert/strict';
import { instantOf } from '@tracecal/core/model';
import { importCertificate, type Candidate } from '@tracecal/gateway-client/application';
import { MemoryWorld } from '../../support/memorySession.js';
import { CASE_NAMES } from '../../support/situations/cases.js';
import { PUBLISHED, requirePublished, roleFor } from '../../support/situations/published.js';
import { removeTemporaryFolders } from '../../support/temporaryFolder.js';

describe('published certificates, whose kinds their laboratories are accredited for', () => {
  let candidates: ReadonlyMap<string, Candidate>;
  let world: MemoryWorld;
  before(async function () {
    const published = requirePublished(this);
    ({ candidates } = published);
    world = await MemoryWorld.found(published.lines, published.lines, CASE_NAMES);
  });
  after(removeTemporaryFolders);

  /** Each in a registry of its own: many of them bear one number. */
  async function outcomeOf(candidate: Candidate): Promise<string> {
    const session = world.fork().session();
    try {
      const imported = await importCertificate(session, candidate, roleFor(candidate));
      const tracecal = await session.reader();
      const asOf = instantOf(Date.now() + 3_600_000);
      const verdicts = await Promise.all(imported.map(({ device }) => tracecal.traceCal(device, { asOf })));
      return verdicts.map(({ status }) => status).join(', ');
    } catch (error) {
      return (error as Error).message;
    }
  }

  for (const [name, expected] of Object.entries(PUBLISHED)) {
    it(`${name}: ${expected instanceof RegExp ? 'refused' : expected}`, async () => {
      const outcome = await outcomeOf(candidates.get(name)!);
      if (typeof expected === 'string') {
        assert.equal(outcome, expected);
      } else {
        assert.match(outcome, expected);
      }
    });
  }

  it('are all in the table', () => {
    assert.deepEqual([...candidates.keys()].sort(), Object.keys(PUBLISHED).sort());
  });
});
