import { RegistryContract } from './registry/index.js';

/** What fabric-shim runs. Contracts are named; the first one is also called without its name. */
export const contracts = [RegistryContract];

export { RegistryContract };
