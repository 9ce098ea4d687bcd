import assert from 'node:assert/strict';
import { ownId } from '@tracecal/gateway-client/application';

describe('A text that cannot be an id', () => {
  for (const [given, why] of [
    ['a/../../../x', /because a part of it is "\.\.": write up to 128 letters/],
    ['a/', /because a part of it is empty/],
    ['a b', /because it contains " "/],
    ['Gerät', /because it contains "ä"/],
    ['-x', /because a part of it is "-x"/],
    ['x'.repeat(140), /because the whole id has 150 characters/],
  ] as const) {
    it(`is refused with the part of the rule that it breaks: ${given.slice(0, 20)}`, () => {
      assert.throws(() => ownId('lab-alpha', given), { code: 'INPUT_INVALID', message: why });
    });
  }

  it('is refused where it belongs to another organisation, which is named', () => {
    assert.throws(() => ownId('lab-alpha', 'lab-beta/x'), /would be registered by lab-beta, not by lab-alpha/);
  });
});
