import assert from 'node:assert/strict';
import type { Verdict } from '@tracecal/core/trace';
import { later, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

const STANDARD = ['device', 'working-a'] as const;
const JANUARY = '2025-01-01T00:00:00Z';

/** oem-a calibrates its sensor with a standard, and sells that standard to oem-b. */
describe('Who owns a used standard, under attack on what was done with it', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await twoCountries();
    ledger = await registryOf(hierarchy);
  });

  const statusOf = async (device: string) => (await ask<Verdict>(ledger, 'traceCal', device, '{}')).status;
  const pause = () => {
    ledger.now = later(ledger.now, 60);
  };
  const sell = async () => {
    pause();
    await submit(ledger, hierarchy.transfer('working-a', 'oem-b', { registered: ledger.now }));
    pause();
  };
  const say = (what: 'revocation' | 'suspension' | 'reinstatement', author: string, spec: object = {}) =>
    submit(ledger, hierarchy.addStatement(what, STANDARD, { author, registered: ledger.now, ...spec }));
  /** The verdicts of the ledger and of a trace over the same statements that somebody put together. */
  const both = async (device: string) => {
    const { status } = await hierarchy.trace(device, { asOf: ledger.now });
    assert.equal(await statusOf(`oem-a/${device}`), status);
    return status;
  };

  it('a buyer does not break the past of a device by revoking it', async () => {
    await sell();
    await say('revocation', 'oem-b', { reason: 'fraud', effective: JANUARY });
    assert.equal(await both('sensor-a'), 'TRACEABLE');
    assert.equal(await both('working-a'), 'FAILED');
  });

  it('a buyer does not keep the imprinter from saying more than the buyer', async () => {
    await sell();
    await say('revocation', 'oem-b', { reason: 'fraud', effective: JANUARY });
    await say('suspension', 'oem-a', { effective: JANUARY });
    await say('reinstatement', 'oem-a', { effective: ledger.now });
    await say('revocation', 'oem-a', { reason: 'fraud', effective: JANUARY });
    assert.equal(await both('sensor-a'), 'FAILED');
  });

  it('a buyer does not break the past of a device by suspending it and lifting that', async () => {
    await sell();
    await say('suspension', 'oem-b', { reason: 'out-of-tolerance', effective: JANUARY });
    assert.equal(await both('sensor-a'), 'TRACEABLE');
    assert.equal(await both('working-a'), 'FAILED');
    pause();
    await say('reinstatement', 'oem-b', { effective: ledger.now });
    assert.equal(await both('sensor-a'), 'TRACEABLE');
    assert.equal(await both('working-a'), 'TRACEABLE');
  });

  it('a buyer does not break the past of a device by rejecting its report', async () => {
    await sell();
    await submit(ledger, hierarchy.reject('working-a-r1', { by: 'oem-b', registered: ledger.now }));
    assert.equal(await both('sensor-a'), 'TRACEABLE');
    assert.equal(await both('working-a'), 'FAILED');
  });

  it('a buyer does not mend the past of a device by accepting what its seller had not', async () => {
    const report = { device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'], accepted: false };
    await submit(ledger, hierarchy.addReport({ ...report, id: 'spare', performed: '2025-12-10', date: ledger.now }));
    const use = { id: 'use', device: 'sensor-a', technician: 't-oem-a', parents: ['spare'], performed: '2025-12-20' };
    await submit(ledger, hierarchy.addReport({ ...use, date: ledger.now }));
    await sell();
    await submit(ledger, hierarchy.accept('spare', { by: 'oem-b', registered: ledger.now }));
    assert.equal(await both('sensor-a'), 'INCOMPLETE');
    assert.equal(await both('working-a'), 'TRACEABLE');
  });

  for (const [when, seconds] of [
    ['after the sale', 0],
    ['after the sale, dated before it by a client in the same epoch', -600],
  ] as const) {
    it(`an amendment ${when} takes nothing from what the seller had accepted`, async () => {
      await sell();
      ledger.now = later(ledger.now, seconds);
      const report = { device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'], accepted: false };
      const { performed } = hierarchy.payloadOf('working-a-r1').body;
      const amending = { ...report, id: 'amending', performed: performed.end, supersedes: 'working-a-r1' };
      await submit(ledger, hierarchy.addReport({ ...amending, date: ledger.now }));
      ledger.now = later(ledger.now, -seconds);
      await submit(ledger, hierarchy.reject('amending', { by: 'oem-b', registered: ledger.now }));
      // It repeats the report that the seller had accepted, so it says nothing new. No registration is older than what it has read.
      assert.equal(await statusOf('oem-a/sensor-a'), 'TRACEABLE');
      assert.equal(await statusOf('oem-a/working-a'), 'FAILED');
      if (seconds === 0) await both('sensor-a');
    });
  }

  it('of work done before the sale and registered after it the buyer’s word leaves only the signer’s', async () => {
    const use = { id: 'use', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
    await sell();
    ledger.now = later(ledger.now, 3 * 86_400);
    await submit(ledger, hierarchy.addReport({ ...use, performed: '2025-12-20', date: ledger.now }));
    assert.equal(await both('sensor-a'), 'TRACEABLE');
    await say('revocation', 'oem-b', { reason: 'fraud', effective: JANUARY });
    assert.equal(await both('sensor-a'), 'ATTESTED');
  });

  for (const [who, sells] of [
    ['its buyer', true],
    ['the owner who found it', false],
  ] as const) {
    it(`what was found against a device is not erased by ${who}`, async () => {
      await say('suspension', 'oem-a', { reason: 'out-of-tolerance', effective: JANUARY });
      assert.equal(await both('sensor-a'), 'FAILED');
      if (sells) {
        await sell();
      }
      pause();
      const lift = { lifts: 'oem-a', effective: JANUARY };
      await (sells
        ? refuses(say('reinstatement', 'oem-b', lift), 'NOT_AUTHORISED', /was suspended by oem-a/)
        : say('reinstatement', 'oem-a', lift));
      assert.equal(await both('sensor-a'), 'FAILED');
      assert.equal(await both('working-a'), sells ? 'FAILED' : 'TRACEABLE');
    });
  }

  it('a buyer frees a device from what a former owner found, and what was done before stays in doubt', async () => {
    await submit(ledger, hierarchy.transfer('working-b', 'oem-a', { registered: ledger.now }));
    pause();
    const found = { reason: 'out-of-tolerance', effective: JANUARY, registered: ledger.now, author: 'oem-a' } as const;
    const use = { id: 'use', device: 'sensor-a', technician: 't-oem-a', parents: ['working-b-r1'] };
    ledger.now = later(ledger.now, 86_400);
    await submit(ledger, hierarchy.addReport({ ...use, performed: '2026-01-02', date: ledger.now }));
    pause();
    await submit(
      ledger,
      hierarchy.addStatement('suspension', ['device', 'working-b'], { ...found, registered: ledger.now }),
    );
    pause();
    await submit(ledger, hierarchy.transfer('working-b', 'nmi-east', { registered: ledger.now }));
    pause();
    const lift = { author: 'nmi-east', lifts: 'oem-a', effective: JANUARY, registered: ledger.now };
    await submit(ledger, hierarchy.addStatement('reinstatement', ['device', 'working-b'], lift));
    assert.equal(await statusOf('oem-a/sensor-a'), 'FAILED');
    assert.equal(await statusOf('oem-b/working-b'), 'TRACEABLE');
  });

  it('a buyer does not lift what the maker said as its imprinter, though the maker is a former owner', async () => {
    await sell();
    await say('suspension', 'oem-a', { reason: 'fraud', effective: ledger.now });
    pause();
    const lift = { lifts: 'oem-a', effective: ledger.now };
    await refuses(say('reinstatement', 'oem-b', lift), 'NOT_AUTHORISED', /was suspended by oem-a/);
    assert.equal(await both('working-a'), 'FAILED');
  });
});
