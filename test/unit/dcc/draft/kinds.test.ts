import assert from 'node:assert/strict';
import { proposeKind } from '@tracecal/core/model';
import { ofPoints } from '@tracecal/gateway-client/dcc';

describe('the kind of values in kelvin that nothing names', () => {
  const proposed = proposeKind({ names: ['Reference value'] }, '\\kelvin');

  it('is a temperature or a difference of two', () => {
    assert.deepEqual(proposed.certainty === 'ambiguous' && proposed.candidates.map(({ name }) => name), [
      'temperature',
      'temperature-difference',
    ]);
  });

  it('is a temperature where errors stand beside them', () => {
    const left = ofPoints(proposed);
    assert.equal(left.certainty === 'certain' && left.kind.name, 'temperature');
  });

  it('stays open between kinds that are no differences', () => {
    const pressure = proposeKind({ names: ['p'] }, '\\pascal');
    assert.equal(ofPoints(pressure).certainty, pressure.certainty);
  });
});
