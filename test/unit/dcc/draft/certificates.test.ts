import assert from 'node:assert/strict';
import { join } from 'node:path';
import { sha256Hex, type CertificateDraft } from '@tracecal/gateway-client/dcc';
import { draftOf, draftSmall, resultsOf, rowsAsText } from '../../../support/drafts.js';
import { exampleCertificates } from '../../../support/exampleCertificates.js';
import { requireSharedData, sharedFiles } from '../../../support/sharedData.js';
import { expandedUnc, quantity, real, text } from '../../../support/smallCertificate.js';

const mass = (value: string, attributes = '') =>
  `<dcc:quantity${attributes}>${text('name', 'Mass')}${real(value, '\\kilogram', expandedUnc('0.1'))}</dcc:quantity>`;
const item = (id: string, name: string, serial: string, further = '') =>
  `<dcc:item id="${id}">${text('name', name)}<dcc:identifications><dcc:identification><dcc:issuer>manufacturer</dcc:issuer><dcc:value>${serial}</dcc:value></dcc:identification><dcc:identification><dcc:issuer>customer</dcc:issuer><dcc:value>C-${serial}</dcc:value>${text('name', 'Inventory')}</dcc:identification></dcc:identifications>${further}</dcc:item>`;
const bySerial = ({ items }: CertificateDraft): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    items.map(({ item: { serial }, results }) => [serial ?? '', results.map(({ result }) => result.name)]),
  );

describe('the items of a draft', () => {
  const set = item('a', 'Weight 1 kg', 'A') + item('b', 'Weight 2 kg', 'B');

  it('have their results by what results refer to', () => {
    const data = mass('1', ' refId="a"') + mass('2', ' refId="b"');
    const draft = draftSmall({ item: set, data });
    assert.deepEqual(bySerial(draft), { A: ['Result: Mass'], B: ['Result: Mass (2)'] });
    assert.deepEqual([draft.questions, draft.unassigned], [[], []]);
  });

  it('stay linked as a set', () => {
    const named = `${text('name', 'Set of weights')}${set}`;
    assert.equal(draftSmall({ item: named }).set?.name, 'Set of weights');
    assert.equal(draftSmall({}).set, null);
  });

  it('are told by a column of words that names one of them', () => {
    const data = `<dcc:list>${quantity('Nominal value', text('noQuantity', '2 kg'))}${mass('2')}</dcc:list>`;
    const draft = draftSmall({ item: set, data });
    assert.deepEqual(bySerial(draft), { A: [], B: ['Result'] });
    assert.ok(draft.decisions.some(({ decided, from }) => decided === 'of the item Weight 2 kg' && from === 'name'));
  });

  it('are asked for where nothing tells them, and then told by a mapping file', () => {
    const open = draftSmall({ item: set, data: mass('1') });
    assert.deepEqual(bySerial(open), { A: [], B: [] });
    assert.match(open.questions[0]?.text ?? '', /Which item is "Result" of: Weight 1 kg \(A\), Weight 2 kg \(B\)/);
    assert.equal(open.unassigned.length, 1);
    for (const pointer of ['b', 'B', 'weight 2 kg', 2]) {
      const told = draftSmall({ item: set, data: mass('1') }, { items: [{ result: 'Result', item: pointer }] });
      assert.deepEqual(bySerial(told), { A: [], B: ['Result'] });
      assert.deepEqual([told.questions, told.unused], [[], []]);
    }
  });

  it('are identified by every number that somebody gave them', () => {
    const [first] = draftSmall({ item: item('a', 'Weight', 'A') }).items;
    assert.deepEqual(first?.item.numbers, [
      { issuer: 'manufacturer', name: null, value: 'A' },
      { issuer: 'customer', name: 'Inventory', value: 'C-A' },
    ]);
  });

  it('may be parts of one of them', () => {
    const parts = `<dcc:subItems>${item('p', 'Sensor', 'P')}</dcc:subItems>`;
    const draft = draftSmall({ item: item('a', 'Chain', 'A', parts), data: mass('1', ' refId="p"') });
    assert.deepEqual(bySerial(draft), { A: [], P: ['Result'] });
    assert.equal(draft.items[1]?.item.partOf, 0);
  });
});

