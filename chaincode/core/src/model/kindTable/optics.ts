import { branch } from './entry.js';
import type { Entry } from './entry.js';

const photometry = branch('PR', 'Photometry');
const sources = branch('PR', 'Properties of detectors and sources');
const materials = branch('PR', 'Properties of materials');
const fibre = branch('PR', 'Fibre optics');

export const OPTICS: readonly Entry[] = [
  photometry.ratio('luminous-intensity', '\\candela', 'Lichtstärke'),
  photometry.ratio('luminous-flux', '\\lumen', 'Lichtstrom', { says: ['lumen'] }),
  photometry.ratio('illuminance', '\\lux', 'Beleuchtungsstärke', {
    says: ['lux', 'lumen'],
    instruments: ['luxmeter', 'illuminance meter'],
  }),
  photometry.ratio('luminance', '\\candela\\per\\metre\\tothe{2}', 'Leuchtdichte', {
    instruments: ['luminance meter'],
  }),
  photometry.coefficient('illuminance-responsivity', '\\ampere\\per\\lux', 'luminous responsivity'),
  photometry.additive('colour-temperature', '\\kelvin', 'correlated colour temperature, Farbtemperatur', {
    refines: 'temperature',
    onlyByName: true,
  }),
  photometry.additive('chromaticity', '\\one', 'chromaticity coordinate, Farbwertanteil', { onlyByName: true }),
  sources.ratio('radiant-flux', '\\watt', 'radiant power, optical power, laser power, Strahlungsleistung', {
    onlyByName: true,
  }),
  sources.ratio('irradiance', '\\watt\\per\\metre\\tothe{2}', 'Bestrahlungsstärke', { instruments: ['pyranometer'] }),
  sources.ratio('radiance', '\\watt\\per\\steradian\\per\\metre\\tothe{2}', 'Strahldichte', { says: ['steradian'] }),
  sources.ratio('radiant-intensity', '\\watt\\per\\steradian', 'Strahlstärke', { says: ['steradian'] }),
  sources.ratio('spectral-irradiance', '\\watt\\per\\metre\\tothe{3}', 'spektrale Bestrahlungsstärke'),
  sources.ratio('spectral-radiance', '\\watt\\per\\steradian\\per\\metre\\tothe{3}', 'spektrale Strahldichte', {
    says: ['steradian'],
  }),
  sources.coefficient('responsivity', '\\ampere\\per\\watt', 'spectral responsivity, spektrale Empfindlichkeit', {
    instruments: ['photodiode', 'photodetector'],
  }),
  materials.ratio('reflectance', '\\one', 'reflectance factor, Reflexionsgrad'),
  materials.ratio('transmittance', '\\one', 'regular transmittance, Transmissionsgrad'),
  materials.additive('absorbance', '\\one', 'optical density, Absorbanz'),
  fibre.additive('fibre-attenuation', '\\decibel\\per\\metre', 'attenuation coefficient, Dämpfungsbelag', {
    values: 'finding',
  }),
  photometry.additive('distribution-temperature', '\\kelvin', 'Verteilungstemperatur', {
    refines: 'temperature',
    onlyByName: true,
  }),
];
