export * from '@tracecal/core/contracts';
export { RegistryContract } from './registryContract.js';
