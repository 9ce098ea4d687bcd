import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import * as own from '@tracecal/core/shape';
import { en } from 'zod/locales';
import * as library from 'zod/mini';
import { z } from 'zod';
import { Random } from '../../support/random.js';
import { runSeed } from '../../support/seed.js';

/** The same shape, made by either. */
function shapeFrom(made: typeof own) {
  const finite = made.number();
  const text = made.string().check(
    made.regex(/\S/, 'must not be empty'),
    made.maxLength(5),
    made.refine((value) => !value.includes('#'), 'must have no #'),
  );
  return made
    .strictObject({
      text,
      optional: made.optional(made.union([text, made.literal('')])),
      exact: made.exactOptional(made.array(made.union([finite, text])).check(made.minLength(1), made.maxLength(3))),
      whole: made.nullable(made.int('must be whole').check(made.minimum(1), made.maximum(9))),
      name: made.enum(['a', 'b']),
      given: made._default(made.nullable(made.boolean()), null),
      tagged: made.discriminatedUnion(
        'form',
        [
          made.strictObject({
            form: made.literal('x'),
            value: finite.check(made.gt(0), made.lte(1, 'must be at most 1')),
          }),
          made.looseObject({ form: made.literal('y') }),
        ],
        { error: 'form must be x or y' },
      ),
      record: made.record(made.string().check(made.regex(/^[a-z]+$/)), finite.check(made.gte(0), made.lt(9))),
      pair: made.tuple([finite, text]),
      unknown: made.unknown(),
      custom: made.exactOptional(made.custom((value) => value === 3, 'must be 3')),
      two: made.string().check(made.length(2)),
      large: made.exactOptional(made.int()),
    })
    .check(
      made.refine(({ whole, name }) => whole !== 9 || name === 'a', { path: ['whole'], message: 'must be 9 with a' }),
      made.superRefine(({ text: value }, context) => {
        if (value === 'bad') context.addIssue({ code: 'custom', path: ['text'], message: 'must not be bad' });
      }),
      made.refine(({ two }) => two !== 'zz', { error: ({ input }) => `must not be ${JSON.stringify(input).length}` }),
    );
}

const SOUND = {
  ...{ text: 'abc', whole: 3, name: 'a', tagged: { form: 'x', value: 1 }, record: { a: 1 } },
  ...{ pair: [1, 'q'], unknown: null, two: 'ab' },
};

const VALUES: readonly unknown[] = [
  ...[undefined, null, 0, 1, 3, 9, 10, -1, 1.5, NaN, Infinity, 2 ** 60, -(2 ** 60), true, false],
  ...['', 'a', 'ab', 'zz', 'abc', 'abcdef', '#', '\u{1f600}', '\u{1f600}\u{1f600}', '\u{d83d}x', 'bad'],
  ...[[], [1], [1, 'a'], ['#'], ['#', null], [1, 2, 3, 4], ['abcdefg', 1, 2, 3], [null, null]],
  ...[{}, { form: 'x' }, { form: 'y', more: 1 }, { form: 'x', value: 0 }, { form: 'x', value: 2 }, { form: 'z' }],
  ...[{ a: 1 }, { A: 1 }, { a: 'x' }, { a: 9 }, { form: 'x', value: 1, more: [] }],
];

const ROUNDS = 5_000;

/** What either says of a value; usual sentences only by their beginning, which is all that is looked at. */
function answerOf(shape: library.ZodMiniType, value: unknown): unknown {
  const { success, data, error } = shape.safeParse(value);
  const issue = error?.issues[0];
  return success || !issue
    ? data
    : {
        ...issue,
        message: /^(?:Invalid|Too|Unrecognized)/.test(issue.message)
          ? issue.message.includes('received undefined')
          : issue.message,
        ...{ note: null, errors: null, options: null, discriminator: null, received: null, params: null },
        ...{ inclusive: null, issues: null },
      };
}

describe('A shape of the small form', () => {
  const [mine, theirs] = [shapeFrom(own), shapeFrom(library)];

  before(() => library.config(en()));

  it('answers and refuses as the library does', () => {
    const random = new Random(runSeed);
    const oneOf = <T>(all: readonly T[]): T => all[random.between(0, all.length - 1)]!;
    const names = [...Object.keys(theirs.shape), 'more', '__proto__'];
    let refused = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const value: Record<string, unknown> = { ...SOUND };
      for (let change = random.between(0, 3); change > 0; change -= 1) {
        const name = oneOf(names);
        if (random.chance(0.2)) Reflect.deleteProperty(value, name);
        else Object.defineProperty(value, name, { value: oneOf(VALUES), enumerable: true, configurable: true });
      }
      const answers = [answerOf(mine, value), answerOf(theirs, value)];
      assert.ok(isDeepStrictEqual(answers[0], answers[1]), JSON.stringify([value, ...answers]));
      refused += mine.safeParse(value).success ? 0 : 1;
    }
    assert.ok(refused > ROUNDS / 2 && refused < ROUNDS, `${refused} of ${ROUNDS}`);
    for (const value of [null, [], 5, 'x', undefined]) {
      assert.deepEqual(answerOf(mine, value), answerOf(theirs, value));
    }
  });

  it('has the same published schema', () => {
    const options = { io: 'input', unrepresentable: 'any' } as const;
    assert.deepEqual(library.toJSONSchema(mine, options), library.toJSONSchema(theirs, options));
  });

  it('can be part of a shape of the library, and its checks as well', () => {
    const whole = z.strictObject({
      one: mine,
      several: z.array(mine).min(1).optional(),
      text: z.string().check(own.maxLength(2)),
    });
    const value = { one: SOUND, text: 'ab' };
    assert.deepEqual(whole.parse(value), { ...value, one: { ...SOUND, given: null } });
    const { issues } = whole.safeParse({ ...value, several: [{ ...SOUND, whole: 'x' }], text: 'abc' }).error ?? {};
    assert.deepEqual(
      issues?.map(({ path, code, message }) => [path.join('.'), code, message]),
      [
        ['several.0.whole', 'invalid_type', 'must be whole'],
        ['text', 'too_big', 'Invalid input'],
      ],
    );
  });
});
