import assert from 'node:assert/strict';
import type { AffectedDevice, DeviceAnswer, ReportAnswer } from '@tracecal/core/contracts';
import { REVOCATION_REASONS } from '@tracecal/core/model';
import type { RevocationReason, Subject } from '@tracecal/core/model';
import { TraceCalError } from '@tracecal/gateway-client';
import { consequencesOf, reachesBack } from '@tracecal/gateway-client/application';
import type { Consequences, NamedKind, Withdrawal } from '@tracecal/gateway-client/application';

const below = [affected('oem/a'), affected('oem/b'), affected('oem/old', false)];

function affected(device: string, current = true): AffectedDevice {
  return { device, kind: 'field', serial: '1', owner: 'oem', reports: [`${device}-r`], current };
}

const reader = {
  async *affectedDevices() {
    yield* await Promise.resolve(below);
  },
  getDevice: () =>
    Promise.resolve({
      kind: 'standard',
      serial: '7',
      owner: 'lab',
      current: [{ report: 'nmi/S-1', quantities: [] }],
    } as unknown as DeviceAnswer),
  getReport: () => Promise.resolve({ body: { device: 'oem/a' } } as unknown as ReportAnswer),
};

function withdrawal(subject: Subject<NamedKind>, reason: RevocationReason, action: Withdrawal['action'] = 'revoke') {
  return { action, subject, reason, effective: null };
}

const ids = ({ failing, kept }: Consequences) => [failing, kept].map((all) => all.map(({ device }) => device));

const standard: Subject<NamedKind> = { kind: 'device', id: 'lab/standard' };
const laboratory: Subject<NamedKind> = { kind: 'organisation', id: 'lab' };
const report: Subject<NamedKind> = { kind: 'report', id: 'lab/R-1' };

describe('The effect of a revocation on devices', () => {
  it('is that the device and all whose current calibration depends on it fail, if the reason reaches back', async () => {
    assert.deepEqual(ids(await consequencesOf(reader, withdrawal(standard, 'out-of-tolerance'))), [
      ['lab/standard', 'oem/a', 'oem/b'],
      [],
    ]);
  });

  it('is that only the device itself fails, if the reason leaves earlier work valid', async () => {
    assert.deepEqual(ids(await consequencesOf(reader, withdrawal(standard, 'cessation'))), [
      ['lab/standard'],
      ['oem/a', 'oem/b'],
    ]);
    assert.deepEqual(ids(await consequencesOf(reader, withdrawal(report, 'cessation'))), [['oem/a'], ['oem/b']]);
    assert.deepEqual(ids(await consequencesOf(reader, withdrawal(laboratory, 'accreditation-withdrawn'))), [
      [],
      ['oem/a', 'oem/b'],
    ]);
  });

  it('is that the device of a report fails also where it is not among those that are counted', async () => {
    const found = await consequencesOf(reader, withdrawal({ kind: 'report', id: 'nmi/S-1' }, 'cessation'), 0);
    assert.deepEqual([ids(found), found.isComplete], [[['oem/a'], []], false]);
  });

  it('is that all fail while a suspension lasts, for any reason', async () => {
    const { failing } = await consequencesOf(reader, withdrawal(laboratory, 'cessation', 'suspend'));
    assert.equal(failing.length, 2);
  });

  it('is reported as far as it was counted, and marked as incomplete', async () => {
    const cut = await consequencesOf(reader, withdrawal(laboratory, 'fraud'), 1);
    assert.deepEqual([ids(cut), cut.isComplete], [[['oem/a'], []], false]);
    const tooMany = {
      ...reader,
      // eslint-disable-next-line require-yield
      async *affectedDevices(): AsyncGenerator<AffectedDevice> {
        await Promise.resolve();
        throw new TraceCalError('INPUT_INVALID', 'more than 5000 reports of standards rest on it.');
      },
    };
    const unknown = await consequencesOf(tooMany, withdrawal(laboratory, 'fraud'));
    assert.deepEqual([unknown.failing, unknown.isComplete], [[], false], 'which keeps nobody from revoking it');
  });

  it('reaches back for all reasons but two', () => {
    assert.deepEqual(
      REVOCATION_REASONS.filter((reason) => !reachesBack(reason)),
      ['accreditation-withdrawn', 'cessation'],
    );
  });
});
