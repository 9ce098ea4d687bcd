import { MeasurementContract } from './measurement/index.js';
import { MonitoringContract } from './monitoring/index.js';
import { RegistryContract } from './registry/index.js';
import { dropUnheardLines, listenForOffers, widenWindows } from './shim/index.js';

/**
 * What fabric-shim runs. One package serves every level: which contract a transaction is of, its caller says by name
 * (`measurement:recordTraces`); the first one, the registry, is also called without. A chaincode's state is its own on its
 * channel, so a contract that is called where it is not at home finds nothing and reaches nobody.
 */
export const contracts = [RegistryContract, MeasurementContract, MonitoringContract];

dropUnheardLines();
listenForOffers();
widenWindows();

export { MeasurementContract, MonitoringContract, RegistryContract };
