import { branch, unlisted } from './entry.js';
import type { Entry } from './entry.js';

const temperature = branch('T', 'Temperature');
const humidity = branch('T', 'Humidity');
const thermophysics = branch('T', 'Thermophysical quantities');

export const THERMOMETRY: readonly Entry[] = [
  temperature.additive(
    'temperature',
    '\\kelvin \\degreecelsius',
    'thermodynamic temperature, Celsius temperature, Temperatur, température, temperatura',
    {
      refTypes: ['basic_temperature'],
      instruments: [
        'thermometer',
        'temperature sensor',
        'temperature probe',
        'Temperatursensor',
        'Temperaturfühler',
        'SPRT',
        'PRT',
        'Pt100',
        'Pt1000',
        'Pt25',
        'thermistor',
        'thermocouple',
        'Thermoelement',
      ],
    },
  ),
  temperature.additive(
    'temperature-difference',
    '\\kelvin \\degreecelsius',
    'temperature deviation, temperature error, temperature interval, Temperaturdifferenz, Temperaturabweichung',
    { differenceOf: 'temperature' },
  ),
  temperature.additive(
    'radiance-temperature',
    '\\kelvin \\degreecelsius',
    'radiation temperature, Strahlungstemperatur',
    {
      refines: 'temperature',
      onlyByName: true,
      instruments: ['radiation thermometer', 'pyrometer', 'blackbody', 'Strahlungsthermometer'],
    },
  ),
  temperature.ratio('resistance-ratio', '\\one', 'ratio of resistances, W(T90), Widerstandsverhältnis', {
    values: 'finding',
    refTypes: ['temp_W'],
    note: 'W of ITS-90: resistance over resistance at the triple point of water. A temperature follows from it by a declared model only.',
  }),
  temperature.ratio('thermoelectric-voltage', '\\volt', 'thermocouple emf, electromotive force, Thermospannung', {
    values: 'finding',
    onlyByName: true,
  }),
  temperature.coefficient('seebeck-coefficient', '\\volt\\per\\kelvin', 'thermopower'),
  humidity.additive(
    'relative-humidity',
    '\\one \\percent',
    'RH, relative air humidity, relative Luftfeuchte, relative Feuchte, humidité relative',
    {
      refTypes: ['basic_humidityRelative'],
      instruments: ['hygrometer', 'humidity sensor', 'humidity probe', 'Hygrometer', 'Feuchtesensor'],
    },
  ),
  humidity.additive('dew-point', '\\kelvin \\degreecelsius', 'dew-point temperature, Taupunkt, Taupunkttemperatur', {
    refines: 'temperature',
    onlyByName: true,
    instruments: ['dew-point hygrometer', 'dew-point mirror', 'chilled-mirror hygrometer', 'Taupunktspiegel'],
  }),
  humidity.additive('frost-point', '\\kelvin \\degreecelsius', 'frost-point temperature, Frostpunkt, Reifpunkt', {
    refines: 'temperature',
    onlyByName: true,
  }),
  humidity.ratio('absolute-humidity', '\\kilogram\\metre\\tothe{-3} \\gram\\metre\\tothe{-3}', 'absolute Feuchte', {
    onlyByName: true,
  }),
  humidity.ratio('humidity-mixing-ratio', '\\one \\gram\\per\\kilogram', 'mixing ratio, Mischungsverhältnis'),
  humidity.ratio('water-vapour-amount-fraction', '\\one \\ppm', 'amount fraction of water vapour, moisture content'),
  thermophysics.ratio(
    'thermal-conductivity',
    '\\watt\\per\\metre\\per\\kelvin',
    'heat conductivity, Wärmeleitfähigkeit',
  ),
  thermophysics.ratio('thermal-diffusivity', '\\metre\\tothe{2}\\per\\second', 'Temperaturleitfähigkeit', {
    onlyByName: true,
  }),
  thermophysics.ratio('thermal-resistance', '\\kelvin\\per\\watt', 'Wärmewiderstand'),
  thermophysics.ratio(
    'specific-heat-capacity',
    '\\joule\\per\\kilogram\\per\\kelvin',
    'specific heat, spezifische Wärmekapazität',
  ),
  thermophysics.coefficient(
    'thermal-expansion-coefficient',
    '\\kelvin\\tothe{-1}',
    'coefficient of thermal expansion, CTE, linear thermal expansion, Längenausdehnungskoeffizient, Ausdehnungskoeffizient',
  ),
  thermophysics.ratio('heat-flux-density', '\\watt\\per\\metre\\tothe{2}', 'heat flux, Wärmestromdichte', {
    onlyByName: true,
  }),
  thermophysics.ratio('emissivity', '\\one', 'emittance, Emissionsgrad'),
  unlisted.ratio('heat-flow-rate', '\\watt', 'heat flow, thermal power, Wärmestrom', { onlyByName: true }),
  unlisted.coefficient('temperature-coefficient', '\\kelvin\\tothe{-1} \\ppm\\per\\kelvin', 'Temperaturkoeffizient'),
];
