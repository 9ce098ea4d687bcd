import assert from 'node:assert/strict';
import { RegistryError } from '@tracecal/core/model';
import { readMeasurement } from '@tracecal/gateway-client/device';
import type { Measurement } from '@tracecal/gateway-client/device';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';
import { Instrument } from '../../support/instrument.js';

describe('A signed measurement', () => {
  let hierarchy: Hierarchy;
  let sensor: Instrument;

  before(async () => {
    hierarchy = await twoCountries();
    sensor = new Instrument(hierarchy);
  });

  const refuses = (signed: unknown, certificates: readonly string[], code: string, sentence: RegExp) =>
    assert.throws(
      () => readMeasurement(signed, certificates),
      (error) => error instanceof RegistryError && error.code === code && sentence.test(error.message),
    );

  it('is read as its device has signed it', async () => {
    const content = sensor.content(7, {
      previous: { sequence: 6, digest: 'ab'.repeat(32) },
      arguments: [{ name: 'immersion', value: 12, unit: '\\centi\\metre' }],
      corrected: { report: 'oem-a/sensor-a-r1', digest: 'cd'.repeat(32) },
      verdict: { status: 'TRACEABLE', asOf: '2026-03-01T00:00:00Z', digest: 'ef'.repeat(32) },
    });
    const read = sensor.read(await sensor.sign(content));
    assert.deepEqual(read.content, content);
    assert.match(read.digest, /^[0-9a-f]{64}$/);
  });

  it('is refused under the key of another device, in another name, or changed', async () => {
    const signed = await sensor.sign(sensor.content(0));
    const other = new Instrument(hierarchy, 'oem-b/sensor-b');
    refuses(signed, [other.signer.certificate], 'SIGNATURE_INVALID', /not signed by a key that was the device's own/);
    refuses(signed, [], 'SIGNATURE_INVALID', /not signed by a key/);
    const inOtherName = await other.sign(sensor.content(0), 'device:oem-a/sensor-a');
    const both = [sensor.signer.certificate, other.signer.certificate];
    refuses(inOtherName, both, 'SIGNATURE_INVALID', /not signed by a key/);
    const changed = await sensor.sign(sensor.content(0, { value: 99 }));
    const mixed = { ...(signed as object), payload: (changed as { payload: string }).payload };
    refuses(mixed, both, 'SIGNATURE_INVALID', /not signed by a key/);
    const { signatures } = signed as { signatures: readonly unknown[] };
    refuses(
      { ...(signed as object), signatures: [...signatures, ...signatures] },
      both,
      'SIGNATURE_INVALID',
      /not signed/,
    );
  });

  it("is refused on a day on which the device's certificate does not hold", async () => {
    const late = await sensor.sign(sensor.content(0, { time: '2099-01-01T00:00:00.000Z' }));
    refuses(late, [sensor.signer.certificate], 'SIGNATURE_INVALID', /on 2099-01-01/);
  });

  const BROKEN: Readonly<Record<string, Partial<Record<keyof Measurement, unknown>>>> = {
    'a number that is none': { value: 'warm' },
    'a unit of another kind': { unit: '\\metre' },
    'a kind under another name': { quantity: 'Temperature' },
    'a time without milliseconds': { time: '2026-03-01T00:00:00Z' },
    'a day that does not exist': { time: '2026-02-30T00:00:00.000Z' },
    'a negative number': { sequence: -1 },
    'a previous one that comes later': { sequence: 3, previous: { sequence: 3, digest: 'ab'.repeat(32) } },
    'an argument named twice': {
      arguments: [
        { name: 'immersion', value: 1 },
        { name: 'Immersion', value: 2 },
      ],
    },
    'a member that is not known': { sealed: true } as Partial<Record<keyof Measurement, unknown>>,
    'another version': { type: 'tracecal-measurement/2' },
  };
  for (const [what, changes] of Object.entries(BROKEN)) {
    it(`is refused with ${what}`, async () => {
      const signed = await sensor.sign({ ...sensor.content(0), ...changes } as Measurement);
      refuses(signed, [sensor.signer.certificate], 'INPUT_INVALID', /the measurement is not accepted/);
    });
  }
});
