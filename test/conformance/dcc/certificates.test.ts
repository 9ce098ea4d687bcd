import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proposeKind, resultSchema } from '@tracecal/core/model';
import {
  DCC_ERRORS,
  DirectoryStore,
  draftCertificate,
  inspectBytes,
  readCertificate,
  reportsOf,
  sha256Hex,
  type DccErrorCode,
} from '@tracecal/gateway-client/dcc';
import { requireSharedData, sharedFiles } from '../../support/sharedData.js';

/** A line of the list that came with the certificates: facts found by other software. */
type Facts = Readonly<Record<string, string>>;

function readFacts(csv: string): Facts[] {
  const [head = '', ...lines] = csv.trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i] ?? '', value])));
}

/** Every value with a unit anywhere in what was read. */
function valuesIn(part: unknown, seen = new Set()): { readonly text: string; readonly unit: string }[] {
  // A condition of a quantity is found there, and among all conditions.
  if (typeof part !== 'object' || part === null || seen.has(part)) {
    return [];
  }
  seen.add(part);
  const own = 'unit' in part && 'text' in part ? [part as { text: string; unit: string }] : [];
  return [...own, ...Object.values(part).flatMap((inner) => valuesIn(inner, seen))];
}

/** Every value in the text of a file, found without parsing it. */
function writtenValues(xml: string): string[] {
  return [...xml.replaceAll(/<!--.*?-->/gs, '').matchAll(/<si:value(?:XMLList)?>([^<]*)</g)].flatMap(([, list]) =>
    list!.trim().split(/\s+/),
  );
}

function statedUncertainty(expanded: number) {
  return { expanded, coverageFactor: 2, coverageProbability: 0.95 };
}

