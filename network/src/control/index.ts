export type { Done } from './messages.js';
export {
  ControlError,
  requestAuthorityRotation,
  requestOrdererRotation,
  requestReconfiguration,
  requestUpgrade,
  type Place,
} from './request.js';
export { obeyRequests, type Controllable } from './obey.js';
