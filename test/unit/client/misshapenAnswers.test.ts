import assert from 'node:assert/strict';
import { TraceCal } from '@tracecal/gateway-client';
import { failsWith } from '../../support/clientFailure.js';
import { FakeGateway } from '../../support/fakeGateway.js';

const SENSOR = 'oem-a/sensor-a';
const DIGEST = 'ab'.repeat(32);

function answering(...answers: readonly string[]): TraceCal {
  let asked = 0;
  const evaluate = () => Promise.resolve(Buffer.from(answers[Math.min(asked++, answers.length - 1)] ?? ''));
  return new TraceCal(new FakeGateway({ evaluate }).ledger, 'registry', () => undefined);
}

async function countOf(list: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const item of list) count += item === undefined ? 0 : 1;
  return count;
}

/** A program branches on the code of an error: one without a code looks like a fault of the program. */
describe('An answer that has not the form of an answer', () => {
  const documents: Readonly<Record<string, (tracecal: TraceCal) => Promise<unknown>>> = {
    traceCal: (tracecal) => tracecal.traceCal(SENSOR),
    traceMany: (tracecal) => tracecal.traceMany([SENSOR]),
    getDevice: (tracecal) => tracecal.getDevice(SENSOR),
    getOrganisation: (tracecal) => tracecal.getOrganisation('oem-a'),
    getTechnician: (tracecal) => tracecal.getTechnician('oem-a/t-1'),
    getReport: (tracecal) => tracecal.getReport('oem-a/r-1'),
    getRegistry: (tracecal) => tracecal.getRegistry(),
    registry: (tracecal) => tracecal.registry(),
    getEpoch: (tracecal) => tracecal.getEpoch(1),
    getEpochDigest: (tracecal) => tracecal.getEpochDigest(1),
    devices: (tracecal) => countOf(tracecal.devices()),
    findDevices: (tracecal) => countOf(tracecal.findDevices({ owner: 'oem-a' })),
    nextNumber: (tracecal) => tracecal.nextNumber('oem-a', { kind: 'device', id: SENSOR }),
  };
  for (const [name, ask] of Object.entries(documents)) {
    it(`is refused as ANSWER_INVALID by ${name}`, async () => {
      for (const answer of ['null', '[]', '"text"', '5', 'no JSON', '']) {
        await assert.rejects(ask(answering(answer)), failsWith('ANSWER_INVALID'), answer);
      }
      if (name !== 'getRegistry') {
        await assert.rejects(ask(answering('{}')), failsWith('ANSWER_INVALID'), '{}');
      }
    });
  }

  it('is refused where a list was asked for', async () => {
    for (const answer of ['null', '{}', '"text"']) {
      await assert.rejects(answering(answer).getOrganisationsOfMsp('OemAMSP'), failsWith('ANSWER_INVALID'), answer);
      await assert.rejects(answering(answer).getParentReport('oem-a/r-1'), failsWith('ANSWER_INVALID'), answer);
    }
  });

  it('is refused as the height of the channel', async () => {
    await assert.rejects(answering('no protobuf').height(), failsWith('ANSWER_INVALID'));
  });

  it('is not kept as the name of the registry, for which statements are signed', async () => {
    const tracecal = answering('{}', JSON.stringify({ registry: `calibration:${DIGEST}` }));
    await assert.rejects(tracecal.registry(), failsWith('ANSWER_INVALID', /does not name the registry/));
    assert.equal(await tracecal.registry(), `calibration:${DIGEST}`);
  });
});

describe('A list of pages', () => {
  const page = (items: readonly string[], bookmark: string) => JSON.stringify({ items, bookmark });

  it('ends after its last page', async () => {
    assert.equal(await countOf(answering(page(['a'], 'one'), page(['b', 'c'], '')).devices()), 3);
  });

  it('that leads back to a page that was read is refused, and not read for ever', async () => {
    for (const pages of [[page(['a'], 'one')], [page(['a'], 'one'), page([], 'two'), page([], 'one')]]) {
      await assert.rejects(
        countOf(answering(...pages).devices()),
        failsWith('ANSWER_INVALID', /leads back to a page that was read already/),
      );
    }
  });
});

describe('An answer about something else', () => {
  it('is refused where the heartbeat is one of another institute', async () => {
    const beat = (institute: string) => answering(JSON.stringify({ institute })).getHeartbeat('nmi-north');
    assert.equal((await beat('nmi-north'))?.institute, 'nmi-north');
    assert.equal(await answering('null').getHeartbeat('nmi-north'), null);
    await assert.rejects(beat('nmi-south'), failsWith('ANSWER_INVALID', /not what was asked for/));
  });

  it('is refused if it is about another epoch', async () => {
    const epoch = (number: number) => answering(JSON.stringify({ number, epoch: number }));
    assert.equal((await epoch(7).getEpoch(7)).number, 7);
    assert.equal((await epoch(7).getEpoch()).number, 7, 'the open one');
    await assert.rejects(epoch(6).getEpoch(7), failsWith('ANSWER_INVALID'));
    await assert.rejects(epoch(6).getEpochDigest(7), failsWith('ANSWER_INVALID'));
  });
});
