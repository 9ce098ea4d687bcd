import assert from 'node:assert/strict';
import { parse } from '@tracecal/cli';

describe('The place of a question on the command line', () => {
  it('is a value, arguments by their names, or both', () => {
    assert.deepEqual(parse.at('20'), { value: 20, arguments: {} });
    assert.deepEqual(parse.at('-1.5e3'), { value: -1500, arguments: {} });
    assert.deepEqual(parse.at('frequency=50'), { arguments: { frequency: 50 } });
    assert.deepEqual(parse.at('range=10 V, frequency = 1e3 ,7'), {
      value: 7,
      arguments: { range: '10 V', frequency: 1000 },
    });
    assert.deepEqual(parse.at('mode=a=b'), { arguments: { mode: 'a=b' } });
  });

  it('is refused where it cannot be understood, or says something twice', () => {
    for (const text of ['', 'warm', '1,2', '=5', 'frequency=', 'a=1,a=2', '1,,2', 'Infinity', '0x10', '1e999']) {
      assert.throws(() => parse.at(text), { code: 'commander.invalidArgument' }, text);
    }
  });
});
