import { ApplicationError } from '@tracecal/gateway-client/application';

/** Levels of a header: `:VOLT:DC`. */
const LEVELS = '(:[A-Z]{1,12}[0-9]{0,2}){0,4}';
/** Range, resolution, channels: `10,0.001,(@101:103)`. */
const PARAMETERS = '( [A-Z0-9.,+:@()-]{1,48})?';

/**
 * All that a probe may do to an instrument: the one table that every driver asks before it opens a connection. A query that is not in it is
 * refused, so nothing resets an instrument, and no two commands travel in one line.
 */
export const ALLOWED = {
  /** Function codes of Modbus. All of them read. */
  modbus: { 1: 'coils', 2: 'discrete inputs', 3: 'holding registers', 4: 'input registers' },
  /** Queries of SCPI, in capital or small letters. */
  scpi: [
    /^\*IDN\?$/i,
    /^:?SYST(EM)?:ERR(OR)?(:NEXT)?\?$/i,
    new RegExp(`^:?MEAS(URE)?${LEVELS}\\?${PARAMETERS}$`, 'i'),
    /^:?READ\?$/i,
    new RegExp(`^:?FETC(H)?${LEVELS}\\?$`, 'i'),
  ],
  /** The one kind of topic that a probe publishes to, and what it publishes there: a nonce. */
  mqtt: /^[^+#\0$][^+#\0]{0,239}\/probe\/request$/,
  /** Commands for a reference source, which is the monitor's own. An instrument never gets one. */
  source: /^:?SOUR(CE)?[0-9]{0,2}(:[A-Z]{1,12}[0-9]{0,2}){1,4} [+-]?\d{1,21}(\.\d{1,21})?(E[+-]?\d{1,2})?$/i,
} as const;

export type ModbusFunction = keyof typeof ALLOWED.modbus;

/** @throws ApplicationError `INPUT_INVALID` */
export function requireModbusFunction(code: number): ModbusFunction {
  return allowedOnly(code, isModbusFunction, `Modbus function ${code}`, 'use 1, 2, 3 or 4, which read');
}

/** @throws ApplicationError `INPUT_INVALID` */
export function requireScpiQuery(query: string): string {
  const isQuery = (text: string): text is string => ALLOWED.scpi.some((allowed) => matches(allowed, text));
  return allowedOnly(
    query,
    isQuery,
    `SCPI ${shown(query)}`,
    'use *IDN?, SYST:ERR?, MEAS:...?, READ? or FETC?, one in a line',
  );
}

/** @throws ApplicationError `INPUT_INVALID` */
export function requireRequestTopic(topic: string): string {
  const isTopic = (text: string): text is string => matches(ALLOWED.mqtt, text);
  return allowedOnly(topic, isTopic, `publishing to ${shown(topic)}`, 'use a topic that ends in /probe/request');
}

/** Commands for a reference source only. @throws ApplicationError `INPUT_INVALID` */
export function requireSourceCommand(command: string): string {
  const isCommand = (text: string): text is string => matches(ALLOWED.source, text);
  return allowedOnly(command, isCommand, `SCPI ${shown(command)}`, 'use one SOUR:... command with a number');
}

function isModbusFunction(code: number): code is ModbusFunction {
  return Object.hasOwn(ALLOWED.modbus, code);
}

/** The end of an expression would allow a newline behind it in other languages: no line break is allowed anywhere. */
function matches(allowed: RegExp, text: string): boolean {
  return !/[\r\n;]/.test(text) && allowed.test(text);
}

function allowedOnly<T, U extends T>(value: T, isAllowed: (value: T) => value is U, what: string, instead: string): U {
  if (isAllowed(value)) return value;
  throw new ApplicationError('INPUT_INVALID', `A probe does not do ${what}: ${instead}.`);
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
