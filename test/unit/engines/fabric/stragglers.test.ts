import assert from 'node:assert/strict';
import { Stragglers } from '@tracecal/network/fabric';

describe('Orderers that have come to a stop', () => {
  const PATIENCE_MS = 60_000;
  let stragglers: Stragglers;

  beforeEach(() => {
    stragglers = new Stragglers(PATIENCE_MS);
  });

  /** Who is told at a time in seconds, when the orderers a, b, c have so many blocks; none for one that does not answer. */
  function at(seconds: number, ...blocks: readonly (number | undefined)[]): readonly string[] {
    const answers = blocks.flatMap((height, index) =>
      height === undefined ? [] : [['abc'[index] ?? '', height] as const],
    );
    return stragglers.find(new Map(answers), 1000 * seconds);
  }

  it('are those that stay behind for long, without having moved', () => {
    assert.deepEqual(at(0, 7, 7, 7), []);
    assert.deepEqual(at(59, 8, 8, 7), []);
    assert.deepEqual(at(60, 9, 9, 7), ['c']);
  });

  it('are not those that catch up, however slowly', () => {
    for (let block = 0; block < 20; block += 1) assert.deepEqual(at(50 * block, 1000, 1000, block), []);
  });

  it('are none while nobody goes on', () => {
    assert.deepEqual(at(0, 7, 7, 7), []);
    assert.deepEqual(at(1000, 7, 7, 7), []);
    assert.deepEqual(at(1005, 8, 8, 7), []);
    assert.deepEqual(at(1060, 8, 8, 7), ['c']);
  });

  it('are several when the others wait for them', () => {
    at(0, 9, 7, 8);
    assert.deepEqual(at(60, 9, 7, 8), ['b', 'c']);
  });

  it('are told once, until they have moved', () => {
    at(0, 9, 9, 7);
    assert.deepEqual(at(60, 9, 9, 7), ['c']);
    assert.deepEqual(at(65, 9, 9, undefined), []);
    assert.deepEqual(at(200, 9, 9, 7), []);
    assert.deepEqual(at(205, 9, 9, 8), []);
    assert.deepEqual(at(265, 9, 9, 8), ['c']);
  });

  it('are given time after they did not answer', () => {
    at(0, 9, 9, 7);
    assert.deepEqual(at(55, 9, 9, undefined), []);
    assert.deepEqual(at(60, 9, 9, 7), []);
    assert.deepEqual(at(115, 9, 9, 7), ['c']);
  });

  it('are nobody when nobody answers', () => {
    assert.deepEqual(at(0), []);
  });
});