describe('the parents of a draft', () => {
  const equipment = (name: string, further = '', attributes = '') =>
    `<dcc:measuringEquipment${attributes}>${text('name', name)}${further}</dcc:measuringEquipment>`;
  const listed = (...all: string[]) => `<dcc:measuringEquipments>${all.join('')}</dcc:measuringEquipments>`;
  const reference = (procedure: string, value: string, further = '') =>
    `<dcc:certificate>${text('referral', 'R')}<dcc:referralID>C7</dcc:referralID><dcc:procedure>${procedure}</dcc:procedure><dcc:value>${value}</dcc:value>${further}</dcc:certificate>`;
  const digest = (procedure: string, value: string) =>
    draftSmall({ circumstances: listed(equipment('S', reference(procedure, value))) }).parents[0]?.certificate?.digest;

  it('are all equipment, also what has no certificate, each once', () => {
    const two = listed(equipment('S', reference('none', 'none')), equipment('T'));
    const draft = draftSmall({ circumstances: two, data: `<dcc:list>${mass('1')}${two}</dcc:list>` });
    assert.deepEqual(
      draft.parents.map(({ name, certificate }) => [name, certificate?.number ?? null]),
      [
        ['S', 'C7'],
        ['T', null],
      ],
    );
    assert.deepEqual(
      resultsOf(draft)[0]?.uses.map(({ source, role }) => [source, role]),
      [
        [0, null],
        [1, null],
      ],
    );
  });

  it('are references by their refType, or by metadata that point at them', () => {
    const byType = listed(equipment('S', '', ' refType="basic_normalUsed"'), equipment('T', '', ' id="t"'));
    const pointing =
      '<dcc:measurementMetaData><dcc:metaData refType="basic_normalUsed" refId="t t"/></dcc:measurementMetaData>';
    const data = `<dcc:quantity>${text('name', 'Mass')}${real('1', '\\kilogram', expandedUnc('0.1'))}${pointing}</dcc:quantity>`;
    const uses = resultsOf(draftSmall({ circumstances: byType, data }))[0]?.uses;
    assert.deepEqual(
      uses?.map(({ role, from }) => [role, from]),
      [
        ['reference', 'refType'],
        ['reference', 'refType'],
      ],
    );
  });

  it('support the quantity for which they are listed, and no other', () => {
    const data = `<dcc:quantity>${text('name', 'Mass')}${real('1', '\\kilogram', expandedUnc('0.1'))}${listed(equipment('Balance'))}</dcc:quantity>${quantity('Length', real('1', '\\metre', expandedUnc('0.1')))}`;
    const uses = resultsOf(draftSmall({ data })).map((result) => result.uses.length);
    assert.deepEqual(uses, [1, 0]);
  });

  it('state digests in hex or base64, by one of three algorithms', () => {
    const hex = 'AB'.repeat(32);
    for (const procedure of ['SHA256', 'sha-256', 'SHA_256', 'SHA2-256']) {
      assert.deepEqual(
        [digest(procedure, hex)?.algorithm, digest(procedure, hex)?.value],
        ['SHA-256', hex.toLowerCase()],
      );
    }
    const base64 = Buffer.from(hex, 'hex').toString('base64');
    assert.equal(digest('SHA256', base64)?.value, hex.toLowerCase());
    assert.equal(digest('SHA384', 'ab'.repeat(48))?.algorithm, 'SHA-384');
    assert.equal(digest('SHA-512', 'ab'.repeat(64))?.algorithm, 'SHA-512');
    assert.equal(digest('SHA-512', 'ab'.repeat(32))?.value, null);
    assert.equal(digest('analogue', 'analogue'), null);
    assert.equal(digest('MD5', 'ab'.repeat(16)), null);
  });

  it('say over which bytes a digest is, where the procedure does', () => {
    const of = (procedure: string) => digest(procedure, 'ab'.repeat(32))?.of;
    assert.equal(of('SHA256'), null);
    assert.equal(of('SHA-256 of the file'), 'file');
    assert.equal(of('C14N, SHA-256'), 'c14n');
    assert.equal(of('C14N 1.1, SHA-256'), 'c14n11');
    assert.equal(of('http://www.w3.org/2001/10/xml-exc-c14n# SHA-256'), 'exc-c14n');
  });

  it('carry what the issuer states about them', () => {
    const stated = '<dcc:inValidityRange>true</dcc:inValidityRange><dcc:traceable>false</dcc:traceable>';
    const linked = `<dcc:linkedReport>${text('referral', 'NMI')}<dcc:referralID>N1</dcc:referralID></dcc:linkedReport>`;
    const circumstances = listed(equipment('S', reference('analogue', 'x', stated + linked)));
    const certificate = draftSmall({ circumstances }).parents[0]?.certificate;
    assert.deepEqual(
      [certificate?.inValidityRange, certificate?.traceable, certificate?.linked, certificate?.analogue],
      [true, false, ['N1'], true],
    );
  });

  it('that only a mapping file names are parents, too', () => {
    const facts = {
      number: 'P-1',
      laboratory: 'PTB',
      date: '2024-05-02',
      kind: 'mass',
      unit: '\\kilogram',
      U: 1,
      k: 2,
    };
    const draft = draftSmall({ data: mass('1') }, { parents: [facts] });
    assert.equal(draft.parents[0]?.certificate?.number, 'P-1');
    assert.deepEqual(resultsOf(draft)[0]?.uses, [{ source: 0, role: null, from: 'mapping' }]);
  });
});

