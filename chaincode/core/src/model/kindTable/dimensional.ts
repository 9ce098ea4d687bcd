import { branch, unlisted } from './entry.js';
import type { Entry } from './entry.js';

const dimensional = branch('L', 'Dimensional metrology');
const laser = branch('L', 'Laser radiations');

const ROUGHNESS = { refines: 'roughness', onlyByName: true } as const;

export const DIMENSIONAL: readonly Entry[] = [
  dimensional.ratio(
    'length',
    '\\metre \\milli\\metre',
    'central length, nominal length, diameter, distance, displacement, thickness, depth, height, width, Länge, Mittenmaß, Durchmesser, Abstand, longueur',
    {
      refTypes: ['length_'],
      instruments: ['gauge block', 'gauge blocks', 'Endmaß', 'calliper', 'micrometer', 'ring gauge', 'plug gauge'],
    },
  ),
  dimensional.additive(
    'length-difference',
    '\\metre \\micro\\metre',
    'length deviation, deviation from nominal length, Längenabweichung, Abweichung vom Nennmaß',
    { differenceOf: 'length', refTypes: ['length_deviation'], onlyByName: true },
  ),
  dimensional.ratio('roughness', '\\metre \\micro\\metre', 'surface roughness, Rauheit', {
    refines: 'length',
    onlyByName: true,
    note: 'Of a parameter that is not named, or of another one than Ra and Rz.',
  }),
  dimensional.ratio('flatness', '\\metre \\micro\\metre', 'flatness deviation, Ebenheit', {
    refines: 'length',
    onlyByName: true,
  }),
  dimensional.ratio('straightness', '\\metre \\micro\\metre', 'straightness deviation, Geradheit', {
    refines: 'length',
    onlyByName: true,
  }),
  dimensional.ratio('roundness', '\\metre \\micro\\metre', 'roundness deviation, Rundheit', {
    refines: 'length',
    onlyByName: true,
  }),
  dimensional.ratio('area', '\\metre\\tothe{2} \\milli\\metre\\tothe{2}', 'effective area, Fläche', {}),
  dimensional.additive('angle', '\\radian \\degree \\arcsecond', 'plane angle, Winkel', {
    says: ['radian', 'degree', 'arcminute', 'arcsecond'],
    instruments: ['angle table', 'angle encoder', 'autocollimator', 'polygon', 'inclinometer'],
  }),
  unlisted.ratio('solid-angle', '\\steradian', 'Raumwinkel', { says: ['steradian'] }),
  laser.ratio(
    'wavelength',
    '\\metre \\nano\\metre',
    'vacuum wavelength, wavelength in vacuum, Wellenlänge, Vakuumwellenlänge',
    {
      onlyByName: true,
      note: 'In vacuum.',
    },
  ),
  unlisted.ratio('wavelength-in-air', '\\metre \\nano\\metre', 'air wavelength, Luftwellenlänge', { onlyByName: true }),
  unlisted.ratio('refractive-index', '\\one', 'index of refraction, Brechzahl, Brechungsindex'),
  dimensional.ratio(
    'roughness-ra',
    '\\metre \\micro\\metre',
    'Ra, arithmetical mean roughness, Mittenrauwert',
    ROUGHNESS,
  ),
  dimensional.ratio(
    'roughness-rz',
    '\\metre \\micro\\metre',
    'Rz, maximum height of profile, gemittelte Rautiefe',
    ROUGHNESS,
  ),
];
