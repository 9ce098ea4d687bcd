export { batchesOfLog, batchWith } from './anchoredBatches.js';
export type { AnchoredBatch } from './anchoredBatches.js';
export { anchorLog } from './anchorLog.js';
export type { AnchoringOptions, AnchoringSite } from './anchorLog.js';
export { LineFilter, MOST_MEASUREMENT_BYTES, openPassed } from './filterLines.js';
export type { Dropped, Filtered, FilteringOptions, PassedFile } from './filterLines.js';
export { influencesInFile } from './influences.js';
export type { InfluenceOn } from './influences.js';
export { KnownDevices } from './knownDevices.js';
export { readOperatorPin } from './knownDirectives.js';
export type { KnownDevicesOptions } from './knownDevices.js';
export {
  correctionInFile,
  correctionsIn,
  provenCalibration,
  readProvenCalibration,
  verdictInForce,
} from './provenCalibration.js';
export type { Correction, ProvenAsked, ProvenCalibration } from './provenCalibration.js';
export { proveMeasurement } from './proveMeasurement.js';
export type { ProvedMeasurement } from './proveMeasurement.js';
export { MOST_READING_BYTES, readingOf, signAndClose, signReadings } from './readings.js';
export type { OutsideReading, RawReading, SigningOptions } from './readings.js';
