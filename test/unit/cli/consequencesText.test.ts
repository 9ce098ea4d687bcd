import assert from 'node:assert/strict';
import { consequencesText } from '@tracecal/cli';
import type { AffectedDevice } from '@tracecal/core/contracts';
import type { Consequences, Withdrawal } from '@tracecal/gateway-client/application';

const used = affected('oem/a');
const other = affected('oem/b');

function affected(device: string): AffectedDevice {
  return { device, kind: 'field', serial: '1', owner: 'oem', reports: [`${device}-r`], current: true };
}

const technician: Pick<Withdrawal, 'action' | 'subject'> = {
  action: 'revoke',
  subject: { kind: 'person', id: 'lab/t-2' },
};

function text(told: Partial<Consequences>, about = technician): string {
  return consequencesText({ effective: null, failing: [], kept: [], isComplete: true, ...told }, about);
}

describe('What a revocation will do, in words', () => {
  it('is not that no device fails, where it takes effect in the past and some may rest on work done since', () => {
    assert.equal(
      text({ effective: '2026-03-01T00:00:00Z', kept: [used, other] }),
      '2 devices depend on it: oem/a, oem/b. Those will fail that rest on work done since 2026-03-01T00:00:00Z: `tracecal affected lab/t-2 --kind person --reports --from 2026-03-01` lists such work.',
    );
    assert.equal(
      text(
        { effective: '2026-03-01T00:00:00Z', failing: [used], kept: [other] },
        { action: 'revoke', subject: { kind: 'device', id: 'lab/s' } },
      ),
      '1 device will fail: oem/a. 1 device depends on it: oem/b. It will fail if it rests on work done since 2026-03-01T00:00:00Z: `tracecal affected lab/s --kind device --reports --from 2026-03-01` lists such work.',
    );
  });

  it('is that no device fails, where it takes effect now and leaves earlier work valid', () => {
    assert.equal(text({ kept: [used] }), 'No device will fail. 1 device depends on earlier work, which stays valid.');
    assert.equal(text({ effective: '2026-03-01T00:00:00Z' }), 'No device will fail.');
  });

  it('is which devices fail, for a reason that reaches back', () => {
    assert.equal(
      text({ effective: '2026-03-01T00:00:00Z', failing: [used, other] }),
      '2 devices will fail: oem/a, oem/b.',
    );
  });
});
