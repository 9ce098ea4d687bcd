import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AffectedDevice, ReportAnswer, ReportSummary } from '@tracecal/core/contracts';
import { canonicalJson } from '@tracecal/core/model';
import type { PseudonymFile } from '@tracecal/core/pseudonym';
import { isParty, makeOpening } from '@tracecal/gateway-client/application';
import type { PartiesReader, Session } from '@tracecal/gateway-client/application';
import { pseudonymFor } from '../../support/pseudonyms.js';
import { removeTemporaryFolders, temporaryFolder } from '../../support/temporaryFolder.js';

const REGISTRY = `calibration:${'a'.repeat(64)}`;
const TODAY = '2026-06-01T00:00:00Z';
const CERTIFIER = 'nmi-north';

/** What a registry holds about a standard, or an organisation. */
interface Held {
  readonly owner?: string;
  readonly reports?: readonly Partial<ReportSummary>[];
  readonly affected?: readonly Partial<AffectedDevice>[];
  /** By report: its device, and its parents as `device report`. */
  readonly chains?: Readonly<Record<string, readonly [string, ...(readonly string[])]>>;
}

function readerOf({ owner = 'oem-a', reports = [], affected = [], chains = {} }: Held): PartiesReader {
  const body = ([device, ...parents]: readonly [string, ...(readonly string[])]) => ({
    device,
    parents: parents.map((each) => {
      const [standard, report] = each.split(' ');
      return { kind: 'report', device: standard, report };
    }),
  });
  const listed = async function* <T>(all: readonly T[]) {
    yield* await Promise.resolve(all);
  };
  return {
    getDevice: () => Promise.resolve({ owner }),
    listReports: () => listed(reports.map((each) => ({ impediments: [], accepted: null, ...each }))),
    affectedDevices: () => listed(affected),
    getReport: (id: string) => Promise.resolve({ id, body: body(chains[id]!) } as unknown as ReportAnswer),
  } as unknown as PartiesReader;
}

describe('A party of a pseudonym', () => {
  const kinds = {
    device: pseudonymFor({ registry: REGISTRY }, { kind: 'device', certifier: CERTIFIER }),
    organisation: pseudonymFor({ registry: REGISTRY }, { kind: 'organisation', certifier: CERTIFIER }),
  };
  const gold = kinds.device.id;
  const hidden = kinds.organisation.id;
  const mine = { device: 'spy/own', owner: 'spy', reports: ['spy/r-2'] };
  const isOf = (kind: keyof typeof kinds, held: Held) =>
    isParty(readerOf(held), { kind, id: kinds[kind].id }, 'spy', TODAY);

  after(removeTemporaryFolders);

  it('is who owns the device', async () => {
    assert.equal(await isOf('device', { owner: 'spy' }), true);
    assert.equal(await isOf('device', {}), false);
  });

  it('is who calibrated it, if its owner has accepted that; anybody can register a report about any device', async () => {
    const revoked = { kind: 'revocation', effective: '2026-01-01T00:00:00Z', state: 'revoked' };
    const rights = async (more: object) => isOf('device', { reports: [{ organisation: 'spy', ...more }] });
    assert.equal(await rights({ accepted: true }), true);
    assert.equal(await rights({ accepted: true, supersededBy: 'spy/r-9' }), true);
    assert.equal(await rights({ accepted: null }), false, 'not decided');
    assert.equal(await rights({ accepted: false }), false, 'rejected');
    assert.equal(await rights({ accepted: true, impediments: [revoked] }), false, 'revoked');
    assert.equal(await isOf('device', { reports: [{ organisation: 'lab-beta', accepted: true }] }), false);
  });

  it('is who owns or registered a device whose calibration the standard signed, over any levels', async () => {
    const chains: Held['chains'] = {
      'spy/r-2': ['spy/own', 'lab-alpha/working lab-alpha/r-1'],
      'lab-alpha/r-1': ['lab-alpha/working', `${gold} nmi-north/g-1`],
      'nmi-north/g-1': [gold],
    };
    assert.equal(await isOf('device', { affected: [mine], chains }), true);
    assert.equal(await isOf('device', { affected: [{ ...mine, owner: 'oem-b' }], chains }), true, 'it registered it');
    const others = { ...mine, device: 'oem-b/own', owner: 'oem-b' };
    assert.equal(await isOf('device', { affected: [others], chains }), false);
  });

  it('is who owns a device whose calibration the organisation made', async () => {
    const chains: Held['chains'] = {
      'spy/r-2': ['spy/own', 'oem-b/working x/r-1'],
      'x/r-1': ['oem-b/working'],
    };
    const made = {
      ...chains,
      'spy/r-2': ['spy/own', `oem-b/working ${hidden}/r-1`],
      [`${hidden}/r-1`]: ['b/w'],
    } as const;
    assert.equal(await isOf('organisation', { affected: [mine], chains: made }), true);
    // Its own report names the organisation as the issuer of a paper certificate: so it stands in the list of dependants.
    assert.equal(await isOf('organisation', { affected: [mine], chains }), false);
  });

  it('alone is shown what is for parties', async () => {
    const opened = async (file: PseudonymFile, held: Held) => {
      const path = join(temporaryFolder(), 'pseudonym.json');
      writeFileSync(path, canonicalJson(file), { mode: 0o600 });
      const reader = { ...readerOf(held), getOrganisation: () => Promise.resolve({ impediments: [] }) };
      const session = {
        actor: CERTIFIER,
        registry: () => Promise.resolve(REGISTRY),
        reader: () => Promise.resolve(reader),
        keys: { folder: '.', signer: () => Promise.reject(new Error('it would be signed')) },
      } as unknown as Session;
      return makeOpening(session, file.id, { to: 'spy', file: path });
    };
    const refused = /spy may learn none of the facts/;
    const spied: Held = { reports: [{ organisation: 'spy', accepted: null }] };
    await assert.rejects(opened(kinds.device, spied), refused);
    const listed: Held = { affected: [mine], chains: { 'spy/r-2': ['spy/own'] } };
    await assert.rejects(opened(kinds.organisation, listed), refused);
    await assert.rejects(opened(kinds.device, { owner: 'spy' }), /it would be signed/);
  });
});
