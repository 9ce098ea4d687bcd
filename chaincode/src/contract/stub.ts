import type { Context } from 'fabric-contract-api';

/** What fabric-shim hands to a transaction: its peer, behind a few calls. */
export type Stub = Context['stub'];
