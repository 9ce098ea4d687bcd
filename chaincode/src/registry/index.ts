export * from './api.js';
export { RegistryContract } from './registryContract.js';
