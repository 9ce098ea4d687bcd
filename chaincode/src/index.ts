import type { Contract } from 'fabric-contract-api';
import { MeasurementContract } from './measurement/index.js';
import { MonitoringContract } from './monitoring/index.js';
import { RegistryContract } from './registry/index.js';
import { dropUnheardLines, listenForOffers, widenWindows } from './shim/index.js';

/**
 * The chaincode that fabric-shim runs. One package serves every level. The caller selects the contract by name
 * (`measurement:recordTraces`); the first one, the registry, can also be called without its name. Each channel has a
 * separate state, so a contract called on the wrong channel finds no data and affects nobody.
 */
export const contracts: readonly (new () => Contract)[] = [RegistryContract, MeasurementContract, MonitoringContract];

dropUnheardLines();
listenForOffers();
widenWindows();

export { MeasurementContract, MonitoringContract, RegistryContract };
