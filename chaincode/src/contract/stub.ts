import type { Context } from 'fabric-contract-api';

/** The object that fabric-shim passes to a transaction: access to the peer through a few calls. */
export type Stub = Context['stub'];
