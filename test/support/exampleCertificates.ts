import {
  sha256Hex,
  writeCertificate,
  type NewCertificate,
  type NewColumn,
  type NewContact,
  type NewDevice,
  type NewParent,
} from '@tracecal/gateway-client/dcc';

/**
 * The hierarchy in gateway-client/examples: temperature under NMI North and mass under NMI South, each from the institute's
 * primary standard over a laboratory and a sensor maker down to a field device. Organisations, people and numbers are
 * invented; the uncertainties are of the size that such institutions reach.
 */
export function exampleCertificates(): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const chain of [TEMPERATURE, MASS]) {
    let parents: readonly NewParent[] = [];
    for (const { file, ...step } of chain) {
      const certificate: NewCertificate = { ...COMMON, ...step, parents };
      const bytes = writeCertificate(certificate);
      files.set(file, bytes);
      parents = [
        {
          device: step.item,
          certificate: {
            title: `Calibration certificate ${step.uniqueIdentifier} of ${step.laboratory.name}`,
            uniqueIdentifier: step.uniqueIdentifier,
            sha256: sha256Hex(bytes),
          },
        },
      ];
    }
  }
  return files;
}

type Step = Omit<NewCertificate, keyof typeof COMMON | 'parents'> & { readonly file: string };

const COMMON = {
  remark:
    'EXAMPLE of the TraceCal project. Organisations, people, devices and results are invented. Not a certificate.',
  software: { name: 'TraceCal certificate writer', release: '0.1.0' },
  language: 'en',
  performedAt: 'laboratory',
  statements: [
    {
      norm: 'ISO/IEC 17025:2017',
      reference: '7.8.4.1',
      declaration: 'This is an example. The results relate only to the item described and to the time of calibration.',
    },
  ],
} as const;

const contact = (name: string, domain: string, city: string, country: string): NewContact => ({
  name,
  eMail: `calibration@${domain}`,
  street: 'Example Street 1',
  postCode: '00001',
  city,
  country,
});

const NMI_NORTH = contact('National Metrology Institute North', 'nmi-north.example', 'Northtown', 'DE');
const NMI_SOUTH = contact('National Metrology Institute South', 'nmi-south.example', 'Southtown', 'AR');
const LAB_ALPHA = contact('Alpha Calibration Laboratory', 'lab-alpha.example', 'Northtown', 'DE');
const LAB_BETA = contact('Beta Calibration Laboratory', 'lab-beta.example', 'Southtown', 'AR');
const OEM_A = contact('Sensor Works A', 'oem-a.example', 'Factorytown', 'DE');
const OEM_B = contact('Sensor Works B', 'oem-b.example', 'Millville', 'AR');
const PLANT_A = contact('Example Dairy', 'dairy.example', 'Milkford', 'DE');
const PLANT_B = contact('Example Pharmacy Works', 'pharmacy.example', 'Pillham', 'AR');

const device = (name: string, manufacturer: string, model: string, serial: string): NewDevice => ({
  name,
  manufacturer,
  model,
  serial,
});

const people = (signer: string, technician: string) => [
  { name: signer, role: 'Head of laboratory' },
  { name: technician, role: 'Technician' },
];

const ROOM = (min: string, max: string) => [
  { name: 'Room temperature', refType: 'basic_temperature', min, max, unit: '\\degreecelsius' },
  { name: 'Relative humidity', refType: 'basic_humidityRelative', min: '0.35', max: '0.55', unit: '\\one' },
];

/**
 * Reference, indication and error, with the uncertainty beside the error, as in PTB's good practice for temperature, and the
 * limits of the error.
 */
function comparison(
  unit: string,
  reference: readonly string[],
  indicated: readonly string[],
  error: readonly string[],
  U: readonly string[],
  limit: string,
  errorUnit = unit,
): NewColumn[] {
  const limits = (side: 'Lower' | 'Upper', sign: string) => ({
    name: `${side} tolerance limit`,
    refType: `basic_toleranceLimit${side}`,
    unit: errorUnit,
    values: reference.map(() => `${sign}${limit}`),
  });
  return [
    { name: 'Reference value', refType: 'basic_referenceValue', unit, values: reference },
    { name: 'Indicated value', refType: 'basic_measuredValue', unit, values: indicated },
    {
      name: 'Error of indication',
      refType: 'basic_measurementError',
      unit: errorUnit,
      values: error,
      uncertainty: { U, k: '2', p: '0.95' },
      conformity: 'pass',
    },
    limits('Lower', '-'),
    limits('Upper', ''),
  ];
}

const CELSIUS = '\\degreecelsius';
const KILOGRAM = '\\kilogram';

