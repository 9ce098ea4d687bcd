import assert from 'node:assert/strict';
import { join } from 'node:path';
import { inspectBytes, type Inspection } from '@tracecal/gateway-client/dcc';
import { exampleCertificates } from '../../support/exampleCertificates.js';
import { withMarkedNumbers } from '../../support/numbers.js';
import { requireSharedData, sharedFiles } from '../../support/sharedData.js';
import { expandedUnc, quantity, real, smallCertificate, text, xmlList } from '../../support/smallCertificate.js';

/** The numbers of a certificate that the structured output neither holds nor names as not read. */
function missing(bytes: Uint8Array, name: string): { readonly count: number; readonly missing: readonly string[] } {
  const { xml, marks } = withMarkedNumbers(Buffer.from(bytes).toString('utf8'));
  const inspected = inspectBytes(Buffer.from(xml), name);
  assert.equal(inspected.error, null, `${name}: ${inspected.error?.message ?? ''}`);
  const shown = JSON.stringify(inspected);
  const lost = [...marks].filter(([mark]) => !shown.includes(mark) && !isNamed(inspected, xml, mark));
  return { count: marks.size, missing: lost.map(([, { element, text: written }]) => `${element} ${written}`) };
}

/** Whether the number stands in a part that the output names as not read. */
function isNamed({ unsupported }: Inspection, xml: string, mark: string): boolean {
  const open: string[] = [];
  for (const [, close, name, empty] of xml
    .slice(0, xml.indexOf(mark))
    .matchAll(/<(\/?)(?:dcc|si):([\w]+)[^>]*?(\/?)>/g)) {
    if (close) {
      open.pop();
    } else if (name !== undefined && !empty) {
      open.push(name);
    }
  }
  const path = open.join('/');
  return unsupported.some((part) => {
    const named = part.path.replaceAll(/\[\d+\]|si:/g, '').slice(1);
    return named !== '' && (path === named || path.startsWith(`${named}/`));
  });
}

describe('every number of a certificate is shown or named', () => {
  const complete = (parts: Parameters<typeof smallCertificate>[0], numbers: number) => {
    const found = missing(smallCertificate(parts), 'small.xml');
    assert.deepEqual(found.missing, []);
    assert.ok(found.count >= numbers, `only ${found.count} numbers were looked for`);
  };
  const metaData = (content: string) =>
    `<dcc:measurementMetaData><dcc:metaData>${content}</dcc:metaData></dcc:measurementMetaData>`;

  it('in limits of a column, and in a relative uncertainty', () => {
    const limits = quantity('Lower', xmlList('-1 -2', '\\kelvin'), 'basic_toleranceLimitLower');
    const relative = `<dcc:relativeUncertainty><dcc:relativeUncertaintySingle><si:value>0.1</si:value><si:unit>\\one</si:unit></dcc:relativeUncertaintySingle></dcc:relativeUncertainty>`;
    const column = `<dcc:quantity>${text('name', 'Error')}${xmlList('1 2', '\\kelvin')}${relative}${metaData(`<dcc:data>${limits}</dcc:data>`)}</dcc:quantity>`;
    complete({ data: `<dcc:list>${column}${metaData(`<dcc:data>${limits}</dcc:data>`)}</dcc:list>` }, 7);
  });

  it('in statements and their data', () => {
    const statements = `<dcc:statements><dcc:statement refType="basic_validityRange"><dcc:reference>7</dcc:reference><dcc:data>${quantity('Lowest', real('306', '\\kelvin', expandedUnc('0.1')))}</dcc:data></dcc:statement></dcc:statements>`;
    complete({ statements }, 5);
  });

  it('in conditions, methods and equipment, wherever they are stated', () => {
    const condition = `<dcc:influenceConditions><dcc:influenceCondition>${text('name', 'Air')}<dcc:status>beforeAdjustment</dcc:status><dcc:data>${quantity('T', real('20', '\\kelvin', expandedUnc('1')))}</dcc:data></dcc:influenceCondition></dcc:influenceConditions>`;
    const property = (name: string) => `<dcc:${name}>${text('name', 'Range')}${real('100', '\\volt')}</dcc:${name}>`;
    const methods = `<dcc:usedMethods><dcc:usedMethod>${text('name', 'M')}<dcc:usedMethodQuantities>${property('usedMethodQuantity')}</dcc:usedMethodQuantities></dcc:usedMethod></dcc:usedMethods>`;
    const software = `<dcc:usedSoftware><dcc:software>${text('name', 'S')}<dcc:release>3</dcc:release></dcc:software></dcc:usedSoftware>`;
    const equipment = `<dcc:measuringEquipments><dcc:measuringEquipment>${text('name', 'E')}<dcc:measuringEquipmentQuantities>${property('measuringEquipmentQuantity')}</dcc:measuringEquipmentQuantities></dcc:measuringEquipment></dcc:measuringEquipments>`;
    const all = methods + software + equipment + condition;
    complete({ circumstances: all, data: `<dcc:list>${quantity('T', real('1', '\\one') + all)}${all}</dcc:list>` }, 20);
  });

  it('in items, their parts, properties and addresses', () => {
    const properties = `<dcc:itemQuantities><dcc:itemQuantity>${text('name', 'Nominal')}${real('5', '\\volt')}</dcc:itemQuantity></dcc:itemQuantities>`;
    const part = `<dcc:item>${text('name', 'Part')}${properties}</dcc:item>`;
    const maker = `<dcc:manufacturer>${text('name', 'Maker')}<dcc:location><dcc:postCode>38116</dcc:postCode></dcc:location></dcc:manufacturer>`;
    complete(
      { item: `<dcc:item>${text('name', 'I')}${maker}${properties}<dcc:subItems>${part}</dcc:subItems></dcc:item>` },
      4,
    );
  });

  it('in the certificates of the examples', () => {
    for (const [name, bytes] of exampleCertificates()) {
      assert.deepEqual(missing(bytes, name).missing, [], name);
    }
  });

  it('in hints of presentation and covariances, by name', () => {
    const hint = real('1', '\\one', '<si:significantDigit>4</si:significantDigit>');
    const complex =
      '<si:complex><si:valueReal>1</si:valueReal><si:valueImag>2</si:valueImag><si:unit>\\ohm</si:unit><si:ellipsoidalRegion><si:covarianceMatrix><si:column><si:covariance><si:value>3</si:value><si:unit>\\ohm\\tothe{2}</si:unit></si:covariance></si:column></si:covarianceMatrix></si:ellipsoidalRegion></si:complex>';
    complete({ data: quantity('T', hint) + quantity('Z', complex) }, 5);
  });

  for (const folder of [['dcc', 'certificates'], ['dcc', 'signed'], ['cases']]) {
    it(`in the outside files of ${folder.join('/')}`, function () {
      const files = [...sharedFiles(join(requireSharedData(this, ...folder)))].filter(([name]) =>
        name.endsWith('.xml'),
      );
      let count = 0;
      for (const [name, bytes] of files) {
        const found = missing(bytes, name);
        assert.deepEqual(found.missing, [], name);
        count += found.count;
      }
      assert.ok(count > (50 * files.length) / 10, `only ${count} numbers were looked for`);
    });
  }
});
