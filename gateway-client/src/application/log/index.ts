export { compareMembers } from './compareMembers.js';
export type { MemberHead, MemberLog, MembersCompared } from './compareMembers.js';
export { exportLog } from './exportLog.js';
export type { Exported } from './exportLog.js';
export { logFolder } from './logFolder.js';
export { readSeen, writeSeen } from '../../proof/seenFile.js';
