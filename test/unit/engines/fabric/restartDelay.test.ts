import assert from 'node:assert/strict';
import { RestartDelay } from '@tracecal/network/fabric';

describe('The delay before a process is started again', () => {
  it('doubles while the process ends soon, up to half a minute', () => {
    const delay = new RestartDelay();
    const waits = Array.from({ length: 9 }, () => delay.after(0));
    assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('is short again for a process that had run for a minute', () => {
    const delay = new RestartDelay();
    delay.after(0);
    delay.after(0);
    assert.deepEqual([delay.after(60_000), delay.after(0)], [500, 1000]);
  });
});