describe('published certificates', () => {
  let files: ReadonlyMap<string, Buffer>;
  let facts: readonly Facts[];
  before(function () {
    const folder = requireSharedData(this, 'dcc');
    files = new Map([...sharedFiles(join(folder, 'certificates')), ...sharedFiles(join(folder, 'signed'))]);
    facts = readFacts(readFileSync(requireSharedData(this, 'dcc', 'MANIFEST.csv'), 'utf8'));
    assert.equal(facts.length, files.size);
  });

  const eachFile = (check: (bytes: Buffer, fact: Facts, name: string) => void) => () => {
    for (const fact of facts) {
      check(files.get(fact['name']!)!, fact, fact['name']!);
    }
  };

  it(
    'of every version read, and say who, where and which',
    eachFile((bytes, fact, name) => {
      const inspected = inspectBytes(bytes, name);
      assert.deepEqual(
        {
          file: inspected.file,
          ok: inspected.ok,
          error: inspected.error,
          version: `v${inspected.schemaVersion ?? ''}`,
          country: inspected.country,
          languages: [...inspected.languages].sort().join('+'),
          identifier: inspected.uniqueIdentifier,
          signed: inspected.signed,
        },
        {
          file: name,
          ok: true,
          error: null,
          version: fact['xsd'],
          country: fact['country'],
          languages: fact['langs'],
          identifier: fact['uid'],
          signed: fact['signed'] !== '0',
        },
      );
      // The list has the names in all languages, cut after 50 characters.
      assert.ok(fact['lab']!.startsWith(inspected.laboratory!), name);
    }),
  );

  it(
    'name their equipment and its certificates',
    eachFile((bytes, fact, name) => {
      const { parents, equipment } = inspectBytes(bytes, name);
      assert.equal(parents.length, Number(fact['nEquipCert']), name);
      assert.equal(equipment.length, Number(fact['nEquip']), name);
    }),
  );

  it(
    'give every value that is written in them, with its unit',
    eachFile((bytes, fact, name) => {
      const values = valuesIn(readCertificate(bytes));
      assert.deepEqual(values.map(({ text }) => text).sort(), writtenValues(bytes.toString('utf8')).sort(), name);
      const units = new Set(values.map(({ unit }) => unit));
      // The list has the first six.
      const listed = new Set(fact['units']!.split(' '));
      assert.deepEqual(
        [...listed].filter((unit) => !units.has(unit)),
        [],
        name,
      );
      assert.ok(listed.size === 6 || listed.size === units.size, name);
    }),
  );

  it(
    'state conformity where they do',
    eachFile((bytes, fact, name) => {
      const { conformity, results } = inspectBytes(bytes, name);
      const stated = new Set([conformity, ...results.map((result) => result.conformity)].filter((c) => c !== null));
      assert.deepEqual([...stated].join('+'), fact['conformity'], name);
    }),
  );

  it(
    'leave nothing over but embedded files, formulas and foreign units',
    eachFile((bytes, _fact, name) => {
      for (const { path } of inspectBytes(bytes, name).unsupported) {
        assert.match(path, /\/(?:file|byteData|descriptionData|formula)(?:\[\d+\])?$|^unit \/kilogram$/, name);
      }
    }),
  );

  it(
    'become reports with results of the registry, or say why they do not',
    eachFile((bytes, _fact, name) => {
      const { items, refusals } = reportsOf(draftCertificate(readCertificate(bytes), { proposeKind }));
      assert.ok(items.length > 0 || refusals.length > 0, name);
      for (const { results } of items) {
        assert.ok(results.length > 0);
        assert.ok(results.every((result) => resultSchema.safeParse(result).success));
      }
    }),
  );

  it('come back from the content store byte for byte', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tracecal-store-'));
    try {
      const store = new DirectoryStore(folder);
      for (const bytes of files.values()) {
        const digest = await store.put(bytes);
        assert.equal(digest, sha256Hex(bytes));
        assert.ok(bytes.equals(await store.get(digest)));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  // Values below were read in the files by eye.

  it('of the silicon sphere (2.2 to 3.1) give its mass and volume', () => {
    const spheres = [...files].filter(([name]) => name.includes('siliziumkugel'));
    assert.equal(spheres.length, 5);
    for (const [name, bytes] of spheres) {
      const { results, items, performed } = inspectBytes(bytes, name);
      const [mass, volume] = results.map((result) => result.quantities.find(({ kind }) => kind === 'real')!.points[0]!);
      assert.deepEqual(
        [mass!.text, mass!.unit, mass!.uncertainty!.U, mass!.uncertainty!.k, mass!.uncertainty!.p, mass!.label],
        ['1.00007841', '\\kilogram', 5e-8, 2, 0.95, '1 kg + 78,41 mg'],
        name,
      );
      assert.deepEqual(
        [volume!.value, volume!.unit, volume!.uncertainty!.U],
        [431.055119, '\\centi\\metre\\tothe{3}', 0.000018],
        name,
      );
      assert.equal(items.length, 1);
      assert.ok(performed!.begin <= performed!.end);
    }
  });

  it('of a vacuum gauge give a column of nameless values as one quantity', () => {
    const { results } = inspectBytes(files.get('v3.1.1__ptb_dcc-vacuumlab-CDG.xml')!, 'CDG');
    const [pressure] = results[0]!.quantities;
    assert.equal(pressure?.name, 'calibration pressure');
    const [first, second] = pressure.points;
    assert.deepEqual([first?.text, first?.value, first?.uncertainty?.U], ['2.6650e+01', 26.65, 0.04]);
    assert.deepEqual([second?.text, second?.uncertainty?.text], ['1.32616e+02', '0.20']);
    assert.equal(first?.unit, '\\kilogram\\metre\\tothe{-1}\\second\\tothe{-2}');
  });

  it('of a thermometer give table, uncertainty, conformity and parents', () => {
    const name = 'v3.1.1__pydcc_dcc_gp_temperature_extensive_v12.xml';
    const { results, parents, equipment, items } = inspectBytes(files.get(name)!, name);
    const [reference, measured, error] = results[0]!.quantities;
    assert.equal(reference?.name, 'Bezugswert');
    assert.deepEqual(
      reference.points.map(({ text, unit }) => `${text} ${unit}`),
      ['306.248', '373.121', '448.253', '523.319', '593.154'].map((value) => `${value} \\kelvin`),
    );
    assert.deepEqual(
      reference.alternatives[0]?.map(({ text, unit }) => `${text} ${unit}`),
      ['33.098', '99.971', '175.103', '250.169', '320.004'].map((value) => `${value} \\degreecelsius`),
    );
    assert.equal(reference.points[0]?.dateTime, '1957-08-13T13:15:00Z');
    assert.equal(measured?.name, 'Angezeigter Messwert Kalibriergegenstand');
    assert.equal(error?.points[0]?.dateTime, '1957-08-13T13:00:00Z');
    assert.deepEqual(
      error.points.map(({ value, uncertainty, conformity }) => [value, uncertainty?.U, uncertainty?.k, conformity]),
      [0.072, 0.089, 0.107, -0.009, -0.084].map((value) => [value, 0.061, 2, 'pass']),
    );
    assert.deepEqual(
      parents.map((parent) => [parent.equipment, parent.serial, parent.referralID, parent.procedure, parent.analogue]),
      [
        [
          'Pt 100 Widerstandsthermometer',
          'string-manufacturer-measuringEquipment-2',
          'GP-mE-Certificate2',
          'analogue',
          true,
        ],
        [
          'DAkkS-Bezugsnormal (PT25)',
          'string-manufacturer-measuringEquipment-3',
          'GP-mE-Certificate3',
          'SHA256',
          false,
        ],
      ],
    );
    assert.equal(equipment[0]?.serial, 'string-manufacturer-measuringEquipment-1');
    assert.equal(items.length, 1);
    const [report] = reportsOf(draftCertificate(readCertificate(files.get(name)!), { proposeKind })).items;
    assert.deepEqual(
      report!.results.map(({ asFound, quantity, unit, rows }) => [asFound ?? false, quantity, unit, rows[0]]),
      [
        [false, 'temperature', '\\kelvin', { value: 306.248, error: 0.072, uncertainty: statedUncertainty(0.061) }],
        [true, 'temperature', '\\kelvin', { value: 306.245, error: 0.105, uncertainty: statedUncertainty(0.89) }],
      ],
    );
    assert.equal(report!.adjusted, true);
  });

  it('with a coverage interval give the interval and the standard uncertainty', () => {
    const { results } = inspectBytes(files.get('v3.0.0__pydcc_DCC_3_GrundstrukturPyDCC.xml')!, 'structure');
    const intervals = results
      .flatMap((result) => result.quantities)
      .flatMap((quantity) => quantity.points)
      .filter((point) => point.uncertainty?.form === 'interval');
    assert.deepEqual(
      intervals.map(({ text, uncertainty }) => [
        text,
        uncertainty!.text,
        uncertainty!.interval!.max.text,
        uncertainty!.p,
      ]),
      [
        ['0.01234', '0.01234', '0.01234', 0.95],
        ['0.1234', '0.01234', '0.01234', 0.95],
      ],
    );
  });
});

describe('certificates with faults', () => {
  /** What becomes of each: the code of its refusal, or null where it is still understood. */
  const EXPECTED: Readonly<Record<string, DccErrorCode | null>> = {
    '001': null,
    '002': null,
    '003': 'XML_ENCODING',
    '005': 'DCC_NOT_A_CERTIFICATE',
    '006': 'DCC_NOT_A_CERTIFICATE',
    '007': null,
    '009': null,
    '010': null,
    '011': 'DCC_UNSUPPORTED_VERSION',
    '013': 'DCC_MISSING',
    '014': 'XML_NOT_WELL_FORMED',
    '015': null,
  };
  let files: ReadonlyMap<string, Buffer>;
  before(function () {
    files = sharedFiles(requireSharedData(this, 'dcc', 'broken'));
  });

  for (const [number, code] of Object.entries(EXPECTED)) {
    it(`${number}: ${code ?? 'reads'}`, () => {
      const [name, bytes] = [...files].find(([file]) => file.startsWith(number))!;
      assert.equal(inspectBytes(bytes, name).error?.code ?? null, code);
    });
  }

  it('that are misspelt in a part are read, and the part is named', () => {
    const [name, bytes] = [...files].find(([file]) => file.startsWith('007'))!;
    assert.deepEqual(
      inspectBytes(bytes, name).unsupported.map(({ path }) => path),
      ['/digitalCalibrationCertificate/administrativeData/dccSoftware/software[1]/named'],
    );
  });
});

describe('attacks on XML parsers (defusedxml)', () => {
  it('are refused for their document type, and the harmless files as no certificates', function () {
    const files = sharedFiles(requireSharedData(this, 'vectors', 'defusedxml', 'xmltestdata'));
    assert.ok(files.size > 0);
    for (const [name, bytes] of files) {
      const code = inspectBytes(bytes, name).error?.code;
      assert.ok(code !== undefined && Object.hasOwn(DCC_ERRORS, code));
      assert.equal(code, bytes.includes('<!DOCTYPE') ? 'XML_DOCTYPE' : 'DCC_NOT_A_CERTIFICATE', name);
    }
  });
});