describe('what a draft says about traceability and conformity', () => {
  const statements = (...all: string[]) => `<dcc:statements>${all.join('')}</dcc:statements>`;
  const metaData = (content: string, attributes = '') =>
    `<dcc:measurementMetaData><dcc:metaData${attributes}>${content}</dcc:metaData></dcc:measurementMetaData>`;
  const claims = (parts: Parameters<typeof draftSmall>[0]) =>
    resultsOf(draftSmall(parts)).map((result) => result.claims);
  const withMetaData = (content: string, attributes = '') =>
    `<dcc:quantity>${text('name', 'Mass')}${real('1', '\\kilogram', expandedUnc('0.1'))}${metaData(content, attributes)}</dcc:quantity>`;

  it('is empty if the certificate states nothing', () => {
    const [none] = claims({});
    assert.deepEqual(none, { accredited: null, cipmMra: false, because: [], denied: null });
  });

  it('is a claim of accreditation by statement, and its exclusion', () => {
    const inCmc = (valid: string) =>
      statements(`<dcc:statement refType="basic_isInCMC"><dcc:valid>${valid}</dcc:valid></dcc:statement>`);
    assert.equal(claims({ statements: inCmc('true') })[0]?.accredited, true);
    assert.equal(claims({ statements: inCmc('false') })[0]?.accredited, false);
    const authority = `<dcc:respAuthority>${text('name', 'Accreditation Body')}</dcc:respAuthority>`;
    const traceable = (further: string) =>
      statements(
        `<dcc:statement refType="basic_metrologicallyTraceableToSI"><dcc:traceable>true</dcc:traceable>${further}</dcc:statement>`,
      );
    assert.equal(claims({ statements: traceable(authority) })[0]?.accredited, true);
    assert.equal(claims({ statements: traceable('') })[0]?.accredited, null);
  });

  it('is a denial for the whole certificate, or for the result that it is about', () => {
    const denial = '<dcc:traceable>false</dcc:traceable>';
    const all = statements(`<dcc:statement>${text('declaration', 'no')}${denial}</dcc:statement>`);
    assert.deepEqual(
      claims({ statements: all }).map(({ denied }) => denied),
      ['no'],
    );
    const data = withMetaData(denial) + quantity('Length', real('1', '\\metre', expandedUnc('0.1')));
    assert.deepEqual(
      claims({ data }).map(({ denied }) => denied !== null),
      [true, false],
    );
  });

  it('is every limit in the unit of the result, with the decision rule', () => {
    const limits = `<dcc:norm>ILAC-G8:09/2019</dcc:norm><dcc:data>${quantity('Lower tolerance limit', real('-500', '\\gram'))}${quantity('Upper', real('2', '\\kilogram'), 'basic_acceptanceLimitUpper')}</dcc:data>`;
    const [result] = resultsOf(draftSmall({ data: withMetaData(`<dcc:conformity>pass</dcc:conformity>${limits}`) }));
    assert.deepEqual(result?.conformity, {
      stated: ['pass'],
      limits: [
        { kind: 'tolerance', side: 'lower', of: 'value', values: [-0.5] },
        { kind: 'acceptance', side: 'upper', of: 'value', values: [2] },
      ],
      decisionRule: 'ILAC-G8:09/2019',
      certificate: null,
      contradicted: false,
    });
  });

  it('are results as found, apart from those as left', () => {
    const table = (error: string) =>
      `<dcc:list>${quantity('R', real('20', '\\kelvin'), 'basic_referenceValue')}${quantity('E', real(error, '\\kelvin', expandedUnc('0.1')), 'basic_measurementError')}</dcc:list>`;
    const before = (data: string) =>
      `<dcc:influenceConditions><dcc:influenceCondition>${text('name', 'Adjustment')}<dcc:status>beforeAdjustment</dcc:status><dcc:data>${data}</dcc:data></dcc:influenceCondition></dcc:influenceConditions>`;
    const [found] = draftSmall({ circumstances: before(table('0.5')), data: table('0.01') }).items;
    assert.deepEqual(found?.results.map(rowsAsText), [['20 0.01 ± 0.1 / 2']]);
    assert.deepEqual(found.asFound.map(rowsAsText), [['20 0.5 ± 0.1 / 2']]);
    const surroundings = before(quantity('Room', real('296', '\\kelvin')));
    assert.deepEqual(draftSmall({ circumstances: surroundings, data: table('0.01') }).items[0]?.asFound, []);
  });

  it('is under which conditions it was done, each between its limits', () => {
    const limits = `<dcc:list>${text('name', 'Temperature')}${quantity('from', real('20', '\\degreecelsius'))}${quantity('to', real('295.15', '\\kelvin'))}</dcc:list>${quantity('Pressure', real('1013', '\\hecto\\pascal'))}`;
    const circumstances = `<dcc:influenceConditions><dcc:influenceCondition>${text('name', 'Ambient')}<dcc:data>${limits}</dcc:data></dcc:influenceCondition></dcc:influenceConditions>`;
    assert.deepEqual(
      draftSmall({ circumstances }).conditions.map(({ name, quantity: kind, lowest, highest }) => [
        name,
        kind,
        lowest,
        highest,
      ]),
      [
        ['Ambient', 'pressure', 1013, 1013],
        ['Temperature', 'temperature', 20, 22],
      ],
    );
  });

  it('proposes a class of method, and takes it from a mapping file only', () => {
    const used = `<dcc:usedMethods><dcc:usedMethod>${text('name', 'Uncertainty of weighing')}</dcc:usedMethod><dcc:usedMethod>${text('name', 'Secondary method: substitution')}<dcc:norm>N 1</dcc:norm></dcc:usedMethod></dcc:usedMethods>`;
    const [proposed] = resultsOf(draftSmall({ circumstances: used }));
    assert.deepEqual(proposed?.method, {
      classes: ['direct'],
      because: 'Secondary method: substitution, N 1',
      confirmed: false,
    });
    assert.deepEqual(
      proposed.methods.map(({ level }) => level),
      [null, 'secondary'],
    );
    const [told] = resultsOf(draftSmall({ circumstances: used }, { methods: [{ method: 'scaled' }] }));
    assert.deepEqual([told?.method?.classes, told?.method?.confirmed], [['scaled'], true]);
  });

  it('names the certificate that it substitutes', () => {
    const whole = (draft: string) => draftSmall({ coreData: draft });
    const core = `<dcc:countryCodeISO3166_1>DE</dcc:countryCodeISO3166_1><dcc:mandatoryLangCodeISO639_1>en</dcc:mandatoryLangCodeISO639_1><dcc:uniqueIdentifier>N2</dcc:uniqueIdentifier><dcc:beginPerformanceDate>2026-01-05</dcc:beginPerformanceDate><dcc:endPerformanceDate>2026-01-06</dcc:endPerformanceDate>`;
    const previous = `<dcc:previousReport>${text('referral', 'R')}<dcc:referralID>N1</dcc:referralID><dcc:procedure>SHA256</dcc:procedure><dcc:value>${'ab'.repeat(32)}</dcc:value></dcc:previousReport>`;
    const substituted =
      '<dcc:reportAmendedSubstituted><dcc:typeOfChange>substituted</dcc:typeOfChange></dcc:reportAmendedSubstituted>';
    const { replaces } = whole(core + substituted + previous);
    assert.deepEqual(
      [replaces?.change, replaces?.certificate, replaces?.digest?.value],
      ['substituted', 'N1', 'ab'.repeat(32)],
    );
    const later = whole(core + previous);
    assert.deepEqual([later.replaces, later.previous?.certificate], [null, 'N1']);
  });
});

