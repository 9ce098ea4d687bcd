import type { VerdictStatus } from '@tracecal/core/trace';
import type { ImportRole } from '@tracecal/gateway-client/application';

/** A certificate that is imported. */
export interface Step {
  readonly file: string;
  readonly role?: Partial<ImportRole>;
  readonly mapping?: object;
  /** A twin of the file, with these texts in the place of others. */
  readonly instead?: readonly (readonly [text: string, other: string])[];
  /** Why it is refused; absent: it is registered. */
  readonly refused?: RegExp;
}

/** A situation: certificates that are imported one after the other, and what traces say after the last. */
export interface Case {
  readonly title: string;
  readonly steps: readonly Step[];
  /** By device. */
  readonly verdicts?: Readonly<Record<string, VerdictStatus>>;
  /** What the verdict of the last device says somewhere. */
  readonly says?: RegExp;
  /** What the last import says. */
  readonly notes?: RegExp;
}

/** The institute, about its own standard. */
export const NORTH = {
  technician: 'nmi-north/t-north',
  imprinter: 'nmi-north/t-north',
  owner: 'nmi-north',
  kind: 'standard',
} as const;
/** The laboratory, about its own device. */
export const ALPHA = {
  technician: 'lab-alpha/t-alpha',
  imprinter: 'lab-alpha/t-alpha',
  owner: 'lab-alpha',
  kind: 'field',
} as const;
/** By the institute, for the laboratory. */
export const FOR_ALPHA = { ...ALPHA, technician: 'nmi-north/t-north', kind: 'standard' } as const;

/** A standard of the laboratory, calibrated by itself. */
export const STANDARD = { ...ALPHA, kind: 'standard' } as const;

/** What the certificates of the outside data call the institute and the laboratory. */
export const CASE_NAMES = {
  institute: 'Physikalisch-Technische Bundesanstalt (PTB)',
  laboratory: 'Example Laboratory',
} as const;

/** A situation of one certificate. */
export function one(
  title: string,
  file: string,
  device: string,
  status: VerdictStatus,
  more: Partial<Case & Step> = {},
): Case {
  const { role, mapping, refused, instead, ...rest } = more;
  const step = {
    file,
    ...(role && { role }),
    ...(mapping && { mapping }),
    ...(refused && { refused }),
    ...(instead && { instead }),
  };
  return { title, steps: [step], ...(refused ? {} : { verdicts: { [device]: status } }), ...rest };
}

function described(certificate: string, kind: string, unit: string, from: number, to: number, U: number) {
  return {
    parents: [
      { certificate, laboratory: 'PTB', number: certificate, date: '2024-01-02', kind, unit, from, to, U, k: 2 },
    ],
  };
}

/** What claims that a certificate was issued under an accreditation. */
const CLAIM = [
  [
    '<dcc:calibrationLaboratory>',
    '<dcc:calibrationLaboratory><dcc:calibrationLaboratoryCode>D-K-12345-01-00</dcc:calibrationLaboratoryCode>',
  ],
] as const;
const WHERE = {
  arguments: [{ name: 'temperature', role: 'reference', unit: '\\degreecelsius', values: [20, 80] }],
};

