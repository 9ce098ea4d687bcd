/** What a monitor notices about laboratories, from their reports. A suspicion is no proof: it says where somebody should look. */
export { copiedResults } from './copied.js';
export { preferredDigits } from './digits.js';
export { tooMuchWork, type Throughput } from './throughput.js';
export { inTwoPlaces } from './twoPlaces.js';
export { neverChanging, tooGood } from './uncertainties.js';
export { suspicionsOf } from './suspicions.js';
export {
  DETECTOR_NAMES,
  MOST_SHOWN,
  USUAL_FALSE_ALARMS,
  type DetectorName,
  type Suspecting,
  type Suspicion,
  type Work,
} from './work.js';
