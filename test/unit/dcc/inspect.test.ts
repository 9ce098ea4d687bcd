import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectBytes, inspectFile, readCertificate, type Inspection } from '@tracecal/gateway-client/dcc';
import {
  expandedUnc,
  quantity,
  real,
  smallCertificate,
  text,
  xmlList,
  type CertificateParts,
} from '../../support/smallCertificate.js';

function inspect(parts: CertificateParts): Inspection {
  const inspected = inspectBytes(smallCertificate(parts), 'small.xml');
  assert.equal(inspected.error, null);
  return inspected;
}

function errorOf(parts: CertificateParts): string {
  const { error } = inspectBytes(smallCertificate(parts), 'small.xml');
  return `${error?.code ?? 'ok'}: ${error?.message ?? ''}`;
}

/** The points of the first quantity in a `data` element. */
function pointsOf(data: string) {
  return inspect({ data }).results[0]!.quantities[0]!.points;
}

const uncertaintiesOf = (data: string) => pointsOf(data).map((point) => point.uncertainty);

describe('inspecting a certificate', () => {
  it('tells who calibrated what, and when', () => {
    const {
      unsupported,
      results,
      methods,
      conditions,
      statements,
      metaData,
      formulas,
      software,
      omissions,
      ...inspected
    } = inspect({});
    assert.ok(omissions.length > 0);
    assert.deepEqual([methods, conditions, statements, metaData, formulas, software].flat(), []);
    assert.deepEqual(inspected, {
      file: 'small.xml',
      ok: true,
      error: null,
      schemaVersion: '3.3.0',
      uniqueIdentifier: 'TEST-1',
      laboratory: 'Laboratory',
      country: 'DE',
      languages: ['de', 'en'],
      items: [
        {
          name: 'Probe',
          serial: 'S1',
          manufacturer: 'Maker',
          model: 'M1',
          id: null,
          identifications: [{ issuer: 'manufacturer', value: 'S1', name: null }],
          manufacturerDetails: [],
          description: [],
          software: [],
          classes: [],
          quantities: [],
          owner: null,
          ownerDetails: [],
          parts: [],
        },
      ],
      performed: { begin: '2026-01-05', end: '2026-01-06' },
      issued: null,
      received: null,
      place: 'laboratory',
      identifications: [],
      previousReport: null,
      replaces: null,
      contacts: [{ role: 'laboratory', name: 'Laboratory', mark: null, details: [] }],
      set: null,
      parents: [],
      equipment: [],
      conformity: null,
      signed: false,
    });
    assert.equal(results[0]?.name, 'Result');
    assert.deepEqual(unsupported, []);
  });

  it('keeps a value as it was written beside the number', () => {
    const [point] = pointsOf(quantity('T', real('+020.100', '\\kelvin')));
    assert.equal(point?.value, 20.1);
    assert.equal(point.text, '+020.100');
    assert.equal(point.unit, '\\kelvin');
  });

  it('keeps digits that a double cannot hold', () => {
    const [point] = pointsOf(quantity('T', real('0.12345678901234567890', '\\one')));
    assert.equal(point?.text, '0.12345678901234567890');
  });

  it('takes NaN for no value', () => {
    const [point] = pointsOf(quantity('T', real('NaN', '\\one')));
    assert.equal(point?.value, null);
  });

  it('prefers the mandatory language, then a text without language, then the first', () => {
    const named = (...contents: string[]) =>
      inspect({ item: `<dcc:item><dcc:name>${contents.join('')}</dcc:name></dcc:item>` }).items[0]?.name;
    const [de, en, fr, none] = ['de', 'en', 'fr', ''].map(
      (lang) => `<dcc:content${lang ? ` lang="${lang}"` : ''}>${lang || 'none'}</dcc:content>`,
    ) as [string, string, string, string];
    assert.equal(named(de, none, en), 'en');
    assert.equal(named(fr, none, de), 'none');
    assert.equal(named(fr, de), 'fr');
  });

  it('keeps a text in every language', () => {
    const item = `<dcc:item><dcc:name><dcc:content lang="de">F</dcc:content><dcc:content lang="en">P</dcc:content></dcc:name></dcc:item>`;
    assert.deepEqual(readCertificate(smallCertificate({ item })).items.items[0]?.name?.all, [
      { language: 'de', text: 'F' },
      { language: 'en', text: 'P' },
    ]);
  });

  it('takes the mark that is called a serial number for it, else the first of the manufacturer', () => {
    const mark = (issuer: string, value: string, name: string) =>
      `<dcc:identification><dcc:issuer>${issuer}</dcc:issuer><dcc:value>${value}</dcc:value>${text('name', name)}</dcc:identification>`;
    const serial = (...marks: string[]) =>
      inspect({ item: `<dcc:item><dcc:identifications>${marks.join('')}</dcc:identifications></dcc:item>` }).items[0]
        ?.serial;
    assert.equal(serial(mark('manufacturer', '1', 'Batch'), mark('manufacturer', '2', 'Serial No.')), '2');
    assert.equal(serial(mark('customer', '1', 'Inventory'), mark('manufacturer', '2', 'Marking')), '2');
    assert.equal(serial(mark('owner', '1', 'Serien-Nr.')), '1');
    assert.equal(serial(mark('customer', '1', 'Inventory')), null);
  });

  it('counts signatures and looks no further', () => {
    const tail =
      '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:Reference URI=""/></ds:SignedInfo></ds:Signature>';
    const inspected = inspect({ tail });
    assert.equal(inspected.signed, true);
    assert.deepEqual(inspected.unsupported, []);
  });

  it('tells what is wrong with a file instead of throwing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tracecal-dcc-'));
    try {
      const path = join(folder, 'a.xml');
      writeFileSync(path, smallCertificate());
      assert.equal((await inspectFile(path)).ok, true);
      assert.equal((await inspectFile(join(folder, 'absent.xml'))).error?.code, 'FILE_UNREADABLE');
      assert.equal((await inspectFile(folder)).error?.code, 'FILE_UNREADABLE');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a certificate is refused', () => {
  it('if its root is something else', () => {
    const code = (xml: string) => inspectBytes(Buffer.from(xml), 'f').error?.code;
    assert.equal(code('<digitalCalibrationCertificate/>'), 'DCC_NOT_A_CERTIFICATE');
    assert.equal(code('<digitalCalibrationCertificate xmlns="https://example.org"/>'), 'DCC_NOT_A_CERTIFICATE');
    assert.equal(code('<other xmlns="https://ptb.de/dcc"/>'), 'DCC_NOT_A_CERTIFICATE');
  });

  it('by its version, unless that is 2.2 to 3.3', () => {
    for (const version of ['2.2.0', '2.3.0', '2.4.0', '3.0.0', '3.0.0-rc.4', '3.1.2', '3.2.1', '3.3.0']) {
      assert.equal(inspect({ rootAttributes: `schemaVersion="${version}"` }).schemaVersion, version);
    }
    for (const version of ['', '1.0.0', '2.1.1', '3.4.0', '4.0.0', '3.3', '3.3.0 ; x', 'constructor']) {
      assert.match(errorOf({ rootAttributes: `schemaVersion="${version}"` }), /^DCC_UNSUPPORTED_VERSION/);
    }
    assert.match(errorOf({ rootAttributes: '' }), /^DCC_MISSING: .*schemaVersion/);
  });

  it('of 2.2 tells its version by the address of its schema', () => {
    const rootAttributes = 'xsi:schemaLocation="https://ptb.de/dcc https://ptb.de/dcc/v2.2.0/dcc.xsd"';
    assert.equal(inspect({ rootAttributes }).schemaVersion, '2.2.0');
  });

  it('if it lacks an identifier, a country, a date, a laboratory, an item or a result', () => {
    const without = (part: string) => {
      const whole = smallCertificate().toString();
      const without = whole.replace(new RegExp(`<dcc:${part}>.*?</dcc:${part}>`, 's'), '');
      assert.notEqual(without, whole);
      const { error } = inspectBytes(Buffer.from(without), 'f');
      assert.equal(error?.code, 'DCC_MISSING', part);
    };
    [
      'uniqueIdentifier',
      'countryCodeISO3166_1',
      'beginPerformanceDate',
      'endPerformanceDate',
      'calibrationLaboratory',
      'contact',
      'item',
      'items',
      'coreData',
      'administrativeData',
      'measurementResults',
      'measurementResult',
      'results',
      'result',
      'data',
    ].forEach(without);
  });

  it('if a date is invalid, or it ended before it began', () => {
    const dates = (begin: string, end: string) => {
      const whole = smallCertificate().toString().replace('2026-01-05', begin).replace('2026-01-06', end);
      return inspectBytes(Buffer.from(whole), 'f').error?.code;
    };
    assert.equal(dates('2024-02-29', '2024-02-29'), undefined);
    assert.equal(dates('2024-02-29Z', '2024-03-01+01:00'), undefined);
    assert.equal(dates('2023-02-29', '2023-03-01'), 'DCC_VALUE');
    assert.equal(dates('2023-13-01', '2024-03-01'), 'DCC_VALUE');
    assert.equal(dates('01.02.2023', '2024-03-01'), 'DCC_VALUE');
    assert.equal(dates('2024-03-02', '2024-03-01'), 'DCC_VALUE');
  });

  it('if a number is invalid', () => {
    for (const value of ['1,5', '1 5', '0x10', 'Infinity', '1e999', '--1', '.', 'e5', '١']) {
      assert.match(errorOf({ data: quantity('T', real(value, '\\one')) }), /^DCC_VALUE/, value);
    }
    assert.match(errorOf({ data: quantity('T', real('1,5', '\\one')) }), /not a decimal number: write 1\.5\.$/);
    assert.match(errorOf({ data: quantity('T', real('1,5,0', '\\one')) }), /not a decimal number\.$/);
    for (const value of ['.5', '5.', '-1.5E-3', '+7', '1e3']) {
      assert.equal(pointsOf(quantity('T', real(value, '\\one')))[0]?.value, Number(value));
    }
  });

  it('if a value has no unit, or states two values, for two readers could take different ones', () => {
    assert.match(errorOf({ data: quantity('T', '<si:real><si:value>1</si:value></si:real>') }), /^DCC_MISSING.*unit/);
    const twice = real('1', '\\one').replace('<si:value>', '<si:value>2</si:value><si:value>');
    assert.match(errorOf({ data: quantity('T', twice) }), /^DCC_VALUE.*more than one value/);
  });

  it('if an uncertainty is negative, or incomplete', () => {
    const data = (uncertainty: string) => ({ data: quantity('T', real('1', '\\one', uncertainty)) });
    assert.match(errorOf(data(expandedUnc('-0.1'))), /^DCC_VALUE.*negative/);
    assert.match(
      errorOf(data(expandedUnc('0.1').replace(/<si:coverageFactor>.*?<\/si:coverageFactor>/, ''))),
      /^DCC_MISSING/,
    );
  });

  it('if lists that belong together differ in length', () => {
    assert.match(errorOf({ data: quantity('T', xmlList('1 2 3', '\\one \\one')) }), /^DCC_VALUE.*3 values but 2/);
    assert.match(errorOf({ data: quantity('T', xmlList('1 2 3', '')) }), /^DCC_VALUE.*3 values but 0/);
  });

  it('with one line of message, whatever it contains', () => {
    const message = errorOf({ data: quantity('T', real(`x&#10;\u202e${'y'.repeat(1000)}`, '\\one')) });
    assert.doesNotMatch(message, /[\p{Cc}\p{Cf}]/u);
    assert.ok(message.length < 500);
  });
});

