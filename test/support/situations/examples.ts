import { resolve } from 'node:path';
import { sharedFiles } from '../sharedData.js';
import { FOR_ALPHA, NORTH, one, type Case } from './cases.js';

const FOLDER = resolve(__dirname, '..', '..', '..', 'certificates');

/** The project's own certificates, by file. */
export function exampleFiles(): ReadonlyMap<string, Buffer> {
  return sharedFiles(FOLDER);
}

/** What the situations rest on: the standard of the institute, the reference and the divider of the laboratory. */
export const FOUNDATION = [
  { file: 'b0', role: NORTH },
  { file: 'b1', role: FOR_ALPHA },
  { file: 'b2', role: FOR_ALPHA },
] as const;

/** Situations of the project's own certificates. */
export const EXAMPLES: readonly Case[] = [
  one('a weight on the room thermometer, under an accreditation', 's01', 'WEIGHT-S01', 'ATTESTED', {
    says: /accreditation/,
  }),
  one('two references, one without certificate, under an accreditation', 's02', 'THERMO-S02', 'ATTESTED', {
    notes: /Second reference/,
  }),
  one('a hygrometer on a voltage divider, under an accreditation', 's03', 'HYGRO-S03', 'ATTESTED'),
  one('an institute calibrates for a customer, and names no standards', 's04', 'THERMO-S04', 'TRACEABLE', {
    role: FOR_ALPHA,
    says: /"roots":\[\{[^\]]*nmi-north/,
  }),
  {
    title: 'an amendment that changes an address only is noted below it',
    steps: [{ file: 's05' }, { file: 's06', role: FOR_ALPHA }],
    verdicts: { 'THERMO-S05': 'TRACEABLE' },
    says: /"check":"amendment","outcome":"note"/,
  },
  {
    title: 'a later calibration of the reference, beside the earlier one, brackets the work',
    steps: [{ file: 's07', role: FOR_ALPHA }, { file: 's08' }],
    verdicts: { 'THERMO-S08': 'TRACEABLE' },
    says: /"outcome":"note"/,
  },
  one('a maker and a model spelled in another way', 's09', 'THERMO-S09', 'TRACEABLE', {
    notes: /certificate number and serial number agree/,
  }),
  {
    title: 'a difference of -5 K is no temperature below absolute zero',
    steps: [{ file: 's10', role: FOR_ALPHA }, { file: 's11' }],
    verdicts: { 'DIFF-S11': 'TRACEABLE' },
  },
];
