import { branch, unlisted } from './entry.js';
import type { Entry } from './entry.js';

const dcVoltage = branch('EM', 'DC voltage');
const dcCurrent = branch('EM', 'DC current');
const dcResistance = branch('EM', 'DC resistance');
const impedance = branch('EM', 'Impedance up to the MHz range');
const acVoltage = branch('EM', 'AC voltage');
const acCurrent = branch('EM', 'AC current');
const acPower = branch('EM', 'AC power');
const other = branch('EM', 'Other DC and low frequency measurements');
const fields = branch('EM', 'Electric and magnetic fields');
const radio = branch('EM', 'Radio frequency measurements');
const materials = branch('EM', 'Measurements on materials');

const PHASE = {
  values: 'finding',
  says: ['radian', 'degree', 'arcminute', 'arcsecond'],
  onlyByName: true,
} as const;

export const ELECTRICITY: readonly Entry[] = [
  dcVoltage.ratio('dc-voltage', '\\volt', 'direct voltage, voltage DC, DCV, Gleichspannung', {
    instruments: ['Zener', 'Zener reference', 'voltage standard', 'Weston cell', 'standard cell'],
  }),
  acVoltage.ratio('ac-voltage', '\\volt', 'alternating voltage, voltage AC, ACV, Wechselspannung'),
  dcCurrent.ratio('dc-current', '\\ampere', 'direct current, current DC, DCI, Gleichstrom, Gleichstromstärke'),
  acCurrent.ratio('ac-current', '\\ampere', 'alternating current, current AC, ACI, Wechselstrom, Wechselstromstärke'),
  dcResistance.ratio(
    'resistance',
    '\\ohm',
    'DC resistance, electrical resistance, electric resistance, Widerstand, Gleichstromwiderstand',
    {
      instruments: ['standard resistor', 'resistance standard', 'Normalwiderstand'],
    },
  ),
  dcResistance.ratio('conductance', '\\siemens', 'electrical conductance, Leitwert'),
  impedance.ratio('ac-resistance', '\\ohm', 'resistance AC, Wechselstromwiderstand', { refines: 'resistance' }),
  impedance.ratio('impedance', '\\ohm', 'impedance magnitude, Impedanz, Scheinwiderstand'),
  impedance.ratio('reactance', '\\ohm', 'Reaktanz, Blindwiderstand'),
  impedance.ratio('admittance', '\\siemens', 'Admittanz'),
  impedance.ratio('capacitance', '\\farad', 'Kapazität', {
    instruments: ['capacitance standard', 'standard capacitor'],
  }),
  impedance.ratio('inductance', '\\henry', 'self-inductance, Induktivität'),
  impedance.additive('dissipation-factor', '\\one', 'loss factor, tan delta, Verlustfaktor', {
    values: 'finding',
  }),
  dcVoltage.ratio(
    'voltage-ratio',
    '\\one \\volt\\per\\volt',
    'ratio of voltages, divider ratio, division ratio, Spannungsverhältnis, Teilerverhältnis',
    {
      instruments: ['voltage divider', 'inductive voltage divider', 'ratio transformer', 'IVD', 'Spannungsteiler'],
      note: 'Of root-power quantities, output over input.',
    },
  ),
  other.ratio('current-ratio', '\\one \\ampere\\per\\ampere', 'ratio of currents, Stromverhältnis', {
    instruments: ['current transformer', 'Stromwandler'],
  }),
  acVoltage.additive(
    'ac-dc-difference',
    '\\one \\volt\\per\\volt \\ppm',
    'AC-DC transfer difference, AC/DC difference, AC-DC voltage transfer difference, AC-DC-Differenz',
    {
      values: 'finding',
      instruments: ['thermal converter', 'thermal voltage converter', 'TVC', 'Thermokonverter'],
    },
  ),
  acCurrent.additive('ac-dc-current-difference', '\\one \\ampere\\per\\ampere', 'AC-DC current transfer difference', {
    values: 'finding',
    refines: 'ac-dc-difference',
  }),
  acPower.ratio('power', '\\watt', 'active power, electric power, electrical power, Leistung, Wirkleistung', {
    instruments: ['power meter', 'wattmeter'],
  }),
  acPower.ratio('apparent-power', '\\volt\\ampere', 'Scheinleistung', { onlyByName: true }),
  acPower.ratio('reactive-power', '\\volt\\ampere', 'Blindleistung', { onlyByName: true }),
  acPower.ratio('power-factor', '\\one', 'cos phi, Leistungsfaktor'),
  acPower.ratio('energy', '\\joule \\watt\\hour', 'electric energy, electrical energy, work, Energie', {
    says: ['joule', 'electronvolt', 'watt'],
    instruments: ['energy meter'],
  }),
  other.ratio('charge', '\\coulomb', 'electric charge, Ladung', {}),
  other.additive('phase-angle', '\\radian \\degree', 'phase, phase shift, Phasenwinkel, Phasenverschiebung', PHASE),
  other.ratio('harmonic-distortion', '\\one', 'total harmonic distortion, THD, Klirrfaktor'),
  radio.ratio('rf-power', '\\watt', 'RF power, radio-frequency power, HF-Leistung', {
    refines: 'power',
    onlyByName: true,
    instruments: ['RF power sensor', 'RF power meter'],
  }),
  radio.additive('attenuation', '\\decibel', 'insertion loss, Dämpfung', {
    instruments: ['attenuator', 'Dämpfungsglied'],
    note: 'Level of input over output: positive where the output is smaller.',
  }),
  radio.additive('gain-level', '\\decibel', 'gain in dB, Verstärkungsmaß', {
    values: 'finding',
    note: 'Level of output over input.',
  }),
  radio.additive('return-loss', '\\decibel', 'Rückflussdämpfung', { onlyByName: true }),
  radio.ratio('reflection-coefficient', '\\one', 'reflection coefficient magnitude, Reflexionsfaktor'),
  radio.additive('power-level', '\\decibel', 'level re 1 mW, dBm', { onlyByName: true, note: 'Reference 1 mW.' }),
  radio.additive('voltage-level', '\\decibel', 'level re 1 V, dBV', { onlyByName: true, note: 'Reference 1 V.' }),
  radio.ratio('power-ratio', '\\one \\watt\\per\\watt', 'ratio of powers, Leistungsverhältnis', {
    note: 'Output over input.',
  }),
  unlisted.coefficient('gain', '\\one \\volt\\per\\volt', 'voltage gain, amplification, Verstärkung', {
    instruments: ['amplifier'],
  }),
  unlisted.coefficient('gauge-factor', '\\one', 'strain gauge factor', {
    instruments: ['strain gauge'],
  }),
  fields.ratio('magnetic-flux-density', '\\tesla', 'magnetic induction, magnetische Flussdichte'),
  fields.ratio('magnetic-field-strength', '\\ampere\\per\\metre', 'magnetische Feldstärke'),
  fields.ratio('magnetic-flux', '\\weber', 'magnetischer Fluss'),
  fields.ratio('electric-field-strength', '\\volt\\per\\metre', 'electric field, elektrische Feldstärke'),
  materials.ratio(
    'electrical-conductivity',
    '\\siemens\\per\\metre',
    'electric conductivity, elektrische Leitfähigkeit',
  ),
  materials.ratio('resistivity', '\\ohm\\metre', 'electrical resistivity, spezifischer Widerstand'),
  materials.ratio('relative-permittivity', '\\one', 'dielectric constant, Permittivitätszahl'),
  impedance.ratio('mutual-inductance', '\\henry', 'Gegeninduktivität', { refines: 'inductance', onlyByName: true }),
];