describe('values of a certificate', () => {
  it('in an XML list share what is stated once', () => {
    const uncertainty =
      '<si:expandedUncXMLList><si:uncertaintyXMLList>0.1 0.2</si:uncertaintyXMLList><si:coverageFactorXMLList>2</si:coverageFactorXMLList><si:coverageProbabilityXMLList>0.95</si:coverageProbabilityXMLList></si:expandedUncXMLList>';
    const points = pointsOf(quantity('T', xmlList(' 1 \n 2 ', '\\kelvin', uncertainty)));
    assert.deepEqual(
      points.map(({ value, unit, uncertainty: u }) => [value, unit, u?.U, u?.k, u?.p]),
      [
        [1, '\\kelvin', 0.1, 2, 0.95],
        [2, '\\kelvin', 0.2, 2, 0.95],
      ],
    );
  });

  it('state uncertainty in the new form as in the old', () => {
    const wrap = (form: string) => `<si:measurementUncertaintyUnivariate>${form}</si:measurementUncertaintyUnivariate>`;
    const expandedMU = wrap(
      '<si:expandedMU><si:valueExpandedMU>0.10</si:valueExpandedMU><si:coverageFactor>2</si:coverageFactor><si:coverageProbability>0.95</si:coverageProbability></si:expandedMU>',
    );
    const expected = { form: 'expanded', U: 0.1, k: 2, p: 0.95, distribution: null, text: '0.10', interval: null };
    assert.deepEqual(uncertaintiesOf(quantity('T', real('1', '\\one', expandedMU))), [expected]);
    assert.deepEqual(uncertaintiesOf(quantity('T', real('1', '\\one', expandedUnc('0.10')))), [expected]);
  });

  it('turn a standard uncertainty into k = 1, without a probability that nobody stated', () => {
    const standardMU =
      '<si:measurementUncertaintyUnivariate><si:standardMU><si:valueStandardMU>0.05</si:valueStandardMU><si:distribution>normal</si:distribution></si:standardMU></si:measurementUncertaintyUnivariate>';
    assert.deepEqual(uncertaintiesOf(quantity('T', real('1', '\\one', standardMU))), [
      { form: 'standard', U: 0.05, k: 1, p: null, distribution: 'normal', text: '0.05', interval: null },
    ]);
  });

  it('turn a coverage interval into the distance to its farther end', () => {
    const interval =
      '<si:coverageInterval><si:standardUnc>0.5</si:standardUnc><si:intervalMin>9</si:intervalMin><si:intervalMax>12</si:intervalMax><si:coverageProbability>0.95</si:coverageProbability></si:coverageInterval>';
    const [uncertainty] = uncertaintiesOf(quantity('T', real('10', '\\one', interval)));
    assert.deepEqual([uncertainty?.form, uncertainty?.U, uncertainty?.k, uncertainty?.p], ['interval', 2, 4, 0.95]);
    assert.deepEqual([uncertainty?.interval?.min.text, uncertainty?.interval?.max.text], ['9', '12']);
  });

  it('in several units are one quantity, in the unit that states the uncertainty', () => {
    const hybrid = `<si:hybrid>${real('300', '\\kelvin')}${real('26.85', '\\degreecelsius', expandedUnc('0.1'))}</si:hybrid>`;
    const [found] = inspect({ data: quantity('T', hybrid) }).results[0]!.quantities;
    assert.equal(found?.unit, '\\degreecelsius');
    assert.deepEqual(
      found.alternatives.map((points) => points.map((point) => [point.value, point.unit])),
      [[[300, '\\kelvin']]],
    );
  });

  it('in D-SI lists inherit unit and uncertainty, and keep their labels', () => {
    const list = `<si:list><si:realList><si:label>row</si:label><si:listUnit>\\metre</si:listUnit>
      <si:listUnivariateUnc>${expandedUnc('0.5')}</si:listUnivariateUnc>
      <si:real><si:label>a</si:label><si:value>1</si:value></si:real>
      <si:real><si:value>2</si:value><si:unit>\\milli\\metre</si:unit></si:real></si:realList></si:list>`;
    assert.deepEqual(
      pointsOf(quantity('L', list)).map(({ value, unit, label, uncertainty }) => [value, unit, label, uncertainty?.U]),
      [
        [1, '\\metre', 'row/a', 0.5],
        [2, '\\milli\\metre', 'row', 0.5],
      ],
    );
  });

  it('may be constants with a standard uncertainty', () => {
    const constant =
      '<si:constant><si:value>8.3</si:value><si:unit>\\one</si:unit><si:uncertainty>0.1</si:uncertainty></si:constant>';
    assert.deepEqual(
      pointsOf(quantity('R', constant)).map(({ value, uncertainty }) => [value, uncertainty?.form, uncertainty?.U]),
      [[8.3, 'standard', 0.1]],
    );
  });

  it('may be complex, in either form; their covariance is named as not read', () => {
    const complex =
      '<si:complex><si:valueReal>1</si:valueReal><si:valueImag>-2.0</si:valueImag><si:unit>\\ohm</si:unit><si:ellipsoidalRegion/></si:complex>';
    const { results, unsupported } = inspect({ data: quantity('Z', complex) });
    const [point] = results[0]!.quantities[0]!.complex;
    assert.deepEqual(
      [point?.form, point?.first.value, point?.second.text, point?.unit],
      ['cartesian', 1, '-2.0', '\\ohm'],
    );
    assert.match(unsupported[0]!.path, /si:ellipsoidalRegion$/);
    const polar =
      '<si:complexListXMLList><si:valueMagnitudeXMLList>1 2</si:valueMagnitudeXMLList><si:valuePhaseXMLList>30 60</si:valuePhaseXMLList><si:unitXMLList>\\ohm</si:unitXMLList><si:unitPhaseXMLList>\\degree</si:unitPhaseXMLList></si:complexListXMLList>';
    assert.deepEqual(
      inspect({ data: quantity('Z', polar) }).results[0]!.quantities[0]!.complex.map((p) => [
        p.form,
        p.first.value,
        p.second.value,
        p.phaseUnit,
      ]),
      [
        ['polar', 1, 30, '\\degree'],
        ['polar', 2, 60, '\\degree'],
      ],
    );
  });

  it('may be complex in several units', () => {
    const complex = (unit: string) =>
      `<si:complex><si:valueReal>1</si:valueReal><si:valueImag>2</si:valueImag><si:unit>${unit}</si:unit></si:complex>`;
    const data = quantity('Z', `<si:hybrid>${complex('\\ohm')}${complex('\\volt\\per\\ampere')}</si:hybrid>`);
    const [found] = inspect({ data }).results[0]!.quantities;
    assert.equal(found?.unit, '\\ohm');
    assert.deepEqual(
      found.complexAlternatives.map(([point]) => point?.unit),
      ['\\volt\\per\\ampere'],
    );
  });

  it('may be words', () => {
    const [found] = inspect({ data: quantity('Marking', text('noQuantity', 'none')) }).results[0]!.quantities;
    assert.deepEqual([found?.kind, found?.words, found?.points], ['words', 'none', []]);
  });

  it('without names in a named list are one column', () => {
    const nameless = (value: string) => `<dcc:quantity>${real(value, '\\pascal')}</dcc:quantity>`;
    const data = `<dcc:list>${text('name', 'pressure')}${nameless('1')}${nameless('2')}</dcc:list>`;
    const [found, ...others] = inspect({ data }).results[0]!.quantities;
    assert.equal(found?.name, 'pressure');
    assert.deepEqual(
      found.points.map((point) => point.value),
      [1, 2],
    );
    assert.deepEqual(others, []);
  });
});

