import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const SHIM = createRequire(__filename).resolve('fabric-shim/cli.js');

/** A chaincode service that is nobody's but the test's: the network is only told where it listens. */
export class ChaincodeServer {
  readonly address: string;
  readonly #directory: string;
  readonly #id: string;
  #process: ChildProcess | undefined;

  constructor(directory: string, address: string, id: string) {
    this.#directory = directory;
    this.address = address;
    this.#id = id;
  }

  async start(): Promise<void> {
    const args = ['server', '--chaincode-address', this.address, '--chaincode-id', this.#id];
    const env = { ...process.env, CORE_CHAINCODE_LOGGING_LEVEL: 'error' };
    this.#process = spawn(process.execPath, [SHIM, ...args], { cwd: this.#directory, env, stdio: 'ignore' });
    process.once('exit', this.#last);
    while (!(await listens(this.address))) await pause(20);
  }

  async stop(): Promise<void> {
    process.off('exit', this.#last);
    const running = this.#process;
    this.#process = undefined;
    if (running?.exitCode !== null || running.signalCode !== null) return;
    const exit = once(running, 'exit');
    running.kill('SIGKILL');
    await exit;
  }

  readonly #last = (): void => {
    this.#process?.kill('SIGKILL');
  };
}

async function listens(address: string): Promise<boolean> {
  const [host = '', port] = address.split(':');
  const socket = connect({ host, port: Number(port) });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
