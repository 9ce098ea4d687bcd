import assert from 'node:assert/strict';
import type { StatedCertificate } from '@tracecal/core/model';
import { massResult, transcribing } from '../../support/hierarchy.js';
import type { ReportSpec } from '../../support/hierarchy.js';
import { Workshop } from '../../support/workshop.js';

const OF_NORTH = { number: 'N-1', laboratory: 'The nmi-north', country: 'DE', issuer: 'nmi-north' };
const SEAL = { signedInfoSha256: 'ab'.repeat(32), certificates: ['ef'.repeat(32)] };

describe("A transcription of an institute's certificate, imported again by others", () => {
  let workshop: Workshop;

  beforeEach(async () => {
    workshop = await Workshop.open();
    await workshop.hierarchy.addDevice({ id: 'old', technician: 't-oem-a', kind: 'field' });
  });

  function transcribe({
    of = OF_NORTH,
    ...spec
  }: Partial<ReportSpec> & { readonly of?: StatedCertificate } = {}): void {
    workshop.hierarchy.addReport({
      id: 'old-r',
      device: 'old',
      technician: 'all-lab-alpha',
      performed: '2025-06-01',
      results: [massResult(0.001)],
      stated: transcribing(of),
      ...spec,
    });
  }

  const outcome = () => workshop.outcome('old');
  const confirm = (author: string, equal = true) => workshop.hierarchy.confirm(author, 'old-r', { equal });

  it('is TRACEABLE by the signatures of two other organisations, and names them', async () => {
    transcribe();
    assert.match(await outcome(), /^ATTESTED: .* transcribes certificate N-1 of nmi-north/);
    confirm('lab-beta');
    assert.match(await outcome(), /^ATTESTED/);
    confirm('nmi-east');
    assert.match(await outcome(), /^TRACEABLE: Traces over 1 level to nmi-north/);
    assert.match((await workshop.said('old')).join(), /transcription note: .* reads equal to lab-beta and nmi-east/);
    const { institutes } = await workshop.hierarchy.trace('old');
    assert.deepEqual(
      institutes.map(({ organisation }) => organisation),
      ['nmi-east', 'nmi-north', 'nmi-south'],
    );
  });

  it('is TRACEABLE as well where the institute imported its own certificate late', async () => {
    const registered = '2025-12-10T12:00:00Z';
    transcribe({ technician: 'all-nmi-north', registered });
    assert.match(await outcome(), /^ATTESTED: .* more than 90 days later/);
    confirm('lab-beta');
    confirm('nmi-east');
    assert.match(await outcome(), /^TRACEABLE/);
  });

  it('stays ATTESTED by the word of one, of friends, of the owner, or of the same one twice', async () => {
    transcribe();
    confirm('lab-beta');
    confirm('lab-beta');
    assert.match(await outcome(), /^ATTESTED/, 'twice the same');
    confirm('oem-b');
    assert.match(await outcome(), /^ATTESTED/, 'certified by the first');
    confirm('nmi-south');
    assert.match(await outcome(), /^ATTESTED/, 'certifies the first');
    confirm('lab-alpha');
    confirm('oem-a');
    assert.match(await outcome(), /^ATTESTED/, 'the transcriber, and the owner, whom it certifies');
  });

  it('stays ATTESTED by the word of two who have one certifier below the institutes', async () => {
    const { hierarchy } = workshop;
    await hierarchy.addOrganisation({ id: 'op-1', kind: 'OPERATOR', certifiedBy: 'lab-beta' });
    await hierarchy.addOrganisation({ id: 'op-2', kind: 'OPERATOR', certifiedBy: 'lab-beta' });
    transcribe();
    confirm('op-1');
    confirm('op-2');
    assert.match(await outcome(), /^ATTESTED/);
  });

  it('is ATTESTED again where one of them takes it back, or falls', async () => {
    transcribe();
    confirm('lab-beta');
    confirm('nmi-east');
    assert.match(await outcome(), /^TRACEABLE/);
    confirm('lab-beta', false);
    assert.match(await outcome(), /^ATTESTED/);
    confirm('lab-beta');
    assert.match(await outcome(), /^TRACEABLE/);
    workshop.hierarchy.addStatement('revocation', ['organisation', 'lab-beta'], { reason: 'fraud' });
    assert.match(await outcome(), /^ATTESTED/);
  });

  it('stays ATTESTED where it is of a laboratory, of no member, or beyond the capabilities of the institute', async () => {
    for (const [of, results] of [
      [{ ...OF_NORTH, laboratory: 'The lab-beta', issuer: 'lab-beta' }, massResult(0.001)],
      [{ number: 'N-1', laboratory: 'Elsewhere', country: 'DE' }, massResult(0.001)],
      [OF_NORTH, massResult(0.001, [5000])],
    ] as const) {
      workshop = await Workshop.open();
      await workshop.hierarchy.addDevice({ id: 'old', technician: 't-oem-a', kind: 'field' });
      transcribe({ of, results: [results] });
      confirm('nmi-south');
      confirm('nmi-east');
      assert.doesNotMatch(await outcome(), /^TRACEABLE/);
    }
  });

  it('is marked where its seal was verified, which lifts nothing', async () => {
    transcribe({ of: { ...OF_NORTH, seal: SEAL } });
    assert.match(await outcome(), /^ATTESTED: .* The seal of the certificate was verified/);
    const basis = async () =>
      (await workshop.hierarchy.trace('old')).edges.flatMap(({ findings }) => findings.map((each) => each.basis));
    assert.deepEqual(await basis(), ['sealed']);
    workshop = await Workshop.open();
    await workshop.hierarchy.addDevice({ id: 'old', technician: 't-oem-a', kind: 'field' });
    transcribe({ of: { ...OF_NORTH, seal: { ...SEAL, proven: '2031-01-01T00:00:00Z' } } });
    assert.deepEqual(await basis(), [undefined], 'nothing proves a time that has not come');
  });
});
