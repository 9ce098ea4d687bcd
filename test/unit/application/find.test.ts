import assert from 'node:assert/strict';
import type { AffectedDevice, DeviceAnswer, DeviceSummary, ReportAnswer } from '@tracecal/core/contracts';
import { TraceCalError } from '@tracecal/gateway-client';
import { findDevices, type Catalogue, type Search, type SearchReader } from '@tracecal/gateway-client/application';

interface Known extends DeviceSummary {
  /** Reports and their kinds of quantity. */
  readonly calibrated: Readonly<Record<string, readonly string[]>>;
}

const DEVICES: readonly Known[] = [
  device('lab/pt25', { kind: 'standard', serial: 'S-1', model: 'Pt25', owner: 'lab' }, { 'nmi/N-1': ['temperature'] }),
  device('lab/probe', { serial: 'S-2', model: 'RP 4', owner: 'oem' }, { 'lab/L-1': ['temperature'] }),
  device('lab/scale', { serial: 'S-2', model: 'RP 5', owner: 'oem' }, { 'lab/L-2': ['mass'] }),
  device('lab/new', { serial: 'S-3', model: 'RP 4', owner: 'oem' }, {}),
];

describe('Devices are found', () => {
  const cases: readonly (readonly [string, Search, readonly string[]])[] = [
    ['by serial number', { serial: 'S-2' }, ['lab/probe', 'lab/scale']],
    ['by owner', { owner: 'lab' }, ['lab/pt25']],
    ['by everything that is given', { serial: 'S-2', model: 'RP 5' }, ['lab/scale']],
    ['not at another owner', { serial: 'S-2', owner: 'lab' }, []],
    ['by the number of a certificate', { certificate: 'L 1' }, ['lab/probe']],
    ['by the id of a report', { certificate: 'lab/L-2' }, ['lab/scale']],
    ['not by a certificate of another laboratory', { certificate: 'L 1', laboratory: 'nmi' }, []],
    ['by laboratory: what it calibrated, not what rests on that', { laboratory: 'nmi' }, ['lab/pt25']],
    ['by laboratory and owner', { laboratory: 'lab', owner: 'oem' }, ['lab/probe', 'lab/scale']],
    ['by part of a model, among those of an owner', { owner: 'oem', model: 'rp 4' }, ['lab/probe', 'lab/new']],
    ['by model among the devices of given owners', { model: 'PT' }, ['lab/pt25']],
    ['by kind of device', { kind: 'standard' }, ['lab/pt25']],
    ['by kind of quantity, as they are calibrated now', { quantity: 'temperature' }, ['lab/pt25', 'lab/probe']],
  ];
  for (const [title, search, ids] of cases) {
    it(title, async () => {
      assert.deepEqual(
        (await found(search)).map(({ id }) => id),
        ids,
      );
    });
  }

  it('with the reports by which a certificate or a laboratory leads to them', async () => {
    assert.deepEqual((await found({ certificate: 'L 1' }))[0]?.reports, ['lab/L-1']);
    assert.deepEqual(
      (await found({ laboratory: 'lab' })).map(({ reports }) => reports),
      [['lab/L-1'], ['lab/L-2']],
    );
    assert.equal((await found({ owner: 'oem' }))[0]?.reports, undefined);
  });
});

function found(search: Search) {
  return findDevices(catalogue, reader, search, ['lab', 'oem']);
}

const reader: SearchReader = {
  findDevices: (search) =>
    each(DEVICES.filter((one) => ('serial' in search ? one.serial === search.serial : one.owner === search.owner))),
  // The thermometer of the laboratory rests on the institute, and the probe on both.
  affectedDevices: ({ id }) =>
    each(
      DEVICES.flatMap(({ id: name, calibrated }) =>
        Object.keys(calibrated).length === 0 || (id === 'lab' && name === 'lab/pt25')
          ? []
          : [{ device: name, reports: Object.keys(calibrated) } as unknown as AffectedDevice],
      ),
    ),
  getDevice: (id) => {
    const known = DEVICES.find((one) => one.id === id);
    const current = Object.entries(known?.calibrated ?? {}).map(([report, quantities]) => ({ report, quantities }));
    return Promise.resolve({ ...known, current } as unknown as DeviceAnswer);
  },
  getReport: (id) => {
    const known = DEVICES.find(({ calibrated }) => id in calibrated);
    return known
      ? Promise.resolve({ id, body: { device: known.id } } as unknown as ReportAnswer)
      : Promise.reject(new TraceCalError('NOT_FOUND', `no report ${id}.`));
  },
};

const catalogue = {
  reader: () => Promise.resolve(reader),
  channel: { writers: ['nmi', 'lab'], readers: ['oem'] },
  keys: { has: () => false, ids: () => Promise.resolve([]) },
} as unknown as Catalogue;

function device(id: string, about: Partial<DeviceSummary>, calibrated: Known['calibrated']): Known {
  return { id, kind: 'field', serial: '', model: '', manufacturer: 'X', owner: '', ...about, calibrated };
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  for (const item of items) {
    yield await Promise.resolve(item);
  }
}
