import assert from 'node:assert/strict';
import { RegistryError } from '@tracecal/core/model';
import { base64Text } from '@tracecal/core/platform';
import { trustedRoots } from '@tracecal/gateway-client';
import { bundleText, verifyBundle, withNextHeartbeat } from '@tracecal/gateway-client/proof';
import type { Bundle, Tier } from '@tracecal/gateway-client/proof';
import { KvRwSet, TxReadWriteSet } from '@tracecal/ledger/wire';
import { bytesOf } from '../../support/forgedAnswer.js';
import { forgedAnchor, partsOf } from '../../support/forgedBlock.js';
import type { ForgedTransaction } from '../../support/forgedBlock.js';
import { MUTATIONS } from '../../support/mutations.js';
import { runs } from '../../support/property.js';
import type { ProvenDevice } from '../../support/provenDevice.js';
import { Random } from '../../support/random.js';
import { runSeed } from '../../support/seed.js';
import { sharedProvenDevice } from '../../support/sharedProvenDevice.js';

/** Of each operator. */
const TIMES = runs(3);

describe('The tier recorded, with the next heartbeat', function () {
  this.timeout(240_000);
  let proven: ProvenDevice;
  let trust: Awaited<ReturnType<ProvenDevice['trust']>>;
  let bundle: Bundle;
  let dated: Bundle;
  /** Recorded after that heartbeat. */
  let later: Bundle;

  before(async () => {
    proven = await sharedProvenDevice();
    trust = await proven.trust();
    const reader = await proven.registry.as('oem-a');
    [bundle] = (await proven.recorded([await proven.chain()])).bundles as [Bundle];
    assert.equal(await withNextHeartbeat(reader, bundle), undefined, 'none has been signed since');
    await proven.beat('nmi-south');
    const found = await withNextHeartbeat(reader, bundle);
    assert.ok(found, 'a heartbeat has been signed since');
    dated = found;
    [later] = (await proven.recorded([await proven.chain()])).bundles as [Bundle];
    assert.equal(await withNextHeartbeat(reader, later), undefined);
  });

  async function tierOf(changed: Bundle, asked: object = {}): Promise<Tier> {
    const { endorsers, channel } = trust;
    const roots = trustedRoots(trust);
    const { tiers } = await verifyBundle(bundleText(changed), { roots, endorsers, channel, ...asked });
    return tiers.recorded;
  }

  const withHeartbeat = (to: Bundle, heartbeat: string): Bundle => ({
    ...to,
    recorded: { ...to.recorded!, heartbeat },
  });
  const own = () => dated.recorded!.heartbeat!;
  const forged = (forgery: ForgedTransaction) =>
    withHeartbeat(
      bundle,
      base64Text(forgedAnchor(bytesOf(own()), proven.keys, { creator: 'nmi-south/client', ...forgery })),
    );

  async function refused(changed: Bundle, why: RegExp, asked: object = {}): Promise<void> {
    const { holds, shows, notAfter } = await tierOf(changed, asked);
    assert.deepEqual([holds, notAfter], [false, undefined], shows);
    assert.match(shows, new RegExp(`^its heartbeat is not accepted: .*${why.source}`));
  }

  /** The same transaction, where those who executed it found the seal in another block. */
  const sealFoundIn = (blockNum: number) => (results: Uint8Array) => {
    const sets = TxReadWriteSet.decode(results);
    return TxReadWriteSet.encode({
      ...sets,
      nsRwset: sets.nsRwset.map((each) => {
        const set = KvRwSet.decode(each.rwset);
        const reads = set.reads.map((read) =>
          read.key.includes('sealed') ? { ...read, version: { blockNum, txNum: 0 } } : read,
        );
        return { ...each, rwset: KvRwSet.encode({ ...set, reads }) };
      }),
    });
  };

  async function outcomeOf(damaged: Bundle, before: string, operator: string) {
    try {
      const { holds, shows } = await tierOf(damaged);
      if (holds) assert.equal(shows, before, operator);
      return holds ? 'same meaning' : 'not shown';
    } catch (error) {
      assert.ok(error instanceof RegistryError, `${operator}: ${String(error)}`);
      return 'refused';
    }
  }

  it('says between which times it was recorded, and who says so', async () => {
    const { holds, shows, notBefore, notAfter } = await tierOf(dated);
    assert.equal(holds, true, shows);
    assert.match(
      shows,
      /recorded between (\S+), as these say, and (\S+), when nmi-south signed its heartbeat over epoch \d+, which was sealed later, in block \d+, as peers of Nmi\w+MSP/,
    );
    assert.ok(shows.includes(notBefore!) && shows.includes(notAfter!), shows);
    assert.ok(notBefore! < notAfter!);
    const without = await tierOf(bundle);
    assert.deepEqual([without.holds, without.notBefore, without.notAfter], [true, notBefore, undefined]);
    assert.match(without.shows, /nobody says by when/);
  });

  it('is the same bundle: its root does not change', async () => {
    assert.equal(bundleText({ ...dated, recorded: bundle.recorded! }) === bundleText(bundle), true);
    await assert.rejects(withNextHeartbeat(await proven.registry.as('oem-a'), await proven.chain()), {
      code: 'INPUT_INVALID',
      message: /no tier recorded/,
    });
  });

  it('is refused with a heartbeat that may have been signed before', async () => {
    await refused(withHeartbeat(later, own()), /its epoch \d+ was not sealed after block \d+/);
    await refused(forged({ results: sealFoundIn(1) }), /was not sealed after block/);
  });

  it('is refused with a heartbeat of nobody that the verifier trusts', async () => {
    const roots = trust.roots.filter(({ name }) => name !== 'nmi-south').map(({ sha256 }) => sha256);
    await refused(dated, /no institute that you trust has signed it/, { roots });
  });

  it('is refused with another transaction, or one that too few endorsed', async () => {
    const [anchor] = partsOf(bundle.recorded!.block).envelopes;
    await refused(withHeartbeat(bundle, base64Text(anchor!)), /it is not heartbeat of the chaincode registry/);
    const later_ = sealFoundIn(1_000_000);
    await refused(forged({ by: ['nmi-north/peer'], results: later_ }), /too few of those endorsed it/);
    await refused(forged({ by: ['nmi-north/peer', 'nmi-south/client'], results: later_ }), /too few/);
    await refused(forged({ transaction: 'seal' }), /it is not heartbeat/);
    assert.equal((await tierOf(forged({}))).holds, true, 'a forgery that changes nothing');
  });

  it('says nothing else when the heartbeat is damaged, by twelve operators', async () => {
    const random = new Random(runSeed);
    const before = (await tierOf(dated)).shows;
    const counts = { refused: 0, 'not shown': 0, 'same meaning': 0 };
    const other = partsOf(bundle.recorded!.block).envelopes[0]!;
    for (const [operator, mutate] of Object.entries(MUTATIONS)) {
      for (let time = 0; time < TIMES; time += 1) {
        const bytes = mutate(Uint8Array.from(bytesOf(own())), random, other);
        counts[await outcomeOf(withHeartbeat(bundle, base64Text(bytes)), before, operator)] += 1;
      }
    }
    console.log(`Damaged heartbeats of the tier recorded: ${JSON.stringify(counts)}`);
    assert.ok(counts['not shown'] + counts.refused > 7 * TIMES, JSON.stringify(counts));
  });
});
