import assert from 'node:assert/strict';
import type { EpochAnswer } from '@tracecal/core/contracts';
import type { RegistryErrorCode } from '@tracecal/core/model';
import type { Verdict } from '@tracecal/core/trace';
import { unsealedCountries } from '../../support/hierarchy.js';
import type { Hierarchy, Item, KeySpec, ReportSpec, Saying, Valid } from '../../support/hierarchy.js';
import type { MemoryLedger } from '../../support/memoryLedger.js';
import { ask, refuses, registryOf, submit } from '../../support/registry.js';

const ENDS: Valid = ['2020-01-01', '2025-03-31'];
const AGAIN: Valid = ['2025-05-01', '2030-12-31'];
const LATER = { asOf: '2025-12-01T00:00:00Z' };
const SENSOR = 'oem-short/sensor';
const MAKER = { id: 'oem-short', kind: 'OEM', certifiedBy: 'lab-alpha' } as const;

/** Whose certificate ends in March, and how a further one for the same key is registered. All others last. */
const HOLDERS = {
  technician: (hierarchy: Hierarchy, spec: KeySpec & Saying) =>
    hierarchy.addTechnician({ id: 't-short', organisation: MAKER.id, ...spec }),
  officer: (hierarchy: Hierarchy, spec: KeySpec & Saying) =>
    hierarchy.addOfficer({ id: 'officer', organisation: MAKER.id, ...spec }),
  organisation: (hierarchy: Hierarchy, spec: KeySpec & Saying) => hierarchy.renewKey(MAKER.id, spec),
  standard: (hierarchy: Hierarchy, spec: KeySpec & Saying) => hierarchy.renewDevice('bench', spec),
} as const;

const SIGNERS = {
  technician: 'technician:oem-short/t-short',
  officer: 'officer:oem-short/officer',
  organisation: 'organisation:oem-short',
  standard: 'device:oem-short/bench',
} as const;

type Holder = keyof typeof HOLDERS;

const REFUSED: Readonly<Record<Holder, readonly [code: RegistryErrorCode, words: RegExp]>> = {
  technician: ['NOT_AUTHORISED', /certificate of technician oem-short\/t-short was not valid on 2025-04-20/],
  officer: ['NOT_AUTHORISED', /certificate of officer:oem-short\/officer was not valid on 2025-04-20/],
  organisation: ['NOT_AUTHORISED', /key that issued the certificate of .* had no valid certificate on 2025-04-20/],
  standard: ['PARENT_UNUSABLE', /certificate of device oem-short\/bench was not valid on 2025-04-20/],
};

describe('A certificate that ended, and a further one for the same key:', () => {
  let hierarchy: Hierarchy;
  let ledger: MemoryLedger;

  const only = (holder: Holder, it: Holder): KeySpec => (holder === it ? { valid: ENDS } : {});
  const now = () => ({ registered: ledger.now });
  const status = async () => (await ask<Verdict>(ledger, 'traceCal', SENSOR, LATER)).status;
  const reasonOf = async () => (await ask<Verdict>(ledger, 'traceCal', SENSOR, LATER)).reason;

  async function nextEpoch(day: string): Promise<void> {
    const { number } = await ask<EpochAnswer>(ledger, 'getEpoch', '');
    ledger.now = `${day}T09:00:00Z`;
    await submit(ledger, hierarchy.seal(ledger.now, { institute: 'nmi-north', number }));
    ledger.now = `${day}T10:00:00Z`;
  }

  const spec = (id: string, performed: string): ReportSpec => ({
    id,
    device: 'sensor',
    technician: 't-short',
    parents: ['bench-r1'],
    performed,
    issued: ledger.now.slice(0, 10),
    ...now(),
  });
  const report = (id: string, performed: string): Item => hierarchy.addReport(spec(id, performed));
  const draft = (id: string, performed: string): Item => hierarchy.draft(spec(id, performed));

  async function begin(holder: Holder): Promise<void> {
    hierarchy = await unsealedCountries();
    await hierarchy.addOrganisation({ ...MAKER, ...only(holder, 'organisation') });
    await hierarchy.addOfficer({ id: 'officer', organisation: MAKER.id, ...only(holder, 'officer') });
    await hierarchy.addTechnician({ id: 't-short', organisation: MAKER.id, ...only(holder, 'technician') });
    const imprint = { technician: 't-short' } as const;
    await hierarchy.addDevice({ id: 'bench', ...imprint, kind: 'standard', ...only(holder, 'standard') });
    await hierarchy.addDevice({ id: 'sensor', ...imprint, kind: 'field' });
    hierarchy.addReport({
      id: 'bench-r1',
      device: 'bench',
      technician: 't-lab-alpha',
      parents: ['reference-a-r1'],
      performed: '2025-01-20',
    });
    ledger = await registryOf(hierarchy);
    ledger.now = '2025-02-10T10:00:00Z';
    await submit(ledger, report('before', '2025-02-10'));
    await nextEpoch('2025-02-11');
  }

  for (const holder of Object.keys(HOLDERS) as Holder[]) {
    describe(`of the ${holder}`, () => {
      const renew = (more: KeySpec & Saying = {}) =>
        HOLDERS[holder](hierarchy, { sameKeyAs: SIGNERS[holder], valid: AGAIN, ...now(), ...more });

      beforeEach(async () => {
        await begin(holder);
      });

      it('what was signed before stays, after the end and after the further one', async () => {
        assert.equal(await status(), 'TRACEABLE', await reasonOf());
        await nextEpoch('2025-05-02');
        assert.equal(await status(), 'TRACEABLE', await reasonOf());
        await submit(ledger, await renew());
        assert.equal(await status(), 'TRACEABLE', await reasonOf());
        await nextEpoch('2025-05-03');
        assert.equal(await status(), 'TRACEABLE', await reasonOf());
      });

      it('signs nothing between the two, and again from then on', async () => {
        await nextEpoch('2025-04-20');
        await refuses(submit(ledger, draft('between', '2025-04-20')), ...REFUSED[holder]);
        await nextEpoch('2025-05-02');
        await submit(ledger, await renew());
        await nextEpoch('2025-05-03');
        if (holder !== 'officer') {
          // An officer signs the acceptance, which is of today.
          await refuses(submit(ledger, draft('work-between', '2025-04-20')), ...REFUSED[holder]);
        }
        await submit(ledger, report('after', '2025-05-03'));
        assert.equal(await status(), 'TRACEABLE', await reasonOf());
      });
    });
  }
});
