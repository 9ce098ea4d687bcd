import assert from 'node:assert/strict';
import { decide, result, row, source } from './build.js';

describe('Voltages of thermocouples', () => {
  const EMF = {
    kind: 'thermoelectric-voltage',
    scale: 'ratio',
    dimension: 'm2 kg1 s-3 A-1',
    axes: [{ kind: 'temperature', name: 'temperature' }],
  } as const;
  /** Kelvin, volts, standard uncertainty. */
  const typeS = source([[273.15, 0, 1e-6], [1273.15, 9.587e-3, 1e-6]], EMF); // prettier-ignore
  const typeK = source([[273.15, 0, 4e-6], [1273.15, 41.276e-3, 4e-6]], EMF); // prettier-ignore
  const at = (kelvin: number, y: number, u: number, standard: typeof typeS) =>
    decide(result([row(kelvin, 2 * u, { y })], { ...EMF, values: 'finding', method: 'direct' }), [standard]);

  it('are compared as parts of their value: each type has its own size', () => {
    assert.equal(at(1273.15, 41.276e-3, 1.5e-6, typeS).outcome, 'failed');
    assert.equal(at(1273.15, 41.276e-3, 4.5e-6, typeS).outcome, 'sound');
    assert.equal(at(1273.15, 9.587e-3, 1.45e-6, typeK).outcome, 'sound');
  });

  it('are related to the voltage between two temperatures, also from zero on', () => {
    const { floor } = at(773.15, 2 * 4.7935e-3, 1e-5, typeS);
    assert.ok(Math.abs(floor! / 2e-6 - 1) < 1e-9, String(floor));
  });

  it('need no size at the temperature of the reference junction', () => {
    assert.equal(at(273.15, 4e-7, 1e-6, typeK).outcome, 'sound');
    assert.equal(at(273.15, 0, 1e-6, typeK).position, 'zero');
  });
});
