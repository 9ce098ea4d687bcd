import assert from 'node:assert/strict';
import { decide, result, row, source } from './build.js';

describe('Arguments of which a part means much, or nothing', () => {
  const at = (kind: string, calibrated: number, asked: number) => {
    const of = { kind: 'responsivity', scale: 'coefficient', dimension: '', axes: [{ kind, name: kind }] } as const;
    const standard = source([[calibrated, 0.3, 1e-3]], of);
    return decide(result([row(asked, 0.1, { y: 0.3 })], { ...of, method: 'direct' }), [standard]).position;
  };

  it('are one place within 0.1 % of a wavelength', () => {
    assert.equal(at('wavelength', 1064e-9, 1084e-9), 'outside');
    assert.equal(at('wavelength', 1064e-9, 1065e-9), 'edge');
  });

  it('are one place within 0.1 dB of a level, also around 0 dB', () => {
    assert.equal(at('power-level', -60, -61), 'outside');
    assert.equal(at('power-level', 0.03, 0), 'edge');
  });

  it('are one place within 0.1 degrees of an angle, also around zero', () => {
    const degree = Math.PI / 180;
    assert.equal(at('angle', 0.05 * degree, 0), 'edge');
    assert.equal(at('angle', 90 * degree, 91 * degree), 'outside');
  });

  it('are 2 % of others', () => {
    assert.deepEqual([at('frequency', 1000, 1019), at('frequency', 1000, 1021)], ['edge', 'outside']);
  });
});
