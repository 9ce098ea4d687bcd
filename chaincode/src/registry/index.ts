export { RegistryContract } from './registryContract.js';
