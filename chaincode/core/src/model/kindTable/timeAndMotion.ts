import { branch, unlisted } from './entry.js';
import type { Entry } from './entry.js';

const frequency = branch('TF', 'Frequency');
const interval = branch('TF', 'Time interval');
const scale = branch('TF', 'Time scale difference');
const vibration = branch('AUV', 'Vibration');

const ANGLE_WORDS = ['radian', 'degree', 'arcminute', 'arcsecond'];

export const TIME_AND_MOTION: readonly Entry[] = [
  frequency.ratio('frequency', '\\hertz', 'Frequenz, fréquence', {
    says: ['hertz'],
    refTypes: ['vib_frequency', 'basic_frequency'],
    instruments: ['frequency counter', 'frequency standard', 'oscillator', 'rubidium standard'],
  }),
  frequency.additive(
    'relative-frequency-deviation',
    '\\one',
    'fractional frequency, fractional frequency deviation, relative frequency offset, relative frequency difference',
    { values: 'finding' },
  ),
  interval.ratio('period', '\\second', 'period duration, Periodendauer', {}),
  interval.ratio(
    'time-interval',
    '\\second',
    'duration, time, delay, elapsed time, Zeit, Zeitintervall, Zeitdauer, Dauer',
    {
      instruments: ['stopwatch', 'timer', 'Stoppuhr'],
    },
  ),
  interval.ratio('rise-time', '\\second', 'fall time, transition duration, Anstiegszeit', {
    refines: 'time-interval',
    onlyByName: true,
  }),
  scale.additive('time-scale-difference', '\\second', 'clock offset, UTC difference, time difference UTC', {
    values: 'finding',
    refines: 'time-interval',
    onlyByName: true,
  }),
  unlisted.ratio(
    'rotational-frequency',
    '\\per\\second \\per\\minute',
    'rotational speed, revolutions per minute, rpm, Drehzahl',
    {
      instruments: ['tachometer', 'Drehzahlmesser'],
      note: 'In revolutions per time. An angular velocity follows from it by a declared model only.',
    },
  ),
  vibration.ratio(
    'angular-velocity',
    '\\radian\\per\\second \\degree\\per\\second',
    'angular rate, rate of rotation, Winkelgeschwindigkeit, Drehrate',
    {
      says: ANGLE_WORDS,
      instruments: ['rate table', 'gyroscope', 'Drehtisch'],
    },
  ),
  vibration.ratio('angular-acceleration', '\\radian\\per\\second\\tothe{2}', 'Winkelbeschleunigung', {
    says: ANGLE_WORDS,
  }),
  vibration.ratio('acceleration', '\\metre\\per\\second\\tothe{2}', 'Beschleunigung', {}),
];
