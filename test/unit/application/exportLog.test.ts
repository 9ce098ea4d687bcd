import assert from 'node:assert/strict';
import type { HeadAnswer, Page, RegistryAnswer } from '@tracecal/core/contracts';
import type { EpochDigest, LoggedTransaction } from '@tracecal/core/model';
import { exportLog, logFolder } from '@tracecal/gateway-client/application';
import { signedLog } from '@tracecal/gateway-client/proof/verify';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, registryOf, submit } from '../../support/registry.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

describe('The exported change log', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;
  let folder: string;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    folder = temporaryFolder();
    ledger.now = '2026-01-01T13:00:00Z';
    await submit(ledger, hierarchy.setInterval('working-b', 300, { registered: ledger.now }));
    await seal();
  });

  after(removeTemporaryFolders);

  const seal = async () => {
    const { number } = await ask<{ number: number }>(ledger, 'getEpoch', '');
    await submit(ledger, hierarchy.seal(ledger.now, { institute: 'nmi-north', number }));
  };
  const beat = async (number: number) => {
    const { digest } = await ask<EpochDigest>(ledger, 'getEpochDigest', String(number));
    for (const institute of ['nmi-north', 'nmi-south']) {
      await submit(ledger, hierarchy.addHeartbeat(institute, { number, digest, registered: ledger.now }));
    }
  };
  /** A peer, which leaves out what was registered in an epoch. */
  const peer = (hidden?: number) => ({
    getHead: () => ask<HeadAnswer>(ledger, 'getHead'),
    getRegistry: () => ask<RegistryAnswer>(ledger, 'getRegistry'),
    getChanges: async function* (epoch: number) {
      const { items } = await ask<Page<LoggedTransaction>>(ledger, 'getChanges', { epoch, pageSize: 200 });
      yield* epoch === hidden ? [] : items;
    },
  });
  /** The highest epoch of which the folder shows what two institutes have signed. */
  const shown = async () => {
    const roots = ['nmi-north', 'nmi-south'].map((id) => hierarchy.holder('organisation', id).certificateSha256);
    const { heartbeats, epochs } = await signedLog(logFolder(folder), { from: 0, roots, asOf: ledger.now });
    assert.equal(heartbeats.length, 2);
    return epochs.at(-1)?.epoch;
  };

  it('is repaired by an honest peer, if a lying one was asked before anybody had signed', async () => {
    await exportLog(peer(1), folder);
    ledger.now = '2026-01-01T14:00:00Z';
    await beat(1);
    await exportLog(peer(), folder);
    assert.equal(await shown(), 1);
  });

  it('is repaired as well where the lie shows only in what came after it', async () => {
    await exportLog(peer(1), folder);
    ledger.now = '2026-01-01T15:00:00Z';
    await seal();
    await beat(2);
    await exportLog(peer(), folder);
    assert.equal(await shown(), 2);
  });

  it('blames the peer whose own log is not what was signed', async () => {
    await exportLog(peer(), folder);
    ledger.now = '2026-01-01T15:00:00Z';
    await submit(ledger, hierarchy.setInterval('working-b', 200, { registered: ledger.now }));
    await seal();
    await beat(2);
    await assert.rejects(exportLog(peer(2), folder), /what the peer gave leads to .*: ask another member's peer/);
    await exportLog(peer(), folder);
    assert.equal(await shown(), 2);
  });

  it('is continued, and not written anew, where it is what was signed', async () => {
    const { written } = await exportLog(peer(), folder);
    ledger.now = '2026-01-01T15:00:00Z';
    await beat(1);
    await seal();
    const again = await exportLog(peer(), folder);
    assert.deepEqual([written, again.written], [2, 1]);
  });
});
