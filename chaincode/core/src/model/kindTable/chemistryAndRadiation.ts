import { branch, unlisted } from './entry.js';
import type { Entry } from './entry.js';

const ph = branch('QM', 'pH');
const conductivity = branch('QM', 'Electrolytic conductivity');
const gases = branch('QM', 'Gases');
const solutions = branch('QM', 'Inorganic solutions');
const dosimetry = branch('RI', 'Dosimetry');
const radioactivity = branch('RI', 'Radioactivity');
const neutrons = branch('RI', 'Neutron measurements');

export const CHEMISTRY: readonly Entry[] = [
  ph.additive('ph', '\\one', 'pH value, pH-Wert', { onlyByName: true, instruments: ['pH meter', 'pH electrode'] }),
  conductivity.ratio(
    'electrolytic-conductivity',
    '\\siemens\\per\\metre \\micro\\siemens\\per\\centi\\metre',
    'elektrolytische Leitfähigkeit',
    {
      instruments: ['conductivity meter', 'conductivity cell'],
    },
  ),
  gases.ratio(
    'amount-fraction',
    '\\one \\mole\\per\\mole',
    'mole fraction, amount-of-substance fraction, Stoffmengenanteil',
  ),
  gases.ratio('volume-fraction', '\\one', 'Volumenanteil'),
  solutions.ratio('mass-fraction', '\\one \\kilogram\\per\\kilogram', 'Massenanteil'),
  solutions.ratio(
    'amount-concentration',
    '\\mole\\per\\metre\\tothe{3}',
    'molar concentration, Stoffmengenkonzentration',
  ),
  solutions.ratio('mass-concentration', '\\kilogram\\per\\metre\\tothe{3}', 'Massenkonzentration', {
    onlyByName: true,
  }),
  unlisted.ratio('amount-of-substance', '\\mole', 'Stoffmenge'),
  unlisted.ratio('catalytic-activity', '\\katal', 'katalytische Aktivität', { says: ['katal'] }),
];

export const RADIATION: readonly Entry[] = [
  radioactivity.ratio('activity', '\\becquerel', 'radionuclide activity, Aktivität', { says: ['becquerel'] }),
  radioactivity.ratio('activity-per-mass', '\\becquerel\\per\\kilogram', 'specific activity, massic activity', {
    says: ['becquerel'],
  }),
  radioactivity.ratio('activity-concentration', '\\becquerel\\metre\\tothe{-3}', 'Aktivitätskonzentration', {
    says: ['becquerel'],
  }),
  dosimetry.ratio('absorbed-dose', '\\gray', 'absorbed dose to water, Energiedosis', { says: ['gray'] }),
  dosimetry.ratio('air-kerma', '\\gray', 'kerma, Luftkerma', { says: ['gray'] }),
  dosimetry.ratio('ambient-dose-equivalent', '\\sievert', 'H*(10), Umgebungs-Äquivalentdosis', { says: ['sievert'] }),
  dosimetry.ratio('personal-dose-equivalent', '\\sievert', 'Hp(10), Personen-Äquivalentdosis', { says: ['sievert'] }),
  dosimetry.ratio('absorbed-dose-rate', '\\gray\\per\\second', 'Energiedosisleistung', { says: ['gray'] }),
  dosimetry.ratio('air-kerma-rate', '\\gray\\per\\second', 'kerma rate, Luftkermaleistung', { says: ['gray'] }),
  dosimetry.ratio(
    'ambient-dose-equivalent-rate',
    '\\sievert\\per\\second \\micro\\sievert\\per\\hour',
    'Umgebungs-Äquivalentdosisleistung',
    { says: ['sievert'] },
  ),
  dosimetry.ratio('exposure', '\\coulomb\\per\\kilogram', 'Ionendosis', {}),
  dosimetry.coefficient(
    'chamber-calibration-coefficient',
    '\\gray\\per\\coulomb',
    'ionisation chamber calibration coefficient',
    { says: ['gray'] },
  ),
  neutrons.ratio('neutron-fluence', '\\metre\\tothe{-2}', 'Neutronenfluenz', { onlyByName: true }),
  neutrons.ratio('neutron-emission-rate', '\\per\\second', 'source emission rate, Neutronenquellstärke', {
    onlyByName: true,
  }),
];

/** Kinds of no field in particular. */
export const GENERAL: readonly Entry[] = [
  unlisted.coefficient('calibration-factor', '\\one', 'correction factor, Kalibrierfaktor, Korrektionsfaktor', {
    note: 'Reference value over indication.',
  }),
];
