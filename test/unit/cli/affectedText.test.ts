import assert from 'node:assert/strict';
import { affectedText, PLAIN } from '@tracecal/cli';
import type { Affected, SupportedRange } from '@tracecal/gateway-client/device';

const REASON = 'Report r1 is revoked since 2026-03-01 (calibration-error).';

function affected(lost: number, kept: number): Affected {
  const range = (from: number, to: number, root: string | null, isSupported: boolean): SupportedRange => ({
    ...{ from, to, count: to - from + 1, root, isSupported },
    ...{ since: '2026-03-01T09:00:00.000Z', until: '2026-03-01T10:00:00.000Z' },
    ...(isSupported ? { status: 'TRACEABLE', reason: 'It traces.' } : { status: 'FAILED', reason: REASON }),
  });
  const ranges = Array.from({ length: lost }, (_, place) => range(10 * place, 10 * place + 9, `root-${place}`, false));
  return {
    device: 'oem-a/sensor-a',
    supported: kept,
    unsupported: 10 * lost,
    batches: ranges.map(({ root }) => ({ root, supported: 0, unsupported: 10 })),
    ranges: [...ranges, ...(kept > 0 ? [range(10 * lost, 10 * lost + kept - 1, null, true)] : [])],
  };
}

const textOf = (found: Affected, isFresh: boolean | null) =>
  affectedText(found, isFresh, PLAIN).replaceAll(/\s+/g, ' ');

describe('What measurement affected tells', () => {
  it('is that nobody knows where the log shows a change since the bundle was made', () => {
    assert.match(textOf(affected(0, 6), true), /✓ oem-a\/sensor-a: 6 values supported\.$/);
    assert.match(textOf(affected(0, 6), null), /✓/);
    const open = textOf(affected(0, 6), false);
    assert.doesNotMatch(open, /✓/);
    assert.match(open, /^\? oem-a\/sensor-a: not known whether 6 values still have support\. .* have a new one made\./);
    assert.match(textOf(affected(1, 6), false), /10 values without support; not known whether 6 more still have it\./);
  });

  it('names one range once, over however many batches it goes', () => {
    const text = textOf(affected(3, 2), true);
    assert.equal(text.split(REASON).length, 2, text);
    assert.match(text, /numbers 0 to 29 \(30 values\)/);
    assert.match(text, /batch root-2: 10 of 10 without support/);
  });
});
