import assert from 'node:assert/strict';
import { RegistryError } from '@tracecal/core/model';
import { parseScopesFile, SCOPES_FILE_FORMAT, withMeantKinds } from '@tracecal/gateway-client/application';
import { lineOf, voltageLine } from '../../support/accreditationLines.js';

/** A line as people write it: what is usual is left out. */
const SHORT = {
  quantity: 'temperature',
  unit: '\\degreecelsius',
  min: -80,
  max: 420,
  cmc: 0.01,
  validFrom: '2022-01-01',
  validTo: '2030-12-31',
};

function parsed(value: unknown) {
  return parseScopesFile(JSON.stringify(value));
}

function refusal(text: string): string {
  try {
    parseScopesFile(text);
  } catch (error) {
    assert.ok(error instanceof RegistryError);
    return error.message;
  }
  return 'accepted';
}

describe('A scopes file', () => {
  it('may be a list of lines, with what is usual left out', () => {
    assert.deepEqual(parsed([SHORT]), { body: null, number: null, lines: [lineOf()] });
  });

  it('needs the first and the last day of a line, and says how they are written', () => {
    for (const date of ['validFrom', 'validTo'] as const) {
      const line = { ...SHORT, [date]: undefined };
      assert.equal(refusal(JSON.stringify([line])), `INPUT_INVALID: Line 1, ${date}: write a date like 2026-01-31.`);
    }
    assert.match(SCOPES_FILE_FORMAT, /validFrom, validTo +first and last day, like 2026-01-31 \(no default\)/);
  });

  it('may name the accreditation body and number', () => {
    const number = 'DAkkS-DE-CL-15070-01-00';
    assert.deepEqual(parsed({ body: 'DAkkS', number, lines: [SHORT] }), { body: 'DAkkS', number, lines: [lineOf()] });
  });

  it('may state everything', () => {
    const line = voltageLine({
      method: 'EURAMET cg-15',
      methodLevel: 'secondary',
      place: 'both',
      service: 'NMI-1',
      cmc: {
        form: 'table',
        relative: true,
        of: 'frequency',
        points: [
          { at: 10, cmc: 1e-5 },
          { at: 1e5, cmc: 1e-4 },
        ],
      },
    });
    const grant = { body: 'DAkkS', number: '0653', lines: [line] };
    assert.deepEqual(parsed(grant), grant);
  });

  it('gives every form of a CMC its usual parts', () => {
    const forms: readonly (readonly [unknown, unknown])[] = [
      [
        { form: 'constant', value: 1 },
        { form: 'constant', relative: false, value: 1 },
      ],
      [
        { form: 'linear', a: 1, terms: [{ b: 2 }] },
        { form: 'linear', a: 1, terms: [{ of: null, b: 2 }], combined: 'sum' },
      ],
      [
        {
          form: 'table',
          points: [
            { at: -80, cmc: 1 },
            { at: 420, cmc: 2 },
          ],
        },
        {
          form: 'table',
          relative: false,
          of: null,
          points: [
            { at: -80, cmc: 1 },
            { at: 420, cmc: 2 },
          ],
        },
      ],
    ];
    for (const [short, whole] of forms) {
      assert.deepEqual(parsed([{ ...SHORT, cmc: short }]).lines[0]?.cmc, whole);
    }
    const matrix = {
      form: 'matrix',
      of: [null, 'frequency'],
      rows: [0, 1000],
      columns: [10, 1e5],
      cmc: [
        [1, 2],
        [3, 4],
      ],
    };
    const line = { ...voltageLine(), cmc: matrix };
    assert.deepEqual(parsed([line]).lines[0]?.cmc, { ...matrix, relative: false });
  });

  it('says in its help what every member means, with examples that are accepted', () => {
    const examples = SCOPES_FILE_FORMAT.split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('{'));
    assert.equal(examples.length, 4);
    const ranges = { min: 1, max: 10, arguments: [{ ...voltageLine().arguments[0], min: 10, max: 1000 }] };
    for (const example of examples) {
      const line = { ...voltageLine(), ...ranges, cmc: JSON.parse(example) as unknown };
      assert.equal(parsed([line]).lines.length, 1, example);
    }
  });

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['that is no list and no object', 7, /list of lines, or an object that holds "lines"/],
    [
      'without lines',
      {},
      /Scopes file, lines: is missing; it is a list; `tracecal scopes grant --help` shows an example\.$/,
    ],
    ['with an empty list', [], /Scopes file, lines: must have at least 1 entry;/],
    ['with a line that is no object', [7], /Line 1: must be an object/],
    ['with a line without a CMC', [{ ...SHORT, cmc: undefined }], /Line 1, cmc: form must be "constant", "table"/],
    [
      'with a member that does not exist',
      [SHORT, { ...SHORT, locations: 'both' }],
      /Line 2: there is no member locations; a line has quantity, unit, min, /,
    ],
    ['with a CMC of 0', [{ ...SHORT, cmc: 0 }], /Line 1, cmc\.value: a CMC must be greater than 0/],
    ['with a text for a number', [{ ...SHORT, min: '0' }], /Line 1, min: must be a number\.$/],
    ['with a place that does not exist', [{ ...SHORT, place: 'lab' }], /place: must be laboratory or on-site or both/],
    [
      'with a wrong point of a table',
      [{ ...SHORT, cmc: { form: 'table', points: [{ at: -80, cmc: 1 }, { at: 420 }] } }],
      /Line 1, cmc\.points 2\.cmc: is missing; it is a number/,
    ],
    [
      'with a kind of quantity that is misspelt',
      [SHORT, { ...SHORT, quantity: 'temperture' }],
      /Line 2, quantity: no kind of quantity is called "temperture": do you mean temperature.*own:temperture\.$/,
    ],
    [
      'with a unit of another kind in an argument',
      [{ ...voltageLine(), arguments: [{ name: 'f', quantity: 'frequency', unit: '\\volt', min: 1, max: 2 }] }],
      /Line 1, arguments 1: must be in a unit of its kind of quantity: frequency cannot be in \\volt, only in \\hertz/,
    ],
    ['with a form that does not exist', [{ ...SHORT, cmc: { form: 'cubic' } }], /form must be "constant", "table"/],
    [
      'with a CMC that is nothing at 0 °C',
      [SHORT, { ...SHORT, min: -40, max: 200, cmc: { form: 'constant', value: 0.001, relative: true } }],
      /Line 2, cmc: the CMC is only a part of the value.*0 °C.*add a constant part .* or divide the range/,
    ],
    ['without a form', [SHORT, { ...SHORT, cmc: { value: 1 } }], /Line 2, cmc: "form" is missing/],
    [
      'of an earlier version',
      [{ ...SHORT, cmc: { absolute: 0.01, relative: 2e-5 } }],
      /Line 1, cmc: write it as \{"form": "linear", "a": 0\.01, "terms": \[\{"b": 0\.00002\}\]\}/,
    ],
    [
      'of an earlier version with an absolute part only',
      [{ ...SHORT, cmc: { absolute: 0.01, relative: 0 } }],
      /write it as 0\.01, greater than 0/,
    ],
  ];
  for (const [what, file, reason] of refused) {
    it(`is refused ${what}`, () => {
      assert.match(refusal(JSON.stringify(file)), reason);
    });
  }

  it('may name a kind of quantity as people call it, or one of its own on purpose', () => {
    const quantity = (name: string) => parsed([{ ...SHORT, quantity: name, unit: '\\one' }]).lines[0]?.quantity;
    assert.equal(quantity('RH'), 'relative-humidity');
    assert.equal(quantity('own:wobble'), 'wobble');
  });

  it('is refused if it is not strict JSON', () => {
    assert.match(refusal('{"lines": [], "lines": []}'), /JSON_INVALID/);
    assert.match(refusal('lines:'), /JSON_INVALID/);
  });
});

describe('A result in a file', () => {
  const place = 'In results.json, results[0]';

  it('names kinds of quantity by name, alias or own:NAME, also of its arguments and standards', () => {
    const written = {
      quantity: 'own:wobble',
      arguments: [{ name: 'f', quantity: 'frequency' }],
      support: { method: 'product', uses: [{ source: 0, quantity: 'own:sway' }] },
    };
    assert.deepEqual(withMeantKinds(written, place), {
      quantity: 'wobble',
      arguments: [{ name: 'f', quantity: 'frequency' }],
      support: { method: 'product', uses: [{ source: 0, quantity: 'sway' }] },
    });
  });

  it('is refused for a slip of the pen, and the refusal says where', () => {
    for (const written of [
      { quantity: 'temprature' },
      { quantity: 'mass', arguments: [{ name: 'T', quantity: 'temprature' }] },
      { quantity: 'mass', support: { uses: [{ source: 0, quantity: 'temprature' }] } },
    ]) {
      assert.throws(
        () => withMeantKinds(written, place),
        /results\[0\], quantity: .*do you mean temperature.*own:temprature/,
      );
    }
  });
});