describe('the drafts of whole certificates', () => {
  it('of the examples have a result over the values of the standard, and one parent by digest', () => {
    const files = exampleCertificates();
    for (const [name, bytes] of files) {
      const draft = draftOf(bytes);
      assert.deepEqual([draft.questions, draft.refused, draft.reason], [[], [], null], name);
      assert.equal(resultsOf(draft).length, 1, name);
      const digests = draft.parents.map(({ certificate }) => certificate?.digest?.value);
      const others = [...files.values()].map((file) => sha256Hex(file));
      assert.ok(
        digests.every((digest) => others.includes(digest ?? '')),
        name,
      );
    }
    const left = draftOf(files.get('temperature-3-oem-a.xml') ?? new Uint8Array());
    assert.equal(rowsAsText(resultsOf(left)[0] ?? assert.fail())[0], '-19.98 0.03 ± 0.04 / 2');
  });

  /** By file: how many results count, how many questions are open, what is refused. */
  const REAL: Readonly<Record<string, readonly [results: number, questions: number, refused: number]>> = {
    'v2.2.0__ptb_example.xml': [4, 0, 0],
    'v2.2.0__ptb_siliziumkugel.xml': [2, 0, 0],
    'v2.3.0__ptb_example.xml': [4, 0, 0],
    'v2.3.0__ptb_siliziumkugel.xml': [2, 0, 0],
    'v2.4.0__ptb_dcc-vacuumlab-CDG.xml': [2, 2, 0],
    'v2.4.0__ptb_dcc-vacuumlab-SRG.xml': [2, 0, 0],
    'v2.4.0__ptb_example.xml': [4, 0, 0],
    'v2.4.0__pydcc_siliziumkugel_2_4_0.xml': [2, 0, 0],
    'v3.0.0__ptb_dcc-vacuumlab-CDG.xml': [2, 2, 0],
    'v3.0.0__ptb_dcc-vacuumlab-SRG.xml': [2, 0, 0],
    'v3.0.0__ptb_example.xml': [4, 0, 0],
    'v3.0.0__ptb_siliziumkugel.xml': [2, 0, 0],
    'v3.0.0__ptb_singleweight.xml': [1, 0, 0],
    'v3.0.0__pydcc_DCC_3_GrundstrukturPyDCC.xml': [2, 0, 1],
  };

  it('of real ones give results, or a reason', function () {
    const files = ['certificates', 'signed'].flatMap((folder) => [
      ...sharedFiles(join(requireSharedData(this, 'dcc', folder))),
    ]);
    assert.equal(files.length, 34);
    const counts = files.map(([name, bytes]) => {
      const draft = draftOf(bytes);
      const counted = resultsOf(draft).filter((result) => result.counted);
      assert.ok(counted.length > 0 || draft.reason !== null, name);
      for (const { result } of counted) {
        assert.ok(
          result.rows.every(({ at }) => at.length === result.arguments.length),
          name,
        );
      }
      return [name, [counted.length, draft.questions.length, draft.refused.length]] as const;
    });
    for (const [name, expected] of Object.entries(REAL)) {
      assert.deepEqual(new Map(counts).get(name), expected, name);
    }
  });
});
