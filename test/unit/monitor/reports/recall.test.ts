import assert from 'node:assert/strict';
import { recallLetters, recallText } from '@tracecal/monitor';
import type { AffectedReport, FallenStandard } from '@tracecal/monitor';

const STANDARD: FallenStandard = {
  device: 'lab-x/PRT-9',
  reason: 'It drifted by 0.1 K.',
  since: '2026-02-01T00:00:00Z',
  laboratory: 'lab-x',
};

const AFFECTED: readonly AffectedReport[] = [
  { report: 'lab-x/R-1', device: 'oem-a/T-1', customer: 'plant-a', performed: '2026-02-03' },
  { report: 'lab-x/R-3', device: 'oem-a/T-1', customer: 'plant-a', performed: '2026-02-09' },
  { report: 'lab-x/R-3', device: 'oem-a/T-1', customer: 'plant-a', performed: '2026-02-09' },
  { report: 'lab-x/R-2', device: 'oem-b/T-2', customer: 'plant-b', performed: '2026-02-05' },
];

describe('Recall letters when a standard falls', () => {
  const letters = recallLetters(STANDARD, AFFECTED, '2026-03-01');

  it('say to each customer what fell, since when, what is concerned, and what to do', () => {
    assert.deepEqual(
      letters.map(({ customer }) => customer),
      ['plant-a', 'plant-b'],
    );
    const [letter] = letters;
    assert.ok(letter);
    assert.deepEqual(letter.concerned, [
      {
        device: 'oem-a/T-1',
        reports: [
          { report: 'lab-x/R-3', performed: '2026-02-09' },
          { report: 'lab-x/R-1', performed: '2026-02-03' },
        ],
      },
    ]);
    const text = recallText(letter);
    for (const part of [
      'To: plant-a',
      'lab-x/PRT-9 can no longer be relied on since 2026-02-01T00:00:00Z',
      'It drifted by 0.1 K.',
    ]) {
      assert.ok(text.includes(part), part);
    }
    assert.match(text, /report lab-x\/R-1, calibrated on 2026-02-03/);
    assert.match(text, /1\. Do not rely on the listed reports/);
  });

  it('tell a customer nothing about another', () => {
    for (const [letter, others] of [
      [letters[0], ['plant-b', 'oem-b', 'R-2']],
      [letters[1], ['plant-a', 'oem-a', 'R-1', 'R-3']],
    ] as const) {
      assert.ok(letter);
      const texts = [JSON.stringify(letter), recallText(letter)];
      for (const other of others) assert.ok(!texts.some((text) => text.includes(other)), other);
      assert.deepEqual(
        recallLetters(
          STANDARD,
          AFFECTED.filter(({ customer }) => customer === letter.customer),
          '2026-03-01',
        ),
        [letter],
      );
    }
  });

  it('are none where nobody is concerned, and have no lines that a reason brings along', () => {
    assert.deepEqual(recallLetters(STANDARD, [], '2026-03-01'), []);
    const [letter] = recallLetters({ ...STANDARD, reason: 'a\nTo: other' }, AFFECTED, '2026-03-01');
    assert.ok(letter && !recallText(letter).includes('\nTo: other'));
  });
});