const TEMPERATURE: readonly Step[] = [
  {
    file: 'temperature-1-nmi-north.xml',
    uniqueIdentifier: 'EXAMPLE-NMIN-T-2023-001',
    country: 'DE',
    performed: { begin: '2023-10-09', end: '2023-10-20' },
    issued: '2023-10-27',
    item: device('Standard platinum resistance thermometer', 'Example Instruments', 'SPRT-25', 'SPRT-0007'),
    laboratory: NMI_NORTH,
    customer: NMI_NORTH,
    persons: people('Ada Example', 'Niels Example'),
    methods: [{ name: 'Realisation of fixed points of the international temperature scale', norm: 'ITS-90' }],
    conditions: ROOM('20.5', '21.5'),
    results: [
      {
        name: 'Temperature at the fixed points of mercury, water, gallium, indium, tin and zinc',
        columns: [
          {
            name: 'Temperature',
            refType: 'basic_measuredValue',
            unit: CELSIUS,
            values: ['-38.8344', '0.0100', '29.7646', '156.5985', '231.928', '419.527'],
            uncertainty: { U: ['0.0004', '0.0002', '0.0003', '0.0012', '0.0014', '0.0018'], k: '2', p: '0.95' },
          },
        ],
      },
    ],
  },
  {
    file: 'temperature-2-lab-alpha.xml',
    uniqueIdentifier: 'EXAMPLE-NMIN-T-2024-117',
    country: 'DE',
    performed: { begin: '2024-03-04', end: '2024-03-08' },
    issued: '2024-03-15',
    item: device('Platinum resistance thermometer', 'Example Instruments', 'PRT-100', 'PRT-2231'),
    laboratory: NMI_NORTH,
    customer: LAB_ALPHA,
    persons: people('Ada Example', 'Niels Example'),
    methods: [{ name: 'Comparison in stirred liquid baths', norm: 'DKD-R 5-1:2018' }],
    conditions: ROOM('20.5', '21.5'),
    results: [
      {
        name: 'Comparison with the national standard',
        columns: comparison(
          CELSIUS,
          ['-30.002', '0.010', '50.004', '100.008', '200.011', '400.015'],
          ['-29.995', '0.012', '50.001', '100.001', '200.000', '399.997'],
          ['0.007', '0.002', '-0.003', '-0.007', '-0.011', '-0.018'],
          ['0.005', '0.003', '0.004', '0.005', '0.008', '0.012'],
          '0.05',
        ),
      },
    ],
  },
  {
    file: 'temperature-3-oem-a.xml',
    uniqueIdentifier: 'EXAMPLE-ALPHA-T-2025-0412',
    country: 'DE',
    performed: { begin: '2025-05-12', end: '2025-05-13' },
    issued: '2025-05-16',
    item: device('Reference probe of the production line', 'Example Probes', 'RP-4', 'RP4-0815'),
    laboratory: LAB_ALPHA,
    customer: OEM_A,
    persons: people('Bela Example', 'Ines Example'),
    methods: [{ name: 'Comparison in a metal block calibrator', norm: 'DKD-R 5-1:2018' }],
    conditions: ROOM('20', '24'),
    results: [
      {
        name: 'Comparison with the reference standard of the laboratory',
        // The error is stated in kelvin on purpose: a difference, of the same size in both units.
        columns: comparison(
          CELSIUS,
          ['-19.98', '0.02', '50.03', '100.02', '200.05', '350.04'],
          ['-19.95', '0.04', '50.03', '99.99', '199.98', '349.92'],
          ['0.03', '0.02', '0.00', '-0.03', '-0.07', '-0.12'],
          ['0.04', '0.03', '0.03', '0.04', '0.05', '0.07'],
          '0.3',
          '\\kelvin',
        ),
      },
    ],
  },
  {
    file: 'temperature-4-field-sensor.xml',
    uniqueIdentifier: 'EXAMPLE-OEMA-T-2026-10233',
    country: 'DE',
    performed: { begin: '2026-02-18', end: '2026-02-18' },
    issued: '2026-02-18',
    item: device('Temperature transmitter', 'Sensor Works A', 'TT-20', 'TT20-10233'),
    laboratory: OEM_A,
    customer: PLANT_A,
    persons: people('Carlo Example', 'Jana Example'),
    methods: [{ name: 'Three-point comparison at the end of the production line', norm: 'DKD-R 5-1:2018' }],
    conditions: ROOM('19', '25'),
    results: [
      {
        name: 'Comparison with the reference probe',
        columns: comparison(
          CELSIUS,
          ['0.0', '75.0', '150.0'],
          ['0.1', '75.0', '149.8'],
          ['0.1', '0.0', '-0.2'],
          ['0.2', '0.2', '0.3'],
          '0.6',
        ),
      },
    ],
  },
];

