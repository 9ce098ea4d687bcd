import assert from 'node:assert/strict';
import { ownValue } from '@tracecal/core/model';

describe('A value by a key that comes from outside', () => {
  it('is a member of the object itself, never an inherited one', () => {
    const units = { metre: 'm', '': 'none' };
    assert.equal(ownValue(units, 'metre'), 'm');
    assert.equal(ownValue(units, ''), 'none');
    for (const key of ['toString', 'constructor', '__proto__', 'hasOwnProperty', 'inch']) {
      assert.equal(ownValue<unknown>(units, key), undefined, key);
    }
  });
});
