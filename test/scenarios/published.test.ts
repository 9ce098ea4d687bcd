import assert from 'node:assert/strict';
import { importCertificate, type Candidate, type Session } from '@tracecal/gateway-client/application';
import { Cast, sessionOf } from '../support/castSession.js';
import { engineName } from '../support/engine.js';
import { RegistryNetwork } from '../support/registryNetwork.js';
import { CASE_NAMES } from '../support/situations/cases.js';
import { PUBLISHED, requirePublished, roleFor } from '../support/situations/published.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporaryFolder.js';

/** One registry for all of them: what bears one number, or is about one device, comes together in it. */
describe(`Published certificates become reports [${engineName}]`, () => {
  let registry: RegistryNetwork;
  let session: Session;
  let candidates: ReadonlyMap<string, Candidate>;

  before(async function () {
    this.timeout(240_000);
    const published = requirePublished(this);
    ({ candidates } = published);
    const cast = await Cast.of(published.lines, published.lines, CASE_NAMES);
    registry = await RegistryNetwork.start(cast);
    await registry.submitNew();
    session = sessionOf(cast, (organisation) => registry.as(organisation), temporaryFolder());
  });

  after(async function () {
    this.timeout(60_000);
    await (registry as RegistryNetwork | undefined)?.stop();
    removeTemporaryFolders();
  });

  it('as each of them says, or are refused with the reason', async function () {
    this.timeout(240_000);
    for (const [name, expected] of Object.entries(PUBLISHED)) {
      const candidate = candidates.get(name);
      assert.ok(candidate, name);
      const role = { ...roleFor(candidate), playsSeveral: true };
      if (typeof expected === 'string') {
        const imported = await importCertificate(session, candidate, role);
        const tracecal = await session.reader();
        for (const { device } of imported) {
          const { status, reason } = await tracecal.traceCal(device);
          assert.equal(status, expected, `${name}: ${reason}`);
        }
      } else {
        await assert.rejects(importCertificate(session, candidate, role), expected, name);
      }
    }
  });

  it('whose originals come back by their digest, and whose traces are the same for every member', async () => {
    for (const { sha256, bytes, file } of candidates.values()) {
      if (typeof PUBLISHED[file] === 'string') {
        assert.deepEqual(Buffer.from(await session.content.get(sha256)), Buffer.from(bytes), file);
      }
    }
    const asOf = await registry.now();
    const members = await Promise.all(['nmi-north', 'lab-alpha', 'monitor'].map((member) => registry.as(member)));
    for await (const { id } of members[0]!.findDevices({ owner: 'nmi-north' })) {
      const [first, ...others] = await Promise.all(members.map((member) => member.traceCal(id, { asOf })));
      others.forEach((other) => {
        assert.deepEqual(other, first, id);
      });
    }
  });
});
