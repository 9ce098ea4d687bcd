import { branch, unlisted } from './entry.js';
import type { Entry } from './entry.js';

const mass = branch('M', 'Mass');
const density = branch('M', 'Density');
const pressure = branch('M', 'Pressure');
const force = branch('M', 'Force');
const torque = branch('M', 'Torque');
const viscosity = branch('M', 'Viscosity');
const hardness = branch('M', 'Hardness');
const gravity = branch('M', 'Gravity');
const flow = branch('M', 'Fluid flow');

/** Its scales have indenters and forces of their own: no number of one follows from another. */
const ROCKWELL = { refines: 'rockwell-hardness', onlyByName: true } as const;

export const MECHANICS: readonly Entry[] = [
  mass.ratio('mass', '\\kilogram \\gram', 'Masse', {}),
  mass.ratio(
    'conventional-mass',
    '\\kilogram \\gram',
    'conventional value of mass, conventional mass value, konventioneller Wägewert',
    {
      refines: 'mass',
      note: 'OIML D 28. A mass follows from it only with a density.',
    },
  ),
  mass.additive(
    'mass-difference',
    '\\kilogram \\milli\\gram',
    'mass deviation, deviation from nominal mass, Massendifferenz',
    {
      differenceOf: 'mass',
      onlyByName: true,
    },
  ),
  density.ratio('density', '\\kilogram\\metre\\tothe{-3} \\gram\\per\\centi\\metre\\tothe{3}', 'mass density, Dichte'),
  density.ratio('volume', '\\metre\\tothe{3} \\litre', 'Volumen', {
    instruments: ['pipette', 'burette', 'proving tank'],
  }),
  pressure.ratio('gauge-pressure', '\\pascal \\bar', 'gage pressure, overpressure, relative pressure, Überdruck', {
    instruments: ['pressure gauge'],
  }),
  pressure.ratio(
    'absolute-pressure',
    '\\pascal \\bar',
    'barometric pressure, atmospheric pressure, air pressure, vacuum pressure, Absolutdruck, Luftdruck',
    { refTypes: ['basic_pressureAbsolute', 'basic_airPressure'], instruments: ['barometer', 'Barometer'] },
  ),
  pressure.ratio('differential-pressure', '\\pascal \\bar', 'pressure difference, Differenzdruck'),
  pressure.ratio('gas-leak-rate', '\\pascal\\metre\\tothe{3}\\per\\second', 'leak rate, gas flow rate, Leckrate', {
    onlyByName: true,
  }),
  pressure.coefficient(
    'accommodation-coefficient',
    '\\one',
    'effective accommodation coefficient, Akkommodationskoeffizient',
    { instruments: ['spinning rotor gauge'] },
  ),
  force.ratio('force', '\\newton', 'Kraft', { instruments: ['force transducer', 'load cell', 'Kraftaufnehmer'] }),
  torque.ratio('torque', '\\newton\\metre', 'moment of force, Drehmoment', {
    instruments: ['torque transducer', 'torque wrench', 'Drehmomentaufnehmer', 'Drehmomentschlüssel'],
  }),
  viscosity.ratio('dynamic-viscosity', '\\pascal\\second', 'dynamische Viskosität'),
  viscosity.ratio('kinematic-viscosity', '\\metre\\tothe{2}\\per\\second', 'kinematische Viskosität'),
  hardness.additive('rockwell-hardness', '\\one', 'Rockwellhärte', {
    onlyByName: true,
    note: 'Of a scale that is not named, or of another scale than A, B and C.',
  }),
  hardness.additive('vickers-hardness', '\\one', 'Vickershärte', { onlyByName: true }),
  hardness.additive('brinell-hardness', '\\one', 'HBW, Brinellhärte', { onlyByName: true }),
  gravity.ratio(
    'gravitational-acceleration',
    '\\metre\\per\\second\\tothe{2}',
    'acceleration of free fall, local gravity, gravity, Fallbeschleunigung',
    { refines: 'acceleration', onlyByName: true },
  ),
  flow.ratio(
    'volume-flow',
    '\\metre\\tothe{3}\\per\\second \\metre\\tothe{3}\\per\\hour \\litre\\per\\minute',
    'volume flow rate, volumetric flow rate, Volumenstrom, Volumendurchfluss',
  ),
  flow.ratio(
    'mass-flow',
    '\\kilogram\\per\\second \\kilogram\\per\\hour',
    'mass flow rate, Massenstrom, Massendurchfluss',
  ),
  flow.ratio(
    'speed',
    '\\metre\\per\\second \\kilo\\metre\\per\\hour',
    'velocity, air speed, flow velocity, wind speed, fluid speed, Geschwindigkeit',
    {
      instruments: ['anemometer', 'Anemometer'],
    },
  ),
  flow.coefficient('pulse-factor', '\\metre\\tothe{-3} \\per\\litre', 'K-factor, meter K-factor, Impulswertigkeit'),
  flow.coefficient('discharge-coefficient', '\\one', 'flow coefficient, Durchflusskoeffizient'),
  force.coefficient(
    'transducer-sensitivity',
    '\\one \\milli\\volt\\per\\volt',
    'rated output, nominal sensitivity, Kennwert, Nennkennwert',
    {
      onlyByName: true,
      note: 'Of a transducer with a bridge: output over supply at its nominal load.',
    },
  ),
  unlisted.ratio('stress', '\\pascal', 'mechanical stress, mechanische Spannung', { onlyByName: true }),
  unlisted.ratio('stiffness', '\\newton\\per\\metre', 'spring constant, Steifigkeit', { onlyByName: true }),
  unlisted.ratio('surface-tension', '\\newton\\per\\metre', 'Oberflächenspannung'),
  unlisted.ratio('strain', '\\metre\\per\\metre', 'Dehnung', { onlyByName: true }),
  hardness.additive('rockwell-hardness-a', '\\one', 'HRA', ROCKWELL),
  hardness.additive('rockwell-hardness-b', '\\one', 'HRB, HRBW', ROCKWELL),
  hardness.additive('rockwell-hardness-c', '\\one', 'HRC', ROCKWELL),
];
