import { ACOUSTICS } from './acoustics.js';
import { CHEMISTRY, GENERAL, RADIATION } from './chemistryAndRadiation.js';
import { DIMENSIONAL } from './dimensional.js';
import { ELECTRICITY } from './electricity.js';
import type { Entry, Family } from './entry.js';
import { MECHANICS } from './mechanics.js';
import { OPTICS } from './optics.js';
import { THERMOMETRY } from './thermometry.js';
import { TIME_AND_MOTION } from './timeAndMotion.js';

/** The published vocabulary. Its order is the order of candidates: lines are added at the end of their field, never moved. */
export const ENTRIES: readonly Entry[] = [
  ...THERMOMETRY,
  ...ELECTRICITY,
  ...MECHANICS,
  ...DIMENSIONAL,
  ...TIME_AND_MOTION,
  ...ACOUSTICS,
  ...OPTICS,
  ...CHEMISTRY,
  ...RADIATION,
  ...GENERAL,
];

/** Common words that leave open which kind is meant. */
export const FAMILIES: readonly Family[] = [
  family('voltage', 'electric potential difference, Spannung, tension', 'dc-voltage ac-voltage'),
  family('current', 'electric current, Strom, Stromstärke', 'dc-current ac-current'),
  family('pressure', 'Druck, pression', 'gauge-pressure absolute-pressure differential-pressure'),
  family('humidity', 'Feuchte, Luftfeuchte', 'relative-humidity absolute-humidity'),
  family('flow', 'flow rate, Durchfluss', 'volume-flow mass-flow'),
  family('viscosity', 'Viskosität', 'dynamic-viscosity kinematic-viscosity'),
  family(
    'ratio',
    'Verhältnis',
    'resistance-ratio voltage-ratio current-ratio power-ratio humidity-mixing-ratio amount-fraction mass-fraction volume-fraction',
  ),
  family(
    'sensitivity',
    'Empfindlichkeit, transfer coefficient, Übertragungskoeffizient',
    'transducer-sensitivity microphone-sensitivity hydrophone-sensitivity microphone-pressure-sensitivity microphone-free-field-sensitivity charge-sensitivity voltage-sensitivity velocity-sensitivity force-charge-sensitivity angular-rate-sensitivity responsivity illuminance-responsivity microphone-sensitivity-level',
  ),
  family('conductivity', 'Leitfähigkeit', 'thermal-conductivity electrical-conductivity electrolytic-conductivity'),
  family('dose', 'Dosis', 'absorbed-dose ambient-dose-equivalent personal-dose-equivalent'),
  family('dose-equivalent', 'equivalent dose, Äquivalentdosis', 'ambient-dose-equivalent personal-dose-equivalent'),
  family('dose-rate', 'Dosisleistung', 'absorbed-dose-rate ambient-dose-equivalent-rate'),
  family('concentration', 'Konzentration', 'amount-concentration mass-concentration activity-concentration'),
  family(
    'hardness',
    'Härte',
    'rockwell-hardness rockwell-hardness-a rockwell-hardness-b rockwell-hardness-c vickers-hardness brinell-hardness',
  ),
  family('level', 'Pegel', 'sound-pressure-level sound-power-level power-level voltage-level'),
];

/** Words that name no kind, and decide between kinds of one unit. */
export const HINTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['DC', ['dc-voltage', 'dc-current', 'resistance']],
  ['AC', ['ac-voltage', 'ac-current', 'ac-resistance']],
  ['gauge mode', ['gauge-pressure']],
  ['absolute mode', ['absolute-pressure']],
  ['differential mode', ['differential-pressure']],
]);

function family(name: string, aliases: string, members: string): Family {
  return { name, aliases: aliases.split(', '), members: members.split(' ') };
}

export type { Entry, Family, KcdbPlace, Scale, Values } from './entry.js';
