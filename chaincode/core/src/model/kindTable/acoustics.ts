import { branch, unlisted } from './entry.js';
import type { Entry } from './entry.js';

const air = branch('AUV', 'Sound in air');
const water = branch('AUV', 'Sound in water');
const vibration = branch('AUV', 'Vibration');

const FIELD = { refines: 'microphone-sensitivity', onlyByName: true } as const;
const FIELD_LEVEL = {
  values: 'finding',
  refines: 'microphone-sensitivity-level',
  onlyByName: true,
  note: 'Reference 1 V/Pa.',
} as const;

export const ACOUSTICS: readonly Entry[] = [
  air.additive('sound-pressure-level', '\\decibel', 'SPL, sound level, Schalldruckpegel, Schallpegel', {
    instruments: ['sound calibrator', 'pistonphone', 'sound level meter', 'Schallkalibrator', 'Schallpegelmesser'],
    note: 'In air, reference 20 µPa.',
  }),
  air.ratio('sound-pressure', '\\pascal', 'Schalldruck', { onlyByName: true, note: 'Root mean square, in air.' }),
  air.additive('sound-power-level', '\\decibel', 'Schallleistungspegel', { onlyByName: true, note: 'Reference 1 pW.' }),
  air.ratio('sound-power', '\\watt', 'Schallleistung', { onlyByName: true, note: 'In air.' }),
  unlisted.additive('sound-exposure-level', '\\decibel', 'Schallexpositionspegel', { onlyByName: true }),
  air.additive('hearing-level', '\\decibel', 'hearing threshold level, Hörpegel', { onlyByName: true }),
  air.coefficient('microphone-sensitivity', '\\volt\\per\\pascal', '', {
    instruments: ['microphone', 'measurement microphone', 'Mikrofon'],
    note: 'In a field that is not named.',
  }),
  air.additive('microphone-sensitivity-level', '\\decibel', 'sensitivity level', {
    values: 'finding',
    note: 'Reference 1 V/Pa.',
    instruments: ['microphone', 'measurement microphone', 'Mikrofon'],
  }),
  water.additive('underwater-sound-pressure-level', '\\decibel', 'sound pressure level in water', {
    refines: 'sound-pressure-level',
    onlyByName: true,
    note: 'Reference 1 µPa.',
  }),
  water.coefficient('hydrophone-sensitivity', '\\volt\\per\\pascal', '', { instruments: ['hydrophone', 'Hydrofon'] }),
  water.ratio('ultrasonic-power', '\\watt', 'ultrasound power, Ultraschallleistung', { onlyByName: true }),
  vibration.coefficient(
    'charge-sensitivity',
    '\\coulomb\\per\\metre\\second\\tothe{2} \\pico\\coulomb\\per\\metre\\second\\tothe{2}',
    'accelerometer charge sensitivity, acceleration charge sensitivity, magnitude of charge sensitivity, Ladungsübertragungskoeffizient',
    { refTypes: ['vib_magnitudeTransferCoefCharge'] },
  ),
  vibration.coefficient(
    'voltage-sensitivity',
    '\\volt\\per\\metre\\second\\tothe{2}',
    'accelerometer voltage sensitivity, acceleration voltage sensitivity, accelerometer sensitivity, Spannungsübertragungskoeffizient',
    { refTypes: ['vib_magnitudeTransferCoefVoltage'] },
  ),
  vibration.coefficient('velocity-sensitivity', '\\volt\\second\\per\\metre', 'vibration velocity sensitivity', {}),
  vibration.coefficient(
    'force-charge-sensitivity',
    '\\coulomb\\per\\newton',
    'charge sensitivity of a force transducer',
    {
      instruments: ['impedance head'],
    },
  ),
  vibration.coefficient('angular-rate-sensitivity', '\\volt\\second\\per\\radian', 'gyroscope sensitivity', {
    says: ['radian', 'degree'],
    instruments: ['angular rate sensor'],
  }),
  air.coefficient('microphone-pressure-sensitivity', '\\volt\\per\\pascal', 'pressure sensitivity', FIELD),
  air.coefficient('microphone-free-field-sensitivity', '\\volt\\per\\pascal', 'free-field sensitivity', FIELD),
  air.additive('microphone-pressure-sensitivity-level', '\\decibel', 'pressure sensitivity level', FIELD_LEVEL),
  air.additive('microphone-free-field-sensitivity-level', '\\decibel', 'free-field sensitivity level', FIELD_LEVEL),
];