const MASS: readonly Step[] = [
  {
    file: 'mass-1-nmi-south.xml',
    uniqueIdentifier: 'EXAMPLE-NMIS-M-2023-002',
    country: 'AR',
    performed: { begin: '2023-08-21', end: '2023-09-15' },
    issued: '2023-09-22',
    item: device('Set of primary mass standards', 'Example Weights', 'PMS-1', 'PMS-0001'),
    laboratory: NMI_SOUTH,
    customer: NMI_SOUTH,
    persons: people('Dora Example', 'Pablo Example'),
    methods: [
      { name: 'Realisation of the kilogram with a Kibble balance, and subdivision', norm: 'SI Brochure, 9th edition' },
    ],
    conditions: ROOM('19.9', '20.1'),
    results: [
      {
        name: 'Mass of the weights',
        columns: [
          { name: 'Nominal value', refType: 'basic_nominalValue', unit: KILOGRAM, values: ['0.1', '1', '10'] },
          {
            name: 'Mass',
            refType: 'basic_measuredValue',
            unit: KILOGRAM,
            values: ['0.100000031', '1.000000112', '10.00000094'],
            uncertainty: { U: ['0.000000008', '0.000000030', '0.00000045'], k: '2', p: '0.95' },
          },
        ],
      },
    ],
  },
  {
    file: 'mass-2-lab-beta.xml',
    uniqueIdentifier: 'EXAMPLE-NMIS-M-2024-088',
    country: 'AR',
    performed: { begin: '2024-06-10', end: '2024-06-21' },
    issued: '2024-06-28',
    item: device('Set of weights, class E2', 'Example Weights', 'E2-SET', 'E2-0342'),
    laboratory: NMI_SOUTH,
    customer: LAB_BETA,
    persons: people('Dora Example', 'Pablo Example'),
    methods: [{ name: 'Weighing by substitution', norm: 'OIML R 111-1:2004' }],
    conditions: ROOM('19.8', '20.2'),
    results: [
      {
        name: 'Mass of the weights',
        columns: [
          {
            name: 'Nominal value',
            refType: 'basic_nominalValue',
            unit: KILOGRAM,
            values: ['0.2', '0.5', '1', '2', '5'],
          },
          {
            name: 'Mass',
            refType: 'basic_measuredValue',
            unit: KILOGRAM,
            values: ['0.20000004', '0.50000011', '0.99999982', '2.00000065', '5.0000012'],
            uncertainty: {
              U: ['0.00000010', '0.00000027', '0.00000053', '0.0000010', '0.0000027'],
              k: '2',
              p: '0.95',
            },
            conformity: 'pass',
          },
        ],
      },
    ],
  },
  {
    file: 'mass-3-oem-b.xml',
    uniqueIdentifier: 'EXAMPLE-BETA-M-2025-0077',
    country: 'AR',
    performed: { begin: '2025-07-07', end: '2025-07-08' },
    issued: '2025-07-11',
    item: device('Set of weights, class F1', 'Example Weights', 'F1-SET', 'F1-1190'),
    laboratory: LAB_BETA,
    customer: OEM_B,
    persons: people('Emil Example', 'Rosa Example'),
    methods: [{ name: 'Weighing by substitution', norm: 'OIML R 111-1:2004' }],
    conditions: ROOM('19.5', '20.5'),
    results: [
      {
        name: 'Mass of the weights',
        columns: [
          {
            name: 'Nominal value',
            refType: 'basic_nominalValue',
            unit: '\\gram',
            values: ['200', '500', '1000', '2000'],
          },
          {
            name: 'Mass',
            refType: 'basic_measuredValue',
            // Grams on purpose: a registry has to compare them with the kilograms of the parent.
            unit: '\\gram',
            values: ['200.0003', '500.0006', '999.9991', '2000.0024'],
            uncertainty: { U: ['0.00033', '0.0008', '0.0016', '0.0030'], k: '2', p: '0.95' },
            conformity: 'pass',
          },
        ],
      },
    ],
  },
  {
    file: 'mass-4-field-sensor.xml',
    uniqueIdentifier: 'EXAMPLE-OEMB-M-2026-00451',
    country: 'AR',
    performed: { begin: '2026-03-25', end: '2026-03-25' },
    issued: '2026-03-26',
    item: device('Weighing module', 'Sensor Works B', 'WM-2', 'WM2-00451'),
    laboratory: OEM_B,
    customer: PLANT_B,
    persons: people('Frida Example', 'Tomas Example'),
    methods: [{ name: 'Loading with weights', norm: 'EURAMET cg-18' }],
    conditions: ROOM('19', '23'),
    results: [
      {
        name: 'Mass: errors of indication',
        columns: [
          // What a load cell shows depends on its temperature: every load at two of them.
          {
            name: 'Temperature of the load cell',
            refType: 'basic_temperature',
            unit: CELSIUS,
            values: ['20', '20', '20', '40', '40', '40'],
          },
          ...comparison(
            '\\kilo\\gram',
            ['0.50000', '1.00000', '2.00000', '0.50000', '1.00000', '2.00000'],
            ['0.50002', '1.00001', '1.99997', '0.50004', '1.00005', '2.00007'],
            ['0.00002', '0.00001', '-0.00003', '0.00004', '0.00005', '0.00007'],
            ['0.00006', '0.00007', '0.00010', '0.00006', '0.00007', '0.00010'],
            '0.0005',
          ),
        ],
      },
    ],
  },
];
