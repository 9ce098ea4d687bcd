import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { instantOf } from '@tracecal/core/model';
import { candidateOf, differencesFromOriginal, importCertificate } from '@tracecal/gateway-client/application';
import type { ImportRole, Session } from '@tracecal/gateway-client/application';
import { readMapping, verifySeal } from '@tracecal/gateway-client/dcc';
import type { SealTrust } from '@tracecal/gateway-client/dcc';
import { linesFor } from '../../support/caseFiles.js';
import { MemoryWorld } from '../../support/memorySession.js';
import { laboratory, middle, root, sealed, stampRoot, trust } from '../../support/seals/expectations.js';
import { NORTH } from '../../support/situations/cases.js';
import {
  CANONICAL_CERTIFICATE,
  expandedUnc,
  quantity,
  real,
  smallCertificate,
} from '../../support/smallCertificate.js';
import { removeTemporaryFolders } from '../../support/temporaryFolder.js';

const PLAIN = smallCertificate({ data: quantity('Temperature', real('20.10', '\\degreecelsius', expandedUnc('0.1'))) });
const FILE = sealed({ certificate: CANONICAL_CERTIFICATE });

describe('A sealed certificate that is imported', () => {
  let world: MemoryWorld;
  let session: Session;
  before(async () => {
    const lines = linesFor([PLAIN]);
    world = await MemoryWorld.found(lines, lines, { institute: 'Laboratory', laboratory: 'Alpha' });
  });
  beforeEach(() => {
    session = world.fork().session();
  });
  after(removeTemporaryFolders);

  async function imported(given: SealTrust | undefined, bytes = FILE) {
    const role: ImportRole = { ...NORTH, ...(given && { trust: given }) };
    const [first] = await importCertificate(session, candidateOf('sealed.xml', bytes), role);
    assert.ok(first);
    const report = await (await session.reader()).getReport(first.report);
    return { report, notes: first.notes.join('\n') };
  }

  it('keeps the digests of its seal and the proven time, and anybody can compare them', async () => {
    const { report, notes } = await imported(trust);
    const { seal } = await verifySeal(FILE, trust);
    assert.deepEqual(
      { ...report.body.certificate?.seal },
      {
        signedInfoSha256: seal.digests.signedInfo,
        certificates: [laboratory, middle, root].map(({ der }) => createHash('sha256').update(der).digest('hex')),
        proven: '2025-06-10T12:00:05Z',
      },
    );
    assert.match(notes, /Its seal is verified/);
  });

  it('is not marked if no trust anchor is given, or the signer is not its laboratory', async () => {
    const open = await imported(undefined);
    assert.equal(open.report.body.certificate?.seal, undefined);
    assert.match(open.notes, /not marked as sealed: .*trust anchor.*--anchors FILE/);
    session = world.fork().session();
    const other = sealed({ certificate: CANONICAL_CERTIFICATE, signer: middle.issue('Somebody Else') });
    const stranger = await imported(trust, other);
    assert.equal(stranger.report.body.certificate?.seal, undefined);
    assert.match(stranger.notes, /does not name the laboratory "Laboratory"/);
  });

  it('is bound to its laboratory by the certificate that the importer trusts', async () => {
    const signer = middle.issue('Somebody Else');
    const { report } = await imported(
      { ...trust, anchors: [signer.pem, middle.pem, root.pem, stampRoot.pem] },
      sealed({ certificate: CANONICAL_CERTIFICATE, signer }),
    );
    assert.equal(report.body.certificate?.seal?.certificates.length, 1);
  });

  it('reads equal when it is imported once more, and every difference is named', async () => {
    const { report } = await imported(trust);
    const again = candidateOf('again.xml', FILE);
    assert.deepEqual(await differencesFromOriginal(session, again, report), []);
    const coverage = { version: 'tracecal-mapping/1', kinds: [{ quantity: 'own:conventional-temperature' }] };
    const otherwise = candidateOf('again.xml', FILE, readMapping(JSON.stringify(coverage)));
    assert.deepEqual(await differencesFromOriginal(session, otherwise, report), [
      'results of conventional-temperature',
      'results of temperature',
    ]);
    const body = { ...report.body, issued: '2026-01-07', certificate: { ...report.body.certificate!, number: 'X' } };
    assert.deepEqual(await differencesFromOriginal(session, again, { ...report, body }), [
      'number, name, code or country of the laboratory',
      'issued',
    ]);
    const other = { kind: 'external', certificate: 'DCC-7', equipment: '' } as const;
    const parents = [...report.body.parents, other];
    const more = { ...report, body: { ...report.body, parents } };
    assert.deepEqual(await differencesFromOriginal(session, again, more), ['parents']);
    const named = { number: 'C-1', title: null, analogue: true, digest: null, procedure: null, value: null };
    const standard = {
      ...{ name: 'Reference', serial: 'R-1', manufacturer: null, model: null, numbers: [], refTypes: [] },
      certificate: { ...named, traceable: null, inValidityRange: null, linked: [] },
      ...{ paper: null, ofCondition: false },
    };
    const draft = { ...again.draft, parents: [...again.draft.parents, standard] };
    const differences = await differencesFromOriginal(session, { ...again, draft }, report);
    assert.ok(differences.includes('parents'), 'one that the report leaves out');
    await assert.rejects(
      differencesFromOriginal(session, candidateOf('plain.xml', PLAIN), report),
      /was not imported from this file: it names the file with SHA-256 [0-9a-f]{64}/,
    );
  });

  it('reads equal where its device was registered by another identification that it states', async () => {
    const { report } = await imported(trust);
    const again = candidateOf('again.xml', FILE);
    const [own] = again.draft.items;
    assert.ok(own);
    const renumbered = (item: Partial<typeof own.item>) => {
      const items = [{ ...own, item: { ...own.item, ...item } }];
      return differencesFromOriginal(session, { ...again, draft: { ...again.draft, items } }, report);
    };
    const { serial } = own.item;
    assert.ok(serial !== null);
    const number = { issuer: 'customer', name: null, value: serial };
    assert.deepEqual(await renumbered({ serial: 'OTHER-1', numbers: [number] }), []);
    assert.match(
      (await renumbered({ serial: 'OTHER-1', numbers: [] })).join(),
      /no item of the certificate has the serial number/,
    );
  });

  it('is ATTESTED late, with the seal as its basis', async () => {
    const late = CANONICAL_CERTIFICATE.replaceAll('2026-01-0', '2020-01-0');
    const { report } = await imported(trust, sealed({ certificate: late }));
    const asOf = instantOf(Date.now() + 3_600_000);
    const verdict = await (await session.reader()).traceCal(report.body.device, { asOf });
    assert.equal(verdict.status, 'ATTESTED');
    assert.deepEqual(
      verdict.edges.flatMap(({ findings }) =>
        findings.flatMap(({ check, basis }) => (basis ? [`${check} ${basis}`] : [])),
      ),
      ['transcription sealed'],
    );
  });
});
