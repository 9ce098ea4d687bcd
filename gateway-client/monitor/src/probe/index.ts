export { ALLOWED, type ModbusFunction } from './allowed.js';
export { ChallengeProbe, type ChallengePlace, type Signing } from './challenge.js';
export type { Endpoint } from './connection.js';
export { MODBUS_NUMBERS, MODBUS_PORT, ModbusProbe, type ModbusNumber, type ModbusPlace } from './modbus.js';
export { MqttProbe, type Broker, type MqttPlace } from './mqtt.js';
export { PROBE_FAILURES, ProbeFailed, type Answer, type Probe, type ProbeFailure, type ProbeLimits } from './probe.js';
export { SCPI_PORT, ScpiProbe } from './scpi.js';
export { ScpiSource, SetPoints, type ReferenceSource, type SetPointLimits, type SetPointOptions } from './source.js';
export { Turns } from './turns.js';
