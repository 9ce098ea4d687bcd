import assert from 'node:assert/strict';
import { proposeKind, type KindProposal } from '@tracecal/core/model';
import { readCertificate, type Certificate, type Quantity, type Result } from '@tracecal/gateway-client/dcc';
import { requireSharedData, sharedFiles } from '../../support/sharedData.js';

/** A column in short, and what is proposed for it. */
type Column = readonly [name: string, unit: string, kind: string];

function columnsOf(bytes: Buffer): readonly Column[] {
  const certificate = readCertificate(bytes);
  return certificate.results.flatMap((result) =>
    result.quantities
      .filter(({ points }) => points.length > 0)
      .map((quantity): Column => {
        const unit = quantity.points[0]?.unit ?? '';
        return [quantity.name?.text ?? '', unit, inShort(proposalFor(quantity, result, certificate, unit))];
      }),
  );
}

function proposalFor(quantity: Quantity, result: Result, certificate: Certificate, unit: string): KindProposal {
  return proposeKind(
    {
      refTypes: quantity.refType?.split(/\s+/) ?? [],
      names: quantity.name ? [quantity.name.text] : [],
      titles: result.name ? [result.name.text] : [],
      context: certificate.items.items.flatMap(({ name }) => (name ? [name.text] : [])),
    },
    unit,
  );
}

function inShort(proposal: KindProposal): string {
  return proposal.certainty === 'certain' ? proposal.kind.name : `(${proposal.certainty})`;
}

const CASES: Readonly<Record<string, readonly string[]>> = {
  'c01-mass-on-thermometer.xml': ['mass'],
  'c03-difference-in-kelvin.xml': ['temperature-difference'],
  'c04-difference-in-celsius.xml': ['temperature-difference'],
  'c06-refType-suffix.xml': ['temperature', 'temperature', 'temperature-difference'],
  'c07-relative-error.xml': ['(ambiguous)', '(ambiguous)'],
  'c09-gaugeblock-set.xml': ['length', 'length-difference', 'length', 'length-difference'],
  'c10-k265.xml': ['ac-dc-difference'],
  'c12-sensitivity-vs-frequency-parent.xml': ['frequency', 'charge-sensitivity'],
  'c21-rh.xml': ['relative-humidity', 'relative-humidity-difference'],
  'c22-decibel.xml': ['sound-pressure-level'],
  'c23-relative-uncertainty.xml': ['volume-flow'],
  'c29-angular-velocity.xml': ['angular-velocity'],
  'd05-weight-set.xml': ['mass', 'mass'],
  'd13-W.xml': ['temperature', 'resistance-ratio'],
  'f01-ratio-nmi.xml': ['voltage-ratio'],
  'f02-humidity-on-voltage-ratio.xml': ['relative-humidity', 'relative-humidity-difference'],
  't0-nmi.xml': ['temperature', 'temperature-difference'],
};

describe('The kinds of quantity in certificates', () => {
  for (const [file, kinds] of Object.entries(CASES)) {
    it(`of ${file} are ${kinds.join(', ')}`, function () {
      const bytes = sharedFiles(requireSharedData(this, 'cases')).get(file);
      assert.ok(bytes, file);
      assert.deepEqual(
        columnsOf(bytes).map(([, , kind]) => kind),
        kinds,
      );
    });
  }

  it('are never taken for a temperature in a unit of something else, or the reverse', function () {
    const folders = [requireSharedData(this, 'dcc', 'certificates'), requireSharedData(this, 'cases')];
    const columns = folders
      .flatMap((folder) => [...sharedFiles(folder)])
      .flatMap(([file, bytes]) => (file.endsWith('.xml') ? columnsOf(bytes) : []));
    assert.ok(columns.length > 100);
    for (const [name, unit, kind] of columns.filter(([, , kind]) => !kind.startsWith('('))) {
      const isTemperature = /^temperature(-difference)?$/.test(kind);
      assert.equal(isTemperature, /^\\(kelvin|degree[cC]elsius)$/.test(unit), `${name} in ${unit}: ${kind}`);
    }
  });
});
