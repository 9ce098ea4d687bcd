import { ServerTCP } from 'modbus-serial';
import type { AddressInfo, Server } from 'node:net';

/** A simulated instrument of Modbus TCP whose registers tests set, and which keeps what it was asked. */
export class ModbusInstrument {
  readonly #server: ServerTCP;
  #port = 0;
  readonly registers = new Map<number, number>();
  /** Kind, register and unit: `coil 10 of 1`. */
  readonly asked: string[] = [];
  connections = 0;

  private constructor() {
    const read = (kind: string) => (at: number, unit: number) => {
      this.asked.push(`${kind} ${at} of ${unit}`);
      const value = this.registers.get(at);
      if (value === undefined) throw Object.assign(new Error('no such register'), { modbusErrorCode: 2 });
      return value;
    };
    const bit = (kind: string) => (at: number, unit: number) => read(kind)(at, unit) !== 0;
    const written = (at: number) => {
      this.asked.push(`WRITTEN ${at}`);
    };
    this.#server = new ServerTCP(
      {
        getCoil: bit('coil'),
        getDiscreteInput: bit('input'),
        getHoldingRegister: read('holding register'),
        getInputRegister: read('input register'),
        setCoil: written,
        setRegister: written,
        setRegisterArray: written,
      },
      { host: '127.0.0.1', port: 0, unitID: 255 },
    );
  }

  static async start(): Promise<ModbusInstrument> {
    const instrument = new ModbusInstrument();
    // The library keeps the server of its connections to itself, and tells nobody its port.
    const inner = (instrument.#server as unknown as { readonly _server: Server })._server;
    inner.on('connection', () => (instrument.connections += 1));
    if (!inner.listening) await new Promise((resolve) => inner.once('listening', resolve));
    instrument.#port = (inner.address() as AddressInfo).port;
    return instrument;
  }

  get endpoint(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.#port };
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