describe('conformity in a certificate', () => {
  const conform = (statement: string) =>
    `<dcc:measurementMetaData><dcc:metaData>${statement}</dcc:metaData></dcc:measurementMetaData>`;

  it('belongs to each point, and to the whole as the least favourable', () => {
    const data = quantity(
      'T',
      xmlList('1 2 3', '\\one') + conform('<dcc:conformityXMLList>pass fail conditionalPass</dcc:conformityXMLList>'),
    );
    const [result] = inspect({ data }).results;
    assert.deepEqual(
      result?.quantities[0]?.points.map((point) => point.conformity),
      ['pass', 'fail', 'conditionalPass'],
    );
    assert.equal(result.quantities[0].conformity, 'fail');
    assert.equal(result.conformity, 'fail');
  });

  it('may be stated once for all points', () => {
    const data = quantity('T', xmlList('1 2', '\\one') + conform('<dcc:conformity>pass</dcc:conformity>'));
    assert.deepEqual(
      inspect({ data }).results[0]?.quantities[0]?.points.map((point) => point.conformity),
      ['pass', 'pass'],
    );
  });

  it('may be stated for the certificate', () => {
    const statements =
      '<dcc:statements><dcc:statement><dcc:conformity>noPass</dcc:conformity></dcc:statement></dcc:statements>';
    assert.equal(inspect({ statements }).conformity, 'noPass');
  });

  it('is refused in a word that no one defined', () => {
    const data = quantity('T', real('1', '\\one') + conform('<dcc:conformity>perhaps</dcc:conformity>'));
    assert.match(errorOf({ data }), /^DCC_VALUE.*perhaps/);
  });
});

