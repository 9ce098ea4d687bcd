export {
  ControlError,
  networkStatus,
  requestAuthorityRotation,
  requestCopy,
  requestMembershipChange,
  requestOrdererRotation,
  requestUpgrade,
  stopNetwork,
  type OnProgress,
} from './client.js';
export { lockedFile } from './files.js';
export type { Controllable } from './execute.js';
export {
  BrokenLock,
  DataDirectoryInUse,
  deleteUnderLock,
  DirectoryLock,
  lastHolder,
  withLock,
  type LockHolder,
} from './lock.js';
export type { Done, NetworkStatus } from './messages.js';
export { ControlServer, type ControlOptions } from './server.js';
