import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseUnit, proposeKind } from '@tracecal/core/model';
import {
  draftCertificate,
  parentFileSha256,
  parentsOf,
  readCertificate,
  reportsOf,
  sha256Hex,
  type Certificate,
} from '@tracecal/gateway-client/dcc';
import { exampleCertificates } from '../../support/exampleCertificates.js';

const EXAMPLES = resolve(__dirname, '..', '..', '..', '..', 'gateway-client', 'cli', 'examples');

/** Certificates of one chain, root first. */
function chain(prefix: string): Certificate[] {
  return [...exampleCertificates()]
    .filter(([file]) => file.startsWith(prefix))
    .map(([, bytes]) => readCertificate(bytes));
}

function resultsOf(certificate: Certificate) {
  return reportsOf(draftCertificate(certificate, { proposeKind })).items.flatMap(({ results }) => results);
}

/** The single result of an example, in SI. */
function siResult(certificate: Certificate) {
  const results = resultsOf(certificate);
  assert.equal(results.length, 1);
  const [result] = results;
  const { factor, offset } = parseUnit(result!.unit)!;
  return result!.rows.map(({ value, uncertainty }) => ({
    value: (value ?? NaN) * factor + offset,
    u: (uncertainty!.expanded * factor) / uncertainty!.coverageFactor,
  }));
}

describe('the example certificates', () => {
  before(() => {
    if (process.env['TRACECAL_WRITE_EXAMPLES'] === '1') {
      mkdirSync(EXAMPLES, { recursive: true });
      exampleCertificates().forEach((bytes, file) => {
        writeFileSync(join(EXAMPLES, file), bytes);
      });
    }
  });

  it('are in the repository byte for byte as the writer writes them', () => {
    const written = exampleCertificates();
    const certificates = readdirSync(EXAMPLES).filter((file) => file.endsWith('.xml'));
    assert.deepEqual(certificates.sort(), [...written.keys()].sort());
    for (const [file, bytes] of written) {
      assert.ok(
        readFileSync(join(EXAMPLES, file)).equals(bytes),
        `${file} differs: run this test with TRACECAL_WRITE_EXAMPLES=1, and look at the difference.`,
      );
    }
  });

  it('read back with nothing left over, and say that they are examples', () => {
    for (const [file, bytes] of exampleCertificates()) {
      assert.deepEqual(readCertificate(bytes).unsupported, [], file);
      assert.match(Buffer.from(bytes).toString('utf8'), /EXAMPLE of the TraceCal project/);
    }
  });

  for (const prefix of ['temperature', 'mass']) {
    describe(`of ${prefix}`, () => {
      it('name the digest, the number and the device of the certificate above', () => {
        const files = [...exampleCertificates()].filter(([file]) => file.startsWith(prefix)).map(([, bytes]) => bytes);
        files.forEach((bytes, level) => {
          const parents = parentsOf(readCertificate(bytes));
          const above = files[level - 1];
          assert.equal(parents.length, above ? 1 : 0);
          if (above) {
            const parent = readCertificate(above);
            const [item] = parent.items.items;
            const [reference] = parents;
            assert.equal(parentFileSha256(reference!.certificate), sha256Hex(above));
            assert.equal(reference!.certificate.referralId, parent.core.uniqueIdentifier);
            assert.deepEqual(
              [reference!.device!.serial, reference!.device!.model, reference!.device!.manufacturer],
              [item!.serial, item!.model, item!.manufacturer],
            );
          }
        });
      });

      it('follow each other in time, before they are issued', () => {
        const certificates = chain(prefix);
        assert.equal(certificates.length, 4);
        certificates.forEach(({ core }, level) => {
          const above = certificates[level - 1]?.core;
          assert.ok(core.performed.end <= core.issued!);
          assert.ok(!above || above.issued! < core.performed.begin, `${core.uniqueIdentifier} precedes its parent`);
        });
      });

      it('stay within the range of the standard above, with a larger uncertainty', () => {
        const levels = chain(prefix).map(siResult);
        levels.slice(1).forEach((points, i) => {
          const above = levels[i]!;
          const values = above.map((point) => point.value);
          for (const { value, u } of points) {
            assert.ok(value >= Math.min(...values) && value <= Math.max(...values), `${value} at level ${i + 1}`);
            // Against the worst point of the standard, not the nearest.
            assert.ok(u > Math.max(...above.filter((point) => point.value <= value * 1.0001).map((point) => point.u)));
          }
        });
      });
    });
  }

  it('state an error in kelvin beside a Celsius reference, which becomes the uncertainty of the reference', () => {
    const [, , factory] = chain('temperature');
    const [result] = resultsOf(factory!);
    assert.equal(result!.unit, '\\degreecelsius');
    assert.equal(result!.quantity, 'temperature');
    assert.deepEqual(result!.rows[0], {
      value: -19.98,
      error: 0.03,
      uncertainty: { expanded: 0.04, coverageFactor: 2, coverageProbability: 0.95 },
    });
  });

  it('state grams where the standard above states kilograms, as a registry must be able to compare', () => {
    const [, , factory] = chain('mass');
    const [result] = resultsOf(factory!);
    assert.equal(result!.unit, '\\gram');
    assert.equal(result!.quantity, 'mass');
  });
});
