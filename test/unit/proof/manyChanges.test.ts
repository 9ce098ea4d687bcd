import assert from 'node:assert/strict';
import type { EvidenceAnswer } from '@tracecal/core/contracts';
import type { RegistryRecord, Statement } from '@tracecal/core/model';
import { sha256 } from '@tracecal/core/platform';
import { traceOptions } from '@tracecal/core/trace';
import {
  BUNDLE_TYPE,
  bundleText,
  digestOf,
  epochText,
  readEpoch,
  verifyBundle,
} from '@tracecal/gateway-client/proof/verify';
import { FOUNDED, twoCountries } from '../../support/hierarchy.js';
import { ask, registryOf } from '../../support/registry.js';

const DEVICE = 'oem-a/sensor-a';
/** With work for each pair of them, a verifier would take hours. */
const WORDS = 2000;

describe('A bundle with very many words of an institute about itself', () => {
  it('is answered as one without them', async function () {
    this.timeout(120_000);
    const hierarchy = await twoCountries();
    const ledger = await registryOf(hierarchy);
    const { asOf, knownAt, quantity, intervalDays, at } = traceOptions({ asOf: ledger.now });
    const question = { asOf, knownAt, quantity, intervalDays, at };
    const { epoch, evidence } = await ask<EvidenceAnswer>(ledger, 'getEvidence', DEVICE, question);
    const roots = ['nmi-north', 'nmi-east'].map((id) => hierarchy.holder('organisation', id).certificateSha256);
    const verdictOf = async (exhibits: typeof evidence.exhibits) => {
      const own = { channel: evidence.channel, exhibits };
      const bundle = { type: BUNDLE_TYPE, device: DEVICE, question, epoch, evidence: own } as const;
      return (await verifyBundle(bundleText(bundle), { roots })).verdict;
    };

    const words = Array.from({ length: WORDS }, (_, place) => {
      const body =
        place < WORDS / 2
          ? { reason: 'unspecified', effective: '2099-01-01T00:00:00Z' }
          : { lifts: 'nmi-south', effective: FOUNDED };
      const statement = {
        type: `tracecal-${place < WORDS / 2 ? 'suspension' : 'reinstatement'}/1`,
        registry: hierarchy.registry,
        author: 'nmi-south',
        date: FOUNDED,
        number: 1000 + place,
        subject: { kind: 'organisation', id: 'nmi-south' },
        body,
      } as unknown as Statement;
      return hierarchy.signAs(statement, ['organisation:nmi-south']);
    });
    const more = evidence.exhibits.map((exhibit) => {
      if (exhibit.of[0] !== 'founding') {
        return exhibit;
      }
      const record = exhibit.record as RegistryRecord;
      const decisions = record.changes.length;
      const registered = { epoch: 0, date: FOUNDED, decisions, txId: 'many' };
      return {
        ...exhibit,
        record: { ...record, changes: [...record.changes, ...words.map((jws) => ({ jws, registered }))] },
      };
    });
    assert.deepEqual(await verdictOf(more), await verdictOf(evidence.exhibits));
  });
});

describe('A bundle with more impediments than a record may have', () => {
  /** As many as a verifier reads. */
  const MOST = 4096;

  it('is refused with one sentence, whatever they say, and read with as many as that', async () => {
    const hierarchy = await twoCountries();
    const ledger = await registryOf(hierarchy);
    const { asOf, knownAt, quantity, intervalDays, at } = traceOptions({ asOf: ledger.now });
    const question = { asOf, knownAt, quantity, intervalDays, at };
    const { epoch, evidence } = await ask<EvidenceAnswer>(ledger, 'getEvidence', DEVICE, question);
    const roots = [hierarchy.holder('organisation', 'nmi-north').certificateSha256];
    const item = hierarchy.addStatement('suspension', ['device', 'sensor-b']);
    const entry = { jws: item.statement, registered: { epoch: 0, date: FOUNDED, decisions: 0, txId: 'many' } };
    const verified = (count: number) => {
      const exhibits = evidence.exhibits.map((exhibit) =>
        exhibit.of[0] === 'device' && exhibit.of[1] === DEVICE
          ? { ...exhibit, record: { ...(exhibit.record as object), impediments: Array(count).fill(entry) } }
          : exhibit,
      );
      const own = { channel: evidence.channel, exhibits };
      return verifyBundle(bundleText({ type: BUNDLE_TYPE, device: DEVICE, question, epoch, evidence: own }), { roots });
    };
    await assert.rejects(verified(MOST + 1), {
      code: 'INPUT_INVALID',
      message: /^INPUT_INVALID: the record of device oem-a\/sensor-a is not accepted at impediments: [^.]*4096[^.]*\.$/,
    });
    assert.equal((await verified(MOST)).verdict.device, DEVICE);
  });
});

describe('An epoch of the change log with very many transactions', () => {
  it('has its digest', () => {
    const transactions = Array.from({ length: 200_000 }, (_, place) => ({
      txId: String(place).padStart(64, '0'),
      lines: ['ab'.repeat(32)],
    }));
    const previous = 'cd'.repeat(32);
    const text = epochText({ channel: 'calibration', epoch: 0, previous, transactions });
    const lines = sha256(text.slice(text.indexOf('\n') + 1).replaceAll(' ', '\n'));
    assert.equal(digestOf(readEpoch(text)), sha256(Buffer.from(previous + lines, 'hex')));
  });
});
