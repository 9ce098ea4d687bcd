export { ConsortiumSurroundings } from './consortium.js';
export { settingsOf, type Settings } from './settings.js';
export { MonitorService, type MonitorOptions, type Surroundings } from './monitorService.js';
export type { SiteLedgers } from './looks.js';
export type { SentValues } from './values.js';
