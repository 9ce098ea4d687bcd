import assert from 'node:assert/strict';
import { unitOfKind } from '@tracecal/core/model';

describe('The unit in which a value of a kind is read', () => {
  it('has the zero point of a unit of temperature for a temperature, never for a difference', () => {
    for (const kind of ['temperature', 'dew-point']) {
      assert.equal(unitOfKind(kind, '\\degreecelsius')?.offset, 273.15, kind);
    }
    const difference = unitOfKind('temperature-difference', '\\degreecelsius');
    assert.ok(difference);
    assert.equal(difference.offset, 0);
    assert.deepEqual({ ...difference, offset: 273.15 }, unitOfKind('temperature', '\\degreecelsius'));
  });

  it('does not exist where the text is no D-SI unit', () => {
    assert.equal(unitOfKind('temperature', 'degC'), undefined);
    assert.equal(unitOfKind('temperature-difference', 'degC'), undefined);
  });
});
