/** A copy of the ledger that verifies what it copies, and answers without asking anybody. */
export { peerSource, type BlockSource } from './blockSource.js';
export { connect, type ReplicaOptions } from './connect.js';
export { Follower, type FollowOptions, type Progress } from './follow.js';
export type { CheckedBlock } from './keptBlock.js';
export { readPin, type Pin } from './pin.js';
export type { Place } from './place.js';
export { ReplicaReader } from './reader.js';
