export { ControlError, requestReconfiguration, type ControlErrorCode, type Reconfigured } from './request.js';
export { obeyReconfigurations, type Reconfigurable } from './obey.js';