describe('parents of a certificate', () => {
  const equipment = (certificate: string) =>
    `<dcc:measuringEquipments><dcc:measuringEquipment>${text('name', 'Standard')}${certificate}</dcc:measuringEquipment></dcc:measuringEquipments>`;
  const reference = (procedure: string, value: string) =>
    `<dcc:certificate>${text('referral', 'Certificate 7')}<dcc:referralID>C7</dcc:referralID><dcc:procedure>${procedure}</dcc:procedure><dcc:value>${value}</dcc:value></dcc:certificate>`;

  it('are named with their equipment and digest', () => {
    assert.deepEqual(inspect({ circumstances: equipment(reference('sha256', 'ab')) }).parents, [
      {
        equipment: 'Standard',
        serial: null,
        manufacturer: null,
        model: null,
        referral: 'Certificate 7',
        referralID: 'C7',
        procedure: 'sha256',
        value: 'ab',
        description: null,
        traceable: null,
        inValidityRange: null,
        linked: null,
        analogue: false,
      },
    ]);
  });

  it('on paper are called analogue', () => {
    for (const procedure of ['analogue', 'Analog', ' analogue ']) {
      assert.equal(inspect({ circumstances: equipment(reference(procedure, 'x')) }).parents[0]?.analogue, true);
    }
  });

  it('were called by other names in 2.x', () => {
    const old = reference('sha256', 'ab').replaceAll('referral', 'reference');
    const [parent] = inspect({ circumstances: equipment(old) }).parents;
    assert.deepEqual([parent?.referral, parent?.referralID], ['Certificate 7', 'C7']);
  });

  it('are found at every place where equipment may be listed', () => {
    const list = equipment(reference('sha256', 'ab'));
    const data = `<dcc:list>${quantity('T', real('1', '\\one') + list)}${list}</dcc:list>`;
    assert.equal(inspect({ circumstances: list, data }).parents.length, 3);
  });

  it('are no parents without a certificate, but stay listed', () => {
    const inspected = inspect({ circumstances: equipment('') });
    assert.deepEqual(inspected.parents, []);
    assert.equal(inspected.equipment[0]?.name, 'Standard');
  });
});

describe('what is not understood', () => {
  it('is named with its path: elements, attributes and stray text', () => {
    const item = '<dcc:item novel="1">stray<dcc:novelty><dcc:inner/></dcc:novelty><x xmlns="urn:x"/></dcc:item>';
    assert.deepEqual(
      inspect({ item }).unsupported.map(({ path }) =>
        path.replace('/digitalCalibrationCertificate/administrativeData', ''),
      ),
      ['/items/item/@novel', '/items/item/text()', '/items/item/novelty', '/items/item/{urn:x}x'],
    );
  });

  it('includes units outside D-SI, which are printed as written', () => {
    const inspected = inspect({ data: quantity('M', real('1', '/kilogram')) });
    assert.equal(inspected.results[0]?.quantities[0]?.unit, '/kilogram');
    assert.match(inspected.unsupported[0]!.reason, /not a D-SI unit/);
  });

  it('includes embedded files and formulas', () => {
    const data = `${quantity('T', real('1', '\\one'))}<dcc:byteData/><dcc:formula/>`;
    assert.deepEqual(
      inspect({ data }).unsupported.map(({ path }) => path.split('/').at(-1)),
      ['byteData', 'formula'],
    );
  });
});
