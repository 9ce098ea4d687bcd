import assert from 'node:assert/strict';
import { inspectBytes } from '@tracecal/gateway-client/dcc';
import { exampleCertificates } from '../../support/exampleCertificates.js';
import { expandedUnc, quantity, real, smallCertificate, text } from '../../support/smallCertificate.js';
import type { CertificateParts } from '../../support/smallCertificate.js';

function clausesOf(parts: CertificateParts): readonly string[] {
  return inspectBytes(smallCertificate(parts), 'small.xml').omissions.map(({ clause }) => clause);
}

const COMPLETE: CertificateParts = {
  data: quantity('Temperature', real('20.10', '\\degreecelsius', expandedUnc('0.02'))),
  circumstances: `<dcc:usedMethods><dcc:usedMethod>${text('name', 'Comparison')}</dcc:usedMethod></dcc:usedMethods>
    <dcc:influenceConditions><dcc:influenceCondition>${text('name', 'Ambient')}<dcc:data>
      ${quantity('Temperature', real('23', '\\degreecelsius'))}</dcc:data></dcc:influenceCondition></dcc:influenceConditions>`,
  statements: `<dcc:statements><dcc:statement><dcc:traceable>true</dcc:traceable></dcc:statement></dcc:statements>`,
};

describe('what ISO/IEC 17025 asks a certificate for', () => {
  it('is stated in full by the examples', () => {
    for (const [file, bytes] of exampleCertificates()) {
      assert.deepEqual(inspectBytes(bytes, file).omissions, [], file);
    }
  });

  it('is noted, with its clause, where the certificate leaves it out', () => {
    assert.deepEqual(inspectBytes(smallCertificate({}), 'small.xml').omissions, [
      { clause: '7.8.2.1 b', omitted: 'the address of the laboratory' },
      { clause: '7.8.2.1 e', omitted: 'the name and contact of the customer' },
      { clause: '7.8.2.1 f', omitted: 'the method' },
      { clause: '7.8.2.1 j', omitted: 'the date of issue' },
      { clause: '7.8.2.1 o', omitted: 'who authorised it' },
      { clause: '7.8.4.1 a', omitted: 'a measurement uncertainty of every result' },
      { clause: '7.8.4.1 b', omitted: 'the conditions that influence the results' },
      { clause: '7.8.4.1 c', omitted: 'how the results are traceable' },
    ]);
  });

  it('is a method, an uncertainty, conditions and traceability wherever they stand', () => {
    assert.deepEqual(clausesOf(COMPLETE), ['7.8.2.1 b', '7.8.2.1 e', '7.8.2.1 j', '7.8.2.1 o']);
  });

  it('is never a list of standards', () => {
    assert.ok(!clausesOf({}).includes('6.5'));
    const told = inspectBytes(smallCertificate({}), 'small.xml').omissions.map(({ omitted }) => omitted);
    assert.ok(told.every((each) => !each.includes('standard')));
  });
});
