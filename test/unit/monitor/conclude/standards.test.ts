import assert from 'node:assert/strict';
import { findingId, findingShape, MAX_PROPOSED } from '@tracecal/core/contracts';
import { shapeOf } from '@tracecal/core/model';
import { suspensionOf } from '@tracecal/gateway-client/monitor';
import { findingOf } from '../../../support/findings.js';

const STANDARD = { device: 'lab-alpha/PRT-2231', owner: 'lab-alpha' };
const about = { kind: 'device', id: STANDARD.device } as const;
const shift = findingOf('shift', { name: 'shift', subject: about, from: '2026-03-01T00:00:00Z' });
const outside = findingOf('outside', { name: 'outside', subject: about, to: '2026-03-09T00:00:00Z' });

/** A registry that answers so. */
function registryWith(...devices: readonly { readonly device: string; readonly current: boolean }[]) {
  const asked: string[] = [];
  async function* affected(device: string) {
    asked.push(device);
    await Promise.resolve();
    yield* devices;
  }
  return { asked, affected };
}

const many = (count: number) =>
  Array.from({ length: count }, (_, place) => ({ device: `oem-a/s-${place}`, current: true }));

describe('A check standard that is out of control', () => {
  it('is proposed to its owner for suspension, with the devices that depend on it now', async () => {
    const { affected, asked } = registryWith(
      { device: 'oem-a/s-2', current: true },
      { device: 'oem-a/s-1', current: true },
      { device: 'oem-a/old', current: false },
      { device: STANDARD.device, current: true },
    );
    const found = await suspensionOf(STANDARD, [shift, outside, findingOf('other')], affected);
    assert.deepEqual(asked, [STANDARD.device]);
    assert.deepEqual(found?.proposes, {
      action: 'suspend',
      devices: [STANDARD.device],
      to: 'lab-alpha',
      reaches: ['oem-a/s-1', 'oem-a/s-2'],
    });
    assert.equal(
      found.says,
      'Check standard lab-alpha/PRT-2231 is out of control (outside, shift): 2 devices depend on it now.',
    );
    assert.ok([shift, outside].every((each) => found.evidence.includes(findingId(each))));
    assert.deepEqual([found.from, found.to], [shift.from, outside.to]);
    shapeOf(findingShape, 'finding', found);
  });

  it('says how many it reaches where they are more than a finding lists', async () => {
    const found = await suspensionOf(STANDARD, [shift], registryWith(...many(1234)).affected);
    assert.equal(found?.proposes?.reaches?.length, MAX_PROPOSED);
    assert.match(found.says, /1234 devices depend on it now, of which 1000 are listed\.$/);
    shapeOf(findingShape, 'finding', found);
    const fewer = await suspensionOf(STANDARD, [shift], registryWith(...many(1233)).affected);
    assert.notDeepEqual(fewer?.evidence, found.evidence, 'the digest is of the whole list');
  });

  it('is proposed also where nothing depends on it', async () => {
    const found = await suspensionOf(STANDARD, [shift], registryWith().affected);
    assert.equal(found?.proposes?.reaches, undefined);
    assert.match(found?.says ?? '', /no device depends on it now/);
    shapeOf(findingShape, 'finding', found);
  });

  it('is not proposed where nothing was found about it, and the registry is not asked', async () => {
    const { affected, asked } = registryWith(...many(3));
    assert.equal(await suspensionOf(STANDARD, [findingOf('other')], affected), undefined);
    assert.deepEqual(asked, []);
  });

  it('is not proposed without its reach: the failure of the registry is told', async () => {
    // eslint-disable-next-line require-yield
    async function* affected() {
      await Promise.resolve();
      throw new Error('The network cannot be reached.');
    }
    await assert.rejects(suspensionOf(STANDARD, [shift], affected), /cannot be reached/);
  });
});