/** Situations by the names of files in ../shared/data/cases. */
export const CASES: readonly Case[] = [
  one('a weight whose only parent is the room thermometer', 'c01', 'W-1', 'INCOMPLETE'),
  one('a weight whose only parent is the room thermometer, under an accreditation', 'c01', 'W-1', 'ATTESTED', {
    instead: CLAIM,
  }),
  one('a deviation in kelvin that does not say where', 'c03', 'LG-1', 'INCOMPLETE', {
    notes: /Which temperature/,
    says: /no values of temperature-difference, only deviations from them: amend it with the values/,
  }),
  one('a deviation in °C that does not say where', 'c04', 'LG-2', 'INCOMPLETE', { notes: /Which temperature/ }),
  one('a deviation in kelvin, told where', 'c03', 'LG-1', 'TRACEABLE', { mapping: WHERE }),
  one('a deviation in °C, told where', 'c04', 'LG-2', 'TRACEABLE', { mapping: WHERE }),
  one('value and error, both with U', 'c05', 'PB-1', 'TRACEABLE'),
  one('a correction by the end of its refType', 'c06', 'PB-2', 'TRACEABLE'),
  one('a relative error over voltages, its paper not described', 'c07', 'HV-1', 'INCOMPLETE', {
    notes: /--paper-parent/,
  }),
  one('a relative error over voltages, its paper described', 'c07', 'HV-1', 'ATTESTED', {
    mapping: described('PAPER-1', 'voltage', '\\volt', 0, 20_000, 0.001),
  }),
  {
    title: 'a set of gauge blocks: a device and a report an item',
    steps: [{ file: 'c09' }],
    verdicts: { 'GB-60': 'INCOMPLETE', 'GB-70': 'INCOMPLETE' },
  },
  one('U95 with k = 2.65 above the capability, its paper not described', 'c10', 'TV-1', 'INCOMPLETE', {
    notes: /--paper-parent/,
  }),
  {
    title: 'a sensitivity over frequency, better than its parent there',
    steps: [
      { file: 'c12', role: FOR_ALPHA },
      { file: 'c13', refused: /smaller than the references allow/ },
    ],
  },
  {
    title: 'a sensitivity over frequency, better than its parent at 10 kHz',
    steps: [
      { file: 'd01', role: FOR_ALPHA },
      { file: 'd02', refused: /smaller than the references allow/ },
    ],
  },
  {
    title: 'a sensitivity of another size, compared relatively',
    steps: [
      { file: 'd01', role: FOR_ALPHA },
      { file: 'd04', refused: /smaller than the references allow/ },
    ],
  },
  one('a point fails and the certificate says pass', 'c14', 'PB-3', 'TRACEABLE', { says: /contradict/ }),
  one('a pass that is wrong under every rule', 'c15', 'PB-4', 'FAILED', { refused: /pass/ }),
  one('the SHA-512 of another file', 'c16', 'PB-5', 'INCOMPLETE', {
    notes: /The file is another one: its SHA-512 differs/,
  }),
  one('a standard without certificate', 'c18', 'PT-1', 'INCOMPLETE', { notes: /--parent lab-alpha\/MET-T1/ }),
  {
    title: 'an amended certificate supersedes the old one, and children are reviewed',
    steps: [{ file: 'c05' }, { file: 'c19', role: STANDARD }],
    verdicts: { 'PB-1': 'INCOMPLETE' },
  },
  {
    title: 'an amended certificate supersedes the old one of the same laboratory',
    steps: [{ file: 'c19', role: STANDARD }],
    verdicts: { 'REF-1': 'TRACEABLE' },
    says: /"report":"lab-alpha\/MET-T1-rev1"/,
  },
  one('the uncertainty 0', 'c20', 'SPRT-0', 'FAILED', { refused: /the uncertainty 0 \(row 1\)/ }),
  one('relative humidity, its paper not described', 'c21', 'HY-1', 'INCOMPLETE', { notes: /--paper-parent/ }),
  one('decibels, the paper not described', 'c22', 'SC-1', 'INCOMPLETE', { notes: /--paper-parent/ }),
  one('a relative uncertainty without k', 'c23', 'FM-1', 'INCOMPLETE', {
    notes: /Which coverage factor/,
    says: /uncertainty of volume-flow that can be used: amend it with U and its coverage factor k/,
  }),
  one('its issuer says that it is not traceable', 'c25', 'PB-8', 'FAILED', {
    refused: /itself states that it is not traceable/,
  }),
  one('calibrated at the customer, the line is for the laboratory', 'c27', 'PB-9', 'INCOMPLETE'),
  {
    title: 'the same number with other content',
    steps: [{ file: 'c27' }, { file: 'c28', refused: /--amends lab-alpha\/MET-C27/ }],
    verdicts: { 'PB-9': 'INCOMPLETE' },
  },
  {
    title: 'the same number with other content, as an explicit amendment',
    steps: [{ file: 'c27' }, { file: 'c28', role: { amends: 'lab-alpha/MET-C27' } }],
    verdicts: { 'PB-9': 'INCOMPLETE' },
  },
  {
    title: 'the same number and results in another file',
    steps: [
      { file: 'c27' },
      {
        file: 'c27',
        instead: [['<dcc:city>X</dcc:city>', '<dcc:city>Z</dcc:city>']],
        refused: /--amends lab-alpha\/MET-C27/,
      },
    ],
    verdicts: { 'PB-9': 'INCOMPLETE' },
  },
  {
    title: 'the same number about another device',
    steps: [{ file: 'c27' }, { file: 'c27', instead: [['PB-9', 'PB-99']], refused: /--amends lab-alpha\/MET-C27/ }],
    verdicts: { 'PB-9': 'INCOMPLETE' },
  },
  {
    title: 'the same number by another importer',
    steps: [
      { file: 'c27' },
      { file: 'c28', role: { technician: 'nmi-north/t-north' }, refused: /only lab-alpha can amend it/ },
    ],
    verdicts: { 'PB-9': 'INCOMPLETE' },
  },
  {
    title: 'the same file by another importer, and later by its own laboratory',
    steps: [
      { file: 'c27', role: { technician: 'nmi-north/t-north' } },
      { file: 'c27', role: { technician: 'nmi-north/t-north' } },
      { file: 'c27' },
    ],
    verdicts: { 'PB-9': 'INCOMPLETE' },
  },
  one('an angular velocity on a frequency', 'c29', 'RTB-1', 'INCOMPLETE', {
    mapping: described('PAPER-8', 'frequency', '\\hertz', 0, 1000, 1e-6),
  }),
  one('a parent after its child', 'c30', 'PB-10', 'FAILED', { refused: /TIME_INVALID|before|after|ended/ }),
  one('better than its parent', 'c31', 'PB-11', 'FAILED', { refused: /smaller than the references allow/ }),
  one('k = 4: better than its parent', 'c32', 'PB-12', 'FAILED', { refused: /smaller than the references allow/ }),
  {
    title: 'a set of weights: a device and a report an item',
    steps: [{ file: 'd05' }],
    verdicts: { 'WS-1': 'INCOMPLETE', 'WS-2': 'INCOMPLETE' },
  },
  one('a refused certificate', 'd06', 'FS-1', 'FAILED', { refused: /smaller than the references allow/ }),
  {
    title: 'a refused certificate leaves nothing behind',
    steps: [
      { file: 'd06', refused: /smaller than the references allow/ },
      { file: 'd07', role: { kind: 'standard' } },
    ],
    verdicts: { 'FS-1': 'TRACEABLE' },
  },
  {
    title: 'a logger with temperature and humidity is as good as its worst',
    steps: [{ file: 'd08' }, { file: 'd09' }],
    verdicts: { 'LOG-1': 'INCOMPLETE' },
    says: /temperature.*relative-humidity/,
  },
  one('one NaN among three uncertainties', 'd10', 'REF-2', 'TRACEABLE', { role: STANDARD }),
  one('a resistance ratio W', 'd13', 'SPRT-W', 'TRACEABLE', { role: FOR_ALPHA }),
  one('two standards, one without certificate', 'e01', 'PE-1', 'INCOMPLETE', { notes: /Second reference/ }),
  one('two standards, one without certificate, under an accreditation', 'e01', 'PE-1', 'ATTESTED', {
    instead: CLAIM,
  }),
  one('the maker of a standard spelled in another way', 'e03', 'PE-3', 'TRACEABLE', {
    instead: [
      ['OtherMaker', 'EXAMPLE GmbH'],
      ['PB-7000', 'm'],
    ],
  }),
  one('the serial of a thermometer on a pressure balance', 'e03', 'PE-3', 'INCOMPLETE', {
    notes: /its maker is Example, not OtherMaker.*--parent lab-alpha\/MET-T1/,
  }),
  {
    title: 'the newest certificate is not all that a logger has',
    steps: [{ file: 'e06' }, { file: 'e05' }],
    verdicts: { 'LOG-9': 'INCOMPLETE' },
  },
  one('a hybrid whose two values disagree', 'e09', 'BA-2', 'INCOMPLETE', { notes: /row 2: its forms disagree/ }),
  {
    title: 'a hygrometer on a voltage divider',
    steps: [{ file: 'f01', role: FOR_ALPHA }, { file: 'f02' }],
    verdicts: { 'HY-9': 'INCOMPLETE' },
  },
  {
    title: 'a child before its parent',
    steps: [{ file: 'f06' }, { file: 'f05', role: STANDARD }],
    verdicts: { 'PF-6': 'TRACEABLE' },
    notes: /Report lab-alpha\/MET-F06 rests on it, and is amended to name it/,
  },
];

export function titleOf({ steps, title }: Case): string {
  return `${steps.map(({ file }) => file).join(', ')}: ${title}`;
}
