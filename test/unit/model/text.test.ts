import assert from 'node:assert/strict';
import { isUnit, parseAs, plainText, resultSchema, statementOf } from '@tracecal/core/model';
import { oneLine } from '@tracecal/gateway-client/dcc';
import { readSigned, twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';

/** By what they do to a reader. */
const HIDDEN = {
  'turn the writing direction': '\u202E',
  'have no width': '\u200B',
  'join what stands beside them': '\u2060',
  'mark the order of bytes': '\uFEFF',
  'hyphenate softly': '\u00AD',
  'tag invisibly': '\u{E0041}',
  'fill a syllable with nothing': '\u3164',
  'vary the glyph before them': '\uFE0F',
  'control a terminal': '\u001B',
  'end a line': '\u2028',
  'mean what each font wants': '\uE000',
  'are not assigned': '\u0378',
};

describe('A text that people read', () => {
  let hierarchy: Hierarchy;

  before(async () => {
    hierarchy = await twoCountries();
  });

  const device = (body: object) => {
    const said = hierarchy.imprintOf('sensor-a');
    return () => statementOf({ ...said, body: { ...said.body, ...body } });
  };

  for (const [what, character] of Object.entries(HIDDEN)) {
    it(`holds no characters that ${what}`, () => {
      for (const name of ['serial', 'model', 'manufacturer']) {
        assert.throws(device({ [name]: `A${character}1` }), /INPUT_INVALID: .*others that nobody sees/);
      }
      const { jws } = hierarchy.organisations.get('lab-alpha')!.memberships[0]!;
      const said = readSigned(jws);
      const named = { ...said, body: { ...said.body, name: `Lab ${character}` } };
      assert.throws(() => statementOf(named), /others that nobody sees/);
      const [result] = hierarchy.resultsOf('sensor-a-r1');
      const text = JSON.stringify({ ...result, name: `T${character}` });
      assert.throws(() => parseAs(resultSchema, 'result', text), /others that nobody sees/);
      assert.throws(() => statementOf({ ...said, author: `lab${character}` }), /must be an organisation's id/);
      assert.equal(isUnit(`\\kelvin${character}`), false);
      assert.ok(!plainText(`A${character}1`).includes(character));
    });
  }

  it('is written in one way where a letter has an accent', () => {
    assert.throws(device({ manufacturer: 'Mu\u0308ller' }), /must be in Unicode normalisation form C/);
    device({ manufacturer: 'M\u00FCller' })();
  });

  it('may be of any script, with symbols', () => {
    for (const model of ['温度計 №4', 'Датчик-2', 'Pt100 ±0,1 °C', 'مقياس', 'Ω-µ 😀']) {
      device({ model })();
    }
  });

  it('of a digital certificate is made so where it is imported', () => {
    assert.equal(oneLine('Mu\u0308ller \u202E\n & Söhne\u200B'), 'Müller & Söhne');
  });
});
