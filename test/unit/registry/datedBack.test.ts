import assert from 'node:assert/strict';
import type { DeviceAnswer } from '@tracecal/core/contracts';
import { Grounds, Opener } from '@tracecal/core/open';
import type { Verdict } from '@tracecal/core/trace';
import { readSigned, transactionOf, unsealedCountries } from '../../support/hierarchy.js';
import type { Hierarchy, ImpedimentSpec, Item } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, RELAY, submit } from '../../support/registry.js';

const STANDARD = 'lab-alpha/reference-a';
const SENSOR = 'oem-a/sensor-a';
const [BEFORE, DONE, AFTER] = ['2025-02-01T10:05:00Z', '2025-02-01T10:10:00Z', '2025-02-01T10:12:00Z'];
/** Dates that a client may choose for what it registers after an act of 10:10. */
const CHOSEN = [BEFORE, DONE, '2025-02-01T10:10:01Z'];

/** All in one epoch, in which clients choose the dates. */
describe('Within an epoch', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  beforeEach(async () => {
    hierarchy = await unsealedCountries();
    for (const organisation of ['nmi-south', 'lab-alpha', 'oem-a']) {
      await hierarchy.addOfficer({ id: 'second', organisation });
    }
    ledger = await registryOf(hierarchy);
    ledger.now = DONE;
  });

  const now = () => ({ registered: ledger.now });
  const say = (kind: 'revocation' | 'suspension', subject: readonly ['person' | 'organisation', string], spec = {}) =>
    hierarchy.addStatement(kind, subject, { effective: '2025-01-20T00:00:00Z', ...now(), ...spec });
  const revoked = (officer: string, spec: ImpedimentSpec = {}) =>
    say('revocation', ['person', officer], {
      reason: 'cessation',
      signers: [`organisation:${officer.split('/')[0]!}`],
      ...spec,
    });
  const sale = () =>
    hierarchy.transfer(STANDARD, 'lab-beta', {
      ...now(),
      signers: ['officer:lab-alpha/second', 'officer:lab-beta/officer'],
    });
  const calling = (item: Item) =>
    [transactionOf(readSigned(item.statement)), JSON.stringify({ items: [item] })] as const;
  const trace = async (device = SENSOR, asOf = AFTER) => {
    const { status, reason } = await ask<Verdict>(ledger, 'traceCal', device, { asOf });
    return `${status}: ${reason}`;
  };
  const owner = async () => (await ask<DeviceAnswer>(ledger, 'getDevice', STANDARD)).owner;

  for (const chosen of CHOSEN) {
    describe(`what is registered later, with the date ${chosen},`, () => {
      it('takes no sold standard back, nor what the buyer said of it', async () => {
        await submit(ledger, sale());
        const against = { author: 'lab-beta', reason: 'out-of-tolerance', effective: ledger.now, ...now() } as const;
        await submit(ledger, hierarchy.addStatement('revocation', ['device', STANDARD], against));
        const before = await trace();
        ledger.now = chosen;
        await submit(ledger, revoked('lab-alpha/second'));
        assert.equal(await owner(), 'lab-beta');
        assert.equal(await trace(), before);
      });

      it('takes no sold standard back by a new key of the officer who sold it', async () => {
        await submit(ledger, sale());
        ledger.now = chosen;
        await submit(ledger, await hierarchy.addOfficer({ id: 'second', organisation: 'lab-alpha', ...now() }));
        assert.equal(await owner(), 'lab-beta');
      });

      it('takes no rejection and no interval back from an owner who was suspended and is so no more', async () => {
        await submit(ledger, hierarchy.setInterval('sensor-a', 10, now()));
        await submit(ledger, hierarchy.reject('working-a-r1', now()));
        ledger.now = chosen;
        const said = { author: 'lab-alpha', effective: chosen };
        await submit(ledger, say('suspension', ['organisation', 'oem-a'], said));
        const lift = { ...said, ...now(), effective: ledger.now };
        await submit(ledger, hierarchy.addStatement('reinstatement', ['organisation', 'oem-a'], lift));
        assert.match(await trace('oem-a/working-a', '2025-03-01T00:00:00Z'), /^FAILED: .*oem-a, has rejected report/);
        assert.match(await trace(SENSOR, '2025-12-01T00:00:00Z'), /^FAILED: .*(was due|has rejected)/);
      });

      it('takes no vote of an institute back', async () => {
        const signers = ['officer:nmi-east/officer', 'officer:nmi-south/second'];
        const fall = { author: 'nmi-east', reason: 'fraud', effective: '2025-01-01T00:00:00Z', signers };
        await submit(ledger, say('revocation', ['organisation', 'nmi-north'], fall));
        ledger.now = chosen;
        await submit(ledger, revoked('nmi-south/second'));
        assert.match(await trace(), /^FAILED: Organisation nmi-north is revoked/);
      });

      it('takes no report back by a new key of its technician, or of the officer who accepted it', async () => {
        const report = { id: 'next', device: 'sensor-a', technician: 't-oem-a', parents: ['working-a-r1'] };
        await submit(ledger, hierarchy.addReport({ ...report, performed: '2025-02-01', ...now() }));
        ledger.now = chosen;
        await submit(ledger, await hierarchy.addTechnician({ id: 't-oem-a', organisation: 'oem-a', ...now() }));
        await submit(ledger, await hierarchy.addOfficer({ id: 'oem-a/officer', organisation: 'oem-a', ...now() }));
        const verdict = await ask<Verdict>(ledger, 'traceCal', SENSOR, { asOf: AFTER });
        assert.deepEqual([verdict.status, verdict.edges[0]?.report], ['TRACEABLE', 'oem-a/next']);
      });
    });
  }

  it('a key that was replaced and its device sold in the same second counts: the new one', async () => {
    await submit(ledger, await hierarchy.renewDevice('reference-a', now()));
    ledger.now = DONE;
    await submit(ledger, hierarchy.transfer('reference-a', 'lab-beta', now()));
    ledger.now = '2025-02-02T10:10:00Z';
    const work = { device: 'working-a', technician: 't-lab-alpha', parents: ['reference-a-r1'] };
    await submit(ledger, hierarchy.addReport({ ...work, id: 'next', performed: '2025-02-02', ...now() }));
    assert.match(await trace('oem-a/working-a', ledger.now), /^TRACEABLE/);
  });

  describe('the contract keeps the order, whatever date is chosen:', () => {
    const by = { by: 'oem-a', signers: ['officer:oem-a/second'] };
    /** What an owner does for good. */
    const acts: Readonly<Record<string, () => Item | Promise<Item>>> = {
      transfer: () =>
        hierarchy.transfer('sensor-a', 'oem-b', {
          ...now(),
          by: 'oem-a',
          signers: ['officer:oem-a/second', 'officer:oem-b/officer'],
        }),
      interval: () => hierarchy.setInterval('sensor-a', 10, { ...now(), ...by }),
      rejection: () => hierarchy.reject('sensor-a-r1', { ...now(), ...by }),
      'new key of a device': () =>
        hierarchy.renewDevice('sensor-a', {
          ...now(),
          signers: ['technician:t-oem-a', 'device:oem-a/sensor-a', 'officer:oem-a/second'],
        }),
    };

    for (const [name, act] of Object.entries(acts)) {
      it(`no ${name} after what was said against its signers; it reads every record that such a word writes`, async () => {
        const { reads } = await ledger.simulate(RELAY, ...calling(await act()));
        for (const written of [
          await ledger.simulate(RELAY, ...calling(revoked('oem-a/second'))),
          await ledger.simulate(
            RELAY,
            ...calling(say('suspension', ['organisation', 'oem-a'], { author: 'lab-alpha' })),
          ),
          await ledger.simulate(
            RELAY,
            ...calling(await hierarchy.addOfficer({ id: 'second', organisation: 'oem-a', ...now() })),
          ),
        ]) {
          assert.ok(
            [...written.writes.keys()].some((key) => reads.includes(key)),
            [...written.writes.keys()].join(),
          );
        }
      });
    }

    for (const [name, act] of Object.entries(acts)) {
      it(`no ${name} by an officer revoked before`, async () => {
        await submit(ledger, revoked('oem-a/second'));
        ledger.now = BEFORE;
        await refuses(submit(ledger, await act()), 'NOT_AUTHORISED', /officer oem-a\/second is revoked/);
      });

      it(`no ${name} by an organisation suspended before`, async () => {
        await submit(ledger, say('suspension', ['organisation', 'oem-a'], { author: 'lab-alpha' }));
        ledger.now = BEFORE;
        await refuses(submit(ledger, await act()), 'NOT_AUTHORISED', /rganisation oem-a is suspended/);
      });
    }
  });

  it('of another epoch, what was said against a signer undoes what came after', async () => {
    await submit(ledger, revoked('lab-alpha/second'));
    ledger.now = '2025-02-01T11:00:00Z';
    await submit(ledger, hierarchy.seal(ledger.now, { institute: 'nmi-north', number: 0 }));
    ledger.now = '2025-02-01T11:10:00Z';
    await refuses(submit(ledger, sale()), 'NOT_AUTHORISED', /officer lab-alpha\/second is revoked/);
    // No registry would have taken it.
    const opened = await new Opener(new Grounds(hierarchy, AFTER)).device(STANDARD);
    assert.equal(opened?.owner, 'lab-alpha');
  });
});
