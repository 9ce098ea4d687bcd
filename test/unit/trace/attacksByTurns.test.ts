import assert from 'node:assert/strict';
import { twoCountries } from '../../support/hierarchy.js';
import type { Hierarchy } from '../../support/hierarchy.js';

const [SUSPENDED, LIFTED] = ['2025-03-01T00:00:00Z', '2025-03-02T00:00:00Z'];

describe('A trace under attack by officers who take turns', () => {
  let hierarchy: Hierarchy;

  beforeEach(async () => {
    hierarchy = await twoCountries();
  });

  const outcome = async (device = 'sensor-a') => {
    const { status, reason } = await hierarchy.trace(device);
    return `${status}: ${reason}`;
  };

  const pair = (subject: readonly ['person' | 'organisation', string], author: string, signers: readonly string[]) => {
    const said = { author, signers };
    hierarchy.addStatement('suspension', subject, { ...said, effective: SUSPENDED, registered: SUSPENDED });
    hierarchy.addStatement('reinstatement', subject, { ...said, effective: LIFTED, registered: LIFTED });
  };

  /** Each officer is suspended and reinstated by the next one many times. */
  const takeTurns = async (organisation: string): Promise<string> => {
    const LEVELS = 6;
    for (let level = 0; level <= LEVELS; level += 1) {
      await hierarchy.addOfficer({ id: `o${level}`, organisation });
    }
    for (let level = 0; level < LEVELS; level += 1) {
      const next = `officer:${organisation}/o${level + 1}`;
      for (let count = 0; count < 20; count += 1) {
        pair(['person', `${organisation}/o${level}`], organisation, [next]);
      }
    }
    return `officer:${organisation}/o0`;
  };

  /** In a later epoch: of one epoch nobody knows the order. */
  const suspendItself = (id: string, signer: string) => {
    hierarchy.seal('2025-03-31T00:00:00Z');
    hierarchy.addStatement('suspension', ['organisation', id], {
      author: id,
      signers: [signer],
      effective: '2025-04-01T00:00:00Z',
      registered: '2025-04-01T00:00:00Z',
    });
  };

  it('officers of one institute do not keep traces of another country busy', async () => {
    suspendItself('nmi-south', await takeTurns('nmi-south'));
    assert.match(await outcome('sensor-a'), /^TRACEABLE/);
    assert.match(await outcome('sensor-b'), /^TRACEABLE/, 'a suspended officer does not speak for the institute');
  });

  it('officers of a sensor maker do not keep traces of its own device busy', async () => {
    const signers = [await takeTurns('oem-a')];
    hierarchy.addStatement('suspension', ['device', 'sensor-a'], { signers });
    hierarchy.addStatement('reinstatement', ['device', 'sensor-a'], { signers });
    assert.match(await outcome(), /^FAILED: Device oem-a\/sensor-a is suspended/, 'whoever is suspended lifts nothing');
  });

  it('no officer lifts what was said against another, but the key of their organisation does', async () => {
    await hierarchy.addOfficer({ id: 'second', organisation: 'nmi-south' });
    pair(['person', 'nmi-south/second'], 'nmi-south', ['officer:nmi-south/officer']);
    suspendItself('nmi-south', 'officer:nmi-south/second');
    assert.match(await outcome('sensor-b'), /^TRACEABLE/);
    hierarchy.addStatement('reinstatement', ['person', 'nmi-south/second'], {
      author: 'nmi-south',
      effective: LIFTED,
      registered: LIFTED,
    });
    suspendItself('nmi-south', 'officer:nmi-south/second');
    assert.match(await outcome('sensor-b'), /^FAILED: .*nmi-south is suspended/);
  });

  it('what was said about something else does not count against an officer, nor for them', async () => {
    const officer = hierarchy.people.get('oem-a/officer')!;
    hierarchy.addStatement('suspension', ['person', 't-oem-a'], { effective: SUSPENDED, registered: SUSPENDED });
    const { impediments } = hierarchy.people.get('oem-a/t-oem-a')!;
    hierarchy.people.set('oem-a/t-oem-a', { ...hierarchy.people.get('oem-a/t-oem-a')!, impediments: [] });
    const before = await outcome();
    hierarchy.people.set('oem-a/officer', { ...officer, impediments });
    assert.equal(await outcome(), before);
  });
});
