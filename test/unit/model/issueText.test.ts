import assert from 'node:assert/strict';
import { issueText, shapeOf } from '@tracecal/core/model';
import * as z from '@tracecal/core/shape';

const SHAPE = z.strictObject({
  name: z.string().check(z.minLength(1)),
  rows: z.array(z.number()).check(z.minLength(1), z.maxLength(2)),
  kind: z.optional(z.enum(['standard', 'field'])),
  ratio: z.optional(z.number().check(z.maximum(1))),
  choice: z.optional(z.union([z.string(), z.strictObject({ a: z.number() })])),
});
const SOUND = { name: 'x', rows: [1] };

describe('The message about a value of the wrong shape', () => {
  const textFor = (value: unknown) => {
    const [issue] = SHAPE.safeParse(value).error?.issues ?? [];
    return issue && `${issue.path.join('.')} ${issueText(issue)}`;
  };

  it('is said in words of the field, with what is allowed', () => {
    assert.equal(textFor(SOUND), undefined);
    assert.equal(textFor([]), ' must be an object');
    assert.equal(textFor({ rows: [1] }), 'name is missing; it is a text');
    assert.equal(textFor({ ...SOUND, name: '' }), 'name must have at least 1 character');
    assert.equal(textFor({ ...SOUND, rows: {} }), 'rows must be a list');
    assert.equal(textFor({ ...SOUND, rows: [] }), 'rows must have at least 1 entry');
    assert.equal(textFor({ ...SOUND, rows: [1, 2, 3] }), 'rows must have at most 2 entries');
    assert.equal(textFor({ ...SOUND, rows: ['1'] }), 'rows.0 must be a number');
    assert.equal(textFor({ ...SOUND, kind: 'other' }), 'kind must be standard or field');
    assert.equal(textFor({ ...SOUND, ratio: 2 }), 'ratio must be at most 1');
    assert.equal(textFor({ ...SOUND, more: 1 }), ' there is no member more');
    assert.equal(textFor({ ...SOUND, choice: 1 }), 'choice has the wrong shape');
  });

  it('is the same wherever input is checked against a shape', () => {
    assert.throws(() => shapeOf(SHAPE, 'file', { ...SOUND, rows: {} }), {
      code: 'INPUT_INVALID',
      message: 'INPUT_INVALID: the file is not accepted at rows: must be a list.',
    });
  });
});
