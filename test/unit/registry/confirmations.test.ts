import assert from 'node:assert/strict';
import type { AffectedDevice, HistoryEntry, Page } from '@tracecal/core/contracts';
import type { Verdict } from '@tracecal/core/trace';
import { temperatureResult, transcribing, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

const OF_NORTH = { number: 'N-1', laboratory: 'The nmi-north', country: 'DE', issuer: 'nmi-north' };

describe('Confirmations of a transcription', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
    const report = { device: 'reference-a', technician: 't-lab-alpha', performed: '2025-12-20' };
    const results = [temperatureResult(0.02)];
    await submit(ledger, hierarchy.addReport({ ...report, id: 'old', results, stated: transcribing(OF_NORTH) }));
  });

  const status = async () => (await ask<Verdict>(ledger, 'traceCal', 'lab-alpha/reference-a', {})).status;

  it('of two other organisations make it traceable, and show in its history', async () => {
    assert.equal(await status(), 'ATTESTED');
    await submit(ledger, hierarchy.confirm('lab-beta', 'old'));
    await submit(ledger, hierarchy.confirm('nmi-east', 'old'));
    assert.equal(await status(), 'TRACEABLE');
    assert.equal((await ask<readonly unknown[]>(ledger, 'getConfirmations', 'lab-alpha/old')).length, 2);
    const question = { kind: 'report', id: 'lab-alpha/old', pageSize: 10, bookmark: '' };
    const { items } = await ask<Page<HistoryEntry>>(ledger, 'history', question);
    assert.deepEqual(
      items.flatMap(({ changes }) => changes.map(({ what, by }) => `${what} ${by}`)),
      ['report lab-alpha', 'confirmation lab-beta', 'confirmation nmi-east'],
    );
  });

  it('are not the word of its transcriber, of owners, or of those whom they certify', async () => {
    for (const [author, why] of [
      ['lab-alpha', /lab-alpha is concerned itself/],
      ['oem-a', /oem-a is certified by lab-alpha/],
    ] as const) {
      await refuses(submit(ledger, hierarchy.confirm(author, 'old')), 'NOT_AUTHORISED', why);
    }
  });

  it('are about that very report and file', async () => {
    await refuses(
      submit(ledger, hierarchy.confirm('lab-beta', 'sensor-a-r1')),
      'INPUT_INVALID',
      /certificateSha256|does not transcribe/,
    );
  });

  it('count once each, and are taken back by a later one', async () => {
    const item = hierarchy.confirm('lab-beta', 'old');
    await submit(ledger, item);
    await refuses(submit(ledger, item), 'ALREADY_EXISTS', /is not a new one/);
    await submit(ledger, hierarchy.confirm('nmi-east', 'old'));
    await submit(ledger, hierarchy.confirm('lab-beta', 'old', { equal: false }));
    assert.equal(await status(), 'ATTESTED');
    await submit(ledger, hierarchy.confirm('lab-beta', 'old'));
    await refuses(submit(ledger, hierarchy.confirm('lab-beta', 'old')), 'INPUT_INVALID', /no room for another/);
    await submit(ledger, hierarchy.confirm('lab-beta', 'old', { equal: false }));
    assert.equal(await status(), 'ATTESTED');
    await refuses(submit(ledger, hierarchy.confirm('lab-beta', 'old')), 'INPUT_INVALID', /no more are kept/);
  });

  const affected = async (id: string, kind = 'organisation'): Promise<readonly string[]> => {
    const question = { kind, id, pageSize: 100, bookmark: '' };
    const { items } = await ask<Page<AffectedDevice>>(ledger, 'affectedDevices', question);
    return items.flatMap(({ device, reports }) => (device === 'lab-alpha/reference-a' ? reports : []));
  };

  it('have what rests on them found by the organisations and the officers that gave them', async () => {
    assert.deepEqual(await affected('lab-beta'), []);
    await submit(ledger, hierarchy.confirm('lab-beta', 'old'));
    await submit(ledger, hierarchy.confirm('nmi-east', 'old'));
    assert.equal(await status(), 'TRACEABLE');
    assert.deepEqual(await affected('lab-beta'), ['lab-alpha/old']);
    assert.deepEqual(await affected('lab-beta/officer', 'person'), ['lab-alpha/old']);
    assert.deepEqual(await affected('nmi-south'), ['lab-alpha/old'], 'it certifies lab-beta');
    await submit(ledger, hierarchy.confirm('lab-beta', 'old', { equal: false }));
    assert.deepEqual(await affected('lab-beta'), []);
    assert.deepEqual(await affected('nmi-east'), ['lab-alpha/old']);
  });

  it('are numbered together with all else that their author says about the report', async () => {
    await submit(ledger, hierarchy.confirm('nmi-north', 'old', { number: 1 }));
    const again = hierarchy.addStatement('suspension', ['report', 'old'], { author: 'nmi-north', number: 1 });
    await refuses(submit(ledger, again), 'ALREADY_EXISTS', /sign it with number 2/);
    await submit(ledger, hierarchy.addStatement('suspension', ['report', 'old'], { author: 'nmi-north', number: 2 }));
    await refuses(
      submit(ledger, hierarchy.confirm('nmi-north', 'old', { equal: false, number: 2 })),
      'ALREADY_EXISTS',
      /sign it with number 3/,
    );
  });

  it('are found as well where the report is accepted after them', async () => {
    const report = { device: 'reference-a', technician: 't-lab-alpha', performed: '2025-12-21', accepted: false };
    const stated = transcribing({ ...OF_NORTH, number: 'N-2' });
    await submit(ledger, hierarchy.addReport({ ...report, id: 'late', results: [temperatureResult(0.02)], stated }));
    await submit(ledger, hierarchy.confirm('lab-beta', 'late'));
    assert.deepEqual(await affected('lab-beta'), []);
    await submit(ledger, hierarchy.accept('late'));
    assert.deepEqual(await affected('lab-beta'), ['lab-alpha/late']);
  });

  it('are not needed to find a transcription by the member that issued the certificate', async () => {
    assert.deepEqual(await affected('lab-beta'), []);
    const report = { device: 'reference-a', technician: 't-lab-alpha', performed: '2025-12-21' };
    const of = { number: 'B-1', laboratory: 'The lab-beta', country: 'DE', issuer: 'lab-beta' };
    const results = [temperatureResult(0.02)];
    await submit(ledger, hierarchy.addReport({ ...report, id: 'other', results, stated: transcribing(of) }));
    assert.deepEqual(await affected('lab-beta'), ['lab-alpha/other']);
  });
});
