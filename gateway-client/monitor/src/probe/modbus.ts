import ModbusRTU from 'modbus-serial';
import { requireModbusFunction } from './allowed.js';
import type { ModbusFunction } from './allowed.js';
import { addressOf, connected } from './connection.js';
import type { Endpoint } from './connection.js';
import { ProbeFailed, USUAL_TIMEOUT_MS } from './probe.js';
import type { Answer, Probe, ProbeLimits } from './probe.js';

export const MODBUS_PORT = 502;

/** How registers hold a number: how many there are, and how they are read. */
const NUMBERS = {
  bit: { registers: 1, read: (bytes: Buffer) => bytes.readUInt8(0) & 1 },
  int16: { registers: 1, read: (bytes: Buffer) => bytes.readInt16BE(0) },
  uint16: { registers: 1, read: (bytes: Buffer) => bytes.readUInt16BE(0) },
  int32: { registers: 2, read: (bytes: Buffer) => bytes.readInt32BE(0) },
  uint32: { registers: 2, read: (bytes: Buffer) => bytes.readUInt32BE(0) },
  float32: { registers: 2, read: (bytes: Buffer) => bytes.readFloatBE(0) },
  float64: { registers: 4, read: (bytes: Buffer) => bytes.readDoubleBE(0) },
} as const;

export type ModbusNumber = keyof typeof NUMBERS;
export const MODBUS_NUMBERS = Object.keys(NUMBERS) as readonly ModbusNumber[];

/** Where in an instrument a value is, and how it is written there. */
export interface ModbusPlace {
  /** The unit behind a gateway: 1 by default. */
  readonly unitId?: number;
  /** 1 or 2 for a bit, 3 or 4 for registers. */
  readonly code: number;
  /** Of the first register, counted from 0. */
  readonly register: number;
  readonly number: ModbusNumber;
  /** The last register holds the highest digits. */
  readonly lastFirst?: boolean;
  /** The value is the number times this: 1 by default. */
  readonly scale?: number;
  /** Added after scaling: 0 by default. */
  readonly offset?: number;
}

/** The readers of the library that each allowed function code may use, and no others. */
const READERS = {
  1: (client: ModbusRTU, at: number, count: number) => client.readCoils(at, count),
  2: (client: ModbusRTU, at: number, count: number) => client.readDiscreteInputs(at, count),
  3: (client: ModbusRTU, at: number, count: number) => client.readHoldingRegisters(at, count),
  4: (client: ModbusRTU, at: number, count: number) => client.readInputRegisters(at, count),
} as const satisfies Record<ModbusFunction, unknown>;

/** Reads an instrument over Modbus TCP. */
export class ModbusProbe implements Probe {
  readonly address: string;
  readonly #endpoint: Endpoint;
  readonly #place: ModbusPlace;
  readonly #code: ModbusFunction;
  readonly #limits: ProbeLimits;

  /** @throws ApplicationError `INPUT_INVALID` unless the function code is in {@link ALLOWED} */
  constructor(endpoint: Endpoint, place: ModbusPlace, limits: ProbeLimits = {}) {
    this.#endpoint = endpoint;
    this.#place = place;
    this.#code = requireModbusFunction(place.code);
    this.#limits = limits;
    this.address = addressOf(endpoint);
  }

  async read(): Promise<Answer> {
    const { register, number, unitId = 1, lastFirst = false, scale = 1, offset = 0 } = this.#place;
    const { registers, read } = NUMBERS[number];
    const bytes = await connected(this.#endpoint, this.#limits, async (socket) => {
      const client = new ModbusRTU();
      await client.linkTCP(socket, { port: this.#endpoint.port });
      client.setID(unitId);
      client.setTimeout(this.#limits.timeoutMs ?? USUAL_TIMEOUT_MS);
      return await READERS[this.#code](client, register, registers).then(({ buffer }) => buffer, this.#refused);
    });
    if (bytes.length < (this.#code > 2 ? 2 * registers : 1)) throw this.#noValue();
    const value = read(lastFirst ? swapped(bytes) : bytes) * scale + offset;
    if (!Number.isFinite(value)) throw this.#noValue();
    const asked = `function ${this.#code}, unit ${unitId}, register ${register}, ${number}`;
    return { value, asked, answered: bytes.toString('hex') };
  }

  readonly #refused = (cause: unknown): never => {
    const code = (cause as { readonly modbusCode?: number } | null)?.modbusCode;
    if (code === undefined) throw new ProbeFailed('unanswered', `${this.address} did not answer.`, { cause });
    throw new ProbeFailed('refused', `${this.address} refused the question with exception ${code}.`, { cause });
  };

  #noValue(): ProbeFailed {
    return new ProbeFailed('unreadable', `${this.address} answered no ${this.#place.number}.`);
  }
}

/** The registers in the other order, each with its bytes as they were. */
function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes).swap16().reverse();
}
