import assert from 'node:assert/strict';
import { Memo } from '@tracecal/core/model';

describe('The cache of a chaincode process', () => {
  /** Asks each question in turn; returns those that had to be worked out. */
  const workedOut = (memo: Memo<number>, questions: readonly string[]): readonly number[] => {
    const computed: number[] = [];
    for (const [index, question] of questions.entries()) {
      const answer = memo.get(question, () => computed.push(index) && question.length);
      assert.equal(answer, question.length);
    }
    return computed;
  };

  it('is worked out once', () => {
    assert.deepEqual(workedOut(new Memo(2), ['a', 'bb', 'a', 'bb', 'a']), [0, 1]);
  });

  it('is forgotten beyond a number of questions, the oldest first', () => {
    assert.deepEqual(workedOut(new Memo(2), ['a', 'bb', 'ccc', 'bb', 'a']), [0, 1, 2, 4]);
  });

  it('is forgotten beyond an amount of text, however few the questions', () => {
    const long = Array.from({ length: 2000 }, (_, index) => String(index).padEnd(16_000));
    const memo = new Memo<number>(16_384);
    workedOut(memo, long);
    assert.deepEqual(workedOut(memo, [long.at(-1)!, long[0]!]), [1], 'the newest is still known, the oldest is not');
  });

  it('holds nothing longer than the longest statement, and tells the computing function that', () => {
    const longest = 'x'.repeat(32_768);
    assert.deepEqual(workedOut(new Memo(4), [longest, longest]), [0]);
    const large = `${longest}x`;
    const memo = new Memo<number>(4);
    assert.deepEqual(workedOut(memo, [large, large]), [0, 1]);
    const shared: boolean[] = [];
    memo.get(large, (isShared) => shared.push(isShared));
    memo.get('x', (isShared) => shared.push(isShared));
    assert.deepEqual(shared, [false, true]);
  });

  it('is the same when a question is asked again while it is worked out', () => {
    const memo = new Memo<number>(1);
    assert.equal(
      memo.get('a', () => memo.get('a', () => 1)),
      1,
    );
    assert.deepEqual(workedOut(memo, ['b', 'a']), [0, 1]);
  });
});
