export type { Done } from './messages.js';
export {
  ControlError,
  requestAuthorityRotation,
  requestMembershipChange,
  requestOrdererRotation,
  requestUpgrade,
  type Place,
} from './request.js';
export type { Controllable } from './carryOut.js';
export { obeyRequests } from './obey.js';
